#!/usr/bin/env bash
# The house's arrows only point down. First the checker is shown trees with one offence each and must name it; then it
# is shown the real one.
set -euo pipefail
source_root=${CHATHAM_SOURCE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
check=$source_root/tests/layers/check.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

good_tree() {
  rm -rf "$work/tree"
  mkdir -p "$work/tree/cmake" "$work/tree"/{base,crypto,dp,protocol,client,server,tests/base}
  cd "$work/tree"
  cat >cmake/Rooms.cmake <<-'END'
	chatham_room(base LIBRARIES PkgConfig::SODIUM)
	chatham_room(crypto USES base LIBRARIES PkgConfig::OPENSSL)
	chatham_room(dp USES base)
	chatham_room(protocol USES base crypto dp)
	chatham_room(client USES base crypto dp protocol)
	chatham_room(server USES base crypto dp protocol LIBRARIES PkgConfig::EVENT)
	END
  printf '#pragma once\n#include <stdint.h>\nint32_t base_one(void);\n' >base/one.h
  printf '#include "base/one.h"\n\n#include <sodium.h>\n#include <sys/stat.h>\n' >base/one.c
  printf '#pragma once\n#include "base/one.h"\n' >crypto/two.h
  printf '#include "crypto/two.h"\n#include <openssl/evp.h>\n' >crypto/two.c
  printf '#include "crypto/two.h"\n#include "base/one.h"\n' >protocol/three.c
  printf '#include <event2/event.h>\n' >server/four.c
  printf '#include "base/one.h"\n#include <cmocka.h>\n#include <sodium.h>\n' >tests/base/one_test.c
}

expect_offence() { # WHAT FILE LINES...: the good tree with these lines added to the file must be refused, saying WHAT
  local what=$1 file=$2 said
  shift 2
  good_tree
  printf '%s\n' "$@" >>"$file"
  if said=$(bash "$check" "$work/tree" 2>&1); then
    echo "not caught: $what"; failures=$((failures + 1))
  elif ! grep -qF "$what" <<<"$said"; then
    printf 'caught otherwise: %s\n%s\n' "$what" "$said"; failures=$((failures + 1))
  fi
}

good_tree
if ! bash "$check" "$work/tree"; then echo "a good tree was refused"; failures=1; fi
expect_offence "base may not include crypto" base/one.c '#include "crypto/two.h"'
expect_offence "crypto may not include dp" crypto/two.c '#include "dp/x.h"'
expect_offence "client may not include server" client/x.c '#  include "server/x.h"'
expect_offence "dp is not above protocol" cmake/Rooms.cmake 'chatham_room(dp USES base protocol)'
expect_offence "dp is not above crypto" cmake/Rooms.cmake 'chatham_room(dp USES crypto LIBRARIES m)'
expect_offence "not root-relative: one.h" base/one.c '#include "one.h"'
expect_offence "not root-relative: ../base/one.h" crypto/two.c '#include "../base/one.h"'
expect_offence "not root-relative: elsewhere/x.h" crypto/two.c '#include "elsewhere/x.h"'
expect_offence "a product file includes a test" base/one.c '#include "tests/base/x.h"'
expect_offence "protocol may not include openssl/evp.h" protocol/three.c '#include <openssl/evp.h>'
expect_offence "server may not include sodium.h" server/four.c '#include <sodium.h>'
expect_offence "crypto may not include event2/http.h" crypto/two.c '#include <event2/http.h>'
expect_offence "dp may not include cmocka.h" dp/x.c '#include <cmocka.h>'
expect_offence "a header of ours includes sodium.h" base/one.h '#include <sodium.h>'
expect_offence "a header that nobody owns: lua.h" base/one.c '#include <lua.h>'
expect_offence "a header that nobody owns: jansson.h" base/one.c '#include <jansson.h>'
expect_offence "dp/x.h:1: no #pragma once" dp/x.h 'int x(void);'
expect_offence "dp/x.h:1: not self-contained" dp/x.h '#pragma once' 'uint32_t x(void);'

if [ "$failures" -ne 0 ]; then echo "layers: the checker fails in $failures cases"; exit 1; fi
bash "$check" "$source_root"
echo "layers: the tree keeps its floors"
