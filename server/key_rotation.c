/* Hides what goes with each kind of key. A rotation is made beside the vault, stored, and only then taken over. */
#include "server/key_rotation.h"

#include "base/encode.h"
#include "base/log.h"
#include "crypto/ca.h"
#include "server/store_keys.h"

struct rotation {
    unsigned keys;
    int64_t now;
    uint64_t tree;
    struct secret fresh[SERVER_KEYS];
    struct federation federation; /* its ca_pem is the vault's */
    struct buf document, certificate;
};

/* Public keys in the document; NULL for those that are not in it. */
static uint8_t *public_of(struct federation *federation, enum server_key key)
{
    uint8_t *const places[SERVER_KEYS] = {[SERVER_SEALING] = federation->sealing_key,
                                          [SERVER_RECEIPT] = federation->receipt_key,
                                          [SERVER_LIBRARY] = federation->library_key,
                                          [SERVER_EVIDENCE] = federation->evidence_key,
                                          [SERVER_CHECKPOINT] = federation->checkpoint_key};
    return places[key];
}

static bool is_asked(const struct rotation *rotation, enum server_key key)
{
    return rotation->keys & 1u << key;
}

/* --- making --- */

/* Receipts that were signed before may reach their devices after. */
static void keep_receipt_key(struct federation *federation)
{
    size_t kept =
        federation->earlier_count < FEDERATION_EARLIER_MAX ? federation->earlier_count : FEDERATION_EARLIER_MAX - 1;
    memmove(federation->earlier[1], federation->earlier[0], kept * SIGN_PUBLIC_BYTES);
    memcpy(federation->earlier[0], federation->receipt_key, SIGN_PUBLIC_BYTES);
    federation->earlier_count = kept + 1;
}

static enum status make_key(const struct vault *vault, struct rotation *rotation, enum server_key key)
{
    uint8_t *public_key = public_of(&rotation->federation, key);
    if (key == SERVER_RECEIPT)
        keep_receipt_key(&rotation->federation);
    if (key == SERVER_SEALING) {
        TRY(hpke_keypair(&rotation->fresh[key], public_key));
        server_sealing_id(public_key, rotation->federation.sealing_key_id);
        return OK;
    }
    if (key != SERVER_TLS)
        return sign_keypair(&rotation->fresh[key], public_key);
    TRY(ca_key_new(&rotation->fresh[key]));
    return ca_renew_server(&vault->keys[SERVER_CA], bytes_str(vault->federation.ca_pem), &rotation->fresh[key],
                           buf_bytes(&vault->certificate), rotation->now, SERVER_SECONDS, &rotation->certificate);
}

/* The time, so that a server restored from a backup of before a rotation gets ahead of it by rotating again. */
static uint64_t next_serial(uint64_t serial, int64_t now)
{
    return now > 0 && (uint64_t)now > serial ? (uint64_t)now : serial + 1;
}

static enum status make(const struct vault *vault, struct rotation *rotation)
{
    for (int key = 0; key < SERVER_KEYS; key++)
        if (is_asked(rotation, (enum server_key)key))
            TRY(make_key(vault, rotation, (enum server_key)key));
    if (rotation->keys == 1u << SERVER_TLS)
        return OK;
    rotation->federation.serial = next_serial(vault->federation.serial, rotation->now);
    TRY(federation_certify(&rotation->federation, &vault->keys[SERVER_CA]));
    return federation_encode(&rotation->federation, &rotation->document);
}

/* --- storing --- */

/* What the log commits to: the purpose, the version, and the new public key or certificate's fingerprint. */
static enum status note(struct vault *vault, struct rotation *rotation, enum server_key key, uint32_t version)
{
    uint8_t fingerprint[32];
    const uint8_t *public_key = public_of(&rotation->federation, key);
    SCOPED_JSON struct json *content = json_object();
    SCOPED_BUF struct buf text = {0};
    if (!public_key) {
        TRY(cert_fingerprint(buf_bytes(&rotation->certificate), fingerprint));
        public_key = fingerprint;
    }
    json_set(content, "public", json_hex(bytes_of(public_key, SIGN_PUBLIC_BYTES)));
    json_set(content, "purpose", json_text(server_key_purpose(key)));
    json_set(content, "version", json_integer(version));
    TRY(json_canonical(content, &text));
    return log_note(vault->store, vault->random, LOGGED_ROTATION, buf_bytes(&text), rotation->now);
}

/* Of the old key the public half is kept; of a sealing key the private one too, until its overlap is over. */
static enum status retire(struct vault *vault, const struct rotation *rotation, enum server_key key, int64_t version,
                          int64_t created)
{
    struct db *db = store_federation(vault->store);
    const uint8_t *public_key = public_of(&vault->federation, key);
    if (public_key)
        TRY(db_exec(db,
                    "INSERT INTO server_public (purpose, version, public, created, retired, tree)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    "tibiii", server_key_purpose(key), version, bytes_of(public_key, SIGN_PUBLIC_BYTES), created,
                    rotation->now, (int64_t)rotation->tree));
    if (key == SERVER_SEALING)
        return OK;
    return db_exec(db, "DELETE FROM server_key WHERE purpose = ?", "t", server_key_purpose(key));
}

static enum status store_key(struct vault *vault, struct rotation *rotation, enum server_key key)
{
    int64_t version = 0, created = 0;
    TRY(db_row(store_federation(vault->store),
               "SELECT version, created FROM server_key WHERE purpose = ? ORDER BY version DESC LIMIT 1", "t:ii",
               server_key_purpose(key), &version, &created));
    if (version >= UINT32_MAX)
        return ERR_CORRUPT;
    TRY(retire(vault, rotation, key, version, created));
    TRY(server_key_save(vault, key, (uint32_t)version + 1, &rotation->fresh[key], rotation->now));
    return note(vault, rotation, key, (uint32_t)version + 1);
}

/* Members verify the library in force under the present key; the log's commitment is to the document alone. */
static enum status sign_library_again(struct vault *vault, const struct rotation *rotation)
{
    struct db *db = store_federation(vault->store);
    uint8_t signature[SIGN_BYTES];
    SCOPED_BUF struct buf document = {0};
    int64_t version = 0;
    enum status status =
        db_row(db, "SELECT version, document FROM release ORDER BY version DESC LIMIT 1", ":ib", &version, &document);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    TRY(sign_make(&rotation->fresh[SERVER_LIBRARY], SIGN_LIBRARY, vault->federation.id, buf_bytes(&document),
                  signature));
    return db_exec(db, "UPDATE release SET signature = ? WHERE version = ?", "bi",
                   bytes_of(signature, sizeof signature), version);
}

static enum status store_rows(struct vault *vault, struct rotation *rotation)
{
    struct db *db = store_federation(vault->store);
    for (int key = 0; key < SERVER_KEYS; key++)
        if (is_asked(rotation, (enum server_key)key))
            TRY(store_key(vault, rotation, (enum server_key)key));
    if (is_asked(rotation, SERVER_LIBRARY))
        TRY(sign_library_again(vault, rotation));
    if (rotation->document.size)
        TRY(db_exec(db, "UPDATE federation SET document = ?", "b", buf_bytes(&rotation->document)));
    if (rotation->certificate.size)
        TRY(db_exec(db, "UPDATE federation SET certificate = ?", "b", buf_bytes(&rotation->certificate)));
    return OK;
}

static enum status store(struct vault *vault, struct rotation *rotation)
{
    struct db *db = store_federation(vault->store);
    TRY(log_size(vault->store, &rotation->tree));
    TRY(db_begin(db));
    enum status status = store_rows(vault, rotation);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

/* --- taking over --- */

static void keep_sealing(struct vault *vault, int64_t now)
{
    struct sealing_earlier *earlier = &vault->sealing[vault->sealing_count++];
    *earlier = (struct sealing_earlier){.key = vault->keys[SERVER_SEALING], .until = now + KEY_OVERLAP_SECONDS};
    memcpy(earlier->id, vault->federation.sealing_key_id, KEY_ID_BYTES);
    vault->keys[SERVER_SEALING] = (struct secret){0};
}

static void take_buf(struct buf *place, struct buf *fresh)
{
    if (fresh->size == 0)
        return;
    buf_free(place);
    *place = *fresh;
    *fresh = (struct buf){0};
}

/* Nothing here can fail: what is stored is in force. */
static void take(struct vault *vault, struct rotation *rotation)
{
    if (is_asked(rotation, SERVER_SEALING))
        keep_sealing(vault, rotation->now);
    for (int key = 0; key < SERVER_KEYS; key++) {
        if (!is_asked(rotation, (enum server_key)key))
            continue;
        secret_free(&vault->keys[key]);
        vault->keys[key] = rotation->fresh[key];
        rotation->fresh[key] = (struct secret){0};
    }
    vault->federation = rotation->federation;
    take_buf(&vault->document, &rotation->document);
    take_buf(&vault->certificate, &rotation->certificate);
}

/* Overwritten pages still stand in the write-ahead log until it is settled. That is tried now, and happens by itself
 * later: the rotation is done in any case. */
static void forget(struct vault *vault)
{
    enum status status = db_settle(store_federation(vault->store));
    if (status != OK)
        log_event(LOG_STORE_FAILED, (struct log_fields){.status = status});
}

enum status key_rotate(struct vault *vault, unsigned keys, struct why *why)
{
    struct rotation rotation = {.keys = keys & KEYS_ALL, .now = vault_now(vault), .federation = vault->federation};
    if (rotation.keys == 0)
        return why_set(why, ERR_USAGE, "no such key", "key", 0);
    if (is_asked(&rotation, SERVER_SEALING) && vault->sealing_count == SEALING_EARLIER_MAX)
        return why_hint(why, ERR_POLICY, "too many earlier sealing keys are alive", "key",
                        "wait for one to end, or destroy them");
    enum status status = make(vault, &rotation);
    if (status == OK)
        status = store(vault, &rotation);
    if (status == OK)
        take(vault, &rotation);
    for (int key = 0; key < SERVER_KEYS; key++)
        secret_free(&rotation.fresh[key]);
    buf_free(&rotation.document);
    buf_free(&rotation.certificate);
    if (status == OK)
        forget(vault);
    return status;
}

/* --- the clock --- */

static enum status destroy_rows(struct vault *vault, int64_t now, bool *any)
{
    struct db *db = store_federation(vault->store);
    TRY(db_exec(db,
                "DELETE FROM server_key WHERE purpose = 'sealing' AND version IN"
                " (SELECT version FROM server_public WHERE purpose = 'sealing' AND retired <= ?)",
                "i", now - KEY_OVERLAP_SECONDS));
    *any = db_changes(db) > 0;
    return *any ? trail_add(vault, &(struct trail_act){.actor = TRAIL_VAULT,
                                                       .act = "key.destroy",
                                                       .count = (uint64_t)db_changes(db)})
                : OK;
}

enum status key_expire(struct vault *vault, int64_t now)
{
    struct db *db = store_federation(vault->store);
    bool any = false;
    TRY(db_begin(db));
    enum status status = destroy_rows(vault, now, &any);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    TRY(status);
    size_t kept = 0;
    for (size_t i = 0; i < vault->sealing_count; i++) {
        struct sealing_earlier earlier = vault->sealing[i];
        if (earlier.until <= now)
            secret_free(&earlier.key);
        else
            vault->sealing[kept++] = earlier;
    }
    vault->sealing_count = kept;
    if (any)
        forget(vault);
    return OK;
}

static bool has_expired(const struct vault *vault, int64_t now)
{
    for (size_t i = 0; i < vault->sealing_count; i++)
        if (vault->sealing[i].until <= now)
            return true;
    return false;
}

static enum status renew(struct vault *vault, struct outbox *out)
{
    TRY(vault_settle(vault)); /* the log grows */
    enum status status = key_rotate(vault, 1u << SERVER_TLS, NULL);
    TRY(trail_add(vault, &(struct trail_act){.actor = TRAIL_CLOCK, .act = "key.rotate", .outcome = status}));
    return status == OK ? vault_send_identity(vault, out) : status;
}

enum status key_tick(struct vault *vault, struct outbox *out)
{
    struct cert_facts facts;
    int64_t now = vault_now(vault);
    if (has_expired(vault, now))
        TRY(key_expire(vault, now));
    TRY(cert_read(buf_bytes(&vault->certificate), &facts));
    return facts.not_after - now < SERVER_RENEW_SECONDS ? renew(vault, out) : OK;
}

/* --- earlier ones --- */

enum status key_earlier(const struct vault *vault, enum server_key key, uint32_t below, struct key_earlier *out)
{
    int64_t version = 0, tree = 0;
    SCOPED_BUF struct buf public_key = {0};
    *out = (struct key_earlier){0};
    TRY(db_row(store_federation(vault->store),
               "SELECT version, public, created, retired, tree FROM server_public WHERE purpose = ? AND version < ?"
               " ORDER BY version DESC LIMIT 1",
               "ti:ibiii", server_key_purpose(key), (int64_t)below, &version, &public_key, &out->created, &out->retired,
               &tree));
    out->version = (uint32_t)version;
    out->tree = (uint64_t)tree;
    return store_fixed(buf_bytes(&public_key), out->public_key, SIGN_PUBLIC_BYTES);
}
