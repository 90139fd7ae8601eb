#!/usr/bin/env python3
"""Are scores probabilities? How often findings of each score are right, on texts whose truth is known.

    calibration.py [--half dev|held] [--rules] [--tagger] [--rule PREFIX] [--weight 10] [--check]

A finding is right if at least half of its letters and digits lie in what is annotated, whatever its type (what must not
leave was taken), or, of secrets, if a whole annotation lies in it (the password in a connection string). The texts: presidio-research's synthetic rows (every finding counts), the court cases of TAB (likewise;
what is annotated but need not be masked is right too), the tau-bench trajectories (names, addresses, e-mails and birth
dates, by the customers' records) and the secret vectors (findings of secrets, by our adjudication).
Each text belongs to one half by a hash, the same halves as presidio.py and secrets.py.

Reliability: findings in bands of score, their mean score beside the share that is right, with 95 % by bootstrap over
texts; the expected calibration error is the mean distance of the two, weighed by findings. Per type: the error with the
scores as they are, and with each rule's score put to what the development half says: (right + weight * score) / (all +
weight), a Beta prior around the score as it is. `held` is never used to set a score.
--rule: findings of the rules that begin so alone ("tagger.": those that no pattern made).
--rules lists the rules whose score the development half would move by 0.05 or more.
Needs $CHATHAM_SHARED (../shared) and build/dev/chatham ($CHATHAM_BUILD); without them it is skipped (exit 77).
"""
import argparse
import collections
import gzip
import hashlib
import importlib.util
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("CHATHAM_SHARED", SOURCE / "../shared"))
PERSONAL = {"NAME", "EMAIL", "ADDRESS", "BIRTH_DATE"}
SECRETS = {"KEY", "TOKEN", "PASSWORD", "CONNECTION", "SEED", "URL_USER"}
LEAST = 0.3  # findings under this score are too few and too weak to tell
BANDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.01)
DRAWS = 500

Text = collections.namedtuple("Text", "text spans held only")
Finding = collections.namedtuple("Finding", "type rule score right place held")


def module(name):
    """A scoring program beside this one, for its reader and its halves."""
    spec = importlib.util.spec_from_file_location("score_" + name, SOURCE / f"tests/score/{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def load_presidio():
    scoring = module("presidio")
    return [Text(row["text"], [(s["start"], s["end"]) for s in row["spans"]], half == "held", None)
            for half in ("dev", "held") for row in scoring.read_rows(half)]


def load_tab():
    with gzip.open(SHARED / "data/tab/tab.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    return [Text(d["text"], [(s["start"], s["end"]) for s in d["spans"]],
                 hashlib.sha256(d["id"].encode()).digest()[0] % 2 == 1, None) for d in documents]


def load_secrets():
    """Spans of the adjudication are bytes; what is a placeholder or harmless has none."""
    texts = []
    for row in module("secrets").load():
        data = row.text.encode()
        spans = [(len(data[:a].decode(errors="replace")), len(data[:b].decode(errors="replace"))) for a, b in row.spans]
        texts.append(Text(row.text, spans if row.verdict == "secret" else [], row.held, SECRETS))
    return texts


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def known_values(users):
    """What the records say of customers, by the first word of each."""
    values = collections.defaultdict(set)
    for text in (t for user in users.values() for t in strings(user)):
        first = re.match(r"\w+", text)
        if first and len(text) > 1:
            values[first.group()].add(text)
    return values


def load_tau():
    """A text a trajectory: its strings, one below the other."""
    texts, folder = [], SHARED / "data/traces/tau-bench"
    for name in ("airline.chat", "airline.transcripts", "retail.transcripts"):
        users = json.load(gzip.open(folder / f"{name.split('.')[0]}.users.json.gz", "rt", encoding="utf-8"))
        values = known_values(users)
        for line in gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8"):
            text = "\n".join(strings(json.loads(line)))
            spans = [(m.start(), m.start() + len(value)) for m in re.finditer(r"\w+", text)
                     for value in values.get(m.group(), ()) if text.startswith(value, m.start())]
            texts.append(Text(text, spans, hashlib.sha256(line.encode()).digest()[0] % 2 == 1, PERSONAL))
    return texts


def is_right(text, spans, start, end, only=None):
    if only == SECRETS and any(start <= a and b <= end for a, b in spans):
        return True
    inside = bytearray(len(text))
    for a, b in spans:
        inside[a:b] = b"\1" * (b - a)
    marks = [inside[i] for i in range(start, end) if text[i].isalnum()]
    return 2 * sum(marks) >= len(marks) > 0


def scrub(program, texts, tagger):
    policy = {"version": 1, "name": "calibration", "threshold": LEAST, "tagger": tagger, "default": "placeholder"}
    batch = "".join(json.dumps({"id": i, "text": text.text}) + "\n" for i, text in enumerate(texts))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(policy, file)
        file.flush()
        command = [program, "scrub", "--batch", "--policy", file.name]
        answers = subprocess.run(command, input=batch, stdout=subprocess.PIPE, text=True, check=True).stdout
    for line in filter(None, answers.split("\n")):
        answer = json.loads(line)
        text = texts[answer["id"]]
        for f in answer["findings"]:
            if text.only is None or f["type"] in text.only:
                right = is_right(text.text, text.spans, f["start"], f["end"], text.only)
                yield Finding(f["type"], f["rule"], f["score"], right, answer["id"], text.held)


def fitted(findings, weight):
    """Score by rule from these findings."""
    counts = collections.defaultdict(lambda: [0, 0, 0.0])
    for f in findings:
        counts[f.rule][0] += 1
        counts[f.rule][1] += f.right
        counts[f.rule][2] = f.score
    return {rule: (right + weight * score) / (n + weight) for rule, (n, right, score) in counts.items()}


def band_of(score):
    return max(i for i, low in enumerate(BANDS) if score >= low or i == 0)


def error(findings, score_of):
    """The expected calibration error."""
    bands = collections.defaultdict(lambda: [0, 0.0, 0])
    for f in findings:
        band = bands[band_of(score_of(f))]
        band[0] += 1
        band[1] += score_of(f)
        band[2] += f.right
    return sum(abs(score - right) for _, score, right in bands.values()) / max(1, len(findings))


def share_right(findings):
    return sum(f.right for f in findings) / max(1, len(findings))


def interval(findings):
    """Of the share that is right, by bootstrap over texts."""
    by_text = collections.defaultdict(list)
    for f in findings:
        by_text[f.place].append(f.right)
    texts, chance = [(len(v), sum(v)) for v in by_text.values()], random.Random(1)
    shares = sorted(sum(r for _, r in draw) / sum(n for n, _ in draw)
                    for draw in (chance.choices(texts, k=len(texts)) for _ in range(DRAWS)))
    return shares[DRAWS // 40], shares[-DRAWS // 40]


def print_bands(findings):
    print(f"\n  {'score':14} {'findings':>9} {'mean score':>11} {'right':>7}  95 %")
    for i, low in enumerate(BANDS[:-1]):
        inside = [f for f in findings if band_of(f.score) == i]
        if inside:
            print(f"  {low:.2f} to {min(1, BANDS[i + 1]):.2f}   {len(inside):9} "
                  f"{sum(f.score for f in inside) / len(inside):11.3f} {share_right(inside):7.3f}  "
                  "[%.3f, %.3f]" % interval(inside))
    print(f"  expected calibration error {error(findings, lambda f: f.score):.3f} over {len(findings)} findings")


def print_types(findings, scores):
    fitted_score = lambda f: scores.get(f.rule, f.score)
    print(f"\n  {'type':14} {'findings':>9} {'mean score':>11} {'right':>7}  95 %               error  error if put to dev")
    for name in sorted({f.type for f in findings}):
        inside = [f for f in findings if f.type == name]
        low, high = interval(inside)
        print(f"  {name:14} {len(inside):9} {sum(f.score for f in inside) / len(inside):11.3f} "
              f"{share_right(inside):7.3f}  [{low:.3f}, {high:.3f}]   {error(inside, lambda f: f.score):9.3f} "
              f"{error(inside, fitted_score):10.3f}")
    print(f"  all: error {error(findings, lambda f: f.score):.3f}, put to dev {error(findings, fitted_score):.3f}")


def print_rules(findings, scores):
    counts = collections.defaultdict(lambda: [0, 0, 0.0])
    for f in findings:
        counts[f.rule][0] += 1
        counts[f.rule][1] += f.right
        counts[f.rule][2] = f.score
    print(f"\n  {'rule':30} {'dev':>6} {'right':>6} {'score':>6} {'would be':>9}")
    for rule, (n, right, score) in sorted(counts.items(), key=lambda item: -item[1][0]):
        if abs(scores[rule] - score) >= 0.05:
            print(f"  {rule:30} {n:6} {right:6} {score:6.2f} {scores[rule]:9.2f}")


def check():
    """The measure on findings whose answer is known by hand."""
    one = [Finding("NAME", "a", 0.9, i < 5, i, False) for i in range(10)]
    assert abs(error(one, lambda f: f.score) - 0.4) < 1e-9, "nine tenths said, half right"
    assert abs(fitted(one, 10)["a"] - 0.7) < 1e-9, "ten seen, ten believed"
    assert is_right("tell Ann", [(5, 8)], 4, 8) and not is_right("tell Ann", [(5, 8)], 0, 8)
    assert is_right("postgres://u:hunter2@h", [(13, 20)], 0, 22, SECRETS)
    assert not is_right("postgres://u:hunter2@h", [(13, 20)], 0, 22)
    assert [sorted(v) for v in known_values({"mia_li": {"name": "Mia Li", "zip": "1"}}).values()] == [["Mia Li"]]
    assert band_of(0.3) == 0 and band_of(0.6) == 3 and band_of(1.0) == 8
    print("the measure holds")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("dev", "held"), default="held")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--tagger", action="store_true")
    parser.add_argument("--rule", default="")
    parser.add_argument("--weight", type=float, default=10)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    program = pathlib.Path(os.environ.get("CHATHAM_BUILD", SOURCE / "build/dev")) / "chatham"
    if not program.exists() or not (SHARED / "data/tab/tab.jsonl.gz").exists():
        print(f"no {program} or no data in {SHARED}: skipped")
        return 77
    everything = []
    for name, load in (("presidio-research", load_presidio), ("TAB", load_tab),
                       ("tau-bench", load_tau), ("secret vectors", load_secrets)):
        found = [f for f in scrub(str(program), load(), options.tagger) if f.rule.startswith(options.rule)]
        shown = [f for f in found if f.held == (options.half == "held")]
        print(f"{name}, {options.half}: {len(shown)} findings, {share_right(shown):.3f} right")
        print_bands(shown)
        everything += [f._replace(place=(name, f.place)) for f in found]
    developed = [f for f in everything if not f.held]
    scores = fitted(developed, options.weight)
    print(f"\nall, {options.half}, by type")
    print_types([f for f in everything if f.held == (options.half == "held")], scores)
    if options.rules:
        print_rules(developed, scores)
    return 0


if __name__ == "__main__":
    sys.exit(main())
