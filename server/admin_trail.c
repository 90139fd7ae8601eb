/* The audit trail as the operator sees it. */
#include "server/admin.h"

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

/* {"from": number}, by default the last page. */
enum status admin_trail(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    struct db *db = store_federation(vault->store);
    struct db_rows *rows = NULL;
    int64_t size = 0;
    TRY(db_row(db, "SELECT coalesce(max(number), 0) FROM trail", ":i", &size));
    int64_t from = size > TRAIL_PAGE ? size - TRAIL_PAGE + 1 : 1;
    if (json_has(fields, "from"))
        from = json_take_integer(fields, "from", 1, INT64_C(1) << 53);
    TRY(json_fields_end(fields));
    struct json *list = json_array();
    enum status status = db_query(db, &rows,
                                  "SELECT number, at, actor, device, tenant, act, outcome, count, hash FROM trail"
                                  " WHERE number >= ? ORDER BY number LIMIT ?",
                                  "ii", from, (int64_t)TRAIL_PAGE);
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, row_json(rows));
    db_done(rows);
    json_set(reply, "size", json_integer(size));
    json_set(reply, "from", json_integer(from));
    json_set(reply, "rows", list);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status admin_trail_verify(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct trail_facts facts;
    TRY(json_fields_end(fields));
    TRY(trail_verify(vault, &facts, why));
    json_set(reply, "verified", json_bool(true));
    json_set(reply, "rows", json_integer((int64_t)facts.rows));
    json_set(reply, "head", json_hex(bytes_of(facts.head, HASH_BYTES)));
    json_set(reply, "heads_in_log", json_integer((int64_t)facts.anchors));
    json_set(reply, "rows_covered_by_log", json_integer((int64_t)facts.anchored));
    return OK;
}
