/* Room-internal: the store's own struct, shared by the files that keep it. */
#pragma once

#include "server/store.h"

#define STORE_PATH_MAX 4096

struct handle {
    uint8_t tenant[ID_BYTES];
    uint32_t version;
    struct db *db;
    uint64_t used; /* the store's tick at the last use */
};

struct store {
    char *folder;                         /* NULL: in memory */
    struct secret intermediate, database; /* the key of the federation's */
    struct db *federation;
    size_t count, room;
    struct handle *handles;
    uint64_t tick;
    uint64_t promised; /* leaves of the log (store_log.h) */
};

/* A lookup by an id that a stranger may have sent is followed by a row of nobody (SQLite takes the parts of a UNION ALL
 * in their order), which is read like any other: how long it takes must not say who is known. Its blobs, for SQL. */
#define ZEROS_16 "00000000000000000000000000000000"
#define BLOB_16 "x'" ZEROS_16 "'"
#define BLOB_32 "x'" ZEROS_16 ZEROS_16 "'"
#define BLOB_81 "x'" ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 "00'"

#define TENANT_LABEL (8 + 2 * ID_BYTES)
/* The label that a tenant's key is wrapped with. */
void tenant_key_label(const struct tenant *tenant, char out[static TENANT_LABEL]);
/* A new key of tenant->key_version into tenant->wrapped; *key is it. */
MUST_USE enum status tenant_key_new(const struct store *store, struct tenant *tenant, struct secret *key);
/* Where its database of its present version lies. */
MUST_USE enum status tenant_path(const struct store *store, const struct tenant *tenant,
                                 char out[static STORE_PATH_MAX]);
/* store_rotate.c: remove files of versions that are no longer, or not yet, a tenant's. */
MUST_USE enum status store_sweep(struct store *store);
