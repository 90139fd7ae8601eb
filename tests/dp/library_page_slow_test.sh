#!/usr/bin/env bash
# docs/dp-library.md tells of every function of dp that the library exports, and of no other.
set -uo pipefail
source_root=${CHATHAM_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
build=${CHATHAM_BUILD:-$source_root/build/dev}
page=$source_root/docs/dp-library.md
cmake --build "$build" --target dp-exports -- --quiet || exit 1
exported=$(grep '^dp_' "$build/dp/exports.txt")
told=$(grep -o '`dp_[a-z0-9_]*`' "$page" | tr -d '`' | LC_ALL=C sort -u)
missing=$(comm -3 <(echo "$exported") <(echo "$told"))
[ -n "$exported" ] && [ -z "$missing" ] && exit 0
printf 'library page: untold, or told of without being there:\n%s\n' "$missing"
exit 1
