#!/usr/bin/env python3
"""Peer of dp_bench: OpenDP's discrete Gaussian and Laplace noise on vectors of whole numbers, processor time."""
import sys
import time
from importlib import metadata

try:
    import opendp.prelude as dp
except ImportError:
    print("bench: no OpenDP here (./dev bench --peers dp)", file=sys.stderr)
    sys.exit(1)

DRAWS = 100_000
dp.enable_features("contrib")
who = f"OpenDP {metadata.version('opendp')}, a vector of {DRAWS}"


def rate(mechanism):
    zeros = [0] * DRAWS
    rates = []
    for _ in range(3):
        start = time.process_time()
        mechanism(zeros)
        rates.append(DRAWS / 1e6 / (time.process_time() - start))
    return sorted(rates)[1]


whole = dp.vector_domain(dp.atom_domain(T=int))
for scale in (1, 10, 100):
    gaussian = dp.m.make_gaussian(whole, dp.l2_distance(T=float), scale=float(scale))
    laplace = dp.m.make_laplace(whole, dp.l1_distance(T=float), scale=float(scale))
    print(f"peer\tdp.gaussian.{scale}\t{rate(gaussian):.6g}\tM/s\t{who}")
    print(f"peer\tdp.laplace.{scale}\t{rate(laplace):.6g}\tM/s\t{who}")
