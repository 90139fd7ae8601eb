#!/usr/bin/env bash
# A first contact is with a stranger: what it says of the policy is not what a device pins. The token vouches for the keys
# alone, so someone in the middle could put another policy beside them.
command -v python3 >/dev/null && command -v openssl >/dev/null || { echo "python3 or openssl is missing"; exit 77; }
source "$(dirname "$0")/house.sh"
middle=
end() { if [ -n "$middle" ]; then kill "$middle" 2>/dev/null || true; fi; house_end; }
trap end EXIT
found "$work/S" 2
serve "$work/S"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
python3 "$(dirname "$0")/in_the_middle.py" "$work/port" "${url##*:}" "$work/cert.pem" "$work/key.pem" 2>"$work/middle.log" &
middle=$!
wait_for test -s "$work/port"

token "$work/S" north "$work/token"
chatham init --home "$work/north" >/dev/null
expect 0 chatham enroll --home "$work/north" --server "https://127.0.0.1:$(cat "$work/port")" --token-file "$work/token" --accept-policy
grep -q '"redaction": *"default"' "$work/north/config.json" || fail "the policy of someone in the middle was pinned"
says "scrubbing at least *default"
echo "1 passed, 0 failed"
