#!/bin/sh
# lab: pair
# sonde ping of more bytes than the MTU: in fragments, unless --df is given.
. "$LIB"

for family in 4 6; do
	check "-$family: 3000 bytes" sonde ping -$family -c 3 -i 20ms -s 3000 server
	tells "-$family: come back whole" '^3008 bytes from .*: seq=3 '
	tells "-$family: and are known to have left" '^3 sent, 3 received, 0 lost (0 %), time'
	check "-$family: with the kernel's times" sonde ping -$family --json -c 1 -s 3000 server
	tells "-$family: of the first fragment" '"type":"reply",.*"clock":"kernel frame",.*"size":3008,'
	check "-$family: as many as there can be" sonde ping -$family -c 2 -i 20ms -s 65507 server
	tells "-$family: come back, too" '^65515 bytes from .*: seq=2 '
	check "-$family: UDP" sonde ping -$family --udp -c 2 -i 20ms -s 5000 server
	expect 1 "-$family: with --df" sonde ping -$family --df -c 2 -i 20ms -s 3000 server
	tells "-$family: they are refused, in words of ping" "the interface's MTU is 1500 (without --df it goes out in fragments"
	tells "-$family: and counted" '^not sent: 2 mtu$'
done
check 'many' sonde ping -q -c 300 -i 1ms -s 1600 10.0.0.2
tells 'are all fragmented' '^300 sent, 300 received, 0 lost (0 %)'
check 'of sizes around the MTU' sonde ping -q -c 200 -i 1ms -s 1400-1599 10.0.0.2
tells 'none is lost' '^200 sent, 200 received, 0 lost (0 %)'
check 'changed by --set' sonde ping -c 2 -i 20ms -s 3000 --set 'ip tos=4' 10.0.0.2
expect 2 'more than IP can carry' sonde ping -s 65508 10.0.0.2
tells 'is refused' 'from 0 to 65507'

# As a capture has them.
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
check 'in a file' sonde ping -q -c 1 -s 3000 -w "$tmp/frames" 10.0.0.2
check 'there are three each way' test "$(sonde read -q -o packets "$tmp/frames" | grep -c 'ip .*src=10.0.0.1 ')" = 3

has setpriv || { skip 'without privilege' 'no setpriv(1)'; exit; }
chmod 755 "$tmp"
install -m 755 "$SONDE" "$tmp/sonde" || exit 1
allow_echoes
for family in 4 6; do
	set -- $unprivileged "$tmp/sonde" ping -$family -c 2 -i 20ms
	check "-$family: without privilege" "$@" -s 3000 server
	tells "-$family: the kernel does the same" '^3008 bytes from .*: seq=2 '
	expect 1 "-$family: with --df" "$@" -s 3000 --df server
	tells "-$family: it refuses" '^not sent: 2 mtu$'
done
