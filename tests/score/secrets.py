"""Recall and false alarms of the detection of secrets, on the vectors in ../shared/data/secrets by our adjudication
(secrets_adjudicated.tsv: what a secret is stands at its head).

    python3 tests/score/secrets.py CHATHAM [--held] [--all] [--missed] [--vendors]

CHATHAM is the built program. A hit is a row all of whose secrets are covered by finds of a secret type. Gitleaks is run
on the same rows if it is in the path. By default the development half is scored, with --held the other half; --missed
lists the development rows that went wrong (never the held-out ones). Exit 77 without the data.

Generality: the same rows with every vendor's row, and the row that goes by vendors' names, switched off by a policy, so
that what is left is only form, key and rarity: what is to be expected of a vendor that no rule knows. With --vendors the same one vendor at a time.
"""
import collections
import gzip
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("CHATHAM_SHARED", os.path.join(HERE, "../../../shared"))
VECTORS = os.path.join(SHARED, "data/secrets/vectors.jsonl.gz")
SECRET_TYPES = {"KEY", "TOKEN", "PASSWORD", "CONNECTION", "URL_USER", "SEED"}
GENERIC = (
    '{"version":1,"name":"generic","threshold":0.6,"default":"placeholder",'
    '"rules":{"token.":"keep","url.webhook":"keep","secret.vendor":"keep"}}'
)
ROUNDS = 2000

Row = collections.namedtuple("Row", "text source verdict spans held")


def load():
    verdicts = {}
    with open(os.path.join(HERE, "secrets_adjudicated.tsv"), encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                key, verdict, spans = line.rstrip("\n").split("\t")
                verdicts[key] = verdict, [tuple(map(int, s.split("-"))) for s in spans.split(",") if s]
    rows = []
    with gzip.open(VECTORS, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            key = hashlib.sha256(record["text"].encode()).hexdigest()[:32]
            verdict, spans = verdicts[key]
            rows.append(Row(record["text"], record["source"], verdict, spans, key[-1] in "89abcdef"))
    return rows


def chatham(program, rows, policy):
    """Per row the list of (start, end, rule), in bytes, of its finds of a secret type."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        arguments = [program, "scrub", "--batch"]
        if policy:
            file.write(policy)
            file.flush()
            arguments += ["--policy", file.name]
        batch = "".join(json.dumps({"id": i, "text": row.text}) + "\n" for i, row in enumerate(rows))
        answers = subprocess.run(arguments, input=batch, capture_output=True, text=True, check=True).stdout
    found = [[] for _ in rows]
    for line in answers.split("\n"):
        if not line:
            continue
        answer = json.loads(line)
        text = rows[answer["id"]].text
        for find in answer["findings"]:
            if find["type"] in SECRET_TYPES and find.get("withheld", True):
                place = [len(text[: find[end]].encode()) for end in ("start", "end")]
                found[answer["id"]].append((*place, find["rule"]))
    return found


def gitleaks(rows):
    """The same of Gitleaks with its own rules; None if it is not there. What it matched counts, not only what it calls
    the secret in it."""
    program = shutil.which("gitleaks")
    if not program:
        return None
    with tempfile.TemporaryDirectory() as folder:
        for i, row in enumerate(rows):
            with open(os.path.join(folder, f"{i}.txt"), "wb") as file:
                file.write(row.text.encode())
        report = os.path.join(folder, "report.json")
        subprocess.run(
            [program, "detect", "--no-git", "--no-banner", "--exit-code", "0", "-l", "error", "-s", folder, "-r", report],
            check=True,
        )
        with open(report, encoding="utf-8") as file:
            finds = json.load(file)
    found = [[] for _ in rows]
    for find in finds:
        i = int(os.path.basename(find["File"]).split(".")[0])
        text = rows[i].text.encode()
        for part in (find["Match"], find["Secret"]):
            part = part.encode()
            start = text.find(part) if part else -1
            while start >= 0:
                found[i].append((start, start + len(part), find["RuleID"]))
                start = text.find(part, start + 1)
    return found


def covered(span, finds):
    at, end = span
    for start, stop, _ in sorted(finds):
        if start > at:
            break
        at = max(at, stop)
    return at >= end


def hit(row, finds):
    return all(covered(span, finds) for span in row.spans) if row.spans else bool(finds)


def interval(outcomes):
    """95 % by bootstrap over rows; the seed is fixed."""
    chance = random.Random(1)
    means = sorted(sum(chance.choices(outcomes, k=len(outcomes))) / len(outcomes) for _ in range(ROUNDS))
    return means[int(0.025 * ROUNDS)], means[int(0.975 * ROUNDS)]


def figure(outcomes):
    low, high = interval(outcomes)
    count = sum(outcomes)
    return f"{count / len(outcomes):.3f} [{low:.3f}, {high:.3f}] {count}/{len(outcomes)}"


def report(name, rows, found):
    print(name)
    for verdict, what in (("secret", "recall"), ("harmless", "false alarms"), ("placeholder", "placeholders taken")):
        print(f"  {what:18} {figure([hit(r, f) for r, f in zip(rows, found) if r.verdict == verdict])}")


def vendor_rules(program, rows):
    """The vendors whose own rows found something: token.github.fine is GitHub's."""
    found = chatham(program, rows, None)
    rules = {rule for finds in found for _, _, rule in finds if rule.startswith("token.")}
    return sorted({".".join(rule.split(".")[:2]) for rule in rules})


def leave_vendors_out(program, rows):
    """For each vendor: of the secrets that its own rows find, how many are found without them."""
    full = chatham(program, rows, None)
    kept, total = 0, 0
    for vendor in vendor_rules(program, rows):
        own = [
            row
            for row, finds in zip(rows, full)
            if row.verdict == "secret" and hit(row, finds) and any(rule.startswith(vendor) for _, _, rule in finds)
        ]
        policy = GENERIC.replace('"token.":"keep"', f'"{vendor}":"keep"').replace(',"url.webhook":"keep"', "")
        without = sum(hit(row, finds) for row, finds in zip(own, chatham(program, own, policy))) if own else 0
        kept, total = kept + without, total + len(own)
        print(f"  {vendor:30} {without}/{len(own)}")
    print(f"  {'all vendors':30} {kept}/{total}")


def list_wrong(rows, found):
    for row, finds in zip(rows, found):
        if row.verdict != "placeholder" and hit(row, finds) != (row.verdict == "secret"):
            print(("MISSED " if row.verdict == "secret" else "FALSE  ") + json.dumps(row.text), finds)


def main():
    if not os.path.exists(VECTORS):
        print("skipped: no ../shared/data/secrets")
        return 77
    program, options = sys.argv[1], set(sys.argv[2:])
    rows = [row for row in load() if "--all" in options or row.held == ("--held" in options)]
    found = chatham(program, rows, None)
    if "--missed" in options:
        list_wrong([r for r in rows if not r.held], [f for r, f in zip(rows, found) if not r.held])
    report("chatham", rows, found)
    report("chatham, every vendor's row off", rows, chatham(program, rows, GENERIC))
    if "--vendors" in options:
        print("one vendor left out at a time: found all the same")
        leave_vendors_out(program, rows)
    peer = gitleaks(rows)
    if peer is None:
        print("gitleaks is not in the path: not run")
    else:
        report("gitleaks", rows, peer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
