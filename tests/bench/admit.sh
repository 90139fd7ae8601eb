#!/usr/bin/env bash
# admit.sh NAME TENANTS EACH COUNT: one run of admit_bench against a server of real processes on loopback, over a state
# of TENANTS members with EACH contributions stored. Prints how long the server took to start on it, too.
name=${1:?} tenants=${2:?} each=${3:?} count=${4:?}
source "$(dirname "$0")/../e2e/house.sh"
chathamd policy --default --json | sed 's/"max_contributions":[0-9]*/"max_contributions":1000000/; s/"round_seconds":[0-9]*/"round_seconds":0/' >"$work/policy.json"
chathamd init --state "$work/S" --name "Bench" --policy "$work/policy.json" >/dev/null
"$build/admit_fill_bench" "$work/S" "$work/members" "$tenants" "$each"
begun=$(date +%s%N)
"$build/chathamd" serve --state "$work/S" --listen 127.0.0.1:0 >"$work/server.log" 2>&1 &
server_pid=$!
until grep -aq "listening on" "$work/server.log"; do
  kill -0 "$server_pid" 2>/dev/null || { cat "$work/server.log" >&2; exit 1; }
  sleep 0.01
done
printf 'result\t%s.start\t%s\tms\tfrom the command to listening, %s members with %s contributions each\n' \
  "$name" $((($(date +%s%N) - begun) / 1000000)) "$tenants" "$each"
url=https://$(sed -n 's/.*listening on //p' "$work/server.log" | head -n 1)
"$build/admit_bench" "$name" "$url" "$work/members" "$count" "$server_pid" $(pgrep -P "$server_pid")
stop
