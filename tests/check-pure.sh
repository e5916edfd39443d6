#!/bin/sh
# The pure layers have no socket, file, clock, printing, exit, memory of their own or global state. Two checks: which
# system headers the sources include, and which symbols of the C library and which writable data the objects have. And
# no layer but io makes system calls: session, which owns memory, leaves them to it.
set -u
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
layers='base proto packet capture flow probe'

# What any file may use.
headers='stdarg.h stdbool.h stddef.h stdint.h inttypes.h limits.h string.h strings.h errno.h math.h'
symbols='bcmp memchr memcmp memcpy memmem memmove memset strcasecmp strchr strcmp strcpy strcspn strlen strncasecmp strncmp
	strrchr strspn strstr bsearch ceil exp fabs floor log lround pow sqrt _GLOBAL_OFFSET_TABLE_ __stack_chk_fail'

# What session may use besides.
memory='malloc calloc free snprintf'

# FILE WHAT REASON: what one file may use besides.
exceptions='
lib/base/text.c stdio.h formats into the caller memory
lib/base/text.c vsnprintf formats into the caller memory
lib/base/error.c stdio.h formats into the caller memory
lib/base/error.c vsnprintf formats into the caller memory
lib/base/error.c strerror the texts of the system errors are its own
lib/packet/spec.c stdlib.h a spec grows with its text, between init and free
lib/packet/spec.c realloc a spec grows with its text, between init and free
lib/packet/spec.c free a spec grows with its text, between init and free
lib/probe/asker.c stdlib.h questions are remembered between init and free
lib/probe/asker.c calloc questions are remembered between init and free
lib/probe/asker.c free questions are remembered between init and free
lib/packet/script.c stdlib.h a script grows with its text, between init and free
lib/packet/script.c calloc a script grows with its text, between init and free
lib/packet/script.c malloc a script grows with its text, between init and free
lib/packet/script.c realloc a script grows with its text, between init and free
lib/packet/script.c free a script grows with its text, between init and free
lib/probe/kept.c stdlib.h packets are kept between new and free
lib/probe/kept.c malloc packets are kept between new and free
lib/probe/kept.c free packets are kept between new and free
lib/probe/responder.c stdlib.h matches wait between init and free
lib/probe/responder.c malloc matches wait between init and free
lib/probe/responder.c free matches wait between init and free
lib/probe/conversation.c stdlib.h packets are remembered between init and free
lib/probe/conversation.c calloc packets are remembered between init and free
lib/probe/conversation.c free packets are remembered between init and free
lib/proto/registry.c tables made from the registry before main begins, and never changed
lib/flow/originator.c stdlib.h flows are remembered between init and free
lib/flow/originator.c calloc flows are remembered between init and free
lib/flow/originator.c free flows are remembered between init and free
lib/flow/relative.c stdlib.h connections are remembered between init and free
lib/flow/relative.c calloc connections are remembered between init and free
lib/flow/relative.c free connections are remembered between init and free
lib/flow/pool.c stdlib.h flows are kept between init and free
lib/flow/pool.c calloc flows are kept between init and free
lib/flow/pool.c realloc flows are kept between init and free
lib/flow/pool.c free flows are kept between init and free
lib/flow/tunnels.c stdlib.h tunnels are remembered between init and free
lib/flow/tunnels.c calloc tunnels are remembered between init and free
lib/flow/tunnels.c realloc tunnels are remembered between init and free
lib/flow/tunnels.c free tunnels are remembered between init and free
lib/flow/flows.c stdlib.h flows are kept between new and free
lib/flow/flows.c calloc flows are kept between new and free
lib/flow/flows.c free flows are kept between new and free
lib/flow/datagrams.c stdlib.h fragments are remembered between init and free
lib/flow/datagrams.c calloc fragments are remembered between init and free
lib/flow/flows_add.c stdlib.h the order of fragments that wait is made by datagrams.c
lib/flow/flows_add.c free the order of fragments that wait is made by datagrams.c
lib/flow/datagrams.c free fragments are remembered between init and free
lib/packet/reassemble.c stdlib.h packets wait for fragments between init and free
lib/packet/reassemble.c calloc packets wait for fragments between init and free
lib/packet/reassemble.c free packets wait for fragments between init and free
'

tmp=$(mktemp) || exit 1
trap 'rm -f "$tmp"' EXIT
folders=
for layer in $layers; do
	[ -d "lib/$layer" ] && folders="$folders lib/$layer"
done

for file in $(find $folders lib/session -name '*.c'); do
	[ -f "$BUILD/obj/${file%.c}.o" ] || { echo "$file is not built: run make first"; exit 1; }
done

excepted() {
	echo "$exceptions" | grep -q "^$1 $2 ."
}

includes() {
	find $folders -name '*.[ch]' -exec sed -n 's|^#include <\(.*\)>.*|& \1|p' /dev/null {} \; -print |
		awk '/^#include/ { waiting[++n] = $3; next } { for (i = 1; i <= n; i++) print $1, waiting[i]; n = 0 }'
}

# undefined FOLDER...
undefined() {
	find "$@" -name '*.c' | while read -r file; do
		nm -u "$BUILD/obj/${file%.c}.o" | awk -v file="$file" '{ print file, $NF }'
	done | sed 's/ __\([a-z]*\)_chk$/ \1/' | grep -Ev ' (sonde_|__(asan|ubsan|sanitizer|sancov|lsan)_|__u?(div|mod|divmod)ti[34]$|__popcountdi2$)'
}

writable() {
	find $folders -name '*.c' | while read -r file; do
		objdump -t "$BUILD/obj/${file%.c}.o" | awk -v file="$file" '
			/ O / && match($0, / \.(data|bss|tdata|tbss)(\.[^ \t]*)?[ \t]/) {
				section = substr($0, RSTART + 1, RLENGTH - 2)
				if (section !~ /^\.data\.rel\.ro/)
					print file, $NF
			}'
	done
}

# complain TEXT: lines "FILE WHAT" that are not excepted, each a mistake.
complain() {
	while read -r file what; do
		echo "$file $what" >>"$tmp"
		excepted "$file" "$what" || echo "$file: $1 $what"
	done
}

any_of() {
	echo "$@" | tr ' ' '|'
}

found=$(
	includes | grep -Ev " ($(any_of $headers))\$" | complain 'a pure layer may not include'
	undefined $folders | grep -Ev " ($(any_of $symbols))\$" | complain 'a pure layer may not use'
	undefined lib/session | grep -Ev " ($(any_of $symbols $memory))\$" | complain 'session leaves system calls to io, but uses'
	[ -n "${SAN-}" ] || writable | complain 'a pure layer has no global state, but here is'
)
unneeded=$(echo "$exceptions" | while read -r file what _; do
	[ -z "$file" ] || [ -n "${SAN-}" ] || grep -qx "$file $what" "$tmp" || echo "the exception \"$file $what\" is not needed any more"
done)
[ -z "$found$unneeded" ] && exit 0
printf '%s\n' "$found" "$unneeded" | sed '/^$/d'
exit 1
