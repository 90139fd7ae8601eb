/* Reconstruction from the library's update: after a round, which of N like tasks of a tenant was new in it?
 *
 * After arXiv 2409.08482: the adversary sees what a round changed and the round's number, has learned on shadow
 * federations of its own, every round of them a sample, and picks the private task among decoys of the same tenant and
 * about the same length. In every world the tasks of all tenants join round by round; in each round one task of a pool
 * is new, drawn evenly, and the others of the pool never are: chance is one in N exactly. */
#include "audits/reconstruction/release.h"

#include "audits/attacks.h"
#include "audits/reconstruction/observed.h"
#include "audits/reconstruction/tasks.h"
#include "base/clock.h"

#define ROUNDS 3
#define EPOCHS 40

enum artefact { ARTEFACT_RELEASE, ARTEFACT_OPEN, ARTEFACTS }; /* open: the raw traces, no scrubber, no gate, no k */

static const struct release_sizes sizes[2] = {{120, 40, 160}, {1500, 300, 1200}}; /* quick, full */

struct study {
    struct tasks tasks;
    struct observed observed;
};

/* --- one world --- */

struct part {    /* what a world does with each task */
    size_t pool; /* first of it */
    size_t truths[ROUNDS];
    size_t *joins; /* of every task, the round in which it joins; ROUNDS: never */
    bool *in;      /* whether it has joined by now */
};

static bool of_pool(const struct study *study, size_t pool, size_t task)
{
    for (size_t i = pool; i < pool + study->tasks.pools.size; i++)
        if (study->tasks.pools.items[i] == task)
            return true;
    return false;
}

static enum status draw_part(const struct study *study, struct random random, struct part *part)
{
    const struct pools *pools = &study->tasks.pools;
    size_t n = study->tasks.worlds.task_count;
    part->joins = mem_new(n, sizeof *part->joins);
    part->in = mem_new(n, sizeof *part->in);
    if (!part->joins || !part->in)
        return ERR_MEMORY;
    part->pool = random_below(random, pools->count / pools->size) * pools->size;
    for (size_t task = 0; task < n; task++) {
        size_t joins = random_below(random, 2 * ROUNDS); /* by a coin, and then in any round */
        part->joins[task] = of_pool(study, part->pool, task) || joins > ROUNDS ? ROUNDS : joins;
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        do
            part->truths[round] = part->pool + random_below(random, pools->size);
        while (part->joins[pools->items[part->truths[round]]] != ROUNDS);
        part->joins[pools->items[part->truths[round]]] = round;
    }
    return OK;
}

static void part_free(struct part *part)
{
    mem_free(part->joins);
    mem_free(part->in);
}

/* What the raw traces of the tasks that joined would tell. */
static enum status see_open(const struct study *study, const struct part *part, size_t round, double *seen,
                            double *given)
{
    float update[TASK_WIDTH] = {0};
    SCOPED_BUF struct buf text = {.secret = true};
    for (size_t task = 0; task < study->tasks.worlds.task_count; task++) {
        if (part->joins[task] != round)
            continue;
        for (size_t i = 0; i < TASK_WIDTH; i++)
            update[i] += study->tasks.vectors[task * TASK_WIDTH + i];
        buf_add(&text, buf_bytes(&study->tasks.texts[task]));
    }
    TRY(buf_status(&text));
    observed_put(update, TASK_WIDTH, seen);
    bm25_score(study->tasks.bm25, buf_bytes(&text), given);
    return OK;
}

static enum status see_release(const struct study *study, const struct library *before, const struct library *after,
                               double *seen, double *given)
{
    float update[TASK_WIDTH];
    SCOPED_BUF struct buf text = {0};
    TRY(vector_of_difference(before, after, TASK_WIDTH, update));
    TRY(text_of_difference(before, after, &text));
    observed_put(update, TASK_WIDTH, seen);
    bm25_score(study->tasks.bm25, buf_bytes(&text), given);
    return OK;
}

static enum status share_round(struct study *study, struct part *part, size_t round)
{
    struct worlds *worlds = &study->tasks.worlds;
    for (size_t task = 0; task < worlds->task_count; task++)
        if (part->joins[task] == round) {
            part->in[task] = true;
            TRY(worlds_share(worlds, worlds->tasks[task].tenant, &worlds->tasks[task]));
        }
    return OK;
}

static enum status run_round(struct study *study, struct part *part, size_t round, struct library *library, double *out)
{
    struct library after = {0};
    TRY(share_round(study, part, round));
    TRY(worlds_round(&study->tasks.worlds, &after));
    const struct observed *at = &study->observed;
    *observed_truth(at, out, round) = (double)part->truths[round];
    enum status status = see_release(study, library, &after, observed_update(at, out, round, ARTEFACT_RELEASE),
                                     observed_given(at, out, round, ARTEFACT_RELEASE));
    if (status == OK)
        status = see_open(study, part, round, observed_update(at, out, round, ARTEFACT_OPEN),
                          observed_given(at, out, round, ARTEFACT_OPEN));
    library_free(library);
    *library = after;
    return status;
}

/* --- utility --- */

static enum status utility_of_library(const struct study *study, const struct part *part, const struct library *library,
                                      double *out)
{
    SCOPED_MEM struct features *texts = mem_new(library->insight_count + 1, sizeof *texts);
    enum status status = texts ? OK : ERR_MEMORY;
    for (size_t i = 0; i < library->insight_count && status == OK; i++)
        status = features_of_candidate(&library->insights[i].text, &texts[i]);
    if (status == OK)
        *out = tasks_served(&study->tasks, part->in, texts, library->insight_count);
    for (size_t i = 0; texts && i < library->insight_count; i++)
        features_free(&texts[i]);
    return status;
}

/* Everything that the tasks that took part would teach. */
static enum status utility_of_all(const struct study *study, const struct part *part, double *out)
{
    const struct tasks *tasks = &study->tasks;
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

static enum status run_rounds(struct study *study, struct part *part, double *out)
{
    struct library library = {0};
    enum status status = OK;
    for (size_t round = 0; round < ROUNDS && status == OK; round++)
        status = run_round(study, part, round, &library, out);
    if (status == OK)
        status = utility_of_library(study, part, &library, observed_utility(&study->observed, out, ARTEFACT_RELEASE));
    if (status == OK)
        status = utility_of_all(study, part, observed_utility(&study->observed, out, ARTEFACT_OPEN));
    library_free(&library);
    return status;
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct study *study = context;
    struct part part = {0};
    (void)trial;
    TRY(worlds_begin(&study->tasks.worlds, random));
    enum status status = draw_part(study, random, &part);
    if (status == OK)
        status = run_rounds(study, &part, out);
    part_free(&part);
    return status;
}

/* --- results --- */

#define CLAIM(id, how, measured, chance, most)                                                                         \
    {                                                                                                                  \
        .name = "reconstruction.release." id, .surface = SURFACE_DIFFERENCE,                                           \
        .target = "what a round changed in the library", .threat = THREAT_TENANT,                                      \
        .knows = "the round's number, 20 tasks of a tenant with their traces, one of which was new in it, shadow "     \
                 "federations; " how,                                                                                  \
        .metric = measured, .unit = "world",                                                                           \
        .baseline = "chance, " chance ": the limit is ten points over it (for fewer tasks, where no tenant has 20, "   \
                    "over theirs)",                                                                                    \
        .control = "the raw traces of the tasks that joined: no scrubber, no gate, no k", .needed = 160,               \
        .limit = most, .tolerated = most                                                                               \
    }
#define FIRST "worlds in which the new task stands first among its decoys"
#define AMONG_FIVE "worlds in which the new task is among the first five"

enum { CLAIM_FIRST, CLAIM_TOP, CLAIM_KINDS, CLAIMS = CLAIM_KINDS + CONTEST_KINDS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_FIRST] = CLAIM("first", "the strongest of four methods, chosen on other worlds", FIRST, "1 in 20", .15),
    [CLAIM_TOP] = CLAIM("top5", "the strongest of four methods, chosen on other worlds", AMONG_FIVE, "5 in 20", .35),
    [CLAIM_KINDS + ADVERSARY_MATCHING] =
        CLAIM("matching", "replays each task and takes the nearest difference", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_LOGISTIC] =
        CLAIM("logistic", "a logistic model of difference and round", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_VAE] =
        CLAIM("vae", "a variational network that reconstructs the task's vector", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + CONTEST_GIVEN] =
        CLAIM("bm25", "BM25 of the new insights' words against the tasks'", FIRST, "1 in 20", .15),
};
static const char *const strongest[CONTEST_KINDS] = {
    [ADVERSARY_MATCHING] = "the strongest was matching (analysis by synthesis); the plot has the same share for the "
                           "raw traces, by how well each artefact serves tasks that had no part in it",
    [ADVERSARY_LOGISTIC] = "the strongest was the logistic model; the plot has the same share for the raw traces, by "
                           "how well each artefact serves tasks that had no part in it",
    [ADVERSARY_VAE] = "the strongest was the variational network; the plot has the same share for the raw traces, by "
                      "how well each artefact serves tasks that had no part in it",
    [CONTEST_GIVEN] = "the strongest was BM25; the plot has the same share for the raw traces, by how well each "
                      "artefact serves tasks that had no part in it",
};

static enum status report(const struct study *study, const struct contest_outcome outcomes[ARTEFACTS],
                          struct audit_results *out)
{
    const struct observed *observed = &study->observed;
    const struct contest_outcome *release = &outcomes[ARTEFACT_RELEASE], *open = &outcomes[ARTEFACT_OPEN];
    const char *note = strongest[release->strongest];
    struct audit_plot plot;
    for (enum observed_hits which = OBSERVED_FIRST; which <= OBSERVED_TOP; which++) {
        if (which == OBSERVED_TOP && observed->pool < 2 * CONTEST_TOP)
            continue;
        TRY(observed_frontier(observed, outcomes, "utility: mean best cosine with what other tasks would teach",
                              "new task first among its decoys", &plot));
        TRY(observed_result(observed, &claims[which], observed_count(release, release->strongest, which),
                            observed_count(open, open->strongest, which), which, note, &plot, out));
    }
    for (size_t kind = 0; kind < CONTEST_KINDS; kind++)
        TRY(observed_result(observed, &claims[CLAIM_KINDS + kind], observed_count(release, kind, OBSERVED_FIRST),
                            observed_count(open, kind, OBSERVED_FIRST), OBSERVED_FIRST,
                            "one method alone: the strongest decides", NULL, out));
    return OK;
}

static enum status run_worlds(struct study *study)
{
    struct observed *observed = &study->observed;
    const struct trials trials = {
        .name = "reconstruction.release",
        .count = observed_trials(observed),
        .numbers = observed_numbers(observed),
        .parameters = worlds_parameters(&study->tasks.worlds, TASK_WIDTH),
        .place = TRIAL_FORKED,
        .run = run_world,
        .context = study,
    };
    return trials_run(observed->scope, &trials, &observed->numbers, NULL);
}

static enum status run_study(struct study *study, struct audit_results *out)
{
    struct contest_outcome outcomes[ARTEFACTS];
    uint64_t started = clock_ticks();
    if (study->tasks.pools.count == 0)
        return audit_not_evaluated(out, claims, "no tenant has five tasks that share something: no decoys");
    TRY(run_worlds(study));
    audit_results_worlds(out, observed_trials(&study->observed), started);
    for (size_t artefact = 0; artefact < ARTEFACTS; artefact++)
        TRY(observed_contest(&study->observed, artefact, &outcomes[artefact]));
    TRY(report(study, outcomes, out));
    return audit_not_evaluated(out, claims, "no tenant has ten tasks that share something: five of so few say nothing");
}

enum status reconstruction_of_release(const struct audit_scope *scope, const struct release_sizes *how_many,
                                      struct audit_results *out, struct why *why)
{
    struct study study = {0};
    TRY(tasks_open(scope, 0, &study.tasks, why));
    study.observed = (struct observed){
        .scope = scope,
        .learning = how_many->learning,
        .choosing = how_many->choosing,
        .counted = how_many->counted,
        .rounds = ROUNDS,
        .artefacts = ARTEFACTS,
        .width = TASK_WIDTH,
        .privates = {study.tasks.pools.count, TASK_WIDTH, study.tasks.privates},
        .pool = study.tasks.pools.size,
        .epochs = EPOCHS,
    };
    enum status status = run_study(&study, out);
    mem_free(study.observed.numbers);
    tasks_close(&study.tasks);
    return status;
}

static enum status run_release(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return reconstruction_of_release(scope, &sizes[scope->full], out, why);
}

const struct attack attack_reconstruction = {
    .name = "reconstruction",
    .summary = "Can the private task behind a change of the library be picked out among others like it?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = true,
    .quick_seconds = 7,
    .full_seconds = 200,
    .claims = claims,
    .run = run_release,
};
