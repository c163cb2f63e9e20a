-- What was applied. Migrations only ever follow each other: a file that was released is never changed.

CREATE TABLE IF NOT EXISTS {{table schema_migrations}}
(
    version UInt32 COMMENT 'Number of the migration file, from 1 without gaps',
    name String COMMENT 'Name of the file, without number and ending',
    checksum String COMMENT 'SHA-256 of the file as hex: another file under the same number is refused',
    applied_at DateTime('UTC') DEFAULT now() COMMENT 'When it was applied, by the server''s clock'
)
ENGINE = {{engine ReplacingMergeTree(applied_at)}}
ORDER BY version
COMMENT 'Migrations of this schema that were applied, one row each';

{{distributed schema_migrations by version}};
