#!/usr/bin/env bash
# What chatham-audit writes is what docs/audit-run.schema.json says.
set -euo pipefail
command -v python3 >/dev/null || exit 77
cd "${CHATHAM_SOURCE:?}"
[ -e tests/samples/manifest.json ] || { echo "no samples: skipped"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for attack in probes at-rest isolation overlap; do
  "${CHATHAM_BUILD:?}/chatham-audit" run --attack $attack --out "$work/$attack.json" >/dev/null
done
exec python3 tests/audits/run_schema.py "$work"/*.json
