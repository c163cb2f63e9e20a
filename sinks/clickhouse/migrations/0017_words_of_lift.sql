-- Lift tells of new voices, and no longer of responses per message.

ALTER TABLE {{table rankings}}
    COMMENT COLUMN lift 'Share of reach that comes from people met in the last half window, over the usual share';

{{distributed_alter rankings
    COMMENT COLUMN lift 'Share of reach that comes from people met in the last half window, over the usual share'}};

ALTER TABLE rankings_published {{on_cluster}}
    COMMENT COLUMN lift 'Share of reach that comes from people met in the last half window, over the usual share';

ALTER TABLE ranking_current {{on_cluster}}
    COMMENT COLUMN lift 'Share of reach that comes from people met in the last half window, over the usual share';

ALTER TABLE actor_history {{on_cluster}}
    COMMENT COLUMN lift 'Share of reach that comes from people met in the last half window, over the usual share';

ALTER TABLE centralities_current {{on_cluster}}
    COMMENT COLUMN lift 'Share of reach that comes from people met in the last half window, over the usual share';

-- A view with parameters keeps no columns to comment on: it is made again, the same but for the words.

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
    lift Float64 COMMENT 'Share of reach that comes from people met in the last half window, over the usual share',
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
