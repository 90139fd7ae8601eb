/* The operator's commands about the server's own keys. */
#include "server/admin.h"
#include "server/key_rotation.h"

/* "all", or the purpose of one. */
static unsigned keys_named(struct bytes name)
{
    if (bytes_is(name, "all"))
        return KEYS_ALL;
    for (int key = 0; key < SERVER_KEYS; key++)
        if (bytes_is(name, server_key_purpose((enum server_key)key)))
            return 1u << key;
    return 0;
}

enum status admin_key_rotate(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct bytes name = json_take_string(fields, "key", 32);
    TRY(json_fields_end(fields));
    unsigned keys = keys_named(name);
    if (keys == 1u << SERVER_CA)
        return why_hint(why, ERR_USAGE, "the authority is not rotated", "key",
                        "devices know the federation by it: found another federation");
    TRY(key_rotate(vault, keys, why));
    json_set(reply, "rotated", json_string(name));
    json_set(reply, "serial", json_integer((int64_t)vault->federation.serial));
    return OK;
}

/* As if their overlap were over. */
enum status admin_key_destroy(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    TRY(json_fields_end(fields));
    size_t before = vault->sealing_count;
    TRY(key_expire(vault, vault_now(vault) + KEY_OVERLAP_SECONDS));
    json_set(reply, "destroyed", json_integer((int64_t)(before - vault->sealing_count)));
    return OK;
}

/* --- the list --- */

static struct json *row_json(const char *state, struct bytes purpose, int64_t version, int64_t created, int64_t until)
{
    char text[CLOCK_TEXT];
    struct json *row = json_object();
    json_set(row, "purpose", json_string(purpose));
    json_set(row, "version", json_integer(version));
    json_set(row, "state", json_text(state));
    clock_text(created, text);
    json_set(row, "created", json_text(text));
    if (until)
        clock_text(until, text);
    json_set(row, "until", json_text(until ? text : ""));
    return row;
}

/* Of each purpose the latest is in use; an earlier one that still has its private half opens what was sealed in time.
 */
static struct json *read_row(const struct db_rows *rows)
{
    int64_t retired = db_integer(rows, 3);
    if (retired == 0)
        return row_json("in use", db_bytes(rows, 0), db_integer(rows, 1), db_integer(rows, 2), 0);
    return row_json(db_integer(rows, 4) ? "opens only" : "retired", db_bytes(rows, 0), db_integer(rows, 1),
                    db_integer(rows, 2), db_integer(rows, 4) ? retired + KEY_OVERLAP_SECONDS : retired);
}

enum status admin_key_list(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    struct db_rows *rows = NULL;
    struct json *list = json_array();
    json_set(reply, "keys", list);
    TRY(json_fields_end(fields));
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT purpose, version, created, 0, 1 FROM server_key AS k"
                                  " WHERE NOT EXISTS (SELECT 1 FROM server_public AS p"
                                  "   WHERE p.purpose = k.purpose AND p.version = k.version)"
                                  " UNION ALL"
                                  " SELECT purpose, version, created, retired, EXISTS (SELECT 1 FROM server_key AS k"
                                  "   WHERE k.purpose = p.purpose AND k.version = p.version) FROM server_public AS p"
                                  " ORDER BY 1, 2",
                                  "");
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, read_row(rows));
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}
