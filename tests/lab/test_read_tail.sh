#!/bin/sh
# sonde read --tail: files that grow, are cut, replaced, and compressed.
. "$LIB"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
tcp=captures/tcp.pcapng
"$SONDE" read -q $tcp >"$tmp/lines"

# start ARGUMENT...: read beside this.
start() {
	"$SONDE" read --tail "$@" >"$tmp/out" 2>"$tmp/err" &
	read=$!
}
lines() {
	[ "$(wc -l <"$tmp/out")" = "$1" ]
}
# end STATUS TITLE: it ends, with this status.
end() {
	wait $read
	check "$2" test $? -eq "$1"
}

: >"$tmp/g"
start "$tmp/g"
head -c 500 $tcp >>"$tmp/g"
check 'what is whole is shown' await lines 2
tail -c +501 $tcp >>"$tmp/g"
check 'and what comes' await lines 9
check 'is what is in the file' cmp "$tmp/out" "$tmp/lines"
kill -INT $read
end 0 'Ctrl-C ends it'
check 'with its ledger' grep -q '^9 read, 9 decoded' "$tmp/err"

head -c 500 $tcp >"$tmp/g"
start -w "$tmp/copy.pcapng" "$tmp/g"
check 'a copy' await sh -c "'$SONDE' read -q '$tmp/copy.pcapng' 2>/dev/null | sed -n 2p | grep -q ."
kill -TERM $read
end 0 'is in its file while it grows, and ends in the middle of a block'
check 'without a complaint' sh -c "! grep -q 'is truncated' '$tmp/err'"

head -c 500 $tcp >"$tmp/g"
start -c 3 "$tmp/g"
await lines 2
tail -c +501 $tcp >>"$tmp/g"
end 0 'so many packets'
check 'are shown' lines 3

for ending in gz zst lz4; do
	"$SONDE" read -q --count -w "$tmp/g.$ending" $tcp >"$tmp/n"
	start "$tmp/g.$ending"
	check "a file compressed to .$ending" await lines 9
	cat "$tmp/g.$ending" >>"$tmp/g.$ending.more"
	cat "$tmp/g.$ending.more" >>"$tmp/g.$ending"
	check 'grows by compressed frames' await lines 18
	kill -INT $read
	end 0 'and ends'
done

cp $tcp "$tmp/g"
start "$tmp/g"
await lines 9
: >"$tmp/g"
end 1 'a file that is cut ends it'
check 'and is told' grep -q ': .*/g was cut while it was read: nothing more comes from it$' "$tmp/err"
for what in 'cp $tcp $tmp/h && mv $tmp/h $tmp/g' 'rm $tmp/g' 'mv $tmp/g $tmp/h'; do
	cp $tcp "$tmp/g"
	start "$tmp/g"
	await lines 9
	eval "$what"
	end 1 "$what: ends it"
	check 'and is told' grep -q ': .*/g was renamed, removed or replaced: nothing more comes from it$' "$tmp/err"
done
expect 2 'two files' "$SONDE" read --tail $tcp $tcp
says 'are refused' 'sonde read: --tail takes one FILE, a capture'
