#!/usr/bin/env bash
# The committed models are those that their recipe makes from its inputs, byte for byte.
# CHATHAM_TAGGER_INPUTS: the folder of packages that redaction/train/make.sh asks for.
set -euo pipefail
source=${CHATHAM_SOURCE:-.} build=${CHATHAM_BUILD:-build/dev} data=${CHATHAM_SHARED:-../shared}/data
inputs=${CHATHAM_TAGGER_INPUTS:-}
own=$(sed -n 's/^own=\([0-9a-f]*\).*/\1/p' "$source/redaction/train/make.sh")
[ -n "$inputs" ] && [ -d "$inputs" ] || { echo "tagger_model: no CHATHAM_TAGGER_INPUTS: skipped"; exit 77; }
[ -d "$data/tab" ] || { echo "tagger_model: no data in $data: skipped"; exit 77; }
git -C "$source" cat-file -e "$own^{commit}" 2>/dev/null || { echo "tagger_model: no commit $own here: skipped"; exit 77; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$source/redaction/train/make.sh" "$build/chatham-train" "$inputs" "$data" "$out" 2>"$out/log" || { tail -5 "$out/log"; exit 1; }
for model in tagger tagger_law; do
    cmp "$out/$model.bin" "$source/redaction/model/$model.bin"
done
echo "both models are made again"
