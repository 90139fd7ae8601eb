/* Results, and the rules by which a verdict follows from them: of one result by itself, and of a suite. */
#include "audits/audit.h"

#include <math.h>
#include <stdlib.h>

#include "audits/statistics/risk.h"
#include "audits/statistics/statistics.h"
#include "base/clock.h"

/* --- one result --- */

bool audit_is_measured(const struct audit_result *result)
{
    return result->samples > 0 && isfinite(result->value) && result->low <= result->high;
}

enum verdict verdict_of(const struct audit_result *result)
{
    if (!audit_is_measured(result))
        return VERDICT_NOT_EVALUATED;
    if (result->low > result->tolerated) /* what was found was found, whatever became of the control */
        return result->claim->expected ? VERDICT_EXPECTED : VERDICT_LEAK;
    if (result->control != CONTROL_PASSED)
        return VERDICT_NOT_EVALUATED;
    return result->high <= result->limit ? VERDICT_NO_LEAK_ABOVE : VERDICT_NOT_EVALUATED;
}

struct audit_result audit_result_start(const struct audit_claim *claim)
{
    return (struct audit_result){.claim = claim,
                                 .limit = claim->limit,
                                 .tolerated = claim->tolerated,
                                 .baseline = NAN,
                                 .p = NAN,
                                 .control_value = NAN,
                                 .detects = NAN,
                                 .p_leak = NAN,
                                 .p_adjusted = NAN};
}

void audit_result_count(struct audit_result *result, size_t hits, size_t samples)
{
    result->samples = samples;
    result->hits = hits;
    result->kind = INTERVAL_EXACT;
    if (samples == 0)
        return;
    struct interval interval = dp_proportion_interval(hits, samples);
    result->value = (double)hits / (double)samples;
    result->low = interval.low;
    result->high = interval.high;
}

void audit_result_census(struct audit_result *result, size_t hits, size_t all)
{
    result->samples = all;
    result->kind = INTERVAL_CENSUS;
    if (all > 0)
        result->value = result->low = result->high = (double)hits / (double)all;
}

static struct rates rates_of(const struct audit_result *result)
{
    return (struct rates){result->hits, result->held_out, result->samples};
}

void audit_result_risk(struct audit_result *result, size_t hits, size_t held_out, size_t samples)
{
    result->kind = INTERVAL_RISK;
    result->hits = hits;
    result->held_out = held_out;
    result->samples = samples;
    struct rates rates = rates_of(result);
    struct interval interval = stat_risk_interval(&rates, STAT_ONE_SIDE);
    result->value = stat_risk(&rates);
    result->low = interval.low;
    result->high = interval.high;
}

void audit_result_normal(struct audit_result *result, double value, double error, size_t samples)
{
    result->samples = samples;
    result->kind = INTERVAL_NORMAL;
    result->value = value;
    result->low = value - STAT_Z95 * error;
    result->high = value + STAT_Z95 * error;
}

void audit_result_control(struct audit_result *result, double value, double low, double high, double least)
{
    result->control_value = value;
    result->control = low > least ? CONTROL_PASSED : high <= least ? CONTROL_FAILED : CONTROL_UNDECIDED;
}

/* The standard error that the lower half of an interval stands for: it may be wider on purpose. */
static double error_below(const struct audit_result *result)
{
    return (result->value - result->low) / STAT_Z95;
}

/* Of a one-sided test of "no more than is tolerated". */
static double p_of_count(const struct audit_result *result)
{
    if (result->hits == 0)
        return 1;
    if (result->tolerated <= 0)
        return 0;
    return stat_binomial_tail(result->hits, result->samples, result->tolerated);
}

static double p_of_risk(const struct audit_result *result)
{
    struct rates rates = rates_of(result);
    return stat_risk_p(&rates, result->tolerated);
}

double audit_result_p_leak(const struct audit_result *result)
{
    if (!audit_is_measured(result))
        return NAN;
    double above = result->value - result->tolerated;
    switch (result->kind) {
    case INTERVAL_EXACT:
        return p_of_count(result);
    case INTERVAL_NORMAL:
    case INTERVAL_RESAMPLED:
        if (error_below(result) > 0)
            return stat_normal_upper(above / error_below(result));
        return above > 0 ? 0 : 1;
    case INTERVAL_CENSUS:
        return above > 0 ? 0 : 1;
    case INTERVAL_RISK:
        return p_of_risk(result);
    case INTERVAL_BOUND:
    case INTERVAL_RATE:
        return isfinite(result->p) ? result->p : 1;
    case INTERVAL_NONE:
    case INTERVAL_KINDS:
        break;
    }
    return result->low > result->tolerated ? STAT_ONE_SIDE : 1;
}

/* --- a suite --- */

void audit_results_free(struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        mem_free(results->items[i].plot.rows);
    for (size_t i = 0; i < results->text_count; i++)
        mem_free(results->texts[i]);
    mem_free(results->texts);
    mem_free(results->timings);
    mem_free(results->items);
    *results = (struct audit_results){0};
}

const char *audit_results_text(struct audit_results *results, const char *text)
{
    char **grown = mem_grow(results->texts, results->text_count, results->text_count + 1, sizeof *grown);
    if (!grown)
        return NULL;
    results->texts = grown;
    char *copy = mem_copy(bytes_str(text));
    if (copy)
        results->texts[results->text_count++] = copy;
    return copy;
}

enum status audit_results_add(struct audit_results *results, const struct audit_result *take)
{
    if (results->count == results->room) {
        size_t room = results->room ? results->room * 2 : 16;
        struct audit_result *grown = mem_grow(results->items, results->room, room, sizeof *grown);
        if (!grown) {
            mem_free(take->plot.rows);
            return ERR_MEMORY;
        }
        results->items = grown;
        results->room = room;
    }
    struct audit_result *item = &results->items[results->count++];
    *item = *take;
    item->all_low = item->all_high = NAN;
    item->p_leak = item->p_adjusted = audit_result_p_leak(item);
    item->detects = audit_result_detects(item);
    item->verdict = verdict_of(item);
    return OK;
}

static int by_p(const void *a, const void *b)
{
    double left = (*(struct audit_result *const *)a)->p_leak, right = (*(struct audit_result *const *)b)->p_leak;
    return (left > right) - (left < right);
}

/* What the design states is no discovery: it does not count among those that are tested. */
static bool is_tested(const struct audit_result *result)
{
    return audit_is_measured(result) && !result->claim->expected;
}

/* Bonferroni: one of `tests` intervals, each at 1 - .05 / tests. */
static struct interval interval_among(const struct audit_result *result, size_t tests)
{
    double side = STAT_ONE_SIDE / (double)tests, wider = stat_normal_quantile(1 - side) / STAT_Z95;
    struct rates rates = rates_of(result);
    switch (result->kind) {
    case INTERVAL_EXACT:
        return (struct interval){dp_proportion_lower(result->hits, result->samples, side),
                                 dp_proportion_upper(result->hits, result->samples, side)};
    case INTERVAL_RISK:
        return stat_risk_interval(&rates, side);
    case INTERVAL_NORMAL:
    case INTERVAL_RESAMPLED:
        return (struct interval){result->value - wider * (result->value - result->low),
                                 result->value + wider * (result->high - result->value)};
    case INTERVAL_CENSUS:
        return (struct interval){result->low, result->high};
    case INTERVAL_BOUND: /* what they were made of is the attack's */
    case INTERVAL_RATE:
    case INTERVAL_NONE:
    case INTERVAL_KINDS:
        break;
    }
    return (struct interval){NAN, NAN};
}

static void widen(struct audit_result *result, size_t tests)
{
    struct interval wider = interval_among(result, tests);
    result->all_low = wider.low;
    result->all_high = wider.high;
}

/* Holm 1979, step down: the i-th smallest p times the number of those that are not smaller. */
static void adjust(struct audit_result **tested, size_t count)
{
    double largest = 0;
    qsort(tested, count, sizeof *tested, by_p);
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fmin(1, tested[i]->p_leak * (double)(count - i)));
        tested[i]->p_adjusted = largest;
        if (tested[i]->verdict == VERDICT_LEAK && largest > STAT_ONE_SIDE)
            tested[i]->verdict = VERDICT_NOT_EVALUATED;
    }
}

enum status audit_results_judge(struct audit_results *results)
{
    size_t count = 0;
    SCOPED_MEM struct audit_result **tested = mem_new(results->count + 1, sizeof(struct audit_result *));
    if (!tested)
        return ERR_MEMORY;
    for (size_t i = 0; i < results->count; i++)
        if (is_tested(&results->items[i]))
            tested[count++] = &results->items[i];
    for (size_t i = 0; i < count; i++)
        widen(tested[i], count);
    adjust(tested, count);
    return OK;
}

void audit_results_worlds(struct audit_results *results, size_t worlds, uint64_t started)
{
    results->worlds += worlds;
    results->world_seconds += (double)(clock_ticks() - started) / 1e6;
}

bool audit_is_void(const struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].control == CONTROL_FAILED)
            return true;
    return false;
}

bool audit_found_leak(const struct audit_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].verdict == VERDICT_LEAK)
            return true;
    return false;
}

const struct audit_claim *audit_claim_named(const struct audit_claim *claims, const char *name)
{
    while (claims->name && strcmp(claims->name, name) != 0)
        claims++;
    INVARIANT(claims->name);
    return claims;
}

static bool has_claim(const struct attack *attack, const struct audit_claim *claim)
{
    for (const struct audit_claim *row = attack->claims; row->name; row++)
        if (row == claim)
            return true;
    return false;
}

const struct attack *audit_attack_of(const struct audit_claim *claim)
{
    for (const struct attack *const *attack = attacks; *attack; attack++)
        if (has_claim(*attack, claim))
            return *attack;
    return NULL;
}

bool audit_has_result(const struct audit_results *results, const struct audit_claim *claim)
{
    for (size_t i = 0; i < results->count; i++)
        if (results->items[i].claim == claim)
            return true;
    return false;
}

enum status audit_not_evaluated(struct audit_results *results, const struct audit_claim *claims, const char *note)
{
    for (; claims->name; claims++) {
        if (audit_has_result(results, claims))
            continue;
        struct audit_result result = audit_result_start(claims);
        result.note = note;
        TRY(audit_results_add(results, &result));
    }
    return OK;
}

void audit_progress(const struct audit_scope *scope, const char *attack, size_t done, size_t of)
{
    if (scope->progress)
        scope->progress(scope->progress_context, attack, done, of);
}
