#!/usr/bin/env bash
# chatham-audit as a user meets it: exit codes, JSON, files, what a wrong option says.
set -uo pipefail
audit=${CHATHAM_BUILD:?}/chatham-audit
cd "${CHATHAM_SOURCE:?}" || exit 1
[ -e tests/samples/manifest.json ] || { echo "no samples: skipped"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect CODE WORDS... : the exit code, and no more than one line on stderr when it fails
expect() {
  local code=$1
  shift
  "$audit" "$@" >"$work/out" 2>"$work/err" </dev/null
  local got=$?
  [ $got -eq "$code" ] || { echo "chatham-audit $*: exit $got, not $code"; cat "$work/err"; failed=1; }
  [ $got -eq 0 ] || [ "$(wc -l <"$work/err")" -le 1 ] || [ $# -eq 0 ] || { echo "chatham-audit $*: more than a line"; failed=1; }
}
said() { grep -q -- "$1" "$work/$2" || { echo "not said: $1"; cat "$work/$2"; failed=1; }; }

expect 2
expect 0 --help
expect 2 nonsense
expect 0 run --help
said '--manifest' out
expect 0 list
said 'isolation' out
expect 0 list --json
said '"quick": true' out
expect 0 list --attack isolation
said 'honest contributions' out
expect 2 list --attack nonsense
expect 2 run --suite slow
expect 2 run --attack nonsense
expect 2 run --k 1
expect 2 run --k 2x
expect 2 run --fail-on rain
expect 2 run --nonsense
expect 2 run --traces "$work" "$work"
said "a word that belongs to no option" err
mkdir "$work/empty"
expect 2 run --attack at-rest --state "$work/empty" # nothing can be found where nothing of a server is
said 'federation.db' err
expect 1 run --traces "$work/nowhere"
expect 1 run --manifest "$work/nowhere"
printf '{"v":1,"probes":[{"value":"x"}]}' >"$work/bad.json"
expect 1 run --manifest "$work/bad.json"
said 'organisation' err

# A policy under which no federation can be founded is refused at once.
"$audit" run --attack rescan --json | python3 -c '
import json, sys
policy = json.load(sys.stdin)["scope"]["policy"]
policy.update(mode="dp", dp_epsilon_micro=10**6, dp_delta_pico=10**6, dp_statements=4)
print(json.dumps(policy, sort_keys=True, separators=(",", ":")), end="")' >"$work/policy.json"
expect 2 run --attack rescan --policy "$work/policy.json"
said 'budget' err

# A policy of mode dp, as a person writes it, is audited as itself: the limit is its own epsilon.
python3 -c '
import json, sys
policy = json.load(sys.stdin)
policy.update(dp_epsilon_micro=2 * 10**6, budget_epsilon_micro=4 * 10**7, budget_delta_pico=10**8)
print(json.dumps(dict(reversed(policy.items())), indent=1))' <"$work/policy.json" >"$work/private.json"
expect 0 run --attack epsilon-selection --policy "$work/private.json" --json
said '"mode": "dp"' out
said '"limit": 2,' out

expect 0 run --attack isolation --json --out "$work/one.json"
cmp -s "$work/one.json" "$work/out" || { echo "--json and --out differ"; failed=1; }
said '"verdict": "no leak above the limit"' out
expect 0 run --attack isolation --fail-on leak
if grep -q 'an insight needs' "$work/out"; then echo "three tenants and k = 2 were called few"; failed=1; fi
expect 0 run --attack isolation --k 3
said 'as many tenants as an insight needs (3)' out
expect 0 run --attack isolation --traces tests/samples/lumen-data
said 'fewer tenants (1) than an insight needs (2)' out
expect 0 run --attack probes --seed 3 --out "$work/two.json"
said 'probes.published' out
expect 0 compare "$work/one.json" "$work/two.json"
said 'not run' out
expect 0 compare --json "$work/one.json" "$work/two.json"
said '"change": "not run after"' out
expect 0 compare --html --out "$work/two.html" "$work/one.json" "$work/two.json"
grep -q 'Two audits side by side' "$work/two.html" || { echo "no page of two runs"; failed=1; }
expect 1 compare "$work/one.json" "$work/bad.json"
expect 2 compare "$work/one.json"

# What was kept counts for the program that kept it alone: a whole attack, and the trials of one.
cp "$audit" "$work/other"
printf 'x' >>"$work/other"
expect 0 run --attack epsilon-selection --policy "$work/private.json" --work "$work/kept" --out "$work/three.json"
expect 0 run --attack epsilon-selection --policy "$work/private.json" --work "$work/kept"
said 'kept from an earlier run' out
cp "$work"/kept/*.trials "$work"
"$work/other" run --attack epsilon-selection --policy "$work/private.json" --work "$work/kept" >"$work/out"
if grep -q 'kept from an earlier run' "$work/out"; then echo "another program took what was kept"; failed=1; fi
for trials in "$work"/*.trials; do
  if cmp -s "$trials" "$work/kept/${trials##*/}"; then echo "another program took kept trials"; failed=1; fi
done

# A folder in which a tenant's name stands in clear is a leak: exit 3 when asked for, and only then.
mkdir "$work/state"
: >"$work/state/federation.db"
printf 'northwind-support' >"$work/state/notes"
expect 3 run --attack at-rest --state "$work/state" --fail-on leak
said 'a leak was found' err
expect 0 run --attack at-rest --state "$work/state"
said 'leak found' out

expect 2 verify
expect 1 verify "$work/bad.json"
expect 2 report
exit $failed
