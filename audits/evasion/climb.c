/* An adversary who writes into an agent's traces hides values so that the scrubber does not see them.
 *
 * Listed forms are drawn at random, up to three in one another: what the scrubber claims to see. Then the adversary
 * climbs: over the real scrubber, from a random disguise, one step at a time, keeping what lets more of the hidden
 * value through. What got through best is then written into traces, in all places where agents read, and searched for
 * in the records that leave. */
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/boundary/needles.h"
#include "audits/evasion/forms.h"
#include "audits/world.h"

#define LISTED_QUICK 400
#define LISTED_FULL 6000
#define VALUES_QUICK 48
#define VALUES_FULL 200
#define CLIMB_STEPS 24
#define SENT_LEAST 183
#define PIECE 8 /* bytes of a hidden value that are looked for together */
#define SHARE_LIMIT 0.02
#define CONTROL_LEAST 0.9

enum { CLAIM_LISTED, CLAIM_CLIMBED, CLAIM_SENT };
static const struct audit_claim claims[] = {
    [CLAIM_LISTED] = {.name = "evasion.listed",
                      .surface = SURFACE_SCRUBBED,
                      .target = "scrubbed text",
                      .threat = THREAT_EXTRACTOR,
                      .knows = "the forms that the scrubber is said to see, up to three in one another",
                      .metric = "hidden values that are left / hidden",
                      .unit = "value",
                      .baseline = "",
                      .control = "with the scrubber off all are left",
                      .needed = 183,
                      .limit = SHARE_LIMIT,
                      .tolerated = SHARE_LIMIT},
    [CLAIM_CLIMBED] = {.name = "evasion.climbed",
                       .surface = SURFACE_SCRUBBED,
                       .target = "scrubbed text",
                       .threat = THREAT_EXTRACTOR,
                       .knows = "the scrubber itself, as an oracle, and forms that nobody promised to see",
                       .metric = "values for which a way was found to leave them whole / values",
                       .unit = "value",
                       .baseline = "",
                       .control = "with the scrubber off all are left",
                       .needed = 0,
                       .limit = SHARE_LIMIT,
                       .expected = true},
    [CLAIM_SENT] = {.name = "evasion.sent",
                    .surface = SURFACE_CONTRIBUTIONS,
                    .target = "records before they are sealed",
                    .threat = THREAT_CURIOUS_SERVER,
                    .knows = "the disguises that the scrubber does not see, and writes them into traces",
                    .metric = "hidden values that leave the device / written into traces",
                    .unit = "value",
                    .baseline = "",
                    .control = "an extractor that copies lets them leave",
                    .needed = SENT_LEAST,
                    .limit = SHARE_LIMIT},
    {0},
};

struct evasion {
    const struct audit_scope *scope;
    struct random random;
    const struct redactor *redactor;
    size_t found; /* disguises that leave a value whole */
    struct disguise *disguises;
};

/* The text that the scrubber sees, and what of it carries the value. */
static enum status write_hidden(const struct disguise *disguise, const char *value, struct buf *hidden,
                                struct buf *text)
{
    char sentence[HIDDEN_TEXT + 64];
    snprintf(sentence, sizeof sentence, "the answer goes to %s by tomorrow", value);
    bool is_block = disguise_is_block(disguise);
    TRY(disguise_hide(disguise, bytes_str(is_block ? sentence : value), hidden));
    buf_addf(text, "%s", is_block ? "here it is: " : "the answer goes to \"");
    buf_add(text, buf_bytes(hidden));
    buf_addf(text, "%s", is_block ? "\n" : "\" by tomorrow");
    return buf_status(text);
}

static enum status scrub(const struct redactor *redactor, struct bytes text, struct buf *out)
{
    struct redact_session *session = NULL;
    TRY(redact_session_new(redactor, &session));
    enum status status = redact_text(session, text, out, NULL);
    redact_session_free(session);
    return status;
}

/* The share of the hidden value's pieces that are left. */
static double share_left(struct bytes hidden, struct bytes text)
{
    size_t left = 0, pieces = 0;
    for (size_t at = 0; at + PIECE <= hidden.size; at += PIECE, pieces++)
        left += bytes_find(text, bytes_part(hidden, at, PIECE)) != SIZE_MAX;
    return pieces ? (double)left / (double)pieces : 0;
}

static enum status try_disguise(const struct redactor *redactor, const struct disguise *disguise, const char *value,
                                double *left)
{
    SCOPED_BUF struct buf hidden = {0}, text = {0}, out = {0};
    TRY(write_hidden(disguise, value, &hidden, &text));
    TRY(scrub(redactor, buf_bytes(&text), &out));
    *left = share_left(buf_bytes(&hidden), buf_bytes(&out));
    return OK;
}

static void draw(struct evasion *run, size_t number, char value[static HIDDEN_TEXT])
{
    hidden_value_draw((enum hidden_kind)(number % HIDDEN_KINDS), run->random, value);
}

/* --- listed forms --- */

static enum status measure_listed(struct evasion *run, size_t count, struct audit_result *result, struct why *why)
{
    const struct redactor *off = NULL;
    size_t left = 0, control = 0;
    TRY(world_redactor(SCRUB_OFF, &off, why));
    for (size_t i = 0; i < count; i++) {
        char value[HIDDEN_TEXT];
        struct disguise disguise;
        double share = 0, all = 0;
        draw(run, i, value);
        disguise_draw(run->random, form_listed, &disguise);
        TRY(try_disguise(run->redactor, &disguise, value, &share));
        TRY(try_disguise(off, &disguise, value, &all));
        left += share >= 0.5;
        control += all >= 1;
    }
    audit_result_count(result, left, count);
    result->control_value = (double)control / (double)count;
    result->control = control == count ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "mail addresses, cards, vendors' tokens and keys; half of a value counts as the value";
    return OK;
}

/* --- climbing --- */

static enum status climb(struct evasion *run, const char *value, struct disguise *best, double *left)
{
    disguise_draw(run->random, form_count, best);
    TRY(try_disguise(run->redactor, best, value, left));
    for (size_t i = 0; i < CLIMB_STEPS && *left < 1; i++) {
        struct disguise next = *best;
        double share = 0;
        disguise_step(run->random, form_count, &next);
        TRY(try_disguise(run->redactor, &next, value, &share));
        if (share < *left)
            continue;
        *best = next;
        *left = share;
    }
    return OK;
}

static enum status measure_climbed(struct evasion *run, size_t count, const struct audit_result *listed,
                                   struct audit_result *result)
{
    run->disguises = mem_new(count, sizeof *run->disguises);
    if (!run->disguises)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        char value[HIDDEN_TEXT];
        struct disguise best;
        double left = 0;
        draw(run, i, value);
        TRY(climb(run, value, &best, &left));
        if (left >= 1)
            run->disguises[run->found++] = best;
    }
    audit_result_count(result, run->found, count);
    result->control = listed->control;
    result->control_value = listed->control_value;
    result->note = "no scrubber sees through a cipher; behind it stand extraction by templates and two scans";
    return OK;
}

/* --- what leaves --- */

static struct json *message(const char *role, struct bytes text)
{
    struct json *out = json_object();
    json_set(out, "role", json_text(role));
    json_set(out, "content", json_string(text));
    return out;
}

static struct json *call(struct bytes text)
{
    struct json *out = json_object(), *calls = json_array(), *one = json_object(), *function = json_object();
    SCOPED_JSON struct json *arguments = json_object();
    SCOPED_BUF struct buf written = {0};
    json_set(arguments, "order_id", json_string(text));
    if (json_canonical(arguments, &written) != OK)
        buf_clear(&written);
    json_set(function, "name", json_text("get_order_details"));
    json_set(function, "arguments", json_string(buf_bytes(&written)));
    json_set(one, "id", json_text("a"));
    json_set(one, "type", json_text("function"));
    json_set(one, "function", function);
    json_push(calls, one);
    json_set(out, "role", json_text("assistant"));
    json_set(out, "content", json_null());
    json_set(out, "tool_calls", calls);
    return out;
}

static struct json *result_of_call(const char *front, struct bytes hidden)
{
    SCOPED_BUF struct buf text = {0};
    buf_add_str(&text, front);
    buf_add(&text, hidden);
    struct json *out = message("tool", buf_bytes(&text));
    json_set(out, "tool_call_id", json_text("a"));
    json_set(out, "name", json_text("get_order_details"));
    return out;
}

/* A run that fails, and one that succeeds, with the value wherever an agent reads or writes. */
static enum status write_run(size_t task, bool succeeds, struct bytes hidden, struct buf *out)
{
    SCOPED_JSON struct json *run = json_object();
    struct json *messages = json_array();
    json_set(run, "task_id", json_integer((int64_t)task));
    json_set(run, "trial", json_integer(succeeds));
    json_set(run, "reward", json_integer(succeeds));
    json_push(messages, message("user", hidden));
    json_push(messages, call(hidden));
    json_push(messages, result_of_call("Error: order not found: ", hidden));
    if (succeeds) {
        json_push(messages, call(bytes_str("#W5550100")));
        json_push(messages, result_of_call("delivered ", hidden));
    }
    json_push(messages, message("assistant", hidden));
    json_set(run, "messages", messages);
    TRY(json_canonical(run, out));
    buf_add_byte(out, '\n');
    return buf_status(out);
}

static enum status write_traces(struct evasion *run, size_t count, struct audit_scope *traces, struct needles *needles)
{
    SCOPED_BUF struct buf file = {0};
    for (size_t i = 0; i < count; i++) {
        char value[HIDDEN_TEXT];
        SCOPED_BUF struct buf hidden = {0}, text = {0};
        draw(run, i, value);
        TRY(write_hidden(&run->disguises[random_below(run->random, run->found)], value, &hidden, &text));
        TRY(needles_add(needles, buf_bytes(&hidden)));
        TRY(write_run(i, true, buf_bytes(&text), &file));
        TRY(write_run(i, false, buf_bytes(&text), &file));
    }
    TRY(audit_scope_tenant(traces, "evader"));
    return audit_scope_file(traces, 0, "runs.jsonl", buf_bytes(&file));
}

static enum status count_sent(const struct audit_scope *traces, enum extraction extraction,
                              const struct needles *needles, size_t *out, struct why *why)
{
    struct policy policy;
    struct prepared prepared = {0};
    SCOPED_MEM bool *found = mem_new(needles_count(needles) + 1, sizeof *found);
    if (!found)
        return ERR_MEMORY;
    policy_default(&policy);
    TRY(world_prepare(&traces->tenants[0], &policy, SCRUB_ON, extraction, traces->seed, &prepared, why));
    for (size_t i = 0; i < prepared.count; i++)
        needles_find(needles, buf_bytes(&prepared.items[i].record), found);
    prepared_free(&prepared);
    *out = needles_marked(found, needles_count(needles));
    return OK;
}

static enum status measure_sent(struct evasion *run, size_t count, struct audit_result *result, struct why *why)
{
    struct audit_scope traces = {.seed = run->scope->seed};
    struct needles *needles = NULL;
    size_t sent = 0, copied = 0;
    result->note = "no disguise was found that the scrubber does not see";
    if (run->found == 0)
        return OK;
    TRY(needles_new(&needles));
    enum status status = write_traces(run, count, &traces, needles);
    if (status == OK)
        status = needles_ready(needles);
    if (status == OK)
        status = count_sent(&traces, EXTRACT_REAL, needles, &sent, why);
    if (status == OK)
        status = count_sent(&traces, EXTRACT_VERBATIM, needles, &copied, why);
    audit_scope_free(&traces);
    needles_free(needles);
    TRY(status);
    audit_result_count(result, sent, count);
    result->control_value = (double)copied / (double)count;
    result->control = result->control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "in what users say, arguments, results, errors and answers; other places are not covered";
    return OK;
}

static enum status run_evasion(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct evasion run = {.scope = scope, .random = random_seeded_start(&seeded, scope->seed ^ 0xe5)};
    struct audit_result results[] = {audit_result_start(&claims[CLAIM_LISTED]),
                                     audit_result_start(&claims[CLAIM_CLIMBED]),
                                     audit_result_start(&claims[CLAIM_SENT])};
    TRY(world_redactor(SCRUB_ON, &run.redactor, why));
    enum status status = measure_listed(&run, scope->full ? LISTED_FULL : LISTED_QUICK, &results[CLAIM_LISTED], why);
    if (status == OK)
        status = measure_climbed(&run, scope->full ? VALUES_FULL : VALUES_QUICK, &results[CLAIM_LISTED],
                                 &results[CLAIM_CLIMBED]);
    if (status == OK)
        status = measure_sent(&run, scope->full ? SENT_LEAST * 4 : SENT_LEAST, &results[CLAIM_SENT], why);
    mem_free(run.disguises);
    TRY(status);
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        TRY(audit_results_add(out, &results[i]));
    return OK;
}

const struct attack attack_evasion = {
    .name = "evasion",
    .summary = "Can values be hidden so that the scrubber passes them, and do they then leave?",
    .paper = "",
    .family = FAMILY_EVASION,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 5,
    .claims = claims,
    .run = run_evasion,
};
