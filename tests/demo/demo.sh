#!/usr/bin/env bash
# The demo: a whole federation on loopback, from raw traces to a library, an audit and a report. Called by ./dev demo.
#   demo.sh [--traces DIR]... [--k N] [--keep]
# Without --traces it uses the three sample organisations of tests/samples. Everything it writes is in build/demo.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$root/build/dev
work=$root/build/demo
samples=$root/tests/samples
keep=no k=2
traces=()
usage() { echo "usage: ./dev demo [--traces DIR]... [--k N] [--keep]" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
  --traces) [ $# -ge 2 ] || usage; traces+=("$(realpath "$2")"); shift ;;
  --k) [ $# -ge 2 ] || usage; k=$2; shift ;;
  --keep) keep=yes ;;
  *) usage ;;
  esac
  shift
done
manifest=()
if [ ${#traces[@]} -eq 0 ]; then
  for folder in "$samples"/*/; do traces+=("${folder%/}"); done
  manifest=(--manifest "$samples/manifest.json")
fi
for folder in "${traces[@]}"; do [ -d "$folder" ] || { echo "demo: no such folder: $folder" >&2; exit 2; }; done

if [ -t 1 ]; then bold=$(tput bold 2>/dev/null || true) dim=$(tput dim 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true); else bold='' dim='' plain=''; fi
number=0 started=0
now() { date +%s%N; }
step() { number=$((number + 1)); printf '\n%s%d. %s%s\n' "$bold" $number "$*" "$plain"; started=$(now); }
took() { printf '   %s(%s s)%s\n' "$dim" "$(awk -v ns=$(($(now) - started)) 'BEGIN {printf "%.2f", ns / 1e9}')" "$plain"; }
indent() { sed 's/^/   /'; }

server=
finish() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
}
trap finish EXIT
rm -rf "$work"
mkdir -p "$work"
cd "$work"
begun=$(now)

step "A federation on loopback, with TLS"
"$bin/chathamd" policy --default --json |
  sed "s/\"k\":[0-9]*/\"k\":$k/; s/\"name\":\"[^\"]*\"/\"name\":\"demo\"/; s/\"round_seconds\":[0-9]*/\"round_seconds\":0/" >policy.json
"$bin/chathamd" init --state server --name "Chatham demo" --policy policy.json >/dev/null
"$bin/chathamd" serve --state server --listen 127.0.0.1:0 >server.log 2>&1 &
server=$!
for _ in $(seq 100); do grep -q "listening on" server.log && break; sleep 0.05; done
address=$(sed -n 's/.*listening on //p' server.log | head -n 1)
[ -n "$address" ] || { cat server.log >&2; echo "demo: the server did not start" >&2; exit 1; }
echo "   four processes (supervisor, gate, vault, distil) serve https://$address"
echo "   policy: an insight, and each phrase in it, needs $k organisations"
took

step "Organisations enrol, each with a token that serves once"
names=()
for folder in "${traces[@]}"; do
  name=$(basename "$folder")
  names+=("$name")
  "$bin/chathamd" tenant add "$name" --state server --json | sed 's/.*"token": *"\([^"]*\)".*/\1/' | tr -d '\n' >"$name.token"
  "$bin/chatham" init --home "$name.home" >/dev/null
  "$bin/chatham" enroll --home "$name.home" --server "https://$address" --token-file "$name.token" --accept-policy >/dev/null
  rm -f "$name.token"
  echo "   $name"
done
took

i=0
for folder in "${traces[@]}"; do
  name=${names[$i]}
  i=$((i + 1))
  step "$name: read, scrub, extract, show, seal, send"
  status=0
  "$bin/chatham" share --home "$name.home" --yes "$folder" >"$name.share" 2>"$name.share.err" || status=$?
  indent <"$name.share"
  if [ -s "$name.share.err" ]; then indent <"$name.share.err"; fi
  # Files that are no traces are named and skipped (1); whatever else went wrong ends the demo.
  [ $status -le 1 ] || { echo "demo: sharing failed" >&2; exit 1; }
  took
done

step "A round: group, distil, recount, gate, sign, publish"
"$bin/chathamd" round --state server | indent
took

step "Each organisation pulls the library and verifies it"
for name in "${names[@]}"; do
  printf '   %s: ' "$name"
  "$bin/chatham" pull --home "$name.home" | tr '\n' ' '
  echo
done
took

home=${names[0]}.home
if "$bin/chatham" show --home "$home" >insights.txt 2>/dev/null; then
  step "The released insights"
  indent <insights.txt
  took
  step "Three searches, offline, at ${names[0]}"
  for words in "request refused with too many requests" "not found identifier" "before changing or deploying"; do
    printf '   %s? %s%s\n' "$bold" "$words" "$plain"
    "$bin/chatham" search --home "$home" --limit 2 "$words" | indent
  done
  took
else
  step "The released insights"
  echo "   none: nothing was proposed by $k organisations alike"
fi

step "The quick audit attacks what left and what was released"
folders=()
for folder in "${traces[@]}"; do folders+=(--traces "$folder"); done
audit=0
"$bin/chatham-audit" run --suite quick "${folders[@]}" "${manifest[@]}" --k "$k" --out audit.json >audit.txt || audit=$?
indent <audit.txt
took

step "Evidence, signed by the federation, and a report"
"$bin/chathamd" report --state server --audit audit.json --out evidence.json >/dev/null
"$bin/chatham-audit" verify evidence.json | indent
"$bin/chatham-audit" report --evidence evidence.json --run audit.json --out report.html >/dev/null
echo "   report: $work/report.html"
took

if [ "$keep" = yes ]; then
  cat <<EOF

The federation goes on (process $server). Talk to it:
  $bin/chatham search --home $work/$home "words"
  $bin/chatham share  --home $work/$home --dry-run PATH...
  $bin/chathamd status --state $work/server
  $bin/chathamd round  --state $work/server
Stop it with: kill $server
EOF
  trap - EXIT
else
  finish
  trap - EXIT
  printf '\nEverything is stopped. '
fi
printf 'The whole took %s s.\n' "$(awk -v ns=$(($(now) - begun)) 'BEGIN {printf "%.1f", ns / 1e9}')"
exit $audit
