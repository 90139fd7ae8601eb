#!/usr/bin/env bash
# The installed library, from outside: headers that stand alone, what is exported, pkg-config, and the example program with the shared
# and with the static library, from a folder that was moved after the installation.
set -uo pipefail
source_root=${CHATHAM_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
build=${CHATHAM_BUILD:-$source_root/build/dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() { echo "library: $1"; failures=$((failures + 1)); }

cmake --build "$build" --target redaction-library -- --quiet >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cmake --install "$build" --component chatham-redaction-dev --prefix "$work/first" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mv "$work/first" "$work/moved"
lib=$(dirname "$(find "$work/moved" -name libchatham-redaction.so)")
export PKG_CONFIG_PATH=$lib/pkgconfig LD_LIBRARY_PATH=$lib
sanitize=$(sed -n 's/^CHATHAM_SANITIZE:[A-Z]*=\(..*\)/-fsanitize=\1/p' "$build/CMakeCache.txt")
read -ra flags < <(pkg-config --cflags chatham-redaction)
read -ra shared < <(pkg-config --libs chatham-redaction)
read -ra static < <(pkg-config --static --libs chatham-redaction | sed 's/-lchatham-redaction//')

# every public header can be included first, by C and by nothing else of ours
for header in redaction/redaction.h base/bytes.h base/status.h; do
  echo "#include <$header>" | ${CC:-cc} -std=c17 -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" -x c - || fail "$header does not stand alone"
done

# exactly what they declare is exported, and it is a C name of ours
nm -D --defined-only "$lib/libchatham-redaction.so" | awk '$2 != "A" {print $3}' | LC_ALL=C sort >"$work/exported"
cmp -s "$work/exported" "$build/redaction/exports.txt" || { fail "other names are exported"; diff "$work/exported" "$build/redaction/exports.txt"; }
nm -g --defined-only "$lib/libchatham-redaction.a" 2>/dev/null | awk 'NF == 3 {print $3}' | LC_ALL=C sort >"$work/static"
cmp -s "$work/static" "$work/exported" || { fail "the static library has other names"; diff "$work/static" "$work/exported"; }
for name in redactor_new redact_text redact_json redact_stream_add buf_free; do
  grep -qx "$name" "$work/exported" || fail "$name is not exported"
done

# the example
example=$(find "$work/moved" -name scrub.c)
cd "$work" || exit 1
# shellcheck disable=SC2086
${CC:-cc} -std=c17 -Wall -Wextra -Werror $sanitize "$example" "${flags[@]}" "${shared[@]}" -o shared || fail "the example does not build"
# shellcheck disable=SC2086
${CC:-cc} -std=c17 $sanitize "$example" "${flags[@]}" "$lib/libchatham-redaction.a" "${static[@]}" -o static || fail "the example does not build with the static library"
readelf -d shared | grep -q 'NEEDED.*libchatham-redaction.so.0' || fail "the shared library is not needed"
readelf -d static | grep -q 'NEEDED.*libchatham-redaction' && fail "the static library is not in the program"
for program in shared static; do
  printf '{"password": "hunter2", "t": "to a@example.com"}\n' | ./$program >out 2>err || fail "$program fails"
  [ "$(cat out)" = '{"password": "<PASSWORD_1>", "t": "to <EMAIL_1>"}' ] || { fail "$program writes otherwise"; cat out; }
  [ "$(cat err)" = "$(printf 'EMAIL 1\nPASSWORD 1')" ] || { fail "$program counts otherwise"; cat err; }
  printf 'x' | ./$program nonesuch >/dev/null 2>err && fail "$program takes a policy that there is not"
done

[ "$failures" = 0 ] && echo "library: stands alone"
[ "$failures" = 0 ]
