/* Optimal partition selection. Hides the table of chances and how it is made. */
#include "dp/partition.h"

#include "dp/exponent.h"

typedef unsigned __int128 wide;

#define UNIT ((wide)1 << 64)

/* chances[n] is that of n supporters above the pre-threshold, for n < sure; from `sure` on it is 1. */
struct dp_partition {
    uint64_t least;
    size_t sure;
    uint64_t chances[];
};

enum status dp_partition_check(struct dp_partition_terms terms, struct why *why)
{
    if (terms.epsilon.micro == 0 || terms.epsilon.micro > DP_PARTITION_EPSILON_MOST)
        return why_set(why, ERR_USAGE, "epsilon is not above 0 and at most 32", "partition selection", 0);
    if (terms.delta == 0 || terms.delta > DP_DELTA_ONE / 2)
        return why_set(why, ERR_USAGE, "delta is not above 0 and at most one half", "partition selection", 0);
    if (terms.least == 0 || terms.least > DP_PARTITION_SUPPORT_MOST)
        return why_set(why, ERR_USAGE, "pre-threshold is not between 1 and 65536", "partition selection", 0);
    return OK;
}

/* The largest next chance that both inequalities allow, in integers rounded down:
 *     next <= e^ε now + δ,    1 - now <= e^ε (1 - next) + δ. */
static wide next_chance(uint64_t now, uint64_t delta, uint64_t inverse)
{
    wide first = ((wide)now << 64) / inverse + delta;
    if (UNIT - now <= delta)
        return first < UNIT ? first : UNIT;
    wide rest = UNIT - now - delta;
    wide second = UNIT - (rest * inverse + (UNIT - 1)) / UNIT;
    return first < second ? first : second;
}

enum status dp_partition_new(struct dp_partition_terms terms, struct why *why, struct dp_partition **out)
{
    struct dp_exp_bounds inverse;
    *out = NULL;
    TRY(dp_partition_check(terms, why));
    TRY(dp_exp_bounds((struct dp_ratio){terms.epsilon.micro, DP_EPSILON_ONE}, &inverse));
    struct dp_partition *made = mem_new(1, sizeof *made + DP_PARTITION_SUPPORT_MOST * sizeof made->chances[0]);
    if (!made)
        return why_set(why, ERR_MEMORY, "no memory", "partition selection", 0);
    uint64_t delta = (uint64_t)(((wide)terms.delta << 64) / DP_DELTA_ONE);
    made->least = terms.least;
    for (wide chance = 0; chance < UNIT; chance = next_chance((uint64_t)chance, delta, inverse.above)) {
        if (made->sure == DP_PARTITION_SUPPORT_MOST) {
            mem_free(made);
            return why_set(why, ERR_TOO_LARGE, "65536 supporters would not be kept for sure", "partition selection", 0);
        }
        made->chances[made->sure++] = (uint64_t)chance;
    }
    *out = made;
    return OK;
}

void dp_partition_free(struct dp_partition *partition)
{
    mem_free(partition);
}

/* Supporters above the pre-threshold, at most `sure`. */
static size_t row(const struct dp_partition *partition, uint64_t supporters)
{
    uint64_t above = supporters < partition->least ? 0 : supporters - (partition->least - 1);
    return above < partition->sure ? (size_t)above : partition->sure;
}

bool dp_partition_keeps(const struct dp_partition *partition, struct dp_stream *stream, uint64_t supporters)
{
    size_t at = row(partition, supporters);
    uint64_t drawn = dp_stream_u64(stream);
    return at == partition->sure || drawn < partition->chances[at];
}

double dp_partition_chance(const struct dp_partition *partition, uint64_t supporters)
{
    size_t at = row(partition, supporters);
    return at == partition->sure ? 1 : (double)partition->chances[at] * 0x1p-64;
}

uint64_t dp_partition_support(const struct dp_partition *partition, struct dp_ratio chance)
{
    INVARIANT(chance.numerator > 0 && chance.numerator <= chance.denominator);
    size_t at = 1;
    wide needed = (((wide)chance.numerator << 64) + (chance.denominator - 1)) / chance.denominator;
    while (at < partition->sure && partition->chances[at] < needed)
        at++;
    return at + (partition->least - 1);
}

struct dp_zcdp dp_partition_loss(struct dp_partition_terms terms, uint64_t keys)
{
    return dp_zcdp_times(dp_zcdp_of_approximate(terms.epsilon, terms.delta), keys);
}
