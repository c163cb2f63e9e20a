-- A topic that is made anew counts from nothing, and its counts add to those of the log before: each log has a row of its own.

ALTER TABLE {{table tallies}}
    ADD COLUMN IF NOT EXISTS log_id String COMMENT 'Which log was counted: the id of its topic; empty where brokers give none',
    MODIFY ORDER BY (theme, partition, log_id);

{{distributed_alter tallies
    ADD COLUMN IF NOT EXISTS log_id String COMMENT 'Which log was counted: the id of its topic; empty where brokers give none'}};
