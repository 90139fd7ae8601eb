#!/usr/bin/env bash
# The bill of materials against the schema that its format publishes; the validator comes from Python's package index into a folder of
# this test.
. "$(dirname "$0")/package.sh"
needs python3 dpkg-query
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv" >/dev/null 2>&1 || skip "no venv"
"$dir/venv/bin/pip" -q install 'cyclonedx-python-lib[json-validation]' >/dev/null 2>&1 || skip "the validator cannot be installed"
package_build "$dir"
cat >"$dir/check.py" <<'PYTHON'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
sys.exit(JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read()) is not None)
PYTHON
for bill in "$build"/package/*/sbom.cdx.json; do
  "$dir/venv/bin/python" "$dir/check.py" "$bill" || fail "$bill breaks the schema"
  sed 's/"bomFormat"/"bonFormat"/' "$bill" >"$dir/bad"
  ! "$dir/venv/bin/python" "$dir/check.py" "$dir/bad" 2>/dev/null || fail "the validator takes anything"
done
