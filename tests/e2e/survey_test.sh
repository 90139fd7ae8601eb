#!/usr/bin/env bash
# The survey with real processes: what stays and what leaves, one answer a month, charged once, told with intervals; and
# what is refused.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"
join "$work/S" north
traces "$work/north.jsonl" 1 3
sed -i 's/parcel/order/g' "$work/north.jsonl"

expect 0 chatham survey --home "$work/north" --dry-run "$work/north.jsonl"
says "stays here  the topic of most lessons: order"
says "epsilon 4.000000"
[ "$(chathamd status --state "$work/S" --json | field contributions)" = 0 ] || fail "a dry run sent something"

cp -r "$work/north" "$work/copy"
expect 0 chatham survey --home "$work/north" "$work/north.jsonl"
says "drawn       point"
says "sent        1"
if grep -q "stays here" "$work/out"; then fail "the true answer is in a log"; fi
drawn=$(grep drawn "$work/out")
expect 0 chatham survey --home "$work/copy" "$work/north.jsonl" # a home that was put back draws the same
says "$drawn"
expect 0 chatham survey --home "$work/north" "$work/north.jsonl"
says "already: nothing new is drawn"
expect 0 chatham survey --home "$work/north" --json "$work/north.jsonl"
says '"drawn":false'
[ "$(chathamd status --state "$work/S" --json | field contributions)" = 1 ] || fail "answered twice in a month"
expect 0 chathamd budget north --state "$work/S" --json
says '"epsilon": *"4.000000"'

expect 0 chathamd survey --state "$work/S"
says "1 answers of devices"
says "more answers are needed"
expect 0 chathamd survey --state "$work/S" --json
says '"lessons"'
expect 0 chathamd survey "$(date -u +%Y-%m)" --state "$work/S"
says "1 answers of devices"
expect 0 chathamd survey 2020-01 --state "$work/S"
says "2020-01: 0 answers"
expect 1 chathamd survey 2020-13 --state "$work/S"
expect 0 chathamd survey --state "$work/S" --json
if grep -q ann.lee "$work/out"; then fail "the survey knows an address"; fi
expect 0 chathamd round --state "$work/S" --json
[ "$(field candidates <"$work/out")" = 0 ] || fail "an answer is read as text"

# Less noise than the policy or the floor wants, no number, no traces, no such file.
expect 3 chatham survey --home "$work/north" --epsilon 5 "$work/north.jsonl"
says "less noise"
expect 2 chatham survey --home "$work/north" --epsilon much "$work/north.jsonl"
expect 2 chatham survey --home "$work/north"
expect 1 chatham survey --home "$work/north" "$work/nowhere"
sed 's/"noise_epsilon_max_micro":[0-9]*/"noise_epsilon_max_micro":8000000/' "$work/policy.json" >"$work/lax.json"
chathamd init --state "$work/T" --name "Lax" --policy "$work/lax.json" >/dev/null
stop
serve "$work/T"
join "$work/T" south
expect 3 chatham survey --home "$work/south" --epsilon 8 "$work/north.jsonl"
says "under the floor"
expect 0 chatham survey --home "$work/south" --dry-run --epsilon 4 "$work/north.jsonl"
sed 's/"noise_epsilon_max_micro"/"noise_floor_choice":600,"noise_epsilon_max_micro"/' "$work/policy.json" >"$work/strict.json"
chathamd init --state "$work/U" --name "Strict" --policy "$work/strict.json" >/dev/null
stop
serve "$work/U"
join "$work/U" west
expect 3 chatham survey --home "$work/west" --epsilon 4 "$work/north.jsonl"
says "under the floor"
expect 0 chatham survey --home "$work/west" "$work/north.jsonl"
