/* Policy files: strict JSON. Hides the reading of a record and its canonical hash.
 *
 *     {"version": 1, "name": "ours", "threshold": 0.6, "flag": 0.4, "tagger": false, "default": "placeholder",
 *      "types": {"IP": "mask", "NAME": "keep"}, "rules": {"date.machine": "keep"},
 *      "allow": ["support@example.org"], "custom": ["Project Falcon"]} */
#include "base/hash.h"
#include "base/json.h"
#include "redaction/redactor.h"

#define POLICY_MAX (1u << 20)
#define WORD_MAX 256
#define RULE_MAX 64
#define POLICY_VERSION 1

static const char *const operators[] = {"placeholder", "mask", "hash", "drop", "keep"};
#define OPERATORS (sizeof operators / sizeof operators[0])

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

/* Rules, by name or by how their names begin, that this policy does not want. */
static enum status read_rules(const struct json *rules, struct buf *out, struct why *why)
{
    for (size_t i = 0; i < json_count(rules); i++) {
        const char *prefix;
        const struct json *choice = json_member(rules, i, &prefix);
        if (i == POLICY_RULES_MAX)
            return why_set(why, ERR_INPUT, "too many", "policy rules", i);
        if (strlen(prefix) < 2 || strlen(prefix) > RULE_MAX)
            return why_set(why, ERR_INPUT, "not the name of a rule of 2 to 64 bytes", "policy rules", i);
        if (!bytes_is(json_string_bytes(choice), "keep"))
            return why_set(why, ERR_INPUT, "a rule can be given \"keep\" and nothing else", "policy rules", i);
        buf_add_lp(out, bytes_str(prefix));
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
    out->flag = json_has(&fields, "flag") ? json_take_number(&fields, "flag", 0, out->threshold) : out->threshold;
    out->tagger = !json_has(&fields, "tagger") || json_take_bool(&fields, "tagger");
    size_t fallback = json_take_choice(&fields, "default", operators, OPERATORS);
    const struct json *types = json_has(&fields, "types") ? json_take_object(&fields, "types") : NULL;
    const struct json *rules = json_has(&fields, "rules") ? json_take_object(&fields, "rules") : NULL;
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
    TRY(read_rules(rules, &out->unwanted, why));
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
    buf_free(&policy->unwanted);
}
