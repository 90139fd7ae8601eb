/* Hides its spelling. */
#include "protocol/durable.h"

#include "protocol/record.h"

#define DURABLE_MAX 256

enum status durable_encode(const struct durable *durable, struct buf *out)
{
    struct json *object = record_new();
    json_set(object, "backed_up", record_count(durable->backed_up));
    json_set(object, "restore", json_hex(bytes_of(durable->restore, RESTORE_ID_BYTES)));
    json_set(object, "restored_from", record_count(durable->restored_from));
    return record_close(object, out);
}

enum status durable_decode(struct bytes text, struct durable *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct durable){0};
    TRY(record_open(text, DURABLE_MAX, "durability", &json, &fields, why));
    out->backed_up = record_take_count(&fields, "backed_up");
    record_take_hex(&fields, "restore", out->restore, RESTORE_ID_BYTES);
    out->restored_from = record_take_count(&fields, "restored_from");
    enum status status = json_fields_end(&fields);
    if (status != OK)
        *out = (struct durable){0};
    return status;
}
