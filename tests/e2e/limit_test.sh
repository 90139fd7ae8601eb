#!/usr/bin/env bash
source "$(dirname "$0")/house.sh"
chathamd policy --default --json | sed 's/"rate_per_minute":[0-9]*,//; s/"redaction"/"rate_per_minute":1,"redaction"/; s/"min_tasks":[0-9]*/"min_tasks":1/' >"$work/policy.json"
chathamd init --state "$work/S" --name "Test house" --policy "$work/policy.json" >/dev/null
serve "$work/S"
join "$work/S" acme
traces "$work/one.jsonl" 1 1
traces "$work/two.jsonl" 2 2
expect 0 chatham share --home "$work/acme" "$work/one.jsonl"
expect 5 chatham share --home "$work/acme" "$work/two.jsonl"
says "wait in the outbox"
[ "$(chathamd status --state "$work/S" --json | field contributions)" = 1 ] || fail "more than one contribution was taken"
expect 0 chatham status --home "$work/acme" --json
[ "$(field queued <"$work/out")" = 1 ] || fail "what was over does not wait"
[ "$(field refused <"$work/out")" = 0 ] || fail "what was over was refused"
stop

# A member who has used up an epoch's share can still take back what is there.
chathamd policy --default --json | sed 's/"max_contributions":[0-9]*/"max_contributions":1/' >"$work/policy.json"
chathamd init --state "$work/Q" --name "Test house" --policy "$work/policy.json" >/dev/null
serve "$work/Q"
join "$work/Q" globex
traces "$work/many.jsonl" 1 9
expect 5 chatham share --home "$work/globex" "$work/many.jsonl"
id=$(chatham status --home "$work/globex" --json | tr -d ' \n' | sed 's/.*"sent":\[{"id":"\([0-9a-f]*\)".*/\1/')
expect 5 chatham withdraw --home "$work/globex" "$id"
[ "$(chathamd status --state "$work/Q" --json | field withdrawals)" = 1 ] || fail "the withdrawal waits behind contributions"
stop
