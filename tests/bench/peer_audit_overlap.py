"""Peer of audit_overlap_bench: FoT's runs of four as sets of tuples, and the longest common subsequence by the package
rouge-score, which is what ROUGE-L is measured with in Python. Every third document, for the whole takes long; stops where
an answer is another than ours. Exits 77 without rouge-score or vectors."""
# pip: rouge-score
import gzip
import json
import os
import re
import sys
import time

try:
    from rouge_score.rouge_scorer import _score_lcs
except ImportError:
    print("peer_audit_overlap: no rouge-score here", file=sys.stderr)
    sys.exit(77)

PART = 3


def tokens(text):
    return re.findall(r"[a-z0-9_]+", text.lower())


def runs(words):
    return {tuple(words[i:i + 4]) for i in range(len(words) - 3)}


with gzip.open(os.path.join(os.environ["CHATHAM_SHARED"], "vectors/fot-overlap.json.gz")) as file:
    vectors = json.load(file)
with open(os.path.join(sys.argv[1], "answers")) as file:
    ours = [tuple(map(int, line.split())) for line in file]
start = time.process_time()
documents = [tokens(entry["text"]) for entry in vectors["documents"]]
references = [tokens(entry["text"]) for entry in vectors["references"]]
shared = {}
for d in range(0, len(documents), PART):
    for r, reference in enumerate(references):
        exact = len(runs(documents[d]) & runs(reference))
        common = round(_score_lcs(reference, documents[d]).precision * len(documents[d]))
        shared[d * len(references) + r] = (exact, common)
taken = (time.process_time() - start) * len(ours) / len(shared)
for pair, answer in shared.items():
    if answer != ours[pair]:
        sys.exit(f"peer_audit_overlap: {answer} where we count {ours[pair]} in pair {pair}")
print("peer", "audit.overlap", f"{taken * 1e3:.6g}", "ms", "rouge-score, the same counts (from a third of the pairs)",
      sep="\t")
