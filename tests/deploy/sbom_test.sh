#!/usr/bin/env bash
# The bill of materials: the same bytes twice, JSON, and every library that the program loads is in it.
set -euo pipefail
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000
script=${CHATHAM_SOURCE:?}/deploy/sbom.sh
program=${CHATHAM_BUILD:?}/chathamd
command -v dpkg-query >/dev/null && command -v python3 >/dev/null || { echo "skipped: no dpkg-query or python3"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
echo "sqlcipher 4.6.1-2 $(printf '%064d' 7)" >"$dir/note"
bash "$script" chatham-server 0.1.0 "$dir/note" "$program" >"$dir/one"
bash "$script" chatham-server 0.1.0 "$dir/note" "$program" >"$dir/two"
cmp "$dir/one" "$dir/two"
! SOURCE_DATE_EPOCH= bash "$script" chatham-server 0.1.0 "" "$program" >/dev/null 2>&1
! bash "$script" chatham-server 0.1.0 "$dir/nowhere" "$program" >/dev/null 2>&1
python3 - "$dir/one" <<'PYTHON'
import json, sys
bill = json.load(open(sys.argv[1]))
assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
names = [part["name"] for part in bill["components"]]
for name in ["libc6", "libssl3", "libsodium23", "libvectorscan5", "sqlcipher"]:
    assert any(got.startswith(name.rstrip("0123456789")) for got in names), name
assert len(set(names)) == len(names)
assert {part["bom-ref"] for part in bill["components"]} == set(bill["dependencies"][0]["dependsOn"])
PYTHON
