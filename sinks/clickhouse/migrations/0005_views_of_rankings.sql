-- Readers see views only: de-duplicated, of published runs only, without insertion times, offsets or row versions.
-- The views run with the rights of whoever migrated, so that readers need no right on the tables.
-- GLOBAL costs nothing on a single node, and on a cluster evaluates the choice of runs once.

CREATE OR REPLACE VIEW runs_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary that the run ranks: it sees what happened up to here',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    run_id String COMMENT 'Deterministic name of the run',
    shown Bool COMMENT 'True for the one run of a theme and boundary that current and as-of views show; false under other score versions',
    config_hash LowCardinality(String) COMMENT 'Names the theme settings the run was computed under',
    watermark DateTime64(3, 'UTC') COMMENT 'Event time up to which the log was complete, less the allowed lateness',
    window_ms UInt64 COMMENT 'Length of the window, ms',
    half_life_ms UInt64 COMMENT 'Half-life of a response, ms',
    step_ms UInt64 COMMENT 'Distance of two boundaries, ms',
    preset LowCardinality(String) COMMENT 'Named weights of the kinds',
    ranked UInt64 COMMENT 'How many actors the run ranks',
    evidence_rows UInt64 COMMENT 'How many evidence rows were written with the run',
    cold_start Bool COMMENT 'Whether trust had too little history to be chained',
    seeds UInt32 COMMENT 'How many actors the trust started from',
    conversion_mean Float64 COMMENT 'Responses per own message over the theme',
    coverage Map(String, UInt64) COMMENT 'Interactions in the window, by source'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, window_end, score_version, run_id,
        CAST((theme, window_end, published) GLOBAL IN (
            SELECT theme, window_end, max(published) FROM ranking_runs GROUP BY theme, window_end
        ), 'Bool') AS shown,
        config_hash, watermark, window_ms, half_life_ms, step_ms, preset, ranked, evidence_rows, cold_start, seeds,
        conversion_mean, coverage
    FROM ranking_runs FINAL
    WHERE (theme, score_version, window_end, published) GLOBAL IN (
        SELECT theme, score_version, window_end, max(published) FROM ranking_runs GROUP BY theme, score_version, window_end
    )
)
COMMENT 'Published runs: one per theme, score version and boundary, the one published last';

CREATE OR REPLACE VIEW rankings_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Who is ranked',
    rank UInt32 COMMENT 'Position from 1; equal for actors that the data cannot separate',
    rank_low UInt32 COMMENT 'Best position the data allow',
    rank_high UInt32 COMMENT 'Worst position the data allow',
    actor_name String COMMENT 'Display name; empty when unknown',
    source LowCardinality(String) COMMENT 'Platform instance of the actor',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    reach Float64 COMMENT '(trusted + open) times regularity',
    conversion Float64 COMMENT 'Responders per own message, shrunk towards the theme''s mean',
    trusted Float64 COMMENT 'Recency-weighted responders whose word is credible',
    open Float64 COMMENT 'Recency-weighted responders not yet credible, under the quorum',
    regularity Float64 COMMENT 'In how many twelfths of the window it wrote and was answered, in (0, 1]',
    lift Float64 COMMENT 'Conversion over the theme''s mean',
    solicited_share Float64 COMMENT 'Share of responses from people it had addressed first',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window',
    role LowCardinality(String) COMMENT 'What kind of prescriber; empty when not told',
    tier UInt8 COMMENT 'Coarse class of the rank: 1 for ranks 1 to 5, 2 to 20, 3 to 80, 4 beyond',
    circle Nullable(Int32) COMMENT 'Community; null when not found',
    cold_start Bool COMMENT 'Whether trust had too little history to be chained',
    followers Nullable(UInt64) COMMENT 'Followers; shown, never an input of a score; null when unknown',
    followers_rank Nullable(UInt32) COMMENT 'Position by followers among the ranked; null when unknown'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, score_version, window_end, run_id, actor_id, rank, rank_low, rank_high, actor_name, source, score,
        reach, conversion, trusted, open, regularity, lift, solicited_share, responders, messages,
        role, tier, circle, cold_start, followers, followers_rank
    FROM rankings FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (SELECT theme, score_version, window_end, run_id FROM runs_published)
)
COMMENT 'Every published ranking row; filter by theme, score_version, window_end and run_id of runs_published';

CREATE OR REPLACE VIEW ranking_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Who is ranked',
    rank UInt32 COMMENT 'Position from 1; equal for actors that the data cannot separate',
    rank_low UInt32 COMMENT 'Best position the data allow',
    rank_high UInt32 COMMENT 'Worst position the data allow',
    actor_name String COMMENT 'Display name; empty when unknown',
    source LowCardinality(String) COMMENT 'Platform instance of the actor',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    reach Float64 COMMENT '(trusted + open) times regularity',
    conversion Float64 COMMENT 'Responders per own message, shrunk towards the theme''s mean',
    trusted Float64 COMMENT 'Recency-weighted responders whose word is credible',
    open Float64 COMMENT 'Recency-weighted responders not yet credible, under the quorum',
    regularity Float64 COMMENT 'In how many twelfths of the window it wrote and was answered, in (0, 1]',
    lift Float64 COMMENT 'Conversion over the theme''s mean',
    solicited_share Float64 COMMENT 'Share of responses from people it had addressed first',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window',
    role LowCardinality(String) COMMENT 'What kind of prescriber; empty when not told',
    tier UInt8 COMMENT 'Coarse class of the rank: 1 for ranks 1 to 5, 2 to 20, 3 to 80, 4 beyond',
    circle Nullable(Int32) COMMENT 'Community; null when not found',
    cold_start Bool COMMENT 'Whether trust had too little history to be chained',
    followers Nullable(UInt64) COMMENT 'Followers; shown, never an input of a score; null when unknown',
    followers_rank Nullable(UInt32) COMMENT 'Position by followers among the ranked; null when unknown'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, score_version, window_end, run_id, actor_id, rank, rank_low, rank_high, actor_name, source, score,
        reach, conversion, trusted, open, regularity, lift, solicited_share, responders, messages,
        role, tier, circle, cold_start, followers, followers_rank
    FROM rankings FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (
        SELECT theme, score_version, window_end, run_id FROM runs_published
        WHERE shown AND (theme, window_end) GLOBAL IN (SELECT theme, max(window_end) FROM ranking_runs GROUP BY theme)
    )
)
COMMENT 'The last published ranking of each theme';

CREATE OR REPLACE VIEW ranking_as_of {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Who is ranked',
    rank UInt32 COMMENT 'Position from 1; equal for actors that the data cannot separate',
    rank_low UInt32 COMMENT 'Best position the data allow',
    rank_high UInt32 COMMENT 'Worst position the data allow',
    actor_name String COMMENT 'Display name; empty when unknown',
    source LowCardinality(String) COMMENT 'Platform instance of the actor',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    reach Float64 COMMENT '(trusted + open) times regularity',
    conversion Float64 COMMENT 'Responders per own message, shrunk towards the theme''s mean',
    trusted Float64 COMMENT 'Recency-weighted responders whose word is credible',
    open Float64 COMMENT 'Recency-weighted responders not yet credible, under the quorum',
    regularity Float64 COMMENT 'In how many twelfths of the window it wrote and was answered, in (0, 1]',
    lift Float64 COMMENT 'Conversion over the theme''s mean',
    solicited_share Float64 COMMENT 'Share of responses from people it had addressed first',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window',
    role LowCardinality(String) COMMENT 'What kind of prescriber; empty when not told',
    tier UInt8 COMMENT 'Coarse class of the rank: 1 for ranks 1 to 5, 2 to 20, 3 to 80, 4 beyond',
    circle Nullable(Int32) COMMENT 'Community; null when not found',
    cold_start Bool COMMENT 'Whether trust had too little history to be chained',
    followers Nullable(UInt64) COMMENT 'Followers; shown, never an input of a score; null when unknown',
    followers_rank Nullable(UInt32) COMMENT 'Position by followers among the ranked; null when unknown'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, score_version, window_end, run_id, actor_id, rank, rank_low, rank_high, actor_name, source, score,
        reach, conversion, trusted, open, regularity, lift, solicited_share, responders, messages,
        role, tier, circle, cold_start, followers, followers_rank
    FROM rankings FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (
        SELECT theme, score_version, window_end, run_id FROM runs_published
        WHERE shown AND theme = {theme:String} AND window_end <= {at:DateTime64(3, 'UTC')}
        ORDER BY window_end DESC
        LIMIT 1
    )
)
COMMENT 'The ranking of a theme as of a time: its last published run whose boundary is not after it. Parameters: theme, at';
