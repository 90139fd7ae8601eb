/* Admission: an envelope is opened, its device and tenant are checked, its record is decoded, judged and stored, and
 * only then is there a receipt. To a stranger unknown, suspended, foreign and undecryptable look alike. */
#include "server/admit.h"

#include "base/log.h"
#include "server/intake.h"
#include "server/sender.h"

struct opened {
    uint64_t start; /* ticks */
    struct sender sender;
};

static const char *call_of(enum envelope_kind kind)
{
    return kind == ENVELOPE_WITHDRAWAL ? "withdraw" : "contribute";
}

static void row_of(const struct opened *opened, struct admission *row)
{
    *row = (struct admission){.kind = opened->sender.header.kind};
    memcpy(row->device, opened->sender.header.device, ID_BYTES);
    memcpy(row->id, opened->sender.header.id, ID_BYTES);
    memcpy(row->digest, opened->sender.digest, DIGEST_BYTES);
    memcpy(row->epoch, opened->sender.header.epoch, sizeof row->epoch);
}

/* --- sent before? --- */

/* Where an admission goes from here. */
enum next { NEXT_NEW, NEXT_ANSWER, NEXT_WAIT }; /* take it; the body is its answer; it is answered with its batch */

static enum status check_same(const struct vault *vault, const struct opened *opened, const struct admission *row,
                              bool live, struct why *why)
{
    if (row->kind != opened->sender.header.kind || memcmp(row->digest, opened->sender.digest, DIGEST_BYTES) != 0)
        return why_set(why, ERR_EXISTS, "the id was used for something else", "envelope", 0);
    live = live && !intake_withdraws(vault, row->device, row->id);
    if (row->kind == ENVELOPE_CONTRIBUTION && !live)
        return why_set(why, ERR_EXISTS, "was withdrawn", "contribution", 0);
    return OK;
}

static enum status again_held(struct vault *vault, const struct opened *opened, const struct held *held,
                              const struct message *in, struct buf *body, enum next *next, struct why *why)
{
    TRY(check_same(vault, opened, held_row(held), true, why));
    *next = held_is_queued(held) ? NEXT_WAIT : NEXT_ANSWER;
    if (*next == NEXT_WAIT)
        return intake_join(vault, held, in, opened->start);
    return intake_receipt(vault, &opened->sender.tenant, held, body);
}

static enum status again_stored(struct vault *vault, const struct opened *opened, struct buf *body, enum next *next,
                                struct why *why)
{
    struct admission row;
    struct db *db = NULL;
    bool live, may;
    TRY(intake_may_be_stored(vault, &opened->sender.tenant, opened->sender.header.device, opened->sender.header.id,
                             &may));
    if (!may)
        return OK;
    TRY(store_tenant(vault->store, &opened->sender.tenant, &db));
    enum status status = admit_find(db, opened->sender.header.device, opened->sender.header.id, &row, &live, body);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    TRY(check_same(vault, opened, &row, live, why));
    *next = NEXT_ANSWER;
    if (body->size)
        return OK;
    status = admit_old_receipt(vault->store, &row, body);
    if (status == ERR_NOT_FOUND) /* a crash of before there was a journal: it is stored and was never acknowledged */
        *next = NEXT_NEW;
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status answer_again(struct vault *vault, const struct opened *opened, const struct message *in,
                                struct buf *body, enum next *next, struct why *why)
{
    const struct held *held = intake_find(vault, opened->sender.header.device, opened->sender.header.id);
    *next = NEXT_NEW;
    return held ? again_held(vault, opened, held, in, body, next, why) : again_stored(vault, opened, body, next, why);
}

static enum status take(struct vault *vault, const struct opened *opened, const struct admission *row,
                        struct bytes record, const struct message *in, struct outbox *out, enum next *next)
{
    *next = NEXT_WAIT;
    return intake_queue(vault, &opened->sender.tenant, row, record, in, opened->start, out);
}

/* --- contributions --- */

/* A noised contribution's declared ε is queued here and charged before its batch is stored (intake_flush). The charge
 * is named by a hash of what it is for, so that a repetition after a crash finds it paid. */
static enum status charge(struct vault *vault, const struct opened *opened, uint64_t epsilon_micro, struct why *why)
{
    uint8_t hash[HASH_BYTES];
    struct ledger_local local = {.tenant = bytes_of(opened->sender.tenant.id, ID_BYTES),
                                 .device = bytes_of(opened->sender.header.device, ID_BYTES),
                                 .loss = ledger_loss_of_pure((struct dp_epsilon){epsilon_micro})};
    const struct bytes parts[] = {bytes_of(opened->sender.header.device, ID_BYTES),
                                  bytes_of(opened->sender.header.id, ID_BYTES),
                                  bytes_of(opened->sender.digest, DIGEST_BYTES)};
    hash_sha256_parts(parts, 3, hash);
    memcpy(local.key, hash, sizeof local.key);
    enum status status = ledger_queue(vault->ledger, &local, vault_now(vault), why);
    return status == ERR_UNAVAILABLE ? ledger_charge(vault->ledger, &local, vault_now(vault), why) : status;
}

static enum status check_record(struct vault *vault, const struct opened *opened, enum contribution_class *class,
                                struct why *why)
{
    struct contribution contribution = {0};
    uint64_t used = 0;
    TRY(intake_used(vault, &opened->sender.tenant, opened->sender.header.epoch, &used));
    if (used >= vault->federation.policy.max_contributions)
        return why_set(why, ERR_LIMIT, "as many contributions as the policy allows were taken in this epoch", NULL, 0);
    TRY(contribution_decode(buf_bytes(&opened->sender.record), &contribution, why));
    enum status status = admit_check(vault, buf_bytes(&opened->sender.record), &contribution, why);
    if (status == OK && contribution.class == CLASS_NOISED)
        status = charge(vault, opened, contribution.noised.epsilon_micro, why);
    *class = contribution.class;
    contribution_free(&contribution);
    return status;
}

static enum status take_contribution(struct vault *vault, const struct opened *opened, const struct message *in,
                                     struct outbox *out, struct buf *body, enum next *next, struct why *why)
{
    struct admission row;
    TRY(answer_again(vault, opened, in, body, next, why));
    if (*next != NEXT_NEW)
        return OK;
    row_of(opened, &row);
    TRY(admit_check_header(vault, &opened->sender.header, why));
    TRY(check_record(vault, opened, &row.class, why));
    return take(vault, opened, &row, buf_bytes(&opened->sender.record), in, out, next);
}

/* --- withdrawals --- */

/* Whether the device has a contribution of that id here, and whether it is there still. */
static enum status find_target(const struct vault *vault, const struct opened *opened, struct db *db,
                               const uint8_t target[static ID_BYTES], bool *live)
{
    struct admission row;
    SCOPED_BUF struct buf receipt = {0};
    const struct held *held = intake_find(vault, opened->sender.header.device, target);
    *live = true;
    if (held)
        row = *held_row(held);
    else
        TRY(admit_find(db, opened->sender.header.device, target, &row, live, &receipt));
    *live = *live && !intake_withdraws(vault, opened->sender.header.device, target);
    return row.kind == ENVELOPE_CONTRIBUTION ? OK : ERR_NOT_FOUND;
}

static enum status check_target(const struct vault *vault, const struct opened *opened, struct db *db,
                                uint8_t target[static ID_BYTES], struct why *why)
{
    bool live;
    TRY(withdrawal_decode(buf_bytes(&opened->sender.record), target, why));
    enum status status = find_target(vault, opened, db, target, &live);
    if (status == ERR_NOT_FOUND)
        return why_set(why, ERR_NOT_FOUND, "this device has no such contribution here", NULL, 0);
    TRY(status);
    return live ? OK : why_set(why, ERR_EXISTS, "was withdrawn already", "contribution", 0);
}

static enum status take_withdrawal(struct vault *vault, const struct opened *opened, const struct message *in,
                                   struct outbox *out, struct buf *body, enum next *next, struct why *why)
{
    struct db *db = NULL;
    struct admission row;
    TRY(answer_again(vault, opened, in, body, next, why));
    if (*next != NEXT_NEW)
        return OK;
    row_of(opened, &row);
    TRY(store_tenant(vault->store, &opened->sender.tenant, &db));
    TRY(check_target(vault, opened, db, row.target, why));
    return take(vault, opened, &row, BYTES_NONE, in, out, next);
}

/* --- the two answers --- */

static enum status judge(struct vault *vault, enum envelope_kind kind, const struct message *in, struct opened *opened,
                         struct outbox *out, struct buf *body, enum next *next, struct why *why)
{
    TRY(sender_open(vault, kind, buf_bytes(&in->payload), &opened->sender));
    TRY(sender_may(&opened->sender, call_of(kind)));
    TRY(sender_take_rate(vault, &opened->sender, why));
    TRY(intake_check_room(vault, why));
    TRY(reserve_check(&vault->reserve, clock_ms(vault->clock), why));
    return kind == ENVELOPE_WITHDRAWAL ? take_withdrawal(vault, opened, in, out, body, next, why)
                                       : take_contribution(vault, opened, in, out, body, next, why);
}

/* What is answered at once: a refusal, or a receipt that was there already. */
static enum status answer_now(struct vault *vault, enum envelope_kind kind, const struct message *in,
                              const struct opened *opened, enum status status, const struct why *why, struct bytes body,
                              struct outbox *out)
{
    uint8_t pseudonym[16];
    struct log_fields fields = {.bytes = in->payload.size, .micros = clock_ticks() - opened->start, .status = status};
    vault_pseudonym(vault, opened->sender.header.device, pseudonym);
    if (status == OK)
        fields.id = pseudonym;
    if (status != OK)
        trail_refuse(vault, call_of(kind), status, opened->sender.is_proved ? opened->sender.header.device : NULL,
                     opened->sender.header.tenant);
    log_event(status == OK ? LOG_ADMIT_ACCEPTED : LOG_ADMIT_REFUSED, fields);
    *(status == OK ? &vault->admitted : &vault->refused) += 1;
    return vault_reply(out, in->peer, in->request, status, why, body);
}

enum status admit_message(struct vault *vault, const struct message *in, struct outbox *out)
{
    enum envelope_kind kind = in->type == MESSAGE_WITHDRAW ? ENVELOPE_WITHDRAWAL : ENVELOPE_CONTRIBUTION;
    struct opened opened = {.start = clock_ticks()};
    struct why why = {0};
    enum next next = NEXT_ANSWER;
    SCOPED_BUF struct buf body = {0};
    enum status status = judge(vault, kind, in, &opened, out, &body, &next, &why);
    buf_free(&opened.sender.record); /* the rest is still wanted */
    if (status != OK || next != NEXT_WAIT)
        return answer_now(vault, kind, in, &opened, status, &why, buf_bytes(&body), out);
    return intake_is_full(vault) ? intake_flush(vault, out) : OK;
}
