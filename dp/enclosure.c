/* Enclosures. Hides the carries, and which way each bound is rounded. */
#include "dp/enclosure.h"

typedef unsigned __int128 u128;

/* The least step of the precision. */
static void wide_step_up(size_t limbs, struct wide *number)
{
    size_t i = limbs;
    while (++number->limb[i] == 0) {
        INVARIANT(i > 0);
        i--;
    }
}

static void wide_add(size_t limbs, struct wide *sum, const struct wide *more)
{
    u128 carry = 0;
    for (size_t i = limbs + 1; i-- > 0;) {
        carry += (u128)sum->limb[i] + more->limb[i];
        sum->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    INVARIANT(carry == 0);
}

static void wide_times(size_t limbs, struct wide *number, uint64_t times)
{
    u128 carry = 0;
    for (size_t i = limbs + 1; i-- > 0;) {
        carry += (u128)number->limb[i] * times;
        number->limb[i] = (uint64_t)carry;
        carry >>= 64;
    }
    INVARIANT(carry == 0);
}

/* Rounded down; true if something was left over. */
static bool wide_over(size_t limbs, struct wide *number, uint64_t by)
{
    u128 rest = 0;
    for (size_t i = 0; i <= limbs; i++) {
        rest = rest << 64 | number->limb[i];
        number->limb[i] = (uint64_t)(rest / by);
        rest %= by;
    }
    return rest != 0;
}

/* Rounded down; true if something was left over. The product has twice the limbs behind the point. */
static bool wide_multiply(size_t limbs, const struct wide *a, const struct wide *b, struct wide *out)
{
    uint64_t product[2 * (1 + ENCLOSURE_LIMBS)] = {0};
    for (size_t i = limbs + 1; i-- > 0;) {
        u128 carry = 0;
        for (size_t k = limbs + 1; k-- > 0;) {
            carry += (u128)a->limb[i] * b->limb[k] + product[i + k + 1];
            product[i + k + 1] = (uint64_t)carry;
            carry >>= 64;
        }
        product[i] = (uint64_t)carry;
    }
    INVARIANT(product[0] == 0);
    memcpy(out->limb, product + 1, (limbs + 1) * sizeof *product);
    uint64_t rest = 0;
    for (size_t i = limbs + 2; i < 2 * (limbs + 1); i++)
        rest |= product[i];
    return rest != 0;
}

int wide_compare(size_t limbs, const struct wide *a, const struct wide *b)
{
    for (size_t i = 0; i <= limbs; i++)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

static struct enclosure whole(size_t limbs, uint64_t number)
{
    INVARIANT(limbs > 0 && limbs <= ENCLOSURE_LIMBS);
    struct enclosure out = {.limbs = limbs};
    out.least.limb[0] = out.most.limb[0] = number;
    return out;
}

void enclosure_add(struct enclosure *sum, const struct enclosure *more)
{
    INVARIANT(sum->limbs == more->limbs);
    wide_add(sum->limbs, &sum->least, &more->least);
    wide_add(sum->limbs, &sum->most, &more->most);
}

void enclosure_multiply(const struct enclosure *a, const struct enclosure *b, struct enclosure *out)
{
    INVARIANT(a->limbs == b->limbs);
    size_t limbs = out->limbs = a->limbs;
    wide_multiply(limbs, &a->least, &b->least, &out->least);
    if (wide_multiply(limbs, &a->most, &b->most, &out->most))
        wide_step_up(limbs, &out->most);
}

void enclosure_times(struct enclosure *number, uint64_t times)
{
    wide_times(number->limbs, &number->least, times);
    wide_times(number->limbs, &number->most, times);
}

void enclosure_over(struct enclosure *number, uint64_t by)
{
    INVARIANT(by > 0);
    wide_over(number->limbs, &number->least, by);
    if (wide_over(number->limbs, &number->most, by))
        wide_step_up(number->limbs, &number->most);
}

struct enclosure enclosure_ratio(size_t limbs, struct dp_ratio ratio)
{
    struct enclosure out = whole(limbs, ratio.numerator);
    enclosure_over(&out, ratio.denominator);
    return out;
}

/* 1 / number rounded down, bit by bit: the largest quotient whose product with number is at most 1. */
static struct wide inverse_down(size_t limbs, const struct wide *number)
{
    const struct wide one = {.limb = {1}};
    struct wide quotient = {.limb = {0}}, product;
    for (size_t bit = 62; bit < 64 * (limbs + 1); bit++) { /* from 2^1 on */
        struct wide larger = quotient;
        larger.limb[bit / 64] |= UINT64_C(1) << (63 - bit % 64);
        bool over = wide_multiply(limbs, &larger, number, &product);
        int side = wide_compare(limbs, &product, &one);
        if (side < 0 || (side == 0 && !over))
            quotient = larger;
    }
    return quotient;
}

struct enclosure enclosure_inverse(const struct enclosure *number)
{
    INVARIANT(number->least.limb[0] > 0 || number->least.limb[1] >> 63 == 1);
    size_t limbs = number->limbs;
    struct enclosure out = {.limbs = limbs};
    out.least = inverse_down(limbs, &number->most);
    out.most = inverse_down(limbs, &number->least);
    wide_step_up(limbs, &out.most);
    return out;
}

static bool is_zero(size_t limbs, const struct wide *number)
{
    static const struct wide zero;
    return wide_compare(limbs, number, &zero) == 0;
}

/* exp(y) of a y of at most 1/2: each term is at most half of the one before, so that those left out are together at
 * most the last one. */
static struct enclosure exp_of_small(const struct enclosure *y)
{
    struct enclosure sum = whole(y->limbs, 1), term = sum;
    for (uint64_t k = 1; !is_zero(y->limbs, &term.least); k++) {
        enclosure_multiply(&term, y, &term);
        enclosure_over(&term, k);
        enclosure_add(&sum, &term);
    }
    wide_add(y->limbs, &sum.most, &term.most);
    return sum;
}

struct enclosure enclosure_exp_minus(size_t limbs, struct dp_ratio x)
{
    struct enclosure y = enclosure_ratio(limbs, x);
    size_t squarings = 0;
    for (; y.most.limb[0] > 0 || y.most.limb[1] >> 63 == 1; squarings++)
        enclosure_over(&y, 2);
    struct enclosure grown = exp_of_small(&y), out = enclosure_inverse(&grown);
    for (; squarings > 0; squarings--)
        enclosure_multiply(&out, &out, &out);
    return out;
}
