-- What happened: acts, the messages they made, the people who acted.
-- Retention counts from stored_at and not from the event's time: a historical feed would expire as it arrives.
-- Partitions are years of event time: at most one per year since 1970, so that no insert of a feed that spans decades
-- exceeds max_partitions_per_insert_block (100).

CREATE TABLE IF NOT EXISTS {{table interactions}}
(
    theme LowCardinality(String) COMMENT 'Theme whose log holds the act; empty for a delete that concerns every theme',
    day Date32 DEFAULT toDate32(occurred_at) COMMENT 'UTC day of occurred_at',
    event_key UInt64 COMMENT 'Keyed hash of source and event_id: the identity of the event',
    kind LowCardinality(String) COMMENT 'post, reply, mention, repost, quote, reaction, accept, vouch, action, edit or delete',
    source LowCardinality(String) COMMENT 'Platform instance the act comes from',
    event_id String COMMENT 'Identifier of the event inside its source',
    actor_id String COMMENT 'Who acted',
    target_actor_id String COMMENT 'Whom the act answers, as given or found through the parent message; empty when unknown',
    mentions Array(String) COMMENT 'Actors named in the message',
    weight Float64 COMMENT 'What the kind counts for under the preset of the theme when the act was taken in',
    object_id String COMMENT 'Message that the act made, edited or deleted; empty when none',
    parent_id String COMMENT 'Message that the act answers; empty when none',
    root_id String COMMENT 'First message of the thread; empty when unknown',
    url String COMMENT 'Address of the message; empty when unknown',
    lang LowCardinality(String) COMMENT 'Language tag given by the feed; empty when unknown',
    is_question Nullable(Bool) COMMENT 'Whether the message asks something; null when unknown',
    sentiment Nullable(Float64) COMMENT 'Cue in [-1, 1] given by the feed; null when unknown',
    followers Nullable(UInt64) COMMENT 'Followers of the actor at the time; shown, never an input of a score; null when unknown',
    fate LowCardinality(String) COMMENT 'state: taken into the ranking; late: older than the horizon, kept but not ranked',
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it happened: event time',
    fullness UInt8 COMMENT 'Version of the row: 2 when ranked, plus 1 once the target is known, so that the fuller row stays',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree(fullness)}}
PARTITION BY toYear(occurred_at)
ORDER BY (theme, day, event_key)
TTL stored_at + INTERVAL 2 MONTH
COMMENT 'Every accepted act, one row per theme and event, posts included; kept two months';

{{distributed interactions by cityHash64(theme)}};

CREATE TABLE IF NOT EXISTS {{table messages}}
(
    source LowCardinality(String) COMMENT 'Platform instance of the message',
    object_id String COMMENT 'Identifier of the message inside its source',
    theme LowCardinality(String) COMMENT 'Theme in whose log the message stands',
    event_key UInt64 COMMENT 'The statement: the event that wrote or edited the message; a message may have several',
    kind LowCardinality(String) COMMENT 'post, reply, quote, mention or edit',
    actor_id String COMMENT 'Who wrote the statement',
    parent_id String COMMENT 'Message that it answers; empty when none',
    root_id String COMMENT 'First message of the thread; empty when unknown',
    url String COMMENT 'Address of the message; empty when unknown',
    lang LowCardinality(String) COMMENT 'Language tag given by the feed; empty when unknown',
    is_question Nullable(Bool) COMMENT 'Whether the statement asks something; null when unknown',
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it was written',
    stored_at DateTime('UTC') DEFAULT now() COMMENT 'When the row was inserted, by the server''s clock; retention counts from here'
)
ENGINE = {{engine ReplacingMergeTree}}
PARTITION BY toYear(occurred_at)
ORDER BY (source, object_id, theme, event_key)
TTL stored_at + INTERVAL 2 MONTH
COMMENT 'Messages by identifier, one row per theme and statement (first writing, each edit); kept two months';

{{distributed messages by cityHash64(theme)}};

-- Each profile field is a maximum over (when, event, value): the latest value given wins whatever the order of inserts.
CREATE TABLE IF NOT EXISTS {{table actors}}
(
    actor_id String COMMENT 'Who: source and native identifier',
    source SimpleAggregateFunction(max, String) COMMENT 'Platform instance of the actor''s events',
    first_seen SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'Event time of the first act seen',
    last_seen SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Event time of the last act seen',
    name SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), UInt64, String)) COMMENT 'Latest display name: when, event key, name',
    actor_type SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), UInt64, String)) COMMENT 'Latest known type: when, event key, type',
    followers SimpleAggregateFunction(max, Tuple(DateTime64(3, 'UTC'), UInt64, UInt64)) COMMENT 'Latest follower count: when, event key, count; shown, never an input of a score'
)
ENGINE = {{engine AggregatingMergeTree}}
ORDER BY actor_id
COMMENT 'Everybody who acted: latest profile, first and last seen; idempotent under any order and repetition of inserts';

{{distributed actors by cityHash64(actor_id)}};
