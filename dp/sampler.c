/* Exact draws from a table. Hides how the table is made and what a draw does where the table does not decide. */
#include "dp/sampler_inside.h"

/* Enough for thresholds of 64 bits: sums are known within 2^-115. */
#define TABLE_LIMBS 3
/* Magnitudes are told apart by the guide alone for all but a small share of draws. */
#define GUIDE_PER_MAGNITUDE 8
#define GUIDE_LEAST 8 /* bits */
#define GUIDE_MOST 16 /* bits */
/* Below the first threshold; no `at` is within 2 of it, modulo 2^64. */
#define NEVER_NEAR (UINT64_C(3) << 62)

/* 2^64 times half the distribution function, rounded down. It is below 2^63, as no magnitude is the last one. */
static uint64_t threshold_of(const struct enclosure *sum, const struct enclosure *share)
{
    struct enclosure half;
    enclosure_multiply(sum, share, &half);
    INVARIANT(half.most.limb[0] == 0 && half.most.limb[1] - half.least.limb[1] <= 1);
    return half.least.limb[1];
}

/* Thresholds until one is at the end of what 63 bits can tell. */
static enum status fill_thresholds(struct dp_sampler *sampler)
{
    size_t room = 16;
    while (!law_fits(&sampler->law, room, 64))
        room *= 2;
    sampler->threshold = mem_new(room + 2, sizeof *sampler->threshold);
    if (!sampler->threshold)
        return ERR_MEMORY;
    struct enclosure share = law_share(&sampler->law, TABLE_LIMBS);
    struct law_walk walk;
    sampler->threshold[0] = NEVER_NEAR;
    law_walk_start(&walk, &sampler->law, TABLE_LIMBS);
    for (;; law_walk_next(&walk)) {
        uint64_t threshold = threshold_of(&walk.sum, &share);
        INVARIANT(sampler->count < room);
        sampler->threshold[++sampler->count] = threshold;
        if (threshold >= DP_SAMPLER_HALF - 1)
            break;
    }
    sampler->threshold[sampler->count + 1] = UINT64_MAX;
    return OK;
}

static enum status fill_guide(struct dp_sampler *sampler)
{
    unsigned bits = GUIDE_LEAST;
    while (bits < GUIDE_MOST && UINT64_C(1) << bits < sampler->count * GUIDE_PER_MAGNITUDE)
        bits++;
    sampler->guide = mem_new((size_t)1 << bits, sizeof *sampler->guide);
    if (!sampler->guide)
        return ERR_MEMORY;
    sampler->shift = 63 - bits;
    uint32_t magnitude = 0;
    for (uint64_t i = 0; i < UINT64_C(1) << bits; i++) {
        while (i << sampler->shift >= sampler->threshold[magnitude + 1])
            magnitude++;
        sampler->guide[i] = magnitude;
    }
    return OK;
}

static enum status prepare(struct law law, struct dp_sampler **out)
{
    *out = NULL;
    if (!law_is_sound(&law))
        return ERR_USAGE;
    struct dp_sampler *sampler = mem_new(1, sizeof *sampler);
    if (!sampler)
        return ERR_MEMORY;
    sampler->law = law;
    if (law_fits(&law, DP_SAMPLER_MAGNITUDES, 64) && (fill_thresholds(sampler) != OK || fill_guide(sampler) != OK)) {
        dp_sampler_free(sampler);
        return ERR_MEMORY;
    }
    *out = sampler;
    return OK;
}

enum status dp_sampler_geometric(struct dp_ratio rate, struct dp_sampler **out)
{
    return prepare((struct law){LAW_GEOMETRIC, rate}, out);
}

enum status dp_sampler_laplace(struct dp_ratio rate, struct dp_sampler **out)
{
    return prepare((struct law){LAW_LAPLACE, rate}, out);
}

enum status dp_sampler_gaussian(struct dp_ratio variance, struct dp_sampler **out)
{
    return prepare((struct law){LAW_GAUSSIAN, variance}, out);
}

void dp_sampler_free(struct dp_sampler *sampler)
{
    if (!sampler)
        return;
    mem_free(sampler->threshold);
    mem_free(sampler->guide);
    mem_free(sampler);
}

/* The bits of `at` do not decide: the same number gets more of them, a word at a time. */
__attribute__((noinline)) static uint64_t magnitude_by_more(const struct dp_sampler *sampler, struct dp_stream *stream,
                                                            uint64_t at)
{
    struct wide number = {.limb = {0, at}};
    for (size_t words = 2; words <= DP_SAMPLER_WORDS; words++) {
        uint64_t magnitude;
        number.limb[words] = dp_stream_u64(stream);
        if (law_locate(&sampler->law, &number, words, &magnitude))
            return magnitude;
    }
    dp_stream_broken();
}

/* A law too wide for a table. */
static int64_t draw_directly(const struct law *law, struct dp_stream *stream)
{
    switch (law->kind) {
    case LAW_GEOMETRIC:
        return dp_geometric(stream, law->parameter);
    case LAW_LAPLACE:
        return dp_laplace(stream, law->parameter);
    case LAW_GAUSSIAN:
        break;
    }
    return dp_gaussian(stream, law->parameter);
}

int64_t dp_sampler_draw(const struct dp_sampler *sampler, struct dp_stream *stream)
{
    if (sampler->count == 0)
        return draw_directly(&sampler->law, stream);
    uint64_t word = dp_stream_u64(stream), at = word % DP_SAMPLER_HALF;
    uint64_t magnitude = sampler->guide[at >> sampler->shift];
    while (at >= sampler->threshold[magnitude + 1])
        magnitude++;
    if (__builtin_expect(at - sampler->threshold[magnitude] <= 1, 0))
        magnitude = magnitude_by_more(sampler, stream, at);
    bool negative = word >= DP_SAMPLER_HALF && law_is_two_sided(&sampler->law);
    return negative ? -(int64_t)magnitude : (int64_t)magnitude;
}

int64_t dp_sampler_add(const struct dp_sampler *sampler, struct dp_stream *stream, int64_t value)
{
    int64_t drawn = dp_sampler_draw(sampler, stream), sum;
    if (!__builtin_add_overflow(value, drawn, &sum))
        return sum;
    return drawn < 0 ? INT64_MIN : INT64_MAX;
}
