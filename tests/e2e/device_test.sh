#!/usr/bin/env bash
# Devices, tokens and roles with real processes: an administrator manages its tenant over requests, each role does what it
# may and no more, a certificate is renewed, the trail has it all.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"

word() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; } # a string out of JSON
enter() { # HOME TOKEN-TEXT
  printf %s "$2" >"$work/token"
  chatham init --home "$work/$1" >/dev/null
  chatham enroll --home "$work/$1" --server "$url" --token-file "$work/token" --accept-policy --json | word device
}

# The operator makes an administrator; the administrator makes the others.
chief=$(enter chief "$(chathamd tenant add north --role administrator --state "$work/S" --json | word token)")
device=$(enter device "$(chatham token --home "$work/chief" --json | word token)")
reader=$(enter reader "$(chatham token --home "$work/chief" --role reader --json | word token)")
auditor=$(enter auditor "$(chatham token --home "$work/chief" --role auditor --json | word token)")
for id in "$chief" "$device" "$reader" "$auditor"; do [ ${#id} = 32 ] || fail "not enrolled: $id"; done

# Each role does what it may.
traces "$work/t.jsonl" 1 2
expect 0 chatham share --home "$work/device" "$work/t.jsonl"
expect 0 chatham share --home "$work/chief" "$work/t.jsonl"
expect 4 chatham share --home "$work/reader" "$work/t.jsonl"
expect 0 chatham pull --home "$work/device"
expect 0 chatham pull --home "$work/auditor"
expect 0 chatham device list --home "$work/chief"
for id in "$chief" "$device" "$reader" "$auditor"; do says "$id"; done
for home in device reader auditor; do expect 4 chatham device list --home "$work/$home"; done
for home in device reader auditor; do expect 4 chatham token --home "$work/$home"; done
expect 0 chatham trail --home "$work/auditor"
says enrol
expect 4 chatham trail --home "$work/reader"
expect 0 chatham budget --home "$work/auditor"
says "charged, ever *epsilon 0.000000"
says "No round has been charged"
expect 4 chatham budget --home "$work/reader"
expect 2 chatham token --home "$work/chief" --role king
expect 2 chatham device revoke --home "$work/chief" 12

# A token is revoked before it is used.
chatham token --home "$work/chief" --json | word token >"$work/spare"
id=$(chatham token list --home "$work/chief" --json | tr -d ' \n' | sed 's/},{/}\n{/g' | grep '"unused"' | word id)
expect 0 chatham token revoke --home "$work/chief" "$id"
chatham init --home "$work/late" >/dev/null
expect 4 chatham enroll --home "$work/late" --server "$url" --token-file "$work/spare" --accept-policy

# A renewed certificate works.
expect 0 chatham renew --home "$work/device"
says "lasts until"
expect 0 chatham pull --home "$work/device"
expect 0 chatham status --home "$work/device"

# A revoked device is out, for reading too; the others are not.
expect 0 chatham device revoke --home "$work/chief" "$reader"
expect 4 chatham trail --home "$work/reader"
expect 4 chatham pull --home "$work/reader"
expect 4 chatham renew --home "$work/reader"
expect 0 chathamd device revoke "$device" --state "$work/S"
expect 4 chatham pull --home "$work/device"
expect 0 chatham pull --home "$work/auditor"
expect 0 chathamd device list north --state "$work/S"
[ "$(grep -c revoked "$work/out")" = 2 ] || fail "not two revoked devices"

# The trail has it all, and holds together over a restart.
stop
serve "$work/S"
expect 0 chathamd trail --state "$work/S" --out "$work/trail.jsonl"
says "^written .*trail.jsonl"
for act in enrol tenant.add token.new token.revoke device.list device.revoke renew trail; do
  grep -q "\"act\":\"$act\"" "$work/trail.jsonl" || fail "not in the trail: $act"
done
grep -q '"act":"device.list".*"outcome":"not authorised"' "$work/trail.jsonl" || fail "a refusal is not in the trail"
expect 0 chathamd trail verify --state "$work/S"
says verified
stop
echo "1 passed, 0 failed"
