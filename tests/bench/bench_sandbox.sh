#!/bin/sh
# What the sandbox costs: CPU time of commands in it and with --sandbox=off, in turn, in a lab. Other load on the machine
# changes both alike: each ratio is of two runs that follow each other, and told is the median of all. BUILD is the
# build's folder, ROUNDS the number of pairs.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 777 "$tmp"
LIB=$PWD/tests/bench/lib.sh
rounds=${ROUNDS:-15}
PATH=$PWD/$build:$PATH
export tmp LIB rounds
. "$LIB"

"$build/tests/bench/make_capture" "$tmp/capture" 400000 17000 1 || exit 1

cat >"$tmp/pairs" <<'E2'
. "$LIB"
# pair NAME COMMAND OPTION...: sonde COMMAND in the sandbox and without, the first of which changes from round to round.
pair() {
	name=$1 command=$2
	shift 2
	for mode in $order; do
		case $mode in
		in) within=$(cpu sonde "$command" --sandbox=strict "$@") ;;
		off) without=$(cpu sonde "$command" --sandbox=off "$@") ;;
		esac
	done
	echo "$name" "$(over "$within" "$without")" "$within" "$without"
}
order='in off'
for round in $(seq "$rounds"); do
	pair read read -q --count "$tmp/capture"
	pair read-line read -q -o line "$tmp/capture"
	pair ping ping -q --rate max -c 100000 10.0.0.2
	pair probe probe -q 10.0.0.2 -p 1-60000
	pair send send -q --no-wait ip dst=10.0.0.2 / udp dport=1-60000
	[ "$order" = 'in off' ] && order='off in' || order='in off'
done
E2

sonde lab run sh "$tmp/pairs" >"$tmp/runs"
cp "$tmp/runs" /tmp/s9runs
echo "the sandbox: CPU time in it / without, medians of $rounds pairs"
for what in read read-line ping probe send; do
	goal "$what" "$(median "$tmp/runs" $what)" most 1.02
done
