#!/usr/bin/env bash
# mirror.sh: the mirror that this machine's own apt sources name first, on standard output.
cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list 2>/dev/null |
  awk '!m && /^URIs:/ {m = $2} !m && /^deb / {for (i = 2; i <= NF; i++) if ($i ~ /^[a-z+]+:\/\//) {m = $i; break}} END {print m}'
