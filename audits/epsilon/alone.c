/* Hides the federations, and what the control takes. */
#include "audits/epsilon/alone.h"

#include "audits/epsilon/selection.h"

#define CONTROL_TEXTS 16
#define CONTROL_LEAST 0.9

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct crowd *crowd = context;
    SCOPED_MEM double *shown = mem_new(crowd->canaries.count + 1, sizeof *shown);
    if (!shown)
        return ERR_MEMORY;
    TRY(worlds_begin(&crowd->worlds, random));
    TRY(crowd_say_all(crowd));
    TRY(crowd_round(crowd, shown));
    *out = (double)crowd_count(crowd, shown);
    return OK;
}

enum status alone_publish(const struct audit_scope *scope, const char *name, size_t tenants, size_t least,
                          size_t worlds, struct alone *out, struct audit_results *results, struct why *why)
{
    const struct crowd_plan plan = {.place = CANARY_ALONE, .group = 1, .least = least, .targets = tenants};
    struct random_seeded seeded;
    struct crowd crowd;
    double *published = NULL;
    *out = (struct alone){0};
    TRY(crowd_open(scope, &plan, random_seeded_start(&seeded, scope->seed ^ 0xa1), &crowd, why));
    const struct trials trials = {.name = name,
                                  .count = worlds,
                                  .numbers = 1,
                                  .parameters = worlds_parameters(&crowd.worlds, crowd.canaries.count),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = &crowd};
    enum status status = trials_run_worlds(scope, &trials, results, &published);
    for (size_t i = 0; status == OK && i < worlds; i++)
        out->published += (size_t)published[i];
    out->said = worlds * crowd.canaries.count;
    mem_free(published);
    crowd_close(&crowd);
    return status;
}

enum status alone_control(const struct audit_scope *scope, const char *name, struct audit_result *result,
                          struct audit_results *results, struct why *why)
{
    struct policy policy;
    struct private_terms terms;
    struct alone found;
    selection_policy(scope, &policy);
    TRY(private_terms_of(&policy, &terms, why));
    TRY(alone_publish(scope, name, private_least_support(&terms, 1, 99), CONTROL_TEXTS, 1, &found, results, why));
    result->control_value = (double)found.published / (double)found.said;
    result->control = result->control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    return OK;
}
