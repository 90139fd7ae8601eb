#!/usr/bin/env bash
# ./dev bench [--peers] [--runs N] [NAME...]: runs the bench programs and prints one table: the median of N runs, the
# target where there is one, and peers that did the same work in the same run. docs/bench.md says what each line measures.
set -euo pipefail
build=${CHATHAM_BUILD:-build/release}
export CHATHAM_BUILD=$build CHATHAM_SHARED=${CHATHAM_SHARED:-../shared}
here=tests/bench
runs=3
install=no
names=()
while [ $# -gt 0 ]; do
  case $1 in
  --peers) install=yes ;;
  --runs) runs=${2:?}; shift ;;
  overlap | scrub | seal | admit | round | search | log | ledger | release | pld | dp | audit) names+=("$1") ;;
  *) echo "usage: ./dev bench [--peers] [--runs N] [overlap|scrub|seal|admit|round|search|log|ledger|release|pld|dp|audit]..." >&2; exit 2 ;;
  esac
  shift
done
[ ${#names[@]} -gt 0 ] || names=(overlap scrub seal admit round search log ledger release pld dp audit)

peers=build/peers
python=python3
install_peers() { # by package name, those of the lines asked for; what can't be had is said and left out
  mkdir -p $peers/bin
  [ -x $peers/venv/bin/python ] || python3 -m venv $peers/venv || echo "bench: no Python venv here" >&2
  [[ " ${names[*]} " != *" scrub "* ]] || install_scrub_peers
  [[ " ${names[*]} " != *" pld "* ]] || install_pld_peers
  [[ " ${names[*]} " != *" dp "* ]] || install_dp_peers
  [[ " ${names[*]} " != *" audit "* ]] || install_audit_peers
}
install_audit_peers() { # each peer names its packages itself: a line "# pip: NAME..."
  local script packages
  for script in $here/peer_audit_*.py; do
    packages=$(sed -n 's/^# pip: //p' "$script")
    # shellcheck disable=SC2086 # several names
    [ -z "$packages" ] || $peers/venv/bin/pip install -q $packages >&2 || echo "bench: $packages could not be installed" >&2
  done
}
install_scrub_peers() {
  $peers/venv/bin/pip install -q presidio-analyzer >&2 || echo "bench: Presidio could not be installed" >&2
  [ -x $peers/bin/gitleaks ] || GOBIN=$PWD/$peers/bin GOPATH=$PWD/$peers/go GOFLAGS=-modcacherw \
    go install github.com/zricethezav/gitleaks/v8@v8.18.4 >&2 || echo "bench: Gitleaks could not be installed" >&2
}
install_pld_peers() {
  $peers/venv/bin/pip install -q dp-accounting >&2 || echo "bench: dp-accounting could not be installed" >&2
}
install_dp_peers() { # the module's versions and their hashes are in peer_dp/go.sum
  $peers/venv/bin/pip install -q opendp >&2 || echo "bench: OpenDP could not be installed" >&2
  (cd $here/peer_dp && GOPATH=$OLDPWD/$peers/go GOFLAGS=-modcacherw go build -o "$OLDPWD/$peers/bin/peer_dp" .) >&2 ||
    echo "bench: Google's differential-privacy for Go could not be built" >&2
}
[ $install = no ] || install_peers
[ ! -x $peers/venv/bin/python ] || python=$peers/venv/bin/python
PATH=$PWD/$peers/bin:$PATH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# program NAME: its runs one after another, results into $work/lines; a program that finds no data (77) has said so.
program() {
  local code i
  for i in $(seq "$runs"); do
    code=0
    "$build/$1_bench" >>"$work/lines" || code=$?
    [ $code != 77 ] || return 0
    [ $code = 0 ] || { echo "bench: $1 failed" >&2; failed=1; return 0; }
  done
}
peer() { # SCRIPT ARGUMENT...: once, for it times itself; one that is not there has said so
  command -v "$python" >/dev/null || { echo "bench: no Python, no peer $1" >&2; return 0; }
  "$python" "$here/peer_$1.py" "${@:2}" >>"$work/lines" || echo "bench: the peer $1 gave no figure" >&2
}
bench_overlap() { program overlap; [ ! -s "$work/lines" ] || peer overlap; }
bench_scrub() { program scrub; "$build/scrub_bench" --write "$work"; peer scrub "$work"; }
bench_seal() { program seal; }
admit() { bash $here/admit.sh "$@" >>"$work/lines" || { echo "bench: admit failed" >&2; failed=1; }; }
bench_admit() { # the second fills six gigabytes, so once
  local i
  for i in $(seq "$runs"); do admit admit 8 0 6000; done
  admit admit.many 1000 1000 6000
}
bench_round() { program round; }
bench_release() { # nothing in it depends on the clock, so once
  local code=0
  "$build/release_bench" --html "$build/release.html" >>"$work/lines" || code=$?
  case $code in 0) echo "bench: $build/release.html has the table and the plot" >&2 ;; 77) ;; *) echo "bench: release failed" >&2; failed=1 ;; esac
}
bench_log() { program log; }
bench_pld() { program pld; "$build/pld_bench" --settings >"$work/settings"; peer pld <"$work/settings"; }
bench_ledger() { program ledger; }
bench_dp() {
  program dp
  peer dp
  if [ -x $peers/bin/peer_dp ]; then $peers/bin/peer_dp >>"$work/lines"; else echo "bench: no Google differential-privacy here" >&2; fi
}
# Each audit_NAME_bench with its peer_audit_NAME.py in turn, so that both meet the same machine. `--write DIR` puts the
# input and our answers there; the peer reads them, stops if its own answers are others, and prints its time.
bench_audit() {
  local program name code i
  for program in "$build"/audit_*_bench; do
    [ -x "$program" ] || continue
    name=$(basename "$program" _bench)
    mkdir -p "$work/$name"
    code=0
    "$program" --write "$work/$name" >/dev/null || code=$?
    [ $code != 77 ] || continue # it has said what is missing
    for i in $(seq "$runs"); do
      "$program" >>"$work/lines" || { echo "bench: $name failed" >&2; failed=1; break; }
      [ ! -e "$here/peer_$name.py" ] || peer "$name" "$work/$name"
    done
  done
}
bench_search() { program search; "$build/search_bench" --write "$work"; peer search "$work"; }

# What issue and design ask for: name, direction, bound. NAME:PEER is how many times as fast as that peer; any audit's: 20.
targets='overlap.729 <= 50
ledger.memory >= 100000
scrub.text >= 250
scrub.jsonl >= 120
scrub.all.text >= 10
scrub.all.jsonl >= 10
scrub.all.talk >= 10
scrub.all.text:Presidio >= 100
scrub.all.jsonl:Presidio >= 100
scrub.all.text:Gitleaks >= 5
scrub.all.jsonl:Gitleaks >= 5
scrub.text:Presidio >= 100
release.gsm8k.200.eps1 >= 80
release.tau.200.eps1 >= 80
scrub.jsonl:Presidio >= 100
scrub.text:Gitleaks >= 5
scrub.jsonl:Gitleaks >= 5
scrub.shape.worst <= 4
scrub.string.worst <= 4
scrub.file.10MB.peak <= 95
scrub.file.100MB.peak <= 95
scrub.line.100MB.peak <= 95
round.usual.100k <= 60
round.odd.100k <= 60
round.usual.100k.peak <= 953
round.odd.100k.peak <= 953
search.100k.p99 <= 20
pld.worst <= 1000
pld.over <= 1.01
admit >= 1500
admit.half <= 50
admit.many.memory <= 200
admit.many.start <= 2000
dp.gaussian.1 >= 5
dp.gaussian.10 >= 5
dp.gaussian.100 >= 5
dp.laplace.1 >= 10
dp.laplace.10 >= 10
dp.laplace.100 >= 10'

table() {
  awk -F '\t' -v targets="$targets" '
    function median(list, n,   i, j, x, v) {
      n = split(list, v, " ")
      for (i = 2; i <= n; i++) { x = v[i] + 0; for (j = i - 1; j > 0 && v[j] + 0 > x; j--) v[j + 1] = v[j]; v[j + 1] = x }
      return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
    }
    function short(x) { return x >= 100 ? sprintf("%.0f", x) : x >= 10 ? sprintf("%.1f", x) : sprintf("%.3g", x) }
    function ratio(ours, theirs, unit) { return unit ~ /\/s$/ ? ours / theirs : theirs / ours }
    function judged(name, value) {
      if (name ~ /^audit\..*:/ && !(name in bound)) { direction[name] = ">="; bound[name] = 20 }
      if (!(name in bound)) return ""
      return direction[name] " " bound[name] ((direction[name] == "<=" ? value <= bound[name] : value >= bound[name]) ? " met" : " MISSED")
    }
    BEGIN { n = split(targets, t, "\n"); for (i = 1; i <= n; i++) { split(t[i], f, " "); direction[f[1]] = f[2]; bound[f[1]] = f[3] } }
    $1 == "result" { if (!($2 in values)) order[++count] = $2; values[$2] = values[$2] " " $3; unit[$2] = $4; note[$2, $3 + 0] = $5 }
    $1 == "peer" { key = $2 SUBSEP $5; if (!(key in theirs)) who[$2, ++peers[$2]] = $5; theirs[key] = theirs[key] " " $3 }
    END {
      for (i = 1; i <= count; i++) {
        name = order[i]; value = median(values[name])
        printf "%-26s %9s %-8s %-14s %s\n", name, short(value), unit[name], judged(name, value), note[name, value]
        for (p = 1; p <= peers[name]; p++) {
          other = median(theirs[name, who[name, p]])
          times = ratio(value, other, unit[name]); peer = who[name, p]; sub(/[, ].*/, "", peer)
          printf "%-26s %9s %-8s %-14s %s\n", "  beside", short(other), unit[name], "x" short(times) " " judged(name ":" peer, times), who[name, p]
        }
      }
    }' "$work/lines"
}

echo "$(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg); median of $runs runs; xN: Chatham is N times as fast as the peer in that line"
printf '%-26s %9s %-8s %-14s %s\n' what measured unit target note
for name in "${names[@]}"; do
  : >"$work/lines"
  "bench_$name"
  table
done
exit $failed
