#!/usr/bin/env bash
# The installed library, from outside: headers that stand alone and together, what is exported, pkg-config, and the example with the
# shared and the static library, from a folder that was moved.
set -uo pipefail
source_root=${CHATHAM_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
build=${CHATHAM_BUILD:-$source_root/build/dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() { echo "library: $1"; failures=$((failures + 1)); }

cmake --build "$build" --target dp-library -- --quiet >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --install "$build" --component chatham-dp-dev --prefix "$work/first" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mv "$work/first" "$work/moved"
lib=$(dirname "$(find "$work/moved" -name libchatham-dp.so)")
export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib
sanitize=$(sed -n 's/^CHATHAM_SANITIZE:[A-Z]*=\(..*\)/-fsanitize=\1/p' "$build/CMakeCache.txt")
read -ra flags < <(pkg-config --cflags chatham-dp)
read -ra shared < <(pkg-config --libs chatham-dp)
read -ra static < <(pkg-config --static --libs chatham-dp | sed 's/-lchatham-dp//')

# every public header can be included first, and all of them together
headers=$(cd "$work/moved/include/chatham" && find . -name '*.h' -printf '%P\n' | LC_ALL=C sort)
compile() { ${CC:-cc} -std=c17 -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" -x c -; }
for header in $headers; do
  echo "#include <$header>" | compile || fail "$header does not stand alone"
done
sed 's/.*/#include <&>/' <<<"$headers" | compile || fail "the headers do not go together"

# exactly what they declare is exported
nm -D --defined-only "$lib/libchatham-dp.so" | awk '$2 != "A" {print $3}' | LC_ALL=C sort >"$work/exported"
cmp -s "$work/exported" "$build/dp/exports.txt" || { fail "other names are exported"; diff "$work/exported" "$build/dp/exports.txt"; }
nm -g --defined-only "$lib/libchatham-dp.a" 2>/dev/null | awk 'NF == 3 {print $3}' | LC_ALL=C sort >"$work/static"
cmp -s "$work/static" "$work/exported" || { fail "the static library has other names"; diff "$work/static" "$work/exported"; }
[ "$(grep -c '^dp_' "$work/exported")" -gt 50 ] || fail "hardly anything is exported"

# the example
example=$(find "$work/moved" -name noise.c)
cd "$work" || exit 1
# shellcheck disable=SC2086
${CC:-cc} -std=c17 -Wall -Wextra -Werror $sanitize "$example" "${flags[@]}" "${shared[@]}" -o shared || fail "the example does not build"
# shellcheck disable=SC2086
${CC:-cc} -std=c17 $sanitize "$example" "${flags[@]}" "$lib/libchatham-dp.a" "${static[@]}" -o static || fail "the example does not build with the static library"
readelf -d shared | grep -q 'NEEDED.*libchatham-dp.so.0' || fail "the shared library is not needed"
readelf -d static | grep -q 'NEEDED.*libchatham-dp' && fail "the static library is not in the program"
for program in shared static; do
  printf '1000\n%.0s' {1..200} | ./$program 0.5 1 >out 2>err || fail "$program fails"
  awk '$1 !~ /^-?[0-9]+$/ {exit 1} {sum += $1; odd += $1 != 1000} END {exit !(NR == 200 && odd > 50 && sum / NR > 995 && sum / NR < 1005)}' out ||
    { fail "$program releases otherwise"; head -n 5 out; }
  grep -q '^epsilon 0.500000, rho 0\..* 95 of 100 within [0-9]*$' err || { fail "$program counts otherwise"; cat err; }
  ./$program 0 1 </dev/null >/dev/null 2>err && fail "$program takes an epsilon of 0"
done

[ "$failures" = 0 ] && echo "library: stands alone"
[ "$failures" = 0 ]
