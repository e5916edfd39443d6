#!/bin/sh
# A sample of `make identities`: a test in the identities that the others are not run in.
. "$LIB"
[ "$(id -u)" -eq 0 ] || skip_all 'only root can become the others'
has setpriv && has capsh && has setcap || skip_all 'no setpriv(1), capsh(1) or setcap(8)'

for identity in sudo capable nobody; do
	expect 0 "as $identity" env IDENTITIES=$identity tests/lab/identities.sh tests/lab/test_ping_arp.sh
	echo "$out" | sed -n 's/^  skipped: /# skipped: /p'
done
