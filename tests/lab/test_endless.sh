#!/bin/sh
# What is named as a file may have no end: /dev/zero, or a pipe that somebody writes into for ever. Each command that
# keeps what it reads ends by itself, with a reason, in bounded memory; one that reads a stream stays in that memory.
. "$LIB"
"$SONDE" read -v captures/tcp.pcapng 2>&1 | grep -q AddressSanitizer && skip_all 'AddressSanitizer needs all address space'

tmp=$(mktemp -d)
writers=
trap 'kill $writers 2>/dev/null; rm -rf "$tmp"' EXIT

# pipe NAME COMMAND...: a pipe that the command writes into for ever, at most for a minute.
pipe() {
	mkfifo "$tmp/$1" || exit 1
	to=$tmp/$1
	shift
	while timeout 60 "$@" >"$to" 2>/dev/null; [ -d "$tmp" ]; do :; done &
	writers="$writers $!"
}
pipe zeros cat /dev/zero
pipe words yes word
pipe comments yes '#'
pipe packets yes 'ip dst=10.0.0.2 / udp'
pipe digits yes 000102030405060708090a0b0c0d0e0f
pipe addresses yes 10.0.0.1

title() {
	echo "$*" | sed "s|$tmp/||g; s|$SONDE|sonde|g"
}

# ends STATUS COMMAND...: the command refuses what it reads, in 1.5 GB of address space.
ends() {
	want=$1
	shift
	status=$(ulimit -v 1500000; timeout -k 1 60 "$@" </dev/null >"$tmp/out" 2>&1; echo $?)
	if [ "$status" -eq "$want" ] && [ -s "$tmp/out" ]; then
		echo "ok - $(title "$@")"
	else
		echo "not ok - $(title "$@")"
		echo "# status $status, said: $(tail -c 300 "$tmp/out")"
	fi
}

# streams COMMAND...: the command ends by itself, or goes on reading in 300 MB of address space.
streams() {
	status=$(ulimit -v 300000; timeout -k 1 3 "$@" </dev/null >"$tmp/out" 2>&1; echo $?)
	case $status in
	2 | 124) echo "ok - $(title "$@")" ;;
	*)
		echo "not ok - $(title "$@")"
		echo "# status $status, said: $(tail -c 300 "$tmp/out")"
		;;
	esac
}

for file in /dev/zero "$tmp/zeros" "$tmp/words"; do
	ends 2 "$SONDE" send --dry-run ip dst=10.0.0.2 / udp / "file:$file"
	ends 2 "$SONDE" send --dry-run ip dst=10.0.0.2 / udp --set "udp / file:$file"
	ends 2 "$SONDE" send --dry-run -r "$file"
	ends 2 "$SONDE" ping --dry-run -T "$file"
	ends 2 "$SONDE" read "$file"
	ends 125 "$SONDE" lab run -t "$file" true
	ends 2 "$SONDE" lab show "$file"
	streams "$SONDE" read --hex ether "$file"
done
ends 2 "$SONDE" send --dry-run -f /dev/zero
ends 2 "$SONDE" send --dry-run -f "$tmp/words"
ends 2 "$SONDE" send --dry-run -f "$tmp/packets"
ends 2 "$SONDE" ping --dry-run -T "$tmp/comments"
ends 2 "$SONDE" ping --dry-run -T "$tmp/addresses"
ends 2 "$SONDE" ping --dry-run ::/0
ends 2 "$SONDE" ping --dry-run 10.0.0.0/24 --exclude 0.0.0.0-255.255.255.255
streams "$SONDE" read --hex ether "$tmp/digits"
ends 2 sh -c "cat /dev/zero | '$SONDE' send --dry-run -r -"
