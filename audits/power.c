/* Power: what so many samples would have shown. Hides the search for the fewest hits that make a leak. */
#include <math.h>

#include "audits/audit.h"
#include "audits/statistics/risk.h"
#include "audits/statistics/statistics.h"

#define SURE .95 /* a rate as large as what is named gives a leak so often */

static double low_of(const struct audit_result *result, size_t hits)
{
    struct rates rates = {hits, result->held_out, result->samples};
    return result->kind == INTERVAL_RISK ? stat_risk_interval(&rates, STAT_ONE_SIDE).low
                                         : dp_proportion_lower(hits, result->samples, STAT_ONE_SIDE);
}

/* The fewest hits whose interval lies above what is tolerated; 0: not even all of them. */
static size_t fewest_hits(const struct audit_result *result)
{
    size_t below = 0, enough = result->samples;
    if (!(low_of(result, enough) > result->tolerated))
        return 0;
    while (enough - below > 1) {
        size_t middle = below + (enough - below) / 2;
        if (low_of(result, middle) > result->tolerated)
            enough = middle;
        else
            below = middle;
    }
    return enough;
}

static double power_of_count(const struct audit_result *result)
{
    size_t fewest = fewest_hits(result);
    return fewest ? dp_proportion_upper(fewest - 1, result->samples, 1 - SURE) : NAN;
}

/* The held-out's rate is taken as it was seen. */
static double power_of_risk(const struct audit_result *result)
{
    double held_out = (double)result->held_out / (double)result->samples;
    return held_out < 1 ? (power_of_count(result) - held_out) / (1 - held_out) : NAN;
}

double audit_result_detects(const struct audit_result *result)
{
    if (!audit_is_measured(result))
        return NAN;
    switch (result->kind) {
    case INTERVAL_EXACT:
        return power_of_count(result);
    case INTERVAL_RISK:
        return power_of_risk(result);
    case INTERVAL_NORMAL:
    case INTERVAL_RESAMPLED: /* of the wider half: the other may have been clipped */
        return result->tolerated +
               (STAT_Z95 + STAT_Z80) * fmax(result->value - result->low, result->high - result->value) / STAT_Z95;
    case INTERVAL_BOUND:
    case INTERVAL_RATE:
        return result->detects;
    case INTERVAL_CENSUS: /* nothing was sampled */
    case INTERVAL_NONE:
    case INTERVAL_KINDS:
        break;
    }
    return NAN;
}
