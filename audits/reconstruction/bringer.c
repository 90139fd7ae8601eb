/* Reconstruction of the tenant: after a round, which of N tenants of one type brought what was new in it? The scope's
 * tenants are split into many, each with a field of its own (split.h): the adversary knows the other tasks of each, and
 * not the one that was brought. */
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/net/net.h"
#include "audits/reconstruction/release.h"
#include "audits/reconstruction/split.h"

static const struct rounds_sizes full_sizes = {{[SHADOW_SCOPE] = 900}, 240, 900};

#define CLAIM(id, measured, chance, most)                                                                              \
    {                                                                                                                  \
        .name = "reconstruction.tenant." id, .surface = SURFACE_DIFFERENCE,                                            \
        .target = "what a round changed in the library", .threat = THREAT_TENANT,                                      \
        .knows = "the round's number, two tasks of each of 20 tenants of one type (the scope's, split up by what "     \
                 "their tasks are like), one of whom brought a task that it does not know; all other traces, for "     \
                 "shadows; the strongest of four methods, chosen on other worlds",                                     \
        .metric = measured, .unit = "world",                                                                           \
        .baseline = "chance, " chance ": the limit is ten points over it (for fewer tenants, where no tenant splits "  \
                    "into 20, over theirs)",                                                                           \
        .control = "the raw traces of the tasks that joined, signed by who brought them", .needed = 160,               \
        .limit = most, .tolerated = most                                                                               \
    }
enum { CLAIM_FIRST, CLAIM_TOP, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_FIRST] = CLAIM("first", "worlds in which the tenant stands first among its decoys", "1 in 20", .15),
    [CLAIM_TOP] = CLAIM("top5", "worlds in which the tenant is among the first five", "5 in 20", .35),
};

/* --- a world --- */

/* What the tenants of the pool have beside the new things was there before, by a coin. */
static void open_with_known(const struct rounds *rounds, const struct split_tenants *split, struct random random,
                            struct part *part)
{
    const struct pools *pools = &rounds->decoys.pools;
    for (size_t i = part->pool; i < part->pool + pools->size; i++) {
        const struct split_tenant *tenant = &split->items[pools->items[i]];
        part->joins[tenant->hidden] = ROUNDS;
        for (size_t t = 0; t < SPLIT_TASKS - 1; t++)
            part->joins[tenant->known[t]] = random_below(random, 2) ? ROUNDS_BEFORE : ROUNDS;
    }
}

static enum status draw_tenant(const struct rounds *rounds, enum shadow shadow, struct random random, struct part *part)
{
    const struct split_tenants *split = rounds->context;
    const struct pools *pools = &rounds->decoys.pools;
    part->pool = random_below(random, pools->count / pools->size) * pools->size;
    rounds_draw_others(rounds, shadow, random, part);
    open_with_known(rounds, split, random, part);
    for (size_t task = 0; task < rounds->tasks.worlds.task_count; task++)
        if (split->of[task] != SIZE_MAX)
            part->members[task] = rounds->home + split->of[task];
    for (size_t round = 0; round < ROUNDS; round++) {
        do
            part->truths[round] = part->pool + random_below(random, pools->size);
        while (rounds_was_truth(part, round, part->truths[round]));
        const struct split_tenant *tenant = &split->items[pools->items[part->truths[round]]];
        size_t known = tenant->known[random_below(random, SPLIT_TASKS - 1)];
        part->joins[shadow == SHADOWS ? tenant->hidden : known] = round;
    }
    return OK;
}

/* --- the run --- */

static enum status enrol(struct rounds *rounds, const struct split_tenants *split)
{
    for (size_t i = 0; i < split->count; i++) {
        char name[32];
        size_t number;
        snprintf(name, sizeof name, "split %zu", i + 1);
        TRY(world_tenant(rounds->tasks.worlds.base, name, &number));
    }
    return OK;
}

static enum status report(const struct rounds *rounds, struct audit_results *out)
{
    struct contest_outcome outcomes[ARTEFACTS];
    TRY(rounds_contests(rounds, SHADOW_SCOPE, SHADOW_SCOPE, outcomes));
    TRY(rounds_report(rounds, &claims[CLAIM_FIRST], outcomes, OBSERVED_FIRST, out));
    TRY(rounds_report(rounds, &claims[CLAIM_TOP], outcomes, OBSERVED_TOP, out));
    return audit_not_evaluated(out, claims, "no tenant splits into ten: the first five of so few say nothing");
}

static enum status run_rounds(struct rounds *rounds, const struct split_tenants *split,
                              const struct rounds_sizes *sizes, struct audit_results *out)
{
    struct random_seeded seeded;
    size_t members = rounds->home + split->count;
    TRY(split_tenants_decoys(&rounds->tasks, split, &rounds->decoys));
    if (rounds->decoys.pools.count == 0)
        return audit_not_evaluated(out, claims, "no tenant has fifteen tasks that share something: it makes no five");
    SCOPED_MEM float *signatures = mem_new(members, TASK_WIDTH * sizeof *signatures);
    if (!signatures)
        return ERR_MEMORY;
    net_fill_normal(signatures, members * TASK_WIDTH, random_seeded_start(&seeded, rounds->joined.seed));
    for (size_t i = 0; i < members; i++)
        vector_normalise(TASK_WIDTH, signatures + i * TASK_WIDTH);
    TRY(enrol(rounds, split));
    rounds->signatures = signatures;
    rounds->context = split;
    rounds->draw = draw_tenant;
    rounds->observed.privates = (struct privates){rounds->decoys.pools.count, TASK_WIDTH, rounds->decoys.privates};
    TRY(rounds_run(rounds, sizes, "reconstruction.tenant", out));
    return report(rounds, out);
}

enum status reconstruction_of_tenants(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                      struct audit_results *out, struct why *why)
{
    struct rounds rounds;
    struct split_tenants split = {0};
    TRY(rounds_open(scope, NULL, &rounds, why));
    enum status status = split_tenants_make(&rounds.tasks, &split);
    if (status == OK)
        status = run_rounds(&rounds, &split, sizes, out);
    split_tenants_free(&split);
    rounds_close(&rounds);
    return status;
}

static enum status run_tenant(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return reconstruction_of_tenants(scope, &full_sizes, out, why);
}

const struct attack attack_bringer = {
    .name = "reconstruction-tenant",
    .summary = "Can the tenant behind a change of the library be picked out among others of its type?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = false,
    .full_seconds = 75,
    .claims = claims,
    .run = run_tenant,
};
