#!/usr/bin/env bash
# One run of admit_bench against a server of real processes on loopback, founded for it and ended with it.
source "$(dirname "$0")/../e2e/house.sh"
chathamd policy --default --json | sed 's/"max_contributions":[0-9]*/"max_contributions":10000/; s/"round_seconds":[0-9]*/"round_seconds":0/' >"$work/policy.json"
chathamd init --state "$work/S" --name "Bench" --policy "$work/policy.json" >/dev/null
serve "$work/S"
token "$work/S" north "$work/token"
"$build/admit_bench" "$url" "$work/token"
stop
