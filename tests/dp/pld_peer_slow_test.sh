#!/usr/bin/env bash
# The fifty schedules beside dp-accounting itself, where it is installed: by `./dev bench --peers pld`, or in the system's Python.
set -euo pipefail
source_root=${CHATHAM_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
build=${CHATHAM_BUILD:-$source_root/build/dev}
python=$source_root/build/peers/venv/bin/python
[ -x "$python" ] || python=python3
command -v "$python" >/dev/null || { echo "no Python: not compared"; exit 77; }
"$python" -c 'import dp_accounting' 2>/dev/null || { echo "no dp-accounting: not compared"; exit 77; }
"$build/pld_bench" --settings | "$python" "$source_root/tests/bench/peer_pld.py" --check
