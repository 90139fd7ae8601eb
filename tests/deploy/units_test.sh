#!/usr/bin/env bash
# The units: what systemd itself thinks of their restrictions, without running them. The threshold is the promise; a unit that gives up
# its restrictions must be seen.
set -euo pipefail
export LC_ALL=C
deploy=${CHATHAM_SOURCE:?}/deploy
most=1.5
command -v systemd-analyze >/dev/null || { echo "skipped: no systemd-analyze"; exit 77; }
systemd-analyze security --help 2>/dev/null | grep -q -- --offline || { echo "skipped: a systemd without --offline"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }
exposure() { systemd-analyze security --offline=true --no-pager "$1" | sed -n 's/.*exposure level for [^:]*: \([0-9.]*\) .*/\1/p'; }
within() { awk -v got="$1" -v most=$most 'BEGIN {exit !(got != "" && got <= most)}'; }

for unit in "$deploy"/*.service; do
  got=$(exposure "$unit")
  within "$got" || fail "${unit##*/} is exposed: $got"
  echo "ok: ${unit##*/} $got"
done
sed '/^CapabilityBoundingSet=/d; /^SystemCall/d; /^Private/d; /^Restrict/d' "$deploy/chathamd.service" >"$dir/open.service"
! within "$(exposure "$dir/open.service")" || fail "a unit without its restrictions passes"

for unit in "$deploy"/*.service "$deploy"/*.socket "$deploy"/*.timer; do
  [ ! -e "$unit" ] || sed "s,/usr/bin/chathamd,${CHATHAM_BUILD:?}/chathamd," "$unit" >"$dir/${unit##*/}"
done
rm "$dir/open.service"
systemd-analyze verify --man=no --recursive-errors=no "$dir"/chathamd* 2>"$dir/said" || { cat "$dir/said" >&2; fail "systemd doubts the units"; }
! grep chathamd "$dir/said" || fail "systemd warns of the units"
