/* The risk of an attack on those whose data was used, over the same attack on those whose data was not: what is left
 * when everything that can be learned about anybody is taken off (Giomi, Boenisch, Wehmeyer & Tasnadi 2023, "A Unified
 * Framework for Quantifying Privacy Risk in Synthetic Data", equation 3):
 *   risk = (success on members - success on the held-out) / (1 - success on the held-out)
 * They give it a Wilson interval with propagated errors. Here it is exact: of each rate the bound of Clopper and
 * Pearson at half the error, so that it holds whether or not the two depend on each other. */
#pragma once

#include <stddef.h>

#include "dp/proportion.h"

struct rates { /* successes among the same number of attacks on either side */
    size_t members, held_out, attacks;
};
/* NAN where every attack on the held-out succeeds: nothing is left that could be learned of members alone. */
double stat_risk(const struct rates *rates);
/* At most `side` of error on each side; from -1 to 1 */
struct interval stat_risk_interval(const struct rates *rates, double side);
/* One-sided, of "the risk is no more than `tolerated`": the smallest error at which the interval says otherwise; 1
 * where none does. */
double stat_risk_p(const struct rates *rates, double tolerated);
