#!/bin/sh
# lab: pair
# What each kind of process keeps while it waits for the network, as the table of SECURITY.md: what the kernel says of
# it, what it could read and write when it entered its sandbox (preload.c), and what its broker grants when it is asked
# over its channel (requests.c). `make assurance` prints it; test_sandbox.sh compares.
PATH=$PATH:/usr/sbin:/sbin
sonde=${SONDE:-build/sonde}
helpers=$(dirname "$sonde")/tests/lab
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

# Others may run what is copied, and write where the command may or may not.
install -m 755 "$sonde" "$tmp/sonde"
install -m 755 "$helpers/preload.so" "$tmp/preload.so"
SONDE_TRIED=$tmp/tried SONDE_OUT=$tmp/out SONDE_OTHER=$tmp/other
mkdir "$SONDE_OUT" "$SONDE_OTHER"
: >"$SONDE_TRIED" >"$SONDE_OUT/there" >"$SONDE_OTHER/there"
chmod 777 "$SONDE_OUT" "$SONDE_OTHER"
chmod 666 "$SONDE_TRIED" "$SONDE_OUT/there" "$SONDE_OTHER/there"
export SONDE_TRIED SONDE_OUT SONDE_OTHER

# user COMMAND...: as one without capabilities; in the lab of an ordinary user there is nobody else to become.
user='setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all'
$user true 2>/dev/null || user='setpriv --bounding-set=-all --inh-caps=-all'

# status PID: what the kernel says of it: user|groups|capabilities|no_new_privs|seccomp|its own number of itself. The
# inheritable and ambient sets have what the other three have, or nothing.
status() {
	awk -F ':[ \t]*' '
		{
			gsub(/\t/, " ", $2)
			sub(/ +$/, "", $2)
			v[$1] = $2
		}
		function is_kept(set) { return v[set] == v["CapPrm"] || v[set] ~ /^0+$/ }
		END {
			split(v["Uid"], uid, " ")
			sub(/.* /, "", v["NSpid"])
			same = v["CapPrm"] == v["CapEff"] && v["CapPrm"] == v["CapBnd"] && is_kept("CapInh") && is_kept("CapAmb")
			print uid[2] "|" (v["Groups"] == "" ? "none" : v["Groups"]) "|" (same ? v["CapPrm"] : "differ") "|" \
				(v["NoNewPrivs"] == 1 ? "yes" : "no") "|" v["Seccomp"] "|" v["NSpid"]
		}' "/proc/$1/status"
}

# names MASK: the capabilities of a hexadecimal mask.
names() {
	case $1 in
	0000000000000000) echo none ;;
	differ) echo 'the sets differ' ;;
	*) capsh --decode="$1" | sed 's/.*=//; s/cap_//g; s/,/, /g' ;;
	esac
}

# files OWN MODE: what the process could read and write; OWN is its number of itself. What loads no filter has no
# Landlock either.
files() {
	[ "$2" = 2 ] || { echo "its user's files | its user's files"; return; }
	tried=$(tr -d '\0' <"$SONDE_TRIED" | sed -n "s/^$1 //p")
	echo "${tried:-not tried | not tried}"
}

# filter CALLS MODE: how many system calls pass.
filter() {
	[ "$2" = 2 ] || { echo no; return; }
	"$sonde" help sandbox "$1" | awk '{ n += NF } END { print n - 1 " system calls" }'
}

# requests CALLS PID: what its broker grants it. Brokers and resolvers have the other end.
requests() {
	case $1 in
	broker* | resolver | sockets | sockets-reader) echo none ;;
	sockets-live) echo snapshot ;;
	*) "$helpers/requests" "$2" ;;
	esac
}

# row NAME CALLS PID: one line of the table. CALLS names its system calls.
row() {
	IFS='|' read -r uid groups mask nnp mode own <<-STATUS
		$(status "$3")
	STATUS
	printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$uid" "$groups" "$(names "$mask")" "$nnp" \
		"$(filter "$2" "$mode")" "$(files "$own" "$mode")" "$(requests "$2" "$3")"
}

# child PID NAME: the process of that name that PID has started.
child() {
	for task in $(cat "/proc/$1/task/$1/children"); do
		[ "$(cat "/proc/$task/comm")" = "$2" ] && echo "$task"
	done
}

# wait_for PID: until it has a filter, five seconds at most.
wait_for() {
	n=0
	until grep -qs '^Seccomp:.*2' "/proc/$1/status" || [ $((n += 1)) -gt 250 ]; do sleep 0.02; done
}

# start COMMAND...: in the background, as $pid.
start() {
	LD_PRELOAD=$tmp/preload.so "$@" <"$tmp/nothing" >"${to:-/dev/null}" 2>&1 &
	pid=$!
}

# It may wait for an answer of the broker that went to requests.c.
end() {
	kill -KILL $pid
	wait $pid 2>/dev/null
}

# show NAME CALLS [also NAME CALLS]... COMMAND...: start it, print its row and those of the processes beside it, and end
# it.
show() {
	name=$1 calls=$2 beside=
	shift 2
	while [ "$1" = also ]; do
		beside="$beside $2:$3"
		shift 3
	done
	start "$@"
	wait_for $pid
	# A command that does not get its answer may end, and those beside it with it.
	for also in $beside; do
		row "${also%:*} of $name" "${also#*:}" "$(child $pid "sonde-${also%:*}")"
	done >"$tmp/beside"
	row "$name" "$calls" $pid
	cat "$tmp/beside"
	end
}

# show_sockets: it ends as soon as all is printed, so that it prints where nobody reads, and there is no room.
show_sockets() {
	mkfifo "$tmp/full"
	exec 9<>"$tmp/full"
	dd if=/dev/zero bs=4096 count=1024 oflag=nonblock >&9 2>/dev/null
	to=$tmp/full
	show sockets sockets "$sonde" sockets --json
	to=
	exec 9>&-
}

# show_screen: the screen needs a terminal.
show_screen() {
	start env TERM=xterm script -qec "$sonde sockets --live" /dev/null
	n=0
	until reader=$(pgrep -x sonde-reader) || [ $((n += 1)) -gt 250 ]; do sleep 0.02; done
	live=$(sed -n 's/^PPid:.//p' "/proc/$reader/status")
	wait_for "$live"
	wait_for "$reader"
	beside=$(row 'reader of sockets --live' sockets-reader "$reader")
	row 'sockets --live' sockets-live "$live"
	echo "$beside"
	end
}

# show_lab: the processes that see the frames of a lab. This one is in a lab without them.
show_lab() {
	start "$sonde" lab run -t lossy -w "$SONDE_OUT/lab" sleep 60
	for name in wire tap; do
		n=0
		until process=$(pgrep -x sonde-$name) || [ $((n += 1)) -gt 250 ]; do sleep 0.02; done
		wait_for "$process"
		row "$name of lab -w" $name "$process"
	done
	end
}

mkfifo "$tmp/nothing"
sleep 60 >"$tmp/nothing" &
sleeper=$!
sonde=$tmp/sonde
echo '| process | user | groups | capabilities | no_new_privs | seccomp | reads | writes | requests |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- | --- |'
show ping ping also broker broker also resolver resolver "$sonde" ping --names -i 5s 10.0.0.77
show 'ping -w' ping also broker broker "$sonde" ping -i 5s -w "$SONDE_OUT/ping" 10.0.0.77
show 'ping --rotate' ping also broker broker-files "$sonde" ping -i 5s -w "$SONDE_OUT/ping" --rotate 1h 10.0.0.77
show 'ping as user' ping-user $user "$sonde" ping --tcp -i 5s -W 20s 10.0.0.77
show send send "$sonde" send --replies all -W 20s ip dst=server / icmp type=echo
show probe probe "$sonde" probe -W 20s 10.0.0.77 server -p 81
show 'probe as user' probe-user $user "$sonde" probe -W 20s 10.0.0.77 -p 81
show flows flows "$sonde" flows -
show 'flows -I' flows-live "$sonde" flows -I eth0
show 'flows --process' flows-live also broker broker-owners "$sonde" flows -I eth0 --process
show_sockets
show_screen
show read read "$sonde" read -
show 'read -w' read also broker broker "$sonde" read -w "$SONDE_OUT/read" -
show 'read -I' read-live "$sonde" read -I eth0
show connect connect "$sonde" connect server 7
show listen listen "$sonde" listen 6011
show_lab
kill $sleeper
