#!/usr/bin/env bash
# chatham scrub as people and CI run it: what it writes where, what it tells, how it ends, and that no report holds a value.
set -uo pipefail
build=${CHATHAM_BUILD:-build/dev}
chatham=$(cd "$build" && pwd)/chatham
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() { echo "scrub: $1"; failures=$((failures + 1)); }
ends() { # CODE WHAT COMMAND...
  local code=$1 what=$2 got
  shift 2
  "$@" >out 2>err </dev/null
  got=$?
  [ "$got" = "$code" ] || { fail "$what: ended with $got, not $code"; cat out err; }
}
holds() { grep -qF -- "$2" "$1" || { fail "$1 lacks: $2"; cat "$1"; }; }
lacks() { if grep -qF -- "$2" "$1"; then fail "$1 holds: $2"; fi; }
same() { cmp -s "$1" "$2" || { fail "$3"; diff "$1" "$2"; }; }

mkdir -p in/sub/.config in/.git
printf 'first\ncaf\303\251 a@example.com\n' >in/one.txt
printf '{"password": "hunter2", "n": 1.50,\n "t": "x \\u0061@example.com"}\n' >in/sub/two.json
printf 'Zorblax: 3.\n' >in/sub/.config/three
printf '{"first_name": "Zorblax"}\n{"zip": 78750}\n' >in/zlines.jsonl
printf 'PASSWORD=hunter22' >in/.git/config
printf 'GIF\0a@example.com' >in/x.gif
printf 'nothing here\n' >clean.txt
cp -a in before

# --check: places, types and rules; never a value; 3 if anything is found
ends 0 "a clean file" "$chatham" scrub --check clean.txt
[ -s out ] && fail "a clean file has findings"
ends 3 "a folder" "$chatham" scrub --check in
holds out "in/one.txt:2:6: EMAIL email"
holds out "in/sub/two.json:1:15: PASSWORD key.password"
holds out "in/sub/two.json:2:10: EMAIL email"
holds out "in/zlines.jsonl:2:9: ADDRESS"
holds err "in/x.gif: is no text, passed over"
lacks out ".git"
for value in hunter2 example.com 78750 Zorblax; do lacks out "$value"; lacks err "$value"; done
ends 3 "standard input" bash -c 'printf "\nmail a@example.com" | "$0" scrub --check' "$chatham"
holds out "-:2:6: EMAIL email"
ends 1 "no such file" "$chatham" scrub --check clean.txt nonesuch
ends 3 "a find beside a failure" "$chatham" scrub --check in nonesuch
holds err "nonesuch: no such file"

# --explain: why; values only when asked for
ends 0 "explain" "$chatham" scrub --explain in/one.txt
holds out "withheld: score 0.95 >= 0.60; by its form alone; RFC 5322"
lacks out "a@example.com"
printf 'mia%%2Eli%%40example%%2Eorg\n' >hidden.txt
ends 0 "explain what hides" "$chatham" scrub --explain hidden.txt
holds out "EMAIL hidden.escape of email withheld"
rm hidden.txt
ends 3 "explain and check" "$chatham" scrub --explain --check --show-values in/one.txt
holds out '"a@example.com"'
printf '{"version":1,"name":"f","threshold":1,"flag":0.5,"default":"placeholder"}' >flag.json
ends 0 "flagged only" "$chatham" scrub --explain --check --policy flag.json in/one.txt
holds out "flagged: score 0.95 < 1.00"

# --format json and sarif
ends 3 "json" "$chatham" scrub --check --format json in/one.txt
printf '%s\n' '{"column":6,"end":25,"file":"in/one.txt","line":2,"rule":"email","score":0.95,"start":12,"type":"EMAIL","withheld":true}' >want
same want out "the JSON line is another"
ends 3 "sarif" "$chatham" scrub --check --format sarif in 'clean.txt'
cp out first.sarif
for value in hunter2 example.com 78750 Zorblax; do lacks out "$value"; done
sed -i '1i one more line' in/one.txt
ends 3 "sarif again" "$chatham" scrub --check --format sarif in
python3 - first.sarif out <<'PYTHON' || fail "SARIF"
import json, sys
def load(path):
    run, = (log := json.load(open(path)))["runs"]
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-schema-2.1.0.json")
    assert run["columnKind"] == "unicodeCodePoints" and run["tool"]["driver"]["name"] == "chatham"
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    for rule in rules.values():
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
    places = []
    for result in run["results"]:
        assert result["ruleId"] in rules and result["level"] in ("error", "note") and result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        assert all(region[key] >= 1 for key in ("startLine", "startColumn", "endLine", "endColumn"))
        places.append((place["artifactLocation"]["uri"], region["startLine"], region["startColumn"],
                       result["partialFingerprints"]["chatham/v1"]))
    return places
first, again = load(sys.argv[1]), load(sys.argv[2])
assert ("in/one.txt", 2, 6) in [place[:3] for place in first], first
assert ("in/one.txt", 3, 6) in [place[:3] for place in again], again
assert len({place[3] for place in first}) == len(first)
assert [place[3] for place in first] == [place[3] for place in again]  # lines moved, fingerprints stayed
PYTHON
cp before/one.txt in/one.txt
ends 3 "sarif without findings" bash -c '"$0" scrub --check --format sarif clean.txt && exit 3' "$chatham"
python3 -c 'import json, sys; assert json.load(open("out"))["runs"][0]["results"] == []' || fail "empty SARIF"

# --out mirrors, and overwrites nothing
ends 0 "mirror" "$chatham" scrub --out mirror in clean.txt
[ "$(cd mirror && find . -type f | sort | tr '\n' ' ')" = "./clean.txt ./one.txt ./sub/.config/three ./sub/two.json ./zlines.jsonl " ] || fail "the mirror has other files: $(find mirror)"
printf '{"password": "<PASSWORD_1>", "n": 1.50,\n "t": "x <EMAIL_1>"}\n' >want
same want mirror/sub/two.json "two.json is scrubbed otherwise"
ends 1 "mirror again" "$chatham" scrub --out mirror in
holds err "in/one.txt: is there already"
diff -r in before >/dev/null || fail "the input was changed"

# what is empty is scrubbed, a device too; only a regular file is replaced
ends 0 "nothing" "$chatham" scrub /dev/null
[ -s out ] && fail "nothing became something"
ends 0 "nothing to find" "$chatham" scrub --check /dev/null
: >empty.txt
ends 0 "an empty file" "$chatham" scrub empty.txt
[ -s out ] && fail "an empty file became something"
mkfifo pipe
printf "a@example.com\n" >pipe &
ends 2 "a pipe in place" "$chatham" scrub --in-place pipe
wait
holds err "is no regular file"
[ -p pipe ] || fail "a pipe was replaced"
rm pipe

# --in-place: whole, mode kept, links stay links, what holds nothing is not touched
cp -a in placed
chmod 640 placed/one.txt
ln -s sub/two.json placed/link
touch -d 2001-02-03 placed/sub/.config/three
ends 0 "in place" "$chatham" scrub --in-place placed
same mirror/one.txt placed/one.txt "in place is scrubbed otherwise"
[ "$(stat -c %a placed/one.txt)" = 640 ] || fail "the mode changed"
[ -L placed/link ] || fail "a link was replaced"
[ "$(stat -c %y placed/sub/.config/three | cut -c1-4)" = 2001 ] || fail "a file without findings was written"
[ -z "$(find placed -name '.chatham-*')" ] || fail "temporary files are left"
cmp -s placed/x.gif before/x.gif || fail "a binary file was changed"

# --two-pass: what a later file tells goes from an earlier one
lacks mirror/sub/.config/three "<NAME_1>"
ends 0 "two passes" "$chatham" scrub --two-pass --out twice in
printf '<NAME_1>: 3.\n' >want
same want twice/sub/.config/three "a value that a later file tells has stayed"
ends 0 "two passes of a redirected file" bash -c '"$0" scrub --two-pass <in/one.txt' "$chatham"
ends 2 "two passes of a pipe" bash -c 'cat in/one.txt | "$0" scrub --two-pass' "$chatham"

# --stats, --batch
ends 0 "stats" "$chatham" scrub --stats in/one.txt
grep -Eq '^EMAIL +1 +0$' err || fail "no such row in the table"
printf '{"id": 7, "x": [1], "text": "\303\251 a@example.com"}\nbad\n{"id": "x", "text": "a \\u0000 b"}\n' >batch
ends 1 "batch" bash -c '"$0" scrub --batch <batch' "$chatham"
holds out '"end":15,"rule":"email","score":0.95,"start":2,"type":"EMAIL"}],"id":7,"text":"'
holds out '{"findings":[],"id":"x","text":"a \u0000 b"}'
holds err "line 2:"

python3 -c 'import json; print(json.dumps({"id": [1, {}], "text": "caf\u00e9 \\ u7@example.com, " * 50000 + "u8@example.com"}))' >long
ends 0 "a long record" bash -c '"$0" scrub --batch <long' "$chatham"
python3 - <<'PYTHON' || fail "a long record is answered otherwise"
import json
record, answer = json.load(open("long")), json.load(open("out"))
assert answer["id"] == [1, {}] and len(answer["findings"]) == 50001
parts, at = [], 0
for find in answer["findings"]:
    value = record["text"][find["start"]:find["end"]]
    parts += [record["text"][at:find["start"]], {"u7@example.com": "<EMAIL_1>", "u8@example.com": "<EMAIL_2>"}[value]]
    at = find["end"]
assert "".join(parts) == answer["text"]
PYTHON

# what makes no sense is said
ends 2 "folder to standard output" "$chatham" scrub in
ends 2 "out and check" "$chatham" scrub --check --out x in
ends 2 "format alone" "$chatham" scrub --format json in
ends 2 "no such format" "$chatham" scrub --check --format xml in
ends 2 "values alone" "$chatham" scrub --show-values in/one.txt
ends 2 "in place without files" "$chatham" scrub --in-place
ends 2 "batch and stats" "$chatham" scrub --batch --stats
ends 1 "no such policy" "$chatham" scrub --policy nonesuch clean.txt

[ "$failures" = 0 ] && echo "scrub: as it should be"
[ "$failures" = 0 ]
