-- Roles with the least rights that each job needs, on the database `prescribers`. Run by an administrator; may be repeated.
-- In the official image: mount this directory at /docker-entrypoint-initdb.d.

CREATE ROLE IF NOT EXISTS prescribers_migrator;
CREATE ROLE IF NOT EXISTS prescribers_writer;
CREATE ROLE IF NOT EXISTS prescribers_analyst;
CREATE ROLE IF NOT EXISTS prescribers_reader;

-- Changes the schema; its user defines the views, which read with its rights: never drop that user.
GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, DROP VIEW, ALTER TABLE, ALTER VIEW, SELECT, INSERT ON prescribers.* TO prescribers_migrator;

-- The app `store`: inserts, and knows which migrations were applied. It reads no data.
GRANT INSERT ON prescribers.interactions TO prescribers_writer;
GRANT INSERT ON prescribers.messages TO prescribers_writer;
GRANT INSERT ON prescribers.actors TO prescribers_writer;
GRANT INSERT ON prescribers.ranking_runs TO prescribers_writer;
GRANT INSERT ON prescribers.rankings TO prescribers_writer;
GRANT INSERT ON prescribers.evidence TO prescribers_writer;
GRANT INSERT ON prescribers.rankings_apart TO prescribers_writer;
GRANT INSERT ON prescribers.rank_receipts TO prescribers_writer;
GRANT INSERT ON prescribers.centralities TO prescribers_writer;
GRANT INSERT ON prescribers.covering TO prescribers_writer;
GRANT INSERT ON prescribers.tallies TO prescribers_writer;
GRANT INSERT ON prescribers.dead_letters TO prescribers_writer;
GRANT SELECT ON prescribers.schema_migrations TO prescribers_writer;

-- Commands, lists and pages: the views.
GRANT SELECT ON prescribers.runs_published TO prescribers_reader;
GRANT SELECT ON prescribers.rankings_published TO prescribers_reader;
GRANT SELECT ON prescribers.ranking_current TO prescribers_reader;
GRANT SELECT ON prescribers.ranking_as_of TO prescribers_reader;
GRANT SELECT ON prescribers.actor_history TO prescribers_reader;
GRANT SELECT ON prescribers.evidence_published TO prescribers_reader;
GRANT SELECT ON prescribers.evidence_as_of TO prescribers_reader;
GRANT SELECT ON prescribers.receipts_published TO prescribers_reader;
GRANT SELECT ON prescribers.movers TO prescribers_reader;
GRANT SELECT ON prescribers.apart_current TO prescribers_reader;
GRANT SELECT ON prescribers.circles_current TO prescribers_reader;
GRANT SELECT ON prescribers.centralities_published TO prescribers_reader;
GRANT SELECT ON prescribers.centralities_current TO prescribers_reader;
GRANT SELECT ON prescribers.versions_current TO prescribers_reader;
GRANT SELECT ON prescribers.covering_published TO prescribers_reader;
GRANT SELECT ON prescribers.covering_current TO prescribers_reader;
GRANT SELECT ON prescribers.interactions_live TO prescribers_reader;
GRANT SELECT ON prescribers.actors_current TO prescribers_reader;
GRANT SELECT ON prescribers.messages_current TO prescribers_reader;
GRANT SELECT ON prescribers.messages_answered TO prescribers_reader;
GRANT SELECT ON prescribers.fates TO prescribers_reader;
GRANT SELECT ON prescribers.refusals TO prescribers_reader;
GRANT SELECT ON prescribers.themes TO prescribers_reader;
GRANT SELECT ON prescribers.schema_migrations TO prescribers_reader;

-- People with questions of their own: everything, tables too, within bounds that keep the pipeline's inserts going.
GRANT SELECT ON prescribers.* TO prescribers_analyst;
CREATE SETTINGS PROFILE IF NOT EXISTS prescribers_readers
    SETTINGS readonly = 2, max_execution_time = 60, max_memory_usage = 4000000000, max_threads = 4
    TO prescribers_analyst, prescribers_reader;
