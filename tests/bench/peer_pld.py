"""Peer of pld_bench: PyPI's dp-accounting on the same schedules, by its defaults (connect the dots where it has it). Reads
`pld_bench --settings` from standard input. With --check it says which of our figures is under its optimistic estimate or over
1.01 times its pessimistic one and exits 1 if one is; without, it prints the lines of a bench. Exits 77 without dp-accounting."""
import logging
import math
import sys
import time

logging.disable(logging.WARNING)
try:
    from dp_accounting.pld import common
    from dp_accounting.pld import privacy_loss_distribution as pld
except ImportError:
    print("peer_pld: no dp-accounting here", file=sys.stderr)
    sys.exit(77)


def response(epsilon, choices, pessimistic):
    return pld.from_randomized_response(choices / (math.exp(epsilon) + choices - 1), choices,
                                        pessimistic_estimate=pessimistic)


def distribution(noise, epsilon, delta, choices, sensitivity, sigma, sampled, pessimistic):
    way = {"pessimistic_estimate": pessimistic}
    if noise in ("pure", "approximate") and not pessimistic:
        return response(epsilon, 2, False)
    if noise in ("pure", "approximate"):
        return pld.from_privacy_parameters(common.DifferentialPrivacyParameters(epsilon, delta if noise != "pure" else 0))
    if noise == "response":
        return response(epsilon, choices, pessimistic)
    if noise == "laplace":
        return pld.from_laplace_mechanism(1 / epsilon, **way)
    if noise == "geometric":
        return pld.from_discrete_laplace_mechanism(epsilon / sensitivity, sensitivity=sensitivity, **way)
    if noise == "discrete-gaussian":
        return pld.from_discrete_gaussian_mechanism(sigma, sensitivity=sensitivity, **way)
    if noise == "gaussian":
        return pld.from_gaussian_mechanism(sigma, sensitivity=sensitivity, **way)
    return pld.from_gaussian_mechanism(sigma, sensitivity=sensitivity, sampling_prob=sampled, **way)


def theirs(steps, delta, pessimistic):
    whole = None
    for noise, epsilon, own, choices, sensitivity, sigma, sampled, times in steps:
        one = distribution(noise, float(epsilon), float(own), int(choices), int(sensitivity), float(sigma), float(sampled),
                           pessimistic)
        one = one.self_compose(int(times)) if int(times) > 1 else one
        whole = one if whole is None else whole.compose(one)
    return whole.get_epsilon_for_delta(delta)


check = "--check" in sys.argv
mine = taken = 0
over, wrong, ratios = 0, 0, []
for number, line in enumerate(sys.stdin):
    delta, epsilon, milliseconds, *steps = line.split()
    steps = [step.split(",") for step in steps]
    start = time.process_time()
    most = theirs(steps, float(delta), True)
    seconds = time.process_time() - start
    taken += seconds * 1e3
    mine += float(milliseconds)
    ratios.append(seconds * 1e3 / float(milliseconds))
    over = max(over, float(epsilon) / most)
    if check:
        least = theirs(steps, float(delta), False)
        if not least - 1e-6 <= float(epsilon) <= 1.01 * most:
            print(f"schedule {number}: {epsilon} is not within {least:.6f} and 1.01 x {most:.6f}")
            wrong += 1
if check:
    print(f"{len(ratios)} schedules, {wrong} wrong, at most {over:.5f} x theirs")
    sys.exit(1 if wrong or len(ratios) != 50 else 0)
ratios.sort()
print(f"peer\tpld.50\t{taken:.6g}\tms\tdp-accounting")
print(f"result\tpld.over\t{over:.6g}\tx\tour largest epsilon over dp-accounting's; its time over ours: "
      f"median {ratios[len(ratios) // 2]:.3g}, least {ratios[0]:.3g}")
