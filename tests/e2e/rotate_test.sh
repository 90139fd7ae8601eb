#!/usr/bin/env bash
# A member's key is rotated and a backup made while the member sends: nothing is refused, nothing lost, and each file of an earlier
# version is gone.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"
join "$work/S" north
traces "$work/all.jsonl" 1 12
for i in $(seq 12); do sed -n "$((2 * i - 1)),$((2 * i))p" "$work/all.jsonl" >"$work/$i.jsonl"; done

( for i in $(seq 12); do
    "$build/chatham" share --home "$work/north" --yes "$work/$i.jsonl" >/dev/null 2>>"$work/refused" || echo "share $i: $?" >>"$work/refused"
  done; : >"$work/sent" ) &
sender=$!
rotations=0
until [ -e "$work/sent" ]; do
  expect 0 chathamd tenant rotate north --state "$work/S"
  rotations=$((rotations + 1))
  if [ "$rotations" = 2 ]; then expect 0 chathamd backup "$work/B" --key-dir "$work/K" --state "$work/S"; fi
done
wait "$sender"
[ ! -s "$work/refused" ] || { cat "$work/refused" >&2; fail "something was refused"; }
[ "$rotations" -ge 3 ] || fail "only $rotations rotations fell into the sending"
expect 0 chatham pull --home "$work/north"
mine=$(chatham status --home "$work/north" --json | grep -c '"kind": *"contribution"')
[ "$mine" -ge 12 ] || fail "only $mine contributions were made"
[ "$(chathamd status --state "$work/S" --json | field contributions)" = "$mine" ] || fail "not all of $mine contributions are there"
[ "$(find "$work/S/tenants" -name '*.db')" = "$(find "$work/S/tenants" -name "*.$((rotations + 1)).db")" ] || fail "an earlier file is left"
expect 0 chathamd log verify --state "$work/S"
expect 0 chathamd round --state "$work/S" --json
expect 0 chathamd backup verify "$work/B"
stop
echo "1 passed, 0 failed"
