/* The server's own keys: made at founding, kept as boxes under the intermediate key, bound to purpose and version. */
#include "crypto/ca.h"
#include "server/store_keys.h"
#include "server/key_rotation.h"

#define FIRST_VERSION 1

static const char *const purposes[SERVER_KEYS] = {
    [SERVER_CA] = "ca",
    [SERVER_TLS] = "tls",
    [SERVER_SEALING] = "sealing",
    [SERVER_RECEIPT] = "receipt",
    [SERVER_LIBRARY] = "library",
    [SERVER_EVIDENCE] = "evidence",
    [SERVER_CHECKPOINT] = "checkpoint",
};

const char *server_key_purpose(enum server_key key)
{
    return purposes[key];
}

void server_sealing_id(const uint8_t public_key[static HPKE_PUBLIC_BYTES], uint8_t id[static KEY_ID_BYTES])
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(bytes_of(public_key, HPKE_PUBLIC_BYTES), hash);
    memcpy(id, hash, KEY_ID_BYTES);
}

enum status server_keys_make(struct vault *vault)
{
    struct federation *public = &vault->federation;
    TRY(ca_key_new(&vault->keys[SERVER_CA]));
    TRY(ca_key_new(&vault->keys[SERVER_TLS]));
    TRY(hpke_keypair(&vault->keys[SERVER_SEALING], public->sealing_key));
    TRY(sign_keypair(&vault->keys[SERVER_RECEIPT], public->receipt_key));
    TRY(sign_keypair(&vault->keys[SERVER_LIBRARY], public->library_key));
    TRY(sign_keypair(&vault->keys[SERVER_EVIDENCE], public->evidence_key));
    TRY(sign_keypair(&vault->keys[SERVER_CHECKPOINT], public->checkpoint_key));
    server_sealing_id(public->sealing_key, public->sealing_key_id);
    return OK;
}

enum status server_key_save(const struct vault *vault, enum server_key key, uint32_t version,
                            const struct secret *secret, int64_t now)
{
    char label[SERVER_KEY_LABEL];
    SCOPED_BUF struct buf box = {0};
    server_key_label(purposes[key], version, label);
    TRY(box_seal(store_intermediate(vault->store), bytes_str(label), secret_bytes(secret), &box));
    return db_exec(store_federation(vault->store),
                   "INSERT INTO server_key (purpose, version, sealed, created) VALUES (?, ?, ?, ?)", "tibi",
                   purposes[key], (int64_t)version, buf_bytes(&box), now);
}

enum status server_keys_save(const struct vault *vault, int64_t now)
{
    for (int key = 0; key < SERVER_KEYS; key++)
        TRY(server_key_save(vault, (enum server_key)key, FIRST_VERSION, &vault->keys[key], now));
    return OK;
}

/* --- loading --- */

static enum status open_key(const struct vault *vault, enum server_key key, int64_t version, struct bytes box,
                            struct secret *out)
{
    char label[SERVER_KEY_LABEL];
    SCOPED_BUF struct buf plain;
    buf_init_secret(&plain);
    server_key_label(purposes[key], (uint32_t)version, label);
    TRY(box_open(store_intermediate(vault->store), bytes_str(label), box, &plain));
    return secret_copy(out, buf_bytes(&plain));
}

static enum status load_key(struct vault *vault, enum server_key key)
{
    int64_t version = 0;
    SCOPED_BUF struct buf box = {0};
    TRY(db_row(store_federation(vault->store),
               "SELECT version, sealed FROM server_key WHERE purpose = ? ORDER BY version DESC LIMIT 1", "t:ib",
               purposes[key], &version, &box));
    return open_key(vault, key, version, buf_bytes(&box), &vault->keys[key]);
}

static enum status load_earlier(struct vault *vault, const struct db_rows *rows)
{
    uint8_t public_key[HPKE_PUBLIC_BYTES];
    struct sealing_earlier *earlier = &vault->sealing[vault->sealing_count];
    if (vault->sealing_count == SEALING_EARLIER_MAX)
        return ERR_CORRUPT;
    TRY(store_fixed(db_bytes(rows, 2), public_key, sizeof public_key));
    TRY(open_key(vault, SERVER_SEALING, db_integer(rows, 0), db_bytes(rows, 1), &earlier->key));
    server_sealing_id(public_key, earlier->id);
    earlier->until = db_integer(rows, 3) + KEY_OVERLAP_SECONDS;
    vault->sealing_count++;
    return OK;
}

static enum status load_sealing(struct vault *vault)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT k.version, k.sealed, p.public, p.retired FROM server_key AS k"
                                  " JOIN server_public AS p ON p.purpose = k.purpose AND p.version = k.version"
                                  " WHERE k.purpose = ? ORDER BY k.version",
                                  "t", purposes[SERVER_SEALING]);
    while (status == OK && (status = db_next(rows)) == OK)
        status = load_earlier(vault, rows);
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

/* The database opened, so a key that is missing or closed is its fault. */
enum status server_keys_load(struct vault *vault)
{
    enum status status = OK;
    for (int key = 0; status == OK && key < SERVER_KEYS; key++)
        status = load_key(vault, (enum server_key)key);
    if (status == OK)
        status = load_sealing(vault);
    return status == ERR_NOT_FOUND || status == ERR_DENIED ? ERR_CORRUPT : status;
}

void server_keys_free(struct vault *vault)
{
    for (int key = 0; key < SERVER_KEYS; key++)
        secret_free(&vault->keys[key]);
    for (size_t i = 0; i < vault->sealing_count; i++)
        secret_free(&vault->sealing[i].key);
    vault->sealing_count = 0;
}

/* --- sealing keys --- */

const struct secret *server_sealing_key(const struct vault *vault, const uint8_t id[static KEY_ID_BYTES])
{
    if (memcmp(id, vault->federation.sealing_key_id, KEY_ID_BYTES) == 0)
        return &vault->keys[SERVER_SEALING];
    for (size_t i = 0; i < vault->sealing_count; i++)
        if (memcmp(id, vault->sealing[i].id, KEY_ID_BYTES) == 0)
            return vault_now(vault) < vault->sealing[i].until ? &vault->sealing[i].key : NULL;
    return NULL;
}

const struct secret *server_sealing_nth(const struct vault *vault, size_t n)
{
    if (n == 0)
        return &vault->keys[SERVER_SEALING];
    if (n > vault->sealing_count)
        return NULL;
    const struct sealing_earlier *earlier = &vault->sealing[vault->sealing_count - n];
    return vault_now(vault) < earlier->until ? &earlier->key : NULL;
}
