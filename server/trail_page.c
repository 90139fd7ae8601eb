/* The audit trail as it is shown, to the operator or, of one tenant, to the tenant. */
#include "server/vault_state.h"

#define TRAIL_PAGE 1000

static struct json *hex_or_null(struct bytes id)
{
    return id.size ? json_hex(id) : json_null();
}

static struct json *row_json(const struct db_rows *rows)
{
    char at[CLOCK_TEXT];
    struct json *object = json_object();
    clock_text(db_integer(rows, 1), at);
    json_set(object, "number", json_integer(db_integer(rows, 0)));
    json_set(object, "at", json_text(at));
    json_set(object, "actor", json_string(db_bytes(rows, 2)));
    json_set(object, "act", json_string(db_bytes(rows, 5)));
    json_set(object, "outcome", json_string(db_bytes(rows, 6)));
    json_set(object, "count", json_integer(db_integer(rows, 7)));
    json_set(object, "tenant", hex_or_null(db_bytes(rows, 4)));
    json_set(object, "device", hex_or_null(db_bytes(rows, 3)));
    json_set(object, "hash", json_hex(db_bytes(rows, 8)));
    return object;
}

/* The number with which the last page begins. */
static enum status last_page(struct vault *vault, struct bytes tenant, int64_t *from)
{
    enum status status = db_row(store_federation(vault->store),
                                "SELECT number FROM trail WHERE length(?) = 0 OR tenant = ?"
                                " ORDER BY number DESC LIMIT 1 OFFSET ?",
                                "bbi:i", tenant, tenant, (int64_t)TRAIL_PAGE - 1, from);
    if (status == ERR_NOT_FOUND)
        *from = 1;
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status put_rows(struct vault *vault, struct bytes tenant, int64_t from, struct json *list)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT number, at, actor, device, tenant, act, outcome, count, hash FROM trail"
                                  " WHERE number >= ? AND (length(?) = 0 OR tenant = ?) ORDER BY number LIMIT ?",
                                  "ibbi", from, tenant, tenant, (int64_t)TRAIL_PAGE);
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, row_json(rows));
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status trail_page(struct vault *vault, const uint8_t *tenant, int64_t from, struct json *reply)
{
    struct bytes of = tenant ? bytes_of(tenant, ID_BYTES) : BYTES_NONE;
    int64_t size = 0;
    TRY(db_row(store_federation(vault->store), "SELECT coalesce(max(number), 0) FROM trail", ":i", &size));
    if (from == 0)
        TRY(last_page(vault, of, &from));
    struct json *list = json_array();
    enum status status = put_rows(vault, of, from, list);
    json_set(reply, "size", json_integer(size));
    json_set(reply, "from", json_integer(from));
    json_set(reply, "rows", list);
    return status;
}
