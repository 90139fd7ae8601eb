/* The prepared law, for dp/sampler.c and for tests that go through its table. */
#pragma once

#include "dp/law.h"
#include "dp/sampler.h"

/* `at` is 63 bits of the uniform number, which lies under 1/2; the top bit of the word is the sign. */
#define DP_SAMPLER_HALF (UINT64_C(1) << 63)

struct dp_sampler {
    struct law law;
    size_t count;        /* of magnitudes; 0: no table */
    uint64_t *threshold; /* [k + 1]: 2^64 times half the distribution function up to k, less than 1 unit below it and
                            known within 2; between two ends that no `at` reaches or is near: count + 2 in all */
    uint32_t *guide;     /* [at >> shift]: the first magnitude that such an `at` may have */
    unsigned shift;
};
