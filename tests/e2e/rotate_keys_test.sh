#!/usr/bin/env bash
# Rotation of every key of a server that serves: members share and pull at the same time and nothing of theirs is
# refused; an open connection lives on while new ones meet the new certificate; a token from before still enrols.
source "$(dirname "$0")/house.sh"
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
coproc open_connection { openssl s_client -quiet -no_ign_eof -connect "${url#https://}" 2>/dev/null; }
open_connection_pid=$open_connection_PID # the shell forgets its own as soon as it has ended
get_open() { # its body has no end of line: it is read by its length
  local line length=
  printf 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"${open_connection[1]}"
  read -r -t 10 line <&"${open_connection[0]}" && [[ $line == *" 200 "* ]] || fail "the open connection does not answer"
  while read -r -t 10 line <&"${open_connection[0]}" && [ "$line" != $'\r' ]; do
    if [[ ${line,,} == content-length:* ]]; then length=${line//[^0-9]/}; fi
  done
  read -r -t 10 -N "$length" line <&"${open_connection[0]}" || fail "an answer without its body"
}
get_open
expect 0 chathamd key rotate tls --state "$s"
get_open
[ "$(fingerprint)" != "$first" ] || fail "new connections meet the old certificate"
get_open
eval "exec ${open_connection[1]}>&-"
wait "$open_connection_pid" 2>/dev/null || true

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
