#!/usr/bin/env bash
# scrub with a policy that encrypts, and unscrub: text, JSON lines and a JSON document come back byte for byte.
set -u
PATH=${CHATHAM_BUILD:?}:$PATH
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
fail() { echo "unscrub: $*" >&2; exit 1; }
key=(--key-file key)

echo '{"version":1,"name":"sealed","threshold":0.5,"default":"encrypt"}' >policy.json
printf 'to m\xe2\x80\x8bia@example.com, +1 415 555 0123 "x"\r\n\xff\xfe a\n{"password": "hunter22!"}\nend a@b.example.com' >text
printf '{"password":"a\\"b\\\\c\\u0041","to":["mia@example.com"]}\nno JSON: b@example.com\n{"x":"\\"mia@example.com\\""}\n' >lines
printf '{\n  "password": "hunter\\t22!",\n  "text": "to mia@example.com\\n"\n}\n' >document
for input in text lines document; do
  chatham scrub --policy policy.json "${key[@]}" "$input" >sealed || fail "scrub $input"
  grep -q ':' sealed && ! grep -q 'mia@example\|hunter22' sealed || fail "$input was not sealed"
  chatham scrub --policy policy.json "${key[@]}" <sealed | cmp -s - sealed || fail "a second pass changes $input"
  chatham unscrub "${key[@]}" sealed >back || fail "unscrub $input"
  sed 's/\\u0041/A/' "$input" | cmp - back || fail "$input did not come back"
  chatham unscrub "${key[@]}" <sealed | cmp - back || fail "standard input and a file differ"
done
[ "$(stat -c %a key)" = 600 ] || fail "the key can be read by others"

# Another key opens nothing, says so, and leaves all in place.
chatham scrub --policy policy.json --key-file other text >/dev/null || fail "another key"
chatham unscrub --key-file other sealed >back 2>why
[ $? = 4 ] || fail "another key is let in"
cmp -s sealed back || fail "what does not open was changed"
grep -q 'do not open' why || fail "no reason given"

# Dates of one subject move alike, those of others otherwise. Distances are drawn with the key, which is new in each run: two subjects
# share one in 1 run of 104, eight all share one in none.
echo '{"version":1,"name":"s","threshold":0.5,"tagger":false,"default":"keep","types":{"BIRTH_DATE":"shift"}}' >shift.json
for subject in a b c d e f g h a; do echo "{\"id\":1,\"text\":\"DOB 5/3/1987\",\"subject\":\"$subject\"}"; done >records
chatham scrub --batch --policy shift.json "${key[@]}" <records | sed 's/.*"text"://' >dates || fail "batch"
[ "$(wc -l <dates)" = 9 ] || fail "a record without an answer"
[ "$(head -n 1 dates)" = "$(tail -n 1 dates)" ] || fail "one subject, two distances"
[ "$(sort -u dates | wc -l)" -gt 1 ] || fail "all subjects, one distance"
! grep -q '5/3/1987' dates || fail "a date did not move"

# Without a key neither does anything.
chatham scrub --policy policy.json text >out 2>why && fail "sealed without a key"
[ ! -s out ] || fail "written without a key"
chatham unscrub text 2>/dev/null && fail "unscrub without a key"
chatham unscrub --key-file nonesuch text 2>/dev/null && fail "unscrub made a key"
[ ! -e nonesuch ] || fail "unscrub made a key file"
echo ok
