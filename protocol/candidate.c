/* Candidates: ownership, the record, and the fields that it shares with a published insight. Hides the tables of names,
 * lists and slots that encoder and decoder both walk. */
#include "protocol/candidate.h"

#include "protocol/candidate_fields.h"
#include "protocol/record.h"

static const char *const kind_names[CANDIDATE_KINDS] = {
    [CANDIDATE_PROCEDURE] = "procedure", [CANDIDATE_RECOVERY] = "recovery", [CANDIDATE_PRECONDITION] = "precondition",
    [CANDIDATE_PITFALL] = "pitfall",     [CANDIDATE_SKELETON] = "skeleton", [CANDIDATE_SKILL] = "skill",
};
static const char *const outcome_names[OUTCOMES] = {
    [OUTCOME_SUCCESS] = "success",
    [OUTCOME_FAILURE] = "failure",
    [OUTCOME_MIXED] = "mixed",
    [OUTCOME_UNKNOWN] = "unknown",
};
static const struct {
    const char *key;
    size_t offset;
} lists[] =
    {
        {"when", offsetof(struct candidate, when)},
        {"act", offsetof(struct candidate, act)},
        {"avoid", offsetof(struct candidate, avoid)},
        {"why", offsetof(struct candidate, why)},
},
  slots[] = {
      {"tool", offsetof(struct candidate, tool)},
      {"error", offsetof(struct candidate, error)},
      {"precondition", offsetof(struct candidate, precondition)},
      {"argument", offsetof(struct candidate, argument)},
};
#define LISTS (sizeof lists / sizeof *lists)
#define SLOTS (sizeof slots / sizeof *slots)

static struct phrases *list_of(const struct candidate *candidate, size_t i)
{
    return (struct phrases *)((char *)candidate + lists[i].offset);
}

static char **slot_of(const struct candidate *candidate, size_t i)
{
    return (char **)((char *)candidate + slots[i].offset);
}

const char *candidate_kind_name(enum candidate_kind kind)
{
    return kind < CANDIDATE_KINDS ? kind_names[kind] : "unknown";
}

const char *outcome_name(enum outcome outcome)
{
    return outcome < OUTCOMES ? outcome_names[outcome] : "unknown";
}

void candidate_free(struct candidate *candidate)
{
    for (size_t i = 0; i < LISTS; i++)
        phrases_free(list_of(candidate, i));
    for (size_t i = 0; i < SLOTS; i++)
        mem_free(*slot_of(candidate, i));
    for (size_t i = 0; i < candidate->order_count; i++)
        mem_free(candidate->order[i]);
    *candidate = (struct candidate){0};
}

static enum status text_copy(const char *from, char **out)
{
    *out = from ? mem_copy(bytes_str(from)) : NULL;
    return from && !*out ? ERR_MEMORY : OK;
}

static enum status parts_copy(const struct candidate *from, struct candidate *out)
{
    for (size_t list = 0; list < LISTS; list++) {
        const struct phrases *source = list_of(from, list);
        struct phrases *copy = list_of(out, list);
        for (; copy->count < source->count; copy->count++)
            TRY(text_copy(source->items[copy->count], &copy->items[copy->count]));
    }
    for (size_t i = 0; i < SLOTS; i++)
        TRY(text_copy(*slot_of(from, i), slot_of(out, i)));
    for (; out->order_count < from->order_count; out->order_count++)
        TRY(text_copy(from->order[out->order_count], &out->order[out->order_count]));
    return OK;
}

enum status candidate_copy(const struct candidate *from, struct candidate *out)
{
    *out = (struct candidate){
        .kind = from->kind, .outcome = from->outcome, .runs_for = from->runs_for, .runs_against = from->runs_against};
    memcpy(out->task, from->task, sizeof out->task);
    enum status status = parts_copy(from, out);
    if (status != OK)
        candidate_free(out);
    return status;
}

static struct json *texts_array(char *const *items, size_t count)
{
    struct json *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_push(array, json_text(items[i]));
    return array;
}

void candidate_fields_set(struct json *object, const struct candidate *candidate)
{
    json_set(object, "kind", json_text(candidate_kind_name(candidate->kind)));
    json_set(object, "outcome", json_text(outcome_name(candidate->outcome)));
    for (size_t i = 0; i < LISTS; i++)
        json_set(object, lists[i].key, texts_array(list_of(candidate, i)->items, list_of(candidate, i)->count));
    for (size_t i = 0; i < SLOTS; i++)
        if (*slot_of(candidate, i))
            json_set(object, slots[i].key, json_text(*slot_of(candidate, i)));
    json_set(object, "order", texts_array(candidate->order, candidate->order_count));
}

static void take_phrases(struct json_fields *fields, const char *key, struct phrases *out)
{
    const struct json *array = json_take_array(fields, key, PHRASES_MAX);
    for (size_t i = 0; fields->status == OK && i < json_count(array); i++) {
        struct bytes text = json_string_bytes(json_at(array, i));
        enum status status = text.data ? phrases_add(out, (const char *)text.data) : ERR_INPUT;
        if (status != OK)
            record_fail(fields, status, "not a phrase", key);
        else if (!bytes_is(text, out->items[out->count - 1]))
            record_fail(fields, ERR_INPUT, "surplus white space in a phrase", key);
    }
}

static void take_order(struct json_fields *fields, struct candidate *out)
{
    const struct json *array = json_take_array(fields, "order", ORDER_MAX);
    for (size_t i = 0; fields->status == OK && i < json_count(array); i++) {
        struct bytes text = json_string_bytes(json_at(array, i));
        if (text.size == 0 || text.size > SLOT_MAX || !record_is_line(text)) {
            record_fail(fields, ERR_INPUT, "not a step", "order");
            return;
        }
        out->order[i] = mem_copy(text);
        if (!out->order[i]) {
            record_fail(fields, ERR_MEMORY, "out of memory", "order");
            return;
        }
        out->order_count = i + 1;
    }
}

void candidate_fields_take(struct json_fields *fields, struct candidate *out)
{
    out->kind = (enum candidate_kind)json_take_choice(fields, "kind", kind_names, CANDIDATE_KINDS);
    out->outcome = (enum outcome)json_take_choice(fields, "outcome", outcome_names, OUTCOMES);
    for (size_t i = 0; i < LISTS; i++)
        take_phrases(fields, lists[i].key, list_of(out, i));
    for (size_t i = 0; i < SLOTS; i++) {
        char line[SLOT_MAX + 1];
        if (!json_has(fields, slots[i].key))
            continue;
        record_take_line(fields, slots[i].key, line, sizeof line);
        if (fields->status == OK && !(*slot_of(out, i) = mem_copy(bytes_str(line))))
            record_fail(fields, ERR_MEMORY, "out of memory", slots[i].key);
    }
    take_order(fields, out);
}

struct json *candidate_encode(const struct candidate *candidate)
{
    struct json *object = json_object();
    struct json *runs = json_array();
    json_push(runs, json_integer(candidate->runs_for));
    json_push(runs, json_integer(candidate->runs_against));
    candidate_fields_set(object, candidate);
    json_set(object, "runs", runs);
    json_set(object, "task", json_hex(bytes_of(candidate->task, sizeof candidate->task)));
    return object;
}

static void take_runs(struct json_fields *fields, struct candidate *out)
{
    const struct json *runs = json_take_array(fields, "runs", 2);
    if (fields->status != OK)
        return;
    const struct json *succeeded = json_at(runs, 0), *failed = json_at(runs, 1);
    int64_t in_favour = json_integer_value(succeeded), against = json_integer_value(failed);
    if (!json_is_integer(succeeded) || !json_is_integer(failed) || in_favour < 0 || in_favour > UINT32_MAX ||
        against < 0 || against > UINT32_MAX) {
        record_fail(fields, ERR_INPUT, "not two counts", "runs");
        return;
    }
    out->runs_for = (uint32_t)in_favour;
    out->runs_against = (uint32_t)against;
}

enum status candidate_decode(const struct json *value, struct candidate *out, struct why *why)
{
    struct json_fields fields;
    *out = (struct candidate){0};
    json_fields(&fields, value, "candidate", why);
    candidate_fields_take(&fields, out);
    take_runs(&fields, out);
    record_take_hex(&fields, "task", out->task, sizeof out->task);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        candidate_free(out);
    return status;
}
