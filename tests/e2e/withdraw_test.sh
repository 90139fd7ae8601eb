#!/usr/bin/env bash
# What is withdrawn before it was sent is not sent; an id that nobody has does not stand in the way of anything.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"
port=${url##*:}
join "$work/S" north
traces "$work/t.jsonl" 1 5
traces "$work/u.jsonl" 6 9
count() { chathamd status --state "$work/S" --json | field "$1"; }

stop
expect 5 chatham share --home "$work/north" "$work/t.jsonl"
serve "$work/S" "$port"
expect 0 chatham withdraw --home "$work/north" --all
[ "$(count contributions)" = 0 ] || fail "$(count contributions) withdrawn contributions were sent"
[ "$(chatham status --home "$work/north" --json | field queued)" = 0 ] || fail "something is left in the outbox"

expect 1 chatham withdraw --home "$work/north" 00000000000000000000000000000001
says "no such contribution"
expect 0 chatham share --home "$work/north" "$work/u.jsonl"
[ "$(count contributions)" -ge 4 ] || fail "the outbox is stuck behind a withdrawal of nothing"

# The server stored it, but its receipt never came home: the withdrawal goes out all the same.
stop
expect 5 chatham share --home "$work/north" "$work/t.jsonl"
cp -r "$work/north" "$work/before"
serve "$work/S" "$port"
expect 0 chatham share --home "$work/north"
rm -r "$work/north"; mv "$work/before" "$work/north"
expect 0 chatham withdraw --home "$work/north" --all
[ "$(count contributions)" = "$(count withdrawals)" ] || fail "$(count contributions) stored, $(count withdrawals) withdrawn"
stop
echo "1 passed, 0 failed"
