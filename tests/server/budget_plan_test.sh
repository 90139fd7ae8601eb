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

# Desfontaines et al. 2020: at epsilon 1 and delta 1e-5 half of the time at 12 supporters. One round of 1 wants a budget of 1.
answer=$(plan --round-epsilon 1 --round-delta 1e-5 --rounds 1 --delta 1e-4)
is "support for one half" "$(field released_half_the_time <<<"$answer")" 12
is "budget of one round" "$(field epsilon <<<"$answer")" 1.000000

# Twelve large rounds go by their sum, two hundred small ones by zCDP.
is "a twelfth" "$(plan --epsilon 12 | field round_epsilon)" 1.000000
small=$(plan --round-epsilon 0.01 --rounds 200 | field epsilon)
awk -v e="$small" 'BEGIN { exit !(e > 0.5 && e < 0.8) }' || fail "200 rounds of 0.01 cost $small"

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
