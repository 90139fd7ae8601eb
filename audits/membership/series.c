/* One world of a series. Hides who is drawn into it and how a library is copied together for the control. */
#include "audits/membership/series.h"

struct drawn {
    bool *tasks; /* owned: who takes part */
    bool canaries[CAST_CANARIES];
    size_t absent; /* absent: of the tenant targets, who stays out */
    size_t target; /* worst: among its targets */
};

size_t series_numbers(const struct series *series)
{
    const struct cast *cast = series->cast;
    switch (series->kind) {
    case SERIES_OPEN:
        return (cast->task_count + cast->tenant_targets) * (1 + SIGNALS);
    case SERIES_ABSENT:
        return 1 + cast->tenant_targets * SIGNALS;
    case SERIES_CANARY:
        return cast->canary_count * (1 + SIGNALS);
    case SERIES_PRIVATE:
        return 1 + SIGNALS;
    case SERIES_WORST_TASK:
    case SERIES_WORST_TENANT:
        break;
    }
    return 2;
}

static bool is_worst(const struct series *series)
{
    return series->kind == SERIES_WORST_TASK || series->kind == SERIES_WORST_TENANT;
}

static const struct target *worst_targets(const struct series *series)
{
    return series->kind == SERIES_WORST_TASK ? series->cast->of_tasks : series->cast->of_tenants;
}

static size_t worst_count(const struct series *series)
{
    return series->kind == SERIES_WORST_TASK ? series->cast->task_count : series->cast->tenant_count;
}

/* Tasks that the worst case's target consists of. */
static bool is_targets(const struct series *series, const struct drawn *drawn, size_t task)
{
    if (series->kind == SERIES_WORST_TASK)
        return series->cast->tasks[drawn->target] == task;
    return series->worlds->tasks[task].tenant == drawn->target;
}

/* --- who takes part --- */

static bool shares(const struct series *series, const struct drawn *drawn, size_t tenant)
{
    for (size_t t = 0; t < series->worlds->task_count; t++)
        if (drawn->tasks[t] && series->worlds->tasks[t].tenant == tenant)
            return true;
    return false;
}

static void draw_coins(const struct series *series, struct random random, struct drawn *drawn)
{
    for (size_t t = 0; t < series->worlds->task_count; t++)
        drawn->tasks[t] = random_below(random, 2);
}

/* Drawn among those who share something, as targets of open worlds are: a tenant with few tasks is as rare on one side
 * as on the other. */
static void draw_absent(const struct series *series, struct random random, struct drawn *drawn)
{
    const struct cast *cast = series->cast;
    size_t sharing[CAST_TENANTS_MAX], count = 0;
    INVARIANT(cast->tenant_targets > 0);
    while (count == 0) {
        draw_coins(series, random, drawn);
        for (size_t i = 0; i < cast->tenant_targets; i++)
            if (shares(series, drawn, cast->tenants[i]))
                sharing[count++] = i;
    }
    drawn->absent = sharing[random_below(random, count)];
    for (size_t t = 0; t < series->worlds->task_count; t++)
        drawn->tasks[t] = drawn->tasks[t] && series->worlds->tasks[t].tenant != cast->tenants[drawn->absent];
}

static enum status draw_worst(const struct series *series, struct random random, bool with, struct drawn *drawn)
{
    SCOPED_MEM size_t *lone = mem_new(worst_count(series) + 1, sizeof *lone);
    if (!lone)
        return ERR_MEMORY;
    size_t count = cast_lone(series->cast, worst_targets(series), worst_count(series), lone);
    if (count == 0)
        return ERR_NOT_FOUND;
    drawn->target = lone[random_below(random, count)];
    size_t tenant = worst_targets(series)[drawn->target].tenant;
    for (size_t t = 0; t < series->worlds->task_count; t++)
        if (series->worlds->tasks[t].tenant == tenant) /* its other tasks may say the same */
            drawn->tasks[t] = with && is_targets(series, drawn, t);
    return OK;
}

static enum status draw(const struct series *series, struct random random, size_t trial, struct drawn *drawn)
{
    *drawn = (struct drawn){.tasks = mem_new(series->worlds->task_count + 1, sizeof *drawn->tasks)};
    if (!drawn->tasks)
        return ERR_MEMORY;
    bool with = trial % 2;
    switch (series->kind) {
    case SERIES_OPEN:
        draw_coins(series, random, drawn);
        return OK;
    case SERIES_ABSENT:
        draw_absent(series, random, drawn);
        return OK;
    case SERIES_CANARY:
        draw_coins(series, random, drawn);
        for (size_t i = 0; i < series->cast->canary_count; i++)
            drawn->canaries[i] = random_below(random, 2);
        return OK;
    case SERIES_WORST_TASK:
    case SERIES_WORST_TENANT:
        draw_coins(series, random, drawn);
        return draw_worst(series, random, with, drawn);
    case SERIES_PRIVATE:
        drawn->tasks[series->cast->tasks[series->task]] = with;
    }
    return OK;
}

/* --- the real release --- */

static enum status share_colluders(const struct series *series, const struct drawn *drawn)
{
    struct worlds *worlds = series->worlds;
    for (size_t c = 0; c < worlds->colluders; c++)
        for (size_t t = 0; t < worlds->task_count; t++)
            if (is_targets(series, drawn, t))
                TRY(worlds_share(worlds, worlds->scope->tenant_count + c, &worlds->tasks[t]));
    return OK;
}

static enum status release(const struct series *series, const struct drawn *drawn, struct random random,
                           struct library *out)
{
    struct worlds *worlds = series->worlds;
    const struct cast *cast = series->cast;
    TRY(worlds_begin(worlds, random));
    for (size_t t = 0; t < worlds->task_count; t++)
        if (drawn->tasks[t])
            TRY(worlds_share(worlds, worlds->tasks[t].tenant, &worlds->tasks[t]));
    for (size_t i = 0; i < cast->canary_count; i++)
        for (size_t t = 0; t < CANARY_TASKS && drawn->canaries[i]; t++)
            TRY(worlds_share_item(worlds, cast->canaries[i].tenant, &cast->canaries[i].items[t]));
    if (is_worst(series))
        TRY(share_colluders(series, drawn));
    return worlds_round(worlds, out);
}

/* --- the control's copy --- */

static void copy_in(struct library *library, const struct candidate *candidate) /* borrowed */
{
    library->insights[library->insight_count++] = (struct insight){.text = *candidate, .rate = INSIGHT_RATE_UNKNOWN};
}

static enum status copy_room(const struct series *series, struct library *out)
{
    size_t most = series->cast->task_count + series->cast->tenant_count + series->cast->canary_count + 1;
    for (size_t t = 0; t < series->worlds->task_count; t++)
        most += series->worlds->tasks[t].count * CONTRIBUTION_CANDIDATES_MAX;
    *out = (struct library){.insights = mem_new(most, sizeof *out->insights)};
    return out->insights ? OK : ERR_MEMORY;
}

static void copy_task(const struct worlds *worlds, size_t task, struct library *out)
{
    for (size_t i = 0; i < worlds->tasks[task].count; i++) {
        const struct contribution *from = worlds_contribution(worlds, &worlds->tasks[task], i);
        for (size_t c = 0; c < from->candidate_count; c++)
            copy_in(out, &from->candidates[c]);
    }
}

static enum status copy(const struct series *series, const struct drawn *drawn, struct library *out)
{
    const struct cast *cast = series->cast;
    TRY(copy_room(series, out));
    for (size_t t = 0; t < series->worlds->task_count; t++)
        if (drawn->tasks[t])
            copy_task(series->worlds, t, out);
    for (size_t i = 0; i < cast->task_count; i++)
        if (drawn->tasks[cast->tasks[i]])
            copy_in(out, &cast->extras[i]);
    for (size_t i = 0; i < cast->tenant_count; i++)
        if (shares(series, drawn, i))
            copy_in(out, &cast->extras[cast->task_count + i]);
    for (size_t i = 0; i < cast->canary_count; i++)
        if (drawn->canaries[i])
            copy_in(out, &cast->canaries[i].items[0].contribution.candidates[0]);
    return OK;
}

static void free_library(const struct series *series, struct library *library)
{
    if (series->reading == READ_RELEASED)
        library_free(library);
    else
        mem_free(library->insights); /* what is in them was borrowed */
}

/* --- what is read --- */

static bool has_target(const struct series *series, const struct drawn *drawn)
{
    for (size_t t = 0; t < series->worlds->task_count; t++)
        if (drawn->tasks[t] && is_targets(series, drawn, t))
            return true;
    return false;
}

static void write_signals(const struct reading *reading, const struct target *targets, size_t count, double *out)
{
    for (size_t i = 0; i < count; i++)
        reading_signals(reading, &targets[i], &out[i * SIGNALS]);
}

static void write_tenants(const struct series *series, const struct reading *reading, double *out)
{
    const struct cast *cast = series->cast;
    const struct target *tenants = series->reading == READ_COPIED ? cast->copied_tenants : cast->of_tenants;
    for (size_t i = 0; i < cast->tenant_targets; i++)
        reading_signals(reading, &tenants[cast->tenants[i]], &out[i * SIGNALS]);
}

static double lone_phrases(const struct series *series, const struct drawn *drawn, const struct reading *reading)
{
    const struct target *target = &worst_targets(series)[drawn->target];
    size_t count = 0;
    for (size_t k = 0; k < target->key_count; k++)
        count += reading_has(reading, target->keys[k]) && cast_is_lone(series->cast, target->tenant, target->keys[k]);
    return (double)count;
}

static void write(const struct series *series, const struct drawn *drawn, const struct reading *reading, double *out)
{
    const struct cast *cast = series->cast;
    const struct target *tasks = series->reading == READ_COPIED ? cast->copied_tasks : cast->of_tasks;
    double *of_tenants = out + cast->task_count * (1 + SIGNALS);
    switch (series->kind) {
    case SERIES_OPEN:
        for (size_t i = 0; i < cast->task_count; i++)
            out[i] = drawn->tasks[cast->tasks[i]];
        write_signals(reading, tasks, cast->task_count, &out[cast->task_count]);
        for (size_t i = 0; i < cast->tenant_targets; i++)
            of_tenants[i] = shares(series, drawn, cast->tenants[i]);
        write_tenants(series, reading, of_tenants + cast->tenant_targets);
        return;
    case SERIES_ABSENT:
        out[0] = (double)drawn->absent;
        write_tenants(series, reading, &out[1]);
        return;
    case SERIES_CANARY:
        for (size_t i = 0; i < cast->canary_count; i++)
            out[i] = drawn->canaries[i];
        write_signals(reading, cast->of_canaries, cast->canary_count, &out[cast->canary_count]);
        return;
    case SERIES_PRIVATE:
        out[0] = drawn->tasks[cast->tasks[series->task]];
        reading_signals(reading, &tasks[series->task], &out[1]);
        return;
    case SERIES_WORST_TASK:
    case SERIES_WORST_TENANT:
        out[0] = has_target(series, drawn);
        out[1] = lone_phrases(series, drawn, reading);
    }
}

static enum status run_drawn(const struct series *series, const struct drawn *drawn, struct random random, double *out)
{
    struct library library = {0};
    struct reading *reading = NULL;
    enum status status =
        series->reading == READ_RELEASED ? release(series, drawn, random, &library) : copy(series, drawn, &library);
    if (status == OK)
        status = reading_new(&library, &reading);
    if (status == OK)
        write(series, drawn, reading, out);
    reading_free(reading);
    free_library(series, &library);
    return status;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    const struct series *series = context;
    struct drawn drawn;
    enum status status = draw(series, random, trial, &drawn);
    if (status == OK)
        status = run_drawn(series, &drawn, random, out);
    mem_free(drawn.tasks);
    return status;
}

enum status series_run(const struct series *series, double **out)
{
    struct series context = *series;
    uint64_t more = (uint64_t)series->kind * 2 + series->reading;
    const struct trials trials = {.name = series->name,
                                  .count = series->count,
                                  .numbers = series_numbers(series),
                                  .parameters = worlds_parameters(series->worlds, more),
                                  .place = series->reading == READ_RELEASED ? TRIAL_FORKED : TRIAL_IN_WORKER,
                                  .run = run_world,
                                  .context = &context};
    return trials_run(series->worlds->scope, &trials, out, NULL);
}
