#!/bin/sh
# lab: pair
# sonde probe of a host that sends no more than a hundred RSTs a second: what is missing is asked again, more slowly,
# until each verdict is right.
. "$LIB"
ip netns exec server nft -f - <<'NFT'
table inet limited { chain out { type filter hook output priority 0;
	tcp flags & rst == rst limit rate over 100/second drop; }; }
NFT
for family in -4 -6; do
	expect 0 "$family: RSTs are limited" sonde probe --json $family server -p 1-300
	tells "$family: and each port has its state" '"type":"summary".*"open":3,"closed":296,"filtered":1,'
	tells "$family: after more than one pass" '"type":"summary".*"retransmitted":[1-9][0-9]'
done
