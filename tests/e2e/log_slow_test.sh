#!/usr/bin/env bash
# The log, checked by tools that we didn't write: the fsck of transparency-dev/tessera over the tiles that the operator exports and
# over those that a member fetches from the running server, and Go's notes over our checkpoints and cosignatures. Skips where
# there is no Go, or no network and nothing fetched before.
source "$(dirname "$0")/house.sh"
peers=$PWD/build/peers
command -v go >/dev/null || { echo "skipped: no go"; exit 77; }
export GOPATH=$peers/go GOBIN=$peers/bin GOFLAGS=-modcacherw GOTOOLCHAIN=local
[ -x "$GOBIN/fsck" ] || timeout 300 go install github.com/transparency-dev/tessera/cmd/fsck@v1.0.4 >"$work/go.log" 2>&1 ||
  { tail -n 3 "$work/go.log" >&2; echo "skipped: fsck cannot be fetched or built"; exit 77; }
cp -r "$(dirname "$0")/peer_notes" "$work/notes"
(cd "$work/notes" && timeout 300 go build -o "$work/peer_notes" . >"$work/go.log" 2>&1) ||
  { tail -n 3 "$work/go.log" >&2; echo "skipped: the modules of peer_notes cannot be fetched or built"; exit 77; }

# A log of over 256 entries, so that there are full tiles and one above them.
found "$work/S" 2
serve "$work/S"
port=${url##*:}
join "$work/S" north; join "$work/S" south
traces "$work/t.jsonl" 1 280
chatham share --home "$work/north" "$work/t.jsonl" >/dev/null
chatham share --home "$work/south" "$work/t.jsonl" >/dev/null
expect 0 chathamd round --state "$work/S"
for member in north south; do expect 0 chatham pull --home "$work/$member"; done
vkey() { sed -n 's/.*"vkey": *"\([^"]*\)".*/\1/p'; }
# It exits with 0 whatever it finds, and with few workers it waits forever after finding something: so its words count.
verdict() { # DIR WORDS
  timeout 60 "$GOBIN/fsck" -N 1024 --ui=false --storage_url="file://$1/" --public_key="$1.vkey" >"$work/out" 2>&1 || true
  grep -q "$2" "$work/out" || { cut -c -300 "$work/out" >&2; fail "fsck over $1 does not say: $2"; }
}
checked() { # DIR: good as it is, and no longer after one byte of any kind of file changed
  local file
  verdict "$1" "Successfully fsck'd log with size"
  for file in "$1"/tile/entries/000 "$1"/tile/0/000 "$1"/tile/0/001 "$1"/tile/1/000.p/*; do
    cp "$file" "$work/kept"
    printf '\x5a' | dd of="$file" bs=1 seek=40 conv=notrunc status=none
    cmp -s "$file" "$work/kept" && printf '\xa5' | dd of="$file" bs=1 seek=40 conv=notrunc status=none
    verdict "$1" "fsck failed"
    cp "$work/kept" "$file"
  done
  verdict "$1" "Successfully fsck'd log with size"
}

# The tiles as members fetch them from the running server.
chatham log --home "$work/north" --out "$work/fetched" --json | vkey >"$work/fetched.vkey"
checked "$work/fetched"
# As the operator exports them, with a server running and without; what is full is kept.
chathamd log export --state "$work/S" --out "$work/exported" --json | vkey >"$work/exported.vkey"
checked "$work/exported"
cmp "$work/fetched.vkey" "$work/exported.vkey" || fail "two verifier keys"
stop
chathamd log export --state "$work/S" --out "$work/exported" --json >"$work/again"
[ "$(field kept <"$work/again")" -gt 0 ] || fail "full tiles are written again"
checked "$work/exported"

# Go reads our checkpoint and our cosignatures. (That we read Go's: tests/crypto/cosign_test.c.)
serve "$work/S" "$port"
cosigners=()
for member in north south; do
  expect 0 chatham pull --home "$work/$member"
  cosigners+=("$(chatham log --home "$work/$member" --out "$work/fetched" --json | sed -n 's/.*"cosigner": *"\([^"]*\)".*/\1/p')")
done
note() { "$work/peer_notes" "$(cat "$work/fetched.vkey")" "$@" <"$work/fetched/checkpoint" >"$work/out" 2>&1; }
note "${cosigners[@]}" || { cat "$work/out" >&2; fail "Go does not read the note"; }
says "cosignatures 2"
if note "${cosigners[0]/+/x+}"; then fail "Go finds a cosigner that is none"; fi
echo "1 passed, 0 failed"
