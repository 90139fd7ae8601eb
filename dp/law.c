/* Laws as enclosures. Hides the recurrence of the weights, and the bound of the tail that no walk reaches. */
#include "dp/law.h"

#include "dp/gaussian.h"
#include "dp/laplace.h"

bool law_is_sound(const struct law *law)
{
    uint64_t most = law->kind == LAW_GAUSSIAN ? DP_VARIANCE_MOST : DP_RATE_MOST;
    struct dp_ratio of = law->parameter;
    return of.numerator > 0 && of.numerator <= most && of.denominator > 0 && of.denominator <= most;
}

bool law_is_two_sided(const struct law *law)
{
    return law->kind != LAW_GEOMETRIC;
}

/* ln(2^bits) < 0.7 bits; a tail of exp(-t) lies beyond t / rate, or beyond sqrt(2 t variance). */
bool law_fits(const struct law *law, uint64_t magnitudes, uint64_t bits)
{
    unsigned __int128 t = bits * 7 / 10 + 8, p = law->parameter.numerator, q = law->parameter.denominator;
    if (law->kind == LAW_GAUSSIAN)
        return 2 * t * p < q * magnitudes * magnitudes;
    return t * q < p * magnitudes;
}

void law_walk_start(struct law_walk *walk, const struct law *law, size_t limbs)
{
    const struct dp_ratio of = law->parameter, one = {1, 1};
    walk->magnitude = 0;
    walk->law = law;
    walk->weight = walk->sum = enclosure_ratio(limbs, one);
    if (law_is_two_sided(law))
        enclosure_over(&walk->sum, 2);
    if (law->kind == LAW_GAUSSIAN) {
        walk->ratio = enclosure_exp_minus(limbs, (struct dp_ratio){of.denominator, 2 * of.numerator});
        walk->step = enclosure_exp_minus(limbs, (struct dp_ratio){of.denominator, of.numerator});
        return;
    }
    walk->ratio = enclosure_exp_minus(limbs, of);
    walk->step = enclosure_ratio(limbs, one);
}

void law_walk_next(struct law_walk *walk)
{
    enclosure_multiply(&walk->weight, &walk->ratio, &walk->weight);
    enclosure_multiply(&walk->ratio, &walk->step, &walk->ratio);
    enclosure_add(&walk->sum, &walk->weight);
    walk->magnitude++;
}

bool law_walk_ends(const struct law_walk *walk)
{
    for (size_t i = 0; i < walk->weight.limbs; i++)
        if (walk->weight.most.limb[i] != 0)
            return false;
    return true;
}

/* All weights after the walk's: each is at most exp(-x) of the one before, so that they are together at most
 * weight / (exp(x) - 1) <= weight / x, where x = rate, or (2 k + 1) / (2 variance). */
static struct enclosure rest_after(const struct law_walk *walk)
{
    struct enclosure rest = walk->weight;
    rest.least = (struct wide){.limb = {0}};
    const struct dp_ratio of = walk->law->parameter;
    if (walk->law->kind != LAW_GAUSSIAN) {
        enclosure_times(&rest, of.denominator);
        enclosure_over(&rest, of.numerator);
        return rest;
    }
    enclosure_times(&rest, 2 * of.numerator);
    enclosure_over(&rest, of.denominator);
    enclosure_over(&rest, 2 * walk->magnitude + 1);
    return rest;
}

struct enclosure law_total(const struct law *law, size_t limbs)
{
    struct law_walk walk;
    law_walk_start(&walk, law, limbs);
    while (!law_walk_ends(&walk))
        law_walk_next(&walk);
    struct enclosure rest = rest_after(&walk);
    enclosure_add(&walk.sum, &rest);
    return walk.sum;
}

struct enclosure law_share(const struct law *law, size_t limbs)
{
    struct enclosure twice = law_total(law, limbs);
    enclosure_times(&twice, 2);
    return enclosure_inverse(&twice);
}

/* [at, at + 2^(-64 words)) as an enclosure. */
static struct enclosure interval_at(const struct wide *at, size_t words, size_t limbs)
{
    struct enclosure out = {.limbs = limbs};
    memcpy(out.least.limb, at->limb, (words + 1) * sizeof *at->limb);
    out.most = out.least;
    for (size_t i = words; ++out.most.limb[i] == 0;) {
        INVARIANT(i > 0);
        i--;
    }
    return out;
}

bool law_locate(const struct law *law, const struct wide *at, size_t words, uint64_t *magnitude)
{
    *magnitude = 0;
    size_t limbs = words + 2;
    struct enclosure total = law_total(law, limbs), point = interval_at(at, words, limbs);
    enclosure_times(&total, 2); /* sums are compared with at * 2 total, which is below total */
    enclosure_multiply(&point, &total, &point);
    struct law_walk walk;
    law_walk_start(&walk, law, limbs);
    bool after_last = true; /* whether the point lies surely behind the magnitudes passed so far */
    while (wide_compare(limbs, &walk.sum.least, &point.most) < 0) {
        if (law_walk_ends(&walk))
            return false;
        after_last = wide_compare(limbs, &walk.sum.most, &point.least) <= 0;
        law_walk_next(&walk);
    }
    *magnitude = walk.magnitude;
    return after_last;
}
