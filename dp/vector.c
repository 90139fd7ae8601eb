/* Vectors of features. Hides the clipping in integers. */
#include "dp/vector.h"

#include <math.h>

typedef unsigned __int128 wide;

enum status dp_vector_check(const struct dp_vector_terms *terms, struct why *why)
{
    const struct {
        uint64_t value, most;
        const char *what;
    } bounds[] = {
        {terms->dimensions, DP_VECTOR_DIMENSIONS_MOST, "no dimensions or too many"},
        {terms->step, UINT32_MAX, "a step of 0"},
        {terms->most, DP_VECTOR_BOUND_MOST, "clipping bound of a coordinate is 0 or too large"},
        {terms->norm, DP_VECTOR_BOUND_MOST, "clipping bound of the norm is 0 or too large"},
        {terms->variance.numerator, DP_VARIANCE_MOST, "variance is 0 or too large"},
        {terms->variance.denominator, DP_VARIANCE_MOST, "variance has a denominator of 0 or too large"},
    };
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (bounds[i].value == 0 || bounds[i].value > bounds[i].most)
            return why_set(why, ERR_USAGE, bounds[i].what, "vector of features", 0);
    return OK;
}

uint64_t dp_vector_norm_squared(const struct dp_vector_terms *terms)
{
    uint64_t norm = (uint64_t)terms->norm * terms->norm;
    wide each = (wide)terms->most * terms->most * terms->dimensions;
    return each < norm ? (uint64_t)each : norm;
}

/* In whole steps, held within the coordinate's bound. */
static int64_t quantised(const struct dp_vector_terms *terms, int64_t value)
{
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    uint64_t steps = (magnitude + terms->step / 2) / terms->step;
    int64_t held = steps < terms->most ? (int64_t)steps : (int64_t)terms->most;
    return value < 0 ? -held : held;
}

/* The least n with n² >= square. A square root in floating point is a first guess: the loops are what is right. */
static uint64_t root_above(wide square)
{
    uint64_t root = (uint64_t)sqrt((double)square);
    while (root > 0 && (wide)(root - 1) * (root - 1) >= square)
        root--;
    while ((wide)root * root < square)
        root++;
    return root;
}

/* Towards 0, so that squares sum to at most (norm / root)² times the sum that root is not below: norm². */
static void shrink(const struct dp_vector_terms *terms, uint64_t root, int64_t *values)
{
    INVARIANT(root > 0);
    for (uint32_t i = 0; i < terms->dimensions; i++)
        values[i] = values[i] * (int64_t)terms->norm / (int64_t)root; /* within 2^62 */
}

void dp_vector_clip(const struct dp_vector_terms *terms, const int64_t *values, int64_t *out)
{
    wide square = 0; /* below 2^82 */
    for (uint32_t i = 0; i < terms->dimensions; i++) {
        out[i] = quantised(terms, values[i]);
        square += (wide)((uint64_t)(out[i] * out[i]));
    }
    if (square > (wide)terms->norm * terms->norm)
        shrink(terms, root_above(square), out);
}

void dp_vector_release(const struct dp_vector_terms *terms, struct dp_stream *stream, const int64_t *values,
                       int64_t *out)
{
    INVARIANT(dp_vector_check(terms, NULL) == OK);
    dp_vector_clip(terms, values, out);
    for (uint32_t i = 0; i < terms->dimensions; i++)
        out[i] += dp_gaussian(stream, terms->variance); /* a draw is within 2^36: no overflow */
}

struct dp_zcdp dp_vector_loss(const struct dp_vector_terms *terms, enum dp_vector_neighbour neighbour)
{
    uint64_t square = dp_vector_norm_squared(terms); /* at most 2^62 */
    if (neighbour == DP_VECTOR_NONE)
        return dp_zcdp_of_variance(square, terms->variance);
    if (square > UINT64_MAX / 4)
        return (struct dp_zcdp){UINT64_MAX, UINT64_MAX};
    return dp_zcdp_of_variance(4 * square, terms->variance);
}
