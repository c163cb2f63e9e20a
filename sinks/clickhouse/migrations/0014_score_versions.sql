-- Score versions side by side: runs of shadows, which are never shown in place of the theme's own, and how they compare.
-- A shadow's run is known by its publication number: microseconds of the writer's clock, where the theme's own have
-- nanoseconds. So of one run, or of one boundary, what the theme's own score said is kept, whatever is published after it.

ALTER TABLE {{table ranking_runs}}
    ADD COLUMN IF NOT EXISTS score_name LowCardinality(String) COMMENT 'Score version in words: the preset, and the parameters in which it differs; empty before this was kept';

{{distributed_alter ranking_runs
    ADD COLUMN IF NOT EXISTS score_name LowCardinality(String) COMMENT 'Score version in words: the preset, and the parameters in which it differs; empty before this was kept'}};

CREATE OR REPLACE VIEW runs_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary that the run ranks: it sees what happened up to here',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    run_id String COMMENT 'Deterministic name of the run',
    shown Bool COMMENT 'True for the one run of a theme and boundary that current and as-of views show; never of a shadow',
    shadow Bool COMMENT 'Whether it was ranked beside the theme''s own score, by the setting shadow or by replay --score',
    score_name LowCardinality(String) COMMENT 'Score version in words: the preset, and the parameters in which it differs',
    config_hash LowCardinality(String) COMMENT 'Names the theme settings the run was computed under',
    watermark DateTime64(3, 'UTC') COMMENT 'Event time up to which the log was complete, less the allowed lateness',
    window_ms UInt64 COMMENT 'Length of the window, ms',
    half_life_ms UInt64 COMMENT 'Half-life of a response as set, ms; half_lives has those in use',
    step_ms UInt64 COMMENT 'Distance of two boundaries, ms',
    preset LowCardinality(String) COMMENT 'Named weights of the kinds',
    ranked UInt64 COMMENT 'How many actors the run ranks',
    evidence_rows UInt64 COMMENT 'How many evidence rows were written with the run',
    cold_start Bool COMMENT 'Whether trust had too little history to be chained',
    seeds UInt32 COMMENT 'How many actors the trust started from',
    conversion_mean Float64 COMMENT 'Responses per own message over the theme',
    coverage Map(String, UInt64) COMMENT 'Interactions in the window, by source',
    half_lives Map(String, UInt64) COMMENT 'By source: half-life in use, ms, chosen by what earlier lists were worth',
    plain_sources Array(String) COMMENT 'Sources in which every responder counts alike, as the setting plain says',
    backtests Map(String, UInt64) COMMENT 'By source: how many elapsed backtests chose'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, window_end, score_version, run_id,
        CAST((theme, window_end, published) GLOBAL IN (
            SELECT theme, window_end, max(published) FROM ranking_runs WHERE published >= 100000000000000000 GROUP BY theme, window_end
        ), 'Bool') AS shown,
        CAST(published < 100000000000000000, 'Bool') AS shadow,
        if(score_name = '', preset, score_name) AS score_name,
        config_hash, watermark, window_ms, half_life_ms, step_ms, preset, ranked, evidence_rows, cold_start, seeds,
        conversion_mean, coverage, half_lives, plain_sources, backtests
    FROM ranking_runs FINAL
    WHERE (theme, score_version, window_end, published) GLOBAL IN (
        SELECT theme, score_version, window_end, max(published) FROM ranking_runs GROUP BY theme, score_version, window_end
    )
)
COMMENT 'Published runs: one per theme, score version and boundary, the one published last; of the theme''s own score before shadows';

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
        WHERE shown AND (theme, window_end) GLOBAL IN (SELECT theme, max(window_end) FROM runs_published WHERE shown GROUP BY theme)
    )
)
COMMENT 'The last published ranking of each theme';

CREATE OR REPLACE VIEW apart_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    position UInt32 COMMENT 'Among the staff and brands of the theme, from 1',
    place UInt32 COMMENT 'Place in the ranking that it would have: one more than those ranked ahead of its score',
    actor_id String COMMENT 'Staff or brand account',
    actor_name String COMMENT 'Display name; empty when unknown',
    source LowCardinality(String) COMMENT 'Platform instance of the actor',
    role LowCardinality(String) COMMENT 'staff or brand',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    reach Float64 COMMENT '(trusted + open) times regularity',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT theme, window_end, position, place, actor_id, actor_name, source, role, score, reach, responders, messages
    FROM rankings_apart FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (
        SELECT theme, score_version, window_end, run_id FROM runs_published
        WHERE shown AND (theme, window_end) GLOBAL IN (SELECT theme, max(window_end) FROM runs_published WHERE shown GROUP BY theme)
    )
)
COMMENT 'Staff and brands as of the last published ranking of each theme, and where they would stand in it';

CREATE OR REPLACE VIEW versions_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the last run that is shown, and of the shadow''s',
    score_version LowCardinality(String) COMMENT 'The theme''s own score version',
    shadow_version LowCardinality(String) COMMENT 'The other score version',
    shadow_name LowCardinality(String) COMMENT 'The other one in words: the preset, and the parameters in which it differs',
    cold_start Bool COMMENT 'Whether either of the two had too little history to chain its trust',
    actor_id String COMMENT 'Who is ranked by either',
    actor_name String COMMENT 'Display name; empty when unknown',
    rank Nullable(UInt32) COMMENT 'Rank under the theme''s own score; null where not ranked',
    shadow_rank Nullable(UInt32) COMMENT 'Rank under the other one; null where not ranked',
    places Nullable(Int64) COMMENT 'Places that the actor stands higher under the other one, negative where lower; null where only one ranks it',
    score Nullable(Float64) COMMENT 'Score under the theme''s own version; null where not ranked',
    shadow_score Nullable(Float64) COMMENT 'Score under the other one; null where not ranked',
    difference Nullable(Float64) COMMENT 'shadow_score less score; weights differ, so compare places first; null where only one ranks it'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        legs.theme AS theme, legs.window_end AS window_end, legs.own_version AS score_version, legs.other_version AS shadow_version,
        legs.other_name AS shadow_name, max(legs.cold) AS cold_start, rows.actor_id AS actor_id, any(rows.actor_name) AS actor_name,
        maxIf(toNullable(rows.rank), legs.own) AS rank, maxIf(toNullable(rows.rank), NOT legs.own) AS shadow_rank,
        toInt64(maxIf(toNullable(rows.rank), legs.own)) - toInt64(maxIf(toNullable(rows.rank), NOT legs.own)) AS places,
        maxIf(toNullable(rows.score), legs.own) AS score, maxIf(toNullable(rows.score), NOT legs.own) AS shadow_score,
        maxIf(toNullable(rows.score), NOT legs.own) - maxIf(toNullable(rows.score), legs.own) AS difference
    FROM (
        SELECT theme, window_end, run_id, actor_id, actor_name, rank, score
        FROM rankings FINAL
        WHERE (theme, window_end) GLOBAL IN (SELECT theme, max(window_end) FROM runs_published WHERE shown GROUP BY theme)
    ) AS rows
    GLOBAL INNER JOIN (
        SELECT theme, window_end, own_version, other_version, other_name, cold, leg.1 AS run_id, leg.2 AS own
        FROM (
            SELECT
                own.theme AS theme, own.window_end AS window_end, own.score_version AS own_version,
                other.score_version AS other_version, other.score_name AS other_name, own.cold_start OR other.cold_start AS cold,
                arrayJoin([(own.run_id, true), (other.run_id, false)]) AS leg
            FROM runs_published AS own
            GLOBAL INNER JOIN runs_published AS other ON other.theme = own.theme AND other.window_end = own.window_end
            WHERE own.shown AND other.score_version != own.score_version
        )
    ) AS legs
    ON legs.theme = rows.theme AND legs.window_end = rows.window_end AND legs.run_id = rows.run_id
    GROUP BY legs.theme, legs.window_end, legs.own_version, legs.other_version, legs.other_name, rows.actor_id
)
COMMENT 'The last published ranking of each theme beside what its shadows said of the same boundary, actor by actor';
