#!/usr/bin/env bash
# chathamd budget plan: known answers, both ways round, and figures that make no sense.
set -euo pipefail
chathamd=${CHATHAM_BUILD:-build/dev}/chathamd
fail() { echo "FAILED: $*" >&2; exit 1; }
plan() { "$chathamd" budget plan --json "$@"; }
field() { grep -o "\"$1\":\"\?[0-9.]*" | head -n 1 | sed 's/.*[:"]//'; }
is() { [ "$2" = "$3" ] || fail "$1 is $2, not $3"; }
refused() { # CODE OPTION...
  local want=$1 code=0
  shift
  "$chathamd" budget plan "$@" >/dev/null 2>&1 || code=$?
  [ "$code" = "$want" ] || fail "budget plan $*: exit code $code, not $want"
}

# Epsilon 1 and delta 1e-5: 20 tenants who say one thing, half of the time; 85 of those who say 16. Its loss at a larger delta is less.
answer=$(plan --round-epsilon 1 --round-delta 1e-5 --rounds 1 --delta 1e-4)
is "support for one half" "$(field released_half_the_time <<<"$answer")" 20
is "support of 16" "$(plan --round-epsilon 1 --round-delta 1e-5 --rounds 1 --delta 1e-4 --keys 16 | field released_half_the_time)" 85
awk -v e="$(field epsilon <<<"$answer")" 'BEGIN { exit !(e > 0.8 && e < 1) }' || fail "one round of 1 costs $(field epsilon <<<"$answer")"

# Rounds add up by their squares: twelve of over 3 go into 12, two hundred of 0.05 into 1.
awk -v e="$(plan --epsilon 12 | field round_epsilon)" 'BEGIN { exit !(e > 3 && e < 4) }' || fail "a twelfth of 12 by squares"
small=$(plan --round-epsilon 0.05 --rounds 200 | field epsilon)
awk -v e="$small" 'BEGIN { exit !(e > 0.5 && e < 1) }' || fail "200 rounds of 0.05 cost $small"

# The other way round and back: what a budget allows is let through by that budget.
for epsilon in 0.5 2 8; do
  for rounds in 1 12 100; do
    answer=$(plan --epsilon $epsilon --rounds $rounds)
    again=$(plan --round-epsilon "$(field round_epsilon <<<"$answer")" --rounds $rounds | field epsilon)
    noise=$(plan --sigma "$(field round_sigma <<<"$answer")" --rounds $rounds | field epsilon)
    awk -v a="$again" -v n="$noise" -v e=$epsilon 'BEGIN { exit !(a <= e && a > 0.99 * e && n <= 1.000002 * e && n > 0.99 * e) }' ||
      fail "budget $epsilon over $rounds rounds: $again by epsilon, $noise by sigma"
  done
done

refused 2
refused 2 --epsilon 0
refused 2 --epsilon -1
refused 2 --epsilon nan
refused 2 --epsilon 1 --sigma 1
refused 2 --sigma 1 --round-delta 1e-9
refused 2 --epsilon 1 --delta 1
refused 2 --epsilon 1 --delta 0
refused 2 --epsilon 1 --rounds 0
refused 2 --epsilon 1 --rounds 99999999999
refused 2 --epsilon 1 --keys 0
refused 3 --round-epsilon 1 --round-delta 0.9
refused 3 --sigma 0.02 --rounds 1000000
echo "1 passed, 0 failed"
