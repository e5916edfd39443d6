#!/bin/sh
# The demo: it runs, also on a machine that knows no names, fits 100 columns, and explains what is strange in it.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

check 'the demo runs' examples/demo.sh
shown=$out
expect 1 'and fits 100 columns' sh -c 'echo "$0" | grep -E ".{101}"' "$shown"
out=$shown
for pattern in '80/tcp  open' '8/tcp  closed' '81/tcp  filtered' '7/udp  open' '9/udp  closed' 'icmp  up' 'icmp6  up' \
	'443/tcp  open' ' arp who-has 10.0.0.2 tell ' '^frame time='; do
	tells "it shows $pattern" "$pattern"
done
for word in '`checksum=partial` is' '`length` is' 'ARP' '(`flags=R`)'; do
	tells "it explains $word" "$word"
done
if unshare -Urm true 2>/dev/null; then
	mkdir "$tmp/etc"
	[ -e /etc/alternatives ] && cp -a /etc/alternatives "$tmp/etc"
	check 'without names in /etc' unshare -Urm sh -c 'mount --bind "$0" /etc && mount -o remount,bind,ro "$0" /etc && exec examples/demo.sh' "$tmp/etc"
	tells 'it shows the same' '443/tcp  open'
fi
