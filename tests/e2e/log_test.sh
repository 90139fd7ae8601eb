#!/usr/bin/env bash
# The log between members and a server that may not be honest: cosigners gather, and a rollback of the whole state folder and a
# fork of it are each found by the first member who meets them, on both sides.
source "$(dirname "$0")/house.sh"
chathamd policy --default --json | sed 's/"k":[0-9]*/"cosigners":2,"k":2/; s/"min_tasks":[0-9]*/"min_tasks":1/; s/"round_seconds":[0-9]*/"round_seconds":0/' \
  >"$work/policy.json"
chathamd init --state "$work/S" --name "Test house" --policy "$work/policy.json" >/dev/null
serve "$work/S"
port=${url##*:}
for member in north south east; do join "$work/S" "$member"; done
share() { traces "$work/t.jsonl" "$2" "$3"; chatham share --home "$work/$1" "$work/t.jsonl" >/dev/null; } # MEMBER FIRST LAST
told() { chatham status --home "$work/$1" --json | field "$2" || true; }

# A quorum of two: the first who pulls waits, the second has it at once, then the first, too.
share north 1 3; share south 1 3
expect 0 chathamd round --state "$work/S"
expect 0 chatham pull --home "$work/north"
says "waits for cosignatures (1 of 2)"
expect 1 chatham search --home "$work/north" parcel
expect 0 chatham pull --home "$work/south"
says "Library version 1"
expect 0 chatham pull --home "$work/north"
says "Library version 1"
expect 0 chatham search --home "$work/north" parcel
expect 0 chatham status --home "$work/north"
says "2 members cosigned it"
says "3 devices of 3 members"
expect 0 chathamd log verify --state "$work/S"
says "cosigners wanted  2"

# The log as static files: the operator's and a member's are the same.
expect 0 chathamd log export --state "$work/S" --out "$work/exported"
says "vkey"
expect 0 chatham log --home "$work/north" --out "$work/fetched"
says "every hash was computed again"
diff -r "$work/exported/tile" "$work/fetched/tile" >/dev/null || fail "the tiles that are exported and those that are served differ"
head -n 3 "$work/exported/checkpoint" | cmp - <(head -n 3 "$work/fetched/checkpoint") || fail "two checkpoints"

# The whole folder, rolled back by a share and a round.
stop; cp -r "$work/S" "$work/copy"; serve "$work/S" "$port"
share east 4 6
expect 0 chathamd round --state "$work/S"
expect 0 chatham pull --home "$work/north"
stop; rm -r "$work/S"; mv "$work/copy" "$work/S"; serve "$work/S" "$port"
expect 0 chathamd log verify --state "$work/S"
expect 1 chatham pull --home "$work/north"
says "rolled back"
expect 1 chatham status --home "$work/north"
says "ALARM"
expect 3 chathamd log verify --state "$work/S"
says "shrunk"
expect 3 chathamd round --state "$work/S"
says "releases are frozen"
expect 0 chathamd round --preview --state "$work/S"
before=$(chathamd status --state "$work/S" --json | field contributions)
traces "$work/t.jsonl" 7 8
expect 1 chatham share --home "$work/north" "$work/t.jsonl" # stored all the same
says "rolled back"
[ "$(chathamd status --state "$work/S" --json | field contributions)" -gt "$before" ] || fail "admission stopped"

# Looked into, thawed, accepted.
expect 0 chathamd log thaw "an old copy was put back by mistake" --state "$work/S"
expect 0 chathamd log verify --state "$work/S"
expect 0 chathamd round --state "$work/S"
expect 0 chatham pull --home "$work/north" --accept-log
expect 0 chatham status --home "$work/north"
expect 0 chatham pull --home "$work/south"

# Two servers from one folder grow apart; a member of one meets the other.
stop; cp -r "$work/S" "$work/T"; serve "$work/S" "$port"
share south 20 21
expect 0 chathamd round --state "$work/S"
expect 0 chatham pull --home "$work/south"
stop; serve "$work/T" "$port"
share east 30 35
expect 0 chathamd round --state "$work/T"
expect 1 chatham pull --home "$work/south"
says "forked or rewritten"
expect 3 chathamd log verify --state "$work/T"
says "forked"
expect 3 chathamd round --state "$work/T"
stop; serve "$work/S" "$port" # the one that it knows: nothing to complain about but the alarm that is kept
expect 0 chatham pull --home "$work/south"
expect 1 chatham status --home "$work/south"
expect 0 chatham pull --home "$work/south" --accept-log
expect 0 chatham status --home "$work/south"
[ "$(told south log)" -gt 0 ] || fail "the log is not followed"
stop
echo "1 passed, 0 failed"
