-- Measures beside the score, which enter nothing: ranks by PageRank and temporal PageRank, and who joins circles.

CREATE TABLE IF NOT EXISTS {{table centralities}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Who is ranked',
    rank UInt32 COMMENT 'Rank by the score in this run',
    pagerank Float64 COMMENT 'Share of the PageRank of its source: who is responded to by those who are responded to',
    pagerank_rank UInt32 COMMENT 'Rank that PageRank would give among the ranked',
    temporal_pagerank Float64 COMMENT 'Share of the temporal PageRank of its source: the same, along responses in order of time',
    temporal_pagerank_rank UInt32 COMMENT 'Rank that temporal PageRank would give among the ranked',
    contacts Nullable(UInt32) COMMENT 'People of some circle with whom it exchanged; null beyond rank 80, and where circles are not told clearly apart',
    circles_joined Nullable(UInt32) COMMENT 'Circles that hold two or more of these contacts; null as contacts',
    brokered_pairs Nullable(UInt64) COMMENT 'Pairs of contacts in different circles who exchanged nothing with one another; null as contacts',
    brokerage Nullable(Float64) COMMENT 'Share of such pairs in all pairs of contacts; null as contacts',
    brokerage_rank Nullable(UInt32) COMMENT 'Rank by brokered_pairs among those of whom they are told; null as contacts',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(window_end)
ORDER BY (theme, score_version, window_end, run_id, actor_id)
TTL stored_at + INTERVAL 401 DAY
COMMENT 'Ranks by other measures, of some runs: the first of a period, and where circles are found anew; kept 400 days';

{{distributed centralities by cityHash64(theme)}};

CREATE OR REPLACE VIEW centralities_published {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run',
    run_id String COMMENT 'Run that the row belongs to',
    actor_id String COMMENT 'Who is ranked',
    rank UInt32 COMMENT 'Rank by the score in this run',
    pagerank Float64 COMMENT 'Share of the PageRank of its source: who is responded to by those who are responded to',
    pagerank_rank UInt32 COMMENT 'Rank that PageRank would give among the ranked',
    temporal_pagerank Float64 COMMENT 'Share of the temporal PageRank of its source: the same, along responses in order of time',
    temporal_pagerank_rank UInt32 COMMENT 'Rank that temporal PageRank would give among the ranked',
    contacts Nullable(UInt32) COMMENT 'People of some circle with whom it exchanged; null beyond rank 80, and where circles are not told clearly apart',
    circles_joined Nullable(UInt32) COMMENT 'Circles that hold two or more of these contacts; null as contacts',
    brokered_pairs Nullable(UInt64) COMMENT 'Pairs of contacts in different circles who exchanged nothing with one another; null as contacts',
    brokerage Nullable(Float64) COMMENT 'Share of such pairs in all pairs of contacts; null as contacts',
    brokerage_rank Nullable(UInt32) COMMENT 'Rank by brokered_pairs among those of whom they are told; null as contacts'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, score_version, window_end, run_id, actor_id, rank, pagerank, pagerank_rank, temporal_pagerank,
        temporal_pagerank_rank, contacts, circles_joined, brokered_pairs, brokerage, brokerage_rank
    FROM centralities FINAL
    WHERE (theme, score_version, window_end, run_id) GLOBAL IN (SELECT theme, score_version, window_end, run_id FROM runs_published)
)
COMMENT 'Ranks by other measures of published runs; those of a run stand until the next that has any';

CREATE OR REPLACE VIEW centralities_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'What was ranked',
    score_version LowCardinality(String) COMMENT 'Which score: a hash of its parameters and preset',
    window_end DateTime64(3, 'UTC') COMMENT 'Step boundary of the run that the measures are of',
    actor_id String COMMENT 'Who is ranked, now and then',
    actor_name String COMMENT 'Display name; empty when unknown',
    rank UInt32 COMMENT 'Rank by the score, now',
    rank_then UInt32 COMMENT 'Rank by the score in the run that the measures are of',
    pagerank_rank UInt32 COMMENT 'Rank that PageRank would give among the ranked',
    temporal_pagerank_rank UInt32 COMMENT 'Rank that temporal PageRank would give among the ranked',
    brokerage_rank Nullable(UInt32) COMMENT 'Rank by brokered_pairs among those of whom they are told; null as contacts',
    followers_rank Nullable(UInt32) COMMENT 'Position by followers among the ranked; null when unknown',
    pagerank Float64 COMMENT 'Share of the PageRank of its source: who is responded to by those who are responded to',
    temporal_pagerank Float64 COMMENT 'Share of the temporal PageRank of its source: the same, along responses in order of time',
    contacts Nullable(UInt32) COMMENT 'People of some circle with whom it exchanged; null beyond rank 80, and where circles are not told clearly apart',
    circles_joined Nullable(UInt32) COMMENT 'Circles that hold two or more of these contacts; null as contacts',
    brokered_pairs Nullable(UInt64) COMMENT 'Pairs of contacts in different circles who exchanged nothing with one another; null as contacts',
    brokerage Nullable(Float64) COMMENT 'Share of such pairs in all pairs of contacts; null as contacts',
    score Float64 COMMENT 'Headline: reach times the cube root of lift',
    trusted Float64 COMMENT 'Recency-weighted responders whose word is credible',
    open Float64 COMMENT 'Recency-weighted responders not yet credible, under the quorum',
    regularity Float64 COMMENT 'In how many twelfths of the window it wrote and was answered, in (0, 1]',
    lift Float64 COMMENT 'Conversion over the theme''s mean',
    solicited_share Float64 COMMENT 'Share of responses from people it had addressed first',
    responders UInt32 COMMENT 'Distinct people who responded in the window',
    messages UInt32 COMMENT 'Own messages in the window',
    role LowCardinality(String) COMMENT 'What kind of prescriber; empty when not told',
    circle Nullable(Int32) COMMENT 'Community; null when not found'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        c.theme AS theme, c.score_version AS score_version, c.window_end AS window_end, c.actor_id AS actor_id,
        r.actor_name AS actor_name, r.rank AS rank, c.rank AS rank_then, c.pagerank_rank AS pagerank_rank,
        c.temporal_pagerank_rank AS temporal_pagerank_rank, c.brokerage_rank AS brokerage_rank, r.followers_rank AS followers_rank,
        c.pagerank AS pagerank, c.temporal_pagerank AS temporal_pagerank, c.contacts AS contacts,
        c.circles_joined AS circles_joined, c.brokered_pairs AS brokered_pairs, c.brokerage AS brokerage,
        r.score AS score, r.trusted AS trusted, r.open AS open, r.regularity AS regularity, r.lift AS lift,
        r.solicited_share AS solicited_share, r.responders AS responders, r.messages AS messages, r.role AS role, r.circle AS circle
    FROM centralities_published AS c
    GLOBAL INNER JOIN ranking_current AS r ON r.theme = c.theme AND r.score_version = c.score_version AND r.actor_id = c.actor_id
    WHERE (c.theme, c.score_version, c.window_end) GLOBAL IN (
        SELECT theme, score_version, max(window_end) FROM centralities
        WHERE (theme, score_version, window_end, run_id) GLOBAL IN (SELECT theme, score_version, window_end, run_id FROM runs_published)
        GROUP BY theme, score_version
    )
)
COMMENT 'Whom the last published ranking of each theme ranks, with the ranks that other measures gave when they were last computed';
