# What lab tests say and wait with. Sourced by them: . "$LIB"

# expect STATUS TITLE COMMAND...: the command ends with this status. Its output is shown when it does not, and is in
# $out for what follows.
expect() {
	want=$1 title=$2
	shift 2
	out=$("$@" 2>&1)
	got=$?
	if [ "$got" -eq "$want" ]; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		echo "# status $got, not $want: $*"
		echo "$out" | sed 's/^/# /'
	fi
}

# check TITLE COMMAND...: the command succeeds.
check() {
	title=$1
	shift
	expect 0 "$title" "$@"
}

# says TITLE TEXT: the output of the last command is this, to the letter.
says() {
	if [ "$out" = "$2" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		echo "# said: $out"
	fi
}

# tells TITLE PATTERN: the output of the last command has a line like this.
tells() {
	if echo "$out" | grep -q -- "$2"; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		echo "$out" | sed 's/^/# said: /'
	fi
}

# skip TITLE REASON
skip() {
	echo "ok - $1 # SKIP $2"
}

# skip_all REASON
skip_all() {
	echo "$1"
	exit 77
}

# await COMMAND...: wait until it succeeds, ten seconds at most.
await() {
	tries=500
	until "$@" >/dev/null 2>&1; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.02
	done
}

# busy: this machine has as much to do as it has processors, or more.
busy() {
	awk -v n="$(nproc)" '{ exit $1 < n }' /proc/loadavg
}

# in_time TITLE MS LIMIT: what took so many ms was to take less than LIMIT. A busy machine is excused, but not from ten
# times as much.
in_time() {
	if [ "$2" -ge "$3" ] && [ "$2" -lt $(($3 * 10)) ] && busy; then
		skip "$1 in under $3 ms" "$2 ms, beside load $(cut -d' ' -f1 /proc/loadavg)"
	else
		check "$1 in $2 ms, under $3" test "$2" -lt "$3"
	fi
}

# has COMMAND: whether this machine has it.
has() {
	command -v "$1" >/dev/null
}

# captures: tcpdump(8) can capture here. It changes its groups, which is forbidden in the lab of an ordinary user.
captures() {
	has tcpdump && setpriv --clear-groups true 2>/dev/null
}

# allow_echoes: everybody may open datagram ICMP sockets. In the lab of an ordinary user there is one group.
allow_echoes() {
	for groups in '0 4294967294' '0 0'; do
		echo "$groups" >/proc/sys/net/ipv4/ping_group_range && return
	done 2>/dev/null
}

# $unprivileged COMMAND...: without any capability, and as nobody; in the lab of an ordinary user there is nobody else.
unprivileged='setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all'
$unprivileged true 2>/dev/null || unprivileged='setpriv --bounding-set=-all --inh-caps=-all'
