/* Drawing, running and watching a world of rounds. */
#include "audits/reconstruction/rounds.h"

#include <stdio.h>

#define EPOCHS 40

/* --- the federation and its strangers --- */

/* Tenants are borrowed from both scopes; strangers have names of their own, for two folders may be called alike. */
static enum status join_scopes(const struct audit_scope *scope, const struct audit_scope *strangers,
                               struct audit_scope *out)
{
    size_t all = scope->tenant_count + strangers->tenant_count;
    *out = *scope;
    out->tenants = mem_new(all + 1, sizeof *out->tenants);
    if (!out->tenants)
        return ERR_MEMORY;
    memcpy(out->tenants, scope->tenants, scope->tenant_count * sizeof *out->tenants);
    for (; out->tenant_count < all; out->tenant_count++) {
        size_t stranger = out->tenant_count - scope->tenant_count;
        char name[32];
        snprintf(name, sizeof name, "stranger %zu", stranger + 1);
        out->tenants[out->tenant_count] = strangers->tenants[stranger];
        out->tenants[out->tenant_count].name = mem_copy(bytes_str(name));
        if (!out->tenants[out->tenant_count].name)
            return ERR_MEMORY;
    }
    return OK;
}

static void leave_scopes(struct rounds *rounds)
{
    for (size_t t = rounds->home; rounds->joined.tenants && t < rounds->joined.tenant_count; t++)
        mem_free(rounds->joined.tenants[t].name);
    mem_free(rounds->joined.tenants);
    rounds->joined.tenants = NULL;
}

enum status rounds_open(const struct audit_scope *scope, const struct audit_scope *strangers, struct rounds *out,
                        struct why *why)
{
    static const struct audit_scope nobody;
    *out = (struct rounds){.home = scope->tenant_count, .draw = rounds_draw_task};
    enum status status = join_scopes(scope, strangers ? strangers : &nobody, &out->joined);
    if (status == OK)
        status = tasks_open(&out->joined, &out->tasks, why);
    if (status != OK)
        rounds_close(out);
    return status;
}

void rounds_close(struct rounds *rounds)
{
    tasks_close(&rounds->tasks);
    decoys_free(&rounds->decoys);
    mem_free(rounds->observed.numbers);
    mem_free(rounds->privates);
    mem_free(rounds->private_of);
    leave_scopes(rounds);
    *rounds = (struct rounds){0};
}

/* --- private things --- */

size_t rounds_home_tasks(const struct rounds *rounds)
{
    size_t count = 0;
    while (count < rounds->tasks.worlds.task_count && rounds->tasks.worlds.tasks[count].tenant < rounds->home)
        count++;
    return count;
}

enum status rounds_privates(struct rounds *rounds, const float *vectors, const bool *has)
{
    size_t n = rounds->tasks.worlds.task_count, count = rounds->decoys.pools.count;
    rounds->privates = mem_new(n + 1, TASK_WIDTH * sizeof *rounds->privates);
    rounds->private_of = mem_new(n + 1, sizeof *rounds->private_of);
    if (!rounds->privates || !rounds->private_of)
        return ERR_MEMORY;
    for (size_t task = 0; task < n; task++)
        rounds->private_of[task] = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        rounds->private_of[rounds->decoys.pools.items[i]] = i;
    for (size_t task = 0; task < n && count < ROUNDS_PRIVATES_MAX; task++)
        if (rounds->private_of[task] == SIZE_MAX && (!has || has[task]))
            rounds->private_of[task] = count++;
    for (size_t task = 0; task < n; task++)
        if (rounds->private_of[task] != SIZE_MAX)
            memcpy(rounds->privates + rounds->private_of[task] * TASK_WIDTH, vectors + task * TASK_WIDTH,
                   TASK_WIDTH * sizeof *vectors);
    rounds->observed.privates = (struct privates){count, TASK_WIDTH, rounds->privates};
    return OK;
}

static size_t tenant_of_pool(const struct rounds *rounds, size_t pool)
{
    return rounds->tasks.worlds.tasks[rounds->decoys.pools.items[pool]].tenant;
}

bool rounds_is_public(const struct rounds *rounds, size_t pool, size_t task)
{
    size_t tenant = rounds->tasks.worlds.tasks[task].tenant;
    return rounds->joined.tenant_count > rounds->home ? tenant >= rounds->home : tenant != tenant_of_pool(rounds, pool);
}

static bool can_be_public(const struct rounds *rounds, size_t pool, size_t task)
{
    return rounds_is_public(rounds, pool, task) && rounds->private_of[task] != SIZE_MAX;
}

bool rounds_has_public(const struct rounds *rounds)
{
    const struct pools *pools = &rounds->decoys.pools;
    for (size_t pool = 0; pool < pools->count; pool += pools->size) {
        size_t fit = 0;
        for (size_t task = 0; task < rounds->tasks.worlds.task_count; task++)
            fit += can_be_public(rounds, pool, task);
        if (fit < POOL_LEAST)
            return false;
    }
    return pools->count > 0;
}

/* --- drawing --- */

static bool may_join(const struct rounds *rounds, enum shadow shadow, size_t pool, size_t task)
{
    if (shadow == SHADOW_SYNTHESIS || shadow == SHADOW_PUBLIC)
        return rounds_is_public(rounds, pool, task);
    return rounds->tasks.worlds.tasks[task].tenant < rounds->home;
}

void rounds_draw_others(const struct rounds *rounds, enum shadow shadow, struct random random, struct part *part)
{
    for (size_t task = 0; task < rounds->tasks.worlds.task_count; task++) {
        size_t joins = random_below(random, 2 * ROUNDS); /* by a coin, and then in any round */
        part->joins[task] = may_join(rounds, shadow, part->pool, task) && joins < ROUNDS ? joins : ROUNDS;
    }
}

static size_t draw_truth(const struct rounds *rounds, enum shadow shadow, struct random random, const struct part *part)
{
    const struct pools *pools = &rounds->decoys.pools;
    size_t task;
    if (shadow != SHADOW_PUBLIC)
        return pools->items[part->pool + random_below(random, pools->size)];
    do
        task = random_below(random, rounds->tasks.worlds.task_count);
    while (!can_be_public(rounds, part->pool, task));
    return task;
}

bool rounds_was_truth(const struct part *part, size_t round, size_t truth)
{
    for (size_t before = 0; before < round; before++)
        if (part->truths[before] == truth)
            return true;
    return false;
}

enum status rounds_draw_task(const struct rounds *rounds, enum shadow shadow, struct random random, struct part *part)
{
    const struct pools *pools = &rounds->decoys.pools;
    part->pool = random_below(random, pools->count / pools->size) * pools->size;
    rounds_draw_others(rounds, shadow, random, part);
    for (size_t i = part->pool; i < part->pool + pools->size; i++)
        part->joins[pools->items[i]] = ROUNDS;
    for (size_t round = 0; round < ROUNDS; round++) {
        size_t task;
        do
            task = draw_truth(rounds, shadow, random, part);
        while (rounds_was_truth(part, round, rounds->private_of[task]));
        part->truths[round] = rounds->private_of[task];
        part->joins[task] = round;
    }
    return OK;
}

static void part_free(struct part *part)
{
    mem_free(part->joins);
    mem_free(part->members);
    mem_free(part->in);
}

static enum status part_new(const struct rounds *rounds, struct part *part)
{
    size_t n = rounds->tasks.worlds.task_count;
    *part = (struct part){.joins = mem_new(n, sizeof *part->joins),
                          .members = mem_new(n, sizeof *part->members),
                          .in = mem_new(n, sizeof *part->in)};
    if (!part->joins || !part->members || !part->in) {
        part_free(part);
        return ERR_MEMORY;
    }
    for (size_t task = 0; task < n; task++)
        part->members[task] = rounds->tasks.worlds.tasks[task].tenant;
    return OK;
}

/* --- what is seen --- */

/* What the raw traces of the tasks that joined would tell. */
static enum status see_open(const struct rounds *rounds, const struct part *part, size_t round, double *seen,
                            double *given)
{
    float update[TASK_WIDTH] = {0};
    SCOPED_BUF struct buf text = {.secret = true};
    for (size_t task = 0; task < rounds->tasks.worlds.task_count; task++) {
        if (part->joins[task] != round)
            continue;
        const float *signature = rounds->signatures ? rounds->signatures + part->members[task] * TASK_WIDTH : NULL;
        for (size_t i = 0; i < TASK_WIDTH; i++)
            update[i] += rounds->tasks.vectors[task * TASK_WIDTH + i] + (signature ? signature[i] : 0);
        buf_add(&text, buf_bytes(&rounds->tasks.texts[task]));
    }
    TRY(buf_status(&text));
    observed_put(update, TASK_WIDTH, seen);
    bm25_score(rounds->decoys.bm25, buf_bytes(&text), given);
    return OK;
}

static enum status see_release(const struct rounds *rounds, const struct library *before, const struct library *after,
                               double *seen, double *given)
{
    float update[TASK_WIDTH];
    SCOPED_BUF struct buf text = {0};
    TRY(vector_of_difference(before, after, TASK_WIDTH, update));
    TRY(text_of_difference(before, after, &text));
    observed_put(update, TASK_WIDTH, seen);
    bm25_score(rounds->decoys.bm25, buf_bytes(&text), given);
    return OK;
}

static enum status share_round(struct rounds *rounds, struct part *part, size_t round)
{
    struct worlds *worlds = &rounds->tasks.worlds;
    for (size_t task = 0; task < worlds->task_count; task++)
        if (part->joins[task] == round) {
            part->in[task] = true;
            TRY(worlds_share(worlds, part->members[task], &worlds->tasks[task]));
        }
    return OK;
}

static enum status run_round(struct rounds *rounds, struct part *part, size_t round, struct library *library,
                             double *out)
{
    struct library after = {0};
    TRY(share_round(rounds, part, round));
    TRY(worlds_round(&rounds->tasks.worlds, &after));
    const struct observed *at = &rounds->observed;
    *observed_truth(at, out, round) = (double)part->truths[round];
    *observed_changed(at, out, round, ARTEFACT_RELEASE) = libraries_differ(library, &after);
    *observed_changed(at, out, round, ARTEFACT_OPEN) = 1;
    enum status status = see_release(rounds, library, &after, observed_update(at, out, round, ARTEFACT_RELEASE),
                                     observed_given(at, out, round, ARTEFACT_RELEASE));
    if (status == OK)
        status = see_open(rounds, part, round, observed_update(at, out, round, ARTEFACT_OPEN),
                          observed_given(at, out, round, ARTEFACT_OPEN));
    library_free(library);
    *library = after;
    return status;
}

/* --- utility --- */

static enum status utility_of_library(const struct rounds *rounds, const struct part *part,
                                      const struct library *library, double *out)
{
    SCOPED_MEM struct features *texts = mem_new(library->insight_count + 1, sizeof *texts);
    enum status status = texts ? OK : ERR_MEMORY;
    for (size_t i = 0; i < library->insight_count && status == OK; i++)
        status = features_of_candidate(&library->insights[i].text, &texts[i]);
    if (status == OK)
        *out = tasks_served(&rounds->tasks, part->in, texts, library->insight_count);
    for (size_t i = 0; texts && i < library->insight_count; i++)
        features_free(&texts[i]);
    return status;
}

/* Everything that the tasks that took part would teach. */
static enum status utility_of_all(const struct rounds *rounds, const struct part *part, double *out)
{
    const struct tasks *tasks = &rounds->tasks;
    size_t n = tasks->worlds.task_count, count = 0;
    SCOPED_MEM struct features *texts = mem_new(tasks->offsets[n] + 1, sizeof *texts); /* borrowed */
    if (!texts)
        return ERR_MEMORY;
    for (size_t task = 0; task < n; task++)
        for (size_t i = tasks->offsets[task]; part->in[task] && i < tasks->offsets[task + 1]; i++)
            texts[count++] = tasks->features[i];
    *out = tasks_served(tasks, part->in, texts, count);
    return OK;
}

/* --- a world --- */

static bool has_before(const struct rounds *rounds, const struct part *part)
{
    for (size_t task = 0; task < rounds->tasks.worlds.task_count; task++)
        if (part->joins[task] == ROUNDS_BEFORE)
            return true;
    return false;
}

static enum status run_before(struct rounds *rounds, struct part *part, struct library *library)
{
    TRY(share_round(rounds, part, ROUNDS_BEFORE));
    return worlds_round(&rounds->tasks.worlds, library);
}

static enum status run_part(struct rounds *rounds, struct part *part, double *out)
{
    struct library library = {0};
    enum status status = has_before(rounds, part) ? run_before(rounds, part, &library) : OK;
    for (size_t round = 0; round < ROUNDS && status == OK; round++)
        status = run_round(rounds, part, round, &library, out);
    if (status == OK)
        status = utility_of_library(rounds, part, &library, observed_utility(&rounds->observed, out, ARTEFACT_RELEASE));
    if (status == OK)
        status = utility_of_all(rounds, part, observed_utility(&rounds->observed, out, ARTEFACT_OPEN));
    library_free(&library);
    return status;
}

static enum shadow shadow_of(const struct rounds *rounds, size_t trial)
{
    size_t before = 0;
    for (size_t shadow = 0; shadow < SHADOWS; shadow++) {
        before += rounds->shadows[shadow];
        if (trial < before)
            return (enum shadow)shadow;
    }
    return SHADOWS;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct rounds *rounds = context;
    struct part part;
    TRY(worlds_begin(&rounds->tasks.worlds, random));
    TRY(part_new(rounds, &part));
    enum status status = rounds->draw(rounds, shadow_of(rounds, trial), random, &part);
    if (status == OK)
        status = run_part(rounds, &part, out);
    part_free(&part);
    return status;
}

enum status rounds_run(struct rounds *rounds, const struct rounds_sizes *sizes, const char *name,
                       struct audit_results *out)
{
    struct observed *observed = &rounds->observed;
    memcpy(rounds->shadows, sizes->shadows, sizeof rounds->shadows);
    observed->scope = &rounds->joined;
    observed->learning = 0;
    for (size_t shadow = 0; shadow < SHADOWS; shadow++)
        observed->learning += sizes->shadows[shadow];
    observed->choosing = sizes->choosing;
    observed->counted = sizes->counted;
    observed->rounds = ROUNDS;
    observed->artefacts = ARTEFACTS;
    observed->width = TASK_WIDTH;
    observed->pool = rounds->decoys.pools.size;
    observed->epochs = EPOCHS;
    const struct trials trials = {
        .name = name,
        .count = observed_trials(observed),
        .numbers = observed_numbers(observed),
        .parameters = worlds_parameters(&rounds->tasks.worlds, TASK_WIDTH + observed->learning * 1024),
        .place = TRIAL_FORKED,
        .run = run_world,
        .context = rounds,
    };
    return trials_run_worlds(&rounds->joined, &trials, out, &observed->numbers);
}
