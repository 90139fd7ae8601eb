/* Hides the file's formats, and that a key which is replaced lives on in no row. */
#include "server/store_keys.h"

#include <stdio.h>

#include "base/file.h"

#define FORMAT 2
#define FORMAT_DERIVED 1
#define FILE_BYTES_MAX 1024
#define INTERMEDIATE_LABEL "intermediate"
#define FEDERATION_LABEL "federation database"

enum status keys_name(const struct secret *intermediate, uint8_t out[static KEY_NAME_BYTES])
{
    SCOPED_SECRET struct secret name = {0};
    TRY(key_derive(intermediate, KEY_NAME, &name));
    memcpy(out, name.data, KEY_NAME_BYTES);
    return OK;
}

/* --- the file --- */

enum status keys_make(struct store *store)
{
    TRY(secret_random(&store->intermediate, KEY_BYTES));
    return secret_random(&store->database, KEY_BYTES);
}

static enum status file_path(const struct store *store, char out[static STORE_PATH_MAX])
{
    return path_join(out, STORE_PATH_MAX, store->folder, "intermediate.key");
}

/* Opened again before it is handed out: what nobody could open must not replace what one can. */
static enum status wrap(struct root_provider *root, uint32_t format, const struct secret *key, struct buf *out)
{
    SCOPED_SECRET struct secret again = {0};
    TRY(root_wrap(root, INTERMEDIATE_LABEL, format, key, out));
    enum status status = root_unwrap(root, INTERMEDIATE_LABEL, format, buf_bytes(out), &again);
    if (status == OK && !secret_equal(secret_bytes(key), secret_bytes(&again)))
        status = ERR_DENIED;
    return status == ERR_DENIED ? ERR_UNAVAILABLE : status;
}

static enum status encode_file(const struct store *store, struct root_provider *root, struct buf *out)
{
    uint8_t database[KEY_WRAPPED_BYTES];
    SCOPED_BUF struct buf wrapped = {0};
    TRY(wrap(root, FORMAT, &store->intermediate, &wrapped));
    TRY(key_wrap(&store->intermediate, FEDERATION_LABEL, FORMAT, &store->database, database));
    buf_add_u32(out, FORMAT);
    buf_add_lp(out, buf_bytes(&wrapped));
    buf_add(out, bytes_of(database, sizeof database));
    return buf_status(out);
}

enum status keys_create_file(const struct store *store, struct root_provider *root)
{
    char path[STORE_PATH_MAX];
    SCOPED_BUF struct buf content = {0};
    TRY(file_path(store, path));
    TRY(encode_file(store, root, &content));
    return file_create(path, buf_bytes(&content), 0600);
}

enum status keys_write_file(const struct store *store, struct root_provider *root)
{
    char path[STORE_PATH_MAX];
    SCOPED_BUF struct buf content = {0};
    TRY(file_path(store, path));
    TRY(encode_file(store, root, &content));
    return file_write(path, buf_bytes(&content), 0600);
}

static enum status unwrap(struct root_provider *root, uint32_t format, struct bytes wrapped, struct secret *key,
                          struct why *why)
{
    enum status status = root_unwrap(root, INTERMEDIATE_LABEL, format, wrapped, key);
    if (status == ERR_UNAVAILABLE)
        return why_set(why, status, "the token with the root key does not answer", NULL, 0);
    if (status != OK)
        return why_hint(why, ERR_DENIED, "the root key does not open this state folder", NULL,
                        "use the key file, passphrase, credential or token that it is under");
    return OK;
}

static enum status decode_derived(struct store *store, struct root_provider *root, struct bytes rest, struct why *why)
{
    TRY(unwrap(root, FORMAT_DERIVED, rest, &store->intermediate, why));
    return key_derive(&store->intermediate, KEY_DATABASE, &store->database);
}

static enum status decode_file(struct store *store, struct root_provider *root, struct bytes content, struct why *why)
{
    struct cursor cursor = {content};
    uint32_t format = 0;
    struct bytes wrapped;
    if (cursor_u32(&cursor, &format) != OK)
        return why_set(why, ERR_CORRUPT, "damaged", "intermediate.key", 0);
    if (format == FORMAT_DERIVED && cursor.left.size)
        return decode_derived(store, root, cursor.left, why);
    if (format > FORMAT)
        return why_hint(why, ERR_VERSION, "made by a newer version", "intermediate.key", "update this program");
    if (format != FORMAT || cursor_lp(&cursor, &wrapped) != OK || cursor.left.size != KEY_WRAPPED_BYTES)
        return why_set(why, ERR_CORRUPT, "damaged", "intermediate.key", 0);
    TRY(unwrap(root, FORMAT, wrapped, &store->intermediate, why));
    if (key_unwrap(&store->intermediate, FEDERATION_LABEL, FORMAT, cursor.left, &store->database) != OK)
        return why_set(why, ERR_CORRUPT, "damaged", "intermediate.key", 0);
    return OK;
}

enum status keys_read_file(struct store *store, struct root_provider *root, struct why *why)
{
    char path[STORE_PATH_MAX];
    SCOPED_BUF struct buf content = {0};
    TRY(file_path(store, path));
    enum status status = file_read(path, FILE_BYTES_MAX, &content);
    if (status == ERR_NOT_FOUND)
        return why_hint(why, status, "there is no federation here", "state folder", "found one with chathamd init");
    if (status != OK)
        return why_set(why, status, "cannot be read", "intermediate.key", 0);
    return decode_file(store, root, buf_bytes(&content), why);
}

/* --- another root key --- */

/* What stands before the wrapped intermediate key in the file, it, and what stands after it. */
struct parts {
    uint32_t format;
    struct bytes wrapped, rest;
};

static enum status split(struct bytes content, struct parts *out)
{
    struct cursor cursor = {content};
    *out = (struct parts){0};
    TRY(cursor_u32(&cursor, &out->format));
    if (out->format == FORMAT_DERIVED) {
        out->wrapped = cursor.left;
        return OK;
    }
    if (out->format != FORMAT)
        return ERR_VERSION;
    TRY(cursor_lp(&cursor, &out->wrapped));
    out->rest = cursor.left;
    return OK;
}

static enum status join(const struct parts *parts, struct buf *out)
{
    buf_add_u32(out, parts->format);
    if (parts->format == FORMAT_DERIVED)
        buf_add(out, parts->wrapped);
    else
        buf_add_lp(out, parts->wrapped);
    buf_add(out, parts->rest);
    return buf_status(out);
}

enum status store_rewrap(struct bytes content, struct root_provider *from, struct root_provider *to, struct buf *out,
                         struct why *why)
{
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf wrapped = {0};
    struct parts parts;
    if (split(content, &parts) != OK)
        return why_set(why, ERR_CORRUPT, "damaged", "intermediate.key", 0);
    TRY(unwrap(from, parts.format, parts.wrapped, &key, why));
    enum status status = wrap(to, parts.format, &key, &wrapped);
    if (status != OK)
        return why_set(why, status, "the new root key's provider does not wrap, or does not open what it wrapped", NULL,
                       0);
    parts.wrapped = buf_bytes(&wrapped);
    return join(&parts, out);
}

/* --- the next one --- */

void server_key_label(const char *purpose, uint32_t version, char out[static SERVER_KEY_LABEL])
{
    snprintf(out, SERVER_KEY_LABEL, "chatham/v1 server key %s %u", purpose, (unsigned)version);
}

struct rewrap {
    struct store *store;
    const struct secret *next;
    uint8_t name[KEY_NAME_BYTES]; /* the next key's */
};

static enum status put_row(const struct rewrap *rewrap, const char *what, struct bytes id, int64_t version,
                           struct bytes sealed)
{
    return db_exec(rewrap->store->federation,
                   "INSERT INTO rewrap (what, id, version, under, sealed) VALUES (?, ?, ?, ?, ?)", "tbibb", what, id,
                   version, bytes_of(rewrap->name, KEY_NAME_BYTES), sealed);
}

static enum status rewrap_tenant(const struct rewrap *rewrap, const struct tenant *tenant)
{
    char label[TENANT_LABEL];
    uint8_t wrapped[KEY_WRAPPED_BYTES];
    SCOPED_SECRET struct secret key = {0};
    tenant_key_label(tenant, label);
    enum status status = key_unwrap(&rewrap->store->intermediate, label, tenant->key_version,
                                    bytes_of(tenant->wrapped, KEY_WRAPPED_BYTES), &key);
    if (status != OK)
        return status == ERR_DENIED ? ERR_CORRUPT : status;
    TRY(key_wrap(rewrap->next, label, tenant->key_version, &key, wrapped));
    return put_row(rewrap, "tenant", bytes_of(tenant->id, ID_BYTES), tenant->key_version,
                   bytes_of(wrapped, sizeof wrapped));
}

static enum status rewrap_tenants(const struct rewrap *rewrap)
{
    struct tenant tenant = {0};
    enum status status;
    while ((status = tenant_after(rewrap->store, tenant.number, &tenant)) == OK)
        if (tenant.state != TENANT_ERASED)
            TRY(rewrap_tenant(rewrap, &tenant));
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status rewrap_server_key(const struct rewrap *rewrap, struct bytes purpose, int64_t version,
                                     struct bytes sealed)
{
    char name[32], label[SERVER_KEY_LABEL];
    SCOPED_BUF struct buf box = {0};
    SCOPED_BUF struct buf plain;
    buf_init_secret(&plain);
    TRY(store_text(purpose, name, sizeof name));
    server_key_label(name, (uint32_t)version, label);
    enum status status = box_open(&rewrap->store->intermediate, bytes_str(label), sealed, &plain);
    if (status != OK)
        return status == ERR_DENIED ? ERR_CORRUPT : status;
    TRY(box_seal(rewrap->next, bytes_str(label), buf_bytes(&plain), &box));
    return put_row(rewrap, "server", purpose, version, buf_bytes(&box));
}

static enum status rewrap_server_keys(const struct rewrap *rewrap)
{
    struct db_rows *rows = NULL;
    enum status status =
        db_query(rewrap->store->federation, &rows, "SELECT purpose, version, sealed FROM server_key", "");
    while (status == OK && (status = db_next(rows)) == OK)
        status = rewrap_server_key(rewrap, db_bytes(rows, 0), db_integer(rows, 1), db_bytes(rows, 2));
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status keys_next(struct store *store, struct secret *next)
{
    struct rewrap rewrap = {.store = store, .next = next};
    TRY(secret_random(next, KEY_BYTES));
    TRY(keys_name(next, rewrap.name));
    TRY(db_exec(store->federation, "DELETE FROM rewrap", ""));
    TRY(rewrap_tenants(&rewrap));
    return rewrap_server_keys(&rewrap);
}

enum status keys_replace(struct store *store, struct root_provider *root, const struct secret *next)
{
    secret_free(&store->intermediate);
    TRY(secret_copy(&store->intermediate, secret_bytes(next)));
    return store->folder ? keys_write_file(store, root) : OK;
}

static enum status take_rows(struct store *store, struct bytes under)
{
    struct db *db = store->federation;
    TRY(db_exec(db,
                "UPDATE tenant SET wrapped = rewrap.sealed FROM rewrap WHERE rewrap.what = 'tenant'"
                " AND rewrap.id = tenant.id AND rewrap.version = tenant.key_version AND rewrap.under = ?",
                "b", under));
    TRY(db_exec(db,
                "UPDATE server_key SET sealed = rewrap.sealed FROM rewrap WHERE rewrap.what = 'server'"
                " AND rewrap.id = CAST(server_key.purpose AS BLOB) AND rewrap.version = server_key.version"
                " AND rewrap.under = ?",
                "b", under));
    return db_exec(db, "DELETE FROM rewrap", "");
}

/* The file's name may not be durable yet: rows that only its key opens must not come before it. */
enum status keys_settle(struct store *store)
{
    int64_t count = 0;
    uint8_t name[KEY_NAME_BYTES];
    char path[STORE_PATH_MAX];
    TRY(db_row(store->federation, "SELECT count(*) FROM rewrap", ":i", &count));
    if (count == 0)
        return OK;
    TRY(keys_name(&store->intermediate, name));
    if (store->folder) {
        TRY(file_path(store, path));
        TRY(folder_sync_of(path));
    }
    TRY(db_begin(store->federation));
    enum status status = take_rows(store, bytes_of(name, sizeof name));
    if (status == OK)
        status = db_commit(store->federation);
    db_rollback(store->federation);
    return status;
}
