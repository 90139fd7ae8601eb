/* The vault's stores: one encrypted database for the federation, one for each tenant, and the intermediate key above
 * them.
 *
 * Folder S: intermediate.key (server/store_keys.h), federation.db,
 * tenants/<hex id>.<version>.db. A tenant's key is wrapped under the intermediate key with its id and version, so that
 * neither a file nor a wrapped key works in another tenant's place. Folder NULL: the same schema in memory, all handles
 * kept open.
 *
 * A founding becomes real with store_seal, which writes intermediate.key last: without it the folder holds no
 * federation. */
#pragma once

#include "base/random.h"
#include "crypto/db.h"
#include "crypto/keys.h"
#include "crypto/root_provider.h"
#include "protocol/contribution.h"
#include "protocol/role.h"

#define STORE_OPEN_TENANTS 63 /* handles on files, the federation's beside them; the least recently used is closed */

struct store;
MUST_USE enum status store_create(const char *folder, struct store **out, struct why *why);
MUST_USE enum status store_seal(struct store *store, struct root_provider *root);
/* The content of intermediate.key, opened by one provider and wrapped by another. ERR_DENIED: `from` does not open it.
 */
MUST_USE enum status store_rewrap(struct bytes content, struct root_provider *from, struct root_provider *to,
                                  struct buf *out, struct why *why);
/* ERR_NOT_FOUND no federation there, ERR_DENIED another root key, ERR_CORRUPT, ERR_VERSION. */
MUST_USE enum status store_open(const char *folder, struct root_provider *root, struct store **out, struct why *why);
void store_close(struct store *store);

struct db *store_federation(struct store *store);
const struct secret *store_database_key(const struct store *store); /* of the federation's; empty in memory */
const char *store_folder(const struct store *store);                /* NULL: in memory */
const struct secret *store_intermediate(const struct store *store);

/* Erased: a tombstone. Its key and data are gone, its name is free again. */
enum tenant_state { TENANT_ACTIVE, TENANT_SUSPENDED, TENANT_ERASED };
enum device_state { DEVICE_ACTIVE, DEVICE_REVOKED };
#define TENANT_NAME_MAX 64

struct tenant {
    int64_t number; /* of its row: small, stable, never shown */
    uint8_t id[ID_BYTES];
    char name[TENANT_NAME_MAX + 1];
    enum tenant_state state;
    uint32_t key_version;
    uint8_t wrapped[KEY_WRAPPED_BYTES];
};
struct device {
    uint8_t id[ID_BYTES], tenant[ID_BYTES];
    uint8_t sign_key[SIGN_PUBLIC_BYTES];
    uint8_t serial[16]; /* of its first certificate */
    enum device_state state;
    enum member_role role;
};
struct certificate {
    uint8_t serial[16], device[ID_BYTES];
    int64_t issued, expires;
};

/* A new tenant with a key of its own. ERR_EXISTS if the name is taken, ERR_INPUT if it is no name. */
MUST_USE enum status tenant_add(struct store *store, struct random random, const char *name, int64_t now,
                                struct tenant *out);
MUST_USE enum status tenant_find(struct store *store, const uint8_t id[static ID_BYTES], struct tenant *out);
MUST_USE enum status tenant_named(struct store *store, const char *name_or_hex, struct tenant *out);
/* Tenants in the order of their rows, one by one: start with after = 0. ERR_NOT_FOUND at the end. */
MUST_USE enum status tenant_after(struct store *store, int64_t after, struct tenant *out);
MUST_USE enum status tenant_set_state(struct store *store, const struct tenant *tenant, enum tenant_state state);

MUST_USE enum status device_find(struct store *store, const uint8_t id[static ID_BYTES], struct device *out);
MUST_USE enum status device_add(struct store *store, const struct device *device, int64_t now);
MUST_USE enum status device_revoke(struct store *store, const struct device *device);
MUST_USE enum status certificate_add(struct store *store, const struct certificate *certificate);
/* How many have not expired. */
MUST_USE enum status certificate_count(struct store *store, int64_t now, uint64_t *count);
/* A device's: how many have not expired, and when the last one does or did (0: it never had one). */
struct certificates {
    uint64_t count;
    int64_t latest;
};
MUST_USE enum status certificates_of(struct store *store, const uint8_t device[static ID_BYTES], int64_t now,
                                     struct certificates *out);
/* Serials of those that have not expired and whose device may not come in any more. */
MUST_USE enum status certificate_revoked(struct store *store, int64_t now, struct buf *serials);

/* A tenant's database, opened on demand. Valid until the next store_tenant. */
MUST_USE enum status store_tenant(struct store *store, const struct tenant *tenant, struct db **out);
/* The tenant's key itself, to derive from. */
MUST_USE enum status tenant_key_open(const struct store *store, const struct tenant *tenant, struct secret *key);

/* Close the tenant's database, if it is open. In memory it is lost. */
void store_release(struct store *store, const struct tenant *tenant);
/* Close the tenant's database and remove its files, of every version. */
MUST_USE enum status store_remove(struct store *store, const struct tenant *tenant);
/* A new key for a tenant, in three steps. Begin makes *next, the tenant under its next version with a new wrapped key,
 * and its database's copy in a file of that version, durable, which nobody reads yet. Switch changes the row, in a
 * transaction of the caller's. End, after the commit, or after a failure, removes the file that is not the row's. */
MUST_USE enum status tenant_rotate_begin(struct store *store, const struct tenant *tenant, struct tenant *next,
                                         struct why *why);
MUST_USE enum status tenant_rotate_switch(struct store *store, const struct tenant *next);
MUST_USE enum status tenant_rotate_end(struct store *store, const struct tenant *tenant);

/* Exactly size bytes of a column, else ERR_CORRUPT. */
MUST_USE enum status store_fixed(struct bytes column, void *out, size_t size);
/* Text of a column into a terminated array, else ERR_CORRUPT. */
MUST_USE enum status store_text(struct bytes column, char *out, size_t size);

extern const struct db_schema store_federation_schema, store_tenant_schema;
