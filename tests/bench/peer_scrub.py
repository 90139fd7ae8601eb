"""Peers of scrub_bench on the same texts, processor time on one core. None finds what the others find, so that a ratio
is one of speed alone: Python's re with nine patterns; Gitleaks (secrets only); Presidio with its pattern recognizers and
an empty tokenising pipeline instead of a trained model (no names). Those that are not here are named and left out."""
import logging
import os
import re
import resource
import shutil
import subprocess
import sys
import time

FOLDER = sys.argv[1]
PATTERNS = [
    r"[\w.+-]+@[\w-]+\.[\w.-]+",  # e-mail
    r"\+?\d[\d ().-]{7,}\d",  # phone
    r"\b\d{1,3}(?:\.\d{1,3}){3}\b",  # IPv4
    r"\b(?:\d[ -]?){13,19}\b",  # card
    r"\b[A-Z]{2}\d{2}[A-Z0-9]{10,30}\b",  # IBAN
    r"\b\d{3}-\d{2}-\d{4}\b",  # SSN
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",  # a vendor's token
    r"eyJ[\w-]+\.[\w-]+\.[\w-]+",  # JWT
    r"(?i)\b(?:password|secret|token|api_key)\b\W{1,5}\S+",  # assignments
]


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return file.read()


def say(name, size, seconds, who):
    """Beside the patterns alone, and beside all tiers."""
    for line in (name, name.replace("scrub.", "scrub.all.")):
        print(f"peer\t{line}\t{size / 1e6 / seconds:.6g}\tMB/s\t{who}", flush=True)


def missing(who):
    print(f"bench: no {who} here (./dev bench --peers)", file=sys.stderr)


def run_re(name, text):
    patterns = [re.compile(pattern) for pattern in PATTERNS]
    start = time.process_time()
    for pattern in patterns:
        text = pattern.sub("<removed>", text)
    say(name, os.path.getsize(os.path.join(FOLDER, name)), time.process_time() - start, "Python re, nine patterns")


def run_gitleaks(name, text):
    """Ten copies, so that starting the program does not count for much."""
    folder = os.path.join(FOLDER, "gitleaks")
    os.mkdir(folder)
    for copy in range(10):
        with open(os.path.join(folder, f"{copy}.txt"), "w", encoding="utf-8") as file:
            file.write(text)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["gitleaks", "detect", "--no-git", "--no-banner", "--exit-code", "0", "--log-level", "error",
                    "--source", folder], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    say(name, 10 * os.path.getsize(os.path.join(FOLDER, name)), seconds, "Gitleaks, secrets only")
    shutil.rmtree(folder)


def presidio():
    """An analyzer over a blank pipeline, or None."""
    logging.disable()
    try:
        import spacy
        import tldextract
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer.nlp_engine import SpacyNlpEngine
    except ImportError:
        return None

    # The list of domains that came with the package: nothing is fetched.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    class Blank(SpacyNlpEngine):
        def __init__(self):
            super().__init__(models=[{"lang_code": "en", "model_name": "blank"}])
            self.nlp = {"en": spacy.blank("en")}

        def load(self):
            pass

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    return AnalyzerEngine(nlp_engine=Blank(), registry=registry, supported_languages=["en"])


def run_presidio(name, text, analyzer):
    """The first tenth of a megabyte, in parts of 2,000 characters: it is slow."""
    part = text[:100_000]
    analyzer.analyze("warm up: ann@example.com", language="en")
    start = time.process_time()
    for at in range(0, len(part), 2000):
        analyzer.analyze(part[at:at + 2000], language="en")
    say(name, len(part.encode()), time.process_time() - start, "Presidio, pattern recognizers, no model")


analyzer = presidio()
if not analyzer:
    missing("Presidio")
if not shutil.which("gitleaks"):
    missing("Gitleaks")
for name in ("scrub.text", "scrub.jsonl"):
    text = read(name)
    run_re(name, text)
    if shutil.which("gitleaks"):
        run_gitleaks(name, text)
    if analyzer:
        run_presidio(name, text, analyzer)
