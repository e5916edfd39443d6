#!/bin/sh
# The names of a lab resolve whatever /etc has or lacks, the rest of it stays as it is, and the machine's own is not
# touched.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
unshare -Urm true 2>/dev/null || skip_all 'no namespaces here'

# with TITLE [ro] CHANGE: in a machine whose /etc is a copy that a shell's CHANGE was made to, read-only or not, names
# resolve.
with() {
	title=$1 options=bind
	shift
	[ "$1" = ro ] && options=bind,ro && shift
	rm -rf "$tmp/etc"
	mkdir -p "$tmp/etc/sub/deep"
	cp /etc/passwd /etc/group "$tmp/etc"
	echo '127.0.0.1 localhost' >"$tmp/etc/hosts"
	echo 'nameserver 127.0.0.1' >"$tmp/etc/resolv.conf"
	printf 'passwd: files\nhosts: files dns\ngroup: files\n' >"$tmp/etc/nsswitch.conf"
	echo secret >"$tmp/etc/secret"
	chmod 000 "$tmp/etc/secret"
	ln -s ../proc/self/mounts "$tmp/etc/mtab"
	ln -s ../../../proc/self/status "$tmp/etc/sub/deep/status"
	(cd "$tmp/etc" && eval "$1")
	find "$tmp/etc" -exec stat -c '%n %s %a %Y' {} + >"$tmp/before"
	check "$title: names resolve" unshare -Urm sh -c '
		mount --bind "$2" /etc && { [ $3 = bind ] || mount -o remount,$3 "$2" /etc; } || exit 77
		exec "$0" lab run sh -c "$1"' "$SONDE" '
			test "$(getent ahostsv4 server | head -n 1 | cut -d" " -f1)" = 10.0.0.2 &&
			test "$(getent ahostsv6 server | head -n 1 | cut -d" " -f1)" = fd00::2 &&
			! getent hosts example.net && test "$(getent passwd 0 | cut -d: -f1)" = root &&
			cat /etc/mtab /etc/sub/deep/status >/dev/null && stat /etc/secret >/dev/null &&
			echo hello | timeout 10 sonde connect server 7 | grep -q hello' "$tmp/etc" $options
	find "$tmp/etc" -exec stat -c '%n %s %a %Y' {} + >"$tmp/after"
	check 'and the machine'\''s /etc is as it was' cmp "$tmp/before" "$tmp/after"
}

with 'all is there' ''
with 'a read-only /etc' ro ''
with 'no hosts' 'rm hosts'
with 'no nsswitch.conf' 'rm nsswitch.conf'
with 'no resolv.conf' 'rm resolv.conf'
with 'none of them' 'rm hosts nsswitch.conf resolv.conf'
with 'none of them in a read-only /etc' ro 'rm hosts nsswitch.conf resolv.conf'
with 'links that lead nowhere' 'for f in hosts nsswitch.conf resolv.conf; do ln -sf ../run/none/$f $f; done'
with 'hosts are asked of DNS alone' 'printf "passwd: files\n hosts : dns\n" >nsswitch.conf'
with 'hosts are asked of services' 'echo "hosts: mymachines resolve [!UNAVAIL=return] myhostname dns" >nsswitch.conf'

rm -rf "$tmp/etc"
mkdir "$tmp/etc"
check 'an empty /etc: names resolve' unshare -Urm sh -c 'mount --bind "$1" /etc && exec "$0" lab run getent hosts server' \
	"$SONDE" "$tmp/etc"
check 'in a lab that stays, too' unshare -Urm sh -c '
	mount --bind "$1" /etc && export XDG_RUNTIME_DIR="$2" && "$0" lab up -q && "$0" lab exec client getent hosts server
	status=$?
	"$0" lab down && exit $status' "$SONDE" "$tmp/etc" "$tmp"
check 'nothing is left in it' rmdir "$tmp/etc"
