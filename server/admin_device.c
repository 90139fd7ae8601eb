/* Commands about devices and tokens. */
#include "server/admin.h"
#include "server/members.h"

/* The tenant of a command that may name one: *which points at its id, or is NULL. The last of its fields. */
static enum status take_any_tenant(struct vault *vault, struct json_fields *fields, struct tenant *tenant,
                                   const uint8_t **which, struct why *why)
{
    *which = NULL;
    if (!json_has(fields, "tenant"))
        return json_fields_end(fields);
    TRY(admin_take_tenant(vault, fields, tenant, why));
    *which = tenant->id;
    return OK;
}

enum status admin_device_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct tenant tenant;
    const uint8_t *which = NULL;
    uint8_t after[ID_BYTES];
    bool more = false, continues = json_has(fields, "after");
    if (continues)
        json_take_hex(fields, "after", after, ID_BYTES);
    TRY(take_any_tenant(vault, fields, &tenant, &which, why));
    struct json *list = json_array();
    enum status status = members_devices(vault, which, continues ? after : NULL, list, &more);
    json_set(reply, "devices", list);
    json_set(reply, "more", json_bool(more));
    return status;
}

static enum status revoke(struct vault *vault, const uint8_t device[static ID_BYTES])
{
    struct db *db = store_federation(vault->store);
    TRY(db_begin(db));
    enum status status = members_revoke_device(vault, NULL, device);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

enum status admin_device_revoke(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    uint8_t device[ID_BYTES];
    json_take_hex(fields, "device", device, ID_BYTES);
    TRY(json_fields_end(fields));
    enum status status = revoke(vault, device);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "there is no such device", NULL, 0);
    TRY(status);
    json_set(reply, "device", json_hex(bytes_of(device, ID_BYTES)));
    json_set(reply, "state", json_text("revoked"));
    return OK;
}

enum status admin_token_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct tenant tenant;
    const uint8_t *which = NULL;
    TRY(take_any_tenant(vault, fields, &tenant, &which, why));
    struct json *list = json_array();
    enum status status = members_tokens(vault, which, list);
    json_set(reply, "tokens", list);
    return status;
}

enum status admin_token_revoke(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    uint8_t token[ID_BYTES];
    json_take_hex(fields, "id", token, ID_BYTES);
    TRY(json_fields_end(fields));
    enum status status = members_revoke_token(vault, NULL, token);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "there is no such unused token", NULL, 0);
    TRY(status);
    json_set(reply, "id", json_hex(bytes_of(token, ID_BYTES)));
    json_set(reply, "state", json_text("revoked"));
    return OK;
}
