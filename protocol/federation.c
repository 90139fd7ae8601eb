/* The federation's public document. Hides its table of keys, and what of it a token vouches for. */
#include "protocol/federation.h"

#include "base/encode.h"
#include "protocol/record.h"

#define DOCUMENT_MAX (32u * 1024)

static const struct {
    const char *key;
    size_t offset, size;
} keys[] = {
    {"checkpoint_key", offsetof(struct federation, checkpoint_key), SIGN_PUBLIC_BYTES},
    {"evidence_key", offsetof(struct federation, evidence_key), SIGN_PUBLIC_BYTES},
    {"id", offsetof(struct federation, id), FEDERATION_ID_BYTES},
    {"library_key", offsetof(struct federation, library_key), SIGN_PUBLIC_BYTES},
    {"receipt_key", offsetof(struct federation, receipt_key), SIGN_PUBLIC_BYTES},
    {"sealing_key", offsetof(struct federation, sealing_key), HPKE_PUBLIC_BYTES},
    {"sealing_key_id", offsetof(struct federation, sealing_key_id), KEY_ID_BYTES},
};
#define KEYS (sizeof keys / sizeof *keys)

void federation_free(struct federation *federation)
{
    mem_free(federation->ca_pem);
    *federation = (struct federation){0};
}

static struct json *earlier_json(const struct federation *federation)
{
    struct json *array = json_array();
    for (size_t i = 0; i < federation->earlier_count; i++)
        json_push(array, json_hex(bytes_of(federation->earlier[i], SIGN_PUBLIC_BYTES)));
    return array;
}

/* All but the policy and the certification. */
static struct json *identity_json(const struct federation *federation)
{
    struct json *object = record_new();
    json_set(object, "ca", json_text(federation->ca_pem ? federation->ca_pem : ""));
    json_set(object, "name", json_text(federation->name));
    for (size_t i = 0; i < KEYS; i++)
        json_set(object, keys[i].key, json_hex(bytes_of((const char *)federation + keys[i].offset, keys[i].size)));
    if (federation->earlier_count)
        json_set(object, "earlier_receipt_keys", earlier_json(federation));
    if (federation->serial)
        json_set(object, "serial", record_count(federation->serial));
    return object;
}

enum status federation_encode(const struct federation *federation, struct buf *out)
{
    struct json *object = identity_json(federation);
    if (federation->serial)
        json_set(object, "certification", json_hex(bytes_of(federation->certification, CA_SIGNATURE_BYTES)));
    json_set(object, "policy", policy_to_json(&federation->policy));
    return record_close(object, out);
}

static void earlier_take(struct json_fields *fields, struct federation *out)
{
    const struct json *array = json_take_array(fields, "earlier_receipt_keys", FEDERATION_EARLIER_MAX);
    out->earlier_count = json_count(array);
    if (fields->status == OK && out->earlier_count == 0)
        record_fail(fields, ERR_INPUT, "empty", "earlier_receipt_keys");
    for (size_t i = 0; fields->status == OK && i < out->earlier_count; i++) {
        if (record_hex(json_string_bytes(json_at(array, i)), out->earlier[i], SIGN_PUBLIC_BYTES) != OK)
            record_fail(fields, ERR_INPUT, "not a key", "earlier_receipt_keys");
    }
}

static void serial_take(struct json_fields *fields, struct federation *out)
{
    out->serial = record_take_count(fields, "serial");
    if (fields->status == OK && out->serial == 0)
        record_fail(fields, ERR_INPUT, "serials begin with 1", "serial");
    record_take_hex(fields, "certification", out->certification, CA_SIGNATURE_BYTES);
}

static void federation_take(struct json_fields *fields, struct federation *out)
{
    record_take_copy(fields, "ca", PEM_MAX, &out->ca_pem);
    record_take_line(fields, "name", out->name, sizeof out->name);
    for (size_t i = 0; i < KEYS; i++)
        record_take_hex(fields, keys[i].key, (uint8_t *)out + keys[i].offset, keys[i].size);
    if (json_has(fields, "serial"))
        serial_take(fields, out);
    if (json_has(fields, "earlier_receipt_keys"))
        earlier_take(fields, out);
    const struct json *policy = json_take_object(fields, "policy");
    if (fields->status == OK)
        fields->status = policy_from_json(policy, &out->policy, fields->why);
}

enum status federation_decode(struct bytes text, struct federation *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct federation){0};
    TRY(record_open(text, DOCUMENT_MAX, "federation", &json, &fields, why));
    federation_take(&fields, out);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        federation_free(out);
    return status;
}

/* --- who vouches for it --- */

enum status federation_keys_hash(const struct federation *federation, uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf text;
    buf_init(&text);
    memset(out, 0, HASH_BYTES);
    TRY(record_close(identity_json(federation), &text));
    hash_sha256(buf_bytes(&text), out);
    return OK;
}

void federation_anchor(const struct federation *federation, uint8_t out[static HASH_BYTES])
{
    static const char purpose[] = "chatham/v1 anchor"; /* with its zero */
    const struct bytes parts[] = {bytes_of(purpose, sizeof purpose), bytes_of(federation->id, FEDERATION_ID_BYTES),
                                  bytes_str(federation->ca_pem)};
    hash_sha256_parts(parts, sizeof parts / sizeof *parts, out);
}

static enum status certified_text(const struct federation *federation, struct buf *out)
{
    buf_add(out, bytes_of(federation->id, FEDERATION_ID_BYTES));
    return record_close(identity_json(federation), out);
}

static const char certification_purpose[] = "chatham/v1 certification";

enum status federation_certify(struct federation *federation, const struct secret *ca_key)
{
    SCOPED_BUF struct buf text = {0};
    TRY(certified_text(federation, &text));
    return ca_sign(ca_key, certification_purpose, buf_bytes(&text), federation->certification);
}

enum status federation_check(const struct federation *federation, const char *ca_pem)
{
    SCOPED_BUF struct buf text = {0};
    if (federation->serial == 0)
        return ERR_DENIED;
    TRY(certified_text(federation, &text));
    return ca_check(bytes_str(ca_pem), certification_purpose, buf_bytes(&text), federation->certification);
}

enum status federation_follows(const struct federation *pinned, const struct federation *now, struct why *why)
{
    uint8_t before[HASH_BYTES], after[HASH_BYTES];
    TRY(federation_keys_hash(pinned, before));
    TRY(federation_keys_hash(now, after));
    if (memcmp(before, after, HASH_BYTES) == 0)
        return OK;
    bool same_house = memcmp(pinned->id, now->id, FEDERATION_ID_BYTES) == 0 && strcmp(pinned->ca_pem, now->ca_pem) == 0;
    enum status status =
        same_house && now->serial > pinned->serial ? federation_check(now, pinned->ca_pem) : ERR_DENIED;
    if (status != ERR_DENIED)
        return status;
    return why_hint(why, ERR_DENIED,
                    "the federation's keys are neither those that this device knows nor their successors", NULL,
                    "ask your operator before you enrol again");
}

void federation_origin(const uint8_t id[static FEDERATION_ID_BYTES], char out[static 48])
{
    static const char prefix[] = "chatham/";
    memset(out, 0, 48);
    memcpy(out, prefix, sizeof prefix - 1);
    encode_hex_text(id, FEDERATION_ID_BYTES, out + sizeof prefix - 1);
}
