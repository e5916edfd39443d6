#!/bin/sh
# Without root: an ordinary user's lab is the same. As root these run as nobody.
. "$LIB"

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp"

if [ "$(id -u)" -eq 0 ]; then
	has setpriv || skip_all 'no setpriv(1) to become another user'
	user='setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all'
elif has setpriv; then
	user='setpriv --inh-caps=-all'
else
	user=
fi
# Without the capabilities that its file may have.
install -m 755 "$SONDE" "$tmp/sonde"
SONDE=$tmp/sonde
run="$user $SONDE lab run"
cd /

out=$($run true 2>&1) || case $out in
*'forbids user namespaces'* | *'cannot make namespaces'*) skip_all "$out" ;;
esac

check 'a lab comes up' $run true
check 'the user is root in it' $run sh -c 'test "$(id -u)" = 0'
check 'with all capabilities' $run sh -c 'grep -q "CapEff:.*fffffffff" /proc/self/status'
expect 7 'the status is COMMAND'\''s' $run sh -c 'exit 7'
check 'names resolve' $run getent hosts server
check 'the host has its name' $run sh -c 'test "$(hostname)" = client'
check 'tcp 80 is open' $run bash -c 'exec 3<>/dev/tcp/server/80'
expect 124 'tcp 81 is silent' $run timeout 0.3 bash -c 'exec 3<>/dev/tcp/10.0.0.2/81'
check 'nft works' $run nft add table inet mine
check 'ip netns works' $run ip netns exec server sh -c 'ip address | grep -q 10.0.0.2/24'
check 'sysctls of the network can be written' $run sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
if has ping; then
	check 'ping works' $run ping -c 1 -W 2 server
else
	skip 'ping works' 'no ping here'
fi

# In a user namespace of its own that limit can be set for this test alone.
forbidding='echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-all --inh-caps=-all "$@"'
expect 125 'where a setting forbids it' $user unshare -Ur sh -c "$forbidding" sh "$SONDE" lab run true
says 'the message names it' 'sonde lab run: this system forbids user namespaces (user.max_user_namespaces=0) (run as root, or: sudo sysctl user.max_user_namespaces=10000)'
