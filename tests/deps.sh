#!/bin/sh
# deps.sh [--install] build|check|demo|bench|fuzz: is what this goal needs on this machine? Headers are asked for
# only when a source includes them. What is missing is installed (Debian, as root, with --install), or named, one
# line each, with status 1.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH=$PATH:/usr/sbin:/sbin

install=
[ "${1-}" = --install ] && install=1 && shift
goal=${1-build}
CC=${CC:-cc}

packages='
command ip iproute2
command nft nftables
command ps procps
command pkg-config pkg-config
command ping iputils-ping
command traceroute traceroute
command tcpdump tcpdump
command capsh libcap2-bin
command fping fping
command parallel parallel
command g++ g++
command clang++ clang
header stdio.h libc6-dev
header pcap.h libpcap-dev
header pcap/pcap.h libpcap-dev
header libnet.h libnet1-dev
header libmnl/libmnl.h libmnl-dev
header sys/capability.h libcap-dev
header seccomp.h libseccomp-dev
header zlib.h zlib1g-dev
header zstd.h libzstd-dev
header lz4frame.h liblz4-dev
header curses.h libncurses-dev
header ncurses.h libncurses-dev
header cmocka.h libcmocka-dev
header dumbnet.h libdumbnet-dev
'

case $CC in *clang*) cxx=clang++ ;; *) cxx=g++ ;; esac
case $goal in
build) commands='' folders='lib tools' ;;
check) commands="ip nft ps pkg-config ping traceroute tcpdump capsh parallel $cxx" folders='lib tools tests/unit tests/fuzz examples' ;;
demo) commands='ip nft ps' folders='lib tools' ;;
bench) commands='ip nft ping tcpdump fping' folders='lib tools tests/bench' ;;
fuzz) commands='' folders='lib tests/fuzz' ;;
*) echo "deps.sh: no goal '$goal'" >&2; exit 2 ;;
esac

compiler_package() {
	case $CC in
	*clang*) echo clang ;;
	*) echo gcc ;;
	esac
}

includes=$(find $folders -name '*.[ch]' -exec sed -n 's/^#include <\(.*\)>.*/\1/p' {} + 2>/dev/null | sort -u)

wanted() {
	case $1 in
	command) echo " $commands " | grep -q " $2 " ;;
	header) echo "$includes" | grep -qx "$2" ;;
	esac
}

there() {
	case $1 in
	command) command -v "$2" >/dev/null ;;
	header)
		if command -v "${CC%% *}" >/dev/null; then
			echo "#include <$2>" | $CC -E - >/dev/null 2>&1
		else
			ls "/usr/include/$2" /usr/include/*-linux-*/"$2" 2>/dev/null | grep -q .
		fi
		;;
	esac
}

fuzzer_links() {
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
		$CC -fsanitize=fuzzer -x c -o /dev/null - 2>/dev/null
}

# Lines "what package" for all that is wanted and not there.
missing() {
	if ! command -v "${CC%% *}" >/dev/null; then
		echo "$CC $(compiler_package)"
	elif [ "$goal" = fuzz ] && ! fuzzer_links; then
		echo "libFuzzer libclang-rt-$($CC -dumpversion | cut -d. -f1)-dev"
	fi
	echo "$packages" | while read -r kind name package; do
		[ -n "$kind" ] && wanted "$kind" "$name" && ! there "$kind" "$name" && echo "$name $package"
	done
}

install_packages() {
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" </dev/null >&2
}

lacking=$(missing)
[ -z "$lacking" ] && exit 0
if [ -n "$install" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -q </dev/null >&2
	install_packages $(echo "$lacking" | cut -d' ' -f2 | sort -u)
	lacking=$(missing)
	# Which libFuzzer fits is known only once clang is there.
	[ "$goal" = fuzz ] && [ -n "$lacking" ] && install_packages $(echo "$lacking" | cut -d' ' -f2) && lacking=$(missing)
fi
[ -z "$lacking" ] && exit 0
echo "$lacking" | while read -r name package; do
	echo "missing: $name (Debian: apt-get install $package)" >&2
done
exit 1
