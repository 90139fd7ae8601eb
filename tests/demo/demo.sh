#!/usr/bin/env bash
# The main job, once, on loopback with TLS: a federation of three organisations, from their traces to a signed library that
# each one pulls and searches, a quick audit of it and a report. ./dev demo builds first, then runs this.
# demo.sh [--traces DIR]... [--keep]: one tenant a folder of traces; --keep leaves the federation running.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=${CHATHAM_BUILD:-build/dev}
work=build/demo
samples=tests/samples
folders=()
keep=
server=
queries=("too many requests" "relation does not exist" "push rejected")
usage() { echo "usage: ./dev demo [--traces DIR]... [--keep]" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
  --traces) [ $# -gt 1 ] || usage; folders+=("${2%/}"); shift ;;
  --keep) keep=yes ;;
  *) usage ;;
  esac
  shift
done
manifest=()
if [ ${#folders[@]} = 0 ]; then
  folders=("$samples/northwind-support" "$samples/harbor-infra" "$samples/lumen-data")
  manifest=(--manifest "$samples/manifest.json")
else
  queries=()
fi
tenants=()
for folder in "${folders[@]}"; do
  [ -d "$folder" ] || { echo "demo: no such folder: $folder" >&2; exit 2; }
  tenant=$(basename "$(realpath "$folder")" | tr -c 'a-zA-Z0-9\n' '-')
  case " ${tenants[*]:-} " in *" $tenant "*) echo "demo: two folders have the name $tenant" >&2; exit 2 ;; esac
  tenants+=("$tenant")
done

chatham() { "$bin/chatham" "$@"; }
chathamd() { "$bin/chathamd" "$@"; }
audit() { "$bin/chatham-audit" "$@"; }
now() { echo "${EPOCHREALTIME/[^0-9]/}"; }
seconds() { local spent=$(($(now) - $1)); printf '%d.%02d s' $((spent / 1000000)) $((spent / 10000 % 100)); }
number=0
began=$(now)
step_began=
step_title=
finish_step() { if [ -n "$step_title" ]; then printf '   -- %s: %s\n' "$step_title" "$(seconds "$step_began")"; fi; }
step() { # TITLE, which is repeated with its time when the next step starts
  finish_step
  number=$((number + 1)); step_title=$1; step_began=$(now)
  printf '\n%d. %s\n' "$number" "$1"
}
indent() { sed 's/^/   /'; }
wrap() { # long lines go on below, further in
  awk '{line = $0; lead = "   "
        while (length(line) > 112) {
          cut = 112
          while (cut > 60 && substr(line, cut, 1) != " ") cut--
          print lead substr(line, 1, cut); line = substr(line, cut + 1); lead = "         "
        }
        print lead line}'
}

stop_server() {
  if [ -z "$server" ]; then return 0; fi
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
}
ended() {
  local code=$?
  trap - EXIT
  if [ "$code" != 0 ]; then
    printf '\nFAILED in step %d (%s); the server said:\n' "$number" "$step_title" >&2
    tail -n 20 "$work/server.log" 2>/dev/null | tr -d '\000' | indent >&2 || true
  fi
  if [ "$code" != 0 ] || [ -z "$keep" ]; then stop_server; fi
  exit "$code"
}
trap ended EXIT
trap 'exit 130' INT TERM

found_federation() { # a policy of two tenants instead of three, rounds only when asked for
  chathamd policy --default --json |
    sed 's/"k": *[0-9]*/"k":2/; s/"name": *"[^"]*"/"name":"demo"/; s/"round_seconds": *[0-9]*/"round_seconds":0/' >"$work/policy.json"
  chathamd init --state "$work/server" --name "Demo house" --policy "$work/policy.json" |
    head -n 1 | indent
}

serve() { # on a free port of loopback; sets $url
  : >"$work/server.log"
  setsid "$bin/chathamd" serve --state "$work/server" --listen 127.0.0.1:0 >"$work/server.log" 2>&1 </dev/null &
  server=$!
  for _ in $(seq 200); do
    if grep -aq "listening on" "$work/server.log"; then break; fi
    kill -0 "$server" 2>/dev/null || { echo "   the server ended at once" >&2; return 1; }
    sleep 0.05
  done
  url=https://$(sed -n 's/.*listening on //p' "$work/server.log" | head -n 1)
  [ "$url" != https:// ]
  echo "   $url (TLS 1.3), state in $work/server"
}

enrol() { # TENANT
  (umask 077; chathamd tenant add "$1" --state "$work/server" --json |
    sed 's/.*"token": *"\([^"]*\)".*/\1/' | tr -d '\n' >"$work/$1.token")
  chatham init --home "$work/$1" >/dev/null
  chatham enroll --home "$work/$1" --server "$url" --token-file "$work/$1.token" --accept-policy >"$work/$1.enrolled"
  rm "$work/$1.token"
}

# One line an attack: its verdict and what it measured; then the count of verdicts.
audit_lines() {
  awk '/^   [a-z_]+\.[a-z_.]+ / {name = $1; verdict = $0; sub(/^ *[^ ]+ +/, "", verdict); open = 1; next}
       open && /^       measured / {sub(/^ *measured /, ""); split($0, part, ", 95 %"); measured = part[1]}
       open && /^       control / {printf "   %-28s %-26s %s\n", name, verdict, measured; measured = ""; open = 0}
       /^   [0-9]+ results|^     [a-z]|VOID/ {if (!open) print}'
}

first_when() { # N: what the library's first insights are about, for searches in traces that are not ours
  chatham show --home "$work/${tenants[0]}" | awk '/^ *when / {sub(/^ *when */, ""); print}' | sort -u | head -n "$1"
}

if [ -s "$work/kept" ] && grep -aqs chathamd "/proc/$(cat "$work/kept")/cmdline"; then
  echo "demo: an earlier demo is still running; end it first: kill $(cat "$work/kept")" >&2
  exit 1
fi
mkdir -p build
rm -rf "$work"
mkdir -m 700 "$work"

step "Found a federation and serve it"
found_federation
serve

step "Enrol ${#tenants[@]} organisations"
for tenant in "${tenants[@]}"; do enrol "$tenant"; done
indent <"$work/${tenants[0]}.enrolled"
printf '   enrolled: %s\n' "${tenants[*]}"

for i in "${!tenants[@]}"; do
  step "${tenants[$i]} shares what its traces teach"
  shared=0
  chatham share --home "$work/${tenants[$i]}" --dry-run --json "${folders[$i]}" >"$work/${tenants[$i]}.json" || true
  chatham share --home "$work/${tenants[$i]}" --yes "${folders[$i]}" >"$work/${tenants[$i]}.shared" || shared=$?
  wrap <"$work/${tenants[$i]}.shared"
  [ "$shared" = 0 ] || { [ "$shared" = 1 ] && [ ${#manifest[@]} = 0 ]; } # foreign files among one's own are named and skipped
done

step "One round: group, distil, count support anew, pass the release gate, sign, publish"
chathamd round --state "$work/server" >"$work/round"
indent <"$work/round"

step "Everyone pulls the library and verifies it"
for tenant in "${tenants[@]}"; do
  printf '   %s\n' "$tenant"
  chatham pull --home "$work/$tenant" | indent | indent
done

step "The released insights"
total=0
if chatham show --home "$work/${tenants[0]}" >"$work/insights" 2>"$work/nothing"; then
  total=$(grep -cE '^ *[0-9]+\. ' "$work/insights" || true)
fi
awk '/^ *[0-9]+\. / {n++} n <= 25' "$work/insights" | indent
if [ "$total" -gt 25 ]; then echo "   the first 25 of $total; all of them: $bin/chatham show --home $work/${tenants[0]}"; fi
if [ "$total" = 0 ]; then echo "   none: nothing was said by two organisations and in two tasks"; fi

if [ "$total" -gt 0 ]; then
  step "Three searches, at home and offline"
  if [ ${#queries[@]} = 0 ]; then mapfile -t queries < <(first_when 3); fi
  for i in "${!queries[@]}"; do
    tenant=${tenants[$((i % ${#tenants[@]}))]}
    printf '   %s asks: %s\n' "$tenant" "${queries[$i]}"
    chatham search --home "$work/$tenant" --limit 2 "${queries[$i]}" | indent | indent
  done
fi

step "Audit: the quick suite attacks what crosses a boundary, and a thief's copy of the server's folder"
traces=()
for folder in "${folders[@]}"; do traces+=(--traces "$folder"); done
cp -r "$work/server" "$work/stolen"
audit run --suite quick "${traces[@]}" ${manifest[@]+"${manifest[@]}"} --state "$work/stolen" --k 2 --out "$work/run.json" >"$work/audit"
rm -rf "$work/stolen"
indent <"$work/audit" | audit_lines
echo "   all of it, with intervals and notes: $work/audit"
if grep -q '^membership.* leak found' "$work/audit"; then
  echo "   membership: a threshold release makes no claim of differential privacy; with so few members it tells who took part"
fi

step "Evidence and report"
chathamd report --state "$work/server" --audit "$work/run.json" --out "$work/evidence.json" >/dev/null
audit verify "$work/evidence.json" | indent
said=()
for tenant in "${tenants[@]}"; do said+=(--shared "$work/$tenant.json"); done
audit report --evidence "$work/evidence.json" --run "$work/run.json" "${said[@]}" --out "$work/report.html"
echo "   report: $PWD/$work/report.html"

if [ -n "$keep" ]; then
  step "Left running"
  echo "$server" >"$work/kept"
  cat <<END
   server      process $server, $url; ends with: kill $server
   operate     $bin/chathamd status --state $work/server      (tenant list, round, log, guarantee)
   a member    $bin/chatham status --home $work/${tenants[0]}      (share, pull, search, show)
END
else
  step "Stop"
  stop_server
  echo "   the server has ended; its files are in $work until the next run"
fi
finish_step
printf '\nDone in %s.\n' "$(seconds "$began")"
if [ ${#manifest[@]} != 0 ] && [ "$total" = 0 ]; then echo "No insight was released from the samples." >&2; exit 1; fi
# What the policy promises must hold; that a threshold release tells who took part is stated, and measured above.
if grep -Eq '^(probes|rescan|at_rest|isolation|overlap)[a-z_.]* +leak found|^VOID' "$work/audit"; then
  echo "The audit broke a promise, or could not have seen it broken: read the report." >&2
  exit 3
fi
