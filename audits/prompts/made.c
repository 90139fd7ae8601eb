/* Hides the words of roles and examples, and how a run follows from a prompt. */
#include "audits/prompts/made.h"

#include <stdio.h>

#include "base/json.h"

#define WORDS 6
#define POOL 12

static const struct {
    const char *role, *words[WORDS];
} roles[MADE_ROLES] = {
    {"travel agent", {"itinerary", "flight", "hotel", "passenger", "luggage", "ticket"}},
    {"librarian", {"book", "shelf", "loan", "author", "catalogue", "reader"}},
    {"nurse", {"patient", "ward", "bandage", "medicine", "fever", "appointment"}},
    {"gardener", {"plant", "soil", "seed", "hedge", "greenhouse", "flower"}},
    {"accountant", {"invoice", "ledger", "tax", "payment", "balance", "receipt"}},
    {"cook", {"recipe", "oven", "dough", "kitchen", "spice", "menu"}},
    {"mechanic", {"engine", "brake", "gearbox", "tyre", "workshop", "battery"}},
    {"teacher", {"pupil", "lesson", "homework", "classroom", "grade", "exam"}},
};
static const struct {
    const char *input, *label;
} pool[POOL] = {
    {"the parcel came two days late", "delivery"},
    {"the screen stays black", "hardware"},
    {"I was charged twice", "billing"},
    {"the new colours are lovely", "praise"},
    {"my password is refused", "access"},
    {"the box was torn open", "delivery"},
    {"it stops after an hour of use", "hardware"},
    {"the refund never came", "billing"},
    {"your people were very kind", "praise"},
    {"the link in the mail is dead", "access"},
    {"nobody rang before coming", "delivery"},
    {"the fan makes a grinding noise", "hardware"},
};

struct writing {
    struct random random;
    struct json *messages;
    size_t calls;
};

/* --- one run --- */

static void say(struct writing *writing, const char *role, const char *text)
{
    struct json *message = json_object();
    json_set(message, "role", json_text(role));
    json_set(message, "content", json_text(text));
    json_push(writing->messages, message);
}

static void call(struct writing *writing, const char *tool, const char *argument, const char *value, const char *answer)
{
    struct json *message = json_object(), *calls = json_array(), *one = json_object(), *function = json_object();
    SCOPED_JSON struct json *arguments = json_object();
    SCOPED_BUF struct buf written = {0};
    char id[24];
    snprintf(id, sizeof id, "c%zu", writing->calls++);
    json_set(arguments, argument, json_text(value));
    if (json_canonical(arguments, &written) != OK)
        buf_clear(&written);
    json_set(function, "name", json_text(tool));
    json_set(function, "arguments", json_string(buf_bytes(&written)));
    json_set(one, "id", json_text(id));
    json_set(one, "type", json_text("function"));
    json_set(one, "function", function);
    json_push(calls, one);
    json_set(message, "role", json_text("assistant"));
    json_set(message, "content", json_null());
    json_set(message, "tool_calls", calls);
    json_push(writing->messages, message);
    message = json_object();
    json_set(message, "role", json_text("tool"));
    json_set(message, "tool_call_id", json_text(id));
    json_set(message, "name", json_text(tool));
    json_set(message, "content", json_text(answer));
    json_push(writing->messages, message);
}

static void write_role(struct writing *writing, size_t task, char *prompt, size_t room)
{
    size_t role = task / 2 % MADE_ROLES;
    const char *one = roles[role].words[random_below(writing->random, WORDS)];
    const char *other = roles[role].words[random_below(writing->random, WORDS)];
    char text[256];
    snprintf(prompt, room, "You are a %s. Look after the %s, then see to the %s of request %zu.", roles[role].role, one,
             other, task);
    snprintf(text, sizeof text, "The %s needs looking after, and so does the %s.", one, other);
    say(writing, "user", text);
    snprintf(text, sizeof text, "Error: %s not found in the records", one);
    call(writing, "search_records", "query", one, text);
    snprintf(text, sizeof text, "%s and %s", one, other);
    call(writing, "search_records", "query", text, "{\"status\":\"found\"}");
    snprintf(text, sizeof text, "As your %s I have seen to the %s and the %s.", roles[role].role, one, other);
    say(writing, "assistant", text);
}

static void write_examples(struct writing *writing, size_t task, char *prompt, size_t room)
{
    size_t spread = MADE_EXAMPLES_MOST - MADE_EXAMPLES_LEAST + 1, examples = MADE_EXAMPLES_LEAST + task / 2 % spread;
    size_t first = random_below(writing->random, POOL), asked = random_below(writing->random, POOL);
    size_t tries = (MADE_EXAMPLES_MOST - examples + random_below(writing->random, 2)) / 2;
    size_t size = (size_t)snprintf(prompt, room, "Sort message %zu as in the examples.", task);
    for (size_t i = 0; i < examples; i++)
        size += (size_t)snprintf(prompt + size, room - size, "\nInput: %s\nOutput: %s", pool[(first + i) % POOL].input,
                                 pool[(first + i) % POOL].label);
    snprintf(prompt + size, room - size, "\nInput: %s\nOutput:", pool[asked].input);
    say(writing, "user", pool[asked].input);
    for (size_t i = 0; i < tries; i++)
        call(writing, "set_label", "label", pool[(asked + 1 + i) % POOL].label, "Error: label not allowed here");
    call(writing, "set_label", "label", pool[asked].label, "{\"status\":\"stored\"}");
    char text[64];
    snprintf(text, sizeof text, "Output: %s", pool[asked].label);
    say(writing, "assistant", text);
}

static enum status write_run(struct random random, size_t task, struct buf *out)
{
    SCOPED_JSON struct json *run = json_object();
    struct writing writing = {.random = random, .messages = json_array()};
    char prompt[1024] = "";
    if (task % 2)
        write_examples(&writing, task, prompt, sizeof prompt);
    else
        write_role(&writing, task, prompt, sizeof prompt);
    json_set(run, "task_id", json_integer((int64_t)task));
    json_set(run, "trial", json_integer(0));
    json_set(run, "reward", json_integer(1));
    json_set(run, "instruction", json_text(prompt));
    json_set(run, "messages", writing.messages);
    TRY(json_canonical(run, out));
    buf_add_byte(out, '\n');
    return buf_status(out);
}

/* --- the scope --- */

static enum status add_tenant(struct random random, size_t tenant, struct audit_scope *out)
{
    SCOPED_BUF struct buf file = {0};
    char name[24];
    snprintf(name, sizeof name, "maker-%zu", tenant);
    size_t tasks = out->full ? MADE_TASKS_FULL : MADE_TASKS_QUICK;
    for (size_t task = 0; task < tasks; task++)
        TRY(write_run(random, task, &file));
    TRY(audit_scope_tenant(out, name));
    return audit_scope_file(out, tenant, "runs.jsonl", buf_bytes(&file));
}

enum status made_prompts(const struct audit_scope *scope, struct audit_scope *out)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x3ade);
    *out = (struct audit_scope){.seed = scope->seed, .k = scope->k, .policy = scope->policy, .full = scope->full};
    enum status status = OK;
    for (size_t tenant = 0; tenant < MADE_TENANTS && status == OK; tenant++)
        status = add_tenant(random, tenant, out);
    if (status != OK) {
        audit_scope_free(out);
        *out = (struct audit_scope){0};
    }
    return status;
}
