#!/usr/bin/env bash
# A command stands in every table and on every page that lists commands: who may call it, the operator's page, the manual;
# and so do its options.
set -euo pipefail
source=${CHATHAM_SOURCE:-.}
chathamd=${CHATHAM_BUILD:-build/dev}/chathamd
manual=$source/docs/man/chathamd.1.md
fail() { echo "FAILED: $*" >&2; exit 1; }

rows=$(sed -n 's/^    {"\([a-z.]*\)", [a-z_]*, EFFECT_.*/\1/p' "$source/server/admin.c")
[ "$(wc -w <<<"$rows")" -ge 30 ] || fail "the rows of server/admin.c are not found"
for row in $rows; do
  grep -q "^    {\"$row\", " "$source/server/roles.c" || fail "server/roles.c does not say who may call $row"
  grep -q "^| .*\`$row\`.* |" "$source/docs/admin.md" || fail "docs/admin.md does not know $row"
done

commands=$("$chathamd" --help | sed -n '/^  [a-z]/ s/^  \(.\{15\}\).*/\1/p' | sed 's/ *$//')
[ "$(wc -l <<<"$commands")" -ge 30 ] || fail "the commands of chathamd are not found"
while read -r command; do
  grep -qF -- "**$command**" "$manual" || fail "the manual does not know chathamd $command"
  # shellcheck disable=SC2086
  for option in $("$chathamd" $command --help | grep -o '^  --[a-z0-9-]*'); do
    grep -q -- "$option\>" "$manual" || fail "the manual does not know $option of chathamd $command"
  done
done <<<"$commands"
echo "1 passed, 0 failed"
