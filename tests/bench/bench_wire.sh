#!/bin/sh
# What the lab's wire carries: delays, and frames a second, over a link with a delay of 5 ms. BUILD is the build's folder.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${BUILD:-build}
net=$(mktemp) || exit 1
trap 'rm -f "$net"' EXIT
printf 'host client\nhost server\nlink client server delay 5ms\n' >"$net"

echo 'The wire of the lab, one link, delay 5 ms: offered frames a second, bytes, what arrived, delays in us'
for load in '1000 64' '10000 64' '50000 64' '100000 64' '200000 64' '200000 1400' '300000 64'; do
	rate=${load% *}
	"$build/sonde" lab run -t "$net" "$build/tests/lab/flood" server $((rate * 2)) "$rate" "${load#* }" 2>&1 |
		awk -v load="$load" '
			/^sent/ { sent = $2 } /^received/ { received = $2 } /^rate/ { rate = $2 }
			/^delay/ { delay = "p50 " $5 "  p99 " $9 "  max " $11 } /could not keep up/ { lost = $7 + 0 }
			END { split(load, l, " ")
				printf "%7d  %5d  %7d/s  %5.1f %%  %s\n", l[1], l[2], rate, 100 * received / sent, delay }'
done
