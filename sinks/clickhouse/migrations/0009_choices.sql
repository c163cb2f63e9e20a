-- A run tells how each source was scored: the half-life in use, and whether trust was left out.

ALTER TABLE {{table ranking_runs}}
    ADD COLUMN IF NOT EXISTS half_lives Map(String, UInt64) COMMENT 'By source: half-life in use, ms, chosen by what earlier lists were worth',
    ADD COLUMN IF NOT EXISTS plain_sources Array(String) COMMENT 'Sources where trust cost too much, so that every responder counts alike',
    ADD COLUMN IF NOT EXISTS backtests Map(String, UInt64) COMMENT 'By source: how many elapsed backtests chose';

{{distributed_alter ranking_runs
    ADD COLUMN IF NOT EXISTS half_lives Map(String, UInt64) COMMENT 'By source: half-life in use, ms, chosen by what earlier lists were worth',
    ADD COLUMN IF NOT EXISTS plain_sources Array(String) COMMENT 'Sources where trust cost too much, so that every responder counts alike',
    ADD COLUMN IF NOT EXISTS backtests Map(String, UInt64) COMMENT 'By source: how many elapsed backtests chose'}};

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
    plain_sources Array(String) COMMENT 'Sources where trust cost too much, so that every responder counts alike',
    backtests Map(String, UInt64) COMMENT 'By source: how many elapsed backtests chose'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, window_end, score_version, run_id,
        CAST((theme, window_end, published) GLOBAL IN (
            SELECT theme, window_end, max(published) FROM ranking_runs GROUP BY theme, window_end
        ), 'Bool') AS shown,
        config_hash, watermark, window_ms, half_life_ms, step_ms, preset, ranked, evidence_rows, cold_start, seeds,
        conversion_mean, coverage, half_lives, plain_sources, backtests
    FROM ranking_runs FINAL
    WHERE (theme, score_version, window_end, published) GLOBAL IN (
        SELECT theme, score_version, window_end, max(published) FROM ranking_runs GROUP BY theme, score_version, window_end
    )
)
COMMENT 'Published runs: one per theme, score version and boundary, the one published last';
