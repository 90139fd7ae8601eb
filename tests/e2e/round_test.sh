#!/usr/bin/env bash
# One round with real processes: enrol, share, round, pull, search, withdraw; and what must be refused on the way.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"
join "$work/S" north
join "$work/S" south
traces "$work/north.jsonl" 1 3
traces "$work/south.jsonl" 11 13

# Whoever has not joined yet can look at what would leave.
chatham init --home "$work/curious" >/dev/null
expect 0 chatham share --home "$work/curious" --dry-run "$work/north.jsonl"
says "leading character"

# A dry run shows and sends nothing.
expect 0 chatham share --home "$work/north" --dry-run "$work/north.jsonl"
says "leading character"
if grep -q "ann.lee" "$work/out"; then fail "a dry run shows an e-mail address"; fi
[ "$(chatham status --home "$work/north" --json | field queued)" = 0 ] || fail "a dry run queued something"

# A library needs two tenants: with one alone nothing is released.
expect 0 chatham share --home "$work/north" "$work/north.jsonl"
expect 0 chathamd round --state "$work/S" --json
[ "$(field released <"$work/out")" = 0 ] || fail "released with one tenant"
expect 0 chatham share --home "$work/south" "$work/south.jsonl"
expect 0 chathamd round --state "$work/S" --json
[ "$(field released <"$work/out")" -ge 1 ] || fail "nothing released with two tenants"

expect 0 chatham pull --home "$work/north"
says "verified"
expect 0 chatham pull --home "$work/south"
expect 0 chatham search --home "$work/south" parcel not found
says "leading character"
expect 0 chatham search --home "$work/south" --json "parcel"
# The index is built again from the library when it is damaged or gone.
dd if=/dev/urandom of="$work/south/search.db" bs=1024 count=8 conv=notrunc 2>/dev/null
expect 0 chatham search --home "$work/south" parcel not found
says "leading character"
rm "$work/south/search.db"
expect 0 chatham search --home "$work/south" parcel not found
says "leading character"
expect 0 chatham export --home "$work/south" --format fot-json
[ "$(chatham status --home "$work/north" --json | field sent)" = 0 ] || fail "a receipt is not covered by the log"

# Sharing again changes nothing at the server.
before=$(chathamd status --state "$work/S" --json | field contributions)
expect 0 chatham share --home "$work/north" "$work/north.jsonl"
[ "$(chathamd status --state "$work/S" --json | field contributions)" = "$before" ] || fail "shared twice, stored twice"

# Refusals: a used token, another federation's token, a laxer policy, a foreign file, no traces, a suspended member.
chatham init --home "$work/late" >/dev/null
expect 4 chatham enroll --home "$work/late" --server "$url" --token-file "$work/north.token" --accept-policy
says "token was not accepted"
found "$work/T" 2
token "$work/T" elsewhere "$work/elsewhere.token"
expect 4 chatham enroll --home "$work/late" --server "$url" --token-file "$work/elsewhere.token" --accept-policy
says "another federation"
token "$work/S" west "$work/west.token"
expect 3 chatham enroll --home "$work/late" --server "$url" --token-file "$work/west.token"
says "laxer than yours"
expect 2 chatham share --home "$work/late" "$work/north.jsonl"
says "not enrolled"

# The page that chathamd prints will do for a token, and serves as often as one: once.
chathamd token west --state "$work/S" >"$work/page"
expect 0 chatham enroll --home "$work/late" --server "$url" --token-file "$work/page" --accept-policy
chatham init --home "$work/later" >/dev/null
expect 4 chatham enroll --home "$work/later" --server "$url" --token-file "$work/page" --accept-policy
head -c 3000 /dev/urandom >"$work/noise.bin"
expect 1 chatham share --home "$work/north" "$work/noise.bin"
says "skipped"
expect 1 chatham share --home "$work/north" "$work/nowhere"
mkdir "$work/mixed"
traces "$work/mixed/b.jsonl" 1 3
ln -s "$work/nowhere" "$work/mixed/a.jsonl"
expect 1 chatham share --home "$work/north" --dry-run "$work/mixed"
says "skipped what cannot be read"
says "read        2 files (1 failed)"
says "leading character"
expect 1 chatham export --home "$work/north" --out "$work/nowhere/file"
says "cannot be written in --out"
expect 0 chathamd tenant suspend south --state "$work/S"
traces "$work/more.jsonl" 21 22
expect 4 chatham share --home "$work/south" "$work/more.jsonl"
expect 0 chathamd tenant resume south --state "$work/S"
expect 0 chatham share --home "$work/south"

# A home whose store is gone says so: it does not forget what was queued and seen as if nothing had been.
mkdir "$work/aside"
mv "$work/north/client.db"* "$work/aside/"
expect 1 chatham status --home "$work/north"
says "store is gone"
[ ! -e "$work/north/client.db" ] || fail "a new store was made"
mv "$work/aside/"* "$work/north/"
expect 0 chatham status --home "$work/north"

# Withdrawing everything takes the insight out of the next library.
cp -r "$work/south" "$work/away" # one that does not pull
expect 0 chatham withdraw --home "$work/north" --all
expect 3 chathamd round --state "$work/S" --json
says "--with-erasures"
expect 0 chathamd round --state "$work/S" --with-erasures --json
expect 0 chatham pull --home "$work/south"
expect 0 chatham search --home "$work/south" parcel not found
says "Nothing in the library matches"
expect 0 chatham export --home "$work/south" --format insights-md
if grep -qi "leading character" "$work/out"; then fail "a retracted insight was exported"; fi
# A newer library with an index of before, as a crash between the two leaves it: the index gives nothing of its own.
cp "$work/away/search.db" "$work/south/search.db"; rm -f "$work/south"/search.db-*
expect 0 chatham search --home "$work/south" parcel not found
says "Nothing in the library matches"
# A library of before is not taken again.
expect 0 chatham pull --home "$work/away"
expect 0 chatham search --home "$work/away" parcel not found
says "Nothing in the library matches"

# Erased: the receipt proves it to the member and to others, altered it proves nothing, and the member is out.
expect 2 chathamd tenant erase north --state "$work/S" </dev/null
expect 3 chathamd tenant erase north --confirm nort --state "$work/S"
files() { find "$work/S/tenants" -name '*.db' | wc -l; }
before=$(files)
expect 0 chathamd tenant erase north --confirm north --out "$work/erased.json" --state "$work/S"
expect 0 chatham erasure --home "$work/north" "$work/erased.json"
says "(yours) was erased"
expect 0 chatham erasure --home "$work/south" "$work/erased.json"
sed 's/"leaf":\([0-9]*\)/"leaf":1\1/' "$work/erased.json" >"$work/forged.json"
expect 4 chatham erasure --home "$work/south" "$work/forged.json"
expect 4 chatham pull --home "$work/north"
[ "$(files)" = $((before - 1)) ] || fail "the erased tenant's file is still there"
expect 0 chathamd tenant list --state "$work/S" --json
says '"erased"'

# Nothing of a customer's is in any file of the server or in its log.
if grep -rqa "ann.lee" "$work/S" "$work/server.log"; then fail "an e-mail address reached the server"; fi
stop
echo "1 passed, 0 failed"
