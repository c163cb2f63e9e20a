-- Views of what happened.

CREATE OR REPLACE VIEW interactions_live {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'Theme whose log holds the act',
    day Date32 COMMENT 'UTC day of occurred_at',
    event_key UInt64 COMMENT 'Keyed hash of source and event_id: the identity of the event',
    kind LowCardinality(String) COMMENT 'post, reply, mention, repost, quote, reaction, accept, vouch, action or edit',
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
    occurred_at DateTime64(3, 'UTC') COMMENT 'When it happened: event time'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        acts.theme AS theme, acts.day AS day, acts.event_key AS event_key, acts.kind AS kind, acts.source AS source, acts.event_id AS event_id,
        acts.kind AS kind, acts.source AS source, acts.event_id AS event_id, acts.actor_id AS actor_id, acts.target_actor_id AS target_actor_id, acts.mentions AS mentions,
        acts.actor_id AS actor_id, acts.target_actor_id AS target_actor_id, acts.mentions AS mentions, acts.weight AS weight, acts.object_id AS object_id, acts.parent_id AS parent_id,
        acts.weight AS weight, acts.object_id AS object_id, acts.parent_id AS parent_id, acts.root_id AS root_id, acts.url AS url, acts.lang AS lang,
        acts.root_id AS root_id, acts.url AS url, acts.lang AS lang, acts.is_question AS is_question, acts.sentiment AS sentiment, acts.followers AS followers,
        acts.is_question AS is_question, acts.sentiment AS sentiment, acts.followers AS followers, acts.fate AS fate, acts.occurred_at AS occurred_at,
        acts.fate AS fate, acts.occurred_at AS occurred_at
    FROM (SELECT * FROM interactions FINAL WHERE theme != '' AND kind != 'delete') AS acts
    GLOBAL ANY LEFT JOIN (
        SELECT source, object_id, countIf(kind = 'delete') AS deleted, maxIf(occurred_at, kind = 'edit') AS edited_at
        FROM interactions
        WHERE kind IN ('delete', 'edit')
        GROUP BY source, object_id
    ) AS undone
    ON undone.source = acts.source AND undone.object_id = acts.object_id
    WHERE undone.deleted = 0 AND acts.occurred_at >= undone.edited_at
)
COMMENT 'Acts that stand: without those whose message was deleted, or replaced by a later edit';

CREATE OR REPLACE VIEW actors_current {{on_cluster}}
(
    actor_id String COMMENT 'Who: source and native identifier',
    source String COMMENT 'Platform instance of the actor''s events',
    name String COMMENT 'Latest display name; empty when unknown',
    actor_type String COMMENT 'Latest known type: person, bot, org, brand, staff or unknown',
    followers Nullable(UInt64) COMMENT 'Latest follower count; shown, never an input of a score; null when unknown',
    first_seen DateTime64(3, 'UTC') COMMENT 'Event time of the first act seen',
    last_seen DateTime64(3, 'UTC') COMMENT 'Event time of the last act seen'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        actor_id,
        max(actors.source) AS source,
        max(actors.name).3 AS name,
        if(max(actors.actor_type).3 = '', 'unknown', max(actors.actor_type).3) AS actor_type,
        if(max(actors.followers).2 = 0, NULL, max(actors.followers).3) AS followers,
        min(actors.first_seen) AS first_seen,
        max(actors.last_seen) AS last_seen
    FROM actors
    GROUP BY actor_id
)
COMMENT 'Everybody who acted, one row each: latest profile, first and last seen';

CREATE OR REPLACE VIEW messages_current {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'Theme in whose log the message stands',
    source LowCardinality(String) COMMENT 'Platform instance of the message',
    object_id String COMMENT 'Identifier of the message inside its source',
    author_id String COMMENT 'Who wrote it first',
    parent_id String COMMENT 'Message that it answers; empty when none',
    root_id String COMMENT 'First message of the thread; empty when unknown',
    url String COMMENT 'Latest address given; empty when unknown',
    lang String COMMENT 'Latest language tag given; empty when unknown',
    is_question Nullable(Bool) COMMENT 'Whether its latest statement asks something; null when unknown',
    statements UInt64 COMMENT 'How many statements made it: the first and its edits',
    written_at DateTime64(3, 'UTC') COMMENT 'When it was first written'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        theme, source, object_id,
        argMin(actor_id, (occurred_at, event_key)) AS author_id,
        argMinIf(rows.parent_id, (occurred_at, event_key), rows.parent_id != '') AS parent_id,
        argMinIf(rows.root_id, (occurred_at, event_key), rows.root_id != '') AS root_id,
        argMaxIf(rows.url, (occurred_at, event_key), rows.url != '') AS url,
        argMaxIf(toString(rows.lang), (occurred_at, event_key), rows.lang != '') AS lang,
        argMax(rows.is_question, (occurred_at, event_key)) AS is_question,
        count() AS statements,
        min(occurred_at) AS written_at
    FROM (SELECT * FROM messages FINAL) AS rows
    WHERE (source, object_id) GLOBAL NOT IN (SELECT source, object_id FROM interactions WHERE kind = 'delete')
    GROUP BY theme, source, object_id
)
COMMENT 'Messages that stand, one row per theme and message, over their edits';

CREATE OR REPLACE VIEW messages_answered {{on_cluster}}
(
    theme LowCardinality(String) COMMENT 'Theme in whose log the message stands',
    source LowCardinality(String) COMMENT 'Platform instance of the message',
    object_id String COMMENT 'Identifier of the message inside its source',
    author_id String COMMENT 'Who wrote it',
    root_id String COMMENT 'First message of the thread; empty when unknown',
    url String COMMENT 'Address of the message; empty when unknown',
    is_question Nullable(Bool) COMMENT 'Whether it asks something; null when unknown',
    written_at DateTime64(3, 'UTC') COMMENT 'When it was first written',
    answers UInt64 COMMENT 'Replies and quotes by others',
    answerers UInt64 COMMENT 'Distinct people among them',
    first_answer_by Nullable(String) COMMENT 'Who answered first; null when nobody did',
    first_answer_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When; null when nobody did',
    first_answer_after_ms Nullable(Int64) COMMENT 'How long after the message, ms; null when nobody did'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS (
    SELECT
        asked.theme AS theme, asked.source AS source, asked.object_id AS object_id, asked.author_id AS author_id,
        asked.root_id AS root_id, asked.url AS url, asked.is_question AS is_question, asked.written_at AS written_at,
        given.answers AS answers,
        given.answerers AS answerers,
        if(given.answers = 0, NULL, given.first_by) AS first_answer_by,
        if(given.answers = 0, NULL, given.first_at) AS first_answer_at,
        if(given.answers = 0, NULL, toUnixTimestamp64Milli(given.first_at) - toUnixTimestamp64Milli(asked.written_at)) AS first_answer_after_ms
    FROM messages_current AS asked
    GLOBAL ANY LEFT JOIN (
        SELECT
            acts.theme AS theme, acts.source AS source, acts.parent_id AS object_id,
            count() AS answers,
            uniqExact(acts.actor_id) AS answerers,
            argMin(acts.actor_id, (acts.occurred_at, acts.event_key)) AS first_by,
            min(acts.occurred_at) AS first_at
        FROM interactions_live AS acts
        GLOBAL INNER JOIN messages_current AS parents
        ON parents.theme = acts.theme AND parents.source = acts.source AND parents.object_id = acts.parent_id
        WHERE acts.kind IN ('reply', 'quote', 'edit') AND acts.actor_id != parents.author_id
        GROUP BY theme, source, object_id
    ) AS given
    ON given.theme = asked.theme AND given.source = asked.source AND given.object_id = asked.object_id
)
COMMENT 'Each message that stands, and by whom and when it was first answered';
