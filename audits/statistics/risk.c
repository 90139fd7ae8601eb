/* Hides how the two exact rates are joined, and the search for the error at which a bound is met. */
#include "audits/statistics/risk.h"

#include <math.h>

#define HALVINGS 60

static double risk_of(double members, double held_out)
{
    return held_out < 1 ? fmax(-1, (members - held_out) / (1 - held_out)) : -1;
}

double stat_risk(const struct rates *rates)
{
    if (rates->attacks == 0 || rates->held_out >= rates->attacks)
        return NAN;
    double n = (double)rates->attacks;
    return risk_of((double)rates->members / n, (double)rates->held_out / n);
}

static double bound_below(const struct rates *rates, double side)
{
    return risk_of(dp_proportion_lower(rates->members, rates->attacks, side / 2),
                   dp_proportion_upper(rates->held_out, rates->attacks, side / 2));
}

struct interval stat_risk_interval(const struct rates *rates, double side)
{
    if (rates->attacks == 0)
        return (struct interval){-1, 1};
    return (struct interval){bound_below(rates, side),
                             risk_of(dp_proportion_upper(rates->members, rates->attacks, side / 2),
                                     dp_proportion_lower(rates->held_out, rates->attacks, side / 2))};
}

double stat_risk_p(const struct rates *rates, double tolerated)
{
    double low = 0, high = 1;
    if (rates->attacks == 0 || bound_below(rates, high) <= tolerated)
        return 1;
    for (int i = 0; i < HALVINGS; i++) { /* the bound rises with the error that is allowed */
        double middle = (low + high) / 2;
        if (bound_below(rates, middle) > tolerated)
            high = middle;
        else
            low = middle;
    }
    return high;
}
