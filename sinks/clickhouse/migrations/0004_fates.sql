-- What became of every input: state, late, duplicate (counted by rank) or dead (kept with its bytes).

CREATE TABLE IF NOT EXISTS {{table tallies}}
(
    theme LowCardinality(String) COMMENT 'Theme whose log is counted; an event of several themes counts in one',
    partition UInt32 COMMENT 'Partition of the log',
    next_offset UInt64 COMMENT 'Log position the counts go up to, and version of the row: the furthest stays',
    state UInt64 COMMENT 'Events taken into the ranking',
    late UInt64 COMMENT 'Events older than the horizon: kept, not ranked',
    duplicate UInt64 COMMENT 'Events that had come before',
    parked UInt64 COMMENT 'Replies now waiting for their parent message',
    unresolved UInt64 COMMENT 'Replies whose parent never came',
    evicted UInt64 COMMENT 'Entries that left a full table',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock'
)
ENGINE = {{engine ReplacingMergeTree(next_offset)}}
ORDER BY (theme, partition)
COMMENT 'Cumulative fates of the input events, the last count of each theme and partition';

{{distributed tallies by cityHash64(theme)}};

-- After 30 days a letter loses its content, not its row: the four fates go on adding up to what was fed.
CREATE TABLE IF NOT EXISTS {{table dead_letters}}
(
    topic LowCardinality(String) COMMENT 'Topic the input was read from',
    partition UInt32 COMMENT 'Its partition',
    offset Int64 COMMENT 'Its offset: with topic and partition, the identity of the letter',
    reason LowCardinality(String) COMMENT 'Reason code, of a closed vocabulary',
    detail String TTL stored_at + INTERVAL 30 DAY COMMENT 'For the operator: fields and limits, no quotation; kept 30 days',
    payload String TTL stored_at + INTERVAL 30 DAY COMMENT 'The original bytes, unchanged; kept 30 days',
    received_at DateTime64(3, 'UTC') COMMENT 'The broker''s timestamp of the input',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
ORDER BY (topic, partition, offset)
COMMENT 'Inputs that could not become state, one row each; content kept 30 days, the row and its reason for ever';

{{distributed dead_letters by cityHash64(topic, partition)}};
