/* The server's own keys: made at founding, kept as boxes under the intermediate key, bound to purpose and version. */
#include "crypto/ca.h"
#include "server/store_keys.h"
#include "server/vault_state.h"

#define SERVER_KEY_VERSION 1 /* until rotation */

static const char *const purposes[SERVER_KEYS] = {
    [SERVER_CA] = "ca",
    [SERVER_TLS] = "tls",
    [SERVER_SEALING] = "sealing",
    [SERVER_RECEIPT] = "receipt",
    [SERVER_LIBRARY] = "library",
    [SERVER_EVIDENCE] = "evidence",
    [SERVER_CHECKPOINT] = "checkpoint",
};

enum status server_keys_make(struct vault *vault)
{
    struct federation *public = &vault->federation;
    uint8_t id[HASH_BYTES];
    TRY(ca_key_new(&vault->keys[SERVER_CA]));
    TRY(ca_key_new(&vault->keys[SERVER_TLS]));
    TRY(hpke_keypair(&vault->keys[SERVER_SEALING], public->sealing_key));
    TRY(sign_keypair(&vault->keys[SERVER_RECEIPT], public->receipt_key));
    TRY(sign_keypair(&vault->keys[SERVER_LIBRARY], public->library_key));
    TRY(sign_keypair(&vault->keys[SERVER_EVIDENCE], public->evidence_key));
    TRY(sign_keypair(&vault->keys[SERVER_CHECKPOINT], public->checkpoint_key));
    hash_sha256(bytes_of(public->sealing_key, sizeof public->sealing_key), id);
    memcpy(public->sealing_key_id, id, KEY_ID_BYTES);
    return OK;
}

enum status server_keys_save(const struct vault *vault, int64_t now)
{
    for (int key = 0; key < SERVER_KEYS; key++) {
        char label[SERVER_KEY_LABEL];
        SCOPED_BUF struct buf box = {0};
        server_key_label(purposes[key], SERVER_KEY_VERSION, label);
        TRY(box_seal(store_intermediate(vault->store), bytes_str(label), secret_bytes(&vault->keys[key]), &box));
        TRY(db_exec(store_federation(vault->store),
                    "INSERT INTO server_key (purpose, version, sealed, created) VALUES (?, ?, ?, ?)", "tibi",
                    purposes[key], (int64_t)SERVER_KEY_VERSION, buf_bytes(&box), now));
    }
    return OK;
}

static enum status load_key(struct vault *vault, enum server_key key)
{
    char label[SERVER_KEY_LABEL];
    int64_t version = 0;
    SCOPED_BUF struct buf box = {0};
    SCOPED_BUF struct buf plain;
    buf_init_secret(&plain);
    TRY(db_row(store_federation(vault->store),
               "SELECT version, sealed FROM server_key WHERE purpose = ? ORDER BY version DESC LIMIT 1", "t:ib",
               purposes[key], &version, &box));
    server_key_label(purposes[key], (uint32_t)version, label);
    TRY(box_open(store_intermediate(vault->store), bytes_str(label), buf_bytes(&box), &plain));
    return secret_copy(&vault->keys[key], buf_bytes(&plain));
}

enum status server_keys_load(struct vault *vault)
{
    for (int key = 0; key < SERVER_KEYS; key++) {
        enum status status = load_key(vault, (enum server_key)key);
        if (status == ERR_NOT_FOUND || status == ERR_DENIED) /* the database opened, so the fault is in it */
            return ERR_CORRUPT;
        TRY(status);
    }
    return OK;
}

const struct secret *server_sealing_key(const struct vault *vault, const uint8_t id[static KEY_ID_BYTES])
{
    bool ours = memcmp(id, vault->federation.sealing_key_id, KEY_ID_BYTES) == 0;
    return ours ? &vault->keys[SERVER_SEALING] : NULL;
}
