#!/bin/sh
# Twenty labs of all kinds, one after the other, leave nothing: no namespace, process, file, rule or interface.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap '{ "$SONDE" lab down; } >/dev/null 2>&1; rm -rf "$tmp"' EXIT
trap 'exit 1' TERM INT
mkdir -m 700 "$tmp/runtime"
XDG_RUNTIME_DIR=$tmp/runtime TMPDIR=$tmp
mark=SONDE_TEST=$$.$(date +%s%N)
export XDG_RUNTIME_DIR TMPDIR

# What of the machine a lab might touch.
state() {
	ip -o link | sed 's/^[0-9]*: //' | cut -d' ' -f1-3
	ip route
	nft list ruleset 2>/dev/null
	cat /proc/self/mountinfo | cut -d' ' -f3-
	cat /etc/hosts /etc/resolv.conf
	ls -a /run/netns "$tmp" /tmp/sonde-* /run/sonde 2>/dev/null
	cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/icmp_ratelimit
}
nothing_left() {
	! grep -qszxF "$mark" /proc/[0-9]*/environ
}

touch "$tmp/before" "$tmp/after"
state >"$tmp/before" 2>&1
n=0
for topology in pair lan:5 line:3 diamond firewall nat lossy blackhole wide line:10; do
	env "$mark" "$SONDE" lab run -t $topology -w "$tmp/file" sh -c 'sleep 1000 & true' && n=$((n + 1))
	rm "$tmp/file"
	env "$mark" "$SONDE" lab up -q -t $topology && env "$mark" "$SONDE" lab exec server true &&
		env "$mark" "$SONDE" lab down && n=$((n + 1))
done
check 'twenty labs' test $n = 20
check 'no process is left, and so no namespace' nothing_left
state >"$tmp/after" 2>&1
check 'nothing else is, either' sh -c 'diff "$0" "$1"' "$tmp/before" "$tmp/after"
check 'no file is left' sh -c 'test -z "$(find "$0" -type f)"' "$tmp/runtime"

# best_of LIMIT TITLE COMMAND...: it takes less than that many ms, at the best of five tries.
best_of() {
	limit=$1 title=$2 best=99999
	shift 2
	for try in 1 2 3 4 5; do
		begin=$(date +%s%N)
		"$@" || continue
		took=$((($(date +%s%N) - begin) / 1000000))
		[ $took -lt $best ] && best=$took
		"$SONDE" lab down
	done
	in_time "$title" "$best" "$limit"
}
if [ -n "${SAN-}" ]; then
	skip 'up in time' 'sanitizers are slow'
else
	best_of 300 'pair is up' "$SONDE" lab up -q
	best_of 1500 'line:10 is up' "$SONDE" lab up -q -t line:10
fi
