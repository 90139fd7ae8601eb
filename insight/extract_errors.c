/* Recoveries and pitfalls: what runs did after a call was refused, and how that ended.
 *
 * Every answer to an error becomes a row (tool, error, what was done, run). Rows are counted over all runs of the device; then each
 * task in which the error occurred yields one candidate. A thing done in a run that succeeded, or whose outcome is unknown, is a
 * "do". What only failed runs did is an "avoid" if trials of the same task succeeded without it, or if the error itself says why; so
 * is repeating a call unchanged that fails again, and what the error names as refused. */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "insight/extract_inside.h"
#include "insight/trace_shape.h"

enum answer {
    ANSWER_REFUSED,  /* the kind of thing that the error names as not accepted */
    ANSWER_ASK,      /* ask the user for something */
    ANSWER_LOOK,     /* another call first */
    ANSWER_RECHECK,  /* what else the amount depends on */
    ANSWER_CHANGE,   /* an argument */
    ANSWER_AGAIN,    /* the same call once more, which then worked */
    ANSWER_INSTEAD,  /* another call that changes something */
    ANSWER_STOP,     /* leave it and tell the user */
    ANSWER_REPEAT,   /* the same call once more, which failed again */
    ANSWER_BEFORE,   /* what could have been known before the call */
};
struct row {
    size_t run, task;
    char tool[TOOL_MAX], error[SLOT_MAX];
    char given[SLOT_MAX]; /* what more the error depends on, as a when-phrase; "" */
    enum answer answer;
    char act[PHRASE_MAX], avoid[PHRASE_MAX], why[PHRASE_MAX];
    char argument[SLOT_MAX];
    enum outcome outcome;
    struct tally tally; /* of runs with the same tool, error, act; all tasks */
    bool contrasted;    /* its task also has runs that succeeded */
    bool reasoned;      /* the error's own words say why to avoid it */
};
struct rows {
    size_t count, room;
    struct row *items;
};

static enum status rows_add(struct rows *rows, const struct row *row)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 64;
        struct row *grown = mem_grow(rows->items, rows->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        rows->items = grown;
        rows->room = room;
    }
    rows->items[rows->count++] = *row;
    return OK;
}

/* --- what was asked --- */

static const struct {
    const char *cue, *detail, *kind; /* kind: how the user's mention of it looks, NULL if it has no look */
} details[] = {
    {"zip", "postal code", NULL},        {"postal code", "postal code", NULL}, {"first name", "name", NULL},
    {"last name", "name", NULL},         {"full name", "name", NULL},          {"email", "e-mail address", "email"},
    {"e-mail", "e-mail address", "email"}, {"order id", "order number", "code"}, {"order number", "order number", "code"},
    {"phone", "phone number", NULL},     {"date of birth", "date of birth", NULL},
};

static bool mentions(const char *text, const char *cue)
{
    size_t size = strlen(cue);
    for (; *text; text++)
        if (strncasecmp(text, cue, size) == 0)
            return true;
    return false;
}

/* "ask for the name and postal code": details that a speaker asks for and that the user had not just given. */
static bool asked_details(const char *question, const struct step *before, char out[static PHRASE_MAX])
{
    const char *found[4];
    size_t count = 0;
    for (size_t i = 0; i < sizeof details / sizeof *details && count < 4; i++) {
        bool had = before && details[i].kind && shape_mentions(before->shape, details[i].kind);
        bool again = false;
        for (size_t k = 0; k < count; k++)
            again = again || strcmp(found[k], details[i].detail) == 0;
        if (!had && !again && mentions(question, details[i].cue))
            found[count++] = details[i].detail;
    }
    if (count == 0 || count > 3)
        return false;
    const char *first[2] = {found[0], count > 1 ? found[1] : NULL};
    if (first[1] && strcmp(first[0], first[1]) > 0) { /* however they were asked: one spelling */
        first[0] = found[1];
        first[1] = found[0];
    }
    snprintf(out, PHRASE_MAX, "ask for the %s%s%s instead", first[0], first[1] ? " and " : "", first[1] ? first[1] : "");
    return true;
}

static const struct step *user_before(const struct run *run, size_t step)
{
    for (size_t i = step; i > 0; i--)
        if (run->trace->steps[i - 1].role == STEP_USER)
            return &run->trace->steps[i - 1];
    return NULL;
}

static bool lacks_mark(const struct step *before, const struct step *after)
{
    bool bare = before && shape_mentions(before->shape, "digits") && !shape_mentions(before->shape, "code");
    return bare && after && (shape_mentions(after->shape, "code") || shape_mentions(after->shape, "marked code"));
}

/* --- rows of one answer --- */

struct scene {
    struct corpus *corpus;
    struct rows *rows;
    const struct run *run;
    size_t number;
    struct row base;
};

static enum status answer(struct scene *scene, enum answer kind, const char *act, const char *avoid, const char *why)
{
    struct row row = scene->base;
    row.answer = kind;
    snprintf(row.act, sizeof row.act, "%s", act);
    snprintf(row.avoid, sizeof row.avoid, "%s", avoid ? avoid : "");
    snprintf(row.why, sizeof row.why, "%s", why ? why : "");
    return rows_add(scene->rows, &row);
}

static bool is_about_totals(const char *error)
{
    return strstr(error, "add up") || strstr(error, "total") || strstr(error, "amount");
}

/* Calls between the refusal and the success that others than the refused action made: at most three, else it was another errand. */
static enum status answer_looks(struct scene *scene, size_t from, size_t to)
{
    const struct run *run = scene->run;
    if (to - from > 6)
        return OK;
    for (size_t i = from + 1; i < to; i++) {
        const struct attempt *between = &run->attempts[i];
        char words[PHRASE_MAX], act[PHRASE_MAX];
        if (between->failed || strcmp(between->action, scene->base.tool) == 0)
            continue;
        action_do(between->action, words);
        snprintf(act, sizeof act, "%.200s before trying again", words);
        TRY(answer(scene, ANSWER_LOOK, act, NULL, NULL));
    }
    return OK;
}

static enum status answer_questions(struct scene *scene, const struct attempt *failed, const struct attempt *next)
{
    const struct run *run = scene->run;
    const struct step *before = user_before(run, failed->first);
    const struct step *said = run_spoken(run, STEP_USER, failed->last, next->first);
    const struct step *asked = run_spoken(run, STEP_ASSISTANT, failed->last, next->first);
    if (!said)
        return OK;
    char act[PHRASE_MAX];
    if (lacks_mark(before, said))
        return answer(scene, ANSWER_ASK, "ask whether the number lacks its leading character", NULL, NULL);
    if (asked && strstr(scene->base.error, "not found") && asked_details(asked->text, before, act))
        return answer(scene, ANSWER_ASK, act, NULL, NULL);
    return answer(scene, ANSWER_ASK, "tell the user what was refused and agree on the next step", NULL, NULL);
}

static enum status answer_changes(struct scene *scene, const struct attempt *failed, const struct attempt *next)
{
    struct change changes[CHANGES_MAX];
    size_t count = 0;
    char quantities[SLOT_MAX], text[PHRASE_MAX];
    TRY(attempt_changes(failed, next, changes, &count));
    bool amount = false;
    for (size_t i = 0; i < count; i++)
        amount = amount || changes[i].kind == CHANGE_RAISED || changes[i].kind == CHANGE_LOWERED;
    if (is_about_totals(scene->base.error) && count > 0 && attempt_quantities(next, changes, count, quantities)) {
        scene->base.reasoned = amount;
        snprintf(text, sizeof text, "recheck the %s before changing the amount", quantities);
        char why[PHRASE_MAX];
        snprintf(why, sizeof why, "the total also depends on the %s", quantities);
        TRY(answer(scene, ANSWER_RECHECK, text, NULL, why));
    }
    for (size_t i = 0; i < count && i < 3; i++) {
        char act[PHRASE_MAX], doing[PHRASE_MAX], avoid[PHRASE_MAX];
        if (!change_phrase(&changes[i], false, act) || !change_phrase(&changes[i], true, doing))
            continue;
        snprintf(avoid, sizeof avoid, "%.180s only to get past the error", doing);
        snprintf(scene->base.argument, sizeof scene->base.argument, "%s", changes[i].argument);
        TRY(answer(scene, ANSWER_CHANGE, act, avoid, NULL));
    }
    scene->base.argument[0] = 0;
    scene->base.reasoned = false;
    return OK;
}

/* The refused action was never tried again. */
static enum status answer_leaving(struct scene *scene, size_t from)
{
    const struct run *run = scene->run;
    const struct attempt *failed = &run->attempts[from];
    for (size_t i = from + 1; i < run->count; i++) {
        const struct attempt *other = &run->attempts[i];
        char act[PHRASE_MAX], doing[PHRASE_MAX], text[PHRASE_MAX], avoid[PHRASE_MAX];
        bool handed_over = strncmp(other->action, "transfer", 8) == 0;
        if (other->failed || !(action_changes(other->action) || handed_over))
            continue;
        action_do(other->action, act);
        action_doing(other->action, doing);
        snprintf(text, sizeof text, "%.200s instead", act);
        snprintf(avoid, sizeof avoid, "%.200s instead", doing);
        return answer(scene, ANSWER_INSTEAD, text, avoid, NULL);
    }
    if (!run_spoken(run, STEP_USER, failed->last, run->trace->step_count))
        return OK;
    return answer(scene, ANSWER_STOP, "say plainly that it cannot be done and leave things as they are", NULL, NULL);
}

/* "certificate cannot be used to update reservation", and the call gave a certificate. */
static enum status answer_refusal(struct scene *scene, const struct attempt *failed)
{
    static const char *const refusals[] = {"cannot be used", "not allowed", "not supported", "not accepted", "is not valid for"};
    bool refused = false;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        refused = refused || strstr(scene->base.error, refusals[i]);
    struct bytes kind = BYTES_NONE;
    for (size_t i = 0; refused && failed->call && (kind = shape_line(failed->call->shape, i)).size > 0; i++) {
        char name[SHAPE_MAX], avoid[PHRASE_MAX];
        snprintf(name, sizeof name, "%.*s", (int)kind.size, (const char *)kind.data);
        bool named = strncmp(scene->base.error, name, kind.size) == 0 && scene->base.error[kind.size] == ' ';
        if (!named)
            continue;
        snprintf(avoid, sizeof avoid, "using %s %s there", strchr("aeiou", name[0]) ? "an" : "a", name);
        return answer(scene, ANSWER_REFUSED, "check which kinds are accepted before offering one", avoid, NULL);
    }
    return OK;
}

/* Errors that a look beforehand would have spared, whatever the run did then. */
static const struct {
    const char *needs[2];
    const char *avoid;
} foreseeable[] = {
    {{"balance"}, "paying before checking that the balance covers the amount"},
    {{"add up"}, "sending a payment before recomputing the total"},
    {{"payment method", "not found"}, "paying by a method before checking which ones are on file"},
    {{"payment method", "should be"}, "promising a way of payment before checking which ones are accepted"},
    {{"not enough seats"}, "sending a change before checking what is still available"},
    {{"not available"}, "sending a change before checking what is still available"},
    {{"out of stock"}, "sending a change before checking what is still available"},
    {{"or available"}, "sending a change before checking what is still available"},
    {{"should match"}, "sending lists of different lengths"},
    {{"already exists"}, "creating something before checking whether it exists"},
    {{"no such file"}, "using a path before checking that it exists"},
    {{"column", "does not exist"}, "querying before checking the schema"},
    {{"relation", "does not exist"}, "querying before checking the schema"},
    {{"permission"}, "acting before checking the access rights"},
    {{"forbidden"}, "acting before checking the access rights"},
    {{"too many requests"}, "sending requests without a pause"},
    {{"rate limit"}, "sending requests without a pause"},
    {{"has not been read"}, "changing a file before reading it"},
    {{"not been read"}, "changing a file before reading it"},
};

static enum status answer_foreseeable(struct scene *scene)
{
    for (size_t i = 0; i < sizeof foreseeable / sizeof *foreseeable; i++) {
        const char *const *needs = foreseeable[i].needs;
        if (strstr(scene->base.error, needs[0]) && (!needs[1] || strstr(scene->base.error, needs[1])))
            return answer(scene, ANSWER_BEFORE, "", foreseeable[i].avoid, NULL);
    }
    return OK;
}

static enum status answer_error(struct scene *scene, size_t from)
{
    const struct run *run = scene->run;
    const struct attempt *failed = &run->attempts[from];
    size_t to = from + 1;
    TRY(answer_refusal(scene, failed));
    TRY(answer_foreseeable(scene));
    while (to < run->count && strcmp(run->attempts[to].action, failed->action) != 0)
        to++;
    if (to == run->count)
        return answer_leaving(scene, from);
    const struct attempt *next = &run->attempts[to];
    bool same = attempt_repeats(failed, next), spoken = run_spoken(run, STEP_USER, failed->last, next->first) != NULL;
    if (next->failed)
        return same ? answer(scene, ANSWER_REPEAT, "", "repeating the same call unchanged", "it is refused again") : OK;
    if (same && !spoken && to == from + 1)
        return answer(scene, ANSWER_AGAIN, "try the same call once more", NULL, NULL);
    TRY(answer_looks(scene, from, to));
    TRY(answer_questions(scene, failed, next));
    return answer_changes(scene, failed, next);
}

static enum status collect_run(struct corpus *corpus, size_t number, const bool *succeeds, struct rows *rows)
{
    const struct run *run = &corpus->runs[number];
    for (size_t i = 0; i < run->count; i++) {
        const struct attempt *attempt = &run->attempts[i];
        if (!attempt->failed)
            continue;
        struct scene scene = {.corpus = corpus, .rows = rows, .run = run, .number = number};
        scene.base = (struct row){.run = number, .task = run->task, .outcome = run->trace->outcome, .contrasted = succeeds[run->task]};
        snprintf(scene.base.tool, sizeof scene.base.tool, "%s", attempt->action);
        snprintf(scene.base.error, sizeof scene.base.error, "%s", attempt->error);
        const struct step *said = user_before(run, attempt->first);
        if (!attempt->call && strstr(attempt->error, "not found") && said && shape_mentions(said->shape, "email"))
            snprintf(scene.base.given, sizeof scene.base.given, "the user gave an e-mail address");
        TRY(answer_error(&scene, i));
    }
    return OK;
}

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
                          compare_answers(&rows->items[start], &rows->items[end]) == 0; end++)
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
        status = collect_run(corpus, i, succeeds, &rows);
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
