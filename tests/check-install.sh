#!/bin/sh
# What `make install` puts there is enough to build the examples with pkg-config's words alone, and `make uninstall`
# leaves nothing behind.
set -u
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make} CC=${CC:-cc} SAN=${SAN-}
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT

quietly() {
	"$@" >"$root.log" 2>&1 || { cat "$root.log"; rm -f "$root.log"; exit 1; }
	rm -f "$root.log"
}

again() {
	quietly env -u MAKEFLAGS -u MAKELEVEL "$MAKE" "$@" CC="$CC" SAN="$SAN" DESTDIR="$root" PREFIX=/usr
}

again install
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$root/usr/lib/pkgconfig"
words=$(pkg-config --cflags --libs sonde) || exit 1
[ -n "$SAN" ] && words="$words -fsanitize=address,undefined"
for example in examples/*.c; do
	[ -f "$example" ] || continue
	quietly $CC -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$root/example" "$example" $words
	needed=$(objdump -p "$root/example" | awk '/NEEDED/ { print $2 }')
	echo "$needed" | grep -qx libsonde.so.0 || { echo "$example is not linked to libsonde.so.0"; exit 1; }
done
rm -f "$root/example"

again uninstall
left=$(find "$root" -type f -o -type l)
[ -z "$left" ] && exit 0
echo "make uninstall leaves:"
echo "$left"
exit 1
