#!/usr/bin/env bash
# The table of seeded leaks in docs/audits.md and the tests that seed them are the same list, and every test replaces something.
set -euo pipefail
source_root=${CHATHAM_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
named() { grep -o '`audits\.leak_[a-z_]*`' "$1" | tr -d '`' | sort -u; }
seeded() { for file in "$1"/leak_*_test.c; do file=${file##*/}; echo "audits.${file%_test.c}"; done | sort -u; }
differ() { diff <(named "$1") <(seeded "$2"); }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tests"
touch "$work/tests/leak_one_test.c"
echo '| a leak | an attack | `audits.leak_one` |' >"$work/table.md"
differ "$work/table.md" "$work/tests" || { echo "two lists alike were told apart"; exit 1; }
touch "$work/tests/leak_two_slow_test.c"
if differ "$work/table.md" "$work/tests" >"$work/said"; then echo "a leak without a row was not seen"; exit 1; fi

differ "$source_root/docs/audits.md" "$source_root/tests/audits"
unseeded=$(grep -L '^/\* replaces: ' "$source_root"/tests/audits/leak_*_test.c || true)
[ -z "$unseeded" ] || { printf 'replaces nothing: %s\n' $unseeded; exit 1; }
echo "leaks: $(seeded "$source_root/tests/audits" | wc -l) seeded, each with its row"
