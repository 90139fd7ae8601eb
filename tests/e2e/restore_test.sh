#!/usr/bin/env bash
# A rehearsal: share, back up, share and withdraw more, erase a member, lose the state folder, restore it; then the devices send
# again what the backup lacks, by themselves. Nothing is lost, what was erased or withdrawn stays so. And without a tail.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
cp "$work/S/root.key" "$work/root.key"
key="--key-file $work/root.key"
serve "$work/S"
port=${url##*:}
for member in north south east; do join "$work/S" $member; done
traces "$work/a.jsonl" 1 3
traces "$work/b.jsonl" 11 12
traces "$work/c.jsonl" 21 22
share() { expect 0 chatham share --home "$work/$1" --yes "$work/$2.jsonl"; }
status() { chathamd status --state "$1" $key --json | field "$2"; }
kept() { chatham status --home "$work/$1" --json | field "$2"; }
share north a; share south a; share east a

# --- a backup while it serves: the key apart, every byte checked
expect 2 chathamd backup "$work/B" --state "$work/S"
expect 2 chathamd backup "$work/B" --key-dir "$work/B/keys" --state "$work/S"
for inside in "$work/S/mine" "$work/S/backup/mine" "$work/S"; do # what is in S/backup is removed at the end
  expect 2 chathamd backup "$inside" --key-dir "$work/K" --state "$work/S"
  says "state folder"
done
expect 2 chathamd backup "$work/B" --key-dir "$work/S/backup/keys" --state "$work/S"
says "state folder"
rm -rf "$work/B" "$work/S/mine" "$work/S/backup/mine" "$work/S/backup/keys"
expect 0 chathamd backup "$work/B" --key-dir "$work/K" --state "$work/S"
expect 1 chathamd backup "$work/B" --key-dir "$work/K" --state "$work/S"
says "already"
note() { chathamd log --state "$work/S" --json | sed 's/.*"checkpoint":"\([^"]*\)".*/\1/; s/\\n/\n/g' | sed '$d'; }
note >"$work/early"
expect 0 chathamd backup verify "$work/B"
if find "$work/B" -name '*.key' | grep -q .; then fail "a key lies with the backup"; fi
[ "$(find "$work/S/backup" -type f | wc -l)" = 0 ] || fail "the backup was left in the state folder"
cp -r "$work/B" "$work/bad"
file=$(find "$work/bad/tenants" -name '*.db' | head -n 1)
cp "$file" "$work/kept"
printf 'x' | dd of="$file" bs=1 seek=5000 conv=notrunc status=none
! cmp -s "$file" "$work/kept" || printf 'y' | dd of="$file" bs=1 seek=5000 conv=notrunc status=none # it was an x
expect 1 chathamd backup verify "$work/bad"
says "not the one that the manifest names"

# --- later: more shared, something withdrawn, one erased, one rotated; a library is out
chathamd tenant add west --state "$work/S" >/dev/null
expect 0 chathamd tenant suspend west --state "$work/S"
join "$work/S" late # who joins after the backup has no file in it
traces "$work/l.jsonl" 31 32
share late l
id=$(chatham status --home "$work/south" --json | sed -n 's/.*"id": *"\([0-9a-f]*\)".*/\1/p' | head -n 1)
share north b; share south c
expect 0 chatham withdraw --home "$work/south" "$id"
expect 0 chathamd tenant rotate north --state "$work/S"
expect 3 chathamd tenant erase east --confirm west --out "$work/erased.json" --state "$work/S"
says "not confirmed: confirm with the tenant's name"
expect 0 chathamd tenant erase east --confirm east --out "$work/erased.json" --state "$work/S"
expect 0 chathamd round --state "$work/S"
expect 0 chatham pull --home "$work/north"
expect 0 chatham pull --home "$work/south"
expect 0 chathamd backup tail "$work/T" --key-dir "$work/K" --state "$work/S"
note >"$work/note"
live=$(status "$work/S" contributions)
tree=$(status "$work/S" tree)
share north c # after the tail: only its device knows
stop KILL
wait_for flock -n "$work/S/lock" true # the vault outlives its supervisor by a moment
rm -r "$work/S"

# --- refusals, each of which leaves nothing behind
restore() { chathamd restore --key-dir "$work/K" $key "$@"; }
expect 1 restore "$work/bad" --state "$work/R"
expect 1 restore "$work/T" --state "$work/R"
chathamd init --state "$work/other" --name Other >/dev/null
expect 0 chathamd backup "$work/O" --key-dir "$work/K" --state "$work/other"
expect 4 chathamd restore "$work/B" --key-dir "$work/K" --key-file "$work/other/root.key" --state "$work/R"
expect 4 restore "$work/O" --state "$work/R"
expect 1 restore "$work/B" --tail "$work/O" --state "$work/R"
sed 's/^[0-9]*$/7/' "$work/note" >"$work/forged"
expect 4 restore "$work/B" --tail "$work/T" --checkpoint "$work/forged" --state "$work/R"
expect 1 chathamd restore "$work/B" --key-dir "$work/empty" $key --state "$work/R"
cp -r "$work/T" "$work/short"
truncate -s -4096 "$work/short/federation.db"
expect 1 restore "$work/B" --tail "$work/short" --checkpoint "$work/note" --state "$work/R"
truncate -s -100 "$work/short/manifest.json"
expect 1 restore "$work/B" --tail "$work/short" --checkpoint "$work/note" --state "$work/R"
mkdir "$work/R"
expect 1 restore "$work/B" --state "$work/R"
rmdir "$work/R"
if ls -d "$work"/R* 2>/dev/null; then fail "a refused restore left something"; fi

# --- with tail and checkpoint: the log is whole, releases go on
expect 0 restore "$work/B" --tail "$work/T" --checkpoint "$work/note" --state "$work/R" --json
says '"checkpoint_reached":true'
says '"private_rounds_refused":false'
says '"erased_again":1'
[ "$(status "$work/R" tree)" -ge "$tree" ] || fail "the log is shorter than its checkpoint"
expect 0 chathamd log verify --state "$work/R" $key
cp "$work/R/root.provider" "$work/provider"
cp "$work/root.key" "$work/R/root.key"
serve "$work/R" "$port"
chathamd tenant list --state "$work/R" --json >"$work/list"
grep -q '"erased"' "$work/list" || fail "the erased member came back"
[ "$(find "$work/R/tenants" -name '*.db' | wc -l)" = 4 ] || fail "an erased member's file came back"
before=$(status "$work/R" contributions)
[ "$before" -lt "$live" ] || fail "nothing was lost, so this shows nothing"

# --- the devices send again what the backup lacks; what was withdrawn stays so
grep -q '"suspended"' "$work/list" || fail "a suspension was lost"
for member in south late north; do # the last one's receipts are for leaves that hold others' contributions by then
  expect 0 chatham pull --home "$work/$member"
  says "sent to it again"
  [ "$(kept $member queued)" = 0 ] || fail "$member has not sent everything"
  expect 0 chatham pull --home "$work/$member"
  if grep -q "sent to it again" "$work/out"; then fail "$member sent it twice"; fi
done
chatham share --home "$work/north" --yes "$work/b.jsonl" >"$work/out"
for member in north south late; do
  mine=$(chatham status --home "$work/$member" --json | grep -c '"kind": *"contribution"')
  theirs=$(chathamd tenant list --state "$work/R" --json | sed 's/},{/\n/g' | grep "\"$member\"" | field contributions)
  [ "$mine" = "$theirs" ] || fail "$member has sent $mine contributions, $theirs are there"
done
[ "$(status "$work/R" withdrawals)" = 1 ] || fail "the withdrawal was lost"
expect 0 chathamd round --with-erasures --state "$work/R" --json
says '"tenants":3'
expect 0 chatham pull --home "$work/north"
expect 0 chatham erasure --home "$work/north" "$work/erased.json"
expect 4 chatham pull --home "$work/east"

# --- the next backup tells the devices what they need not keep
expect 0 chathamd backup "$work/B2" --key-dir "$work/K" --state "$work/R"
expect 0 chatham pull --home "$work/north"
stop
expect 0 chathamd backup verify "$work/B2"

# --- without a tail: releases are frozen until the operator says so
expect 0 restore "$work/B" --state "$work/L" --json
says '"releases_frozen":true'
expect 3 chathamd round --state "$work/L" $key
says "backup"
expect 0 chathamd log thaw "the tail is lost" --state "$work/L" $key
expect 0 chathamd round --state "$work/L" $key --with-erasures
# A rollback to members, who say so until somebody accepts it; then what is lost comes again, once more.
cp "$work/root.key" "$work/L/root.key"
serve "$work/L" "$port"
expect 1 chatham pull --home "$work/south"
expect 0 chatham pull --home "$work/south" --accept-log
says "sent to it again"
[ "$(chathamd tenant list --state "$work/L" --json | sed 's/},{/\n/g' | grep '"south"' | field contributions)" = 5 ] || fail "not all of south came back"
stop
# R and L were restored from one backup and went on apart: the one's tail does not belong to the other's backup.
expect 0 chathamd backup "$work/LB" --key-dir "$work/K" --state "$work/L"
for _ in 1 2 3 4 5 6; do expect 0 chathamd tenant rotate north --state "$work/R"; done
expect 0 chathamd backup tail "$work/RT" --key-dir "$work/K" --state "$work/R"
expect 4 restore "$work/LB" --tail "$work/RT" --state "$work/X"
says "went apart"
expect 0 restore "$work/B" --checkpoint "$work/note" --state "$work/M" --json
says '"checkpoint_reached":false'
expect 3 chathamd round --state "$work/M" $key

# --- a checkpoint that the backup by itself holds shows nothing of what was charged after it
for tail in "" "--tail $work/T"; do
  rm -rf "$work/E"
  expect 0 restore "$work/B" $tail --checkpoint "$work/early" --state "$work/E" --json
  says '"checkpoint_reached":true'
  says '"private_rounds_refused":true'
  expect 0 chathamd budget --state "$work/E" $key
  says "charges may be missing: this state comes from a backup"
done
echo "1 passed, 0 failed"
