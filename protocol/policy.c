/* The federation policy. Hides one table: each row is a number of the policy with its key, its range and which way is
 * stricter; encoder, decoder and comparison walk it. */
#include "protocol/policy.h"

#include "crypto/cosign.h"
#include "protocol/contribution.h"
#include "protocol/record.h"

#define POLICY_MAX 4096
#define EPSILON_MAX UINT64_C(1000000000)       /* ε = 1000 */
#define ROUND_EPSILON_MAX UINT64_C(20000000)   /* ε = 20: over that it promises nothing */
#define BUDGET_DELTA_MAX UINT64_C(10000000000) /* δ = 0.01 */
#define ROUND_DELTA_MAX UINT64_C(1000000000)   /* δ = 0.001 */

static const char *const mode_names[] = {[RELEASE_THRESHOLD] = "threshold", [RELEASE_DP] = "dp"};
/* From lax to strict. */
static const char *const redaction_names[] = {"off", "default", "strict"};
#define COUNT(names) (sizeof(names) / sizeof *(names))

enum stricter { SAME_EITHER_WAY, STRICTER_MORE, STRICTER_LESS };
struct number {
    const char *key;
    size_t offset, size;
    uint64_t least, most;
    enum stricter stricter;
    bool optional;   /* 0 by being absent, and never written as 0: what a policy said before keeps its bytes and hash */
    bool private;    /* of mode `dp`: there it must be, elsewhere it must not */
    uint64_t absent; /* what an absent one means */
};
#define NUMBER(field) #field, offsetof(struct policy, field), sizeof((struct policy *)0)->field
static const struct number numbers[] = {
    {NUMBER(version), 1, UINT32_MAX, SAME_EITHER_WAY, false, false, 0},
    {NUMBER(k), 2, 1000, STRICTER_MORE, false, false, 0},
    {NUMBER(min_tasks), 1, 1000, STRICTER_MORE, false, false, 0},
    {NUMBER(max_candidates), 1, CONTRIBUTION_CANDIDATES_MAX, STRICTER_LESS, false, false, 0},
    {NUMBER(max_record_bytes), 1024, 224 * 1024, STRICTER_LESS, false, false, 0},
    {NUMBER(max_contributions), 1, 1000000, STRICTER_LESS, false, false, 0},
    {NUMBER(cosigners), 1, COSIGN_LINES_MAX, STRICTER_MORE, true, false, 0},
    {NUMBER(rate_per_minute), 1, 1000000, SAME_EITHER_WAY, true, false, 0},
    {NUMBER(overlap_tokens), 1, 64, STRICTER_LESS, false, false, 0},
    {NUMBER(round_seconds), 0, 366 * 86400, SAME_EITHER_WAY, false, false, 0},
    {NUMBER(near_milli), 1, 1000, SAME_EITHER_WAY, false, false, 0},
    {NUMBER(related_milli), 1, 1000, SAME_EITHER_WAY, false, false, 0},
    {NUMBER(noise_epsilon_max_micro), 0, EPSILON_MAX, STRICTER_LESS, false, false, 0},
    {NUMBER(noise_floor_choice), 1, DP_FLOOR_MOST, STRICTER_MORE, true, false, 0},
    {NUMBER(noise_floor_count), 1, DP_FLOOR_MOST, STRICTER_MORE, true, false, 0},
    {NUMBER(budget_epsilon_micro), 0, EPSILON_MAX, STRICTER_LESS, false, false, 0},
    {NUMBER(budget_delta_pico), 1, BUDGET_DELTA_MAX, STRICTER_LESS, true, false, POLICY_BUDGET_DELTA_PICO},
    {NUMBER(dp_epsilon_micro), 1, ROUND_EPSILON_MAX, STRICTER_LESS, true, true, 0},
    {NUMBER(dp_delta_pico), 1, ROUND_DELTA_MAX, STRICTER_LESS, true, true, 0},
    {NUMBER(dp_statements), 1, 1024, SAME_EITHER_WAY, true, true, 0},
};

static uint64_t number_get(const struct policy *policy, const struct number *number)
{
    uint32_t narrow;
    uint64_t wide;
    if (number->size == sizeof wide) {
        memcpy(&wide, (const char *)policy + number->offset, sizeof wide);
        return wide;
    }
    memcpy(&narrow, (const char *)policy + number->offset, sizeof narrow);
    return narrow;
}

static uint64_t number_meant(const struct policy *policy, const struct number *number)
{
    uint64_t value = number_get(policy, number);
    return value ? value : number->absent;
}

static void number_set(struct policy *policy, const struct number *number, uint64_t value)
{
    uint32_t narrow = (uint32_t)value;
    const void *from = number->size == sizeof value ? (const void *)&value : (const void *)&narrow;
    memcpy((char *)policy + number->offset, from, number->size);
}

static size_t redaction_rank(const struct policy *policy)
{
    size_t rank = 0;
    while (rank < COUNT(redaction_names) && strcmp(policy->redaction, redaction_names[rank]) != 0)
        rank++;
    return rank;
}

void policy_default(struct policy *policy)
{
    *policy = (struct policy){
        .version = 1,
        .name = "default",
        .allow_text = true,
        .allow_noised = true,
        .mode = RELEASE_THRESHOLD,
        .k = 3,
        .min_tasks = 2,
        .max_candidates = CONTRIBUTION_CANDIDATES_MAX,
        .max_record_bytes = 128 * 1024,
        .max_contributions = 10000,
        .overlap_tokens = 3,
        .round_seconds = 86400,
        .near_milli = 850,
        .related_milli = 400,
        .noise_epsilon_max_micro = 4000000,
        .budget_epsilon_micro = 10000000,
        .redaction = "default",
    };
}

static enum status policy_valid(const struct policy *policy, struct why *why)
{
    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint64_t value = number_get(policy, &numbers[i]);
        bool absent = numbers[i].optional && value == 0;
        if (!absent && (value < numbers[i].least || value > numbers[i].most))
            return why_set(why, ERR_INPUT, "out of range", numbers[i].key, 0);
        if (numbers[i].private && absent != (policy->mode != RELEASE_DP))
            return why_set(why, ERR_INPUT, absent ? "missing: mode dp needs it" : "says nothing but in mode dp",
                           numbers[i].key, 0);
    }
    if (policy->related_milli > policy->near_milli)
        return why_set(why, ERR_INPUT, "over near_milli", "related_milli", 0);
    if (!policy->allow_text && !policy->allow_noised)
        return why_set(why, ERR_INPUT, "no class of contribution is allowed", "policy", 0);
    return OK;
}

struct json *policy_to_json(const struct policy *policy)
{
    if (policy_valid(policy, NULL) != OK || policy->mode >= COUNT(mode_names))
        return NULL;
    struct json *object = record_new();
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (!numbers[i].optional || number_get(policy, &numbers[i]) != 0)
            json_set(object, numbers[i].key, record_count(number_get(policy, &numbers[i])));
    json_set(object, "name", json_text(policy->name));
    json_set(object, "allow_text", json_bool(policy->allow_text));
    json_set(object, "allow_noised", json_bool(policy->allow_noised));
    json_set(object, "mode", json_text(mode_names[policy->mode]));
    json_set(object, "redaction", json_text(policy->redaction));
    return object;
}

static enum status policy_take(struct json_fields *fields, struct policy *out)
{
    struct policy policy = {0};
    *out = policy;
    for (size_t i = 0; i < COUNT(numbers); i++) {
        const struct number *number = &numbers[i];
        if (!number->optional || json_has(fields, number->key))
            number_set(&policy, number,
                       (uint64_t)json_take_integer(fields, number->key, (int64_t)number->least, (int64_t)number->most));
    }
    record_take_line(fields, "name", policy.name, sizeof policy.name);
    policy.allow_text = json_take_bool(fields, "allow_text");
    policy.allow_noised = json_take_bool(fields, "allow_noised");
    policy.mode = (enum release_mode)json_take_choice(fields, "mode", mode_names, COUNT(mode_names));
    size_t rank = json_take_choice(fields, "redaction", redaction_names, COUNT(redaction_names));
    TRY(json_fields_end(fields));
    TRY(policy_valid(&policy, fields->why));
    memcpy(policy.redaction, redaction_names[rank], strlen(redaction_names[rank]));
    *out = policy;
    return OK;
}

enum status policy_from_json(const struct json *value, struct policy *out, struct why *why)
{
    struct json_fields fields;
    record_begin(value, "policy", &fields, why);
    return policy_take(&fields, out);
}

enum status policy_encode(const struct policy *policy, struct buf *out)
{
    TRY(policy_valid(policy, NULL));
    return record_close(policy_to_json(policy), out);
}

enum status policy_decode(struct bytes text, struct policy *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct policy){0};
    TRY(record_open(text, POLICY_MAX, "policy", &json, &fields, why));
    return policy_take(&fields, out);
}

enum status policy_hash(const struct policy *policy, uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf text;
    buf_init(&text);
    memset(out, 0, HASH_BYTES);
    TRY(policy_encode(policy, &text));
    hash_sha256(buf_bytes(&text), out);
    return OK;
}

struct dp_floor policy_floor(const struct policy *policy)
{
    struct dp_floor floor = {{0}};
    floor.least[DP_FEATURE_CHOICE] = policy->noise_floor_choice;
    floor.least[DP_FEATURE_COUNT] = policy->noise_floor_count;
    return floor;
}

enum status policy_as_strict(const struct policy *mine, const struct policy *theirs, struct why *why)
{
    static const char laxer[] = "laxer than the policy accepted so far";
    static const char hint[] = "a person must accept it: --accept-policy";
    for (size_t i = 0; i < COUNT(numbers); i++) {
        uint64_t ours = number_meant(mine, &numbers[i]), other = number_meant(theirs, &numbers[i]);
        if (numbers[i].private && mine->mode != RELEASE_DP)
            continue;
        if ((numbers[i].stricter == STRICTER_MORE && other < ours) ||
            (numbers[i].stricter == STRICTER_LESS && other > ours))
            return why_hint(why, ERR_POLICY, laxer, numbers[i].key, hint);
    }
    if (theirs->allow_text && !mine->allow_text)
        return why_hint(why, ERR_POLICY, laxer, "allow_text", hint);
    if (theirs->allow_noised && !mine->allow_noised)
        return why_hint(why, ERR_POLICY, laxer, "allow_noised", hint);
    if (theirs->mode == RELEASE_THRESHOLD && mine->mode == RELEASE_DP)
        return why_hint(why, ERR_POLICY, laxer, "mode", hint);
    if (redaction_rank(theirs) < redaction_rank(mine))
        return why_hint(why, ERR_POLICY, laxer, "redaction", hint);
    return OK;
}
