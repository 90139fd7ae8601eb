#!/usr/bin/env python3
"""Makes the vectors of the public vocabulary (insight/word_noise.h).

    python3 insight/train/word_vectors.py > insight/word_vectors.h

The text is that of insight/train/codebook.py: what Python's standard library says of itself, messages of the C library
and of HTTP; public, and of no member. Words of the vocabulary (insight/common.c) that stand within four words of each
other are counted; positive pointwise mutual information; its sixteen leading directions by subspace iteration from a
fixed seed (Levy, Goldberg 2014 say why that is what word embeddings do); rows of length one in steps of 1/127. A word that
the text does not have gets a row of zeros: it is near to nothing. Same text, same vectors."""
import collections, math, random, re, sys

sys.dont_write_bytecode = True

import codebook

DIMENSIONS, WINDOW, ROUNDS = 16, 4, 12


def counts(words):
    pairs, single = collections.Counter(), collections.Counter()
    for text in list(codebook.library_texts()) + list(codebook.messages()):
        found = [word for word in re.findall(r"[a-z']+", text.lower()) if word in words]
        for at, word in enumerate(found):
            for other in found[at + 1 : at + 1 + WINDOW]:
                if other != word:
                    pairs[min(word, other), max(word, other)] += 1
                    single[word] += 1
                    single[other] += 1
    return pairs, single


def information(words, pairs, single):
    """Rows of positive pointwise mutual information, damped for rare words."""
    total = sum(single.values())
    rows = {word: {} for word in words}
    for (a, b), count in sorted(pairs.items()):
        value = math.log(count * total / (single[a] * single[b])) * count / (count + 2)
        if value > 0:
            rows[a][b] = rows[b][a] = value
    return rows


def multiply(rows, basis):
    out = {}
    for word, row in rows.items():
        sums = [0.0] * DIMENSIONS
        for other, value in row.items():
            vector = basis[other]
            for d in range(DIMENSIONS):
                sums[d] += value * vector[d]
        out[word] = sums
    return out


def orthonormal(basis, words):
    """Gram and Schmidt over the columns."""
    for d in range(DIMENSIONS):
        for before in range(d):
            dot = sum(basis[word][d] * basis[word][before] for word in words)
            for word in words:
                basis[word][d] -= dot * basis[word][before]
        length = math.sqrt(sum(basis[word][d] ** 2 for word in words)) or 1.0
        for word in words:
            basis[word][d] /= length
    return basis


def vectors(words):
    rows = information(words, *counts(set(words)))
    seeded = random.Random(1)
    basis = orthonormal({word: [seeded.gauss(0, 1) for _ in range(DIMENSIONS)] for word in words}, words)
    for _ in range(ROUNDS):
        basis = orthonormal(multiply(rows, basis), words)
    weighted = multiply(rows, basis)
    for word in words:
        length = math.sqrt(sum(value * value for value in weighted[word]))
        yield [round(127 * value / length) if length > 1e-9 else 0 for value in weighted[word]]


def main():
    words = sorted(codebook.table("common_words"))
    print("/* Vectors of the public vocabulary, in its order: written by insight/train/word_vectors.py. */")
    print("#pragma once\n\n#include <stdint.h>\n")
    print(f"#define WORD_VECTOR_DIMENSIONS {DIMENSIONS}")
    print(f"#define WORD_VECTORS {len(words)}")
    print("static const int8_t word_vectors[WORD_VECTORS][WORD_VECTOR_DIMENSIONS] = {")
    print("    /* clang-format off */")
    for row in vectors(words):
        print("    {" + ", ".join(str(value) for value in row) + "},")
    print("    /* clang-format on */")
    print("};")


if __name__ == "__main__":
    main()
