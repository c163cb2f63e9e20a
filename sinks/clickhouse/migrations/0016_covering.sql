-- The shortest covering list: the fewest ranked actors who together reach most of those who respond to anybody ranked.

CREATE TABLE IF NOT EXISTS {{table covering}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    voices LowCardinality(String) COMMENT 'Whose responses count: all, or credible ones only (a credibility of .5 or more)',
    actor_id String COMMENT 'Who is on the list',
    position UInt32 COMMENT 'On the list, from 1: whoever reaches most people that none before does',
    rank UInt32 COMMENT 'Rank by the score in this run',
    new_responders UInt64 COMMENT 'People who responded to this actor and to nobody before on the list',
    new_credible UInt64 COMMENT 'Those of them who are credible',
    reached UInt64 COMMENT 'People who responded to anybody up to here',
    everybody UInt64 COMMENT 'People who responded to anybody ranked',
    share Float64 COMMENT 'reached over everybody; the list ends at .8, or at 100 actors',
    at_most UInt64 COMMENT 'People that no list of as many actors exceeds; this one reaches 1 - (1 - 1/position)^position of them at least',
    fewest UInt32 COMMENT 'No list of fewer actors than this reaches as many people',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(window_end)
ORDER BY (theme, score_version, window_end, run_id, voices, actor_id)
TTL stored_at + INTERVAL 401 DAY
COMMENT 'Shortest covering lists, of some runs: the first of a period, and where circles are found anew; kept 400 days';

{{distributed covering by cityHash64(theme)}};

CREATE OR REPLACE VIEW covering_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    voices LowCardinality(String) COMMENT 'Whose responses count: all, or credible ones only (a credibility of .5 or more)',
    position UInt32 COMMENT 'On the list, from 1: whoever reaches most people that none before does',
    actor_id String COMMENT 'Who is on the list',
    rank UInt32 COMMENT 'Rank by the score in this run',
    new_responders UInt64 COMMENT 'People who responded to this actor and to nobody before on the list',
    new_credible UInt64 COMMENT 'Those of them who are credible',
    reached UInt64 COMMENT 'People who responded to anybody up to here',
    everybody UInt64 COMMENT 'People who responded to anybody ranked',
    share Float64 COMMENT 'reached over everybody; the list ends at .8, or at 100 actors',
    at_most UInt64 COMMENT 'People that no list of as many actors exceeds; this one reaches 1 - (1 - 1/position)^position of them at least',
    fewest UInt32 COMMENT 'No list of fewer actors than this reaches as many people'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, score_version, window_end, run_id, voices, position, actor_id, rank, new_responders, new_credible, reached,
        everybody, share, at_most, fewest
    FROM covering FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (SELECT theme, score_version, window_end, run_id FROM runs_published)
)
COMMENT 'Shortest covering lists of published runs; that of a run stands until the next that has one';

CREATE OR REPLACE VIEW covering_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run that the list is of',
    voices LowCardinality(String) COMMENT 'Whose responses count: all, or credible ones only (a credibility of .5 or more)',
    position UInt32 COMMENT 'On the list, from 1; a number is missing where somebody is no longer ranked',
    actor_id String COMMENT 'Who is on the list, and is ranked now',
    actor_name String COMMENT 'Display name; empty when unknown',
    rank UInt32 COMMENT 'Rank by the score, now',
    role LowCardinality(String) COMMENT 'What kind of prescriber; empty when not told',
    circle Nullable(Int32) COMMENT 'Community; null when not found',
    new_responders UInt64 COMMENT 'People who responded to this actor and to nobody before on the list',
    new_credible UInt64 COMMENT 'Those of them who are credible',
    reached UInt64 COMMENT 'People who responded to anybody up to here',
    everybody UInt64 COMMENT 'People who responded to anybody ranked',
    share Float64 COMMENT 'reached over everybody; the list ends at .8, or at 100 actors',
    at_most UInt64 COMMENT 'People that no list of as many actors exceeds; this one reaches 1 - (1 - 1/position)^position of them at least',
    fewest UInt32 COMMENT 'No list of fewer actors than this reaches as many people'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        c.theme AS theme, c.score_version AS score_version, c.window_end AS window_end, c.voices AS voices, c.position AS position,
        c.actor_id AS actor_id, r.actor_name AS actor_name, r.rank AS rank, r.role AS role, r.circle AS circle,
        c.new_responders AS new_responders, c.new_credible AS new_credible, c.reached AS reached, c.everybody AS everybody, c.share AS share,
        c.at_most AS at_most, c.fewest AS fewest
    FROM covering_published AS c
    GLOBAL INNER JOIN ranking_current AS r ON r.theme = c.theme AND r.score_version = c.score_version AND r.actor_id = c.actor_id
    WHERE (c.theme, c.score_version, c.window_end) GLOBAL IN (
        SELECT theme, score_version, max(window_end) FROM covering
        WHERE (theme, score_version, window_end, run_id) GLOBAL IN (SELECT theme, score_version, window_end, run_id FROM runs_published)
        GROUP BY theme, score_version
    )
)
COMMENT 'The shortest covering list of each theme as it was last found, without those who are no longer ranked';
