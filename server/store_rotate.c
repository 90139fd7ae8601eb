/* A tenant's next key. At every moment the tenant's row names a file that is whole and under the row's key; the other
 * file, of the version before or after, is removed when it is known which one the row names: at once, or at the next
 * opening. */
#include <stdio.h>
#include <stdlib.h>

#include "base/encode.h"
#include "base/file.h"
#include "server/store_inside.h"

static enum status remove_database(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char name[STORE_PATH_MAX];
        int size = snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        if (size < 0 || (size_t)size >= sizeof name)
            return ERR_TOO_LARGE;
        TRY(file_remove(name));
    }
    return OK;
}

static enum status remove_version(const struct store *store, const struct tenant *tenant, uint32_t version)
{
    char path[STORE_PATH_MAX];
    struct tenant other = *tenant;
    other.key_version = version;
    TRY(tenant_path(store, &other, path));
    return remove_database(path);
}

/* --- rotating --- */

static enum status export_database(struct store *store, const struct tenant *tenant, const struct tenant *next,
                                   const struct secret *key, struct why *why)
{
    SCOPED_SECRET struct secret database = {0};
    char path[STORE_PATH_MAX];
    struct db *db = NULL;
    TRY(key_derive(key, KEY_DATABASE, &database));
    TRY(tenant_path(store, next, path));
    TRY(remove_database(path));
    TRY(store_tenant(store, tenant, &db));
    TRY(db_export(db, path, &database, why));
    return folder_sync_of(path);
}

enum status tenant_rotate_begin(struct store *store, const struct tenant *tenant, struct tenant *next, struct why *why)
{
    SCOPED_SECRET struct secret key = {0};
    *next = *tenant;
    if (tenant->key_version == UINT32_MAX)
        return ERR_TOO_LARGE;
    next->key_version++;
    TRY(tenant_key_new(store, next, &key));
    return store->folder ? export_database(store, tenant, next, &key, why) : OK;
}

enum status tenant_rotate_switch(struct store *store, const struct tenant *next)
{
    return db_exec(store->federation, "UPDATE tenant SET key_version = ?, wrapped = ? WHERE number = ?", "ibi",
                   (int64_t)next->key_version, bytes_of(next->wrapped, KEY_WRAPPED_BYTES), next->number);
}

/* In memory the database stays, whatever its version. */
static void renumber(struct store *store, const struct tenant *now)
{
    for (size_t i = 0; i < store->count; i++)
        if (memcmp(store->handles[i].tenant, now->id, ID_BYTES) == 0)
            store->handles[i].version = now->key_version;
}

enum status tenant_rotate_end(struct store *store, const struct tenant *tenant)
{
    struct tenant now;
    TRY(tenant_find(store, tenant->id, &now));
    if (!store->folder) {
        renumber(store, &now);
        return OK;
    }
    bool switched = now.key_version != tenant->key_version;
    if (switched)
        store_release(store, tenant);
    char path[STORE_PATH_MAX];
    TRY(remove_version(store, tenant, switched ? tenant->key_version : tenant->key_version + 1));
    TRY(tenant_path(store, tenant, path));
    return folder_sync_of(path);
}

/* --- what a crash left, and what is erased --- */

/* "<hex id>.<version>.db..." of which tenant and version? */
static bool read_name(const char *path, uint8_t id[static ID_BYTES], uint32_t *version)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    char *end = NULL;
    if (strlen(name) <= 2 * ID_BYTES + 1 || name[2 * ID_BYTES] != '.')
        return false;
    if (decode_hex_fixed(bytes_of(name, 2 * ID_BYTES), id, ID_BYTES) != OK)
        return false;
    unsigned long number = strtoul(name + 2 * ID_BYTES + 1, &end, 10);
    *version = (uint32_t)number;
    return number <= UINT32_MAX && strncmp(end, ".db", 3) == 0;
}

struct removal {
    const struct tenant *tenant;
};

static enum status remove_if_of(void *context, const char *path)
{
    const struct removal *removal = context;
    uint8_t id[ID_BYTES];
    uint32_t version;
    if (!read_name(path, id, &version) || memcmp(id, removal->tenant->id, ID_BYTES) != 0)
        return OK;
    return file_remove(path);
}

enum status store_remove(struct store *store, const struct tenant *tenant)
{
    char folder[STORE_PATH_MAX], path[STORE_PATH_MAX];
    struct removal removal = {tenant};
    store_release(store, tenant);
    if (!store->folder)
        return OK;
    TRY(path_join(folder, sizeof folder, store->folder, "tenants"));
    TRY(folder_walk(folder, remove_if_of, &removal));
    TRY(tenant_path(store, tenant, path));
    return folder_sync_of(path);
}

/* A file that the row doesn't name goes; but never the only one. */
static enum status sweep_file(void *context, const char *path)
{
    struct store *store = context;
    struct tenant tenant;
    uint8_t id[ID_BYTES];
    uint32_t version;
    char present[STORE_PATH_MAX];
    if (!read_name(path, id, &version))
        return OK;
    enum status status = tenant_find(store, id, &tenant);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    if (tenant.key_version == version)
        return OK;
    TRY(tenant_path(store, &tenant, present));
    return file_exists(present) ? file_remove(path) : OK;
}

enum status store_sweep(struct store *store)
{
    char path[STORE_PATH_MAX];
    TRY(path_join(path, sizeof path, store->folder, "tenants"));
    return folder_walk(path, sweep_file, store);
}
