/* Free inversion of an adapter's first pass: which words of the private text come back without any decoy?
 *
 * The adversary knows the model, how many words the text has, and how people write (the words of other tasks, and which
 * follow which). It has what one pass over the text changed in the adapter, and searches for words whose gradient
 * points there (invert.h). What it finds is held against the private text and against another of the same tenant, of
 * which its language has as little: only what it has of the first beyond the second is of the update. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/reconstruction/invert.h"
#include "audits/reconstruction/tasks.h"
#include "audits/reconstruction/words.h"
#include "audits/statistics/statistics.h"

#define LENGTH 16         /* words of a text that count */
#define CONTROL_LENGTH 10 /* of the control's */
#define TRIALS 48
#define TASKS_LEAST 5 /* of a tenant, so long */
#define TOLERATED .05
#define APART .5 /* of a text's words, at least, are to be in the language and not in the other: else nothing tells */
#define FLIPS 10000

enum target { TARGET_BARE, TARGET_DP, TARGET_CONTROL, TARGETS };
static const struct {
    struct lowrank_training training; /* as in adapter.c */
    enum invert_sees sees;
    size_t length;
} targets[TARGETS] = {
    [TARGET_BARE] = {{4, 0, 0}, INVERT_ADAPTER, LENGTH},
    [TARGET_DP] = {{16, .3, 1}, INVERT_ADAPTER, LENGTH},
    [TARGET_CONTROL] = {{0}, INVERT_GRADIENT, CONTROL_LENGTH},
};
/* Shares of words, of each target: those found of both texts, and those of the private one that could tell it from the
 * other. */
enum { NUMBER_OWN, NUMBER_OTHER, NUMBER_APART, NUMBERS };

struct study {
    struct tasks tasks;
    size_t trials; /* TRIALS at most */
    size_t count;
    size_t *fit; /* owned: tasks that are long enough, of tenants who have TASKS_LEAST of them */
};

/* --- texts --- */

static size_t long_tasks_of(const struct tasks *tasks, const bool *is_long, size_t tenant)
{
    size_t count = 0;
    for (size_t task = 0; task < tasks->worlds.task_count; task++)
        count += is_long[task] && tasks->worlds.tasks[task].tenant == tenant;
    return count;
}

static enum status find_fit(struct study *study)
{
    const struct tasks *tasks = &study->tasks;
    size_t n = tasks->worlds.task_count;
    SCOPED_MEM bool *is_long = mem_new(n + 1, sizeof *is_long);
    SCOPED_MEM struct lowrank_text *read = mem_new(1, sizeof *read);
    study->fit = mem_new(n + 1, sizeof *study->fit);
    if (!is_long || !read || !study->fit)
        return ERR_MEMORY;
    for (size_t task = 0; task < n; task++) {
        lowrank_read(buf_bytes(&tasks->texts[task]), read);
        is_long[task] = read->count >= LENGTH - LOWRANK_CONTEXT;
    }
    for (size_t task = 0; task < n; task++)
        if (is_long[task] && long_tasks_of(tasks, is_long, tasks->worlds.tasks[task].tenant) >= TASKS_LEAST)
            study->fit[study->count++] = task;
    return OK;
}

/* Of all tasks but the two that are compared: a word that only one of them has is as unknown as one that only the other
 * has. */
static enum status learn_language(const struct study *study, const size_t compared[2], struct vocabulary *out)
{
    size_t n = study->tasks.worlds.task_count, count = 0;
    SCOPED_MEM struct bytes *texts = mem_new(n + 1, sizeof *texts);
    if (!texts)
        return ERR_MEMORY;
    for (size_t task = 0; task < n; task++)
        if (task != compared[0] && task != compared[1])
            texts[count++] = buf_bytes(&study->tasks.texts[task]);
    return vocabulary_new(texts, count, out);
}

static size_t draw_other(const struct study *study, size_t private, struct random random)
{
    const struct world_task *tasks = study->tasks.worlds.tasks;
    size_t other;
    do
        other = study->fit[random_below(random, study->count)];
    while (other == private || tasks[other].tenant != tasks[private].tenant);
    return other;
}

/* --- one text --- */

static void make_update(const struct lowrank *start, const struct lowrank_text *text, enum target target,
                        struct random random, float out[static LOWRANK_WEIGHTS])
{
    struct lowrank model = *start;
    if (targets[target].sees == INVERT_ADAPTER) {
        lowrank_epoch(&model, &targets[target].training, &text, 1, random);
        lowrank_update(&model, out);
        return;
    }
    lowrank_gradient(start, text, out);
    for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
        out[i] = -out[i];
}

/* The share of a text's words that are in the language, and not as often in another. */
static double words_apart(const size_t *text, const size_t *other, size_t length)
{
    size_t known[LENGTH], count = 0;
    for (size_t i = 0; i < length; i++) {
        known[i] = text[i] == SIZE_MAX ? SIZE_MAX - 1 : text[i]; /* unknown words are not alike */
        count += text[i] != SIZE_MAX;
    }
    return (double)count / (double)length - invert_recall(other, known, length);
}

static enum status attack_text(const struct study *study, const struct vocabulary *vocabulary,
                               const struct lowrank *start, const size_t tasks[2], enum target target,
                               struct random random, double out[static NUMBERS])
{
    size_t length = targets[target].length, guess[LENGTH], words[2][LENGTH];
    float update[LOWRANK_WEIGHTS];
    SCOPED_MEM struct lowrank_text *text = mem_new(1, sizeof *text);
    if (!text)
        return ERR_MEMORY;
    lowrank_read(buf_bytes(&study->tasks.texts[tasks[0]]), text);
    text->count = length - LOWRANK_CONTEXT;
    make_update(start, text, target, random, update);
    TRY(invert_words(&(struct inversion){vocabulary, start, targets[target].sees, update, length}, random, guess));
    for (size_t i = NUMBER_OWN; i <= NUMBER_OTHER; i++) {
        (void)vocabulary_read(vocabulary, buf_bytes(&study->tasks.texts[tasks[i]]), length, words[i]);
        out[i] = invert_recall(guess, words[i], length);
    }
    out[NUMBER_APART] = words_apart(words[NUMBER_OWN], words[NUMBER_OTHER], length);
    return OK;
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct study *study = context;
    struct random_seeded seeded;
    struct lowrank start;
    struct vocabulary vocabulary;
    (void)trial;
    lowrank_start(&start, random_seeded_start(&seeded, study->tasks.worlds.scope->seed));
    size_t private = study->fit[random_below(random, study->count)];
    const size_t tasks[] = {private, draw_other(study, private, random)};
    TRY(learn_language(study, tasks, &vocabulary));
    enum status status = OK;
    for (size_t target = 0; target < TARGETS && status == OK; target++)
        status = attack_text(study, &vocabulary, &start, tasks, (enum target)target, random, out + target * NUMBERS);
    vocabulary_free(&vocabulary);
    return status;
}

/* --- results --- */

#define CLAIM(id, of)                                                                                                  \
    {                                                                                                                  \
        .name = "reconstruction.words." id, .surface = SURFACE_ADAPTER, .target = of, .threat = THREAT_OUTSIDER,       \
        .knows =                                                                                                       \
            "the model, what the first pass over a text of 16 words changed in the adapter, and the texts of these "   \
            "tenants but this and the one it is held against as a language; no decoys",                                \
        .metric = "share of the private text's words that the search finds, less that of another text's",              \
        .unit = "text", .baseline = "0: words of another text of the tenant are found as often",                       \
        .control = "the gradient of all weights, of a text of 10 words", .needed = 0, .limit = TOLERATED,              \
        .tolerated = TOLERATED, .expected = true                                                                       \
    }
static const struct audit_claim claims[] = {
    [TARGET_BARE] = CLAIM("bare", "a low-rank adapter trained here on one text, without defence"),
    [TARGET_DP] = CLAIM("dp", "the same trained by DP-SGD, clip 0.3 and noise 1"),
    [TARGET_CONTROL] = {0},
};

struct found {
    double own, other, apart; /* mean shares */
    double differences[TRIALS];
    double mean, error; /* of the differences */
};
static void summarise(const double *numbers, size_t trials, enum target target, struct found *out)
{
    double squares = 0, n = (double)trials;
    *out = (struct found){0};
    for (size_t i = 0; i < trials; i++) {
        const double *shares = numbers + (i * TARGETS + target) * NUMBERS;
        out->differences[i] = shares[NUMBER_OWN] - shares[NUMBER_OTHER];
        out->own += shares[NUMBER_OWN] / n;
        out->other += shares[NUMBER_OTHER] / n;
        out->apart += shares[NUMBER_APART] / n;
    }
    out->mean = out->own - out->other;
    for (size_t i = 0; i < trials; i++)
        squares += (out->differences[i] - out->mean) * (out->differences[i] - out->mean);
    out->error = sqrt(squares / (n - 1) / n);
}

static enum status add(const struct study *study, enum target target, const struct found *found,
                       const struct found *control, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[target]);
    struct random_seeded seeded;
    char note[200];
    snprintf(note, sizeof note,
             "of the private text's words the search found %.3f, of another text's %.3f; %.2f could tell the two apart",
             found->own, found->other, found->apart);
    audit_result_normal(&result, found->mean, found->error, study->trials);
    result.baseline = 0;
    result.p = stat_sign_flip(found->differences, study->trials, FLIPS,
                              random_seeded_start(&seeded, study->tasks.worlds.scope->seed));
    double half = STAT_Z95 * control->error;
    audit_result_control(&result, control->mean, control->mean - half, control->mean + half, TOLERATED);
    if (control->apart < APART || found->apart < APART)
        result.control = CONTROL_UNDECIDED;
    result.note = audit_results_text(out, note);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status run_study(struct study *study, const struct audit_scope *scope, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    struct found found, control;
    const struct trials trials = {
        .name = "reconstruction.words",
        .count = study->trials,
        .numbers = TARGETS * NUMBERS,
        .parameters = worlds_parameters(&study->tasks.worlds, LENGTH),
        .place = TRIAL_IN_WORKER,
        .run = run_trial,
        .context = study,
    };
    TRY(find_fit(study));
    if (study->count == 0)
        return audit_not_evaluated(out, claims, "no tenant has five tasks of 16 words or more that share something");
    TRY(trials_run(scope, &trials, &numbers, NULL));
    summarise(numbers, study->trials, TARGET_CONTROL, &control);
    for (size_t target = 0; target < TARGET_CONTROL; target++) {
        summarise(numbers, study->trials, (enum target)target, &found);
        TRY(add(study, (enum target)target, &found, &control, out));
    }
    return OK;
}

enum status words_of_adapters(const struct audit_scope *scope, size_t trials, struct audit_results *out,
                              struct why *why)
{
    struct study study = {.trials = trials < TRIALS ? trials : TRIALS};
    TRY(tasks_open(scope, &study.tasks, why));
    enum status status = run_study(&study, scope, out);
    mem_free(study.fit);
    tasks_close(&study.tasks);
    return status;
}

static enum status run_words(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return words_of_adapters(scope, TRIALS, out, why);
}

const struct attack attack_adapter_words = {
    .name = "adapter-words",
    .summary = "Can words of a text be had back from the update of an adapter that was trained on it, without decoys?",
    .paper = "Zhu, Liu & Han 2019 (DLG); Balunovic et al. 2022 (LAMP)",
    .family = FAMILY_RECONSTRUCTION,
    .quick = false,
    .full_seconds = 45,
    .claims = claims,
    .run = run_words,
};
