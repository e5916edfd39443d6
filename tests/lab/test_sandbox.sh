#!/bin/sh
# lab: pair
# What commands keep while they wait for the network; what they tell; and that a file, a name and an interface that comes
# later are there all the same.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

"$SONDE" ping -v -c 1 server 2>&1 | grep -q 'AddressSanitizer' && skip_all 'AddressSanitizer has no sandbox'
has capsh || skip_all 'no capsh(1)'

# Who root becomes: the user who called sudo, else nobody; where there is no other user, nobody else.
nobody=65534
setpriv --reuid=65534 true 2>/dev/null || nobody=$(id -u)
if [ "$(id -u)" -eq 0 ]; then
	tests/lab/assurance.sh >"$tmp/table" 2>&1
	sed -n '/^| process/,/^$/p' SECURITY.md | sed "/^\$/d; / as user /!s/| 65534 |/| ${SUDO_UID:-$nobody} |/" |
		sed "s/| 65534 |/| $nobody |/" >"$tmp/promised"
	check 'what SECURITY.md promises is so' diff "$tmp/promised" "$tmp/table"
else
	skip 'what SECURITY.md promises is so' 'a command with file capabilities takes no preload'
fi

check 'ping' "$SONDE" ping -v -c 1 server
tells 'tells its sandbox' 'sandbox: user [0-9]*, no capabilities, [0-9]* system calls, no files'
check 'ping, strict' "$SONDE" ping --sandbox=strict -c 1 server
check 'ping, off' "$SONDE" ping -v --sandbox=off -c 1 server
tells 'is told' 'no sandbox: as asked'
expect 2 'another mode' "$SONDE" ping --sandbox=none -c 1 server
tells 'is named' 'one of strict, best-effort, off'

# What a crash says. Nothing stands in the way of the file, which is whole.
"$SONDE" ping -q -i 20ms -w "$tmp/w" 10.0.0.2 2>"$tmp/said" &
ping=$!
await test -s "$tmp/w"
kill -SEGV $ping
wait $ping
check 'a crash: ends by its signal' test $? -eq 139
check 'is told in a line' grep -q 'sonde ping: ended: it read or wrote memory.*; packets that -w did not write: [0-9]' "$tmp/said"
check 'its file is whole' "$SONDE" read --count "$tmp/w"
await sh -c "! pgrep -x sonde-broker"
check 'and nothing of it is left' sh -c "! pgrep -x sonde-broker"

# A file that has no name yet goes with its command.
mkfifo "$tmp/fifo"
"$SONDE" read -w "$tmp/never" "$tmp/fifo" 2>/dev/null &
read=$!
exec 3>"$tmp/fifo"
await sh -c "ls -a $tmp | grep -q '^never.sonde'"
kill -KILL $read
wait $read 2>/dev/null
exec 3>&-
await sh -c "! ls -a $tmp | grep -q never"
check 'a file without a name vanishes with its command' sh -c "! ls -a $tmp | grep -q never"

# The interface, its address and its route come while ping runs: the broker opens sockets for it.
"$SONDE" ping -i 50ms -c 60 --deadline 5 10.0.0.2 10.88.0.2 >"$tmp/out" 2>&1 &
ping=$!
await grep -q '10\.0\.0\.2' "$tmp/out"
ip link add late type veth peer name far
unshare -n sleep 20 &
other=$!
await sh -c "[ \"\$(readlink /proc/$other/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
ip link set far netns $other
nsenter -t $other -n sh -c 'ip addr add 10.88.0.2/24 dev far; ip link set far up'
ip addr add 10.88.0.1/24 dev late
ip link set late up
wait $ping
expect 0 'a host behind an interface that comes later' grep '^10\.88\.0\.2' "$tmp/out"
tells 'answers' 'min/avg/max'
kill $other

# sudo: files of the user, and files that only root may read; what is written is the user's.
[ "$(id -u)" -eq 0 ] && setpriv --reuid=1234 true 2>/dev/null || { skip sudo 'root has no other user to work for here' && exit; }
user='env SUDO_UID=1234 SUDO_GID=1234'
# Root that may not read the files of others, as on a network file system.
squashed='setpriv --bounding-set=-dac_override,-dac_read_search'
cp captures/tcp.pcapng "$tmp/root"
cp "$tmp/root" "$tmp/user"
chmod 600 "$tmp/root" "$tmp/user"
chown 1234:1234 "$tmp/user"
chmod 777 "$tmp"
check 'a file that only root may read' $user "$SONDE" read --count "$tmp/root"
check 'a file that only the user may read' $squashed $user "$SONDE" read --count "$tmp/user"
expect 3 'it is not read for root itself' $squashed env -u SUDO_UID "$SONDE" read --count "$tmp/user"
check 'and the other one in turn' $squashed $user "$SONDE" read --count "$tmp/root"
check 'a copy' $user "$SONDE" read -q -w "$tmp/copy" "$tmp/root"
check 'is the user'\''s' test "$(stat -c %u "$tmp/copy")" -eq 1234
$user "$SONDE" ping -i 5s 10.0.0.77 >/dev/null 2>&1 &
ping=$!
await grep -q '^Seccomp:.*2' /proc/$ping/status
check 'the process is, too' grep -q '^Uid:.1234.1234' /proc/$ping/status
kill $ping
wait $ping
check 'in a directory of another, as root' sh -c "mkdir $tmp/d && chown 1234 $tmp/d && '$SONDE' read -q -w $tmp/d/copy $tmp/root && test -s $tmp/d/copy"
