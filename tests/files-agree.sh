#!/bin/sh
# What others read of the files that sonde writes, on every capture below the folders given (default: captures/):
# a copy by sonde read -w, plain or compressed, is read by capinfos, editcap, mergecap and tcpdump with all
# of its packets, and tshark has the same of each packet of the original and of the copy: time, lengths, interface,
# direction, comment, and all of its bytes. A copy of the copy has its interfaces and their statistics.
set -u
cd "$(dirname "$0")/.." || exit 1
sonde=${SONDE:-build/sonde}
[ $# -gt 0 ] || set -- captures
for tool in tshark capinfos editcap mergecap tcpdump; do
	command -v $tool >/dev/null || { echo "needs $tool (Debian: apt-get install tshark tcpdump)"; exit 77; }
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

# count FILE: the packets in it, by capinfos.
count() {
	capinfos -c -M -r -T "$1" 2>/dev/null | cut -f2
}
# details FILE: what tshark has of each packet. An interface without a name has one in pcapng, and none in pcap.
details() {
	tshark -n -r "$1" -T fields -E occurrence=a -e frame.time_epoch -e frame.cap_len -e frame.len -e frame.interface_name \
		-e frame.packet_flags_direction -e frame.comment -e frame.encap_type 2>/dev/null | sed 's/	unknown	/		/'
	tshark -n -r "$1" -x 2>/dev/null
}
# summary FILE: interfaces and their statistics.
summary() {
	capinfos -M "$1" 2>/dev/null | grep -E 'Number of stat|  Name =|Filter string|Description ='
}
# tell FILE WHAT: something does not agree.
tell() {
	echo "$1: $2"
	bad=$((bad + 1))
}

find "$@" -type f ! -name '*.md' ! -name '*.tsv' ! -name '*.txt' ! -name '*.packets' | sort | {
	same=0 bad=0 apart=0 k=0
	while read -r file; do
		k=$((k + 1)) before=$bad
		case $((k % 4)) in 0) end=.gz ;; 1) end=.zst ;; 2) end=.lz4 ;; *) end= ;; esac
		copy=$tmp/copy.pcapng$end
		n=$("$sonde" read -q --count -w "$copy" "$file" 2>/dev/null) && [ "$n" = "$(count "$file")" ] ||
			{ apart=$((apart + 1)) && continue; }
		[ "$(count "$copy")" = "$n" ] || tell "$file" "capinfos has other packets in the copy$end"
		# There are captures that they do not write as pcapng, among them those without a packet.
		if [ "$n" -gt 0 ] && editcap "$file" "$tmp/edited" >/dev/null 2>&1; then
			editcap "$copy" "$tmp/edited" >/dev/null 2>&1 && [ "$(count "$tmp/edited")" = "$n" ] ||
				tell "$file" 'editcap'
			mergecap -w "$tmp/merged" "$copy" "$copy" 2>/dev/null && [ "$(count "$tmp/merged")" = $((2 * n)) ] ||
				tell "$file" 'mergecap'
		fi
		details "$file" >"$tmp/a"
		details "$copy" >"$tmp/b"
		cmp -s "$tmp/a" "$tmp/b" || tell "$file" "tshark: $(diff "$tmp/a" "$tmp/b" | sed -n 2p | cut -c 1-100)"
		"$sonde" read -q --count -w "$tmp/plain.pcapng" "$copy" >/dev/null
		summary "$copy" >"$tmp/a"
		summary "$tmp/plain.pcapng" | cmp -s - "$tmp/a" || tell "$file" 'a copy of the copy'
		if tcpdump -r "$file" --count >"$tmp/a" 2>/dev/null && [ "$n" -gt 0 ]; then
			tcpdump -r "$tmp/plain.pcapng" --count 2>/dev/null | cmp -s - "$tmp/a" || tell "$file" 'tcpdump'
		fi
		[ $bad = $before ] && same=$((same + 1))
	done
	echo "$same copies agree, with $bad mistakes in the others; sonde or capinfos reads $apart captures in part or not"
	[ "$bad" -eq 0 ]
}
