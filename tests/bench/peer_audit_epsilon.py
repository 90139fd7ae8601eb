# pip: jax_privacy
"""Peer of audit_epsilon_bench: jax_privacy's auditor (one run in f-DP form, one run of 2023, Clopper and Pearson) on the same scores
at the same threshold. Checks that its answers are ours to 2 in a thousand. Exits 77 without it."""
import sys
import time

try:
    import numpy as np
    from jax_privacy import auditing
except ImportError:
    print("peer_audit_epsilon: no jax_privacy here", file=sys.stderr)
    sys.exit(77)

DELTA, ALPHA, RUNS = 1e-5, 0.05, 5
with open(sys.argv[1] + "/scores", encoding="ascii") as file:
    guesses, *ours = file.readline().split()
    rows = np.loadtxt(file)
held_in, held_out = rows[rows[:, 0] == 1, 1], rows[rows[:, 0] == 0, 1]
at = auditing.Explicit(float(np.sort(rows[:, 1])[-int(guesses)]))


def audit():
    auditing._gaussian_dp_blow_up_inverse.cache_clear()  # each run does all the work
    auditor = auditing.CanaryScoreAuditor(held_in, held_out)
    return (auditor.epsilon_one_run_fdp(ALPHA, DELTA, threshold_strategy=at),
            auditor.epsilon_one_run(ALPHA, DELTA, threshold_strategy=at),
            auditor.epsilon_clopper_pearson(ALPHA, DELTA, threshold_strategy=at))


times, theirs = [], None
for _ in range(RUNS):
    start = time.process_time()
    theirs = audit()
    times.append((time.process_time() - start) * 1e3)
for mine, other in zip(map(float, ours), theirs):
    if abs(mine - other) > 2e-3 * other:
        print(f"peer_audit_epsilon: {theirs} is not {ours}", file=sys.stderr)
        sys.exit(1)
print(f"peer\taudit.epsilon\t{sorted(times)[RUNS // 2]:.6g}\tms\tjax_privacy")
