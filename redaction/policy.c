/* Policy files: strict JSON, with ready-made ones built in. Hides the reading of a record and its canonical hash.
 *
 *     {"version": 1, "name": "default", "threshold": 0.6, "default": "placeholder",
 *      "types": {"IP": "mask", "NAME": "keep"}, "allow": ["support@example.org"], "custom": ["Project Falcon"]} */
#include "base/hash.h"
#include "base/json.h"
#include "redaction/redactor.h"

#define POLICY_MAX (1u << 20)
#define WORD_MAX 256
#define POLICY_VERSION 1

static const char *const operators[] = {"placeholder", "mask", "hash", "drop", "keep"};
#define OPERATORS (sizeof operators / sizeof operators[0])

static const struct {
    const char *name, *text;
} ready_made[] = {
    {"default", "{\"version\":1,\"name\":\"default\",\"threshold\":0.6,\"default\":\"placeholder\"}"},
    {"strict", "{\"version\":1,\"name\":\"strict\",\"threshold\":0.4,\"default\":\"placeholder\"}"},
    {"secrets-only",
     "{\"version\":1,\"name\":\"secrets-only\",\"threshold\":0.6,\"default\":\"keep\",\"types\":{\"CONNECTION\":"
     "\"placeholder\",\"KEY\":\"placeholder\",\"PASSWORD\":\"placeholder\",\"TOKEN\":\"placeholder\",\"URL_USER\":"
     "\"placeholder\"}}"},
    {"off", "{\"version\":1,\"name\":\"off\",\"threshold\":1,\"default\":\"keep\"}"},
};

struct bytes redact_policy_text(const char *name)
{
    for (size_t i = 0; i < sizeof ready_made / sizeof ready_made[0]; i++)
        if (strcmp(ready_made[i].name, name) == 0)
            return bytes_str(ready_made[i].text);
    return BYTES_NONE;
}

static enum status read_types(const struct json *types, struct redact_policy *out, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, types, "policy types", why);
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        if (json_has(&fields, redact_type_name(type)))
            out->operators[type] = (uint8_t)json_take_choice(&fields, redact_type_name(type), operators, OPERATORS);
    return json_fields_end(&fields);
}

static enum status read_words(const struct json *words, struct buf *out, struct why *why)
{
    for (size_t i = 0; i < json_count(words); i++) {
        struct bytes word = json_string_bytes(json_at(words, i));
        if (word.size < 2 || word.size > WORD_MAX)
            return why_set(why, ERR_INPUT, "not a string of 2 to 256 bytes", "policy words", i);
        buf_add_lp(out, word);
    }
    return buf_status(out);
}

static enum status read_policy(const struct json *value, struct redact_policy *out, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, value, "policy", why);
    int64_t version = json_take_integer(&fields, "version", 1, INT32_MAX);
    struct bytes name = json_take_string(&fields, "name", sizeof out->name - 1);
    out->threshold = json_take_number(&fields, "threshold", 0, 1);
    size_t fallback = json_take_choice(&fields, "default", operators, OPERATORS);
    const struct json *types = json_has(&fields, "types") ? json_take_object(&fields, "types") : NULL;
    const struct json *allow = json_has(&fields, "allow") ? json_take_array(&fields, "allow", POLICY_WORDS_MAX) : NULL;
    const struct json *custom =
        json_has(&fields, "custom") ? json_take_array(&fields, "custom", POLICY_WORDS_MAX) : NULL;
    TRY(json_fields_end(&fields));
    if (version != POLICY_VERSION)
        return why_set(why, ERR_VERSION, "unknown version", "policy", (size_t)version);
    memcpy(out->name, name.data, name.size);
    memset(out->operators, (int)fallback, sizeof out->operators);
    if (types)
        TRY(read_types(types, out, why));
    TRY(read_words(allow, &out->allow, why));
    return read_words(custom, &out->custom, why);
}

enum status redact_policy_parse(struct bytes text, struct redact_policy *out, struct why *why)
{
    *out = (struct redact_policy){0};
    struct json *value SCOPED_JSON = NULL;
    struct buf canonical SCOPED_BUF = {0};
    TRY(json_parse(text, POLICY_MAX, &value, why));
    enum status status = read_policy(value, out, why);
    if (status == OK)
        status = json_canonical(value, &canonical);
    if (status != OK) {
        redact_policy_free(out);
        return status;
    }
    hash_sha256(buf_bytes(&canonical), out->hash);
    return OK;
}

void redact_policy_free(struct redact_policy *policy)
{
    buf_free(&policy->allow);
    buf_free(&policy->custom);
}
