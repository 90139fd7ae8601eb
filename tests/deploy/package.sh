# The packages of this build, for the tests here: package_build FOLDER makes them there. Source it.
set -euo pipefail
export LC_ALL=C
build=${CHATHAM_BUILD:?}
fail() { echo "FAIL: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
needs() { local tool; for tool in "$@"; do command -v "$tool" >/dev/null || skip "no $tool"; done; }
package_build() {
  cmake --build "$build" --target package-files -- --quiet >&2
  cpack --config "$build/CPackConfig.cmake" -B "$1" >"$1/log" 2>&1 || { cat "$1/log" >&2; fail cpack; }
}
