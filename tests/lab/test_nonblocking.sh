#!/bin/sh
# A stdout that does not wait (O_NONBLOCK), as event loops leave it, loses nothing: pipes and sockets, read slowly, and
# the open file that others share stays as it is.
. "$LIB"
has python3 || skip_all 'no python3 to make such a stdout'

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cat >"$tmp/slow.py" <<'PYTHON'
import os, socket, subprocess, sys, time
kind, command = sys.argv[1], sys.argv[2:]
if kind == "socket":
    ours, theirs = socket.socketpair()
    r, w = ours.detach(), theirs.detach()
else:
    r, w = os.pipe()
os.set_blocking(w, False)
child = subprocess.Popen(command, stdout=w)
time.sleep(0.3)
assert not os.get_blocking(w), "our end waits now"
os.close(w)
while data := os.read(r, 65536):
    sys.stdout.buffer.write(data)
    time.sleep(0.001)
sys.stdout.flush()
sys.exit(child.wait())
PYTHON

# whole TITLE COMMAND...: its output through either is that through a file.
whole() {
	what=$1
	shift
	"$@" >"$tmp/want"
	for kind in pipe socket; do
		timeout 60 python3 "$tmp/slow.py" $kind "$@" >"$tmp/got"
		check "$what, $kind: ends well" test $? = 0
		check "$what, $kind: $(wc -c <"$tmp/want") bytes" cmp "$tmp/want" "$tmp/got"
	done
}

set -- ip src=10.0.0.1 dst=10.0.0.2 id=1 / udp sport=1 dport=1-5000
whole 'packets' "$SONDE" send --dry-run -o packets "$@"
whole 'trees' "$SONDE" send --dry-run "$@"
"$SONDE" send -q --dry-run -w "$tmp/c.pcapng" "$@"
whole 'a capture' "$SONDE" read -q "$tmp/c.pcapng"
closed_pipe() {
	timeout 20 python3 -c '
import os, subprocess, sys
r, w = os.pipe()
os.set_blocking(w, False)
os.close(r)
sys.exit(subprocess.run(sys.argv[1:], stdout=w).returncode != -13)' "$@"
}
check 'a pipe that nobody reads ends it' closed_pipe "$SONDE" read "$tmp/c.pcapng"
