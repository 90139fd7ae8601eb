/* What is claimed of membership, and results from what was measured. Hides the limits: preset, or what (epsilon, delta)
 * allows. */
#include <math.h>

#include "audits/membership/membership.h"
#include "audits/statistics/statistics.h"

#define AUC_LIMIT 0.55 /* about 700 worlds a side are needed to show it */
#define ROC_POINTS 64
/* What a control must surely reach: half of the way from chance to certainty, and a quarter of the members. It turns on
 * no limit: in mode dp one near 1 is allowed, and a search that finds all would fail by it. */
#define CONTROL_AREA 0.75
#define CONTROL_RATE 0.25

/* --- what is claimed --- */

#define MEASURES "area under the ROC of worlds with against worlds without the "
#define TPR_MEASURES "true-positive rate at a false-positive rate of "
#define COPIED "a library that copies everything, and something of each target's that nobody else has"
#define KNOWS "the library, all that the target holds, the code, and shadow federations"

#define MEMBERSHIP(id, who, knowing, measure, without, units, most, is_expected)                                       \
    {                                                                                                                  \
        .name = "membership." id, .surface = SURFACE_LIBRARY, .target = "the published library", .threat = who,        \
        .knows = knowing, .metric = measure, .unit = "world", .baseline = without, .control = COPIED, .needed = units, \
        .limit = most, .tolerated = most, .expected = is_expected                                                      \
    }
#define AVERAGE(id, what)                                                                                              \
    MEMBERSHIP(id, THREAT_TENANT, KNOWS, MEASURES what, "worlds without the " what ": one half", 1400, AUC_LIMIT, false)
#define RATE(id, rate, units, most)                                                                                    \
    MEMBERSHIP(id, THREAT_TENANT, KNOWS, TPR_MEASURES rate, "the false-positive rate itself", units, most, false)
#define WORST(id, what)                                                                                                \
    MEMBERSHIP(id, THREAT_COLLUDERS, "the library, all that the target holds, and k - 1 shares that hold it",          \
               MEASURES what, "worlds without the " what ": one half", 20, AUC_LIMIT, true)

const struct audit_claim membership_claims[MEMBERSHIP_CLAIMS + 1] = {
    [TASK_AVERAGE] = AVERAGE("task.average", "task"),
    [TASK_RATE_1] = RATE("task.tpr-at-1-percent", "1 %", 8000, .03),
    [TASK_RATE_01] = RATE("task.tpr-at-0.1-percent", "0.1 %", 20000, .005),
    [TASK_WORST] = WORST("task.worst", "task"),
    [TENANT_AVERAGE] = AVERAGE("tenant.average", "tenant"),
    [TENANT_RATE_1] = RATE("tenant.tpr-at-1-percent", "1 %", 8000, .03),
    [TENANT_RATE_01] = RATE("tenant.tpr-at-0.1-percent", "0.1 %", 20000, .005),
    [TENANT_WORST] = WORST("tenant.worst", "tenant"),
    [CANARY_AVERAGE] = AVERAGE("canary.average", "canary"),
    [PRIVATE_WORST] = MEMBERSHIP("private.worst", THREAT_COLLUDERS,
                                 "the library, all that the target holds, and as many shares that hold it as make one "
                                 "more count most",
                                 MEASURES "tenant", "worlds without the tenant: one half", 1400, 1,
                                 false), /* the limit is the policy's */
};

static const struct rate_claim { /* a true-positive rate, and the worlds without the target from which it is measured */
    double rate;
    size_t others;
} rates[MEMBERSHIP_CLAIMS] = {
    [TASK_RATE_1] = {.01, 1000},
    [TASK_RATE_01] = {.001, 10000},
    [TENANT_RATE_1] = {.01, 1000},
    [TENANT_RATE_01] = {.001, 10000},
};

bool membership_is_private(const struct membership *run)
{
    return run->worlds.policy.mode == RELEASE_DP;
}

/* In mode `dp` a pass is what (epsilon, delta) allows. Its unit is the tenant; one task more or less of a tenant is two
 * steps, by way of none of the tenant's. */
static double limit_of(const struct membership *run, enum membership_claim which)
{
    double epsilon = (double)run->worlds.policy.dp_epsilon_micro / 1e6;
    double delta = (double)run->worlds.policy.dp_delta_pico / 1e12;
    if (!membership_is_private(run))
        return membership_claims[which].limit;
    if (which < TENANT_AVERAGE || which == CANARY_AVERAGE) {
        delta *= 1 + exp(epsilon);
        epsilon *= 2;
    }
    return rates[which].others ? stat_private_tpr(epsilon, delta, rates[which].rate) : stat_private_auc(epsilon, delta);
}

enum status membership_add_area(struct membership *run, enum membership_claim which, const struct measured *measured,
                                const struct measured *control, const char *note)
{
    const struct scored *scored = &measured->by[GOAL_AREA].scored, *copied = &control->by[GOAL_AREA].scored;
    struct audit_result result = audit_result_start(&membership_claims[which]);
    struct auc auc, found;
    TRY(stat_auc(scored->members, scored->member_count, scored->others, scored->other_count, &auc));
    TRY(stat_auc(copied->members, copied->member_count, copied->others, copied->other_count, &found));
    TRY(stat_roc(scored->members, scored->member_count, scored->others, scored->other_count, ROC_POINTS, &result.plot));
    result.limit = result.tolerated = limit_of(run, which);
    result.baseline = .5;
    result.note = note;
    result.samples = scored->member_count + scored->other_count;
    result.kind = INTERVAL_NORMAL;
    result.value = auc.value;
    result.low = auc.interval.low;
    result.high = auc.interval.high;
    audit_result_control(&result, found.value, found.interval.low, found.interval.high, CONTROL_AREA);
    return audit_results_add(run->out, &result);
}

static enum status add_rate(struct membership *run, enum membership_claim which, const struct measured *measured,
                            const struct measured *control)
{
    const struct scored *scored = &measured->by[GOAL_TAIL].scored, *copied = &control->by[GOAL_TAIL].scored;
    struct audit_result result = audit_result_start(&membership_claims[which]);
    struct tpr tpr, found;
    result.baseline = rates[which].rate;
    result.limit = result.tolerated = limit_of(run, which);
    result.note = "needs 1,000 worlds without the target for a rate of 1 %, and 10,000 for 0.1 %: the full suite";
    if (scored->other_count < rates[which].others)
        return audit_results_add(run->out, &result);
    TRY(stat_tpr_at(scored->members, scored->member_count, scored->others, scored->other_count, rates[which].rate,
                    result.tolerated, &tpr));
    TRY(stat_tpr_at(copied->members, copied->member_count, copied->others, copied->other_count, rates[which].rate,
                    CONTROL_RATE, &found));
    result.note = score_note(measured->by[GOAL_TAIL].chosen);
    result.samples = scored->member_count + scored->other_count;
    result.kind = INTERVAL_RATE;
    result.value = tpr.value;
    result.low = tpr.interval.low;
    result.high = tpr.interval.high;
    result.p = tpr.p;
    result.detects = tpr.detects;
    audit_result_control(&result, found.value, found.interval.low, found.interval.high, CONTROL_RATE);
    return audit_results_add(run->out, &result);
}

enum status membership_add_average(struct membership *run, enum membership_claim first, const struct measured *measured,
                                   const struct measured *control)
{
    TRY(membership_add_area(run, first, measured, control, score_note(measured->by[GOAL_AREA].chosen)));
    TRY(add_rate(run, first + 1, measured, control));
    return add_rate(run, first + 2, measured, control);
}

enum status membership_skip(struct membership *run, enum membership_claim which, const char *note)
{
    struct audit_result result = audit_result_start(&membership_claims[which]);
    result.note = note;
    return audit_results_add(run->out, &result);
}
