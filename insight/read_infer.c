/* Hides how a tool is guessed where a format keeps only its results: from the result's own keys, from what an error
 * says was not found, and from what changed between two views of one thing. What can't be told stays without a name. */
#include <stdio.h>

#include "base/hash.h"
#include "insight/read_inside.h"

#define TOOL_MAX 64

/* "order_id" → "order". */
static bool entity_of_key(struct bytes key, char out[static TOOL_MAX])
{
    static const char *const endings[] = {"_id", "_number"};
    for (size_t i = 0; i < 2; i++) {
        size_t cut = strlen(endings[i]);
        if (key.size > cut && key.size < 32 && bytes_is(bytes_part(key, key.size - cut, cut), endings[i])) {
            snprintf(out, TOOL_MAX, "%.*s", (int)(key.size - cut), (const char *)key.data);
            return true;
        }
    }
    return false;
}

/* A thing that was seen before, with the state that it was in. */
struct seen {
    uint64_t thing, state;
};
struct inference {
    struct seen seen[64];
    size_t count;
};

/* The verb that a status names: "exchange requested" → "exchange". */
static const char *verb_of_status(struct bytes status)
{
    static const char *const verbs[][2] = {{"cancel", "cancel"}, {"return", "return"}, {"exchang", "exchange"},
                                           {"refund", "refund"}, {"modif", "modify"},  {"ship", "ship"},
                                           {"clos", "close"},    {"reopen", "reopen"}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (bytes_find(status, bytes_str(verbs[i][0])) != SIZE_MAX)
            return verbs[i][1];
    return "update";
}

/* The same thing once more, in another state: the call changed it. */
static void name_record(struct inference *known, struct view record, const char *entity, struct bytes id,
                        char out[static TOOL_MAX])
{
    uint64_t thing = hash_mix64(id, 1), state = hash_mix64(record.raw, 2);
    snprintf(out, TOOL_MAX, "get_%s_details", entity);
    for (size_t i = 0; i < known->count; i++) {
        if (known->seen[i].thing != thing)
            continue;
        if (known->seen[i].state != state)
            snprintf(out, TOOL_MAX, "%s_%s", verb_of_status(view_get(record, "status").raw), entity);
        known->seen[i].state = state;
        return;
    }
    if (known->count < sizeof known->seen / sizeof *known->seen)
        known->seen[known->count++] = (struct seen){thing, state};
}

static bool name_from_json(struct inference *known, struct view json, char out[static TOOL_MAX])
{
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view value = VIEW_NONE;
    view_walk_start(&walk, json);
    if (!view_walk_next(&walk, &key, &value))
        return false;
    char entity[TOOL_MAX];
    if (json.kind == JSON_ARRAY_START) {
        view_walk_start(&walk, value);
        if (value.kind != JSON_OBJECT_START || !view_walk_next(&walk, &key, &value) || !entity_of_key(key, entity))
            return false;
        snprintf(out, TOOL_MAX, "search_%.40ss", entity);
        return true;
    }
    if (entity_of_key(key, entity)) {
        name_record(known, json, entity, value.raw, out);
        return true;
    }
    if (view_present(view_get(json, "email")) && view_present(view_get(json, "name"))) {
        name_record(known, json, "user", view_get(json, "email").raw, out);
        return true;
    }
    if (view_present(view_get(json, "product_id")) && view_present(view_get(json, "variants"))) {
        snprintf(out, TOOL_MAX, "get_product_details");
        return true;
    }
    return false;
}

/* "Error: order not found" → order. One lower-case word before "not found". */
static bool name_from_error(struct bytes text, char out[static TOOL_MAX])
{
    size_t end = bytes_find(text, bytes_str(" not found"));
    if (end == SIZE_MAX || end == 0 || !text.data)
        return false;
    size_t start = end;
    while (start > 0 && text.data[start - 1] >= 'a' && text.data[start - 1] <= 'z')
        start--;
    bool one_word = start >= 2 && text.data[start - 1] == ' ' && text.data[start - 2] == ':';
    if (end - start < 3 || end - start > 24 || !one_word)
        return false;
    struct bytes entity = bytes_part(text, start, end - start);
    bool user = bytes_is(entity, "user") || bytes_is(entity, "customer");
    snprintf(out, TOOL_MAX, user ? "find_%.*s" : "get_%.*s_details", (int)entity.size, (const char *)entity.data);
    return true;
}

/* "ava_nguyen_6646" alone: the search for a user. */
static bool is_handle(struct bytes text)
{
    size_t digits = 0, separators = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        if (byte == '_')
            separators++;
        else if (byte >= '0' && byte <= '9')
            digits++;
        else if (byte < 'a' || byte > 'z')
            return false;
    }
    return separators >= 2 && digits >= 2 && text.size < 64;
}

static bool name_result(struct inference *known, const struct step *step, char out[static TOOL_MAX])
{
    struct bytes text = bytes_str(step->text);
    struct view json = VIEW_NONE;
    if (step->failed)
        return name_from_error(text, out);
    if (view_of(text, &json, NULL) == OK)
        return name_from_json(known, json, out);
    if (bytes_starts(text, "Transfer successful")) {
        snprintf(out, TOOL_MAX, "transfer_to_human_agents");
        return true;
    }
    snprintf(out, TOOL_MAX, "find_user");
    return is_handle(text);
}

/* A refusal that names nothing belongs to the next change that went through. */
static enum status name_refusals(struct trace *trace)
{
    const char *next = NULL;
    for (size_t i = trace->step_count; i > 0; i--) {
        struct step *step = &trace->steps[i - 1];
        if (step->role != STEP_RESULT)
            continue;
        if (step->tool && !step->failed)
            next = strncmp(step->tool, "get_", 4) == 0 || strncmp(step->tool, "find_", 5) == 0 ||
                           strncmp(step->tool, "search_", 7) == 0 || strncmp(step->tool, "transfer_", 9) == 0
                       ? next
                       : step->tool;
        if (!step->tool && step->failed && next)
            TRY(read_copy(bytes_str(next), &step->tool));
    }
    return OK;
}

enum status infer_tools(struct trace *trace)
{
    struct inference known = {.count = 0};
    char tool[TOOL_MAX];
    for (size_t i = 0; i < trace->step_count; i++) {
        struct step *step = &trace->steps[i];
        if (step->role == STEP_RESULT && !step->tool && name_result(&known, step, tool))
            TRY(read_copy(bytes_str(tool), &step->tool));
    }
    return name_refusals(trace);
}
