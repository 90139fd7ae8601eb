#!/usr/bin/env bash
# A private round with real processes: too few members are told how many it takes and nothing is charged; with enough of
# them what all say is released, charged before and once, and shown as what it is.
source "$(dirname "$0")/house.sh"
chathamd policy --default --json | sed 's/"mode":"threshold"/"mode":"dp","dp_epsilon_micro":16000000,"dp_delta_pico":10000000,"dp_statements":8/;
  s/"budget_epsilon_micro":[0-9]*/"budget_delta_pico":100000000,"budget_epsilon_micro":40000000/; s/"round_seconds":[0-9]*/"round_seconds":0/' >"$work/policy.json"
expect 0 chathamd init --state "$work/S" --name "Test house" --policy "$work/policy.json"
serve "$work/S"

members="north south east west hill lake"
for member in $members; do
  join "$work/S" "$member"
  traces "$work/$member.jsonl" 1 2
  sed -i 's/parcel/order/g' "$work/$member.jsonl"
  expect 0 chatham share --home "$work/$member" "$work/$member.jsonl"
  if [ "$member" = north ]; then
    expect 3 chathamd round --state "$work/S"
    says "too few members for a private release (least number of tenants: [2-6])"
    expect 3 chathamd round --preview --state "$work/S"
    says "no preview"
  fi
done
[ "$(chathamd budget --state "$work/S" --json | field rounds_charged)" = 0 ] || fail "a round that was refused is charged"

expect 0 chathamd round --state "$work/S"
says "charged      every member epsilon 16.000000 at delta 1e-05"
says "version 1 is published"
expect 0 chathamd budget --state "$work/S" --json
[ "$(field rounds_charged <"$work/out")" = 1 ] || fail "not charged once"
expect 0 chathamd guarantee --state "$work/S"
says "weighted Gaussian"
expect 0 chatham pull --home "$work/lake"
says "verified"
expect 0 chatham search --home "$work/lake" "order not found"
says "leading character"
says "organisations"
expect 0 chathamd library --state "$work/S"
says "members"

# The lifetime cap ends it, also across a restart.
rounds=1
while chathamd round --state "$work/S" >"$work/out" 2>&1; do
  rounds=$((rounds + 1))
  [ "$rounds" -lt 60 ] || fail "sixty rounds under a cap of two and a half"
done
says "lifetime"
stop
serve "$work/S"
expect 3 chathamd round --state "$work/S"
[ "$(chathamd budget --state "$work/S" --json | field rounds_charged)" = "$rounds" ] || fail "a charge is missing"
expect 0 chatham search --home "$work/lake" "order not found"
says "leading character"

# A policy of mode dp without its numbers, or of which the budget lets no round through, founds nothing.
sed 's/"dp_statements":8,*//' "$work/policy.json" >"$work/less.json"
expect 1 chathamd init --state "$work/T" --name "Another" --policy "$work/less.json"
says "dp_statements"
sed 's/"budget_epsilon_micro":[0-9]*/"budget_epsilon_micro":1000000/' "$work/policy.json" >"$work/less.json"
expect 3 chathamd init --state "$work/T" --name "Another" --policy "$work/less.json"
says "does not allow a single round"
