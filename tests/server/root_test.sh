#!/usr/bin/env bash
# The root key's providers with real processes: founding under each, serving with no more than the secret, changing from
# each to the next with and without a server, and that a wrong one opens nothing.
. "$(dirname "$0")/../e2e/house.sh"
umask 077
s=$work/s
opens() { expect 0 chathamd status --state "$s" --json "$@"; }
record() { grep -q "\"now\":{[^}]*\"kind\":\"$1\"" "$s/root.provider" || { cat "$s/root.provider" >&2; fail "the record does not say $1"; }; }

# --- a file, rotated
found "$s" 2
record file
tenant=$(chathamd tenant add acme --state "$s" --json | sed 's/.*"tenant":"\([0-9a-f]*\)".*/\1/')
expect 0 chathamd root rotate --state "$s"
says "kind file"
[ -e "$s/root.key" ] && [ -e "$s/root.2.key" ] || fail "the old key file went, or the new one is not there"
opens
expect 4 chathamd status --state "$s" --key-file "$s/root.key"
cp -r "$s" "$work/moved" # the folder may move: its own key file is named within it
rm "$s/root.2.key"
expect 1 chathamd status --state "$s"
expect 0 chathamd status --state "$work/moved"
cp "$work/moved/root.2.key" "$s/root.2.key"
expect 2 chathamd root change --state "$s"
expect 1 chathamd root change --state "$s" --key-file "$s/root.key"
expect 2 chathamd root change --state "$s" --key-file "$work/x" --passphrase
expect 4 chathamd root change --state "$s" --old "$s/root.key" --key-file "$work/x"
[ ! -e "$work/x" ] || fail "a change that was refused left a key file"
opens

# --- a passphrase
printf 'correct horse battery\n' >"$work/pass"
printf 'wrong horse battery\n' >"$work/wrong"
expect 0 chathamd root change --state "$s" --passphrase-file "$work/pass"
record passphrase
opens --passphrase-file "$work/pass"
expect 4 chathamd status --state "$s" --passphrase-file "$work/wrong"
expect 2 chathamd status --state "$s" --key-file "$s/root.2.key"
printf 'another horse battery\n' >"$work/pass2"
expect 0 chathamd root rotate --state "$s" --old "$work/pass" --passphrase-file "$work/pass2"
opens --passphrase-file "$work/pass2"
expect 4 chathamd status --state "$s" --passphrase-file "$work/pass"

# --- a credential, as systemd hands it over
mkdir "$work/credentials"
head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$work/credentials/chatham.key"
expect 1 chathamd root change --state "$s" --old "$work/pass2" --credential chatham.key
export CREDENTIALS_DIRECTORY=$work/credentials
expect 1 chathamd root change --state "$s" --old "$work/pass2" --credential missing
expect 2 chathamd root change --state "$s" --old "$work/pass2" --credential ../s/root.key
chmod 440 "$work/credentials/chatham.key" # a readable group is how an access list shows
expect 0 chathamd root change --state "$s" --old "$work/pass2" --credential chatham.key
record credential
opens
chmod 444 "$work/credentials/chatham.key"
expect 4 chathamd status --state "$s"
chmod 400 "$work/credentials/chatham.key"

# --- while it serves: nothing stops, and a restart opens under the new one
serve "$s"
expect 0 chathamd root change --state "$s" --key-file "$work/served.key"
record file
opens
stop
serve "$s"
stop
expect 0 chathamd init --state "$work/c" --name C --credential chatham.key
expect 0 chathamd status --state "$work/c"
unset CREDENTIALS_DIRECTORY
expect 1 chathamd status --state "$work/c"
opens

# --- a token
module=$(ls /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so 2>/dev/null | head -n 1 || true)
if [ -z "$module" ] || ! command -v softhsm2-util >/dev/null; then
  echo "SoftHSM2 is not installed: tokens are not tested"
else
  mkdir "$work/tokens"
  printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$work/tokens" >"$work/softhsm2.conf"
  export SOFTHSM2_CONF=$work/softhsm2.conf
  softhsm2-util --init-token --free --label house --pin 1234-secret --so-pin so-secret >/dev/null
  softhsm2-util --init-token --free --label other --pin 1234-secret --so-pin so-secret >/dev/null
  printf '1234-secret\n' >"$work/pin"
  printf '0000-wrong\n' >"$work/badpin"
  token=(--pkcs11-module "$module" --pkcs11-token house)
  expect 2 chathamd root change --state "$s" --pkcs11-module "$module" --pin-file "$work/pin"
  expect 1 chathamd root change --state "$s" --pkcs11-module /nowhere.so --pkcs11-token house --pin-file "$work/pin"
  expect 5 chathamd root change --state "$s" --pkcs11-module "$module" --pkcs11-token nowhere --pin-file "$work/pin"
  expect 4 chathamd root change --state "$s" "${token[@]}" --pin-file "$work/badpin"
  record file
  expect 0 chathamd root change --state "$s" "${token[@]}" --pin-file "$work/pin"
  record pkcs11
  opens --pin-file "$work/pin"
  expect 4 chathamd status --state "$s" --pin-file "$work/badpin"
  says "PIN is wrong"
  sed "s/\"token\":\"house\"/\"token\":\"other\"/" "$s/root.provider" >"$work/record"
  cp "$s/root.provider" "$work/kept" && cp "$work/record" "$s/root.provider"
  expect 4 chathamd status --state "$s" --pin-file "$work/pin"
  says "does not hold it"
  cp "$work/kept" "$s/root.provider"
  mkdir "$work/pins" && cp "$work/pin" "$work/pins/pin" # the PIN by credential: then serving needs no option
  export CREDENTIALS_DIRECTORY=$work/pins
  expect 0 chathamd root rotate --state "$s" --old "$work/pin" --pin-credential pin
  [ "$(sed 's/.*"key":"\([^"]*\)".*/\1/' "$s/root.provider")" != "$(sed 's/.*"key":"\([^"]*\)".*/\1/' "$work/kept")" ] || fail "the same key"
  opens
  serve "$s"
  join "$s" bravo
  sealed=$(sha256sum <"$s/intermediate.key")
  expect 0 chathamd tenant erase bravo --confirm bravo --state "$s" --out "$work/erasure.json" # a new intermediate key, wrapped in the token
  [ "$sealed" != "$(sha256sum <"$s/intermediate.key")" ] || fail "an erasure left the intermediate key"
  expect 0 chathamd root rotate --state "$s" # served from a token, and to another key in it
  expect 0 chathamd tenant add echo --state "$s"
  expect 5 chathamd tenant erase echo --confirm echo --state "$s" --out "$work/none.json" # until it was started again
  stop
  opens
  expect 0 chathamd init --state "$work/t" --name T "${token[@]}" --pkcs11-key ceremony --pin-file "$work/pin"
  expect 0 chathamd status --state "$work/t" --pin-file "$work/pin"
  softhsm2-util --delete-token --token house >/dev/null
  expect 5 chathamd status --state "$s"
  says "no token has this label"
  echo "ok: tokens"
fi
[ -n "$tenant" ] && expect 0 chathamd tenant list --state "$work/moved" && says "$tenant" # the data were never touched
echo "ok: providers"
