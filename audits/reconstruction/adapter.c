/* Reconstruction from a low-rank adapter's update: on which of N like texts was it trained?
 *
 * The study's own setting (arXiv 2409.08482) in small: an adapter is trained on private text of a tenant, one text of a
 * pool and three others; the adversary sees what each pass changed in B A and the pass's number, and has shadow
 * adapters of its own. Beside the learned adversaries stands gradient matching: whoever knows the model compares the
 * update with the gradient of every text. Every defence is trained and attacked alike: the study's question is whether
 * one of them takes the leak and leaves the use. The product ships no adapter; this says what sharing one would give
 * away. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/net/net.h"
#include "audits/reconstruction/lowrank.h"
#include "audits/reconstruction/observed.h"
#include "audits/reconstruction/tasks.h"
#include "base/hash.h"

#define ROUNDS 3 /* passes over the private texts */
#define EPOCHS 40
#define TEXTS 4             /* that an adapter is trained on */
#define USEFUL .5           /* of the bare adapter's utility that a defence has to keep */
#define NOISE_ON_UPDATE 1.0 /* its norm, in norms of the update */

static const struct {
    size_t learning, choosing, counted; /* adapters */
} sizes = {300, 60, 240};

/* Rates at which each learns well, by a sweep over one sample tenant's text; a clip near the median norm of a sample's
 * gradient. */
enum artefact { BARE, NOISED, DP_WEAK, DP_MIDDLE, DP_STRONG, ALONE, ARTEFACTS };
static const struct {
    struct lowrank_training training;
    size_t texts;
    bool noised;
} recipes[ARTEFACTS] = {
    [BARE] = {{4, 0, 0}, TEXTS, false},        [NOISED] = {{4, 0, 0}, TEXTS, true},
    [DP_WEAK] = {{16, .3, .25}, TEXTS, false}, [DP_MIDDLE] = {{16, .3, .5}, TEXTS, false},
    [DP_STRONG] = {{16, .3, 1}, TEXTS, false}, [ALONE] = {{4, 0, 0}, 1, false},
};

struct study {
    struct tasks tasks;
    struct decoys decoys;
    struct lowrank_text *texts; /* of every task */
    struct observed observed;
};
struct training_set {
    size_t truth; /* among the privates */
    const struct lowrank_text *texts[TEXTS];
};

/* Whether a text may stand beside the truth: of the same tenant, and no decoy. */
static bool beside(const struct study *study, size_t pool, size_t task)
{
    const struct pools *pools = &study->decoys.pools;
    const struct world_task *tasks = study->tasks.worlds.tasks;
    return tasks[task].tenant == tasks[pools->items[pool]].tenant && !decoys_in_pool(&study->decoys, pool, task);
}

static bool has_others(const struct study *study, size_t pool)
{
    size_t others = 0;
    for (size_t task = 0; task < study->tasks.worlds.task_count; task++)
        others += beside(study, pool, task);
    return others >= TEXTS - 1;
}

static bool some_pool_has_others(const struct study *study)
{
    for (size_t pool = 0; pool < study->decoys.pools.count; pool += study->decoys.pools.size)
        if (has_others(study, pool))
            return true;
    return false;
}

/* The truth first, evenly among its pool; the others are no decoys. */
static void draw_set(const struct study *study, struct random random, struct training_set *set)
{
    const struct pools *pools = &study->decoys.pools;
    size_t pool, task;
    do
        pool = random_below(random, pools->count / pools->size) * pools->size;
    while (!has_others(study, pool));
    set->truth = pool + random_below(random, pools->size);
    set->texts[0] = &study->texts[pools->items[set->truth]];
    for (size_t i = 1; i < TEXTS; i++) {
        do
            task = random_below(random, study->tasks.worlds.task_count);
        while (!beside(study, pool, task));
        set->texts[i] = &study->texts[task];
    }
}

/* --- what the adversary sees --- */

/* A sketch of the update that keeps inner products in the mean: weight i goes to one of TASK_WIDTH places. */
static void sketch(const float *update, float out[static TASK_WIDTH])
{
    memset(out, 0, TASK_WIDTH * sizeof *out);
    for (uint32_t i = 0; i < LOWRANK_WEIGHTS; i++) {
        uint64_t spread = hash_mix64(bytes_of(&i, sizeof i), 3);
        out[(spread >> 1) % TASK_WIDTH] += spread & 1 ? update[i] : -update[i];
    }
}

/* Of the truth's decoys: contests look at no others. */
static void match_gradients(const struct study *study, size_t truth, const struct lowrank *before, const float *update,
                            double *given)
{
    float gradient[LOWRANK_WEIGHTS];
    size_t pool = study->decoys.pools.size, first = truth / pool * pool;
    for (size_t i = first; i < first + pool; i++) {
        lowrank_gradient(before, &study->texts[study->decoys.pools.items[i]], gradient);
        given[i] = -net_cosine(gradient, update, LOWRANK_WEIGHTS);
    }
}

static void add_noise(float *update, struct random random)
{
    float noise[LOWRANK_WEIGHTS];
    double norm = net_dot(update, update, LOWRANK_WEIGHTS);
    net_fill_normal(noise, LOWRANK_WEIGHTS, random);
    double scale = NOISE_ON_UPDATE * sqrt(norm / LOWRANK_WEIGHTS);
    for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
        update[i] += (float)scale * noise[i];
}

/* --- one adapter --- */

/* As in the study: how well the adapter does what it was made for, the texts it was trained on. */
static double utility(const struct lowrank *model, const struct lowrank *start, const struct training_set *set)
{
    double before = 0, after = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        before += lowrank_loss(start, set->texts[i]);
        after += lowrank_loss(model, set->texts[i]);
    }
    return before > 0 ? 1 - after / before : 0;
}

/* Noise on the update stays in what is shared: the model that others would use has it, too. */
static void train(const struct study *study, const struct lowrank *start, const struct training_set *set,
                  enum artefact artefact, struct random random, double *out)
{
    struct lowrank model = *start, shared = *start;
    const struct observed *observed = &study->observed;
    for (size_t round = 0; round < ROUNDS; round++) {
        struct lowrank before = model;
        float old[LOWRANK_WEIGHTS], update[LOWRANK_WEIGHTS], small[TASK_WIDTH];
        lowrank_update(&before, old);
        lowrank_epoch(&model, &recipes[artefact].training, set->texts, recipes[artefact].texts, random);
        lowrank_update(&model, update);
        for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
            update[i] -= old[i];
        if (recipes[artefact].noised)
            add_noise(update, random);
        for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
            shared.base[i] += update[i];
        sketch(update, small);
        *observed_truth(observed, out, round) = (double)set->truth;
        *observed_changed(observed, out, round, artefact) = net_dot(update, update, LOWRANK_WEIGHTS) > 0;
        observed_put(small, TASK_WIDTH, observed_update(observed, out, round, artefact));
        match_gradients(study, set->truth, &before, update, observed_given(observed, out, round, artefact));
    }
    *observed_utility(observed, out, artefact) = utility(&shared, start, set);
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct study *study = context;
    struct training_set set;
    struct random_seeded seeded;
    struct lowrank start;
    (void)trial;
    lowrank_start(&start, random_seeded_start(&seeded, study->observed.scope->seed)); /* public: one for all */
    draw_set(study, random, &set);
    for (size_t artefact = 0; artefact < ARTEFACTS; artefact++)
        train(study, &start, &set, (enum artefact)artefact, random, out);
    return OK;
}

/* --- results --- */

/* A leak is expected of all: the study found no defence that keeps the use, and the product ships no adapter. */
#define CLAIM(id, of)                                                                                                  \
    {                                                                                                                  \
        .name = "reconstruction.adapter." id, .surface = SURFACE_ADAPTER, .target = of, .threat = THREAT_OUTSIDER,     \
        .knows = "the model, what each pass changed in the adapter, 20 texts of a tenant, one of which it was "        \
                 "trained on, and shadow adapters; the strongest of gradient matching, nearest mean, logistic model "  \
                 "and variational network, chosen on other adapters",                                                  \
        .metric = "adapters whose private text stands first among its decoys", .unit = "adapter",                      \
        .baseline = "chance, 1 in 20: the limit is ten points over it (for fewer texts, where no tenant has 20, "      \
                    "over theirs)",                                                                                    \
        .control = "an adapter trained on the one text alone, without defence", .needed = 160, .limit = .15,           \
        .tolerated = .15, .expected = true                                                                             \
    }
enum { CLAIM_BARE, CLAIM_NOISED, CLAIM_DP, CLAIM_USEFUL, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_BARE] = CLAIM("bare", "a low-rank adapter trained here on the traces, without defence"),
    [CLAIM_NOISED] = CLAIM("noised", "the same with noise as large as the update on what is shared"),
    [CLAIM_DP] = CLAIM("dp", "the same trained by DP-SGD, clip 0.3 and noise 1"),
    [CLAIM_USEFUL] =
        CLAIM("useful", "of the defended adapters that keep half of the bare one's use, that with the most noise"),
};

static double mean_utility(const struct observed *observed, size_t artefact)
{
    double sum = 0;
    for (size_t i = 0; i < observed_trials(observed); i++)
        sum += *observed_utility(observed, observed->numbers + i * observed_numbers(observed), artefact);
    return sum / (double)observed_trials(observed);
}

static enum status add(const struct study *study, size_t claim, const struct contest_outcome *outcomes, size_t artefact,
                       const char *note, struct audit_results *out)
{
    const struct contest_outcome *seen = &outcomes[artefact], *alone = &outcomes[ALONE];
    struct audit_result result;
    observed_result(&study->observed, &claims[claim], observed_success(seen, seen->strongest, OBSERVED_FIRST),
                    observed_success(alone, alone->strongest, OBSERVED_FIRST), OBSERVED_FIRST, &result);
    result.note = result.samples > 0 ? note : "too few texts taught the adapter anything";
    TRY(observed_frontier(&study->observed, outcomes,
                          "utility: share of the loss on its own texts that the adapter takes away",
                          "private text first among its decoys", &result.plot));
    return audit_results_add(out, &result);
}

/* Chosen by use alone, never by the leak: the most noise that leaves half of it. */
static enum status add_useful(const struct study *study, const struct contest_outcome *outcomes,
                              struct audit_results *out)
{
    static const struct {
        enum artefact artefact;
        const char *note;
    } defences[] = {{DP_STRONG, "DP-SGD with noise 1 keeps half of the use"},
                    {DP_MIDDLE, "DP-SGD with noise 1/2 keeps half of the use; noise 1 does not"},
                    {DP_WEAK, "DP-SGD with noise 1/4 keeps half of the use; more noise does not"},
                    {NOISED, "noise as large as the update keeps half of the use; DP-SGD does not"}};
    double bare = mean_utility(&study->observed, BARE);
    for (size_t i = 0; i < sizeof defences / sizeof *defences; i++)
        if (bare > 0 && mean_utility(&study->observed, defences[i].artefact) >= USEFUL * bare)
            return add(study, CLAIM_USEFUL, outcomes, defences[i].artefact, defences[i].note, out);
    return audit_not_evaluated(out, claims,
                               bare > 0 ? "no defence keeps half of the bare adapter's use"
                                        : "the bare adapter is of no use: these traces teach it nothing");
}

static enum status report(const struct study *study, struct audit_results *out)
{
    struct contest_outcome outcomes[ARTEFACTS];
    for (size_t artefact = 0; artefact < ARTEFACTS; artefact++)
        TRY(observed_contest(&study->observed, artefact, &(struct observed_lessons){0, sizes.learning},
                             &outcomes[artefact]));
    TRY(add(study, CLAIM_BARE, outcomes, BARE, "not a part of the product: what sharing an adapter would give away",
            out));
    TRY(add(study, CLAIM_NOISED, outcomes, NOISED, "the plot has every defence by how much use it leaves", out));
    TRY(add(study, CLAIM_DP, outcomes, DP_STRONG, "the plot has every defence by how much use it leaves", out));
    return add_useful(study, outcomes, out);
}

static enum status run_study(struct study *study, struct audit_results *out)
{
    size_t n = study->tasks.worlds.task_count;
    const struct trials trials = {
        .name = "reconstruction.adapter",
        .count = observed_trials(&study->observed),
        .numbers = observed_numbers(&study->observed),
        .parameters = worlds_parameters(&study->tasks.worlds, LOWRANK_WEIGHTS),
        .place = TRIAL_IN_WORKER,
        .run = run_trial,
        .context = study,
    };
    if (!some_pool_has_others(study))
        return audit_not_evaluated(out, claims, "no tenant has five tasks that share something, and three more");
    study->texts = mem_new(n, sizeof *study->texts);
    if (!study->texts)
        return ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        lowrank_read(buf_bytes(&study->tasks.texts[i]), &study->texts[i]);
    TRY(trials_run(study->observed.scope, &trials, &study->observed.numbers, NULL));
    return report(study, out);
}

static enum status run_adapter(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct study study = {0};
    TRY(tasks_open(scope, &study.tasks, why));
    enum status status = tasks_decoys(&study.tasks, study.tasks.worlds.task_count, TEXTS - 1, &study.decoys);
    study.observed = (struct observed){
        .scope = scope,
        .learning = sizes.learning,
        .choosing = sizes.choosing,
        .counted = sizes.counted,
        .rounds = ROUNDS,
        .artefacts = ARTEFACTS,
        .width = TASK_WIDTH,
        .privates = {study.decoys.pools.count, TASK_WIDTH, study.decoys.privates},
        .pool = study.decoys.pools.size,
        .epochs = EPOCHS,
    };
    if (status == OK)
        status = run_study(&study, out);
    mem_free(study.observed.numbers);
    mem_free(study.texts);
    decoys_free(&study.decoys);
    tasks_close(&study.tasks);
    return status;
}

const struct attack attack_adapter = {
    .name = "adapter",
    .summary = "Would a shared low-rank adapter give away the text it was trained on, and does a defence keep its use?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = false,
    .claims = claims,
    .run = run_adapter,
};
