#!/usr/bin/env bash
# The whole server with real processes on loopback: founding, serving, commands with and without a server, deaths,
# a graceful stop, the lock, wrong passphrases. Everything is bounded by timeouts; nothing is left behind.
set -uo pipefail
chathamd=${CHATHAM_BUILD:?}/chathamd
[ -x "$chathamd" ] || { echo "chathamd is not built"; exit 77; }
umask 077
dir=$(mktemp -d)
server=
supervisor=
finish() { # the supervisor's children end with it
  [ -z "$server" ] || kill -KILL "$supervisor" "$server" 2>/dev/null
  wait 2>/dev/null
  rm -rf "$dir"
}
trap finish EXIT
fail() { echo "FAIL: $*" >&2; [ ! -e "$dir/err" ] || tail -n 20 "$dir/err" >&2; exit 1; }
ok() { echo "ok: $*"; }
run() { timeout 60 "$chathamd" "$@"; }
expect() { # CODE WORDS...: the exit code; and an error is one line
  local want=$1 got; shift
  run "$@" >"$dir/o" 2>"$dir/e"; got=$?
  [ "$got" = "$want" ] || { cat "$dir/e" >&2; fail "exit $got instead of $want: $*"; }
  [ "$want" = 0 ] || [ "$(wc -l <"$dir/e")" = 1 ] || { cat "$dir/e" >&2; fail "not one line: $*"; }
}
start() { # OPTIONS...: serve, and wait until it is ready
  mkfifo "$dir/ready"
  timeout --foreground -k 1 120 "$chathamd" serve --state "$dir/s" --listen 127.0.0.1:0 --ready-fd 9 "$@" >"$dir/out" 2>>"$dir/err" 9>"$dir/ready" &
  server=$!
  address=
  read -r -t 60 address <"$dir/ready" || true
  rm -f "$dir/ready"
  [ -n "$address" ] || fail "the server did not get ready"
  supervisor=$(pgrep -P "$server")
}
child() { pgrep -P "$supervisor" -f -- "--role $1"; }
stop() { # and its exit code
  kill -TERM "$supervisor"
  timeout 8 tail --pid="$server" -f /dev/null || fail "the server did not stop"
  wait "$server"; stopped=$?
  server=
}
get() { # PATH: the status and body of one request
  printf 'GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n' "$1" |
    timeout 20 openssl s_client -connect "$address" -tls1_3 -quiet 2>/dev/null
}
answers() { # PATH STATUS
  [[ "$(get "$1")" == "HTTP/1.1 $2 "* ]]
}
eventually() { # a command that becomes true within 20 s; each try waits for the server itself, not for a clock
  local end=$((SECONDS + 20))
  until "$@"; do [ $SECONDS -lt $end ] || return 1; done
}

# --- usage
expect 2
expect 2 frob
expect 2 tenant
expect 2 tenant add --state "$dir/s"
expect 2 status
expect 2 status --state
expect 2 status --state "$dir/s" --preview
expect 2 tenant erase acme --state "$dir/s" </dev/null
expect 2 tenant rotate --state "$dir/s"
for command in init serve "tenant add" "tenant list" round library log "log verify" guarantee report status policy token; do
  # shellcheck disable=SC2086
  expect 0 $command --help
  grep -q -- "--state" "$dir/o" || fail "help of $command"
done
expect 0 tenant --help
expect 2 --role gate
mkdir -m 700 "$dir/none"
expect 2 serve --state "$dir/none" --listen 127.0.0.1:99999
ok usage

# --- founding
expect 1 status --state "$dir/nowhere"
expect 2 init --state "$dir/s"
expect 0 init --state "$dir/s" --name "Test federation"
expect 1 init --state "$dir/s" --name "Again"
[ "$(stat -c %a "$dir/s" "$dir/s/root.key" "$dir/s/federation.db" | sort -u | tr '\n' ' ')" = "600 700 " ] || fail "modes"
mkdir "$dir/cut" && : >"$dir/cut/federation.db" # a founding that was cut off: without intermediate.key there is none
expect 0 init --state "$dir/cut" --name "Again"
expect 0 status --state "$dir/cut"
for mode in 770 707; do
  chmod $mode "$dir/cut"
  expect 4 status --state "$dir/cut"
  expect 4 serve --state "$dir/cut" --listen 127.0.0.1:0
done
chmod 750 "$dir/cut"
expect 0 status --state "$dir/cut"
ok founding

# --- commands without a server
expect 0 tenant add acme --state "$dir/s" --json
grep -q '"token":"chatham-token-2\.' "$dir/o" || fail "no token"
expect 1 tenant add acme --state "$dir/s"
expect 1 tenant suspend nobody --state "$dir/s"
expect 0 tenant suspend acme --state "$dir/s"
expect 0 tenant list --state "$dir/s"
grep -q 'acme *suspended' "$dir/o" || fail "not suspended"
expect 0 tenant resume acme --state "$dir/s"
expect 0 log verify --state "$dir/s" --json
[ ! -e /dev/full ] || { run log --state "$dir/s" >/dev/full 2>"$dir/e"; [ $? = 1 ] || fail "a page that could not be written counts as done"; }
grep -q "^chathamd log: " "$dir/e" || fail "an error does not name the program"
grep -q '"verified":true' "$dir/o" || fail "log not verified"
expect 1 library --state "$dir/s"
expect 0 guarantee --state "$dir/s"
expect 0 policy --default --json
cp "$dir/o" "$dir/policy.json"
expect 0 report --state "$dir/s" --out "$dir/evidence.json"
[ -s "$dir/evidence.json" ] || fail "no evidence"
chmod 640 "$dir/s/root.key"
expect 4 status --state "$dir/s"
chmod 600 "$dir/s/root.key"
ok "commands without a server"

# --- serving
start
[ "$(cat "$dir/out")" = "listening on $address" ] || fail "not announced"
answers /livez 200 || fail livez
answers /readyz 200 || fail readyz
[[ "$(get /v1/federation)" == *'"name":"Test federation"'* ]] || fail federation
answers /v1/library 403 || fail "a library without a certificate"
timeout 10 openssl s_client -connect "$address" -tls1_2 </dev/null >/dev/null 2>&1 && fail "TLS 1.2"
expect 0 status --state "$dir/s" --json
expect 0 tenant add beta --state "$dir/s"
expect 1 tenant add beta --state "$dir/s"
expect 0 round --state "$dir/s" --json
[ "$(stat -c %a "$dir/s/control")" = 600 ] || fail "mode of the control socket"
expect 5 serve --state "$dir/s" --listen 127.0.0.1:0
answers /livez 200 || fail "after a second server was refused"
ok "serving, commands to a server, the lock"

# --- what a process may do
for role in gate vault distil; do
  status=/proc/$(child $role)/status
  grep -q '^NoNewPrivs:.*1' "$status" || fail "$role may gain privileges"
  grep -q '^Seccomp:.*2' "$status" || fail "$role has no filter"
  grep -q '^CapEff:[[:space:]]*0*$' "$status" && grep -q '^CapPrm:[[:space:]]*0*$' "$status" || fail "$role has capabilities"
  grep -q '^Max core file size *0 *0' "/proc/$(child $role)/limits" || fail "$role may dump core"
  [ "$(id -u)" != 0 ] || [ "$(readlink "/proc/$(child $role)/cwd")" = / ] || fail "$role works in a folder"
  grep -q " $role confined " "$dir/err" || fail "$role does not say how it is confined"
done
grep -q '^Seccomp:.*2' "/proc/$supervisor/status" || fail "the supervisor has no filter"
for role in gate distil; do
  [ "$(id -u)" = 0 ] || continue # only root may look
  [ ! -s "/proc/$(child $role)/environ" ] || fail "$role has an environment"
  [ -z "$(find "/proc/$(child $role)/fd" -lname "$dir/s/*")" ] || fail "$role has a file of the state folder"
done
for fd in $(child distil) $(child vault); do
  ! ls -l "/proc/$fd/fd" 2>/dev/null | grep -q 'root.key' || fail "a key file is left open"
done
for role in vault distil; do
  sockets=$(ls -l "/proc/$(child $role)/fd" 2>/dev/null | grep -c 'socket:')
  [ "$sockets" -le 3 ] || fail "$role has $sockets sockets"
done
ok confinement

# --- deaths: all restart, at the same address
for role in gate vault distil; do
  before=$(child $role)
  others=$(pgrep -P "$supervisor" | sort | tr '\n' ' ')
  kill -KILL "$before"
  timeout 10 tail --pid="$before" -f /dev/null
  eventually answers /readyz 200 || fail "not serving after the death of $role"
  for pid in $others; do ! pgrep -P "$supervisor" | grep -qx "$pid" || fail "process $pid outlived $role"; done
  expect 0 status --state "$dir/s"
done
ok "each process killed once"
stop
[ "$stopped" = 0 ] || fail "exit $stopped after SIGTERM"
[ ! -e "$dir/s/control" ] || fail "the control socket is left"
expect 0 log verify --state "$dir/s"
ok "graceful stop"

# --- users of their own, when root starts it; the vault's is the folder's owner
owner() { awk '/^Uid:/ {print $2 "," $3 "," $4 "," $5}' "/proc/$1/status"; }
if [ "$(id -u)" = 0 ]; then
  expect 2 serve --state "$dir/s" --listen 127.0.0.1:0 --gate-user root
  expect 1 serve --state "$dir/s" --listen 127.0.0.1:0 --gate-user nobody.such
  start
  [ "$(owner "$(child gate)")" != 0,0,0,0 ] || fail "the gate is root"
  stop
  cp -r "$dir/s" "$dir/owned"
  chmod 711 "$dir"
  chown -R 61003:61003 "$dir/owned"
  mv "$dir/s" "$dir/kept" && mv "$dir/owned" "$dir/s"
  start --gate-user 61001 --distil-user 61002
  for pair in gate:61001 distil:61002 vault:61003; do
    pid=$(child ${pair%:*}) uid=${pair#*:}
    [ "$(owner "$pid")" = "$uid,$uid,$uid,$uid" ] || fail "${pair%:*} is $(owner "$pid")"
    grep -q "^Groups:[[:space:]]*$" "/proc/$pid/status" || fail "${pair%:*} has groups"
  done
  [ "$(owner "$supervisor")" = 61003,61003,61003,61003 ] || fail "the supervisor is $(owner "$supervisor")"
  answers /readyz 200 || fail "not serving as other users"
  for uid in 61001 61002; do
    ! setpriv --reuid $uid --regid $uid --clear-groups cat "$dir/s/federation.db" >/dev/null 2>&1 || fail "$uid reads the store"
  done
  expect 0 tenant add gamma --state "$dir/s"
  before=$(child gate)
  kill -KILL "$before"
  timeout 10 tail --pid="$before" -f /dev/null
  eventually answers /readyz 200 || fail "no restart as other users"
  stop
  [ "$stopped" = 0 ] || fail "exit $stopped as other users"
  expect 0 tenant list --state "$dir/s"
  expect 0 tenant add delta --state "$dir/s"
  mkdir -m 700 "$dir/founded" && chown 61003:61003 "$dir/founded"
  expect 0 init --state "$dir/founded" --name "Another's"
  [ -z "$(find "$dir/founded" ! -uid 61003)" ] || fail "a founded file has another owner"
  [ -z "$(find "$dir/s" ! -uid 61003)" ] || fail "a file of the folder has another owner"
  rm -rf "$dir/s" && mv "$dir/kept" "$dir/s"
  ok "users of their own"
else
  expect 2 serve --state "$dir/s" --listen 127.0.0.1:0 --gate-user nobody
fi

# --- the filter: what it would have ended is logged; and a process that it ends is told of
expect 2 serve --state "$dir/s" --listen 127.0.0.1:0 --sandbox off
start --sandbox=log
answers /readyz 200 || fail "not serving with --sandbox=log"
expect 0 tenant list --state "$dir/s"
stop
! grep ' call.outside ' "$dir/err" || fail "a call of the daily work is outside its list"
start
before=$(child distil)
kill -SYS "$before"
timeout 10 tail --pid="$before" -f /dev/null
eventually answers /readyz 200 || fail "no restart after a forbidden call"
grep -q '^chathamd distil: .*--sandbox=log' "$dir/err" || fail "a process that its filter ended is not told of"
stop
ok "the filter's report"

# --- too many deaths: it gives up, and says so
start
for _ in 1 2 3 4 5 6; do
  before=$(child distil) || break
  [ -n "$before" ] || break
  kill -KILL "$before"
  timeout 10 tail --pid="$before" -f /dev/null
  eventually eval 'answers /readyz 200 || ! kill -0 $supervisor 2>/dev/null'
done
timeout 10 tail --pid="$server" -f /dev/null || fail "it never gives up"
wait "$server"; code=$?
server=
[ $code = 5 ] || fail "exit $code after too many deaths"
expect 0 status --state "$dir/s"
ok "bounded restarts"

# --- a supervisor that is killed leaves nobody behind
start
pids=$(pgrep -P "$supervisor")
kill -KILL "$supervisor"
for pid in $pids; do timeout 10 tail --pid="$pid" -f /dev/null || fail "process $pid was left behind"; done
wait "$server" 2>/dev/null
server=
expect 0 status --state "$dir/s"
start
answers /readyz 200 || fail "after a killed supervisor"
stop
ok "no orphans"

# --- passphrases
printf 'a long enough passphrase\n' >"$dir/right"
printf 'another long passphrase\n' >"$dir/wrong"
printf 'short\n' >"$dir/short"
expect 2 init --state "$dir/p" --name P --passphrase-file "$dir/short"
expect 0 init --state "$dir/p" --name P --passphrase-file "$dir/right"
[ ! -e "$dir/p/root.key" ] || fail "a key file beside a passphrase"
expect 4 status --state "$dir/p" --passphrase-file "$dir/wrong"
expect 0 status --state "$dir/p" --passphrase-file "$dir/right"
timeout 30 "$chathamd" serve --state "$dir/p" --listen 127.0.0.1:0 --passphrase-file "$dir/wrong" >/dev/null 2>"$dir/e"
code=$?
[ $code = 4 ] || fail "exit $code of a server with a wrong passphrase"
[ "$(grep -c '^chathamd vault: ' "$dir/e")" = 1 ] || fail "not one line about a wrong passphrase"
! grep -q 'passphrase$' "$dir/e" || fail "echo"
ok passphrases

# A damaged store: its first open is the process's first key, when SQLCipher would write lines of its own.
cp -r "$dir/p" "$dir/damaged"
dd if=/dev/urandom of="$dir/damaged/federation.db" bs=4096 seek=1 count=4 conv=notrunc 2>/dev/null
expect 1 status --state "$dir/damaged" --passphrase-file "$dir/right"

# --- a key file elsewhere, a policy of one's own, a bad one
sed 's/"k":3/"k":2/' "$dir/policy.json" >"$dir/k2.json"
expect 0 init --state "$dir/k" --name K --key-file "$dir/k.key" --policy "$dir/k2.json" --host 127.0.0.1
expect 0 policy --state "$dir/k" --key-file "$dir/k.key" --json
grep -q '"k":2' "$dir/o" || fail "the policy was not taken"
expect 0 status --state "$dir/k"
mv "$dir/k.key" "$dir/moved.key"
expect 1 status --state "$dir/k"
expect 0 status --state "$dir/k" --key-file "$dir/moved.key"
expect 1 init --state "$dir/b" --name B --policy "$dir/evidence.json"
[ ! -e "$dir/b/root.key" ] || fail "half founded"
expect 1 init --state "$dir/c" --name C --policy "$dir/nowhere"
expect 2 init --state "$dir/f" --name "$(printf 'x%.0s' {1..100})"
[ ! -e "$dir/f/root.key" ] && [ ! -e "$dir/f/federation.db" ] || fail "half founded"
ok "keys and policies"
exit 0
