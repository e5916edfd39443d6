#!/bin/sh
# What `sonde read` says of each capture is what it said when somebody last looked: tests/golden/NAME.FORM for
# captures/NAME.*. With --rewrite (make golden), the expected outputs are written anew, to be reviewed as a diff.
# Without, one result in TAP for each, and one for the law on all captures.
set -u
cd "$(dirname "$0")/../.." || exit 1
SONDE=${SONDE:-${BUILD:-build}/sonde}
LC_ALL=C TZ=UTC NO_COLOR=1
export SONDE LC_ALL TZ NO_COLOR
here=tests/golden
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# show FORM CAPTURE: the output and the ledger, which is on stderr, and an exit status that is not 0. The first and last
# line of JSON tell of the run, not of the capture.
show() {
	case $1 in
	line) "$SONDE" read "$2" 2>&1 ;;
	packets) "$SONDE" read -q -o packets "$2" 2>&1 ;;
	tree) "$SONDE" read -q -o tree "$2" 2>&1 ;;
	json) "$SONDE" read -q --json "$2" 2>&1 | grep '"type":"packet"' ;;
	coverage) "$SONDE" read -q --coverage "$2" 2>&1 ;;
	esac || echo "exit status $?"
}

n=0
# result STATUS NAME: one line of TAP.
result() {
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}

forms='line packets tree json coverage'
for capture in captures/*.pcap captures/*.pcapng; do
	name=$(basename "$capture")
	name=${name%.*}
	for form in $forms; do
		if [ "${1-}" = --rewrite ]; then
			show "$form" "$capture" >"$here/$name.$form"
			continue
		fi
		show "$form" "$capture" >"$tmp/got"
		diff -u "$here/$name.$form" "$tmp/got"
		result $? "$name.$form"
	done
done

# The examples that need no network.
example() {
	case $1 in
	pairs) "${BUILD:-build}/examples/pairs" captures/tcp.pcapng && "${BUILD:-build}/examples/pairs" captures/tunnels.pcapng ;;
	malformed) "${BUILD:-build}/examples/malformed" ;;
	esac || echo "exit status $?"
}
for name in pairs malformed; do
	if [ "${1-}" = --rewrite ]; then
		example $name >"$here/$name.example"
		continue
	fi
	example $name >"$tmp/got"
	diff -u "$here/$name.example" "$tmp/got"
	result $? "examples/$name.c"
done
[ "${1-}" = --rewrite ] && exit

for expected in "$here"/*.line; do
	name=$(basename "$expected" .line)
	[ -f "captures/$name.pcap" ] || [ -f "captures/$name.pcapng" ] || { echo "$expected: of no capture"; result 1 "$name.line"; }
done
grep -q . captures/README.md && for capture in captures/*.pcap captures/*.pcapng; do
	grep -q "\`$(basename "$capture")\`" captures/README.md
	result $? "captures/README.md says where $(basename "$capture") comes from"
done
tests/law.sh captures
result $? 'the law: what read prints, send builds'
echo "1..$n"
