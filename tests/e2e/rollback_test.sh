#!/usr/bin/env bash
# The server's state is rolled back by a day: a member's device tells that charges of the privacy budget are gone, releases freeze,
# and after a thaw private rounds stay refused until what the member kept was charged again.
source "$(dirname "$0")/house.sh"
chathamd policy --default --json | sed 's/"mode":"threshold"/"budget_delta_pico":100000000,"dp_delta_pico":10000000,"dp_epsilon_micro":8000000,"dp_statements":8,"mode":"dp"/
  s/"budget_epsilon_micro":[0-9]*/"budget_epsilon_micro":50000000/; s/"min_tasks":[0-9]*/"min_tasks":1/; s/"round_seconds":[0-9]*/"round_seconds":0/' >"$work/policy.json"
expect 0 chathamd init --state "$work/S" --name "Test house" --policy "$work/policy.json"
serve "$work/S"
port=${url##*:}
members="north south east west late last"
traces "$work/t.jsonl" 1 2
for member in $members; do
  join "$work/S" $member
  expect 0 chatham share --home "$work/$member" --yes "$work/t.jsonl"
done

expect 0 chatham budget --home "$work/north"
says "No round has been charged"
expect 0 chathamd round --state "$work/S"
expect 0 chatham budget --home "$work/north"
says "Verified: charge 1 is entry"
expect 0 chathamd budget --state "$work/S"
says "rounds charged *1$"

# --- a day later there is one charge more, and north has seen it
stop
cp -r "$work/S" "$work/yesterday"
serve "$work/S" "$port"
expect 0 chathamd round --state "$work/S"
expect 0 chatham pull --home "$work/north"
expect 0 chatham budget --home "$work/north"
says "Verified: charge 2 is entry"
stop

# --- rolled back
rm -rf "$work/S"
mv "$work/yesterday" "$work/S"
serve "$work/S" "$port"
expect 4 chatham budget --home "$work/north"
says "gone back behind what this device has seen"
expect 0 chatham budget --home "$work/south" # who has seen nothing can't tell
! chatham pull --home "$work/north" >"$work/out" 2>&1 || fail "north pulls a log that shrank"
expect 3 chathamd round --state "$work/S"
says "releases are frozen"
expect 0 chathamd log thaw "a disk of yesterday" --state "$work/S"
expect 3 chathamd round --state "$work/S"
says "charges may be missing: a member has seen another log"
expect 0 chathamd budget --state "$work/S"
says "rounds charged *1$"

# --- charged again by what north kept, and not by what anybody writes
sed 's/"content":"01000000000000000[0-9]/"content":"010000000000000009/' "$work/north/charge.json" >"$work/forged.json"
expect 3 chathamd budget replay "$work/forged.json" --state "$work/S"
says "not in the log"
expect 3 chathamd round --state "$work/S"
expect 0 chathamd budget replay "$work/north/charge.json" --state "$work/S"
expect 0 chathamd budget --state "$work/S"
says "rounds charged *2$"
says "rounds refused *-$"
expect 0 chathamd round --state "$work/S"
expect 0 chatham budget --home "$work/south"
says "Verified: charge 3 is entry"
expect 0 chathamd trail --state "$work/S"
says "budget.replay"
echo "1 passed, 0 failed"
