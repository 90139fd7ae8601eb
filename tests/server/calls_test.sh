#!/usr/bin/env bash
# Whatever is asked of a server, its processes make no system call that is outside their lists: served with
# --sandbox=log, every operator's command and every request of a client, and not one call.outside in the log. A command that
# is not asked here fails it.
source "$(dirname "$0")/../e2e/house.sh"
serve_options="--sandbox=log --metrics 127.0.0.1:0"
found "$work/S" 2
serve "$work/S"
ask() { # CODE COMMAND...
  local code=$1; shift
  echo "$*" >>"$work/asked"
  expect "$code" chathamd "$@" --state "$work/S"
}
d() { ask 0 "$@"; }

for tenant in north south; do
  join "$work/S" $tenant
  traces "$work/$tenant.jsonl" 1 6
  expect 0 chatham share --home "$work/$tenant" "$work/$tenant.jsonl"
done
d tenant add east
d tenant list
d tenant suspend south
d tenant resume south
d tenant rotate south
d token south
d token list
id=$(grep -o '^[ ]*[0-9a-f]\{16,\}' "$work/out" | head -n 1 | tr -d ' ')
d token revoke "$id"
d round --preview
d round --json
for home in north south; do
  expect 0 chatham pull --home "$work/$home"
  expect 0 chatham status --home "$work/$home"
done
expect 0 chatham budget --home "$work/north"
expect 0 chatham withdraw --home "$work/south" --all
d library
d log
d log verify
d log export --out "$work/tiles"
d key list
d key rotate all
d key destroy
for home in north south; do expect 0 chatham pull --home "$work/$home"; done # over the next TLS key
d time accept
ask 1 log thaw "a reason"
d trail
d trail verify
d guarantee
d survey
d budget
d budget north
ask 1 budget replay
d report --out "$work/evidence.json"
d status
d policy
d device list
device=$(grep -o '[0-9a-f]\{16,\}' "$work/out" | head -n 1)
d device revoke "$device"
d backup "$work/copy" --key-dir "$work/keys"
d backup tail "$work/tail" --key-dir "$work/keys"

d tenant erase south --confirm south --out "$work/receipt"
d root rotate
d root change --key-file "$work/other.key"

stop
chathamd --help | sed -n '/^  [a-z]/ s/^  \(.\{15\}\).*/\1/p' | sed 's/ *$//' | sort -r >"$work/commands" # "log verify" before "log"
[ "$(wc -l <"$work/commands")" -ge 30 ] || fail "the commands are not found"
while read -r command; do
  case "$command" in init | serve | restore | "backup verify" | "budget plan") continue ;; esac # they ask no server
  grep -q "^$command\( \|$\)" "$work/asked" || fail "not asked: chathamd $command"
  sed -i "/^$command\( \|$\)/d" "$work/asked"
done <"$work/commands"
! grep -a ' call.outside ' "$work/server.log" || fail "calls that no row allows"
echo "1 passed, 0 failed"
