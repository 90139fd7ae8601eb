#!/usr/bin/env bash
# The release built twice, in two folders with names of two lengths, at two times: the three programs, SQLCipher and the packages are
# the same bytes. About ten minutes on two cores.
. "$(dirname "$0")/package.sh"
needs git apt-get lowdown cpack
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
source=${CHATHAM_SOURCE:?}
export SOURCE_DATE_EPOCH=1700000000 CCACHE_DISABLE=1
for folder in "$dir/a" "$dir/a-longer/name/of/a/folder"; do
  mkdir -p "$folder"
  (cd "$source" && git ls-files -z | xargs -0 cp --parents -t "$folder")
  (cd "$folder" && ./dev package >"$dir/log" 2>&1) || { tail "$dir/log" >&2; skip "the release cannot be built here"; }
  (cd "$folder/build" && sha256sum release/chatham release/chathamd release/chatham-audit release/*.deb deps/sqlcipher/libsqlcipher.a) >"$folder.sums"
done
diff "$dir/a.sums" "$dir/a-longer/name/of/a/folder.sums" || fail "two builds differ"
cat "$dir/a.sums"
