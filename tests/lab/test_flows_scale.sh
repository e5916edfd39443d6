#!/bin/sh
# Flows in ClickHouse: shards into one table, and every query of docs/scale.md; and the types of JSON's fields. The server
# is in a network namespace of its own, which has the loopback interface alone.
. "$LIB"
captures=$(cd "$(dirname "$0")/../../captures" && pwd)
scale=$(cd "$(dirname "$0")/../../docs" && pwd)/scale.md
tmp=$(mktemp -d) || exit 1
trap '[ -z "${server-}" ] || { kill "$server"; wait "$server"; }; rm -rf "$tmp"' EXIT

# All fields with their types: one type each.
if command -v python3 >/dev/null; then
	for file in "$captures"/*.pcap*; do
		"$SONDE" flows -q --json --why --names "$file"
		"$SONDE" flows -q --json --by host "$file"
		"$SONDE" flows -q --json --series 1s "$file"
	done >"$tmp/objects"
	cat >"$tmp/types.py" <<'PYTHON'
import json, sys
types = {}
for line in sys.stdin:
    o = json.loads(line)
    for key, value in o.items():
        types.setdefault((o["type"], key), set()).add(type(value).__name__)
mixed = {k: v for k, v in types.items() if len(v) > 1}
print("%d fields, mixed: %s" % (len(types), sorted(mixed)))
sys.exit(len(mixed) > 0 or len(types) < 100)
PYTHON
	check 'no field has two types' sh -c 'python3 "$1" <"$2"' sh "$tmp/types.py" "$tmp/objects"
fi
# The rest needs a server.
without_server() {
	skip "flows in ClickHouse" "$1"
	exit 0
}
for tool in clickhouse-server clickhouse-client unshare; do
	command -v "$tool" >/dev/null || without_server "$tool is not installed"
done
unshare -n true 2>/dev/null || without_server "needs root"

mkdir -p "$tmp/data/tmp" "$tmp/data/user" "$tmp/data/format"
cat >"$tmp/config.xml" <<XML
<yandex>
	<logger><level>error</level><log>$tmp/log</log><errorlog>$tmp/errors</errorlog></logger>
	<listen_host>127.0.0.1</listen_host><tcp_port>9000</tcp_port><http_port>8123</http_port>
	<path>$tmp/data/</path><tmp_path>$tmp/data/tmp/</tmp_path><user_files_path>$tmp/data/user/</user_files_path>
	<format_schema_path>$tmp/data/format/</format_schema_path><mark_cache_size>10000000</mark_cache_size>
	<users_config>users.xml</users_config><default_profile>default</default_profile>
	<default_database>default</default_database>
</yandex>
XML
cat >"$tmp/users.xml" <<'XML'
<yandex>
	<profiles><default/></profiles><quotas><default/></quotas>
	<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile>
		<quota>default</quota></default></users>
</yandex>
XML
cd "$tmp" || exit 1
unshare -n sh -c 'ip link set lo up && exec clickhouse-server --config-file=config.xml' >"$tmp/out" 2>&1 &
server=$!
# client ARGUMENT...: beside the server.
client() {
	nsenter -t "$server" -n clickhouse-client "$@"
}
n=0
until client --query 'SELECT 1' >/dev/null 2>&1; do
	n=$((n + 1))
	[ "$n" -lt 150 ] && kill -0 "$server" 2>/dev/null || without_server "clickhouse-server does not start here: $(tail -n 1 "$tmp/out")"
	sleep 0.1
done

check 'the table is made' sh -c '"$0" flows -o clickhouse-schema | nsenter -t "$1" -n clickhouse-client' "$SONDE" "$server"
for k in 1 2 3; do
	check "shard $k is loaded" sh -c '"$0" flows -q --no-checksums -o clickhouse --shard $2/3 "$3"/*.pcap* proto=tcp,udp |
		nsenter -t "$1" -n clickhouse-client' "$SONDE" "$server" $k "$captures"
done
"$SONDE" flows -q --no-checksums -o csv "$captures"/*.pcap* proto=tcp,udp | awk -F , '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ n++; packets += $at["orig_pkts"] + $at["resp_pkts"]; rexmt += $at["orig_rexmt_pkts"]; tcp += $at["proto"] == "tcp" }
	END { printf "%d\t%d\t%d\t%d\n", n, packets, rexmt, tcp }' >"$tmp/right"
client --query 'SELECT count(), sum(orig_pkts + resp_pkts), sum(orig_rexmt_pkts), countIf(orig_rexmt_pkts IS NOT NULL) FROM flows' >"$tmp/got"
check 'the shards in the table are the whole' diff "$tmp/right" "$tmp/got"
check 'times are those of the captures' test "$(client --query 'SELECT count() FROM flows WHERE toUnixTimestamp(time) != intDiv(ts, 1000000000)')" = 0

# Each query of the document, in a file of its own.
awk -v folder="$tmp" '/^```sql$/ { n++; into = folder "/query." n; next } /^```$/ { into = ""; next } into { print >into }' "$scale"
check 'ten queries' test "$(ls "$tmp"/query.* | wc -l)" = 10
for query in "$tmp"/query.*; do
	client --query "$(cat "$query")" >"$tmp/answer" 2>"$tmp/mistake"
	check "$(head -n 1 "$query" | cut -c1-60)" test ! -s "$tmp/mistake"
	case $query in *.[12359] | *.10) check 'has an answer' test -s "$tmp/answer" ;; esac
done
