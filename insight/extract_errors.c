/* Recoveries and pitfalls: what runs did after a call was refused, and how that ended.
 *
 * Every answer to an error becomes a row (tool, error, what was done, run). Rows are counted over all runs of the
 * device; then each task in which the error occurred yields one candidate. A thing done in a run that succeeded, or
 * whose outcome is unknown, is a "do". What only failed runs did is an "avoid" if trials of the same task succeeded
 * without it, or if the error itself says why; so is repeating a call unchanged that fails again, and what the error
 * names as refused. */
#include <stdio.h>
#include <stdlib.h>

#include "insight/extract_answers.h"

/* --- counting --- */

static int compare_situations(const struct row *a, const struct row *b)
{
    int order = strcmp(a->tool, b->tool);
    if (order == 0)
        order = strcmp(a->error, b->error);
    return order != 0 ? order : strcmp(a->given, b->given);
}

static int compare_answers(const struct row *a, const struct row *b)
{
    if (a->answer != b->answer)
        return a->answer < b->answer ? -1 : 1;
    int order = strcmp(a->act, b->act);
    if (order == 0)
        order = strcmp(a->avoid, b->avoid);
    return order != 0 ? order : strcmp(a->why, b->why);
}

static int by_answer(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = compare_situations(a, b);
    if (order == 0)
        order = compare_answers(a, b);
    if (order == 0 && a->run != b->run)
        order = a->run < b->run ? -1 : 1;
    return order;
}

static int by_task(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = compare_situations(a, b);
    if (order == 0 && a->task != b->task)
        order = a->task < b->task ? -1 : 1;
    return order != 0 ? order : by_answer(left, right);
}

/* One row a run and answer; then how the runs with each answer ended. */
static void count_rows(struct rows *rows)
{
    if (rows->count == 0)
        return;
    qsort(rows->items, rows->count, sizeof *rows->items, by_answer);
    size_t kept = 1;
    for (size_t i = 1; i < rows->count; i++)
        if (by_answer(&rows->items[kept - 1], &rows->items[i]) != 0)
            rows->items[kept++] = rows->items[i];
    rows->count = kept;
    for (size_t start = 0, end; start < rows->count; start = end) {
        struct tally tally = {0};
        for (end = start; end < rows->count && compare_situations(&rows->items[start], &rows->items[end]) == 0 &&
                          compare_answers(&rows->items[start], &rows->items[end]) == 0;
             end++)
            tally_add(&tally, rows->items[end].outcome);
        for (size_t i = start; i < end; i++)
            rows->items[i].tally = tally;
    }
}

/* --- candidates --- */

static bool has_phrase(const struct phrases *phrases, const char *text)
{
    for (size_t i = 0; i < phrases->count; i++)
        if (strcmp(phrases->items[i], text) == 0)
            return true;
    return false;
}

static enum status add_once(struct phrases *phrases, const char *text, size_t most)
{
    if (!*text || phrases->count >= most || has_phrase(phrases, text))
        return OK;
    return phrases_add(phrases, text);
}

static enum status add_row(struct candidate *candidate, const struct row *row)
{
    bool failed = row->outcome == OUTCOME_FAILURE;
    if (row->answer == ANSWER_REFUSED)
        TRY(add_once(&candidate->avoid, row->avoid, 3));
    if (row->answer == ANSWER_BEFORE)
        return add_once(&candidate->avoid, row->avoid, 3);
    if (row->answer == ANSWER_REPEAT) {
        TRY(add_once(&candidate->avoid, row->avoid, 3));
        return add_once(&candidate->why, row->why, 2);
    }
    bool leaves = row->answer == ANSWER_STOP || row->answer == ANSWER_INSTEAD;
    if (!failed && leaves && candidate->act.count > 0) /* another way out, not a step behind the others */
        return OK;
    if (!failed) {
        TRY(add_once(&candidate->act, row->act, 4));
        return add_once(&candidate->why, row->why, 2);
    }
    bool only_failures = row->tally.good == 0 && row->tally.unknown == 0;
    if (only_failures && (row->contrasted || (row->reasoned && row->tally.bad >= 2)) && *row->avoid)
        TRY(add_once(&candidate->avoid, row->avoid, 3));
    return row->answer == ANSWER_RECHECK ? add_once(&candidate->why, row->why, 2) : OK;
}

static enum status describe(struct candidate *candidate, const struct row *first)
{
    char doing[PHRASE_MAX], when[PHRASE_MAX];
    action_doing(first->tool, doing);
    if (*first->error)
        snprintf(when, sizeof when, "%.100s fails with: %s", doing, first->error);
    else
        snprintf(when, sizeof when, "%.200s fails", doing);
    TRY(phrases_add(&candidate->when, when));
    if (*first->given)
        TRY(phrases_add(&candidate->when, first->given));
    TRY(render_slot(&candidate->tool, first->tool));
    return render_slot(&candidate->error, first->error);
}

/* The rows of one task and situation. */
static enum status candidate_of_rows(struct corpus *corpus, const struct row *rows, size_t count)
{
    struct candidate candidate = {0};
    struct tally tally = {0};
    enum status status = describe(&candidate, &rows[0]);
    for (size_t i = 0; i < count && status == OK; i++) {
        bool counted = false;
        for (size_t k = 0; k < i; k++)
            counted = counted || rows[k].run == rows[i].run;
        if (!counted)
            tally_add(&tally, rows[i].outcome);
        status = add_row(&candidate, &rows[i]);
        if (status == OK && rows[i].argument[0] && !candidate.argument)
            status = render_slot(&candidate.argument, rows[i].argument);
    }
    candidate.kind = candidate.act.count > 0 ? CANDIDATE_RECOVERY : CANDIDATE_PITFALL;
    candidate.outcome = tally_outcome(tally);
    candidate.runs_for = tally.good;
    candidate.runs_against = tally.bad;
    if (candidate.act.count == 0 && candidate.avoid.count == 0) { /* too little was seen to say anything */
        candidate_free(&candidate);
        return status;
    }
    if (status == OK)
        return corpus_emit(corpus, &candidate, rows[0].task);
    candidate_free(&candidate);
    return status;
}

enum status learn_from_errors(struct corpus *corpus)
{
    struct rows rows = {0};
    SCOPED_MEM bool *succeeds = mem_new(corpus->task_count + 1, sizeof *succeeds);
    enum status status = succeeds ? OK : ERR_MEMORY;
    for (size_t i = 0; i < corpus->count && status == OK; i++)
        succeeds[corpus->runs[i].task] |= corpus->traces[i].outcome == OUTCOME_SUCCESS;
    for (size_t i = 0; i < corpus->count && status == OK; i++)
        status = collect_answers(corpus, i, succeeds, &rows);
    if (status == OK) {
        count_rows(&rows);
        if (rows.count > 0)
            qsort(rows.items, rows.count, sizeof *rows.items, by_task);
        for (size_t start = 0, end; start < rows.count && status == OK; start = end) {
            for (end = start + 1; end < rows.count && compare_situations(&rows.items[start], &rows.items[end]) == 0 &&
                                  rows.items[start].task == rows.items[end].task;)
                end++;
            status = candidate_of_rows(corpus, &rows.items[start], end - start);
        }
    }
    mem_free(rows.items);
    return status;
}
