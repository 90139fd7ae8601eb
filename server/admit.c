/* Admission: an envelope is opened, its device and tenant are checked, its record is decoded, judged and stored, and
 * only then is there a receipt. To a stranger unknown, suspended, foreign and undecryptable look alike. */
#include "server/admit.h"

#include "base/log.h"
#include "server/rate.h"
#include "server/roles.h"

/* What is known of a message once its signature holds. */
struct opened {
    bool is_proved;
    struct envelope_header header;
    struct tenant tenant;
    struct buf record; /* secret */
    uint8_t digest[DIGEST_BYTES];
};

/* --- opening --- */

static const char *call_of(enum envelope_kind kind)
{
    return kind == ENVELOPE_WITHDRAWAL ? "withdraw" : "contribute";
}

static enum status find_sender(struct vault *vault, const struct envelope_header *header, struct device *device,
                               struct tenant *tenant)
{
    TRY(device_find(vault->store, header->device, device));
    TRY(tenant_find(vault->store, header->tenant, tenant));
    bool member = memcmp(device->tenant, tenant->id, ID_BYTES) == 0;
    bool ours = memcmp(header->federation, vault->federation.id, FEDERATION_ID_BYTES) == 0;
    bool active = device->state == DEVICE_ACTIVE && tenant->state == TENANT_ACTIVE;
    return member && ours && active ? OK : ERR_DENIED;
}

static enum status open_envelope(struct vault *vault, enum envelope_kind kind, struct bytes envelope,
                                 struct opened *out)
{
    struct envelope_header header;
    struct device device;
    TRY(envelope_peek(envelope, &header));
    if (header.kind != kind)
        return ERR_INPUT;
    enum status status = find_sender(vault, &header, &device, &out->tenant);
    if (status == ERR_NOT_FOUND)
        return ERR_DENIED;
    TRY(status);
    const struct secret *key = server_sealing_key(vault, header.sealing_key_id);
    if (!key)
        return ERR_DENIED;
    TRY(envelope_open(envelope, key, device.sign_key, &out->header, &out->record, out->digest));
    out->is_proved = true;
    return role_may(caller_of(device.role), call_of(kind)) ? OK : ERR_DENIED;
}

static void row_of(const struct vault *vault, const struct opened *opened, struct admission *row)
{
    *row = (struct admission){.kind = opened->header.kind};
    memcpy(row->device, opened->header.device, ID_BYTES);
    memcpy(row->id, opened->header.id, ID_BYTES);
    memcpy(row->digest, opened->digest, DIGEST_BYTES);
    memcpy(row->epoch, opened->header.epoch, sizeof row->epoch);
    random_fill(vault->random, row->salt, sizeof row->salt);
}

/* Sent before? OK: yes, and it gets its receipt again; ERR_NOT_FOUND: it is new. */
static enum status answer_again(struct vault *vault, const struct opened *opened, struct db *db, struct buf *body,
                                struct why *why)
{
    struct admission row;
    bool live;
    TRY(admit_find(db, opened->header.device, opened->header.id, &row, &live));
    if (row.kind != opened->header.kind || memcmp(row.digest, opened->digest, DIGEST_BYTES) != 0)
        return why_set(why, ERR_EXISTS, "the id was used for something else", "envelope", 0);
    if (row.kind == ENVELOPE_CONTRIBUTION && !live)
        return why_set(why, ERR_EXISTS, "was withdrawn", "contribution", 0);
    return admit_receipt(vault, &opened->tenant, &row, body);
}

/* --- contributions --- */

/* A noised contribution's declared ε is charged before it is stored. The charge is numbered by a hash of what it is
 * for, so that a repetition after a crash finds it paid. */
static enum status charge(struct vault *vault, const struct opened *opened, uint64_t epsilon_micro, struct why *why)
{
    uint8_t hash[HASH_BYTES];
    uint64_t number = 0;
    const struct bytes parts[] = {bytes_of(opened->header.device, ID_BYTES), bytes_of(opened->header.id, ID_BYTES),
                                  bytes_of(opened->digest, DIGEST_BYTES)};
    hash_sha256_parts(parts, 3, hash);
    memcpy(&number, hash, sizeof number);
    enum status status =
        ledger_charge(vault->ledger, bytes_of(opened->tenant.id, ID_BYTES), (int64_t)(number & INT64_MAX),
                      (struct dp_epsilon){epsilon_micro}, vault_now(vault), why);
    return status == ERR_EXISTS ? OK : status;
}

static enum status check_record(struct vault *vault, const struct opened *opened, struct db *db,
                                enum contribution_class *class, struct why *why)
{
    struct contribution contribution = {0};
    int64_t used = 0;
    TRY(admit_quota_used(db, opened->header.epoch, &used));
    if (used >= vault->federation.policy.max_contributions)
        return why_set(why, ERR_LIMIT, "as many contributions as the policy allows were taken in this epoch", NULL, 0);
    TRY(contribution_decode(buf_bytes(&opened->record), &contribution, why));
    enum status status = admit_check(vault, buf_bytes(&opened->record), &contribution, why);
    if (status == OK && contribution.class == CLASS_NOISED)
        status = charge(vault, opened, contribution.noised.epsilon_micro, why);
    *class = contribution.class;
    contribution_free(&contribution);
    return status;
}

static enum status take_contribution(struct vault *vault, const struct opened *opened, struct buf *body,
                                     struct why *why)
{
    struct db *db = NULL;
    struct admission row;
    TRY(admit_tenant(vault, &opened->tenant, &db));
    enum status status = answer_again(vault, opened, db, body, why);
    if (status != ERR_NOT_FOUND)
        return status;
    row_of(vault, opened, &row);
    TRY(admit_check_header(vault, &opened->header, why));
    TRY(check_record(vault, opened, db, &row.class, why));
    return admit_finish(vault, &opened->tenant, &row, buf_bytes(&opened->record), NULL, body);
}

/* --- withdrawals --- */

static enum status check_target(struct db *db, const struct opened *opened, uint8_t target[static ID_BYTES],
                                struct why *why)
{
    struct admission row;
    bool live;
    TRY(withdrawal_decode(buf_bytes(&opened->record), target, why));
    enum status status = admit_find(db, opened->header.device, target, &row, &live);
    if (status == ERR_NOT_FOUND || (status == OK && row.kind != ENVELOPE_CONTRIBUTION))
        return why_set(why, ERR_NOT_FOUND, "this device has no such contribution here", NULL, 0);
    TRY(status);
    return live ? OK : why_set(why, ERR_EXISTS, "was withdrawn already", "contribution", 0);
}

static enum status take_withdrawal(struct vault *vault, const struct opened *opened, struct buf *body, struct why *why)
{
    struct db *db = NULL;
    struct admission row;
    uint8_t target[ID_BYTES];
    TRY(admit_tenant(vault, &opened->tenant, &db));
    enum status status = answer_again(vault, opened, db, body, why);
    if (status != ERR_NOT_FOUND)
        return status;
    row_of(vault, opened, &row);
    TRY(check_target(db, opened, target, why));
    return admit_finish(vault, &opened->tenant, &row, BYTES_NONE, target, body);
}

/* --- the two answers --- */

/* Counted once the signature holds, so that nobody can use up another's share. */
static enum status check_rate(struct vault *vault, const struct tenant *tenant, struct why *why)
{
    uint32_t per_minute = vault->federation.policy.rate_per_minute;
    enum status status =
        per_minute ? rates_take(&vault->rates, tenant->number, per_minute, clock_ms(vault->clock)) : OK;
    return status == ERR_LIMIT ? why_set(why, status, "faster than the policy allows", NULL, 0) : status;
}

static enum status admit(struct vault *vault, enum envelope_kind kind, struct bytes payload, struct buf *body,
                         struct why *why)
{
    uint64_t start = clock_ticks();
    struct opened opened = {0};
    uint8_t pseudonym[16];
    buf_init_secret(&opened.record);
    enum status status = open_envelope(vault, kind, payload, &opened);
    if (status == OK)
        status = check_rate(vault, &opened.tenant, why);
    if (status == OK)
        status = kind == ENVELOPE_WITHDRAWAL ? take_withdrawal(vault, &opened, body, why)
                                             : take_contribution(vault, &opened, body, why);
    vault_pseudonym(vault, opened.header.device, pseudonym);
    struct log_fields fields = {.bytes = payload.size, .micros = clock_ticks() - start, .status = status};
    if (status == OK)
        fields.id = pseudonym;
    if (status != OK)
        trail_refuse(vault, call_of(kind), status, opened.is_proved ? opened.header.device : NULL,
                     opened.header.tenant);
    log_event(status == OK ? LOG_ADMIT_ACCEPTED : LOG_ADMIT_REFUSED, fields);
    *(status == OK ? &vault->admitted : &vault->refused) += 1;
    buf_free(&opened.record);
    return status;
}

enum status admit_contribution(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    return admit(vault, ENVELOPE_CONTRIBUTION, payload, body, why);
}

enum status admit_withdrawal(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    return admit(vault, ENVELOPE_WITHDRAWAL, payload, body, why);
}
