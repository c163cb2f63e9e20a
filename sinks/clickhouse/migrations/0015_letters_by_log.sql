-- A topic that is made anew refuses from offset 0 again: its letters stand beside those of the log before, as tallies do.
-- Letters from before this have no log id; one that is written again after it, by an app killed over the upgrade, counts twice.

ALTER TABLE {{table dead_letters}}
    ADD COLUMN IF NOT EXISTS log_id String COMMENT 'Which log the input was read from: the id of its topic; empty where brokers give none',
    MODIFY ORDER BY (topic, partition, offset, log_id);

{{distributed_alter dead_letters
    ADD COLUMN IF NOT EXISTS log_id String COMMENT 'Which log the input was read from: the id of its topic; empty where brokers give none'}};

-- No outcome makes a source plain any more.

ALTER TABLE {{table ranking_runs}}
    COMMENT COLUMN plain_sources 'Sources in which every responder counts alike, as the setting plain says';

{{distributed_alter ranking_runs
    COMMENT COLUMN plain_sources 'Sources in which every responder counts alike, as the setting plain says'}};

ALTER TABLE {{table dead_letters}}
    COMMENT COLUMN offset 'Its offset: with topic, partition and log_id, the identity of the letter';

{{distributed_alter dead_letters
    COMMENT COLUMN offset 'Its offset: with topic, partition and log_id, the identity of the letter'}};
