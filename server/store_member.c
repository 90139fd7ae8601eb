/* Rows of tenants. A tenant's key is made here. */
#include <stdio.h>

#include "base/encode.h"
#include "server/store_inside.h"

#define TENANT_COLUMNS "SELECT number, id, name, state, key_version, wrapped FROM tenant "

static enum status tenant_read(const struct db_rows *rows, struct tenant *out)
{
    out->number = db_integer(rows, 0);
    TRY(store_fixed(db_bytes(rows, 1), out->id, ID_BYTES));
    TRY(store_text(db_bytes(rows, 2), out->name, sizeof out->name));
    int64_t state = db_integer(rows, 3);
    if (state < TENANT_ACTIVE || state > TENANT_ERASED)
        return ERR_CORRUPT;
    out->state = (enum tenant_state)state;
    out->key_version = (uint32_t)db_integer(rows, 4);
    return store_fixed(db_bytes(rows, 5), out->wrapped, KEY_WRAPPED_BYTES);
}

/* Take the one row of a query that was begun with status. */
static enum status tenant_take(enum status status, struct db_rows *rows, struct tenant *out)
{
    *out = (struct tenant){0};
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = tenant_read(rows, out);
    db_done(rows);
    return status;
}

#define NOBODY " UNION ALL SELECT 0, " BLOB_16 ", '', 2, 0, " BLOB_81 " LIMIT 1"
_Static_assert(ID_BYTES == 16 && KEY_WRAPPED_BYTES == 81 && TENANT_ERASED == 2, "nobody");

enum status tenant_find(struct store *store, const uint8_t id[static ID_BYTES], struct tenant *out)
{
    struct db_rows *rows = NULL;
    enum status status =
        db_query(store_federation(store), &rows, TENANT_COLUMNS "WHERE id = ?" NOBODY, "b", bytes_of(id, ID_BYTES));
    status = tenant_take(status, rows, out);
    if (status == OK && out->number == 0) { /* rows are numbered from 1 */
        *out = (struct tenant){0};
        return ERR_NOT_FOUND;
    }
    return status;
}

enum status tenant_named(struct store *store, const char *name_or_hex, struct tenant *out)
{
    uint8_t id[ID_BYTES];
    if (decode_hex_fixed(bytes_str(name_or_hex), id, ID_BYTES) == OK)
        return tenant_find(store, id, out);
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(store), &rows, TENANT_COLUMNS "WHERE name = ?", "t", name_or_hex);
    return tenant_take(status, rows, out);
}

enum status tenant_after(struct store *store, int64_t after, struct tenant *out)
{
    struct db_rows *rows = NULL;
    enum status status =
        db_query(store_federation(store), &rows, TENANT_COLUMNS "WHERE number > ? ORDER BY number LIMIT 1", "i", after);
    return tenant_take(status, rows, out);
}

/* A name is a line of text that cannot be taken for an id. */
static bool is_tenant_name(const char *name)
{
    struct bytes text = bytes_str(name);
    uint8_t id[ID_BYTES];
    if (text.size == 0 || text.size > TENANT_NAME_MAX || !bytes_is_utf8(text))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7f)
            return false;
    return decode_hex_fixed(text, id, ID_BYTES) != OK;
}

enum status tenant_key_new(const struct store *store, struct tenant *tenant, struct secret *key)
{
    char label[TENANT_LABEL];
    tenant_key_label(tenant, label);
    TRY(secret_random(key, KEY_BYTES));
    return key_wrap(store_intermediate(store), label, tenant->key_version, key, tenant->wrapped);
}

enum status tenant_add(struct store *store, struct random random, const char *name, int64_t now, struct tenant *out)
{
    *out = (struct tenant){.state = TENANT_ACTIVE, .key_version = 1};
    if (!is_tenant_name(name))
        return ERR_INPUT;
    snprintf(out->name, sizeof out->name, "%s", name);
    random_fill(random, out->id, ID_BYTES);
    SCOPED_SECRET struct secret key = {0};
    TRY(tenant_key_new(store, out, &key));
    TRY(db_exec(store_federation(store),
                "INSERT INTO tenant (id, name, state, key_version, wrapped, created) VALUES (?, ?, ?, ?, ?, ?)",
                "btiibi", bytes_of(out->id, ID_BYTES), out->name, (int64_t)out->state, (int64_t)out->key_version,
                bytes_of(out->wrapped, KEY_WRAPPED_BYTES), now));
    out->number = db_last_id(store_federation(store));
    return OK;
}

enum status tenant_set_state(struct store *store, const struct tenant *tenant, enum tenant_state state)
{
    return db_exec(store_federation(store), "UPDATE tenant SET state = ? WHERE number = ?", "ii", (int64_t)state,
                   tenant->number);
}
