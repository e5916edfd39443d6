#!/bin/sh
# What the sandbox costs: CPU time of commands in it and with --sandbox=off, in turn, in a lab. Other load on the machine
# only adds to it, so that the least of many runs is what counts; the median shows how much load there was. BUILD is the
# build's folder, ROUNDS the number of runs of each.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 777 "$tmp"
LIB=$PWD/tests/bench/lib.sh
rounds=${ROUNDS:-11}
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
	echo "$name-in $within"
	echo "$name-off $without"
}
order='in off' c=$tmp/capture
ten="$c $c $c $c $c $c $c $c $c $c"
for round in $(seq "$rounds"); do
	pair read read -q --count $ten $ten $ten
	pair read-line read -q -o line "$tmp/capture"
	pair ping ping -q --rate max -c 150000 10.0.0.2
	pair probe probe -q 10.0.0.2 fd00::2 -p 1-65535
	pair send send -q --rate max --no-wait -c 300000 ip dst=10.0.0.2 / udp dport=9
	[ "$order" = 'in off' ] && order='off in' || order='in off'
done
E2

sonde lab run sh "$tmp/pairs" >"$tmp/runs"
least() {
	awk -v who="$1" '$1 == who && (least == "" || $2 < least) { least = $2 } END { print least + 0 }' "$tmp/runs"
}
echo "the sandbox: CPU time in it / without, the least of $rounds interleaved runs each"
for what in read read-line ping probe send; do
	goal "$what ($(least $what-in) s, $(least $what-off) s)" "$(over "$(least $what-in)" "$(least $what-off)")" most 1.02
	goal '    of the medians' "$(over "$(median "$tmp/runs" $what-in)" "$(median "$tmp/runs" $what-off)")"
done
