-- Staff and brands are ranked apart, never on the list; circles, each with its local prescriber.

CREATE TABLE IF NOT EXISTS {{table rankings_apart}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Staff or brand account',
    position UInt32 COMMENT 'Among the staff and brands of the theme, from 1',
    place UInt32 COMMENT 'Place in the ranking that it would have: one more than those ranked ahead of its score',
    actor_name String COMMENT 'Display name; empty when unknown',
    source LowCardinality(String) COMMENT 'Platform instance of the actor',
    role LowCardinality(String) COMMENT 'staff or brand',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    reach Float64 COMMENT '(trusted + open) times regularity',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(window_end)
ORDER BY (theme, score_version, window_end, run_id, actor_id)
TTL stored_at + INTERVAL 401 DAY
COMMENT 'Staff and brands of ranking runs, who are never on the list; kept 400 days';

{{distributed rankings_apart by cityHash64(theme)}};

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
        WHERE shown AND (theme, window_end) GLOBAL IN (SELECT theme, max(window_end) FROM ranking_runs GROUP BY theme)
    )
)
COMMENT 'Staff and brands as of the last published ranking of each theme, and where they would stand in it';

CREATE OR REPLACE VIEW circles_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    circle Int32 COMMENT 'Name of the circle, the same from epoch to epoch while most of its members stay',
    ranked UInt64 COMMENT 'How many of its members are ranked',
    local_prescriber String COMMENT 'Who of them is ranked first',
    local_name String COMMENT 'Display name of the local prescriber; empty when unknown',
    best_rank UInt32 COMMENT 'Rank of the local prescriber'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        r.theme AS theme, r.window_end AS window_end, assumeNotNull(r.circle) AS circle, count() AS ranked,
        argMin(r.actor_id, (r.rank, r.actor_id)) AS local_prescriber,
        argMin(r.actor_name, (r.rank, r.actor_id)) AS local_name, min(r.rank) AS best_rank
    FROM ranking_current AS r
    WHERE r.circle IS NOT NULL
    GROUP BY r.theme, r.window_end, r.circle
)
COMMENT 'Circles of the last published ranking of each theme, each with its local prescriber';
