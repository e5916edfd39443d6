#!/bin/sh
# What `make install` puts there: one header and one folder on the include path. With pkg-config's words alone it is
# enough to build the examples, in C and in C++, each in under 40 lines, and a program in strict C++17. `make uninstall`
# leaves nothing behind.
set -u
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make} CC=${CC:-cc} SAN=${SAN-}
case $CC in *clang*) CXX=clang++ ;; *) CXX=g++ ;; esac
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
include=$root/usr/include

quietly() {
	"$@" >"$root.log" 2>&1 || { cat "$root.log"; rm -f "$root.log"; exit 1; }
	rm -f "$root.log"
}

again() {
	quietly env -u MAKEFLAGS -u MAKELEVEL "$MAKE" "$@" CC="$CC" SAN="$SAN" DESTDIR="$root" PREFIX=/usr
}

again install
left=$(cd "$include" && ls -A | grep -vx -e sonde -e sonde.h)
[ -z "$left" ] || { echo "on the include path is also: $left"; exit 1; }
export PKG_CONFIG_SYSROOT_DIR="$root" PKG_CONFIG_LIBDIR="$root/usr/lib/pkgconfig"
words=$(pkg-config --cflags --libs sonde) || exit 1
[ "$(pkg-config --cflags sonde)" = "-I$include " ] || [ "$(pkg-config --cflags sonde)" = "-I$include" ] ||
	{ echo "pkg-config asks for more than -I$include: $(pkg-config --cflags sonde)"; exit 1; }
[ -n "$SAN" ] && words="$words -fsanitize=address,undefined"
for example in examples/*.c; do
	[ "$(wc -l <"$example")" -lt 40 ] || { echo "$example has 40 lines or more"; exit 1; }
	quietly $CC -std=c17 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$root/example" "$example" $words
	needed=$(objdump -p "$root/example" | awk '/NEEDED/ { print $2 }')
	echo "$needed" | grep -qx libsonde.so.0 || { echo "$example is not linked to libsonde.so.0"; exit 1; }
done

# Each header by itself, too, in C as standards have it.
for header in $(cd "$include" && find . -name '*.h' | sed 's|^\./||'); do
	printf '#include <%s>\n#include <%s>\n' "$header" "$header" >"$root/header.c"
	quietly $CC -std=c17 -Wall -Wextra -Werror -I "$include" -fsyntax-only "$root/header.c"
done

# -Wpedantic: no compound literals and designated initialisers either, which C++17 has not.
cat >"$root/program.cc" <<'TEXT'
#include <sonde.h>
#include <string>

int main()
{
	char out[SONDE_ADDR_STRLEN];
	sonde_addr addr;
	if (sonde_addr_parse(&addr, nullptr, "2001:db8::1", 11) || !sonde_addr_len(&addr))
		return 1;
	return std::string(sonde_addr_format(out, &addr)) != "2001:db8::1";
}
TEXT
cxx="$CXX -std=c++17 -Wall -Wextra -Wpedantic -Werror"
command -v $CXX >/dev/null || { echo "no $CXX here"; exit 77; }
for example in examples/*.c; do
	quietly $CXX -std=c++17 -Wall -Werror -x c++ -fsyntax-only -I "$include" "$example"
done
quietly $cxx -o "$root/program" "$root/program.cc" $words
LD_LIBRARY_PATH=$root/usr/lib quietly "$root/program"
rm -f "$root/example" "$root/program" "$root/program.cc" "$root/header.c"

again uninstall
left=$(find "$root" -type f -o -type l)
[ -z "$left" ] && exit 0
echo "make uninstall leaves:"
echo "$left"
exit 1
