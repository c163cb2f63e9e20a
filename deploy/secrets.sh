#!/bin/sh
# Makes the secrets that docker-compose.yml names, each a random file in deploy/secrets, unless it is there already.
# Keep a copy of hash_key: without it, a restarted pipeline no longer recognises the events that it has seen.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in clickhouse_administrator clickhouse_migrator clickhouse_writer clickhouse_analyst clickhouse_reader hash_key grafana_password; do
    if [ ! -s "secrets/$name" ]; then
        od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
        # The directory keeps others out; inside a container another user has to read the file.
        chmod 444 "secrets/$name"
        echo "made deploy/secrets/$name"
    fi
done
