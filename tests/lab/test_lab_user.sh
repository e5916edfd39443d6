#!/bin/sh
# Without root: all kinds of links and hosts, and labs that stay up. As root these run as nobody.
. "$LIB"

tmp=$(mktemp -d) || exit 1
trap '{ $lab down; } >/dev/null 2>&1; rm -rf "$tmp"' EXIT
trap 'exit 1' TERM INT
chmod 755 "$tmp"
mkdir "$tmp/runtime"
chmod 700 "$tmp/runtime"

if [ "$(id -u)" -eq 0 ]; then
	has setpriv || skip_all 'no setpriv(1) to become another user'
	install -m 755 "$SONDE" "$tmp/sonde"
	SONDE=$tmp/sonde
	chown 65534 "$tmp/runtime"
	user='setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all'
else
	user=
fi
lab="$user env XDG_RUNTIME_DIR=$tmp/runtime $SONDE lab"
cd /

out=$($lab run true 2>&1) || case $out in
*'forbids user namespaces'* | *'cannot make namespaces'*) skip_all "$out" ;;
esac

echoes='exec 3<>/dev/tcp/server/7 && echo hello >&3 && read -r -t 5 answer <&3 && test "$answer" = hello'
for topology in lan:4 line:5 diamond firewall nat lossy blackhole wide; do
	check "$topology" $lab run -t $topology --seed 1 timeout 20 bash -c "$echoes"
done
if has traceroute; then
	check 'traceroute sees five routers' test "$($lab run -t line:5 traceroute -n server | wc -l)" = 7
else
	skip 'traceroute sees five routers' 'no traceroute here'
fi
if has ping; then
	# Of the first 200; with -w, ping goes on until as many are answered, and so waits for the last of them.
	answered() {
		$lab run -t lossy --seed 7 ping -n -c 200 -i 0.002 -w 60 server | sed -n 's/.*icmp_seq=\([0-9]*\).*/\1/p' |
			sort -n | awk '$1 <= 200'
	}
	first=$(answered)
	check 'some pings are lost' test "$(echo "$first" | wc -l)" -lt 200
	check 'the same ones each time' test "$(answered)" = "$first"
	if [ -n "$user" ]; then
		ours=$lab lab="$SONDE lab"
		check 'the same ones as for root' test "$(answered)" = "$first"
		lab=$ours
	fi
else
	skip 'pings are lost' 'no ping here'
fi

check 'up' $lab up -t line:2
check 'exec' $lab exec r1 sh -c 'test "$(hostname)" = r1 && test "$(id -u)" = 0'
check 'list' sh -c '"$@" | grep -q "^lab  *line:2"' sh $lab list
check 'up with faults and a capture' $lab up --name lossy -t lossy --seed 7 -w "$tmp/runtime/capture"
check 'frames pass' $lab exec lossy client sonde connect -W 10s 10.0.0.2 7
check 'and are counted' sh -c '"$@" | grep -q "^  client to server: [1-9]"' sh $lab list -v
check 'down' $lab down lossy
check 'and captured' sh -c '"$0" read -q "$1" | grep -q "10.0.0.2"' "$SONDE" "$tmp/runtime/capture"
rm -f "$tmp/runtime/capture"
if [ -n "$user" ]; then
	expect 125 "another user does not see it" env XDG_RUNTIME_DIR="$tmp" "$SONDE" lab exec client true
	rmdir "$tmp/sonde-0" 2>/dev/null
fi
check 'down' $lab down
expect 0 'nothing is left' $lab list
says 'at all' ''
