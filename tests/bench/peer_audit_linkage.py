"""Peer of audit_linkage_bench: Anonymeter's evaluators of linkability and inference on the table that the bench wrote, with
all rows attacked. Stops if it counts otherwise than we do. Exits 77 without Anonymeter."""
# pip: anonymeter
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
try:
    import pandas as pd
    from anonymeter.evaluators import InferenceEvaluator, LinkabilityEvaluator
except ImportError:
    print("peer_audit_linkage: no Anonymeter here", file=sys.stderr)
    sys.exit(77)

SITUATION = ["n0", "n1", "c4", "c5", "c6"]
ACTION = ["n2", "n3", "c7", "c8"]
SECRET = "c9"


def attack(members, held_out, release):
    every = {"ori": members, "syn": release, "control": held_out, "n_attacks": len(members)}
    link = LinkabilityEvaluator(aux_cols=(SITUATION, ACTION), n_neighbors=1, **every).evaluate(n_jobs=-1).results()
    infer = InferenceEvaluator(aux_cols=SITUATION + ACTION, secret=SECRET, **every).evaluate(n_jobs=-1).results()
    return [int(n) for n in (link.n_success, link.n_control, infer.n_success, infer.n_control)]


folder = sys.argv[1]
table = pd.read_csv(os.path.join(folder, "table.csv"))
parts = [table[table.part == name].drop(columns="part").reset_index(drop=True)
         for name in ("members", "held_out", "release")]
attack(*(part.head(50) for part in parts))  # compiles its loops
with open(os.path.join(folder, "answers")) as file:
    ours = [int(n) for n in file.read().split()]
times = []
for _ in range(3):
    start = time.perf_counter()
    theirs = attack(*parts)
    times.append((time.perf_counter() - start) * 1e3)
    if theirs != ours:
        sys.exit(f"peer_audit_linkage: {theirs} where we count {ours}")
print("peer", "audit.linkage", f"{sorted(times)[1]:.6g}", "ms", "anonymeter, the same counts", sep="\t")
