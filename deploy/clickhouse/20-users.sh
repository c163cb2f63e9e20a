#!/bin/sh
# One user per role whose password file exists in /run/secrets: clickhouse_migrator, clickhouse_writer, clickhouse_analyst,
# clickhouse_reader. Run after 10-roles.sql, by the official image from /docker-entrypoint-initdb.d; may be repeated.
set -eu

secrets=${SECRETS_DIRECTORY:-/run/secrets}

administrator() {
    if [ -n "${CLICKHOUSE_PASSWORD_FILE:-}" ]; then
        CLICKHOUSE_PASSWORD=$(cat "$CLICKHOUSE_PASSWORD_FILE")
    fi
    # The client takes the password from this variable, so that it stands on no command line.
    CLICKHOUSE_PASSWORD=${CLICKHOUSE_PASSWORD:-} clickhouse-client --user "${CLICKHOUSE_USER:-default}"
}

for name in migrator writer analyst reader; do
    file="$secrets/clickhouse_$name"
    [ -r "$file" ] || continue
    # Only the hash reaches ClickHouse; a line end after the password in the file does not count.
    hash=$(tr -d '\r\n' < "$file" | sha256sum | cut -d ' ' -f 1)
    user="prescribers_$name"
    administrator <<SQL
CREATE USER OR REPLACE $user IDENTIFIED WITH sha256_hash BY '$hash' DEFAULT ROLE NONE;
GRANT $user TO $user;
SET DEFAULT ROLE $user TO $user;
SQL
done
