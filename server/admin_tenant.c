/* Commands about members. A change of state, its log entry and its time are one transaction. */
#include "base/encode.h"
#include "server/admin.h"
#include "server/erase.h"

static enum status put_token(struct vault *vault, const struct tenant *tenant, enum member_role role,
                             struct json *reply)
{
    SCOPED_BUF struct buf token;
    buf_init_secret(&token);
    TRY(vault_token_new(vault, tenant, role, &token));
    json_set(reply, "tenant", json_hex(bytes_of(tenant->id, ID_BYTES)));
    json_set(reply, "name", json_text(tenant->name));
    json_set(reply, "role", json_text(member_role_name(role)));
    json_set(reply, "token", json_string(buf_bytes(&token)));
    return OK;
}

static enum status add(struct vault *vault, const char *name, enum member_role role, struct json *reply,
                       struct why *why)
{
    struct tenant tenant;
    enum status status = tenant_add(vault->store, vault->random, name, vault_now(vault), &tenant);
    if (status == ERR_EXISTS)
        return why_set(why, status, "there is a tenant of that name", NULL, 0);
    if (status == ERR_INPUT)
        return why_set(why, status, "a tenant's name is one line of 1 to 64 bytes and no id", NULL, 0);
    TRY(status);
    TRY(ledger_enrol(vault->ledger, bytes_of(tenant.id, ID_BYTES)));
    return put_token(vault, &tenant, role, reply);
}

enum status admin_tenant_add(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct db *db = store_federation(vault->store);
    enum member_role role;
    struct bytes name = json_take_string(fields, "name", TENANT_NAME_MAX);
    TRY(admin_take_role(fields, &role, why));
    TRY(json_fields_end(fields));
    TRY(db_begin(db));
    enum status status = add(vault, (const char *)name.data, role, reply, why);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

enum status admin_take_role(struct json_fields *fields, enum member_role *role, struct why *why)
{
    *role = MEMBER_DEVICE;
    if (!json_has(fields, "role"))
        return OK;
    if (member_role_parse(json_take_string(fields, "role", 32), role) != OK)
        return why_set(why, ERR_USAGE, "a role is device, administrator, auditor or reader", "role", 0);
    return OK;
}

enum status admin_take_tenant(struct vault *vault, struct json_fields *fields, struct tenant *tenant, struct why *why)
{
    struct bytes name = json_take_string(fields, "tenant", TENANT_NAME_MAX);
    TRY(json_fields_end(fields));
    enum status status = tenant_named(vault->store, (const char *)name.data, tenant);
    return status == ERR_NOT_FOUND ? why_set(why, status, "there is no such tenant", NULL, 0) : status;
}

/* One that has not been erased. */
static enum status take_living(struct vault *vault, struct json_fields *fields, struct tenant *tenant, struct why *why)
{
    TRY(admin_take_tenant(vault, fields, tenant, why));
    return tenant->state == TENANT_ERASED ? why_set(why, ERR_POLICY, "the tenant was erased", NULL, 0) : OK;
}

enum status admin_tenant_token(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct tenant tenant;
    enum member_role role;
    TRY(admin_take_role(fields, &role, why));
    TRY(take_living(vault, fields, &tenant, why));
    if (tenant.state != TENANT_ACTIVE)
        return why_set(why, ERR_POLICY, "the tenant is suspended", NULL, 0);
    return put_token(vault, &tenant, role, reply);
}

/* --- state --- */

static const char *state_name(int64_t state)
{
    static const char *const names[] = {"active", "suspended", "erased"};
    return state >= TENANT_ACTIVE && state <= TENANT_ERASED ? names[state] : "unknown";
}

static enum status change_state(struct vault *vault, const struct tenant *tenant, enum tenant_state state)
{
    struct db *db = store_federation(vault->store);
    enum log_kind kind = state == TENANT_ACTIVE ? LOGGED_RESUMPTION : LOGGED_SUSPENSION;
    TRY(db_begin(db));
    enum status status = tenant_set_state(vault->store, tenant, state);
    if (status == OK)
        status = log_note(vault->store, vault->random, kind, bytes_of(tenant->id, ID_BYTES), vault_now(vault));
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status set_state(struct vault *vault, struct json_fields *fields, enum tenant_state state,
                             struct json *reply, struct why *why)
{
    struct tenant tenant;
    TRY(take_living(vault, fields, &tenant, why));
    if (tenant.state != state) /* twice is once */
        TRY(change_state(vault, &tenant, state));
    json_set(reply, "tenant", json_hex(bytes_of(tenant.id, ID_BYTES)));
    json_set(reply, "name", json_text(tenant.name));
    json_set(reply, "state", json_text(state_name(state)));
    return OK;
}

enum status admin_tenant_suspend(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    return set_state(vault, fields, TENANT_SUSPENDED, reply, why);
}

enum status admin_tenant_resume(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    return set_state(vault, fields, TENANT_ACTIVE, reply, why);
}

/* --- a new key --- */

static enum status rotate(struct vault *vault, const struct tenant *tenant, struct tenant *next, struct why *why)
{
    struct db *db = store_federation(vault->store);
    TRY(tenant_rotate_begin(vault->store, tenant, next, why));
    TRY(db_begin(db));
    enum status status = tenant_rotate_switch(vault->store, next);
    if (status == OK)
        status =
            log_note(vault->store, vault->random, LOGGED_ROTATION, bytes_of(tenant->id, ID_BYTES), vault_now(vault));
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

enum status admin_tenant_rotate(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct tenant tenant, next;
    TRY(take_living(vault, fields, &tenant, why));
    enum status status = rotate(vault, &tenant, &next, why);
    enum status ended = tenant_rotate_end(vault->store, &tenant);
    TRY(status);
    TRY(ended);
    json_set(reply, "tenant", json_hex(bytes_of(tenant.id, ID_BYTES)));
    json_set(reply, "name", json_text(tenant.name));
    json_set(reply, "key_version", json_integer(next.key_version));
    return OK;
}

/* --- erasing --- */

static enum status erase(struct vault *vault, const struct tenant *tenant, struct bytes confirm, struct why *why)
{
    if (!bytes_is(confirm, tenant->name))
        return why_hint(why, ERR_POLICY, "not confirmed", NULL, "confirm with the tenant's name");
    return erase_tenant(vault, tenant, why);
}

/* Again for one that was erased: its receipt again, with a proof from the log as it stands. */
enum status admin_tenant_erase(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct tenant tenant;
    struct erasure erasure;
    SCOPED_BUF struct buf receipt = {0};
    struct bytes confirm = json_take_string(fields, "confirm", TENANT_NAME_MAX);
    TRY(admin_take_tenant(vault, fields, &tenant, why));
    if (tenant.state == TENANT_ERASED)
        TRY(erase_resume(vault));
    else
        TRY(erase(vault, &tenant, confirm, why));
    TRY(erase_receipt(vault, tenant.id, &erasure));
    TRY(erasure_encode(&erasure, &receipt));
    json_set(reply, "tenant", json_hex(bytes_of(tenant.id, ID_BYTES)));
    json_set(reply, "leaf", json_integer((int64_t)erasure.leaf));
    json_set(reply, "receipt", json_string(buf_bytes(&receipt)));
    return OK;
}

/* --- the list --- */

static struct json *tenant_json(const struct db_rows *rows)
{
    char created[CLOCK_TEXT];
    struct json *object = json_object();
    clock_text(db_integer(rows, 3), created);
    json_set(object, "tenant", json_hex(db_bytes(rows, 0)));
    json_set(object, "name", json_string(db_bytes(rows, 1)));
    json_set(object, "state", json_text(state_name(db_integer(rows, 2))));
    json_set(object, "created", json_text(created));
    json_set(object, "devices", json_integer(db_integer(rows, 4)));
    json_set(object, "contributions", json_integer(db_integer(rows, 5)));
    return object;
}

enum status admin_tenant_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    struct db_rows *rows = NULL;
    TRY(json_fields_end(fields));
    struct json *list = json_array();
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT t.id, t.name, t.state, t.created,"
                                  " (SELECT count(*) FROM device WHERE tenant = t.id AND state = ?),"
                                  " (SELECT coalesce(sum(count), 0) FROM intake_count WHERE tenant = t.id AND kind = ?)"
                                  " FROM tenant t ORDER BY t.number",
                                  "ii", (int64_t)DEVICE_ACTIVE, (int64_t)ENVELOPE_CONTRIBUTION);
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, tenant_json(rows));
    db_done(rows);
    json_set(reply, "tenants", list);
    return status == ERR_NOT_FOUND ? OK : status;
}
