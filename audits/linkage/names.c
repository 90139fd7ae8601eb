/* Who stands behind an insight? Two members teach the same lesson; one of them is the k-th who brings it. Whoever has
 * the library must not be able to say which: not by an id, an order, a band or a rate (`linkage.names`, both wrote the
 * same), nor by how it is spelled (`linkage.style`, everybody has habits of their own). The attacker learns from worlds
 * of its own what a library looks like when it was the one or the other: naive Bayes over whatever a reader sees.
 *
 * And beside it what distil sees, which are contributions without names: is a task's text nearer to its own tenant's
 * other texts (`linkage.style.contributions`)? */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/linkage/coins.h"
#include "audits/linkage/style.h"
#include "base/encode.h"
#include "base/hash.h"
#include "insight/parts.h"

#define WORLDS_QUICK 80 /* of each variant; half of them are for learning */
#define WORLDS_FULL 2400
#define LESSONS_MAX 4
#define BUCKETS 512

enum variant { VARIANT_NAMES, VARIANT_STYLE, VARIANTS };
enum { NUMBER_LABEL, NUMBER_SEEN, NUMBER_RAW = NUMBER_SEEN + BUCKETS, NUMBERS = NUMBER_RAW + BUCKETS };

struct names {
    struct worlds *worlds;
    size_t lesson_count;
    size_t lessons[LESSONS_MAX]; /* tasks */
};

/* --- what a reader sees --- */

static void see(double *buckets, const char *what, struct bytes value)
{
    uint64_t hash = hash_mix64(value, hash_mix64(bytes_str(what), 1));
    buckets[hash % BUCKETS] = 1;
}

static void see_phrases(double *buckets, const struct candidate *text)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t i = 0; i < phrases->count; i++)
            see(buckets, "phrase", bytes_str(phrases->items[i]));
    }
}

static void see_insight(double *buckets, const struct insight *insight, size_t place)
{
    uint8_t numbers[] = {(uint8_t)insight->text.kind, (uint8_t)insight->text.outcome, (uint8_t)insight->support,
                         insight->rate, (uint8_t)insight->link_count};
    uint8_t placed[INSIGHT_ID_BYTES + 1] = {(uint8_t)place};
    memcpy(placed + 1, insight->id, INSIGHT_ID_BYTES);
    see(buckets, "id", bytes_of(insight->id, INSIGHT_ID_BYTES));
    see(buckets, "first byte", bytes_of(insight->id, 1));
    see(buckets, "place", bytes_of(placed, sizeof placed));
    see(buckets, "numbers", bytes_of(numbers, sizeof numbers));
    see_phrases(buckets, &insight->text);
    for (size_t slot = 0; slot < SLOTS; slot++)
        if (candidate_slot(&insight->text, slot))
            see(buckets, "slot", bytes_str(candidate_slot(&insight->text, slot)));
    for (size_t i = 0; i < insight->text.order_count; i++)
        see(buckets, "step", bytes_str(insight->text.order[i]));
}

/* --- a world --- */

/* As `member` writes it; in a raw release the record stands under the member's name. */
static enum status share_as(const struct names *run, size_t member, enum variant variant,
                            const struct contribution *lesson, struct random random, double *raw)
{
    struct contribution mine = {0};
    struct prepared_item item = {0};
    unsigned habits = (unsigned)(member - run->worlds->scope->tenant_count + 1) % STYLES;
    TRY(style_contribution(lesson, variant == VARIANT_STYLE ? habits : 0, &mine));
    enum status status = contribution_encode(&mine, &item.record);
    random_fill(random, item.id, ID_BYTES);
    if (status == OK)
        status = worlds_share_item(run->worlds, member, &item);
    for (size_t i = 0; raw && i < mine.candidate_count; i++)
        see_phrases(raw, &mine.candidates[i]);
    if (raw && variant == VARIANT_NAMES)
        see(raw, "name", bytes_of(&member, sizeof member));
    buf_free(&item.record);
    contribution_free(&mine);
    return status;
}

static enum status share_all(const struct names *run, size_t task, enum variant variant, size_t the_one,
                             struct random random, double *raw)
{
    size_t first = run->worlds->scope->tenant_count;
    for (size_t i = 0; i < run->worlds->tasks[task].count; i++) {
        const struct contribution *lesson = worlds_contribution(run->worlds, &run->worlds->tasks[task], i);
        for (size_t other = 2; other <= run->worlds->policy.k; other++)
            TRY(share_as(run, first + other, variant, lesson, random, NULL));
        TRY(share_as(run, first + the_one, variant, lesson, random, raw));
    }
    return OK;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    const struct names *run = context;
    struct library library = {0};
    size_t the_one = (size_t)random_below(random, 2);
    size_t task = run->lessons[trial / VARIANTS % run->lesson_count];
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = 0;
    out[NUMBER_LABEL] = (double)the_one;
    TRY(worlds_begin(run->worlds, random));
    TRY(share_all(run, task, (enum variant)(trial % VARIANTS), the_one, random, &out[NUMBER_RAW]));
    TRY(worlds_round(run->worlds, &library));
    for (size_t i = 0; i < library.insight_count; i++)
        see_insight(&out[NUMBER_SEEN], &library.insights[i], i);
    library_free(&library);
    return OK;
}

/* --- learning --- */

struct bayes {
    double worlds[2], seen[2][BUCKETS];
};

static void learn(struct bayes *bayes, const double *numbers, size_t from)
{
    size_t label = numbers[NUMBER_LABEL] == 1;
    bayes->worlds[label]++;
    for (size_t i = 0; i < BUCKETS; i++)
        bayes->seen[label][i] += numbers[from + i];
}

/* Log likelihood, each count begun at one half. */
static double score(const struct bayes *bayes, size_t label, const double *numbers, size_t from)
{
    double sum = log(bayes->worlds[label] + 1);
    for (size_t i = 0; i < BUCKETS; i++) {
        double rate = (bayes->seen[label][i] + .5) / (bayes->worlds[label] + 1);
        sum += log(numbers[from + i] == 1 ? rate : 1 - rate);
    }
    return sum;
}

static bool has_seen(const double *numbers, size_t from)
{
    for (size_t i = 0; i < BUCKETS; i++)
        if (numbers[from + i] == 1)
            return true;
    return false;
}

/* The first half of a variant's worlds teaches, the second half is named: those in which there is something to see. */
static struct tally name_all(const double *outcomes, size_t worlds, enum variant variant, size_t from,
                             struct random random)
{
    struct tally tally = {0};
    struct bayes bayes = {0};
    for (size_t w = 0; w < worlds; w++) {
        const double *numbers = &outcomes[(w * VARIANTS + variant) * NUMBERS];
        size_t label = numbers[NUMBER_LABEL] == 1;
        if (!has_seen(numbers, from))
            continue;
        if (w < worlds / 2) {
            learn(&bayes, numbers, from);
            continue;
        }
        tally.tried++;
        tally.hits +=
            choice_is_right(score(&bayes, label, numbers, from), score(&bayes, !label, numbers, from), random) == 1;
    }
    return tally;
}

/* --- what distil sees --- */

static enum status profile_tasks(const struct worlds *worlds, struct style_profile *tasks)
{
    for (size_t t = 0; t < worlds->task_count; t++)
        for (size_t i = 0; i < worlds->tasks[t].count; i++) {
            const struct contribution *from = worlds_contribution(worlds, &worlds->tasks[t], i);
            for (size_t c = 0; c < from->candidate_count; c++) {
                SCOPED_BUF struct buf text = {0};
                TRY(candidate_render(&from->candidates[c], &text));
                style_add(&tasks[t], buf_bytes(&text));
            }
        }
    return OK;
}

static size_t tasks_of(const struct worlds *worlds, size_t tenant)
{
    size_t count = 0;
    for (size_t t = 0; t < worlds->task_count; t++)
        count += worlds->tasks[t].tenant == tenant;
    return count;
}

/* Every task of a tenant of whom something else is known, and every other tenant that it could be taken for. */
static void name_tasks(const struct worlds *worlds, const struct style_profile *tasks,
                       const struct style_profile *tenants, struct random random, struct tally *named)
{
    for (size_t t = 0; t < worlds->task_count; t++) {
        size_t tenant = worlds->tasks[t].tenant;
        struct style_profile rest = tenants[tenant];
        if (tasks_of(worlds, tenant) < 2)
            continue;
        style_add_profile(&rest, &tasks[t], -1);
        double own = style_cosine(&tasks[t], &rest);
        for (size_t other = 0; other < worlds->scope->tenant_count; other++) {
            if (other == tenant)
                continue;
            named->tried++;
            named->hits += choice_is_right(own, style_cosine(&tasks[t], &tenants[other]), random) == 1;
        }
    }
}

/* A signature under every text, which is what there is to find. */
static void sign(struct style_profile *task, size_t tenant)
{
    char signature[64];
    snprintf(signature, sizeof signature, "%08zx-%08zx", tenant * 2654435761u % 4294967291u, tenant * 40503u % 65521u);
    for (int i = 0; i < 64; i++)
        style_add(task, bytes_str(signature));
}

static enum status name_contributions(const struct worlds *worlds, struct random random, struct tally *named,
                                      struct tally *control)
{
    size_t tenant_count = worlds->scope->tenant_count;
    SCOPED_MEM struct style_profile *tasks = mem_new(worlds->task_count + 1, sizeof *tasks);
    SCOPED_MEM struct style_profile *tenants = mem_new(tenant_count + 1, sizeof *tenants);
    if (!tasks || !tenants)
        return ERR_MEMORY;
    TRY(profile_tasks(worlds, tasks));
    for (int signs = 0; signs < 2; signs++) {
        memset(tenants, 0, tenant_count * sizeof *tenants);
        for (size_t t = 0; t < worlds->task_count; t++) {
            if (signs)
                sign(&tasks[t], worlds->tasks[t].tenant);
            style_add_profile(&tenants[worlds->tasks[t].tenant], &tasks[t], 1);
        }
        name_tasks(worlds, tasks, tenants, random, signs ? control : named);
    }
    return OK;
}

/* --- results --- */

#define NAME_CLAIM(id, knowing, controlled)                                                                            \
    {                                                                                                                  \
        .name = id, .surface = SURFACE_LIBRARY, .target = "the published library", .threat = THREAT_COLLUDERS,         \
        .knows = knowing, .metric = "right ones of two members named", .unit = "world", .baseline = "a coin",          \
        .control = controlled, .needed = 2 * CHOICE_NEEDED, .limit = CHOICE_LIMIT, .tolerated = CHOICE_LIMIT           \
    }

enum { CLAIM_CONTRIBUTIONS = VARIANTS, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [VARIANT_NAMES] = NAME_CLAIM("linkage.names", "the library, and every word that anybody shared",
                                 "the same of a release that puts a member's name to its record"),
    [VARIANT_STYLE] = NAME_CLAIM("linkage.style", "the library, and how every member spells",
                                 "the same of a release that leaves a member's spelling as it is"),
    [CLAIM_CONTRIBUTIONS] = {.name = "linkage.style.contributions",
                             .surface = SURFACE_CONTRIBUTIONS,
                             .target = "a round's candidates without names, as distil sees them",
                             .threat = THREAT_CURIOUS_SERVER,
                             .knows = "other texts of every tenant",
                             .metric = "tasks taken for their own tenant's rather than another's",
                             .unit = "task and other tenant",
                             .baseline = "a coin",
                             .control = "the same with a signature under every text",
                             .needed = 0,
                             .limit = CHOICE_LIMIT,
                             .tolerated = CHOICE_LIMIT,
                             .expected = true},
};

static enum status report_variant(const double *outcomes, size_t worlds, enum variant variant, struct random random,
                                  struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[variant]);
    struct tally named = name_all(outcomes, worlds, variant, NUMBER_SEEN, random);
    choice_result(&result, named, name_all(outcomes, worlds, variant, NUMBER_RAW, random));
    result.note =
        coins_note(out, "learned from half of the worlds, named in the other half", named.tried, worlds - worlds / 2);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status report_contributions(const struct names *run, struct random random, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_CONTRIBUTIONS]);
    struct tally named = {0}, control = {0};
    TRY(name_contributions(run->worlds, random, &named, &control));
    choice_result(&result, named, control);
    audit_result_census(&result, named.hits, named.tried); /* pairs of one task are not independent */
    result.p = NAN;
    result.note = named.tried ? "distil is given no names, yet whoever knows a tenant's field knows its texts: stated"
                              : "nothing is known of a tenant but the task to be named, or nobody else is there";
    return audit_results_add(out, &result);
}

static enum status run_worlds(struct names *run, const struct audit_scope *scope, struct audit_results *out)
{
    SCOPED_MEM double *outcomes = NULL;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed);
    size_t worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    struct trials trials = {.name = "linkage.names",
                            .count = worlds * VARIANTS,
                            .numbers = NUMBERS,
                            .parameters = worlds_parameters(run->worlds, 1),
                            .place = TRIAL_FORKED,
                            .run = run_world,
                            .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    for (enum variant v = 0; v < VARIANTS; v++)
        TRY(report_variant(outcomes, worlds, v, random, out));
    return report_contributions(run, random, out);
}

/* Tasks far apart, so that they teach different things. */
static void choose_lessons(struct names *run)
{
    size_t count = run->worlds->task_count;
    run->lesson_count = count < LESSONS_MAX ? count : LESSONS_MAX;
    for (size_t i = 0; i < run->lesson_count; i++)
        run->lessons[i] = i * count / run->lesson_count;
}

static enum status run_names(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct worlds worlds;
    struct policy policy;
    world_policy(scope, &policy);
    struct names run = {.worlds = &worlds};
    TRY(worlds_open(scope, &policy, policy.k + 1, &worlds, why));
    enum status status = OK;
    choose_lessons(&run);
    if (scope->tenant_count < 2 || worlds.task_count == 0)
        status = audit_not_evaluated(out, claims, "no task gave a contribution, or nobody is there to be taken for");
    else
        status = run_worlds(&run, scope, out);
    worlds_close(&worlds);
    return coins_refused(status, claims, out);
}

const struct attack attack_names = {
    .name = "names",
    .summary = "Does the library tell which of two organisations stands behind an insight?",
    .paper = "Stamatatos 2009, A survey of modern authorship attribution methods",
    .family = FAMILY_LINKAGE,
    .quick = true,
    .quick_seconds = 2,
    .full_seconds = 20,
    .claims = claims,
    .run = run_names,
};
