/* The list of witnesses, and the names that devices cosign under. */
#include "protocol/witness.h"

#include <stdio.h>

#include "base/encode.h"
#include "base/hash.h"
#include "protocol/record.h"

#define PREFIX "chatham-device/"

void witnesses_free(struct witnesses *witnesses)
{
    mem_free(witnesses->items);
    *witnesses = (struct witnesses){0};
}

enum status witnesses_encode(const struct witnesses *witnesses, struct buf *out)
{
    struct json *object = record_new();
    struct json *list = json_array();
    for (size_t i = 0; i < witnesses->count; i++) {
        struct json *item = json_object();
        json_set(item, "device", json_hex(bytes_of(witnesses->items[i].device, ID_BYTES)));
        json_set(item, "key", json_hex(bytes_of(witnesses->items[i].key, SIGN_PUBLIC_BYTES)));
        json_set(item, "tenant", json_hex(bytes_of(witnesses->items[i].tenant, ID_BYTES)));
        json_push(list, item);
    }
    json_set(object, "witnesses", list);
    return record_close(object, out);
}

static enum status take_item(const struct json *value, struct witness *out, struct why *why)
{
    struct json_fields fields;
    json_fields(&fields, value, "witness", why);
    record_take_hex(&fields, "device", out->device, ID_BYTES);
    record_take_hex(&fields, "key", out->key, SIGN_PUBLIC_BYTES);
    record_take_hex(&fields, "tenant", out->tenant, ID_BYTES);
    return json_fields_end(&fields);
}

static enum status take_items(const struct json *list, struct witnesses *out, struct why *why)
{
    for (; out->count < json_count(list); out->count++) {
        struct witness *item = &out->items[out->count];
        TRY(take_item(json_at(list, out->count), item, why));
        if (out->count > 0 && memcmp(item[-1].device, item->device, ID_BYTES) >= 0)
            return why_set(why, ERR_INPUT, "devices are not in order", "witnesses", out->count);
    }
    return OK;
}

enum status witnesses_decode(struct bytes text, struct witnesses *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct witnesses){0};
    TRY(record_open(text, WITNESSES_BYTES_MAX, "witnesses", &json, &fields, why));
    const struct json *list = json_take_array(&fields, "witnesses", WITNESSES_MAX);
    TRY(json_fields_end(&fields));
    if (json_count(list) == 0)
        return OK;
    out->items = mem_new(json_count(list), sizeof *out->items);
    if (!out->items)
        return ERR_MEMORY;
    enum status status = take_items(list, out, why);
    if (status != OK)
        witnesses_free(out);
    return status;
}

void witness_tenant(const uint8_t federation[static FEDERATION_ID_BYTES], const uint8_t tenant[static ID_BYTES],
                    uint8_t out[static ID_BYTES])
{
    static const char purpose[] = "chatham/v1 witness"; /* with its zero */
    const struct bytes parts[] = {bytes_of(purpose, sizeof purpose), bytes_of(federation, FEDERATION_ID_BYTES),
                                  bytes_of(tenant, ID_BYTES)};
    uint8_t hash[HASH_BYTES];
    hash_sha256_parts(parts, 3, hash);
    memcpy(out, hash, ID_BYTES);
}

void witness_name(const uint8_t device[static ID_BYTES], char out[static WITNESS_NAME_MAX])
{
    char hex[2 * ID_BYTES + 1];
    encode_hex_text(device, ID_BYTES, hex);
    snprintf(out, WITNESS_NAME_MAX, PREFIX "%s", hex);
}

enum status witness_device(struct bytes name, uint8_t device[static ID_BYTES])
{
    memset(device, 0, ID_BYTES);
    if (!bytes_starts(name, PREFIX))
        return ERR_INPUT;
    return record_hex(bytes_part(name, sizeof PREFIX - 1, SIZE_MAX), device, ID_BYTES);
}
