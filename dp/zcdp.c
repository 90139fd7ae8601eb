/* Losses in zCDP. Hides the conversion's search and the margins for the rounding of what is computed in floating point:
 * a term is good to a few units in its last place (2^-52), and 2^-46 of all terms' sizes is added. */
#include "dp/zcdp.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

typedef unsigned __int128 u128;

#define MARGIN 0x1p-46

static uint64_t add_up(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t times_up(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

struct dp_zcdp dp_zcdp_add(struct dp_zcdp a, struct dp_zcdp b)
{
    return (struct dp_zcdp){add_up(a.rho, b.rho), add_up(a.delta, b.delta)};
}

struct dp_zcdp dp_zcdp_times(struct dp_zcdp loss, uint64_t times)
{
    return (struct dp_zcdp){times_up(loss.rho, times), times_up(loss.delta, times)};
}

static bool is_guarantee(struct dp_zcdp loss)
{
    return loss.rho < UINT64_MAX && loss.delta < DP_DELTA_ONE;
}

bool dp_zcdp_within(struct dp_zcdp loss, struct dp_zcdp cap)
{
    return is_guarantee(loss) && loss.rho <= cap.rho && loss.delta <= cap.delta;
}

bool dp_zcdp_allows(struct dp_zcdp spent, struct dp_zcdp charge, struct dp_zcdp cap)
{
    return (charge.rho || charge.delta) && dp_zcdp_within(dp_zcdp_add(spent, charge), cap);
}

/* --- losses of mechanisms --- */

/* ceil(x) for x >= 0 that is good to MARGIN. */
static uint64_t ceil_up(double x)
{
    double up = ceil(x * (1 + MARGIN));
    return up < 0x1p63 ? (uint64_t)up : UINT64_MAX;
}

struct dp_zcdp dp_zcdp_of_pure(struct dp_epsilon epsilon)
{
    if (epsilon.micro == UINT64_MAX)
        return (struct dp_zcdp){UINT64_MAX, 0};
    double x = (double)epsilon.micro / DP_EPSILON_ONE;
    uint64_t rho = ceil_up(x * tanh(x / 2) * (double)DP_RHO_ONE);
    u128 square = (u128)epsilon.micro * epsilon.micro; /* in 1e-12: no margin is needed where it is as small */
    u128 half = square / 2000 + (square % 2000 != 0);
    return (struct dp_zcdp){half < rho ? (uint64_t)half : rho, 0};
}

struct dp_zcdp dp_zcdp_of_approximate(struct dp_epsilon epsilon, uint64_t delta)
{
    return (struct dp_zcdp){dp_zcdp_of_pure(epsilon).rho, delta};
}

/* above / (2 below) in 1e-9, rounded up; exact while above fits 98 bits. */
static uint64_t half_ratio(u128 above, u128 below)
{
    while (above >> 98) {
        above = above / 2 + above % 2;
        below /= 2;
    }
    if (below == 0 || below >> 127)
        return below ? 1 : UINT64_MAX; /* below 2^-29 of 1e-9, or beyond all bounds */
    above *= DP_RHO_ONE;
    below *= 2;
    u128 rho = above / below + (above % below != 0);
    return rho < UINT64_MAX ? (uint64_t)rho : UINT64_MAX;
}

struct dp_zcdp dp_zcdp_of_gaussian(uint64_t sensitivity, struct dp_ratio sigma)
{
    INVARIANT(sigma.numerator > 0 && sigma.denominator > 0);
    u128 above = (u128)sensitivity * sigma.denominator;
    uint64_t below = sigma.numerator;
    while (above >> 64) {
        above = above / 2 + above % 2;
        below /= 2;
    }
    return (struct dp_zcdp){half_ratio(above * above, (u128)below * below), 0};
}

struct dp_zcdp dp_zcdp_of_variance(uint64_t sensitivity_squared, struct dp_ratio variance)
{
    INVARIANT(variance.numerator > 0 && variance.denominator > 0);
    return (struct dp_zcdp){half_ratio((u128)sensitivity_squared * variance.denominator, variance.numerator), 0};
}

/* --- conversion --- */

/* An upper bound of ε of ρ-zCDP at δ by the order 1 + a: every a > 0 gives one. */
static double epsilon_by(double rho, double log_delta, double a)
{
    double divergence = (1 + a) * rho, order = log1p(a) / a, target = -log_delta / a, rest = log1p(1 / a);
    return divergence - order + target - rest + (divergence + order + target + rest) * MARGIN;
}

/* The least of epsilon_by over a = e^x: a coarse grid, then a golden section beside its best point. */
static double least_epsilon(double rho, double log_delta)
{
    const double golden = 0.6180339887498949;
    double best = INFINITY, at = 0;
    for (int i = -40; i <= 90; i++) {
        double x = i / 2.0, epsilon = epsilon_by(rho, log_delta, exp(x));
        if (epsilon < best) {
            best = epsilon;
            at = x;
        }
    }
    double low = at - 0.5, high = at + 0.5;
    for (int i = 0; i < 50; i++) {
        double left = high - golden * (high - low), right = low + golden * (high - low);
        double by_left = epsilon_by(rho, log_delta, exp(left)), by_right = epsilon_by(rho, log_delta, exp(right));
        best = fmin(best, fmin(by_left, by_right));
        if (by_left < by_right)
            high = right;
        else
            low = left;
    }
    return fmax(best, 0);
}

enum status dp_zcdp_epsilon(struct dp_zcdp loss, uint64_t delta, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    if (delta == 0 || delta >= DP_DELTA_ONE)
        return ERR_USAGE;
    if (loss.rho == UINT64_MAX)
        return ERR_TOO_LARGE;
    if (loss.delta >= delta)
        return ERR_POLICY;
    out->micro = 0;
    if (loss.rho == 0)
        return OK;
    double rho = (double)loss.rho / (double)DP_RHO_ONE;
    double log_delta = log((double)(delta - loss.delta) / (double)DP_DELTA_ONE);
    double micro = ceil(least_epsilon(rho, log_delta) * DP_EPSILON_ONE * (1 + MARGIN));
    out->micro = micro < 0x1p63 ? (uint64_t)micro : UINT64_MAX;
    return out->micro < UINT64_MAX ? OK : ERR_TOO_LARGE;
}

enum status dp_zcdp_for(struct dp_epsilon epsilon, uint64_t delta, uint64_t own, struct dp_zcdp *out)
{
    *out = (struct dp_zcdp){0};
    if (epsilon.micro == 0 || delta == 0 || delta >= DP_DELTA_ONE || own >= delta)
        return ERR_USAGE;
    uint64_t low = 0, high = UINT64_MAX; /* low is within epsilon, high is not */
    while (high - low > 1) {
        struct dp_epsilon got;
        uint64_t middle = low + (high - low) / 2;
        enum status status = dp_zcdp_epsilon((struct dp_zcdp){middle, own}, delta, &got);
        if (status == OK && dp_epsilon_compare(got, epsilon) <= 0)
            low = middle;
        else
            high = middle;
    }
    if (low == 0)
        return ERR_POLICY;
    *out = (struct dp_zcdp){low, own};
    return OK;
}

enum status dp_zcdp_sigma(uint64_t rho, uint64_t sensitivity, struct dp_ratio *sigma)
{
    const double grid = 0x1p20;
    *sigma = (struct dp_ratio){0, 1};
    if (rho == 0 || sensitivity == 0)
        return ERR_USAGE;
    double about = floor(sqrt((double)DP_RHO_ONE / 2 / (double)rho) * grid * (1 - MARGIN));
    for (uint64_t units = about > 1 ? (uint64_t)about : 1;;
         units++) { /* a step or two: about is the least or close below */
        struct dp_ratio found = {0, 1 << 20};
        if (__builtin_mul_overflow(units, sensitivity, &found.numerator))
            return ERR_TOO_LARGE;
        if (dp_zcdp_of_gaussian(sensitivity, found).rho <= rho) {
            *sigma = found;
            return OK;
        }
    }
}

/* --- text --- */

void dp_zcdp_text(struct dp_zcdp loss, char out[static DP_ZCDP_TEXT])
{
    snprintf(out, DP_ZCDP_TEXT, "rho %" PRIu64 ".%09" PRIu64 " delta %" PRIu64 ".%018" PRIu64, loss.rho / DP_RHO_ONE,
             loss.rho % DP_RHO_ONE, loss.delta / DP_DELTA_ONE, loss.delta % DP_DELTA_ONE);
}

/* digits * 10^power */
static enum status scaled(uint64_t digits, size_t power, uint64_t *out)
{
    for (; power > 0; power--)
        if (__builtin_mul_overflow(digits, 10, &digits))
            return ERR_INPUT;
    *out = digits;
    return OK;
}

/* Decimal digits with at most one point inside, in units of 10^-places. */
static enum status decimal(struct bytes text, size_t places, uint64_t *out)
{
    uint64_t digits = 0;
    size_t after = 0;
    bool point = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c == '.' && !point && i > 0 && i + 1 < text.size) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || __builtin_mul_overflow(digits, 10, &digits) ||
            __builtin_add_overflow(digits, c - '0', &digits))
            return ERR_INPUT;
        after += point;
    }
    return digits == 0 || after > places ? ERR_INPUT : scaled(digits, places - after, out);
}

enum status dp_rho_parse(struct bytes text, uint64_t *out)
{
    *out = 0;
    return decimal(text, 9, out);
}

enum status dp_delta_parse(struct bytes text, uint64_t *out)
{
    uint64_t value = 0, power = 0;
    *out = 0;
    size_t e = bytes_find(text, bytes_str("e-"));
    if (e == SIZE_MAX) {
        TRY(decimal(text, 18, &value));
    } else {
        if (e > 9)
            return ERR_INPUT;
        TRY(decimal(bytes_part(text, 0, e), 0, &value));
        TRY(decimal(bytes_part(text, e + 2, SIZE_MAX), 0, &power));
        if (power > 18)
            return ERR_INPUT;
        TRY(scaled(value, 18 - (size_t)power, &value));
    }
    if (value >= DP_DELTA_ONE)
        return ERR_INPUT;
    *out = value;
    return OK;
}
