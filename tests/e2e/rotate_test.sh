#!/usr/bin/env bash
# A member's key is rotated and a backup made while the member sends: nothing is refused, nothing lost, and each file of an earlier
# version is gone.
source "$(dirname "$0")/house.sh"
found "$work/S" 2
serve "$work/S"
join "$work/S" north
traces "$work/all.jsonl" 1 12
for i in $(seq 12); do sed -n "$((2 * i - 1)),$((2 * i))p" "$work/all.jsonl" >"$work/$i.jsonl"; done

( for i in $(seq 12); do
    "$build/chatham" share --home "$work/north" --yes "$work/$i.jsonl" >/dev/null 2>>"$work/refused" || echo "share $i: $?" >>"$work/refused"
  done; : >"$work/sent" ) &
sender=$!
rotations=0
until [ -e "$work/sent" ]; do
  expect 0 chathamd tenant rotate north --state "$work/S"
  rotations=$((rotations + 1))
  if [ "$rotations" = 2 ]; then expect 0 chathamd backup "$work/B" --key-dir "$work/K" --state "$work/S"; fi
done
wait "$sender"
[ ! -s "$work/refused" ] || { cat "$work/refused" >&2; fail "something was refused"; }
[ "$rotations" -ge 3 ] || fail "only $rotations rotations fell into the sending"
expect 0 chatham pull --home "$work/north"
mine=$(chatham status --home "$work/north" --json | grep -c '"kind": *"contribution"')
[ "$mine" -ge 12 ] || fail "only $mine contributions were made"
[ "$(chathamd status --state "$work/S" --json | field contributions)" = "$mine" ] || fail "not all of $mine contributions are there"
[ "$(find "$work/S/tenants" -name '*.db')" = "$(find "$work/S/tenants" -name "*.$((rotations + 1)).db")" ] || fail "an earlier file is left"
expect 0 chathamd log verify --state "$work/S"
expect 0 chathamd round --state "$work/S" --json
expect 0 chathamd backup verify "$work/B"
stop
echo "1 passed, 0 failed"
# Rotation of every key of a server that serves: members share and pull at the same time and nothing of theirs is
# refused; an open connection lives on while new ones meet the new certificate; a token from before still enrols.
. "$(dirname "$0")/house.sh"
s=$work/s
found "$s" 2
serve "$s"
for tenant in alpha bravo charlie; do join "$s" "$tenant"; done
token "$s" delta "$work/delta.token"
chathamd root rotate --state "$s" >/dev/null
expect 0 chathamd key list --state "$s"
says "sealing .*1 .*in use"
expect 2 chathamd key rotate ca --state "$s"
expect 2 chathamd key rotate nothing --state "$s"
children() { pgrep -P "$server_pid" | sort | tr '\n' ' '; }
before=$(children)
fingerprint() { openssl s_client -connect "${url#https://}" </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256; }
first=$(fingerprint)

# --- a connection that is kept over a rotation of the TLS key
coproc open_connection { openssl s_client -quiet -connect "${url#https://}" 2>/dev/null; }
get_open() { printf 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"${open_connection[1]}" && read -r -t 10 line <&"${open_connection[0]}" && [[ $line == *" 200 "* ]] || fail "the open connection does not answer"
  while read -r -t 10 line <&"${open_connection[0]}" && [ "$line" != ok ]; do :; done; }
get_open
expect 0 chathamd key rotate tls --state "$s"
get_open
[ "$(fingerprint)" != "$first" ] || fail "new connections meet the old certificate"
get_open
eval "exec ${open_connection[1]}>&-"
wait "$open_connection_PID" 2>/dev/null || true

# --- all kinds, while members share and pull
share_all() { # TENANT FIRST: five sendings of two traces each
  local i
  for i in 0 1 2 3 4; do
    traces "$work/$1.$i.jsonl" $(($2 + 2 * i)) $(($2 + 2 * i + 1))
    chatham share --home "$work/$1" "$work/$1.$i.jsonl" || return 1
    chatham pull --home "$work/$1" || return 1
  done
}
pids=()
for tenant in alpha bravo charlie; do
  share_all "$tenant" 100 >"$work/$tenant.log" 2>&1 &
  pids+=($!)
done
rotations=0
while kill -0 "${pids[@]}" 2>/dev/null || [ $rotations -lt 3 ]; do
  for key in sealing receipt library evidence checkpoint tls all; do
    [ $rotations -lt 14 ] || break 2
    if [ "$key" = library ]; then chathamd round --state "$s" >/dev/null || fail round; fi
    chathamd key rotate "$key" --state "$s" >/dev/null || fail "rotate $key"
    rotations=$((rotations + 1))
  done
done
for pid in "${pids[@]}"; do wait "$pid" || { tail -n 5 "$work"/*.log >&2; fail "a member was refused during $rotations rotations"; }; done
[ "$(children)" = "$before" ] || fail "a process was started again"
sent=$(chathamd status --state "$s" --json | field contributions)
[ "$sent" -ge 15 ] || fail "only $sent contributions"
for tenant in alpha bravo charlie; do
  ! grep -q "refused: *[1-9]" "$work/$tenant.log" || fail "something of $tenant was refused"
done
chathamd round --state "$s" >/dev/null
for tenant in alpha bravo charlie; do expect 0 chatham pull --home "$work/$tenant"; done
expect 0 chathamd log verify --state "$s"
expect 0 chathamd report --state "$s" --out "$work/evidence.json"
expect 0 "$build/chatham-audit" verify "$work/evidence.json"

# --- a token from before all of it, and a restart
chatham init --home "$work/delta" >/dev/null
expect 0 chatham enroll --home "$work/delta" --server "$url" --token-file "$work/delta.token" --accept-policy
port=${url##*:}
stop
serve "$s" "$port"
traces "$work/late.jsonl" 300 301
expect 0 chatham share --home "$work/delta" "$work/late.jsonl"
expect 0 chathamd key destroy --state "$s"
expect 0 chathamd key list --state "$s"
! grep -q "opens only" "$work/out" || fail "earlier sealing keys are left"
traces "$work/later.jsonl" 302 303
expect 0 chatham share --home "$work/alpha" "$work/later.jsonl"
echo "ok: $rotations rotations, $sent contributions, none refused"
