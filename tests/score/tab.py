#!/usr/bin/env python3
"""Scores the scrubber on the Text Anonymization Benchmark by its own definitions (Pilan and others 2022, section 5).

    tab.py TRAIN_PROGRAM LISTS... [--folds 5] [--thresholds 0.1,0.2,...] [--models FOLDER] [--fit ARGUMENTS] [--misses]
           [--nested PRECISION]

Five-fold cross-validation over the documents of ../shared ($CHATHAM_SHARED): the tagger of a fold is trained on the
other folds and the other data, and the whole scrubber (patterns, tagger, consistency) runs on the fold with policy
`tab`. A mention is masked if all its characters are, but for marks and the words that TAB leaves out; an entity if all
its mentions that need it are. Precision is over the words that were masked. Intervals: 1,000 resamplings of the
documents. Exit code 77 without the data.

--nested: what a threshold reaches that was not chosen on the documents that it is measured on. For each fold the
threshold is the least at which the other folds reach the precision, each of them by a model that has seen neither it nor
the fold; the fold itself is scored at that threshold by the model of the other folds."""
import argparse
import gzip
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile

LEFT_OUT = ("mr mrs ms and or from until to about after as at before between by during for in into of on over since with "
            "the a an no nr").split()
SKIPPED = re.compile(r"\b(?:%s)\b|[’']s\b|[,.\-;:/&()\[\]–'\" ’“”]" % "|".join(LEFT_OUT), re.I)
OTHERS = (("spans:1", "tab/panorama.jsonl.gz"), ("conll:0.3", "ner/wikigold/wikigold.conll.txt.gz"),
          ("conll:0.3", "ner/sec-filings/FIN5.txt.gz"), ("posts:0.3", "ner/wnut17/wnut17train.conll.gz"),
          ("posts:0.3", "ner/broad-twitter/a.conll.gz"), ("posts:0.3", "ner/broad-twitter/b.conll.gz"),
          ("posts:0.3", "ner/broad-twitter/g.conll.gz"))


def fold_of(document, folds):
    return int(hashlib.sha256(document["id"].encode()).hexdigest(), 16) % folds


def entities(document):
    """Entities that need masking: (direct, type, mentions that need it)."""
    found = {}
    for span in document["spans"]:
        entity = found.setdefault(span["entity"], {"direct": False, "type": span["type"], "mentions": []})
        if span["identifier"] != "NO_MASK":
            entity["mentions"].append((span["start"], span["end"]))
            entity["direct"] |= span["identifier"] == "DIRECT"
    return [entity for entity in found.values() if entity["mentions"]]


def is_masked(text, masked, start, end):
    open_ = {i for i in range(start, end) if not masked[i]}
    if open_:
        for skipped in SKIPPED.finditer(text[start:end].lower()):
            open_ -= set(range(start + skipped.start(), start + skipped.end()))
    return not open_


def count(document, spans, misses=None):
    """Counts of one document: masked and all entities (direct, quasi), right and all masked words, by type."""
    text = document["text"]
    masked = bytearray(len(text))
    wanted = [0] * len(text)
    for start, end in spans:
        masked[start:end] = b"\1" * (end - start)
    result = {"direct": [0, 0], "quasi": [0, 0], "words": [0, 0], "types": {}}
    number = 0
    for entity in entities(document):
        bad = [m for m in entity["mentions"] if not is_masked(text, masked, *m)]
        pair = result["direct" if entity["direct"] else "quasi"]
        kind = result["types"].setdefault(entity["type"], [0, 0])
        for counts in (pair, kind):
            counts[0] += not bad
            counts[1] += 1
        if bad and misses is not None:
            misses.append((entity["type"], "direct" if entity["direct"] else "quasi",
                           [text[max(0, a - 25):a] + "[[" + text[a:b] + "]]" + text[b:b + 15] for a, b in bad[:1]]))
    mentions = [m for entity in entities(document) for m in entity["mentions"]]
    for number, (start, end) in enumerate(mentions, 1):
        for i in range(start, end):
            wanted[i] = number
    cover = {}
    for start, end in mentions:
        for word in re.finditer(r"\w+", text[start:end]):
            cover[start + word.start(), start + word.end()] = True
    for start, end in spans:
        for word in re.finditer(r"\w+", text[start:end]):
            at = (start + word.start(), start + word.end())
            result["words"][0] += at in cover or any(a <= at[0] and at[1] <= b for a, b in mentions)
            result["words"][1] += 1
    return result


def add(total, more):
    for key in ("direct", "quasi", "words"):
        total[key][0] += more[key][0]
        total[key][1] += more[key][1]
    return total


def rates(counts):
    total = {"direct": [0, 0], "quasi": [0, 0], "words": [0, 0]}
    for one in counts:
        add(total, one)
    return [total[key][0] / max(1, total[key][1]) for key in ("direct", "quasi", "words")]


def interval(counts, draws=1000):
    chance = random.Random(1)
    drawn = [rates(chance.choices(counts, k=len(counts))) for _ in range(draws)]
    return [(sorted(d[i] for d in drawn)[draws // 40], sorted(d[i] for d in drawn)[-draws // 40]) for i in range(3)]


def characters(text):
    """Byte offset to character."""
    at, out = 0, {}
    for i, c in enumerate(text):
        size = len(c.encode())
        for k in range(size):
            out[at + k] = i
        at += size
    out[at] = len(text)
    return out


def train(arguments, data, documents, folds, model):
    left_out = [d["id"] for d in documents if fold_of(d, arguments.folds) in folds]
    command = [arguments.program, "fit", "-o", model] + arguments.fit.split()
    for words in arguments.lists:
        command += ["-l", words]
    for document in left_out:
        command += ["-x", document]
    command.append("spans:1:%s/tab/tab.jsonl.gz" % data)
    command += ["%s:%s/%s" % (kind, data, path) for kind, path in OTHERS]
    command += arguments.more
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL if arguments.quiet else None)


def findings(arguments, documents, model):
    lines = "".join(json.dumps({"id": d["id"], "text": d["text"]}) + "\n" for d in documents)
    command = [arguments.program, "find", "-p", arguments.policy] + (["-m", model] if model else [])
    out = subprocess.run(command + arguments.thresholds, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def score(arguments, documents, fold, without, models, data, misses):
    """Counts by threshold of a fold's documents, by a model that has not seen the folds `without`."""
    model = "%s/fold%s.bin" % (models, "_".join(map(str, sorted(without))))
    if not os.path.exists(model):
        train(arguments, data, documents, without, model)
    by_id = {d["id"]: d for d in documents if fold_of(d, arguments.folds) == fold}
    counts = {}
    for line in findings(arguments, by_id.values(), model):
        document = by_id[line["id"]]
        where = document.setdefault("offsets", characters(document["text"]))
        spans = [(where[f[0]], where[f[1]]) for f in line["findings"]]
        wanted = misses if str(line["threshold"]) == arguments.misses else None
        counts.setdefault(line["threshold"], []).append(count(document, spans, wanted))
    return counts


def joined(parts):
    """Counts by threshold of several folds."""
    counts = {}
    for part in parts:
        for threshold, some in part.items():
            counts.setdefault(threshold, []).extend(some)
    return counts


def chosen(counts, precision):
    return min((t for t in counts if rates(counts[t])[2] >= precision), default=max(counts))


def nested(arguments, documents, whole, models, data):
    folds, picked, counts = range(arguments.folds), [], []
    for fold in folds:
        inner = joined(score(arguments, documents, other, {fold, other}, models, data, None)
                       for other in folds if other != fold)
        picked.append(chosen(inner, arguments.nested))
        counts += whole[fold][picked[-1]]
    print("nested, the least threshold of precision %g: %s" % (arguments.nested, ", ".join(map(str, picked))))
    print_rates("chosen", counts)


def print_rates(name, counts):
    print("%9s  " % name + "  ".join("%.3f [%.3f, %.3f]" % (r, *b) for r, b in zip(rates(counts), interval(counts))))


def print_types(counts):
    types = {}
    for one in counts:
        for kind, (a, b) in one["types"].items():
            types[kind] = [types.get(kind, [0, 0])[0] + a, types.get(kind, [0, 0])[1] + b]
    for kind, (a, b) in sorted(types.items()):
        print("%-9s %4d of %4d  %.3f" % (kind, a, b, a / b))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("lists", nargs="*")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only", type=int, default=None, help="one fold")
    parser.add_argument("--thresholds", default="0.1,0.15,0.2,0.25,0.3,0.35,0.4,0.5,0.6,0.7,0.8,0.9")
    parser.add_argument("--models", help="folder of models that are kept")
    parser.add_argument("--policy", default="tab")
    parser.add_argument("--fit", default="")
    parser.add_argument("--more", action="append", default=[])
    parser.add_argument("--nested", type=float, help="precision for which thresholds are chosen within the other folds")
    parser.add_argument("--misses", help="threshold at which misses are listed")
    parser.add_argument("--quiet", action="store_true")
    arguments = parser.parse_args()
    arguments.thresholds = arguments.thresholds.split(",")
    data = os.path.join(os.environ.get("CHATHAM_SHARED", "../shared"), "data")
    if not os.path.exists(data + "/tab/tab.jsonl.gz"):
        print("skipped: no data in", data)
        sys.exit(77)
    with gzip.open(data + "/tab/tab.jsonl.gz", "rt", encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    folder = arguments.models or tempfile.mkdtemp()
    os.makedirs(folder, exist_ok=True)
    misses = []
    folds = range(arguments.folds) if arguments.only is None else [arguments.only]
    whole = {fold: score(arguments, documents, fold, {fold}, folder, data, misses) for fold in folds}
    counts = joined(whole.values())
    print("threshold  direct [95 %]         quasi [95 %]          precision [95 %]")
    for threshold in sorted(counts):
        print_rates("%g" % threshold, counts[threshold])
    if arguments.nested is not None:
        nested(arguments, documents, whole, folder, data)
    if arguments.misses:
        print_types(counts[float(arguments.misses)])
        with open(folder + "/misses.txt", "w", encoding="utf-8") as out:
            for kind, how, text in sorted(misses):
                print(kind, how, *[t.replace("\n", " ") for t in text], sep="\t", file=out)


main()
