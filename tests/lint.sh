#!/usr/bin/env bash
# Format, static analysis, shell syntax, layers. lint.sh [BUILD-FOLDER] [FILE.c...]: without files, all of them.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
build=${1:-build/dev}
[ $# -gt 0 ] && shift
rooms='base|crypto|dp|redaction|protocol|transport|ledger|insight|client|server|audits'
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

mapfile -t sources < <(if [ $# -gt 0 ]; then printf '%s\n' "$@"; else git ls-files '*.c' '*.h'; fi)
mapfile -t product < <(printf '%s\n' "${sources[@]}" | grep -E "^($rooms)/.*\.c$")
mapfile -t scripts < <(git ls-files '*.sh'; echo dev)

# tidy FILE: findings to a log of its own, so that two at once don't mix
tidy() { clang-tidy --quiet -p "$build" "$1" >"$log/${1//\//_}.tidy" 2>/dev/null || echo "$1"; }
export -f tidy
export build log

if [ ! -e "$build/compile_commands.json" ]; then
  echo "lint: no $build/compile_commands.json: build first" >&2
  exit 2
fi
unformatted=$(printf '%s\n' "${sources[@]}" | xargs -P "$(nproc)" -n 8 clang-format --dry-run -Werror 2>&1 |
  sed -n 's/^\([^:]*\):.* error: .*/\1/p' | sort -u)
suspicious=$(printf '%s\n' "${product[@]}" | xargs -P "$(nproc)" -I{} bash -c 'tidy {}' | sort)
broken=$(for script in "${scripts[@]}"; do bash -n "$script" 2>&1; done)
layers=$(bash tests/layers/layers_test.sh 2>&1) && layers=

[ -z "$unformatted" ] || printf 'not formatted: %s\n' $unformatted
find "$log" -name '*.tidy' -size +0 -exec grep -hE '(warning|error):' {} + | sort -u
[ -z "$broken$layers" ] || printf '%s\n' "$broken" "$layers"
count() { grep -c . <<<"$1"; }
printf 'lint: %d files, %d not formatted; %d analysed, %d with findings; %d scripts, %s; layers %s\n' \
  "${#sources[@]}" "$(count "$unformatted")" "${#product[@]}" "$(count "$suspicious")" "${#scripts[@]}" \
  "$(if [ -z "$broken" ]; then echo sound; else echo broken; fi)" "$(if [ -z "$layers" ]; then echo kept; else echo broken; fi)"
[ -z "$unformatted$suspicious$broken$layers" ]
