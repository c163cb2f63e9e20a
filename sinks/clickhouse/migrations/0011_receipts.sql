-- What changed between two runs, and why. The run compared with is part of the identity: a replay may compare with another one.

CREATE TABLE IF NOT EXISTS {{table rank_receipts}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run that was compared',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Whose score and rank changed; ranked in one of the two runs at least',
    since DateTime64(3, 'UTC') COMMENT 'Step boundary of the earlier run that it was compared with',
    cause LowCardinality(String) COMMENT 'listing, decay, expired, withdrawn, credibility, gained, renewed, courtesy, half_life, quorum, regularity, lift, rivals, left or entered',
    position UInt8 COMMENT 'Of the cause, in the order in which the parts were taken',
    points Float64 COMMENT 'What the cause adds to the score, a multiple of 2^-30: they add up exactly to score_after - score_before',
    places Int32 COMMENT 'Places that the cause lifts the actor, negative where it falls: they add up to rank_before - rank_after',
    people Int32 COMMENT 'Responders concerned, negative where they were lost; 0 for causes that concern none in particular',
    score_before Float64 COMMENT 'Score in the earlier run, to the nearest multiple of 2^-30; 0 where not ranked',
    score_after Float64 COMMENT 'Score in this run, to the nearest multiple of 2^-30; 0 where not ranked',
    rank_before UInt32 COMMENT 'Rank in the earlier run; one behind its last where not ranked',
    rank_after UInt32 COMMENT 'Rank in this run; one behind its last where not ranked',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(window_end)
ORDER BY (theme, score_version, window_end, run_id, actor_id, since, cause)
TTL stored_at + INTERVAL 401 DAY
COMMENT 'Changes of scores and ranks between runs, a row an actor and cause; they add up exactly; kept 400 days';

{{distributed rank_receipts by cityHash64(theme)}};

CREATE OR REPLACE VIEW receipts_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run that was compared',
    run_id String COMMENT 'Run that the row belongs to',
    since DateTime64(3, 'UTC') COMMENT 'Step boundary of the earlier run that it was compared with',
    actor_id String COMMENT 'Whose score and rank changed; ranked in one of the two runs at least',
    position UInt8 COMMENT 'Of the cause, in the order in which the parts were taken',
    cause LowCardinality(String) COMMENT 'listing, decay, expired, withdrawn, credibility, gained, renewed, courtesy, half_life, quorum, regularity, lift, rivals, left or entered',
    points Float64 COMMENT 'What the cause adds to the score, a multiple of 2^-30: they add up exactly to score_after - score_before',
    places Int32 COMMENT 'Places that the cause lifts the actor, negative where it falls: they add up to rank_before - rank_after',
    people Int32 COMMENT 'Responders concerned, negative where they were lost; 0 for causes that concern none in particular',
    score_before Float64 COMMENT 'Score in the earlier run, to the nearest multiple of 2^-30; 0 where not ranked',
    score_after Float64 COMMENT 'Score in this run, to the nearest multiple of 2^-30; 0 where not ranked',
    rank_before UInt32 COMMENT 'Rank in the earlier run; one behind its last where not ranked',
    rank_after UInt32 COMMENT 'Rank in this run; one behind its last where not ranked'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, score_version, window_end, run_id, since, actor_id, position, cause, points, places, people,
        score_before, score_after, rank_before, rank_after
    FROM rank_receipts FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (SELECT theme, score_version, window_end, run_id FROM runs_published)
    AND (theme, score_version, window_end, run_id, since) GLOBAL IN (
        SELECT theme, score_version, window_end, run_id, max(since) FROM rank_receipts GROUP BY theme, score_version, window_end, run_id
    )
)
COMMENT 'Receipts of published runs, each against the nearest earlier run that it was compared with';

CREATE OR REPLACE VIEW movers {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run that was compared',
    since DateTime64(3, 'UTC') COMMENT 'Step boundary of the earlier run that it was compared with',
    actor_id String COMMENT 'Whose score and rank changed; ranked in one of the two runs at least',
    places Int64 COMMENT 'Places gained, negative where lost',
    own_places Int64 COMMENT 'Of these, by its own score; the rest by the moves of others',
    rank_before UInt32 COMMENT 'Rank in the earlier run; one behind its last where not ranked',
    rank_after UInt32 COMMENT 'Rank in this run; one behind its last where not ranked',
    points Float64 COMMENT 'Change of the score',
    score_before Float64 COMMENT 'Score in the earlier run; 0 where not ranked',
    score_after Float64 COMMENT 'Score in this run; 0 where not ranked',
    main_cause LowCardinality(String) COMMENT 'Cause of the largest part of the change of the score'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        parts.theme AS theme, parts.window_end AS window_end, parts.since AS since, parts.actor_id AS actor_id,
        sum(parts.places) AS places, sumIf(parts.places, parts.cause NOT IN ('rivals', 'left', 'entered')) AS own_places,
        any(parts.rank_before) AS rank_before, any(parts.rank_after) AS rank_after,
        sum(parts.points) AS points, any(parts.score_before) AS score_before, any(parts.score_after) AS score_after,
        argMax(parts.cause, (abs(parts.points), -parts.position)) AS main_cause
    FROM receipts_published AS parts
    WHERE (parts.theme, parts.score_version, parts.window_end, parts.run_id) GLOBAL IN (
        SELECT theme, score_version, window_end, run_id FROM runs_published WHERE shown
    )
    GROUP BY parts.theme, parts.window_end, parts.since, parts.actor_id
)
COMMENT 'Risers and fallers of the runs that are shown: one row an actor, with the main cause of its change';
