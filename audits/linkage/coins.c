/* Hides the coins. */
#include "audits/linkage/coins.h"

#include <math.h>
#include <stdio.h>

#include "audits/statistics/statistics.h"

void coins_free(struct coins *coins)
{
    mem_free(coins->in);
    *coins = (struct coins){0};
}

enum status coins_draw(const struct worlds *worlds, struct random random, struct coins *out)
{
    *out = (struct coins){worlds->task_count, mem_new(worlds->task_count + 1, sizeof(bool))};
    if (!out->in)
        return ERR_MEMORY;
    for (size_t t = 0; t < out->count; t++)
        out->in[t] = random_below(random, 2);
    return OK;
}

static bool is_of(const struct worlds *worlds, size_t task, size_t tenant)
{
    return tenant == SIZE_MAX || worlds->tasks[task].tenant == tenant;
}

enum status coins_share(struct worlds *worlds, const struct coins *coins, size_t tenant)
{
    for (size_t t = 0; t < coins->count; t++)
        if (coins->in[t] && is_of(worlds, t, tenant))
            TRY(worlds_share(worlds, worlds->tasks[t].tenant, &worlds->tasks[t]));
    return OK;
}

size_t coins_pick(const struct worlds *worlds, const struct coins *coins, bool in, size_t tenant, struct random random)
{
    size_t picked = SIZE_MAX, seen = 0;
    for (size_t t = 0; t < coins->count; t++)
        if (coins->in[t] == in && is_of(worlds, t, tenant) && random_below(random, ++seen) == 0)
            picked = t;
    return picked;
}

static enum status add_raw(const struct worlds *worlds, const struct coins *coins, size_t tenant, enum canary_of whose,
                           struct lessons *out)
{
    for (size_t t = 0; t < coins->count; t++) {
        if (!coins->in[t] || !is_of(worlds, t, tenant))
            continue;
        TRY(lessons_add_task(out, worlds, t));
        TRY(lessons_add_canary(out, lessons_canary(worlds, whose, t)));
    }
    return OK;
}

enum status coins_raw(const struct worlds *worlds, const struct coins *coins, size_t tenant, enum canary_of whose,
                      struct lessons *out)
{
    *out = (struct lessons){0};
    enum status status = add_raw(worlds, coins, tenant, whose, out);
    if (status != OK)
        lessons_free(out);
    return status;
}

enum status coins_refused(enum status status, const struct audit_claim *claims, struct audit_results *out)
{
    if (status != ERR_POLICY)
        return worlds_refused(status, claims, out);
    return audit_not_evaluated(out, claims,
                               "the federation is too small, or its budget, for rounds of mode dp: linkage-private and "
                               "difference-private make one of their own");
}

const char *coins_note(struct audit_results *results, const char *text, size_t seen, size_t worlds)
{
    char note[320];
    if (seen == 0)
        return NOTHING_RELEASED;
    snprintf(note, sizeof note, "%s; in %zu of %zu worlds (%.0f %%) there was something to see", text, seen, worlds,
             100 * (double)seen / (double)worlds);
    return audit_results_text(results, note);
}

/* --- one of two --- */

double choice_is_right(double right, double wrong, struct random random)
{
    if (right == wrong)
        return (double)random_below(random, 2);
    return right > wrong;
}

struct tally tally_of(const double *outcomes, size_t first, size_t stride, size_t count)
{
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        double outcome = outcomes[first + i * stride];
        tally.tried += !isnan(outcome);
        tally.hits += outcome == 1;
    }
    return tally;
}

void tally_control(struct audit_result *result, struct tally control, double least)
{
    if (control.tried == 0)
        return;
    struct interval interval = dp_proportion_interval(control.hits, control.tried);
    audit_result_control(result, (double)control.hits / (double)control.tried, interval.low, interval.high, least);
}

void choice_result(struct audit_result *result, struct tally tally, struct tally control)
{
    audit_result_count(result, tally.hits, tally.tried);
    result->baseline = .5;
    if (tally.tried)
        result->p = stat_binomial_tail(tally.hits, tally.tried, .5);
    tally_control(result, control, result->limit);
}
