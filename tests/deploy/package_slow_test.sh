#!/usr/bin/env bash
# The packages in a fresh Debian that boots with systemd in a namespace of its own (package_trial.sh is what happens inside): installed,
# founded, started by a connection, a member served, upgraded, removed, purged, and nothing left behind. About two minutes, most of it
# debootstrap.
. "$(dirname "$0")/package.sh"
[ "$(id -u)" = 0 ] || skip "needs root"
needs debootstrap systemd-nspawn dpkg-deb cpack lowdown
mirror=$(bash "${CHATHAM_SOURCE:?}/deploy/mirror.sh")
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
dir=$(mktemp -d)
house=$dir/house
finish() { ! mountpoint -q "$house/proc" || umount "$house/proc"; rm -rf "$dir"; }
trap finish EXIT
inside() { chroot "$house" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }

package_build "$dir"
mkdir "$house"
debootstrap --variant=minbase "$suite" "$house" "$mirror" >"$dir/log" 2>&1 || { tail -n 3 "$dir/log" >&2; skip "debootstrap cannot reach a mirror"; }
mkdir "$house/trial"
cp "$dir"/*.deb "$house/trial/"
cp "$(dirname "$0")/package_trial.sh" "$house/trial/trial.sh"
cp /etc/resolv.conf "$house/etc/"
mount -t proc proc "$house/proc"
inside apt-get update -q >"$dir/log" 2>&1 || skip "apt reaches no mirror from inside"
for package in "$house"/trial/*.deb; do
  inside apt-get satisfy -qy --no-install-recommends "systemd, dbus, $(dpkg-deb -f "$package" Depends)" >"$dir/log" 2>&1 ||
    { tail "$dir/log" >&2; fail "what ${package##*/} depends on cannot be installed"; }
done
umount "$house/proc"

# The next version is the same files under a higher number.
for package in "$house"/trial/chatham-server_*.deb; do
  dpkg-deb -R "$package" "$dir/next"
  sed -i 's/^Version: .*/&+next/' "$dir/next/DEBIAN/control"
  dpkg-deb -b "$dir/next" "$house/trial/next.deb" >/dev/null
done

files() { (cd "$house" && find . -xdev \( -path ./trial -o -path ./var/lib/dpkg -o -path ./var/log -o -path ./var/cache -o -path ./tmp -o -path ./var/tmp -o -path ./run -o -path ./dev \) -prune -o -print | sort); }
boot() { # STAGE: boots, runs the stage, and says how it ended
  echo "$1" >"$house/trial/stage"
  rm -f "$house/trial/passed"
  # What the namespace's own filter would forbid to the units inside: to lock memory (within the unit's limit), to confine themselves.
  timeout --foreground 600 systemd-nspawn --register=no --keep-unit -q --capability=CAP_IPC_LOCK \
    --system-call-filter="seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self" -D "$house" -b systemd.unit=trial.target \
    >"$dir/boot" 2>&1 </dev/null || true
  [ -e "$house/trial/log" ] || { tail -n 5 "$dir/boot" >&2; skip "systemd does not boot in a namespace here"; }
  [ -e "$house/trial/passed" ] || { tail -n 60 "$house/trial/log" >&2; fail "stage $1"; }
  echo "ok: $1"
}
cat >"$house/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=bash /trial/trial.sh
ExecStopPost=systemctl poweroff -ff
UNIT
cat >"$house/etc/systemd/system/trial.target" <<'UNIT'
[Unit]
Requires=multi-user.target trial.service
UNIT
boot nothing # what a boot itself leaves is no fault of ours
files >"$dir/before"
boot whole
files >"$dir/after"
diff "$dir/before" "$dir/after" >&2 || fail "files are left behind"
! grep -q chatham "$house"/etc/passwd "$house"/etc/group || fail "a user is left behind"
if command -v lintian >/dev/null; then
  lintian --fail-on error,warning "$dir"/*.deb >&2 || fail lintian
else
  echo "no lintian here: not asked"
fi
