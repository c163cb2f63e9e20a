-- Views of one actor: where it stood, and what supports its score.

CREATE OR REPLACE VIEW actor_history {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    actor_id String COMMENT 'Who is ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    rank UInt32 COMMENT 'Position from 1; equal for actors that the data cannot separate',
    rank_low UInt32 COMMENT 'Best position the data allow',
    rank_high UInt32 COMMENT 'Worst position the data allow',
    ranked UInt64 COMMENT 'How many actors the run ranks',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    reach Float64 COMMENT '(trusted + open) times regularity',
    trusted Float64 COMMENT 'Recency-weighted responders whose word is credible',
    open Float64 COMMENT 'Recency-weighted responders not yet credible, under the quorum',
    regularity Float64 COMMENT 'In how many twelfths of the window it wrote and was answered, in (0, 1]',
    conversion Float64 COMMENT 'Responders per own message, shrunk towards the theme''s mean',
    lift Float64 COMMENT 'Conversion over the theme''s mean',
    solicited_share Float64 COMMENT 'Share of responses from people it had addressed first',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window',
    tier UInt8 COMMENT 'Coarse class of the rank: 1 for ranks 1 to 5, 2 to 20, 3 to 80, 4 beyond',
    cold_start Bool COMMENT 'Whether trust had too little history to be chained',
    followers Nullable(UInt64) COMMENT 'Followers; shown, never an input of a score; null when unknown',
    followers_rank Nullable(UInt32) COMMENT 'Position by followers among the ranked; null when unknown'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        rows.theme AS theme, rows.actor_id AS actor_id, rows.window_end AS window_end, rows.score_version AS score_version, rows.rank AS rank,
        rows.rank AS rank, rows.rank_low AS rank_low, rows.rank_high AS rank_high, runs.ranked AS ranked, rows.score AS score,
        rows.score AS score, rows.reach AS reach, rows.trusted AS trusted, rows.open AS open, rows.regularity AS regularity,
        rows.regularity AS regularity, rows.conversion AS conversion, rows.lift AS lift, rows.solicited_share AS solicited_share, rows.responders AS responders,
        rows.responders AS responders, rows.messages AS messages, rows.tier AS tier, rows.cold_start AS cold_start, rows.followers AS followers,
        rows.followers AS followers, rows.followers_rank AS followers_rank
    FROM rankings_published AS rows
    GLOBAL INNER JOIN runs_published AS runs
    ON runs.theme = rows.theme AND runs.window_end = rows.window_end AND runs.run_id = rows.run_id
    WHERE runs.shown
)
COMMENT 'Where an actor stood at each published run, and out of how many';

CREATE OR REPLACE VIEW evidence_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Run at which this became the actor''s evidence; it stays so until the actor''s next rows',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    config_hash LowCardinality(String) COMMENT 'Names the theme settings the run was computed under',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Whose score the message supports',
    position UInt8 COMMENT '1 to 5, newest first',
    event_key UInt64 COMMENT 'Identity of the responder''s act',
    object_id String COMMENT 'Message of the responder',
    url String COMMENT 'Its address; empty when unknown',
    responder_id String COMMENT 'Who responded',
    responder_name String COMMENT 'Display name of the responder; empty when unknown',
    kind LowCardinality(String) COMMENT 'How: reply, quote, repost, mention, reaction, accept, vouch',
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it happened'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        rows.theme AS theme, rows.window_end AS window_end, runs.score_version AS score_version, runs.config_hash AS config_hash,
        rows.run_id AS run_id, rows.actor_id AS actor_id, rows.position AS position, rows.event_key AS event_key,
        rows.object_id AS object_id, rows.url AS url, rows.responder_id AS responder_id, rows.responder_name AS responder_name,
        rows.kind AS kind, rows.occurred_at AS occurred_at
    FROM (SELECT * FROM evidence FINAL) AS rows
    GLOBAL INNER JOIN runs_published AS runs
    ON runs.theme = rows.theme AND runs.window_end = rows.window_end AND runs.run_id = rows.run_id
)
COMMENT 'Evidence of published runs; an actor''s evidence at a time is the set of its last window_end not after that time';

CREATE OR REPLACE VIEW evidence_as_of {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Run at which this became the actor''s evidence; it stays so until the actor''s next rows',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    config_hash LowCardinality(String) COMMENT 'Names the theme settings the run was computed under',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Whose score the message supports',
    position UInt8 COMMENT '1 to 5, newest first',
    event_key UInt64 COMMENT 'Identity of the responder''s act',
    object_id String COMMENT 'Message of the responder',
    url String COMMENT 'Its address; empty when unknown',
    responder_id String COMMENT 'Who responded',
    responder_name String COMMENT 'Display name of the responder; empty when unknown',
    kind LowCardinality(String) COMMENT 'How: reply, quote, repost, mention, reaction, accept, vouch',
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it happened'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    WITH chosen AS (
        SELECT score_version, config_hash FROM runs_published
        WHERE shown AND theme = {theme:String} AND window_end <= {at:DateTime64(3, 'UTC')}
        ORDER BY window_end DESC
        LIMIT 1
    )
    SELECT
        theme, window_end, score_version, config_hash, run_id, actor_id, position, event_key,
        object_id, url, responder_id, responder_name, kind, occurred_at
    FROM evidence_published
    WHERE theme = {theme:String} AND window_end <= {at:DateTime64(3, 'UTC')} AND (score_version, config_hash) GLOBAL IN (chosen)
    AND (actor_id, window_end) GLOBAL IN (
        SELECT actor_id, max(window_end) FROM evidence_published
        WHERE theme = {theme:String} AND window_end <= {at:DateTime64(3, 'UTC')} AND (score_version, config_hash) GLOBAL IN (chosen)
        GROUP BY actor_id
    )
)
COMMENT 'The evidence of every actor of a theme as of a time, also of those no longer ranked. Parameters: theme, at';
