#!/usr/bin/env bash
# The outbox outlives a server that is down, a client that is killed and a server that is killed: nothing that was acknowledged
# is lost, nothing is stored twice.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"
port=${url##*:}
join "$work/S" north
traces "$work/t.jsonl" 1 40
stop

# Down: everything is queued, the command says so and ends with 5.
expect 5 chatham share --home "$work/north" "$work/t.jsonl"
says "wait in the outbox"
queued=$(chatham status --home "$work/north" --json | field queued)
[ "$queued" -ge 40 ] || fail "only $queued queued"

# Killed while sending, again and again: then all goes out, once.
serve "$work/S" "$port"
for delay in 0.02 0.05 0.1 0.15; do
  "$build/chatham" share --home "$work/north" >/dev/null 2>&1 &
  client=$!
  sleep "$delay"
  kill -9 "$client" 2>/dev/null || true
  wait "$client" 2>/dev/null || true
done
traces "$work/u.jsonl" 41 80
"$build/chatham" share --home "$work/north" "$work/u.jsonl" >/dev/null 2>&1 &
client=$!
sleep 0.3
stop KILL
wait "$client" || true
serve "$work/S" "$port"
expect 0 chatham share --home "$work/north" "$work/t.jsonl" "$work/u.jsonl"
stored=$(chathamd status --state "$work/S" --json | field contributions)
kept=$(chatham status --home "$work/north" --json | field sent)
[ "$stored" = "$kept" ] || fail "$kept sent by the client, $stored stored by the server"
[ "$stored" -ge 80 ] || fail "only $stored stored"
stop

# A member's store that is gone is a loss that is told, not an empty store: nothing is published over it.
mkdir "$work/aside"
mv "$work/S/tenants/"* "$work/aside/"
expect 1 chathamd round --state "$work/S"
mv "$work/aside/"* "$work/S/tenants/"
expect 0 chathamd round --state "$work/S"
echo "1 passed, 0 failed"
