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

/* All but the policy. */
static struct json *identity_json(const struct federation *federation)
{
    struct json *object = record_new();
    json_set(object, "ca", json_text(federation->ca_pem ? federation->ca_pem : ""));
    json_set(object, "name", json_text(federation->name));
    for (size_t i = 0; i < KEYS; i++)
        json_set(object, keys[i].key, json_hex(bytes_of((const char *)federation + keys[i].offset, keys[i].size)));
    return object;
}

enum status federation_encode(const struct federation *federation, struct buf *out)
{
    struct json *object = identity_json(federation);
    json_set(object, "policy", policy_to_json(&federation->policy));
    return record_close(object, out);
}

static void federation_take(struct json_fields *fields, struct federation *out)
{
    record_take_copy(fields, "ca", PEM_MAX, &out->ca_pem);
    record_take_line(fields, "name", out->name, sizeof out->name);
    for (size_t i = 0; i < KEYS; i++)
        record_take_hex(fields, keys[i].key, (uint8_t *)out + keys[i].offset, keys[i].size);
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

enum status federation_keys_hash(const struct federation *federation, uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf text;
    buf_init(&text);
    memset(out, 0, HASH_BYTES);
    TRY(record_close(identity_json(federation), &text));
    hash_sha256(buf_bytes(&text), out);
    return OK;
}

void federation_origin(const uint8_t id[static FEDERATION_ID_BYTES], char out[static 48])
{
    static const char prefix[] = "chatham/";
    memset(out, 0, 48);
    memcpy(out, prefix, sizeof prefix - 1);
    encode_hex_text(id, FEDERATION_ID_BYTES, out + sizeof prefix - 1);
}
