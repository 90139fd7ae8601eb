/* The worst case of mode dp: how much does one tenant more change what is drawn?
 *
 * Colluders hold what the target holds, as many of them as make a statement come out every second time: there one
 * tenant more counts most. They shared it in the base, so that a world costs one contribution and one round. */
#include "audits/membership/membership.h"
#include "insight/release_private.h"

#define COLLUDERS_MAX 300

static size_t first_with_candidates(const struct membership *run, uint32_t *said)
{
    for (size_t i = 0; i < run->cast.task_count; i++) {
        const struct world_task *task = &run->worlds.tasks[run->cast.tasks[i]];
        *said = (uint32_t)worlds_contribution(&run->worlds, task, 0)->candidate_count;
        if (*said > 0)
            return i;
    }
    return SIZE_MAX;
}

static enum status share_in_base(struct worlds *worlds, const struct world_task *task)
{
    for (size_t c = 0; c < worlds->colluders; c++)
        for (size_t i = 0; i < task->count; i++) {
            bool accepted = false;
            TRY(world_share_item(worlds->base, worlds->scope->tenant_count + c,
                                 &worlds->prepared[task->tenant].items[task->first + i], &accepted));
            if (!accepted)
                return ERR_DENIED;
        }
    return OK;
}

/* Whether anything of the target's came out anywhere: else its words are none of the public vocabulary's, and worlds
 * that cannot differ show nothing. */
static bool was_released(const double *numbers, size_t count)
{
    for (size_t w = 0; w < count; w++)
        if (numbers[w * (1 + SIGNALS) + 1 + SIGNAL_SAID] > 0)
            return true;
    return false;
}

static enum status measure_on(struct membership *run, struct worlds *worlds, size_t task)
{
    const struct split *split = &run->sizes->private;
    SCOPED_MEM double *numbers = NULL, *copied_numbers = NULL;
    struct measured measured = {0}, control = {0};
    struct series series = {.worlds = worlds,
                            .cast = &run->cast,
                            .kind = SERIES_PRIVATE,
                            .task = task,
                            .name = "membership.private",
                            .count = split_all(split)};
    TRY(share_in_base(worlds, &worlds->tasks[run->cast.tasks[task]]));
    TRY(membership_worlds(run, &series, &numbers));
    if (!was_released(numbers, series.count))
        return membership_skip(run, PRIVATE_WORST,
                               "nothing that the target holds was ever drawn: worlds do not differ");
    series.reading = READ_COPIED;
    series.name = "membership.private.copied";
    TRY(membership_worlds(run, &series, &copied_numbers));
    enum status status = measure_private(split, numbers, &measured);
    if (status == OK)
        status = measure_private(split, copied_numbers, &control);
    if (status == OK)
        status =
            membership_add_area(run, PRIVATE_WORST, &measured, &control, score_note(measured.by[GOAL_AREA].chosen));
    measured_free(&measured);
    measured_free(&control);
    return status;
}

enum status membership_private(struct membership *run, struct why *why)
{
    const struct policy *policy = &run->worlds.policy;
    struct private_terms terms;
    struct worlds worlds;
    uint32_t said = 0;
    if (!membership_is_private(run))
        return membership_skip(run, PRIVATE_WORST, "not applicable: the policy's mode is threshold, without epsilon");
    TRY(private_terms_of(policy, &terms, why));
    size_t task = first_with_candidates(run, &said);
    if (task == SIZE_MAX)
        return membership_skip(run, PRIVATE_WORST, "no task gave a candidate");
    said = said < policy->dp_statements ? said : policy->dp_statements;
    size_t needed = private_least_support(&terms, said, 50);
    if (needed > COLLUDERS_MAX)
        return membership_skip(run, PRIVATE_WORST, "it would take more than 300 colluders: too many for this attack");
    TRY(worlds_open(run->scope, policy, needed - 1, &worlds, why));
    enum status status = measure_on(run, &worlds, task);
    worlds_close(&worlds);
    return status;
}
