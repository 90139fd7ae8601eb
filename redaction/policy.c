/* Policy files: strict JSON. Hides the reading of a record.
 *
 *     {"version": 1, "name": "ours", "threshold": 0.6, "flag": 0.4, "tagger": false, "default": "placeholder",
 *      "types": {"IP": "generalise", "CARD": {"operator": "mask", "last": 4}}, "rules": {"date.machine": "keep"},
 *      "allow": ["support@example.org"], "allow_patterns": ["[a-z]+@example\\.org"], "custom": ["Project Falcon"],
 *      "patterns": [{"name": "staff", "type": "ACCOUNT", "pattern": "\\bS-[0-9]{6}\\b", "score": 0.9,
 *                    "context": ["staff", "employee"]}]}
 *
 * docs/redact-policy.schema.json says the same. */
#include "redaction/policy.h"

#include <stdio.h>

#include "base/json.h"
#include "redaction/chars.h"

#define POLICY_MAX (1u << 20)
#define POLICY_VERSION 1
#define WEEKS_USUAL 52

static const char *const operators[OPERATORS] = {
    [OPERATE_PLACEHOLDER] = "placeholder",
    [OPERATE_MASK] = "mask",
    [OPERATE_HASH] = "hash",
    [OPERATE_DROP] = "drop",
    [OPERATE_KEEP] = "keep",
    [OPERATE_GENERALISE] = "generalise",
    [OPERATE_SHIFT] = "shift",
    [OPERATE_ENCRYPT] = "encrypt",
    [OPERATE_SURROGATE] = "surrogate",
};

static bool is_date(enum redact_type type)
{
    return type == REDACT_DATE || type == REDACT_BIRTH_DATE;
}

/* --- operators --- */

static size_t find_operator(const char *name)
{
    size_t i = 0;
    while (i < OPERATORS && strcmp(operators[i], name) != 0)
        i++;
    return i;
}

/* {"operator": "mask", "last": 4} */
static enum status read_operation_record(const struct json *value, struct operation *out, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, value, "policy operator", why);
    out->how = (uint8_t)json_take_choice(&fields, "operator", operators, OPERATORS);
    if (out->how == OPERATE_MASK && json_has(&fields, "last"))
        out->parameter = (uint16_t)json_take_integer(&fields, "last", 0, POLICY_LAST_MAX);
    if (out->how == OPERATE_SHIFT)
        out->parameter = json_has(&fields, "weeks") ? (uint16_t)json_take_integer(&fields, "weeks", 1, POLICY_WEEKS_MAX)
                                                    : WEEKS_USUAL;
    return json_fields_end(&fields);
}

/* The short form is the operator's name. */
static enum status read_operation(const struct json *value, struct operation *out, struct why *why)
{
    *out = (struct operation){0};
    if (json_is_object(value))
        return read_operation_record(value, out, why);
    const char *name = json_string_text(value);
    size_t found = name ? find_operator(name) : OPERATORS;
    if (found == OPERATORS)
        return why_set(why, ERR_INPUT, "no such operator", "policy", 0);
    *out = (struct operation){(uint8_t)found, found == OPERATE_SHIFT ? WEEKS_USUAL : 0};
    return OK;
}

/* Either form, from a record. */
static const struct json *take_operation(struct json_fields *fields, const char *key)
{
    const struct json *value = json_get(fields->object, key);
    if (json_is_object(value))
        return json_take_object(fields, key);
    json_take_string(fields, key, SIZE_MAX);
    return value;
}

static enum status read_types(const struct json *types, struct redact_policy *out, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, types, "policy types", why);
    for (unsigned type = 0; type < REDACT_TYPES; type++) {
        const char *name = redact_type_name(type);
        if (!json_has(&fields, name))
            continue;
        TRY(read_operation(take_operation(&fields, name), &out->operations[type], why));
        if (out->operations[type].how == OPERATE_SHIFT && !is_date(type))
            return why_hint(why, ERR_INPUT, "only dates can be shifted", "policy types", name);
    }
    return json_fields_end(&fields);
}

static enum status read_fallback(const struct json *value, struct redact_policy *out, struct why *why)
{
    struct operation fallback;
    TRY(read_operation(value, &fallback, why));
    if (fallback.how == OPERATE_SHIFT)
        return why_set(why, ERR_INPUT, "only dates can be shifted", "policy default", 0);
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        out->operations[type] = fallback;
    return OK;
}

/* --- lists --- */

static enum status read_words(const struct json *words, struct buf *out, struct why *why)
{
    for (size_t i = 0; i < json_count(words); i++) {
        struct bytes word = json_string_bytes(json_at(words, i));
        if (word.size < 2 || word.size > POLICY_WORD_BYTES)
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
        if (strlen(prefix) < 2 || strlen(prefix) > POLICY_RULE_BYTES)
            return why_set(why, ERR_INPUT, "not the name of a rule of 2 to 64 bytes", "policy rules", i);
        if (!bytes_is(json_string_bytes(choice), "keep"))
            return why_set(why, ERR_INPUT, "a rule can be given \"keep\" and nothing else", "policy rules", i);
        buf_add_lp(out, bytes_str(prefix));
    }
    return buf_status(out);
}

/* --- patterns --- */

static enum status read_name(struct bytes name, const struct redact_policy *policy, struct policy_pattern *out)
{
    if (name.size == 0)
        return ERR_INPUT;
    for (size_t i = 0; i < name.size; i++)
        if (!(name.data[i] >= 'a' && name.data[i] <= 'z') && !(name.data[i] >= '0' && name.data[i] <= '9') &&
            (i == 0 || !strchr("._-", name.data[i])))
            return ERR_INPUT;
    snprintf(out->rule, sizeof out->rule, "custom.%.*s", (int)name.size, (const char *)name.data);
    for (size_t i = 0; i < policy->pattern_count; i++)
        if (strcmp(policy->patterns[i].rule, out->rule) == 0)
            return ERR_EXISTS;
    return OK;
}

/* ["account", "konto"] as "account|konto". */
static enum status read_context(const struct json *words, char **out, struct why *why)
{
    struct buf joined SCOPED_BUF = {0};
    for (size_t i = 0; i < json_count(words); i++) {
        struct bytes word = json_string_bytes(json_at(words, i));
        if (word.size < 2 || word.size > POLICY_RULE_BYTES || memchr(word.data, '|', word.size))
            return why_set(why, ERR_INPUT, "not a word of 2 to 64 bytes", "policy pattern's context", i);
        if (i)
            buf_add_byte(&joined, '|');
        for (size_t at = 0; at < word.size; at++)
            buf_add_byte(&joined, char_lower(word.data[at]));
    }
    if (joined.size == 0 && !joined.failed)
        return OK;
    *out = mem_copy(buf_bytes(&joined));
    return joined.failed || !*out ? ERR_MEMORY : OK;
}

static enum status copy_pattern(struct bytes text, char **out, size_t index, struct why *why)
{
    if (text.size == 0 || text.size > POLICY_PATTERN_BYTES)
        return why_set(why, ERR_INPUT, "not a pattern of 1 to 512 bytes", "policy patterns", index);
    *out = mem_copy(text);
    return *out ? OK : ERR_MEMORY;
}

static enum status read_pattern(const struct json *value, struct redact_policy *policy, struct why *why)
{
    const char *names[REDACT_TYPES];
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        names[type] = redact_type_name(type);
    size_t index = policy->pattern_count;
    struct policy_pattern *out = &policy->patterns[index];
    struct json_fields fields;
    json_fields(&fields, value, "policy pattern", why);
    struct bytes name = json_take_string(&fields, "name", POLICY_NAME_BYTES);
    struct bytes pattern = json_take_string(&fields, "pattern", POLICY_PATTERN_BYTES);
    out->type = json_has(&fields, "type") ? (enum redact_type)json_take_choice(&fields, "type", names, REDACT_TYPES)
                                          : REDACT_CUSTOM;
    out->score = json_has(&fields, "score") ? (float)json_take_number(&fields, "score", 0, 1) : 1;
    const struct json *context =
        json_has(&fields, "context") ? json_take_array(&fields, "context", POLICY_CONTEXT_MAX) : NULL;
    TRY(json_fields_end(&fields));
    enum status named = read_name(name, policy, out);
    if (named != OK)
        return why_set(why, ERR_INPUT, named == ERR_EXISTS ? "is there already" : "not a name of a-z, 0-9, . _ and -",
                       "policy pattern's name", index);
    TRY(copy_pattern(pattern, &out->pattern, index, why));
    policy->pattern_count++; /* from here on it is freed with the policy */
    return read_context(context, &out->context, why);
}

static enum status read_patterns(const struct json *patterns, struct redact_policy *out, struct why *why)
{
    size_t count = json_count(patterns);
    out->patterns = mem_new(count + 1, sizeof *out->patterns);
    if (!out->patterns)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        TRY(read_pattern(json_at(patterns, i), out, why));
    return OK;
}

static enum status read_allow_patterns(const struct json *patterns, struct redact_policy *out, struct why *why)
{
    for (size_t i = 0; i < json_count(patterns); i++) {
        TRY(copy_pattern(json_string_bytes(json_at(patterns, i)), &out->allow_patterns[i], i, why));
        out->allow_count++;
    }
    return OK;
}

/* --- the record --- */

static const struct json *take_list(struct json_fields *fields, const char *key, size_t most)
{
    return json_has(fields, key) ? json_take_array(fields, key, most) : NULL;
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
    const struct json *fallback = take_operation(&fields, "default");
    const struct json *types = json_has(&fields, "types") ? json_take_object(&fields, "types") : NULL;
    const struct json *rules = json_has(&fields, "rules") ? json_take_object(&fields, "rules") : NULL;
    const struct json *allow = take_list(&fields, "allow", POLICY_WORDS_MAX);
    const struct json *custom = take_list(&fields, "custom", POLICY_WORDS_MAX);
    const struct json *patterns = take_list(&fields, "patterns", POLICY_PATTERNS_MAX);
    const struct json *allow_patterns = take_list(&fields, "allow_patterns", POLICY_PATTERNS_MAX);
    TRY(json_fields_end(&fields));
    if (version != POLICY_VERSION)
        return why_set(why, ERR_VERSION, "unknown version", "policy", (size_t)version);
    memcpy(out->name, name.data, name.size);
    TRY(read_fallback(fallback, out, why));
    if (types)
        TRY(read_types(types, out, why));
    TRY(read_rules(rules, &out->unwanted, why));
    TRY(read_words(allow, &out->allow, why));
    TRY(read_words(custom, &out->custom, why));
    TRY(read_patterns(patterns, out, why));
    return read_allow_patterns(allow_patterns, out, why);
}

enum status redact_policy_parse(struct bytes text, struct redact_policy *out, struct why *why)
{
    *out = (struct redact_policy){0};
    struct json *value SCOPED_JSON = NULL;
    TRY(json_parse(text, POLICY_MAX, &value, why));
    enum status status = read_policy(value, out, why);
    if (status == OK)
        status = redact_policy_seal(out);
    if (status != OK)
        redact_policy_free(out);
    return status;
}

void redact_policy_free(struct redact_policy *policy)
{
    buf_free(&policy->allow);
    buf_free(&policy->custom);
    buf_free(&policy->unwanted);
    for (size_t i = 0; i < policy->pattern_count; i++) {
        mem_free(policy->patterns[i].pattern);
        mem_free(policy->patterns[i].context);
    }
    mem_free(policy->patterns);
    for (size_t i = 0; i < policy->allow_count; i++)
        mem_free(policy->allow_patterns[i]);
    *policy = (struct redact_policy){0};
}
