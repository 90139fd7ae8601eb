/* Skeletons: the form that right solutions share, and where wrong ones part from it.
 *
 * Each problem is a task. The steps that most of its right solutions took (equal neighbours told once) are its
 * skeleton; the commonest deviation of its wrong solutions is named from a fixed list. A problem is seen in two
 * situations: by what it gives and by what it asks. What is told of a situation has recurred in it: a skeleton in two
 * problems, a deviation in three. */
#include <stdio.h>
#include <stdlib.h>

#include "insight/extract_inside.h"
#include "insight/extract_math.h"

#define SKELETON_STEPS 4
#define SKELETON_PROBLEMS 2
#define DEVIATION_PROBLEMS 3

enum deviation {
    DEVIATION_NONE,
    DEVIATION_STOPPED,   /* the last step is missing */
    DEVIATION_WENT_ON,   /* a step after the answer */
    DEVIATION_OPERATION, /* another operation at one place */
    DEVIATION_OPERANDS,  /* the same operation on other operands */
    DEVIATION_SKIPPED,   /* fewer steps */
    DEVIATION_EXTRA,     /* more steps */
    DEVIATION_SLIP,      /* the right steps, miscalculated */
    DEVIATIONS
};

struct attempted {
    size_t task, run;
    bool right;
    struct solution solution;
};
struct problem {
    size_t task;
    const char *situation; /* static */
    struct solution skeleton;
    uint32_t right, wrong; /* solutions with the skeleton / that ended wrong */
    enum deviation deviation;
    enum math_step missed; /* of DEVIATION_SKIPPED and STOPPED: the step that is missing; of OPERATION: the right one */
};

/* Equal neighbours once. */
static struct solution squeeze(const struct solution *solution)
{
    struct solution out = {.slips = solution->slips};
    for (size_t i = 0; i < solution->count; i++) {
        if (out.count > 0 && out.steps[out.count - 1] == solution->steps[i])
            continue;
        out.steps[out.count] = solution->steps[i];
        out.operators[out.count++] = solution->operators[i];
    }
    return out;
}

static int compare_solutions(const struct solution *a, const struct solution *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = 0; i < a->count; i++)
        if (a->steps[i] != b->steps[i])
            return a->steps[i] < b->steps[i] ? -1 : 1;
    return 0;
}

/* The commonest right solution of a task's attempts; the simplest of equally common ones. */
static bool choose_skeleton(const struct attempted *items, size_t count, struct problem *out)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t alike = 0;
        for (size_t k = 0; k < count; k++)
            alike += items[k].right && compare_solutions(&items[i].solution, &items[k].solution) == 0;
        bool better = alike > out->right ||
                      (alike == out->right && alike > 0 && compare_solutions(&items[i].solution, &out->skeleton) < 0);
        if (items[i].right && better) {
            out->skeleton = items[i].solution;
            out->right = alike;
        }
    }
    return out->right > 0;
}

static enum deviation deviation_of(const struct solution *right, const struct solution *wrong, enum math_step *missed)
{
    size_t same = 0;
    while (same < right->count && same < wrong->count && right->steps[same] == wrong->steps[same])
        same++;
    if (same == right->count && same == wrong->count)
        return wrong->slips ? DEVIATION_SLIP : DEVIATION_NONE;
    *missed = right->steps[same < right->count ? same : right->count - 1];
    if (same == wrong->count)
        return DEVIATION_STOPPED;
    if (same == right->count)
        return DEVIATION_WENT_ON;
    if (right->count == wrong->count)
        return right->operators[same] == wrong->operators[same] ? DEVIATION_OPERANDS : DEVIATION_OPERATION;
    return right->count > wrong->count ? DEVIATION_SKIPPED : DEVIATION_EXTRA;
}

/* The commonest deviation of a task's wrong solutions. */
static void choose_deviation(const struct attempted *items, size_t count, struct problem *out)
{
    uint32_t seen[DEVIATIONS][MATH_STEPS] = {{0}}, most = 0;
    for (size_t i = 0; i < count; i++) {
        if (items[i].right)
            continue;
        enum math_step missed = STEP_HALVE;
        out->wrong++;
        enum deviation deviation = deviation_of(&out->skeleton, &items[i].solution, &missed);
        seen[deviation][missed]++;
    }
    for (int d = DEVIATION_STOPPED; d < DEVIATIONS; d++)
        for (int m = 0; m < MATH_STEPS; m++)
            if (seen[d][m] > most) {
                most = seen[d][m];
                out->deviation = (enum deviation)d;
                out->missed = (enum math_step)m;
            }
}

static int by_task(const void *left, const void *right)
{
    const struct attempted *a = left, *b = right;
    if (a->task != b->task)
        return a->task < b->task ? -1 : 1;
    if (a->right != b->right)
        return a->right ? -1 : 1;
    return compare_solutions(&a->solution, &b->solution);
}

static int by_task_number(const struct problem *a, const struct problem *b)
{
    return (a->task > b->task) - (a->task < b->task);
}

/* The problems of one situation that share a skeleton stand together... */
static int by_skeleton(const void *left, const void *right)
{
    const struct problem *a = left, *b = right;
    int order = strcmp(a->situation, b->situation);
    if (order == 0)
        order = compare_solutions(&a->skeleton, &b->skeleton);
    return order != 0 ? order : by_task_number(a, b);
}

/* ... or those that share a deviation. */
static int by_deviation(const void *left, const void *right)
{
    const struct problem *a = left, *b = right;
    int order = strcmp(a->situation, b->situation);
    if (order == 0)
        order = (int)a->deviation - (int)b->deviation;
    if (order == 0)
        order = (int)a->missed - (int)b->missed;
    return order != 0 ? order : by_task_number(a, b);
}

static bool same_skeleton(const struct problem *a, const struct problem *b)
{
    return strcmp(a->situation, b->situation) == 0 && compare_solutions(&a->skeleton, &b->skeleton) == 0;
}

static bool same_deviation(const struct problem *a, const struct problem *b)
{
    return strcmp(a->situation, b->situation) == 0 && a->deviation == b->deviation && a->missed == b->missed;
}

/* --- words --- */

static bool deviation_phrase(const struct problem *problem, char out[static PHRASE_MAX])
{
    const char *missed = math_step_doing(problem->missed);
    switch (problem->deviation) {
    case DEVIATION_NONE:
    case DEVIATIONS:
        return false;
    case DEVIATION_STOPPED:
        snprintf(out, PHRASE_MAX, "stopping before %s", missed);
        return true;
    case DEVIATION_WENT_ON:
        snprintf(out, PHRASE_MAX, "calculating on after the question is answered");
        return true;
    case DEVIATION_OPERATION:
        snprintf(out, PHRASE_MAX, "using another operation instead of %s", missed);
        return true;
    case DEVIATION_OPERANDS:
        snprintf(out, PHRASE_MAX, "mixing up given amounts and results when %s", missed);
        return true;
    case DEVIATION_SKIPPED:
        snprintf(out, PHRASE_MAX, "leaving out the step of %s", missed);
        return true;
    case DEVIATION_EXTRA:
        snprintf(out, PHRASE_MAX, "adding steps that nothing asks for");
        return true;
    case DEVIATION_SLIP:
        snprintf(out, PHRASE_MAX, "trusting a calculation without checking it");
        return true;
    }
    return false;
}

static enum status describe_skeleton(struct candidate *candidate, const struct problem *problem)
{
    candidate->kind = CANDIDATE_SKELETON;
    candidate->outcome = problem->wrong > 0 ? OUTCOME_MIXED : OUTCOME_SUCCESS;
    TRY(phrases_add(&candidate->when, problem->situation));
    for (size_t i = 0; i < problem->skeleton.count; i++) {
        const char *act = math_step_act(problem->skeleton.steps[i]);
        TRY(phrases_add(&candidate->act, act));
        TRY(render_slot(&candidate->order[candidate->order_count], act));
        candidate->order_count++;
    }
    return OK;
}

static enum status describe_deviation(struct candidate *candidate, const struct problem *problem)
{
    char avoid[PHRASE_MAX];
    candidate->kind = CANDIDATE_PITFALL;
    candidate->outcome = OUTCOME_FAILURE;
    TRY(phrases_add(&candidate->when, problem->situation));
    if (!deviation_phrase(problem, avoid))
        return OK;
    TRY(phrases_add(&candidate->avoid, avoid));
    return phrases_add(&candidate->why, "that is where wrong solutions part from right ones");
}

typedef enum status (*description)(struct candidate *candidate, const struct problem *problem);

/* Runs of alike problems that are long enough become candidates, one a problem. */
static enum status emit_alike(struct corpus *corpus, const struct problem *items, size_t count, size_t least,
                              bool (*same)(const struct problem *, const struct problem *), description describe)
{
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && same(&items[start], &items[end]);)
            end++;
        for (size_t i = start; i < end && end - start >= least; i++) {
            struct candidate candidate = {.runs_for = items[i].right, .runs_against = items[i].wrong};
            enum status status = describe(&candidate, &items[i]);
            if (status == OK)
                status = render_slot(&candidate.tool, "worked solution");
            if (status == OK && candidate.act.count + candidate.avoid.count > 0)
                status = corpus_emit(corpus, &candidate, items[i].task);
            candidate_free(&candidate);
            TRY(status);
        }
    }
    return OK;
}

static size_t collect(const struct corpus *corpus, struct attempted *out)
{
    size_t count = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        const struct trace *trace = &corpus->traces[i];
        bool known = trace->outcome == OUTCOME_SUCCESS || trace->outcome == OUTCOME_FAILURE;
        struct solution solution;
        if (trace->format != TRACE_GSM || !known || !trace->prompt || trace->step_count == 0)
            continue;
        if (solution_parse(trace->steps[0].text, trace->prompt, &solution))
            out[count++] =
                (struct attempted){corpus->runs[i].task, i, trace->outcome == OUTCOME_SUCCESS, squeeze(&solution)};
    }
    if (count > 0)
        qsort(out, count, sizeof *out, by_task);
    return count;
}

/* A task's problem in its situations, appended to out; returns how many. */
static size_t add_problem(const struct corpus *corpus, const struct attempted *items, size_t count, struct problem *out)
{
    const char *text = corpus->traces[items[0].run].prompt;
    const char *const situations[] = {problem_gives(text), problem_asks(text)};
    struct problem problem = {.task = items[0].task};
    if (!choose_skeleton(items, count, &problem) || problem.skeleton.count < 2 ||
        problem.skeleton.count > SKELETON_STEPS)
        return 0;
    choose_deviation(items, count, &problem);
    size_t added = 0;
    for (size_t i = 0; i < 2; i++) {
        if (!situations[i])
            continue;
        problem.situation = situations[i];
        out[added++] = problem;
    }
    return added;
}

enum status learn_from_solutions(struct corpus *corpus)
{
    SCOPED_MEM struct attempted *items = mem_new(corpus->count + 1, sizeof *items);
    SCOPED_MEM struct problem *problems = mem_new(corpus->count * 2 + 1, sizeof *problems);
    if (!items || !problems)
        return ERR_MEMORY;
    size_t count = collect(corpus, items), kept = 0;
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start; end < count && items[end].task == items[start].task;)
            end++;
        kept += add_problem(corpus, &items[start], end - start, &problems[kept]);
    }
    if (kept == 0)
        return OK;
    qsort(problems, kept, sizeof *problems, by_skeleton);
    TRY(emit_alike(corpus, problems, kept, SKELETON_PROBLEMS, same_skeleton, describe_skeleton));
    qsort(problems, kept, sizeof *problems, by_deviation);
    return emit_alike(corpus, problems, kept, DEVIATION_PROBLEMS, same_deviation, describe_deviation);
}
