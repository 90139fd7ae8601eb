/* The record of a contribution, one encoder and one decoder a class, and of a withdrawal. Hides the fields of each
 * class: the decoder of `noised` takes numbers only, so that text or free bytes in such a record are an unknown field.
 */
#include "protocol/contribution.h"

#include "protocol/record.h"

static const char *const class_names[CONTRIBUTION_CLASSES] = {[CLASS_TEXT] = "text", [CLASS_NOISED] = "noised"};

#define EPSILON_MAX INT64_C(1000000000) /* ε = 1000 says nothing any more */

void contribution_free(struct contribution *contribution)
{
    for (size_t i = 0; i < contribution->candidate_count; i++)
        candidate_free(&contribution->candidates[i]);
    mem_free(contribution->candidates);
    mem_free(contribution->noised.votes);
    mem_free(contribution->noised.features);
    *contribution = (struct contribution){0};
}

/* --- class text --- */

static bool is_extractor(const char *name)
{
    return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-/")] == 0;
}

static void text_set(struct json *object, const struct contribution *contribution)
{
    struct json *candidates = json_array();
    for (size_t i = 0; i < contribution->candidate_count; i++)
        json_push(candidates, candidate_encode(&contribution->candidates[i]));
    json_set(object, "candidates", candidates);
    json_set(object, "extractor", json_text(contribution->extractor));
    json_set(object, "redaction", json_hex(bytes_of(contribution->redaction, sizeof contribution->redaction)));
}

static void text_take(struct json_fields *fields, struct contribution *out)
{
    record_take_line(fields, "extractor", out->extractor, sizeof out->extractor);
    if (fields->status == OK && !is_extractor(out->extractor))
        record_fail(fields, ERR_INPUT, "not an extractor's name", "extractor");
    record_take_hex(fields, "redaction", out->redaction, sizeof out->redaction);
    const struct json *array = json_take_array(fields, "candidates", CONTRIBUTION_CANDIDATES_MAX);
    size_t count = json_count(array);
    out->candidates = record_room(fields, "candidates", count, sizeof *out->candidates);
    if (!out->candidates)
        return;
    for (; fields->status == OK && out->candidate_count < count; out->candidate_count++)
        fields->status =
            candidate_decode(json_at(array, out->candidate_count), &out->candidates[out->candidate_count], fields->why);
}

/* --- class noised --- */

static void noised_set(struct json *object, const struct noised_record *noised)
{
    struct json *votes = json_array(), *features = json_array();
    for (size_t i = 0; i < noised->vote_count; i++) {
        struct json *pair = json_array();
        json_push(pair, json_integer(noised->votes[i].code));
        json_push(pair, json_integer(noised->votes[i].bit));
        json_push(votes, pair);
    }
    for (size_t i = 0; i < noised->feature_count; i++)
        json_push(features, json_integer(noised->features[i]));
    json_set(object, "codebook", json_integer(noised->codebook));
    json_set(object, "epsilon_micro", record_count(noised->epsilon_micro));
    json_set(object, "features", features);
    json_set(object, "scale", json_integer(noised->scale));
    json_set(object, "votes", votes);
}

static bool vote_of(const struct json *pair, struct noised_vote *out)
{
    const struct json *code = json_at(pair, 0), *bit = json_at(pair, 1);
    if (json_count(pair) != 2 || !json_is_integer(code) || !json_is_integer(bit))
        return false;
    int64_t number = json_integer_value(code), value = json_integer_value(bit);
    if (number < 0 || number > UINT32_MAX || value < 0 || value > 1)
        return false;
    *out = (struct noised_vote){.code = (uint32_t)number, .bit = (uint8_t)value};
    return true;
}

static void votes_take(struct json_fields *fields, struct noised_record *out)
{
    const struct json *array = json_take_array(fields, "votes", NOISED_VOTES_MAX);
    size_t count = json_count(array);
    out->votes = record_room(fields, "votes", count, sizeof *out->votes);
    if (!out->votes)
        return;
    for (size_t i = 0; fields->status == OK && i < count; i++) {
        if (!vote_of(json_at(array, i), &out->votes[i]))
            record_fail(fields, ERR_INPUT, "not a vote", "votes");
        else if (i && out->votes[i].code <= out->votes[i - 1].code)
            record_fail(fields, ERR_INPUT, "votes not in order", "votes");
        out->vote_count = i + 1;
    }
}

static void features_take(struct json_fields *fields, struct noised_record *out)
{
    const struct json *array = json_take_array(fields, "features", NOISED_FEATURES_MAX);
    size_t count = json_count(array);
    out->features = record_room(fields, "features", count, sizeof *out->features);
    if (!out->features)
        return;
    for (size_t i = 0; fields->status == OK && i < count; i++) {
        const struct json *feature = json_at(array, i);
        int64_t value = json_integer_value(feature);
        if (!json_is_integer(feature) || value < INT32_MIN || value > INT32_MAX)
            record_fail(fields, ERR_INPUT, "not a feature", "features");
        out->features[i] = (int32_t)value;
        out->feature_count = i + 1;
    }
}

static void noised_take(struct json_fields *fields, struct noised_record *out)
{
    out->codebook = (uint32_t)json_take_integer(fields, "codebook", 1, UINT32_MAX);
    out->epsilon_micro = (uint64_t)json_take_integer(fields, "epsilon_micro", 1, EPSILON_MAX);
    out->scale = (uint32_t)json_take_integer(fields, "scale", 1, UINT32_MAX);
    votes_take(fields, out);
    features_take(fields, out);
}

/* --- both --- */

enum status contribution_encode(const struct contribution *contribution, struct buf *out)
{
    if (contribution->class >= CONTRIBUTION_CLASSES)
        return ERR_USAGE;
    struct json *object = record_new();
    json_set(object, "class", json_text(class_names[contribution->class]));
    if (contribution->class == CLASS_TEXT)
        text_set(object, contribution);
    else
        noised_set(object, &contribution->noised);
    return record_close(object, out);
}

enum status contribution_decode(struct bytes record, struct contribution *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct contribution){0};
    TRY(record_open(record, ENVELOPE_MAX, "contribution", &json, &fields, why));
    out->class = (enum contribution_class)json_take_choice(&fields, "class", class_names, CONTRIBUTION_CLASSES);
    if (out->class == CLASS_NOISED)
        noised_take(&fields, &out->noised);
    else
        text_take(&fields, out);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        contribution_free(out);
    return status;
}

enum status withdrawal_encode(const uint8_t contribution[static ID_BYTES], struct buf *out)
{
    struct json *object = record_new();
    json_set(object, "contribution", json_hex(bytes_of(contribution, ID_BYTES)));
    return record_close(object, out);
}

enum status withdrawal_decode(struct bytes record, uint8_t contribution[static ID_BYTES], struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    memset(contribution, 0, ID_BYTES);
    TRY(record_open(record, 256, "withdrawal", &json, &fields, why));
    record_take_hex(&fields, "contribution", contribution, ID_BYTES);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        memset(contribution, 0, ID_BYTES);
    return status;
}
