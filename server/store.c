/* The federation's database, the intermediate key, and a bounded set of open tenants' databases. Hides files, handles
 * and key derivation. */
#include "server/store.h"

#include <stdio.h>

#include "base/encode.h"
#include "base/file.h"
#include "server/store_keys.h"

static void drop_scoped(struct store **store)
{
    store_close(*store);
}
#define SCOPED_STORE __attribute__((cleanup(drop_scoped)))

static struct store *give(struct store **from)
{
    struct store *store = *from;
    *from = NULL;
    return store;
}

/* --- the federation's database --- */

static enum status store_new(const char *folder, struct store **out)
{
    *out = NULL;
    SCOPED_STORE struct store *store = mem_new(1, sizeof *store);
    if (!store)
        return ERR_MEMORY;
    if (folder && !(store->folder = mem_copy(bytes_str(folder))))
        return ERR_MEMORY;
    *out = give(&store);
    return OK;
}

static enum status open_federation(struct store *store, struct why *why)
{
    if (!store->folder)
        return db_open(NULL, NULL, &store_federation_schema, &store->federation, why);
    char path[STORE_PATH_MAX];
    TRY(path_join(path, sizeof path, store->folder, "federation.db"));
    return db_open(path, &store->database, &store_federation_schema, &store->federation, why);
}

/* What a founding that was cut off left behind is under a key that nobody has any more. */
static enum status clear_leftovers(const char *folder)
{
    static const char *const files[] = {"federation.db", "federation.db-wal", "federation.db-shm", "intake-0.journal",
                                        "intake-1.journal"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[STORE_PATH_MAX];
        TRY(path_join(path, sizeof path, folder, files[i]));
        TRY(file_remove(path));
    }
    return OK;
}

static enum status prepare_folder(const char *folder, struct why *why)
{
    char path[STORE_PATH_MAX];
    TRY(path_join(path, sizeof path, folder, "intermediate.key"));
    if (file_exists(path))
        return why_set(why, ERR_EXISTS, "there is a federation already", "state folder", 0);
    TRY(path_join(path, sizeof path, folder, "tenants"));
    TRY(folder_create(path, 0700));
    return clear_leftovers(folder);
}

enum status store_create(const char *folder, struct store **out, struct why *why)
{
    *out = NULL;
    SCOPED_STORE struct store *store = NULL;
    TRY(store_new(folder, &store));
    if (folder)
        TRY(prepare_folder(folder, why));
    TRY(keys_make(store));
    TRY(open_federation(store, why));
    *out = give(&store);
    return OK;
}

enum status store_seal(struct store *store, struct root_provider *root)
{
    return store->folder ? keys_create_file(store, root) : OK;
}

enum status store_open(const char *folder, struct root_provider *root, struct store **out, struct why *why)
{
    *out = NULL;
    if (!folder)
        return why_set(why, ERR_USAGE, "a store in memory can only be founded", NULL, 0);
    SCOPED_STORE struct store *store = NULL;
    TRY(store_new(folder, &store));
    TRY(keys_read_file(store, root, why));
    TRY(open_federation(store, why));
    TRY(keys_settle(store));
    TRY(store_sweep(store));
    *out = give(&store);
    return OK;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->count; i++)
        db_close(store->handles[i].db);
    mem_free(store->handles);
    db_close(store->federation);
    secret_free(&store->intermediate);
    secret_free(&store->database);
    mem_free(store->folder);
    mem_free(store);
}

struct db *store_federation(struct store *store)
{
    return store->federation;
}

const struct secret *store_database_key(const struct store *store)
{
    return &store->database;
}

const char *store_folder(const struct store *store)
{
    return store->folder;
}

const struct secret *store_intermediate(const struct store *store)
{
    return &store->intermediate;
}

/* --- tenants' databases --- */

/* A tenant's file is made with its first contribution. One that is gone while the federation still holds receipts for
 * it is a loss, never a fresh start: a round over what is left would retract insights as if they had been withdrawn. */
static enum status check_not_lost(const struct store *store, const struct tenant *tenant, const char *path)
{
    int64_t count;
    if (file_exists(path))
        return OK;
    enum status status = db_row(store->federation, "SELECT count FROM intake_count WHERE tenant = ? LIMIT 1", "b:i",
                                bytes_of(tenant->id, ID_BYTES), &count);
    if (status == ERR_NOT_FOUND)
        return OK;
    return status == OK ? ERR_CORRUPT : status;
}

void tenant_key_label(const struct tenant *tenant, char out[static TENANT_LABEL])
{
    char hex[2 * ID_BYTES + 1];
    encode_hex_text(tenant->id, ID_BYTES, hex);
    snprintf(out, TENANT_LABEL, "tenant:%s", hex);
}

enum status tenant_path(const struct store *store, const struct tenant *tenant, char out[static STORE_PATH_MAX])
{
    char hex[2 * ID_BYTES + 1], name[sizeof hex + 32];
    encode_hex_text(tenant->id, ID_BYTES, hex);
    snprintf(name, sizeof name, "tenants/%s.%u.db", hex, (unsigned)tenant->key_version);
    return path_join(out, STORE_PATH_MAX, store->folder, name);
}

enum status tenant_key_open(const struct store *store, const struct tenant *tenant, struct secret *key)
{
    char label[TENANT_LABEL];
    tenant_key_label(tenant, label);
    return key_unwrap(&store->intermediate, label, tenant->key_version, bytes_of(tenant->wrapped, KEY_WRAPPED_BYTES),
                      key);
}

static enum status open_tenant(const struct store *store, const struct tenant *tenant, struct db **out)
{
    if (!store->folder)
        return db_open(NULL, NULL, &store_tenant_schema, out, NULL);
    char path[STORE_PATH_MAX];
    SCOPED_SECRET struct secret key = {0};
    SCOPED_SECRET struct secret database = {0};
    TRY(tenant_path(store, tenant, path));
    TRY(check_not_lost(store, tenant, path));
    TRY(tenant_key_open(store, tenant, &key));
    TRY(key_derive(&key, KEY_DATABASE, &database));
    return db_open(path, &database, &store_tenant_schema, out, NULL);
}

static struct handle *find_handle(struct store *store, const struct tenant *tenant)
{
    for (size_t i = 0; i < store->count; i++) {
        struct handle *handle = &store->handles[i];
        if (handle->version == tenant->key_version && memcmp(handle->tenant, tenant->id, ID_BYTES) == 0)
            return handle;
    }
    return NULL;
}

static struct handle *least_used(struct store *store)
{
    struct handle *least = &store->handles[0];
    for (size_t i = 1; i < store->count; i++)
        if (store->handles[i].used < least->used)
            least = &store->handles[i];
    return least;
}

/* A place for one more handle: databases in memory live nowhere else, so they are never closed for room. */
static struct handle *spare_handle(struct store *store)
{
    if (store->folder && store->count == STORE_OPEN_TENANTS) {
        struct handle *handle = least_used(store);
        db_close(handle->db);
        *handle = store->handles[--store->count];
    }
    if (store->count == store->room) {
        size_t room = store->room ? 2 * store->room : 8;
        struct handle *grown = mem_grow(store->handles, store->room, room, sizeof *grown);
        if (!grown)
            return NULL;
        store->handles = grown;
        store->room = room;
    }
    return &store->handles[store->count];
}

enum status store_tenant(struct store *store, const struct tenant *tenant, struct db **out)
{
    *out = NULL;
    struct handle *handle = find_handle(store, tenant);
    if (!handle) {
        handle = spare_handle(store);
        if (!handle)
            return ERR_MEMORY;
        *handle = (struct handle){.version = tenant->key_version};
        memcpy(handle->tenant, tenant->id, ID_BYTES);
        TRY(open_tenant(store, tenant, &handle->db));
        store->count++;
    }
    handle->used = ++store->tick;
    *out = handle->db;
    return OK;
}

void store_release(struct store *store, const struct tenant *tenant)
{
    for (size_t i = 0; i < store->count; i++) {
        if (memcmp(store->handles[i].tenant, tenant->id, ID_BYTES) != 0)
            continue;
        db_close(store->handles[i].db);
        store->handles[i--] = store->handles[--store->count];
    }
}

/* --- columns --- */

enum status store_fixed(struct bytes column, void *out, size_t size)
{
    if (column.size != size)
        return ERR_CORRUPT;
    memcpy(out, column.data, size);
    return OK;
}

enum status store_text(struct bytes column, char *out, size_t size)
{
    if (column.size >= size)
        return ERR_CORRUPT;
    if (column.size)
        memcpy(out, column.data, column.size);
    out[column.size] = 0;
    return OK;
}
