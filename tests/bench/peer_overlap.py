"""Peer of overlap_bench: the same measure in plain CPython, written for clarity: token shingles of four as sets, and for
each shingle of the document every window of the reference compared token by token, at most one differing."""
import gzip
import json
import os
import re
import time
from collections import Counter

SIZE = 4


def shingles(text):
    tokens = re.findall(r"[a-z0-9_]+", text.lower())
    return Counter(tuple(tokens[i:i + SIZE]) for i in range(len(tokens) - SIZE + 1))


def measure(document, reference):
    exact = len(document.keys() & reference.keys())
    union = len(document.keys() | reference.keys())
    windows = 0
    for mine, here in document.items():
        for yours, there in reference.items():
            if (mine[0] != yours[0]) + (mine[1] != yours[1]) + (mine[2] != yours[2]) + (mine[3] != yours[3]) <= 1:
                windows += here * there
    return exact, exact / union if union else 0.0, windows


with gzip.open(os.path.join(os.environ["CHATHAM_SHARED"], "vectors/fot-overlap.json.gz")) as file:
    vectors = json.load(file)
PART = 3  # every third document: the loop is the same for each, and the whole takes long
start = time.process_time()
documents = [shingles(entry["text"]) for entry in vectors["documents"]]
references = [shingles(entry["text"]) for entry in vectors["references"]]
measured = {(d, r): measure(documents[d], references[r])
            for d in range(0, len(documents), PART) for r in range(len(references))}
taken = (time.process_time() - start) * len(vectors["pairs"]) / len(measured)
for d, r, exact, jaccard, windows in vectors["pairs"]:
    mine = measured.get((d, r), (exact, jaccard, windows))
    assert (mine[0], round(mine[1], 6), mine[2]) == (exact, round(jaccard, 6), windows), "another measure"
print(f"peer\toverlap.729\t{taken * 1e3:.6g}\tms\tCPython, the same measure (from a third of the pairs)")
