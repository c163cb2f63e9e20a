-- Ranking runs. Rows are written first, the run's own row last: a run is published when its row in ranking_runs is there.
-- run_id is part of every identity, so that a run computed anew under another configuration never mixes with the old one.
-- A run is dropped a day before its rows, so that half a run is never shown.

CREATE TABLE IF NOT EXISTS {{table ranking_runs}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary that the run ranks: it sees what happened up to here',
    run_id String COMMENT 'Deterministic name of the run',
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
    origins Map(String, Int64) COMMENT 'Last offset of each partition of the input that the run has seen, by partition',
    coverage Map(String, UInt64) COMMENT 'Interactions in the window, by source',
    published UInt64 COMMENT 'Order of publication (ns of the writer''s clock): of two runs of one boundary the later is shown',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree(published)}}
PARTITION BY toYear(window_end)
ORDER BY (theme, score_version, window_end, run_id)
TTL stored_at + INTERVAL 400 DAY
COMMENT 'Published ranking runs, one row each, written after all rows of the run; kept 400 days';

{{distributed ranking_runs by cityHash64(theme)}};

CREATE TABLE IF NOT EXISTS {{table rankings}}
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
    followers_rank Nullable(UInt32) COMMENT 'Position by followers among the ranked; null when unknown',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(window_end)
ORDER BY (theme, score_version, window_end, run_id, actor_id)
TTL stored_at + INTERVAL 401 DAY
COMMENT 'Rows of ranking runs, one per ranked actor, with every part of the score; kept 400 days';

{{distributed rankings by cityHash64(theme)}};

CREATE TABLE IF NOT EXISTS {{table evidence}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    actor_id String COMMENT 'Whose score the message supports',
    window_end DateTime64(3, 'UTC') COMMENT 'Run at which this became the actor''s evidence; it stays so until the actor''s next rows',
    run_id String COMMENT 'Run that the row belongs to',
    position UInt8 COMMENT '1 to 5, newest first',
    event_key UInt64 COMMENT 'Identity of the responder''s act',
    object_id String COMMENT 'Message of the responder',
    url String COMMENT 'Its address; empty when unknown',
    responder_id String COMMENT 'Who responded',
    responder_name String COMMENT 'Display name of the responder; empty when unknown',
    kind LowCardinality(String) COMMENT 'How: reply, quote, repost, mention, reaction, accept, vouch',
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it happened',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(window_end)
ORDER BY (theme, actor_id, window_end, run_id, position)
TTL stored_at + INTERVAL 401 DAY
COMMENT 'Messages behind the scores, up to five per actor, only for actors whose evidence changed; kept 400 days';

{{distributed evidence by cityHash64(theme)}};
