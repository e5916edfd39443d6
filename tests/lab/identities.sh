#!/bin/sh
# Run the lab tests, all or those named, in each of the four identities that users have: as root by sudo(8), as root
# without it, as a user whose sonde has file capabilities, and as nobody. `make identities` calls this, as root; what
# cannot be done in an identity is skipped, and says why. IDENTITIES names some of sudo, root, capable and nobody.
set -u
umask 022
cd "$(dirname "$0")/../.." || exit 1
# Not the folders of whoever calls this: others may not look for commands there.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
SONDE=${SONDE:-$PWD/${BUILD:-build}/sonde}
IDENTITIES=${IDENTITIES:-sudo root capable nobody}
export SONDE
user=1234
capabilities=cap_net_raw,cap_net_admin+ep

[ "$(id -u)" -eq 0 ] || { echo 'identities.sh: only root can become the others' >&2; exit 1; }
for command in setpriv capsh setcap; do
	command -v $command >/dev/null || { echo "identities.sh: no $command(1)" >&2; exit 1; }
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$tmp"

# as_NAME TEST...: run them in this identity.

as_sudo() {
	env SUDO_UID="${SUDO_UID:-$user}" SUDO_GID="${SUDO_GID:-$user}" SUDO_USER="${SUDO_USER:-somebody}" \
		tests/lab/run.sh "$@"
}

as_root() {
	env -u SUDO_UID -u SUDO_GID -u SUDO_USER tests/lab/run.sh "$@"
}

# The tests arrange the network, as a user who has all capabilities; none of them goes on to a command that has some of
# its file.
as_capable() {
	all=$(capsh --print | sed -n 's/^Bounding set =//p')
	mkdir "$tmp/capable" "$tmp/capable/bin" "$tmp/capable/tmp"
	install -m 755 "$SONDE" "$tmp/capable/bin/sonde"
	setcap $capabilities "$tmp/capable/bin/sonde" || return
	ln -s "$(dirname "$SONDE")/tests" "$tmp/capable/bin/tests"
	mkdir -m 700 "$tmp/capable/tmp/run"
	chown -R $user:$user "$tmp/capable/tmp"
	cat >"$tmp/capable/become" <<-BECOME
		#!/bin/sh
		PATH=$tmp/capable/bin:\$PATH TMPDIR=$tmp/capable/tmp HOME=$tmp/capable/tmp XDG_RUNTIME_DIR=$tmp/capable/tmp/run
		export PATH TMPDIR HOME XDG_RUNTIME_DIR
		exec capsh --keep=1 --gid=$user --groups= --inh="$all" --uid=$user --addamb="$all" -- -c 'exec "\$0" "\$@"' "\$@"
	BECOME
	chmod 755 "$tmp/capable/become"
	env -u SUDO_UID -u SUDO_GID -u SUDO_USER LAB="$SONDE" SONDE="$tmp/capable/bin/sonde" \
		BECOME="$tmp/capable/become" tests/lab/run.sh "$@"
}

# Its labs are in a user namespace, in which it is root, and there is no other user.
as_nobody() {
	mkdir "$tmp/nobody"
	mkdir -m 700 "$tmp/nobody/run"
	chown -R 65534:65534 "$tmp/nobody"
	env -u SUDO_UID -u SUDO_GID -u SUDO_USER TMPDIR="$tmp/nobody" HOME="$tmp/nobody" XDG_RUNTIME_DIR="$tmp/nobody/run" \
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all tests/lab/run.sh "$@"
}

# Others than root may have no way to the sources.
others_read() {
	setpriv --reuid=$user --regid=$user --clear-groups --inh-caps=-all test -x "$SONDE" -a -r tests/lab/run.sh
}

for identity in $IDENTITIES; do
	case $identity in
	capable | nobody) others_read || { echo "  skipped: as $identity: others may not read $PWD"; continue; } ;;
	esac
	as_$identity "$@" >"$tmp/out" 2>&1
	awk -v name="as $identity" -v status=$? -v counts="$tmp/counts" -f tests/count.awk "$tmp/out"
done
touch "$tmp/counts"
awk '{ passed += $1; failed += $2; skipped += $3 }
	END {
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0
	}' "$tmp/counts"
