/* Merkle proofs as JSON. Hides the bound on their length. */
#include "protocol/proof.h"

#include "base/encode.h"
#include "protocol/record.h"

#define ANSWER_MAX 8192

struct json *proof_to_json(const struct merkle_proof *proof)
{
    struct json *array = json_array();
    for (size_t i = 0; i < proof->count; i++)
        json_push(array, json_base64(bytes_of(proof->hashes[i], MERKLE_BYTES)));
    return array;
}

static enum status hash_decode(const struct json *value, uint8_t out[static MERKLE_BYTES])
{
    SCOPED_BUF struct buf hash;
    buf_init(&hash);
    struct bytes text = json_string_bytes(value);
    if (text.size != (MERKLE_BYTES + 2) / 3 * 4)
        return ERR_INPUT;
    TRY(decode_base64(text, &hash));
    if (hash.size != MERKLE_BYTES)
        return ERR_INPUT;
    memcpy(out, hash.data, MERKLE_BYTES);
    return OK;
}

void proof_take(struct json_fields *fields, const char *key, struct merkle_proof *out)
{
    out->count = 0;
    const struct json *array = json_take_array(fields, key, MERKLE_PROOF_MAX);
    for (size_t i = 0; fields->status == OK && i < json_count(array); i++) {
        enum status status = hash_decode(json_at(array, i), out->hashes[i]);
        if (status != OK)
            record_fail(fields, status, "not a hash", key);
        else
            out->count = i + 1;
    }
}

enum status proof_encode(const struct merkle_proof *proof, struct buf *out)
{
    struct json *object = json_object();
    json_set(object, "proof", proof_to_json(proof));
    return record_close(object, out);
}

enum status proof_decode(struct bytes text, struct merkle_proof *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    out->count = 0;
    TRY(json_parse(text, ANSWER_MAX, &json, why));
    json_fields(&fields, json, "proof", why);
    proof_take(&fields, "proof", out);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        out->count = 0;
    return status;
}
