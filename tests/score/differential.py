#!/usr/bin/env python3
"""What Presidio and Gitleaks find on the same texts and the scrubber does not, and the other way round, by kind.

    differential.py [--set samples|tau|vectors]... [--policy NAME|FILE] [--presidio PYTHON] [--gitleaks PROGRAM]
                    [--examples N] [--values]

A finding of one side is met by the other if all of its letters and digits lie in the other's findings, touched if some
do. Neither side is taken for the truth: what only one finds may be a miss of the other or a false alarm, so examples
are shown of each kind, as shapes (letters a and A, digits 9), with --values as they are.

Sets: our samples; the tau-bench trajectories and the secret vectors in $CHATHAM_SHARED (../shared). The peers are looked
for in build/peers (./dev bench --peers installs them there by name) and on the path; what is not there is said and left
out. Presidio runs with its pattern recognizers, and with a model of spaCy's if one is installed.
Needs build/dev/chatham ($CHATHAM_BUILD); without it, or without both peers, it is skipped (exit 77).
"""
import argparse
import collections
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("CHATHAM_SHARED", SOURCE / "../shared"))
PIECE = 4000  # characters that Presidio gets at once

PRESIDIO = r"""
import importlib.util, json, logging, sys
logging.disable(logging.CRITICAL)
import spacy, tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
        self.nlp = {"en": spacy.blank("en")}
    def load(self):
        pass
model = next((m for m in ("en_core_web_lg", "en_core_web_sm") if importlib.util.find_spec(m)), None)
engine = Blank()
if model:
    engine = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy",
        "models": [{"lang_code": "en", "model_name": model}]}).create_engine()
registry = RecognizerRegistry()
registry.load_predefined_recognizers(languages=["en"])
if not model:
    registry.remove_recognizer("SpacyRecognizer")
print("Presidio's model:", model or "none, pattern recognizers alone", file=sys.stderr)
analyzer = AnalyzerEngine(nlp_engine=engine, registry=registry, supported_languages=["en"], default_score_threshold=0.4)
for line in sys.stdin:
    row = json.loads(line)
    found = analyzer.analyze(row["text"], language="en")
    print(json.dumps({"id": row["id"], "findings": [[f.start, f.end, f.entity_type] for f in found]}))
"""


def leaves(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (f"{key}: {leaf}" if isinstance(inner, (str, int, float)) else leaf for leaf in leaves(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def texts_of_lines(content):
    """A text a line of JSON: its strings, one below the other. Anything else is one text."""
    try:
        return ["\n".join(leaves(json.loads(line))) for line in content.split("\n") if line.strip()]
    except ValueError:
        return [content]


def load_samples():
    folder = SOURCE / "tests/samples"
    files = sorted(f for kind in ("*/*.jsonl", "*/*.txt") for f in folder.glob(kind))
    return [text for file in files for text in texts_of_lines(file.read_text(encoding="utf-8"))]


def load_packed(pattern):
    files = sorted((SHARED / "data").glob(pattern))
    return [text for file in files for text in texts_of_lines(gzip.open(file, "rt", encoding="utf-8").read())]


def load_vectors():
    file = SHARED / "data/secrets/vectors.jsonl.gz"
    if not file.exists():
        return []
    return [json.loads(line)["text"] for line in gzip.open(file, "rt", encoding="utf-8")]


SETS = {
    "samples": load_samples,
    "tau": lambda: load_packed("traces/tau-bench/*[ts].jsonl.gz"),
    "vectors": load_vectors,
}


def run_lines(arguments, rows):
    """Rows (id, text) as JSON lines in, answers as JSON lines out."""
    batch = "".join(json.dumps({"id": i, "text": text}) + "\n" for i, text in rows)
    answers = subprocess.run(arguments, input=batch, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(line) for line in answers.split("\n") if line]


def chatham(program, texts, policy):
    arguments = [program, "scrub", "--batch"] + (["--policy", policy] if policy else [])
    found = [[] for _ in texts]
    for answer in run_lines(arguments, enumerate(texts)):
        for find in answer["findings"]:
            if find.get("withheld", True):
                found[answer["id"]].append((find["start"], find["end"], find["type"]))
    return found


def pieces(text):
    """The text in parts of at most PIECE characters, cut at ends of lines where there are some."""
    at = 0
    while at < len(text):
        end = min(len(text), at + PIECE)
        if end < len(text):
            end = text.rfind("\n", at + 1, end) + 1 or end
        yield at, text[at:end]
        at = end


def presidio(python, texts):
    rows, places = [], []
    for i, text in enumerate(texts):
        for at, piece in pieces(text):
            rows.append((len(rows), piece))
            places.append((i, at))
    found = [[] for _ in texts]
    for answer in run_lines([python, "-c", PRESIDIO], rows):
        i, at = places[answer["id"]]
        found[i] += [(at + start, at + end, kind) for start, end, kind in answer["findings"]]
    return found


def gitleaks(program, texts):
    found = [[] for _ in texts]
    with tempfile.TemporaryDirectory() as folder:
        for i, text in enumerate(texts):
            pathlib.Path(folder, f"{i}.txt").write_text(text, encoding="utf-8")
        report = os.path.join(folder, "report.json")
        subprocess.run([program, "detect", "--no-git", "--no-banner", "--exit-code", "0", "-l", "error", "-s", folder,
                        "-r", report], check=True)
        finds = json.loads(pathlib.Path(report).read_text(encoding="utf-8"))
    seen = set()
    for find in finds:
        i = int(os.path.basename(find["File"]).split(".")[0])
        start = texts[i].find(find["Secret"])
        while start >= 0:
            seen.add((i, start, start + len(find["Secret"]), find["RuleID"]))
            start = texts[i].find(find["Secret"], start + 1)
    for i, start, end, kind in sorted(seen):
        found[i].append((start, end, kind))
    return found


def shape(text):
    return "".join("9" if c.isdigit() else "A" if c.isupper() else "a" if c.isalpha() else c for c in text)


def mask_of(text, finds):
    mask = bytearray(len(text))
    for start, end, _ in finds:
        mask[start:end] = b"\1" * (end - start)
    return mask


class Kind:
    def __init__(self):
        self.found = self.met = self.touched = 0
        self.examples = collections.Counter()


def compare(texts, ours, theirs, show):
    """Per kind of `ours`: how many, and how many of them `theirs` meets or touches."""
    kinds = collections.defaultdict(Kind)
    for text, mine, others in zip(texts, ours, theirs):
        mask = mask_of(text, others)
        for start, end, name in mine:
            marks = [mask[i] for i in range(start, end) if text[i].isalnum()]
            kind = kinds[name]
            kind.found += 1
            kind.met += bool(marks) and all(marks)
            kind.touched += any(marks) and not all(marks)
            if not any(marks):
                kind.examples[show(text[start:end][:48]).replace("\n", " ")] += 1
    return kinds


def print_kinds(title, kinds, examples):
    print(f"\n{title}\n  {'kind':34} {'found':>7} {'met':>7} {'touched':>8} {'missed':>7}  of the missed")
    total = Kind()
    for name, kind in sorted(kinds.items(), key=lambda item: -item[1].found):
        missed = kind.found - kind.met - kind.touched
        few = ", ".join(f"{text} ({n})" for text, n in kind.examples.most_common(examples))
        print(f"  {name:34} {kind.found:7} {kind.met:7} {kind.touched:8} {missed:7}  {few}")
        total.found += kind.found
        total.met += kind.met
        total.touched += kind.touched
    missed = total.found - total.met - total.touched
    print(f"  {'all':34} {total.found:7} {total.met:7} {total.touched:8} {missed:7}")


def peers_here(options):
    here = SOURCE / "build/peers"
    python = options.presidio or str(here / "venv/bin/python")
    program = options.gitleaks or shutil.which("gitleaks", path=f"{here}/bin:{os.environ.get('PATH', '')}")
    probe = [python, "-c", "import presidio_analyzer, spacy"]
    found = {}
    if shutil.which(python) and subprocess.run(probe, stderr=subprocess.DEVNULL, check=False).returncode == 0:
        found["Presidio"] = lambda texts: presidio(python, texts)
    if program:
        found["Gitleaks"] = lambda texts: gitleaks(program, texts)
    for name in ("Presidio", "Gitleaks"):
        if name not in found:
            print(f"differential: no {name} here (./dev bench --peers)", file=sys.stderr)
    return found


def check():
    """The comparison on findings whose answer is known by hand."""
    text = "mail ann@x.org or call 555-0100"
    kinds = compare([text], [[(5, 14, "EMAIL"), (23, 31, "PHONE")]], [[(5, 8, "URL")]], shape)
    assert (kinds["EMAIL"].found, kinds["EMAIL"].met, kinds["EMAIL"].touched) == (1, 0, 1)
    assert kinds["PHONE"].examples == {"999-9999": 1}, "what the other misses is shown as a shape"
    assert compare([text], [[(5, 8, "A")]], [[(5, 14, "B")]], shape)["A"].met == 1
    assert "".join(piece for _, piece in pieces("ab\n" * 5000)) == "ab\n" * 5000
    assert texts_of_lines('{"a": "x", "b": [1]}\n') == ["a: x\n1"] and texts_of_lines("no JSON") == ["no JSON"]
    print("the comparison holds")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", choices=sorted(SETS), dest="sets")
    parser.add_argument("--policy")
    parser.add_argument("--presidio")
    parser.add_argument("--gitleaks")
    parser.add_argument("--examples", type=int, default=3)
    parser.add_argument("--values", action="store_true")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if options.check:
        return check()
    build = pathlib.Path(os.environ.get("CHATHAM_BUILD", SOURCE / "build/dev"))
    program = build / "chatham"
    peers = peers_here(options) if program.exists() else {}
    if not peers:
        print("differential: no chatham program, or no peer", file=sys.stderr)
        return 77
    show = (lambda text: text) if options.values else shape
    for name in options.sets or sorted(SETS):
        texts = SETS[name]()
        print(f"\n== {name}: {len(texts)} texts, {sum(len(text) for text in texts) / 1e6:.2f} million characters")
        if not texts:
            continue
        ours = chatham(str(program), texts, options.policy)
        for peer, run in peers.items():
            theirs = run(texts)
            print_kinds(f"{peer} finds, Chatham", compare(texts, theirs, ours, show), options.examples)
            print_kinds(f"Chatham finds, {peer}", compare(texts, ours, theirs, show), options.examples)
    return 0


if __name__ == "__main__":
    sys.exit(main())
