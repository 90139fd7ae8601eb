# A federation of real processes on loopback, for the end-to-end tests. Source it; it makes a temporary folder, and ends what
# it started when the test ends. Sleeps only while it waits for a condition, at most ten seconds.
set -euo pipefail
build=${CHATHAM_BUILD:-build/dev}
work=$(mktemp -d)
server_pid=
house_end() {
  if [ -n "$server_pid" ]; then kill "$server_pid" 2>/dev/null || true; wait "$server_pid" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap house_end EXIT
chatham() { "$build/chatham" "$@"; }
chathamd() { "$build/chathamd" "$@"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

# expect CODE COMMAND...: the command ends with that exit code; its output is in $work/out.
expect() {
  local want=$1 got=0; shift
  "$@" >"$work/out" 2>&1 || got=$?
  [ "$got" = "$want" ] || { cat "$work/out" >&2; fail "exit $got instead of $want: $*"; }
}
says() { grep -q -- "$1" "$work/out" || { cat "$work/out" >&2; fail "does not say: $1"; }; }
wait_for() { # COMMAND...: until it succeeds
  for _ in $(seq 100); do if "$@" >/dev/null 2>&1; then return 0; fi; sleep 0.1; done
  tr -d "\000" <"$work/server.log" >&2; fail "waited in vain for: $*"
}

found() { # STATE K
  chathamd policy --default --json | sed "s/\"k\":[0-9]*/\"k\":$2/; s/\"min_tasks\":[0-9]*/\"min_tasks\":1/; s/\"round_seconds\":[0-9]*/\"round_seconds\":0/" >"$work/policy.json"
  chathamd init --state "$1" --name "Test house" --policy "$work/policy.json" >/dev/null
}
# A port that nobody else takes while a server of ours is down: below those that the system hands out, by this process's id.
served=0
own_port() { echo "$((10000 + ($$ * 4 + served) % 20000))"; }
serve() { # STATE [PORT]: sets $url; $serve_options go along. After a kill -9 the old vault may still be letting go of the lock: tried again.
  for _ in $(seq 20); do
    if [ -z "${2:-}" ]; then served=$((served + 1)); fi
    : >"$work/server.log"
    "$build/chathamd" serve --state "$1" --listen "127.0.0.1:${2:-$(own_port)}" ${serve_options:-} >"$work/server.log" 2>&1 &
    server_pid=$!
    until grep -aq "listening on" "$work/server.log" || ! kill -0 "$server_pid" 2>/dev/null; do sleep 0.05; done
    if grep -aq "listening on" "$work/server.log"; then break; fi
    wait "$server_pid" 2>/dev/null || true
    sleep 0.2
  done
  wait_for grep -aq "listening on" "$work/server.log"
  url=https://$(sed -n 's/.*listening on //p' "$work/server.log" | head -n 1)
}
stop() { kill -"${1:-TERM}" "$server_pid"; wait "$server_pid" 2>/dev/null || true; server_pid=; }
token() { # STATE TENANT FILE
  chathamd tenant add "$2" --state "$1" --json | sed 's/.*"token": *"\([^"]*\)".*/\1/' | tr -d '\n' >"$3"
  grep -q chatham-token "$3" || fail "no token for $2"
}
join() { # STATE TENANT: a home in $work/TENANT
  token "$1" "$2" "$work/$2.token"
  chatham init --home "$work/$2" >/dev/null
  chatham enroll --home "$work/$2" --server "$url" --token-file "$work/$2.token" --accept-policy >/dev/null
}
field() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" | head -n 1; } # a number out of JSON

# traces FILE FIRST LAST: one task a number, each with a run that recovers and a run that does not.
traces() {
  local i
  for i in $(seq "$2" "$3"); do
    cat <<JSON
{"task_id":$i,"trial":0,"reward":1.0,"instruction":"You are person $i and you want parcel $i.","messages":[{"role":"user","content":"Where is my parcel? My e-mail is ann.lee$i@example.com"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"find_parcel","arguments":"{\"parcel_id\":\"W$((5550000 + i))\"}"}}]},{"role":"tool","tool_call_id":"a","name":"find_parcel","content":"Error: parcel not found"},{"role":"assistant","content":null,"tool_calls":[{"id":"b","type":"function","function":{"name":"find_parcel","arguments":"{\"parcel_id\":\"#W$((5550000 + i))\"}"}}]},{"role":"tool","tool_call_id":"b","name":"find_parcel","content":"{\"parcel_id\":\"#W$((5550000 + i))\",\"status\":\"on its way\"}"},{"role":"assistant","content":"It is on its way."}]}
{"task_id":$i,"trial":1,"reward":0.0,"instruction":"You are person $i and you want parcel $i.","messages":[{"role":"user","content":"Where is my parcel? My e-mail is ann.lee$i@example.com"},{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"find_parcel","arguments":"{\"parcel_id\":\"W$((5550000 + i))\"}"}}]},{"role":"tool","tool_call_id":"a","name":"find_parcel","content":"Error: parcel not found"},{"role":"assistant","content":null,"tool_calls":[{"id":"b","type":"function","function":{"name":"find_parcel","arguments":"{\"parcel_id\":\"W$((5550000 + i))\"}"}}]},{"role":"tool","tool_call_id":"b","name":"find_parcel","content":"Error: parcel not found"},{"role":"assistant","content":"I can not find it."}]}
JSON
  done >"$1"
}
