/* Hides how a run's answer to an error is recognised: what was asked, looked up, changed, repeated, done instead or
 * left. */
#include <stdio.h>
#include <strings.h>

#include "insight/extract_answers.h"
#include "insight/trace_shape.h"

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
    {"zip", "postal code", NULL},
    {"postal code", "postal code", NULL},
    {"first name", "name", NULL},
    {"last name", "name", NULL},
    {"full name", "name", NULL},
    {"email", "e-mail address", "email"},
    {"e-mail", "e-mail address", "email"},
    {"order id", "order number", "code"},
    {"order number", "order number", "code"},
    {"phone", "phone number", NULL},
    {"date of birth", "date of birth", NULL},
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
    snprintf(out, PHRASE_MAX, "ask for the %s%s%s instead", first[0], first[1] ? " and " : "",
             first[1] ? first[1] : "");
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
    struct rows *rows;
    const struct run *run;
    struct row base; /* what all rows of the error have in common */
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

/* Calls between the refusal and the success that others than the refused action made: at most three, else it was
 * another errand. */
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
        action_step(between->action, words);
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
        action_step(other->action, act);
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
    static const char *const refusals[] = {"cannot be used", "not allowed", "not supported", "not accepted",
                                           "is not valid for"};
    bool refused = false;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        refused = refused || strstr(scene->base.error, refusals[i]);
    for (size_t i = 0; refused && failed->call; i++) {
        struct bytes kind = shape_line(failed->call->shape, i);
        if (kind.size == 0)
            break;
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

enum status collect_answers(const struct corpus *corpus, size_t number, const bool *succeeds, struct rows *rows)
{
    const struct run *run = &corpus->runs[number];
    for (size_t i = 0; i < run->count; i++) {
        const struct attempt *attempt = &run->attempts[i];
        if (!attempt->failed)
            continue;
        struct scene scene = {.rows = rows, .run = run};
        scene.base = (struct row){
            .run = number, .task = run->task, .outcome = run->trace->outcome, .contrasted = succeeds[run->task]};
        snprintf(scene.base.tool, sizeof scene.base.tool, "%s", attempt->action);
        snprintf(scene.base.error, sizeof scene.base.error, "%s", attempt->error);
        const struct step *said = user_before(run, attempt->first);
        if (!attempt->call && strstr(attempt->error, "not found") && said && shape_mentions(said->shape, "email"))
            snprintf(scene.base.given, sizeof scene.base.given, "the user gave an e-mail address");
        TRY(answer_error(&scene, i));
    }
    return OK;
}
