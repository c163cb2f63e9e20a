#!/usr/bin/env bash
# A real Apache Kafka broker on loopback, without Docker. Runs in the foreground until Ctrl-C or SIGTERM; data and jars stay.
# Prints one line, "ready on 127.0.0.1:PORT", once the broker accepts topics; its log is DIR/broker.log.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
usage="usage: kafka.sh start [--port 9092] [--dir .kafka]"
port=9092
dir=$root/.kafka

fail() {
    echo "kafka.sh: $2" >&2
    exit "$1"
}

[ "${1:-}" = start ] || fail 2 "$usage"
shift
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail 2 "$usage"
    case $1 in
        --port) port=$2 ;;
        --dir) dir=$2 ;;
        *) fail 2 "unknown option $1; $usage" ;;
    esac
    shift 2
done
[[ $port =~ ^[0-9]+$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65534 ] || fail 2 "--port $port is no port; for example --port 9092"

command -v java >/dev/null || fail 3 "Java is missing; install Java 17 or newer (Debian: apt-get install default-jre-headless)"
java_version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
[ "${java_version:-0}" -ge 17 ] || fail 3 "Kafka 4 needs Java 17 or newer, this is Java ${java_version:-of unknown version}"
python=$(command -v python || command -v python3 || true)
[ -n "$python" ] && "$python" -c 'import kafka' 2>/dev/null || fail 3 "kafka-python is missing; run it through 'make kafka', or 'make setup' first"

answers() {
    "$python" "$here/answers.py" "$1"
}
# Ports are asked before anything is fetched: a broker that is there already is the likeliest mistake.
for taken in "$port" $((port + 1)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$taken") 2>/dev/null; then
        fail 1 "port $taken is in use; stop what listens there, or choose another with --port (PORT=… with make kafka)"
    fi
done

mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
version=$(sed -n 's/.*<kafka.version>\(.*\)<.*/\1/p' "$here/pom.xml")
jars=$root/.kafka/jars-$version
if [ ! -d "$jars" ]; then
    command -v mvn >/dev/null || fail 3 "Maven is missing, it fetches Kafka's jars; install it (Debian: apt-get install maven)"
    echo "fetching Apache Kafka $version (43 MB, once)" >&2
    mkdir -p "$root/.kafka"
    fetched=$(mktemp -d "$root/.kafka/fetch-XXXXXX")
    trap 'rm -rf "$fetched"' EXIT
    mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$fetched/jars" >"$fetched/log" 2>&1 ||
        fail 3 "Maven cannot fetch Kafka's jars: $(grep -m 1 ERROR "$fetched/log" | cut -c 1-300)"
    # Whoever starts at the same moment fetches too; the first to finish wins.
    mv -T "$fetched/jars" "$jars" 2>/dev/null || [ -d "$jars" ] || fail 1 "$jars cannot be written"
    rm -rf "$fetched"
    trap - EXIT
fi

sed -e "s|@PORT@|$port|g" -e "s|@CONTROLLER_PORT@|$((port + 1))|g" -e "s|@DIR@|$dir|g" "$here/server.properties" >"$dir/server.properties"
java=(java -Xmx512m -XX:+UseSerialGC "-Dlog4j2.configurationFile=$here/log4j2.properties" -cp "$jars/*")
if [ ! -f "$dir/data/meta.properties" ]; then
    cluster=$("${java[@]}" kafka.tools.StorageTool random-uuid 2>/dev/null)
    "${java[@]}" kafka.tools.StorageTool format -t "$cluster" -c "$dir/server.properties" >"$dir/broker.log" 2>&1 ||
        fail 1 "the data directory cannot be formatted: $(tail -n 1 "$dir/broker.log")"
fi

"${java[@]}" kafka.Kafka "$dir/server.properties" >"$dir/broker.log" 2>&1 &
broker=$!
stop() {
    trap '' INT TERM
    kill "$broker" 2>/dev/null || true
    wait "$broker" || true
    exit 0
}
trap stop INT TERM

deadline=$((SECONDS + 90))
until answers "$port"; do
    kill -0 "$broker" 2>/dev/null || fail 1 "the broker ended: $(grep -m 1 -E 'ERROR|Exception' "$dir/broker.log" || tail -n 1 "$dir/broker.log")"
    [ "$SECONDS" -lt "$deadline" ] || { kill "$broker"; fail 1 "the broker does not answer after 90 s; see $dir/broker.log"; }
    sleep 0.3
done
echo "ready on 127.0.0.1:$port"

status=0
wait "$broker" || status=$?
fail 1 "the broker ended with status $status: $(tail -n 1 "$dir/broker.log")"
