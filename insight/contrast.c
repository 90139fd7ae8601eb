/* Contrast over runs: what did runs that succeeded do before a change that runs which failed didn't?
 *
 * A trait is "did A before B" for a changing action B (or "agreed with the user before B", "did B again"). Runs that
 * attempted B are counted with and without the trait, succeeded and failed. A trait is claimed only with evidence from
 * two sides: Fisher's exact test over all those runs (one-sided, 5 %), and the same sign within tasks whose trials
 * ended differently; and only if two tasks show it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "insight/extract_inside.h"

#define CLAIM_LEVEL 0.05
#define CLAIM_RUNS 3      /* runs with the trait, and without, at least */
#define CLAIM_WITHIN 0.75 /* successes more (or fewer) than chance within tasks whose trials ended differently */

enum trait_kind { TRAIT_BEFORE, TRAIT_AGREED, TRAIT_AGAIN };
struct sighting {
    size_t run, task;
    enum outcome outcome;
    char goal[TOOL_MAX];
    enum trait_kind kind;
    char other[TOOL_MAX]; /* of TRAIT_BEFORE */
};
struct sightings {
    size_t count, room;
    struct sighting *items;
};

static enum status sight(struct sightings *seen, const struct run *run, size_t number, const char *goal,
                         enum trait_kind kind, const char *other)
{
    if (seen->count == seen->room) {
        size_t room = seen->room ? seen->room * 2 : 64;
        struct sighting *grown = mem_grow(seen->items, seen->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        seen->items = grown;
        seen->room = room;
    }
    struct sighting *item = &seen->items[seen->count++];
    *item = (struct sighting){.run = number, .task = run->task, .outcome = run->trace->outcome, .kind = kind};
    snprintf(item->goal, sizeof item->goal, "%s", goal);
    snprintf(item->other, sizeof item->other, "%s", other);
    return OK;
}

static size_t first_attempt(const struct run *run, const char *action)
{
    size_t i = 0;
    while (i < run->count && strcmp(run->attempts[i].action, action) != 0)
        i++;
    return i;
}

/* The traits of one run for the goal first attempted at `at`. */
static enum status sight_goal(struct sightings *seen, const struct run *run, size_t number, size_t at)
{
    const char *goal = run->attempts[at].action;
    size_t done = 0;
    for (size_t i = 0; i < run->count; i++)
        done += !run->attempts[i].failed && strcmp(run->attempts[i].action, goal) == 0;
    for (size_t i = 0; i < at; i++)
        if (first_attempt(run, run->attempts[i].action) == i && !run->attempts[i].failed)
            TRY(sight(seen, run, number, goal, TRAIT_BEFORE, run->attempts[i].action));
    size_t before = at > 0 ? run->attempts[at - 1].last : 0;
    if (run_spoken(run, STEP_USER, before, run->attempts[at].first) &&
        run_spoken(run, STEP_ASSISTANT, before, run->attempts[at].first))
        TRY(sight(seen, run, number, goal, TRAIT_AGREED, ""));
    return done > 1 ? sight(seen, run, number, goal, TRAIT_AGAIN, "") : OK;
}

static enum status sight_run(struct sightings *seen, const struct run *run, size_t number)
{
    if (run->trace->outcome != OUTCOME_SUCCESS && run->trace->outcome != OUTCOME_FAILURE)
        return OK;
    for (size_t i = 0; i < run->count; i++)
        if (action_changes(run->attempts[i].action) && first_attempt(run, run->attempts[i].action) == i)
            TRY(sight_goal(seen, run, number, i));
    return OK;
}

static int compare_traits(const void *left, const void *right)
{
    const struct sighting *a = left, *b = right;
    int order = strcmp(a->goal, b->goal);
    if (order == 0)
        order = (int)a->kind - (int)b->kind;
    return order != 0 ? order : strcmp(a->other, b->other);
}

static int compare_sightings(const void *left, const void *right)
{
    const struct sighting *a = left, *b = right;
    int order = compare_traits(a, b);
    if (order == 0 && a->task != b->task)
        order = a->task < b->task ? -1 : 1;
    if (order == 0 && a->run != b->run)
        order = a->run < b->run ? -1 : 1;
    return order;
}

/* --- statistics --- */

static double log_factorial(uint32_t n)
{
    return lgamma((double)n + 1);
}

/* P(X >= with_good) where X is hypergeometric: Fisher's exact test, one-sided, for a 2x2 table of counts. */
static double fisher(uint32_t with_good, uint32_t with_bad, uint32_t without_good, uint32_t without_bad)
{
    uint32_t with = with_good + with_bad, good = with_good + without_good, bad = with_bad + without_bad;
    uint32_t without = without_good + without_bad, most = with < good ? with : good;
    double sum = 0, base = log_factorial(with) + log_factorial(without) + log_factorial(good) + log_factorial(bad) -
                           log_factorial(with + without);
    for (uint32_t x = with_good; x <= most; x++) /* with - x <= with_bad, good - x <= without_good */
        sum += exp(base - log_factorial(x) - log_factorial(with - x) - log_factorial(good - x) -
                   log_factorial(without - (good - x)));
    return sum;
}

struct table {
    struct tally with, without;
    double within; /* over tasks with both outcomes: successes with the trait minus those expected by chance */
};

struct cells {
    uint32_t with_good, with_bad, without_good, without_bad;
};

/* The runs that attempted the trait's goal, by task; sightings are sorted by task and run. */
static void count_cells(const struct corpus *corpus, const struct sighting *items, size_t count, bool *with,
                        struct cells *cells, struct table *table)
{
    for (size_t i = 0; i < count; i++)
        with[items[i].run] = true;
    for (size_t i = 0; i < corpus->count; i++) {
        const struct run *run = &corpus->runs[i];
        enum outcome outcome = run->trace->outcome;
        if ((outcome != OUTCOME_SUCCESS && outcome != OUTCOME_FAILURE) ||
            first_attempt(run, items[0].goal) == run->count)
            continue;
        struct cells *own = &cells[run->task];
        bool good = outcome == OUTCOME_SUCCESS;
        (*(with[i] ? good ? &own->with_good : &own->with_bad : good ? &own->without_good : &own->without_bad))++;
        tally_add(with[i] ? &table->with : &table->without, outcome);
    }
    for (size_t task = 0; task < corpus->task_count; task++) {
        const struct cells *c = &cells[task];
        double n = (double)c->with_good + c->with_bad + c->without_good + c->without_bad;
        if (n > 1)
            table->within +=
                c->with_good - ((double)c->with_good + c->with_bad) * ((double)c->with_good + c->without_good) / n;
    }
}

static enum status tabulate(const struct corpus *corpus, const struct sighting *items, size_t count, struct table *out)
{
    SCOPED_MEM bool *with = mem_new(corpus->count + 1, sizeof *with);
    SCOPED_MEM struct cells *cells = mem_new(corpus->task_count + 1, sizeof *cells);
    *out = (struct table){0};
    if (!with || !cells)
        return ERR_MEMORY;
    count_cells(corpus, items, count, with, cells, out);
    return OK;
}

/* --- claims --- */

static enum status claim_phrases(struct candidate *candidate, const struct sighting *trait, bool helps)
{
    char act[PHRASE_MAX], doing[PHRASE_MAX], text[PHRASE_MAX];
    action_do(trait->goal, act);
    snprintf(text, sizeof text, "about to %.200s", act);
    TRY(phrases_add(&candidate->when, text));
    switch (trait->kind) {
    case TRAIT_BEFORE:
        action_step(trait->other, act);
        action_doing(trait->other, doing);
        snprintf(text, sizeof text, "%.200s%s", helps ? act : doing, helps ? " first" : " on the way");
        break;
    case TRAIT_AGREED:
        snprintf(text, sizeof text, "%s", "agree on the details with the user first");
        break;
    case TRAIT_AGAIN:
        action_doing(trait->goal, doing);
        snprintf(text, sizeof text, helps ? "go on until each change is made" : "%.180s more than once", doing);
        break;
    }
    TRY(phrases_add(helps ? &candidate->act : &candidate->avoid, text));
    TRY(phrases_add(&candidate->why,
                    helps ? "runs that did so succeeded more often" : "runs that did so failed more often"));
    TRY(render_slot(&candidate->tool, trait->goal));
    return render_slot(&candidate->precondition, trait->kind == TRAIT_BEFORE ? trait->other : NULL);
}

/* The sightings of one task; a candidate if one of its runs bears the claim out. */
static enum status claim_task(struct corpus *corpus, const struct sighting *items, size_t count, bool helps)
{
    enum outcome wanted = helps ? OUTCOME_SUCCESS : OUTCOME_FAILURE;
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++)
        tally_add(&tally, items[i].outcome);
    if ((helps ? tally.good : tally.bad) == 0)
        return OK;
    struct candidate candidate = {.kind = helps ? CANDIDATE_PRECONDITION : CANDIDATE_PITFALL, .outcome = wanted};
    candidate.runs_for = tally.good;
    candidate.runs_against = tally.bad;
    enum status status = claim_phrases(&candidate, &items[0], helps);
    if (status == OK)
        status = corpus_emit(corpus, &candidate, items[0].task);
    candidate_free(&candidate);
    return status;
}

/* What one task alone shows may be the task's own; two at least must have the trait. */
static enum status claim(struct corpus *corpus, const struct sighting *items, size_t count, bool helps)
{
    if (items[0].task == items[count - 1].task)
        return OK;
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && items[end].task == items[start].task;)
            end++;
        TRY(claim_task(corpus, &items[start], end - start, helps));
    }
    return OK;
}

/* Asking and looking are never told as pitfalls: hard tasks make agents ask and look. */
static bool may_hurt(const struct sighting *trait)
{
    return trait->kind == TRAIT_AGAIN || (trait->kind == TRAIT_BEFORE && action_changes(trait->other));
}

static enum status judge(struct corpus *corpus, const struct sighting *items, size_t count)
{
    struct table t;
    TRY(tabulate(corpus, items, count, &t));
    uint32_t with = t.with.good + t.with.bad, without = t.without.good + t.without.bad;
    if (with < CLAIM_RUNS || without < CLAIM_RUNS)
        return OK;
    if (t.within >= CLAIM_WITHIN && fisher(t.with.good, t.with.bad, t.without.good, t.without.bad) <= CLAIM_LEVEL)
        return claim(corpus, items, count, true);
    bool hurts = t.within <= -CLAIM_WITHIN && may_hurt(&items[0]) &&
                 fisher(t.with.bad, t.with.good, t.without.bad, t.without.good) <= CLAIM_LEVEL;
    return hurts ? claim(corpus, items, count, false) : OK;
}

enum status learn_from_contrast(struct corpus *corpus)
{
    struct sightings seen = {0};
    enum status status = OK;
    for (size_t i = 0; i < corpus->count && status == OK; i++)
        status = sight_run(&seen, &corpus->runs[i], i);
    if (status == OK && seen.count > 0)
        qsort(seen.items, seen.count, sizeof *seen.items, compare_sightings);
    for (size_t start = 0, end; start < seen.count && status == OK; start = end) {
        for (end = start + 1; end < seen.count && compare_traits(&seen.items[start], &seen.items[end]) == 0;)
            end++;
        status = judge(corpus, &seen.items[start], end - start);
    }
    mem_free(seen.items);
    return status;
}
