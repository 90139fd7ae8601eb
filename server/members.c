/* Devices and tokens: their lists, and the end of one. */
#include "server/members.h"

static struct bytes id_or_none(const uint8_t *id)
{
    return id ? bytes_of(id, ID_BYTES) : BYTES_NONE;
}

static void set_time(struct json *object, const char *key, int64_t seconds)
{
    char text[CLOCK_TEXT];
    clock_text(seconds, text);
    json_set(object, key, json_text(text));
}

static const char *role_name(int64_t number)
{
    enum member_role role;
    return member_role_of(number, &role) == OK ? member_role_name(role) : "unknown";
}

/* --- devices --- */

static struct json *device_json(const struct db_rows *rows)
{
    struct json *object = json_object();
    json_set(object, "device", json_hex(db_bytes(rows, 0)));
    json_set(object, "tenant", json_hex(db_bytes(rows, 1)));
    json_set(object, "name", json_string(db_bytes(rows, 2)));
    json_set(object, "role", json_text(role_name(db_integer(rows, 3))));
    json_set(object, "state", json_text(db_integer(rows, 4) == DEVICE_ACTIVE ? "active" : "revoked"));
    set_time(object, "created", db_integer(rows, 5));
    set_time(object, "expires", db_integer(rows, 6));
    return object;
}

enum status members_devices(struct vault *vault, const uint8_t *tenant, const uint8_t *after, struct json *list,
                            bool *more)
{
    struct db_rows *rows = NULL;
    struct bytes of = id_or_none(tenant);
    *more = false;
    enum status status =
        db_query(store_federation(vault->store), &rows,
                 "SELECT device.id, device.tenant, tenant.name, device.role, device.state, device.created,"
                 " (SELECT coalesce(max(expires), 0) FROM certificate WHERE certificate.device = device.id)"
                 " FROM device JOIN tenant ON tenant.id = device.tenant"
                 " WHERE device.id > ? AND (length(?) = 0 OR device.tenant = ?) ORDER BY device.id LIMIT ?",
                 "bbbi", id_or_none(after), of, of, (int64_t)MEMBERS_PAGE + 1);
    while (status == OK && (status = db_next(rows)) == OK) {
        *more = json_count(list) == MEMBERS_PAGE;
        if (!*more)
            json_push(list, device_json(rows));
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status revoke_and_log(struct vault *vault, const struct device *device)
{
    uint8_t content[2 * ID_BYTES];
    memcpy(content, device->tenant, ID_BYTES);
    memcpy(content + ID_BYTES, device->id, ID_BYTES);
    TRY(device_revoke(vault->store, device));
    return log_note(vault->store, vault->random, LOGGED_REVOCATION, bytes_of(content, sizeof content),
                    vault_now(vault));
}

enum status members_revoke_device(struct vault *vault, const uint8_t *tenant, const uint8_t device[static ID_BYTES])
{
    struct device found;
    TRY(device_find(vault->store, device, &found));
    if (tenant && memcmp(tenant, found.tenant, ID_BYTES) != 0)
        return ERR_NOT_FOUND;
    return found.state == DEVICE_REVOKED ? OK : revoke_and_log(vault, &found);
}

/* --- tokens --- */

static const char *use_name(int64_t use)
{
    return use == TOKEN_UNUSED ? "unused" : use == TOKEN_USED ? "used" : "revoked";
}

static struct json *token_json(const struct db_rows *rows)
{
    struct json *object = json_object();
    json_set(object, "id", json_hex(db_bytes(rows, 0)));
    json_set(object, "tenant", json_hex(db_bytes(rows, 1)));
    json_set(object, "name", json_string(db_bytes(rows, 2)));
    json_set(object, "role", json_text(role_name(db_integer(rows, 3))));
    json_set(object, "state", json_text(use_name(db_integer(rows, 4))));
    set_time(object, "expires", db_integer(rows, 5));
    return object;
}

enum status members_tokens(struct vault *vault, const uint8_t *tenant, struct json *list)
{
    struct db_rows *rows = NULL;
    struct bytes of = id_or_none(tenant);
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT token.id, token.tenant, tenant.name, token.role, token.used, token.expires"
                                  " FROM token JOIN tenant ON tenant.id = token.tenant"
                                  " WHERE token.expires > ? AND (length(?) = 0 OR token.tenant = ?) ORDER BY "
                                  "token.used, token.expires DESC LIMIT ?",
                                  "ibbi", vault_now(vault), of, of, (int64_t)MEMBERS_PAGE);
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, token_json(rows));
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status members_revoke_token(struct vault *vault, const uint8_t *tenant, const uint8_t token[static ID_BYTES])
{
    struct db *db = store_federation(vault->store);
    struct bytes of = id_or_none(tenant);
    TRY(db_exec(db, "UPDATE token SET used = ? WHERE id = ? AND used = ? AND (length(?) = 0 OR tenant = ?)", "ibibb",
                (int64_t)TOKEN_REVOKED, bytes_of(token, ID_BYTES), (int64_t)TOKEN_UNUSED, of, of));
    return db_changes(db) == 1 ? OK : ERR_NOT_FOUND;
}
