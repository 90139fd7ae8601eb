#!/usr/bin/env bash
# From a federation to a report that stands up: evidence is exported, verified with and without the expected keys, rendered;
# an altered bundle, another federation's keys and half a file are refused.
source "$(dirname "$0")/house.sh"
audit() { "$build/chatham-audit" "$@"; }
found "$work/S" 2
serve "$work/S"
join "$work/S" north
join "$work/S" south
traces "$work/north.jsonl" 1 3
traces "$work/south.jsonl" 11 13
chatham share --home "$work/north" "$work/north.jsonl" >/dev/null
chatham share --home "$work/south" "$work/south.jsonl" >/dev/null
chathamd round --state "$work/S" >/dev/null
expect 0 chathamd report --state "$work/S" --out "$work/evidence.json"
stop

expect 0 audit verify "$work/evidence.json"
says "signature   holds"
keys=$(chatham status --home "$work/north" | sed -n 's/^keys *//p') # as a member knows them
expect 0 audit verify --keys "$keys" "$work/evidence.json"
says "keys that were expected"
expect 4 audit verify --keys "$(tr 0123456789abcdef 123456789abcdef0 <<<"$keys")" "$work/evidence.json"
sed 's/leading character/trailing character/' "$work/evidence.json" >"$work/altered.json"
if cmp -s "$work/evidence.json" "$work/altered.json"; then fail "nothing was altered"; fi
expect 4 audit verify "$work/altered.json"
head -c 500 "$work/evidence.json" >"$work/half.json"
expect 1 audit verify "$work/half.json"
expect 0 audit report --evidence "$work/evidence.json" --out "$work/report.html"
grep -q "leading character" "$work/report.html" || fail "the report does not show the insight"
grep -q "not evaluated\|No audit" "$work/report.html" || fail "the report does not say that no audit was run"
if grep -qi "<script" "$work/report.html"; then fail "the report has a script"; fi
expect 4 audit report --evidence "$work/altered.json" --out "$work/other.html"
echo "1 passed, 0 failed"
