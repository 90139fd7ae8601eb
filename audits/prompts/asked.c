/* Prompt stealing by a language model: it reads a contribution or an insight and ten prompts, and says which is behind
 * it. Answers that cannot be read are not evaluated, and too many of them leave nothing to say. */
#include "audits/attacks.h"
#include "audits/overlap/pairs.h"
#include "audits/prompts/choice.h"
#include "audits/prompts/gains.h"
#include "audits/prompts/guess.h"
#include "audits/prompts/model.h"

#define ASKED_QUICK 30 /* questions a surface */
#define ASKED_FULL 200
#define CONTROLS 12
#define UNREAD_MOST 0.2       /* of the questions */
#define PROMPT_BYTES_MAX 1500 /* of each prompt that is shown */
#define DOCUMENT_BYTES_MAX 4000

#define ASKED(id, where, what, who, of, stated)                                                                        \
    {                                                                                                                  \
        .name = "prompts-model." id, .surface = where, .target = what, .threat = who,                                  \
        .knows = "ten prompts, of like length and the nearest topics, one of which is behind it",                      \
        .metric = "the model names the true prompt, above one in ten", .unit = of, .baseline = "one in ten",           \
        .control = "the prompts themselves", .limit = .10, .tolerated = .10, .expected = stated                        \
    }
enum place { PLACE_CONTRIBUTION, PLACE_RELEASE, PLACES };
static const struct audit_claim claims[PLACES + 1] = {
    [PLACE_CONTRIBUTION] =
        ASKED("contribution", SURFACE_CONTRIBUTIONS, "contributions", THREAT_CURIOUS_SERVER, "task", true),
    [PLACE_RELEASE] =
        ASKED("release", SURFACE_LIBRARY, "insights of the published library", THREAT_TENANT, "insight", false),
};

struct asking {
    const struct ground *ground;
    struct model *model;
    struct random random;
    size_t asked, of, unread;
};

/* --- one question --- */

static void add_cut(struct buf *to, struct bytes text, size_t most)
{
    size_t size = text.size < most ? text.size : most;
    while (size < text.size && size > 0 && (text.data[size] & 0xc0) == 0x80)
        size--;
    buf_add(to, bytes_part(text, 0, size));
    buf_add_byte(to, '\n');
}

/* The choices in an order by lot; *place: where the true one came to stand, from 1. */
static void write_question(struct asking *asking, const struct document *document, const struct choices *choices,
                           struct buf *out, size_t *place)
{
    uint32_t order[CHOICES];
    memcpy(order, choices->items, sizeof order);
    for (size_t i = CHOICES; i-- > 1;) {
        size_t other = random_below(asking->random, i + 1);
        uint32_t swap = order[i];
        order[i] = order[other];
        order[other] = swap;
    }
    buf_add_str(out, "A note was written about the work on one of ten tasks. Which one?\n\nThe note:\n");
    add_cut(out, buf_bytes(&document->said), DOCUMENT_BYTES_MAX);
    for (size_t i = 0; i < CHOICES; i++) {
        buf_addf(out, "\nTask %zu:\n", i + 1);
        add_cut(out, buf_bytes(&asking->ground->sources.items[order[i]].prompt), PROMPT_BYTES_MAX);
        if (order[i] == choices->items[0])
            *place = i + 1;
    }
    buf_add_str(out, "\nAnswer with the number of the task and nothing else.\n");
}

static enum status ask(struct asking *asking, const struct document *document, const struct choices *choices,
                       struct gains *gains)
{
    SCOPED_BUF struct buf question = {.secret = true};
    SCOPED_BUF struct buf answer = {.secret = true};
    size_t place = 0, named = 0;
    write_question(asking, document, choices, &question, &place);
    TRY(buf_status(&question));
    asking->asked++;
    enum status status =
        bytes_is_utf8(buf_bytes(&question)) ? model_ask(asking->model, buf_bytes(&question), &answer, NULL) : ERR_INPUT;
    if (status == OK)
        status = model_number(buf_bytes(&answer), CHOICES, &named);
    if (status == ERR_INPUT || status == ERR_TOO_LARGE) {
        asking->unread++;
        return OK;
    }
    TRY(status);
    gains_add(gains, document->cluster, named == place, 1. / CHOICES);
    return OK;
}

/* --- many --- */

/* One of a document's own sources, by lot; SIZE_MAX: none has a prompt. */
static size_t own_source(struct asking *asking, const struct document *document)
{
    size_t seen = 0, chosen = SIZE_MAX;
    for (size_t s = 0; s < asking->ground->sources.count; s++)
        if (document->own[s] && asking->ground->references[REFERENCE_PROMPT][s].tokens > 0 &&
            random_below(asking->random, ++seen) == 0)
            chosen = s;
    return chosen;
}

static enum status ask_about(struct asking *asking, const struct documents *documents, size_t most,
                             struct audit_result *result)
{
    struct gains gains;
    size_t step = documents->count > most ? documents->count / most : 1;
    TRY(gains_new(documents->clusters, &gains));
    enum status status = OK;
    asking->asked = asking->unread = 0;
    for (size_t i = 0; i < documents->count && asking->asked < most && status == OK; i += step) {
        struct choices choices = {0};
        size_t own = own_source(asking, &documents->items[i]);
        if (own == SIZE_MAX)
            continue;
        status = choices_make(asking->ground, &documents->items[i], own, &choices);
        if (status == OK && choices.count == CHOICES)
            status = ask(asking, &documents->items[i], &choices, &gains);
        audit_progress(asking->ground->scope, "prompts-model", asking->asked, most);
    }
    if (status == OK)
        status = gains_infer(&gains, asking->random, result);
    if (status == OK && result->samples > 0)
        result->p = gains_by_lot(&gains, 1. / CHOICES);
    gains_free(&gains);
    return status;
}

static bool too_many_unread(const struct asking *asking)
{
    return (double)asking->unread > UNREAD_MOST * (double)asking->asked;
}

/* --- results --- */

static enum status report(struct asking *asking, enum place place, const struct audit_result *control,
                          struct audit_results *out)
{
    const struct ground *ground = asking->ground;
    struct audit_result result = audit_result_start(&claims[place]), nothing = result;
    size_t most = ground->scope->full ? ASKED_FULL : ASKED_QUICK;
    TRY(ask_about(asking, place == PLACE_CONTRIBUTION ? &ground->contributions : &ground->insights, most, &result));
    nothing.note = result.samples == 0 ? "too few texts with a prompt of their own and nine others to choose from"
                                       : "more than one in five of the model's answers could not be read";
    if (result.samples == 0 || too_many_unread(asking))
        return audit_results_add(out, &nothing);
    result.note = guess_control(control, &result)
                      ? "what this model can do; answers that could not be read are left out"
                      : "the model does not even find a prompt when it is shown it, or there are too few";
    return audit_results_add(out, &result);
}

static enum status run_places(struct asking *asking, struct audit_results *out)
{
    struct documents quotes = {0};
    struct audit_result control = audit_result_start(&claims[0]);
    enum status status = pairs_quote(asking->ground, PAIR_RUNS, REFERENCE_PROMPT, &quotes);
    if (status == OK)
        status = ask_about(asking, &quotes, CONTROLS, &control);
    documents_free(&quotes);
    TRY(status);
    if (too_many_unread(asking))
        return audit_not_evaluated(out, claims, "more than one in five of the model's answers could not be read");
    TRY(report(asking, PLACE_CONTRIBUTION, &control, out));
    return report(asking, PLACE_RELEASE, &control, out);
}

static enum status run_asking(struct asking *asking, struct audit_results *out)
{
    struct audit_results found = {0};
    enum status status = run_places(asking, &found);
    for (size_t i = 0; i < found.count && status == OK; i++) {
        status = audit_results_add(out, &found.items[i]);
        found.items[i].plot.rows = NULL;
    }
    audit_results_free(&found);
    if (status == ERR_UNAVAILABLE || status == ERR_DENIED)
        return audit_not_evaluated(out, claims, "the model's endpoint does not answer");
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct ground ground;
    struct asking asking = {.ground = &ground, .random = random_seeded_start(&seeded, scope->seed ^ 0x11e4)};
    if (!scope->llm)
        return audit_not_evaluated(out, claims, "no language model was named (--llm, --model)");
    TRY(model_open(scope->llm, scope->model, &asking.model, why));
    enum status status = ground_open(scope, out, &ground, why);
    if (status == OK) {
        status = run_asking(&asking, out);
        ground_close(&ground);
    }
    model_close(asking.model);
    return status;
}

const struct attack attack_prompts_model = {
    .name = "prompts-model",
    .summary = "Can a language model tell the prompt behind a contribution or an insight from others like it?",
    .paper = "Sha & Zhang 2024 (arXiv 2402.12959)",
    .family = FAMILY_PROMPT,
    .quick = false,
    .claims = claims,
    .run = run,
};
