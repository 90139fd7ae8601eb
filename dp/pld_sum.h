/* A sum of privacy losses on grids: its moments, what they tell by themselves, and a window on its distribution. */
#pragma once

#include "dp/pld_inside.h"

struct pld_sum {
    const struct pld_term *terms;
    size_t count;
    double width;
    bool up;
};

struct pld_sum pld_sum_of(const struct pld_term *terms, size_t count);
double pld_sum_log_moment(const struct pld_sum *sum, double order);
double pld_sum_doubt(const struct pld_sum *sum, double log_moment); /* by how much that may be off */
double pld_sum_deviation(const struct pld_sum *sum);                /* at least the width */
double pld_sum_most(const struct pld_sum *sum);                     /* the largest finite loss */
/* How far in loss the sum may be from where it was counted: a point's place is good to 2^-50 of the largest. */
double pld_sum_displaced(const struct pld_sum *sum);
double pld_sum_infinite(const struct pld_sum *sum); /* mass, rounded as the grids are */

/* The order under whose tilt the sum's mean is this loss. */
double pld_sum_order(const struct pld_sum *sum, double loss);
/* An upper bound of ε by moments alone (Chernoff), `delta` without the infinite mass, and the order that gives it. */
double pld_sum_epsilon(const struct pld_sum *sum, double delta, double *order);
/* log of Chernoff's bound on P(sum > loss) by this order, rounded up. */
double pld_sum_log_mass(const struct pld_sum *sum, double order, double loss);

/* --- searches: what is searched for has one valley --- */

struct pld_search {
    const struct pld_sum *sum;
    double base, log_base; /* an order and its log moment */
    double wanted;
};

/* log of x at the least value of f(exp(x)), by golden section */
double pld_search_valley(double f(const struct pld_search *, double), const struct pld_search *search, double low,
                         double high);

/* --- the sum's distribution, tilted: by its transform --- */

struct pld_window {
    double order, scale; /* the tilt, and the sum of the logs by which tilted masses are divided */
    double *logs;        /* of each term */
    int64_t low;         /* value[i] is at (low + i) * width */
    size_t cells;
    double outside, error; /* tilted mass beyond the ends; of each value */
    double *value;
};

/* The distribution of the sum, tilted by order: value[i] is off by `error` at most, and by what wraps round from
 * `outside`. To be freed on failure too. ERR_TOO_LARGE: over DP_FFT_SIZE_MOST; ERR_MEMORY. */
MUST_USE enum status pld_window_make(const struct pld_sum *sum, double order, struct pld_window *window);
void pld_window_free(struct pld_window *window);
