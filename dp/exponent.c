/* Bounds of exp(-x). Hides the series and what its roundings can add up to. */
#include "dp/exponent.h"

typedef unsigned __int128 wide;

#define UNIT ((wide)1 << 64)
/* floor(2^64 / e) */
#define INVERSE_E UINT64_C(6786177901268885274)
/* 26 terms, each off by under 3 units, and a rest of under 8 */
#define SLACK 128
/* e^-45 is under 2^-64 */
#define WHOLE_MOST 44

/* exp(-x) for x = fraction / 2^64, off by less than SLACK: the term's error is that of the one before, times x / k, and
 * two roundings. */
static wide series(uint64_t fraction)
{
    wide term = UNIT, even = 0, odd = 0;
    for (unsigned k = 1; term > 0; k++) {
        *(k % 2 ? &even : &odd) += term;
        term = (term >= UNIT ? (wide)fraction : term * fraction >> 64) / k;
    }
    return even - odd;
}

static uint64_t product_above(uint64_t a, uint64_t b)
{
    return (uint64_t)(((wide)a * b + (UNIT - 1)) >> 64);
}

enum status dp_exp_bounds(struct dp_ratio x, struct dp_exp_bounds *out)
{
    *out = (struct dp_exp_bounds){0, UINT64_MAX};
    if (x.numerator == 0 || x.denominator == 0 || x.denominator > DP_EXP_DENOMINATOR_MOST)
        return ERR_USAGE;
    uint64_t whole = x.numerator / x.denominator, rest = x.numerator % x.denominator;
    if (whole > WHOLE_MOST) {
        out->above = 1;
        return OK;
    }
    wide middle = series((uint64_t)(((wide)rest << 64) / x.denominator));
    out->below = (uint64_t)(middle - SLACK);
    /* 2^64 comes of whole numbers only and is written as 2^64 - 1: the product by 1/e rounds it back up */
    out->above = middle + SLACK >= UNIT ? UINT64_MAX : (uint64_t)(middle + SLACK);
    for (; whole > 0; whole--) {
        out->below = (uint64_t)((wide)out->below * INVERSE_E >> 64);
        out->above = product_above(out->above, INVERSE_E + 1);
    }
    return OK;
}
