#!/usr/bin/env bash
# Socket activation and news without a service manager: manager.py stands in for one.
set -euo pipefail
here=${CHATHAM_SOURCE:?}/tests/server
chathamd=${CHATHAM_BUILD:?}/chathamd
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
[ -r /proc/$$/task/$$/children ] || { echo "skipped: no list of children in /proc"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$chathamd" init --state "$dir/s" --name "Handed over" >/dev/null
python3 "$here/manager.py" "$chathamd" "$dir/s" 2>"$dir/err" || { tail -n 20 "$dir/err" >&2; exit 1; }
