/* Enrolment. A token's secret is derived from its id under the token key, so that the store holds nothing to steal: the
 * row keeps only a hash, by which a token of an earlier intermediate key is recognised as dead. */
#include "base/log.h"
#include "server/vault_state.h"

#define TOKEN_SECONDS 86400

/* secret = HMAC(token key, token id ‖ tenant id) */
static void token_secret(const struct vault *vault, const uint8_t id[static ID_BYTES],
                         const uint8_t tenant[static ID_BYTES], uint8_t secret[static 32])
{
    uint8_t input[2 * ID_BYTES];
    memcpy(input, id, ID_BYTES);
    memcpy(input + ID_BYTES, tenant, ID_BYTES);
    hash_hmac_sha256(secret_bytes(&vault->token_key), bytes_of(input, sizeof input), secret);
}

static enum status token_write(struct vault *vault, const struct tenant *tenant, enum member_role role,
                               struct enrol_token *token, struct buf *text)
{
    uint8_t hash[HASH_BYTES];
    random_fill(vault->random, token->id, ID_BYTES);
    token_secret(vault, token->id, tenant->id, token->secret);
    TRY(enrol_token_name(token, &vault->federation));
    hash_sha256(bytes_of(token->secret, sizeof token->secret), hash);
    TRY(enrol_token_encode(token, text));
    return db_exec(store_federation(vault->store),
                   "INSERT INTO token (id, tenant, hash, expires, used, role) VALUES (?, ?, ?, ?, ?, ?)", "bbbiii",
                   bytes_of(token->id, ID_BYTES), bytes_of(tenant->id, ID_BYTES), bytes_of(hash, sizeof hash),
                   vault_now(vault) + TOKEN_SECONDS, (int64_t)TOKEN_UNUSED, (int64_t)role);
}

enum status vault_token_new(struct vault *vault, const struct tenant *tenant, enum member_role role, struct buf *text)
{
    struct enrol_token token = {0};
    enum status status = token_write(vault, tenant, role, &token, text);
    secret_wipe(&token, sizeof token);
    return status;
}

/* --- a request --- */

/* The tenant and role of an unused token in time, and its secret. An unknown token takes the same steps: how long a
 * refusal takes must not say which tokens there are. */
static enum status token_check(struct vault *vault, const uint8_t id[static ID_BYTES], struct tenant *tenant,
                               enum member_role *role, uint8_t secret[static 32])
{
    uint8_t tenant_id[ID_BYTES] = {0}, hash[HASH_BYTES];
    int64_t expires = 0, used = TOKEN_USED, stored_role = 0;
    SCOPED_BUF struct buf owner = {0};
    SCOPED_BUF struct buf stored = {0};
    enum status status =
        db_row(store_federation(vault->store), "SELECT tenant, hash, expires, used, role FROM token WHERE id = ?",
               "b:bbiii", bytes_of(id, ID_BYTES), &owner, &stored, &expires, &used, &stored_role);
    if (status == OK)
        status = member_role_of(stored_role, role);
    if (status == OK)
        status = store_fixed(buf_bytes(&owner), tenant_id, ID_BYTES);
    enum status belongs = tenant_find(vault->store, tenant_id, tenant);
    token_secret(vault, id, tenant_id, secret);
    hash_sha256(bytes_of(secret, 32), hash);
    bool is_ours = secret_equal(bytes_of(hash, sizeof hash), buf_bytes(&stored));
    TRY(status);
    TRY(belongs);
    bool is_live = used == TOKEN_UNUSED && vault_now(vault) < expires && tenant->state == TENANT_ACTIVE;
    return is_ours && is_live ? OK : ERR_DENIED;
}

/* A request does not say which key it is sealed to, so those that are alive are tried: all of them, so that time does
 * not tell which one it was. */
static enum status request_open(const struct vault *vault, struct bytes sealed, struct enrol_request *request)
{
    const struct secret *key;
    enum status found = ERR_DENIED;
    for (size_t n = 0; (key = server_sealing_nth(vault, n)); n++) {
        struct enrol_request opened;
        enum status status = enrol_request_open(sealed, vault->federation.id, key, &opened);
        if (status == OK)
            *request = opened;
        if (status != ERR_DENIED)
            found = status;
    }
    return found;
}

static enum status request_check(struct vault *vault, struct bytes sealed, struct tenant *tenant,
                                 enum member_role *role, struct enrol_request *request)
{
    uint8_t token[ID_BYTES], secret[32] WIPED_32, mac[32];
    TRY(enrol_request_peek(sealed, token));
    enum status known = token_check(vault, token, tenant, role, secret);
    if (known != OK && known != ERR_NOT_FOUND && known != ERR_DENIED)
        return known;
    TRY(request_open(vault, sealed, request));
    enrol_mac(secret, bytes_str(request->csr_pem), request->sign_key, mac);
    bool ours = memcmp(token, request->token, ID_BYTES) == 0;
    bool proved = secret_equal(bytes_of(mac, sizeof mac), bytes_of(request->mac, sizeof request->mac));
    return known == OK && ours && proved ? OK : ERR_DENIED;
}

/* A new device under the request's keys. */
static void make_device(const struct vault *vault, const struct tenant *tenant, enum member_role role,
                        const struct enrol_request *request, struct device *device)
{
    *device = (struct device){.state = DEVICE_ACTIVE, .role = role};
    random_fill(vault->random, device->id, ID_BYTES);
    memcpy(device->tenant, tenant->id, ID_BYTES);
    memcpy(device->sign_key, request->sign_key, SIGN_PUBLIC_BYTES);
}

static enum status enter(struct vault *vault, const struct enrol_request *request, const struct device *device,
                         const struct certificate *certificate)
{
    uint8_t content[2 * ID_BYTES + SIGN_PUBLIC_BYTES];
    struct db *db = store_federation(vault->store);
    memcpy(content, device->tenant, ID_BYTES);
    memcpy(content + ID_BYTES, device->id, ID_BYTES);
    memcpy(content + 2 * ID_BYTES, device->sign_key, SIGN_PUBLIC_BYTES);
    TRY(db_begin(db));
    enum status status = db_exec(db, "UPDATE token SET used = ? WHERE id = ? AND used = ?", "ibi", (int64_t)TOKEN_USED,
                                 bytes_of(request->token, ID_BYTES), (int64_t)TOKEN_UNUSED);
    if (status == OK && db_changes(db) != 1)
        status = ERR_DENIED;
    if (status == OK)
        status = device_add(vault->store, device, vault_now(vault));
    if (status == OK)
        status = certificate_add(vault->store, certificate);
    if (status == OK)
        status = trail_add(
            vault,
            &(struct trail_act){
                .actor = TRAIL_DEVICE, .act = "enrol", .device = device->id, .tenant = device->tenant, .count = 1});
    if (status == OK)
        status = log_note(vault->store, vault->random, LOGGED_ENROLMENT, bytes_of(content, sizeof content),
                          vault_now(vault));
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status reply_encode(const struct vault *vault, const struct device *device, struct buf *certificate,
                                struct buf *body)
{
    struct enrol_reply reply = {.policy = vault->federation.policy};
    memcpy(reply.tenant, device->tenant, ID_BYTES);
    memcpy(reply.device, device->id, ID_BYTES);
    reply.certificate_pem = (char *)(uintptr_t)buf_text(certificate); /* borrowed for the encoder */
    return enrol_reply_encode(&reply, body);
}

static enum status enrol(struct vault *vault, struct bytes payload, struct enrol_request *request, struct buf *body)
{
    struct tenant tenant;
    struct device device;
    struct certificate certificate;
    enum member_role role;
    SCOPED_BUF struct buf pem = {0};
    TRY(request_check(vault, payload, &tenant, &role, request));
    TRY(vault_settle(vault)); /* not before: a stranger can't make us drain the journal */
    make_device(vault, &tenant, role, request, &device);
    TRY(vault_certify(vault, &tenant, &device, bytes_str(request->csr_pem), &pem, &certificate));
    memcpy(device.serial, certificate.serial, sizeof device.serial);
    TRY(reply_encode(vault, &device, &pem, body));
    TRY(enter(vault, request, &device, &certificate));
    uint8_t pseudonym[16];
    vault_pseudonym(vault, device.id, pseudonym);
    log_event(LOG_ENROLLED, (struct log_fields){.id = pseudonym});
    return OK;
}

enum status vault_enrol(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    (void)why; /* a stranger learns nothing but the refusal */
    struct enrol_request request = {0};
    enum status status = enrol(vault, payload, &request, body);
    enrol_request_free(&request);
    if (status == ERR_NOT_FOUND || status == ERR_INPUT || status == ERR_VERSION || status == ERR_TOO_LARGE)
        status = ERR_DENIED;
    if (status != OK)
        trail_refuse(vault, "enrol", status, NULL, NULL);
    if (status != OK)
        log_event(LOG_ENROL_REFUSED, (struct log_fields){.status = status});
    return status;
}
