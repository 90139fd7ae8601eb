#!/usr/bin/env bash
# Who may include whom: check.sh ROOT. Prints each offence as "file:line: what"; exit 1 if there is one.
# Which rooms a room may use is read from cmake/Rooms.cmake; that these arrows only point down, and everything about
# third-party headers, is said here.
set -euo pipefail
export LC_ALL=C
cd "$1"

rooms="base crypto dp redaction protocol transport ledger insight client server audits"
folders=$(for room in $rooms tests; do if [ -d "$room" ]; then echo "$room"; fi; done)
# shellcheck disable=SC2086
files=$(find $folders -name '*.[ch]' | sort)
headers=$(grep '\.h$' <<<"$files" || true)

includes() { # the rules that one line can break
  # shellcheck disable=SC2086
  awk '
  BEGIN {
    split("base 0 crypto 1 dp 1 redaction 1 protocol 2 transport 2 ledger 2 insight 3 client 4 server 4 audits 5 tests 5", pairs)
    for (i = 1; i in pairs; i += 2) floor[pairs[i]] = pairs[i + 1]
    # third-party headers and the rooms that own them; tests may use any
    owner["sodium.h"] = owner["zlib.h"] = " base "
    owner["openssl/"] = owner["sqlite3.h"] = " crypto "
    owner["p11-kit/"] = " crypto "
    owner["curl/"] = " transport "
    owner["event2/"] = " client server "
    owner["hs.h"] = owner["hs/"] = owner["pcre2.h"] = " redaction "
    owner["cblas.h"] = " audits "
    owner["cmocka.h"] = " "
    n = split("assert ctype dirent dlfcn elf endian err errno fcntl fenv float ftw getopt glob grp ifaddrs immintrin emmintrin inttypes " \
      "iso646 libgen limits locale malloc math memory netdb nmmintrin poll pthread pwd sched semaphore setjmp signal smmintrin spawn stdalign " \
      "stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings syslog termios threads time tmmintrin uchar " \
      "ucontext unistd utime wchar wctype", names, " ")
    for (i = 1; i <= n; i++) system_header[names[i] ".h"] = 1
  }
  function say(what) { print FILENAME ":" FNR ": " what }
  FILENAME == "cmake/Rooms.cmake" {
    if (!match($0, /^chatham_room\([a-z]+/)) next
    room = substr($0, 14, RLENGTH - 13)
    line = $0; sub(/\)[^)]*$/, "", line); sub(/ LIBRARIES .*/, "", line)
    if (!sub(/.* USES /, "", line)) next
    n = split(line, used, " ")
    for (i = 1; i <= n; i++) {
      may[room, used[i]] = 1
      if (floor[used[i]] >= floor[room]) say(room " is not above " used[i])
    }
    next
  }
  FNR == 1 { split(FILENAME, path, "/"); room = path[1]; is_header = FILENAME ~ /\.h$/ }
  /^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\""); name = part[2]; split(name, path, "/"); target = path[1]
    if (!(target in floor) || name !~ /\//) say("not root-relative: " name)
    else if (target == "tests" && room != "tests") say("a product file includes a test")
    else if (target != room && room != "tests" && !((room, target) in may)) say(room " may not include " target)
  }
  /^[ \t]*#[ \t]*include[ \t]*</ {
    name = $0; sub(/^[^<]*</, "", name); sub(/>.*/, "", name)
    key = name; sub(/\/.*/, "/", key)
    if (key in owner) {
      if (is_header && room != "tests") say("a header of ours includes " name)
      if (room != "tests" && index(owner[key], " " room " ") == 0) say(room " may not include " name)
    } else if (!(name in system_header) && key !~ /^(sys|linux|net|netinet|arpa)\/$/)
      say("a header that nobody owns: " name)
  }' cmake/Rooms.cmake $files
}

once() { # every header can be included twice
  local header
  for header in $headers; do
    grep -q '^#pragma once$' "$header" || echo "$header:1: no #pragma once"
  done
}

alone() { # every header can be included first
  local header
  for header in $headers; do
    echo "#include \"$header\"" | ${CC:-cc} -std=c17 -D_GNU_SOURCE -I. -Wall -Werror -fsyntax-only -x c - 2>/dev/null ||
      echo "$header:1: not self-contained"
  done
}

offences=$(includes; once; alone)
if [ -n "$offences" ]; then
  echo "$offences"
  exit 1
fi
