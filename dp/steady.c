/* Draws that look alike from outside. Hides the comparison without a branch. */
#include "dp/steady.h"

#include "dp/law.h"

typedef unsigned __int128 u128;

/* 128 bits of threshold, a limb for what the way there loses, one to spare. */
#define TABLE_LIMBS 4

struct dp_steady {
    uint64_t two_sided; /* 0 or 1 */
    size_t count;
    u128 *threshold; /* 2^128 times half the distribution function, rounded down: below 2^127 */
};

static u128 threshold_of(const struct enclosure *sum, const struct enclosure *share)
{
    struct enclosure half;
    enclosure_multiply(sum, share, &half);
    u128 least = (u128)half.least.limb[1] << 64 | half.least.limb[2];
    u128 most = (u128)half.most.limb[1] << 64 | half.most.limb[2];
    INVARIANT(half.most.limb[0] == 0 && most - least <= 1 && least >> 127 == 0);
    return least;
}

/* Until a threshold is within a step of the end: all beyond is together under 2^-126. */
static void fill(struct dp_steady *steady, const struct law *law, size_t room)
{
    const u128 last = ((u128)1 << 127) - 2;
    struct enclosure share = law_share(law, TABLE_LIMBS);
    struct law_walk walk;
    law_walk_start(&walk, law, TABLE_LIMBS);
    for (;; law_walk_next(&walk)) {
        u128 threshold = threshold_of(&walk.sum, &share);
        if (threshold >= last)
            return;
        INVARIANT(steady->count < room);
        steady->threshold[steady->count++] = threshold;
    }
}

static enum status prepare(struct law law, struct dp_steady **out)
{
    *out = NULL;
    if (!law_is_sound(&law))
        return ERR_USAGE;
    if (!law_fits(&law, DP_STEADY_MAGNITUDES, 128))
        return ERR_TOO_LARGE;
    size_t room = 16;
    while (!law_fits(&law, room, 128))
        room *= 2;
    struct dp_steady *steady = mem_new(1, sizeof *steady);
    u128 *threshold = mem_new(room, sizeof *threshold);
    if (!steady || !threshold) {
        mem_free(steady);
        mem_free(threshold);
        return ERR_MEMORY;
    }
    *steady = (struct dp_steady){law_is_two_sided(&law), 0, threshold};
    fill(steady, &law, room);
    *out = steady;
    return OK;
}

enum status dp_steady_geometric(struct dp_ratio rate, struct dp_steady **out)
{
    return prepare((struct law){LAW_GEOMETRIC, rate}, out);
}

enum status dp_steady_laplace(struct dp_ratio rate, struct dp_steady **out)
{
    return prepare((struct law){LAW_LAPLACE, rate}, out);
}

enum status dp_steady_gaussian(struct dp_ratio variance, struct dp_steady **out)
{
    return prepare((struct law){LAW_GAUSSIAN, variance}, out);
}

void dp_steady_free(struct dp_steady *steady)
{
    if (!steady)
        return;
    mem_free(steady->threshold);
    mem_free(steady);
}

/* The magnitude is how many thresholds the number reaches: number - threshold is negative, its top bit set, for the
 * others. */
int64_t dp_steady_draw(const struct dp_steady *steady, struct dp_stream *stream)
{
    uint64_t high = dp_stream_u64(stream), low = dp_stream_u64(stream);
    u128 number = (u128)(high & (UINT64_MAX >> 1)) << 64 | low;
    uint64_t magnitude = 0;
    for (size_t i = 0; i < steady->count; i++)
        magnitude += 1 - (uint64_t)((number - steady->threshold[i]) >> 127);
    uint64_t minus = -(high >> 63 & steady->two_sided);
    return (int64_t)((magnitude ^ minus) - minus);
}
