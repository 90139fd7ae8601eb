/* What of hidden values leaves the device: runs of an agent with a value wherever agents read or write, through the
 * real client. */
#include "audits/boundary/needles.h"
#include "audits/evasion/evasion.h"
#include "audits/world.h"

#define LEAST 0.9 /* of the runs, that give a lesson; of the values, that copies let leave */
#define TRIES 8   /* at a value */

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

/* Backspaces leave in no record, be it a copy: the search could not be shown to find them. */
static bool is_copied(struct bytes hidden)
{
    return bytes_find(hidden, bytes_str("\b")) == SIZE_MAX;
}

/* Of a value in short lines there is nothing to look for: another is drawn. */
static enum status write_traces(struct evasion *run, size_t count, struct audit_scope *traces, struct needles *needles)
{
    SCOPED_BUF struct buf file = {0};
    for (size_t tries = 0; tries < TRIES * count && needles_count(needles) < count; tries++) {
        const struct hideout *hideout = &run->hideouts[random_below(run->random, run->found)];
        char value[KIND_VALUE_MAX] = "";
        size_t number = needles_count(needles);
        SCOPED_BUF struct buf hidden = {0}, text = {0};
        kind_draw(&kinds[hideout->kind], run->random, value);
        TRY(disguise_write(&hideout->disguise, &kinds[hideout->kind], value, &hidden, &text));
        enum status added = is_copied(buf_bytes(&hidden)) ? needles_add(needles, buf_bytes(&hidden)) : ERR_INPUT;
        if (added == ERR_INPUT)
            continue;
        TRY(added);
        TRY(write_run(number, true, buf_bytes(&text), &file));
        TRY(write_run(number, false, buf_bytes(&text), &file));
    }
    TRY(audit_scope_tenant(traces, "evader"));
    return audit_scope_file(traces, 0, "runs.jsonl", buf_bytes(&file));
}

struct sent {
    size_t lessons, values; /* that left */
};

static enum status count_sent(const struct audit_scope *traces, enum extraction extraction,
                              const struct needles *needles, struct sent *out, struct why *why)
{
    struct policy policy;
    struct prepared prepared = {0};
    SCOPED_MEM bool *found = mem_new(needles_count(needles) + 1, sizeof *found);
    *out = (struct sent){0};
    if (!found)
        return ERR_MEMORY;
    world_policy(traces, &policy);
    if (!policy.allow_text)
        return OK;
    TRY(world_prepare(&traces->tenants[0], &policy, SCRUB_ON, extraction, traces->seed, &prepared, why));
    for (size_t i = 0; i < prepared.count; i++) {
        out->lessons += prepared.items[i].contribution.candidate_count;
        needles_find(needles, buf_bytes(&prepared.items[i].record), found);
    }
    prepared_free(&prepared);
    out->values = needles_marked(found, needles_count(needles));
    return OK;
}

static void report(const struct sent *sent, const struct sent *copied, size_t written, struct audit_result *result)
{
    result->note = "of these runs the client makes too few lessons under this policy: nothing could leave";
    if (written == 0 || (double)sent->lessons < LEAST * (double)written)
        return;
    audit_result_count(result, sent->values, written);
    result->control_value = (double)copied->values / (double)written;
    result->control = result->control_value >= LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "in what users say, arguments, results, errors and answers; other places are not covered";
}

enum status evasion_sent(struct evasion *run, size_t count, struct audit_result *result, struct why *why)
{
    struct audit_scope traces = {.seed = run->scope->seed, .k = run->scope->k, .policy = run->scope->policy};
    struct needles *needles = NULL;
    struct sent sent = {0}, copied = {0};
    size_t written = 0;
    result->note = "no disguise was found that the scrubber does not see";
    if (run->found == 0)
        return OK;
    TRY(needles_new(&needles));
    enum status status = write_traces(run, count, &traces, needles);
    written = needles_count(needles);
    if (status == OK)
        status = needles_ready(needles);
    if (status == OK)
        status = count_sent(&traces, EXTRACT_REAL, needles, &sent, why);
    if (status == OK)
        status = count_sent(&traces, EXTRACT_VERBATIM, needles, &copied, why);
    audit_scope_free(&traces);
    needles_free(needles);
    if (status == OK)
        report(&sent, &copied, written, result);
    return status;
}
