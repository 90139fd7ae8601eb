/* Procedures: the order of steps that runs share on their way to a change that went through.
 *
 * The goal of a run is its last successful changing action. Steps that at least two thirds of the runs with that goal
 * took before it, in at least two tasks, make its procedure, ordered by where they stand on average. Failed runs don't
 * count. */
#include <stdio.h>
#include <stdlib.h>

#include "insight/extract_inside.h"

struct stage {
    char action[TOOL_MAX];
    size_t runs;
    size_t place; /* sum of relative positions, in thousandths: whole numbers add up alike in any order */
};

static const struct attempt *goal_of(const struct run *run)
{
    const struct attempt *goal = NULL;
    for (size_t i = 0; i < run->count; i++)
        if (!run->attempts[i].failed && action_changes(run->attempts[i].action))
            goal = &run->attempts[i];
    return goal;
}

static bool counts(const struct run *run, const char *goal)
{
    const struct attempt *own = run->trace->outcome == OUTCOME_FAILURE ? NULL : goal_of(run);
    return own && strcmp(own->action, goal) == 0;
}

/* First successful attempt at an action before the run's goal, or NULL. */
static const struct attempt *on_the_way(const struct run *run, const char *action, const struct attempt *goal)
{
    for (size_t i = 0; &run->attempts[i] < goal; i++)
        if (!run->attempts[i].failed && strcmp(run->attempts[i].action, action) == 0)
            return &run->attempts[i];
    return NULL;
}

#define STAGES_MAX 64
static size_t gather_stages(const struct corpus *corpus, const char *goal, struct stage stages[static STAGES_MAX],
                            size_t *runs)
{
    size_t count = 0;
    *runs = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        const struct run *run = &corpus->runs[i];
        if (!counts(run, goal))
            continue;
        const struct attempt *end = goal_of(run);
        (*runs)++;
        for (const struct attempt *step = run->attempts; step < end; step++) {
            if (on_the_way(run, step->action, end) != step || strcmp(step->action, goal) == 0)
                continue;
            size_t at = 0;
            while (at < count && strcmp(stages[at].action, step->action) != 0)
                at++;
            if (at == STAGES_MAX)
                continue;
            if (at == count)
                snprintf(stages[count++].action, TOOL_MAX, "%s", step->action);
            stages[at].runs++;
            stages[at].place += (size_t)(step - run->attempts) * 1000 / (size_t)(end - run->attempts);
        }
    }
    return count;
}

static int by_place(const void *left, const void *right)
{
    const struct stage *a = left, *b = right;
    size_t x = a->place * b->runs, y = b->place * a->runs;
    if (x != y)
        return x < y ? -1 : 1;
    return strcmp(a->action, b->action);
}

static enum status describe(struct candidate *candidate, const struct stage *stages, size_t count, const char *goal)
{
    char act[PHRASE_MAX], when[PHRASE_MAX];
    action_do(goal, act);
    snprintf(when, sizeof when, "the task is to %.200s", act);
    TRY(phrases_add(&candidate->when, when));
    TRY(render_slot(&candidate->tool, goal));
    for (size_t i = 0; i < count; i++) {
        action_step(stages[i].action, act);
        TRY(phrases_add(&candidate->act, act));
        TRY(render_slot(&candidate->order[candidate->order_count], stages[i].action));
        candidate->order_count++;
    }
    action_step(goal, act);
    TRY(phrases_add(&candidate->act, act));
    TRY(render_slot(&candidate->order[candidate->order_count], goal));
    candidate->order_count++;
    return OK;
}

/* How the counted runs of each task ended; caller frees. NULL: out of memory. */
static struct tally *tally_tasks(const struct corpus *corpus, const char *goal, size_t *tasks)
{
    struct tally *tallies = mem_new(corpus->task_count + 1, sizeof *tallies);
    *tasks = 0;
    for (size_t i = 0; tallies && i < corpus->count; i++) {
        struct tally *tally = &tallies[corpus->runs[i].task];
        if (!counts(&corpus->runs[i], goal))
            continue;
        *tasks += tally->good + tally->unknown == 0;
        tally_add(tally, corpus->traces[i].outcome);
    }
    return tallies;
}

static enum status emit_tasks(struct corpus *corpus, const char *goal, const struct stage *stages, size_t count,
                              const struct tally *tallies)
{
    for (size_t task = 0; task < corpus->task_count; task++) {
        if (tallies[task].good + tallies[task].unknown == 0)
            continue;
        struct candidate candidate = {
            .kind = CANDIDATE_PROCEDURE, .outcome = tally_outcome(tallies[task]), .runs_for = tallies[task].good};
        enum status status = describe(&candidate, stages, count, goal);
        if (status == OK)
            status = corpus_emit(corpus, &candidate, task);
        candidate_free(&candidate);
        TRY(status);
    }
    return OK;
}

static enum status learn_goal(struct corpus *corpus, const char *goal)
{
    struct stage stages[STAGES_MAX] = {0};
    size_t runs = 0, tasks = 0, kept = 0;
    size_t count = gather_stages(corpus, goal, stages, &runs);
    for (size_t i = 0; i < count; i++)
        if (stages[i].runs * 3 >= runs * 2)
            stages[kept++] = stages[i];
    SCOPED_MEM struct tally *tallies = tally_tasks(corpus, goal, &tasks);
    if (!tallies)
        return ERR_MEMORY;
    if (kept == 0 || kept > 5 || tasks < 2)
        return OK;
    qsort(stages, kept, sizeof *stages, by_place);
    return emit_tasks(corpus, goal, stages, kept, tallies);
}

#define GOALS_MAX 128

/* The different goals of runs that didn't fail. */
static size_t gather_goals(const struct corpus *corpus, const char *goals[static GOALS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < corpus->count && count < GOALS_MAX; i++) {
        const struct run *run = &corpus->runs[i];
        const struct attempt *goal = run->trace->outcome == OUTCOME_FAILURE ? NULL : goal_of(run);
        size_t at = 0;
        while (goal && at < count && strcmp(goals[at], goal->action) != 0)
            at++;
        if (goal && at == count)
            goals[count++] = goal->action;
    }
    return count;
}

enum status learn_procedures(struct corpus *corpus)
{
    const char *goals[GOALS_MAX];
    size_t count = gather_goals(corpus, goals);
    for (size_t i = 0; i < count; i++)
        TRY(learn_goal(corpus, goals[i]));
    return OK;
}
