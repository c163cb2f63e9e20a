-- Views of what became of the input.

CREATE OR REPLACE VIEW fates {{on_cluster}}
(
    fate LowCardinality(String) COMMENT 'state, late, duplicate or dead: every input ends in exactly one',
    theme LowCardinality(String) COMMENT 'Theme whose log counts the event; empty for dead, and for edits and deletes that name no theme',
    reason LowCardinality(String) COMMENT 'Reason code of dead letters; empty for the others',
    events UInt64 COMMENT 'How many inputs'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT counted.1 AS fate, theme, '' AS reason, sum(counted.2) AS events
    FROM (
        SELECT theme, arrayJoin([('state', state), ('late', late), ('duplicate', duplicate)]) AS counted FROM tallies FINAL
    )
    GROUP BY fate, theme
    UNION ALL
    SELECT 'dead' AS fate, '' AS theme, reason, count() AS events FROM dead_letters FINAL GROUP BY reason
)
COMMENT 'What became of every input: state, late and duplicate by theme, dead by reason; they add up to what was fed';

CREATE OR REPLACE VIEW refusals {{on_cluster}}
(
    topic LowCardinality(String) COMMENT 'Topic the input was read from',
    reason LowCardinality(String) COMMENT 'Reason code',
    detail String COMMENT 'For the operator: fields and limits; empty after 30 days',
    payload String COMMENT 'The original bytes; empty after 30 days'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT topic, reason, detail, payload FROM dead_letters FINAL
)
COMMENT 'Dead letters with their content, one row each';

CREATE OR REPLACE VIEW themes {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'A theme that has events or runs',
    events UInt64 COMMENT 'Input events counted for it: state + late + duplicate',
    state UInt64 COMMENT 'Events taken into the ranking',
    late UInt64 COMMENT 'Events older than the horizon: kept, not ranked',
    duplicate UInt64 COMMENT 'Events that had come before',
    parked UInt64 COMMENT 'Replies now waiting for their parent message',
    unresolved UInt64 COMMENT 'Replies whose parent never came',
    evicted UInt64 COMMENT 'Entries that left a full table',
    first_act_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Event time of the first act kept; null when none is',
    last_act_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Event time of the last act kept; null when none is',
    runs UInt64 COMMENT 'Published runs',
    first_run_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Boundary of the first published run; null before it',
    last_run_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Boundary of the last published run; null before the first',
    ranked UInt64 COMMENT 'How many actors the last run ranks',
    cold_start Bool COMMENT 'Whether the last run is a cold start'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme,
        max(known.state + known.late + known.duplicate) AS events,
        max(known.state) AS state, max(known.late) AS late, max(known.duplicate) AS duplicate,
        max(known.parked) AS parked, max(known.unresolved) AS unresolved, max(known.evicted) AS evicted,
        max(known.first_act_at) AS first_act_at, max(known.last_act_at) AS last_act_at,
        max(known.runs) AS runs, max(known.first_run_at) AS first_run_at, max(known.last_run_at) AS last_run_at,
        max(known.ranked) AS ranked, max(known.cold_start) AS cold_start
    FROM (
        SELECT
            theme, sum(tallies.state) AS state, sum(tallies.late) AS late, sum(tallies.duplicate) AS duplicate,
            sum(tallies.parked) AS parked, sum(tallies.unresolved) AS unresolved, sum(tallies.evicted) AS evicted,
            NULL AS first_act_at, NULL AS last_act_at, 0 AS runs, NULL AS first_run_at, NULL AS last_run_at,
            0 AS ranked, false AS cold_start
        FROM tallies FINAL
        WHERE theme != ''
        GROUP BY theme
        UNION ALL
        SELECT
            theme, 0, 0, 0, 0, 0, 0, toNullable(min(occurred_at)), toNullable(max(occurred_at)), 0, NULL, NULL, 0, false
        FROM interactions
        WHERE theme != ''
        GROUP BY theme
        UNION ALL
        SELECT
            theme, 0, 0, 0, 0, 0, 0, NULL, NULL, count(), toNullable(min(window_end)), toNullable(max(window_end)),
            argMax(runs_published.ranked, window_end), argMax(runs_published.cold_start, window_end)
        FROM runs_published
        WHERE shown
        GROUP BY theme
    ) AS known
    GROUP BY theme
)
COMMENT 'Themes with what was counted and ranked: the first look';
