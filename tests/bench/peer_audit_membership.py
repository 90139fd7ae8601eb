"""Peer of audit_membership_bench: ML Privacy Meter's reference attack on the same signals: a normal law fitted to each
target's shadow signals, thresholds at a hundred rates, its result with counts and area. Reads what the bench wrote to
the folder, stops if the answers differ, and prints the line of a bench. Exits 77 without privacy-meter."""
# pip: privacy-meter numpy scipy scikit-learn
import sys
import time

try:
    import numpy as np
    from privacy_meter.hypothesis_test import gaussian_threshold_func
    from privacy_meter.metric_result import CombinedMetricResult
except ImportError:
    print("peer_audit_membership: no privacy-meter here", file=sys.stderr)
    sys.exit(77)

with open(sys.argv[1] + "/signals") as file:
    lines = [line.split() for line in file]
shadows = np.array(lines[:-4], dtype=float)
judged = np.array(lines[-4], dtype=float)
hits = [np.array(line, dtype=int) for line in lines[-3:-1]]
half = len(judged) // 2


def attack():
    rates = np.arange(1, 101) / 101
    # it reads a quantile from the upper end where signals are rows of targets
    thresholds = gaussian_threshold_func(shadows, 1 - rates)
    predicted = np.less(judged.reshape(-1, 1).repeat(len(rates), 1).T, thresholds)
    labels = np.concatenate([np.ones(half), np.zeros(half)])
    return CombinedMetricResult("reference", predicted, labels, signal_values=judged)


times = []
for run in range(3):
    start = time.process_time()
    result = attack()
    times.append((time.process_time() - start) * 1e3)
if (np.array(result.fp) != hits[0]).any() or (np.array(result.tp) != hits[1]).any():
    sys.exit("peer_audit_membership: the counts differ")
if abs(result.roc_auc - float(lines[-1][0])) > 1e-12:
    sys.exit(f"peer_audit_membership: area {result.roc_auc}, ours {lines[-1][0]}")
print(f"peer\taudit.membership\t{sorted(times)[1]:.6g}\tms\tML Privacy Meter")
