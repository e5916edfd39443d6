#!/bin/sh
# A lab is up in under 0.3 s, and its network is ready when COMMAND starts.
. "$LIB"

# The best of five: the machine may have other things to do.
best=9999
for i in 1 2 3 4 5; do
	begin=$(date +%s%N)
	"$SONDE" lab run true || best=99999
	took=$((($(date +%s%N) - begin) / 1000000))
	[ $took -lt $best ] && best=$took
done
if [ -n "${SAN-}" ]; then
	skip 'up and down in under 300 ms' 'sanitizers are slow'
else
	in_time 'up and down' $best 300
fi

# A network that is not ready shows in a SYN that goes again, a second later; a busy machine is only slow.
check 'the first connection, ten times' sh -c '
	for i in 1 2 3 4 5 6 7 8 9 10; do
		"$0" lab run timeout 10 bash -c "
			exec 3<>/dev/tcp/fd00::2/80 4<>/dev/tcp/10.0.0.2/80 &&
				awk \"/^Tcp:/ { again = \\\$13 } END { exit again != 0 }\" /proc/net/snmp" || exit 1
	done' "$SONDE"
