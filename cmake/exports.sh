#!/usr/bin/env bash
# exports.sh FOLDER HEADER...: the functions that the headers declare, as FOLDER/exports.txt (a name a line) and
# FOLDER/exports.map (a version script). What is for tests alone is not exported.
set -euo pipefail
export LC_ALL=C
folder=$1
shift
mkdir -p "$folder"
sed -n '/^typedef\|^static\|^struct [a-z_]* {/d; s/^[A-Za-z_][^(]*[ *]\([a-z][a-z0-9_]*\)(.*/\1/p' "$@" |
  grep -vx 'mem_fail_after' | sort -u >"$folder/exports.txt"
{
  echo "{ global:"
  sed 's/$/;/' "$folder/exports.txt"
  echo "local: *; };"
} >"$folder/exports.map"
