#!/usr/bin/env bash
# Fuzz every target in turn: fuzz.sh [SECONDS [TARGET...]]. New inputs go to build/fuzz/corpus, findings to build/fuzz/found;
# what is worth keeping is copied to tests/corpus by hand.
set -euo pipefail
seconds=${1:-60}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in tests/fuzz/*_fuzz.c; do targets+=("$(basename "$file" _fuzz.c)"); done
fi
mkdir -p build/fuzz/found
failed=0
for name in "${targets[@]}"; do
  mkdir -p "build/fuzz/corpus/$name"
  seeds=()
  if [ -d "tests/corpus/$name" ]; then seeds=("tests/corpus/$name"); fi
  if "build/fuzz/${name}_fuzz" -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$name-" "build/fuzz/corpus/$name" "${seeds[@]}" >"build/fuzz/$name.log" 2>&1; then
    printf '%-24s %s executions, nothing found\n' "$name" "$(awk '/number_of_executed_units/ {print $2}' "build/fuzz/$name.log")"
  else
    printf '%-24s FAILED: build/fuzz/%s.log\n' "$name" "$name"
    failed=1
  fi
done
exit $failed
