/* From a queue to a batch: receipts, one signature, one leaf promised, one write, then the answers. Hides what a frame
 * of the journal holds. */
#include "base/log.h"
#include "server/intake_inside.h"

/* --- what is sealed in a frame: u8 kind | u8 class | device | id | digest | epoch | salt | target | lp receipt | lp
 * record --- */

enum status held_encode(const struct admission *row, struct bytes record, struct bytes receipt, struct buf *out)
{
    buf_add_byte(out, (uint8_t)row->kind);
    buf_add_byte(out, (uint8_t)row->class);
    buf_add(out, bytes_of(row->device, ID_BYTES));
    buf_add(out, bytes_of(row->id, ID_BYTES));
    buf_add(out, bytes_of(row->digest, DIGEST_BYTES));
    buf_add(out, bytes_of(row->epoch, EPOCH_TEXT));
    buf_add(out, bytes_of(row->salt, sizeof row->salt));
    buf_add(out, bytes_of(row->target, ID_BYTES));
    buf_add_lp(out, receipt);
    buf_add_lp(out, record);
    return buf_status(out);
}

static enum status take(struct cursor *from, void *out, size_t size)
{
    struct bytes part;
    TRY(cursor_bytes(from, size, &part));
    memcpy(out, part.data, size);
    return OK;
}

static enum status decode(struct cursor *from, struct admission *row, struct bytes *record, struct bytes *receipt)
{
    uint8_t kind, class;
    TRY(cursor_u8(from, &kind));
    TRY(cursor_u8(from, &class));
    TRY(take(from, row->device, ID_BYTES));
    TRY(take(from, row->id, ID_BYTES));
    TRY(take(from, row->digest, DIGEST_BYTES));
    TRY(take(from, row->epoch, EPOCH_TEXT));
    TRY(take(from, row->salt, sizeof row->salt));
    TRY(take(from, row->target, ID_BYTES));
    TRY(cursor_lp(from, receipt));
    TRY(cursor_lp(from, record));
    bool known = (kind == ENVELOPE_CONTRIBUTION || kind == ENVELOPE_WITHDRAWAL) && class < CONTRIBUTION_CLASSES;
    if (!known || row->epoch[EPOCH_TEXT - 1] != 0)
        return ERR_INPUT;
    row->kind = (enum envelope_kind)kind;
    row->class = (enum contribution_class) class;
    return cursor_end(from);
}

enum status held_decode(struct bytes text, struct admission *row, struct bytes *record, struct bytes *receipt)
{
    struct cursor cursor = {text};
    *row = (struct admission){.kind = ENVELOPE_CONTRIBUTION};
    *record = *receipt = BYTES_NONE;
    /* It was sealed by us, so what is wrong with it is no sender's fault. */
    return decode(&cursor, row, record, receipt) == OK ? OK : ERR_CORRUPT;
}

/* --- queueing --- */

static enum status wait_for(struct intake *intake, const struct held *held, const struct message *in,
                            uint64_t start_ticks)
{
    if (intake->waiting_count == intake->waiting_room) {
        size_t room = 2 * intake->waiting_room + 16;
        struct waiting *grown = mem_grow(intake->waiting, intake->waiting_room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        intake->waiting = grown;
        intake->waiting_room = room;
    }
    intake->waiting[intake->waiting_count++] = (struct waiting){
        .held = held, .peer = in->peer, .request = in->request, .start_ticks = start_ticks, .bytes = in->payload.size};
    return OK;
}

enum status intake_check_room(const struct vault *vault, struct why *why)
{
    const struct intake *intake = vault->intake;
    bool full = journal_size(intake->journal, journal_active(intake->journal)) >= INTAKE_HARD_BYTES;
    return full ? why_set(why, ERR_UNAVAILABLE, "too much waits to be stored", NULL, 0) : OK;
}

bool intake_is_full(const struct vault *vault)
{
    return vault->intake->queued == JOURNAL_BATCH_MAX;
}

static enum status held_fill(struct held *held, struct bytes record)
{
    held->is_queued = true;
    buf_add(&held->record, record);
    return buf_status(&held->record);
}

enum status intake_queue(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                         struct bytes record, const struct message *in, uint64_t start_ticks, struct outbox *out)
{
    struct intake *intake = vault->intake;
    struct intake_tenant *of;
    struct held *held;
    struct secret key;
    if (intake->queue && strcmp(intake->queue->row.epoch, row->epoch) != 0)
        TRY(intake_flush(vault, out));
    INVARIANT(!intake_is_full(vault));
    TRY(intake_key_find(vault, tenant, &key)); /* a key that cannot be had is this message's failure, not its batch's */
    TRY(intake_tenant_of(intake, tenant, &of));
    TRY(held_new(intake, of, row, journal_active(intake->journal), &held));
    enum status status = held_fill(held, record);
    if (status == OK)
        status = wait_for(intake, held, in, start_ticks);
    if (status != OK) {
        held_free(intake, held);
        return status;
    }
    *intake->queue_last = held;
    intake->queue_last = &held->next;
    intake->queued++;
    return OK;
}

enum status intake_join(struct vault *vault, const struct held *held, const struct message *in, uint64_t start_ticks)
{
    return wait_for(vault->intake, held, in, start_ticks);
}

/* --- a batch --- */

struct batch {
    struct receipt receipts[JOURNAL_BATCH_MAX];
    struct buf texts[JOURNAL_BATCH_MAX]; /* the receipts as they are sent */
    struct journal_place places[JOURNAL_BATCH_MAX];
};

static void batch_free(struct batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < JOURNAL_BATCH_MAX; i++)
        buf_free(&batch->texts[i]);
    mem_free(batch);
}

static enum status receipts_make(struct vault *vault, struct batch *batch)
{
    const struct intake *intake = vault->intake;
    uint64_t leaf = 0;
    uint8_t salt[32];
    size_t i = 0;
    TRY(log_next(vault->store, &leaf));
    random_fill(vault->random, salt, sizeof salt);
    for (struct held *held = intake->queue; held; held = held->next, i++) {
        struct receipt *receipt = &batch->receipts[i];
        *receipt = (struct receipt){.version = RECEIPT_VERSION, .leaf = leaf};
        memcpy(held->row.salt, salt, sizeof salt);
        memcpy(receipt->salt, salt, sizeof salt);
        memcpy(receipt->contribution, held->row.id, ID_BYTES);
        memcpy(receipt->digest, held->row.digest, DIGEST_BYTES);
        memcpy(receipt->epoch, held->row.epoch, EPOCH_TEXT);
    }
    TRY(receipt_sign_batch(batch->receipts, i, vault->federation.id, &vault->keys[SERVER_RECEIPT]));
    while (i-- > 0)
        TRY(receipt_encode(&batch->receipts[i], &batch->texts[i]));
    return OK;
}

static enum status frame_add(struct vault *vault, const struct held *held, struct bytes receipt,
                             struct journal_place *place)
{
    struct tenant tenant;
    struct secret key;
    SCOPED_BUF struct buf plaintext;
    buf_init_secret(&plaintext);
    TRY(tenant_find(vault->store, held->tenant->id, &tenant));
    TRY(intake_key_find(vault, &tenant, &key));
    TRY(held_encode(&held->row, buf_bytes(&held->record), receipt, &plaintext));
    return journal_add(vault->intake->journal, tenant.id, tenant.key_version, &key, buf_bytes(&plaintext), place);
}

static enum status batch_write(struct vault *vault, struct batch *batch)
{
    struct intake *intake = vault->intake;
    uint64_t number = journal_number(intake->journal);
    unsigned file = journal_active(intake->journal);
    size_t i = 0;
    TRY(receipts_make(vault, batch));
    journal_begin(intake->journal);
    for (const struct held *held = intake->queue; held; held = held->next, i++)
        TRY(frame_add(vault, held, buf_bytes(&batch->texts[i]), &batch->places[i]));
    TRY(batch_enter(intake, file, number, &batch->receipts[0]));
    enum status status = journal_commit(intake->journal);
    if (status == OK)
        log_promise(vault->store, 1);
    else
        buf_free(&intake->batches[file].items[--intake->batches[file].count].entry);
    intake->is_broken = status == ERR_IO;
    return status;
}

/* --- after it --- */

static size_t place_in_queue(const struct intake *intake, const struct held *held)
{
    size_t at = 0;
    for (const struct held *other = intake->queue; other != held; other = other->next)
        at++;
    return at;
}

static enum status answer(struct vault *vault, const struct waiting *waiting, enum status status, struct bytes receipt,
                          struct outbox *out)
{
    static const struct why why = {.what = "it could not be stored"};
    uint8_t pseudonym[16];
    struct log_fields fields = {
        .bytes = waiting->bytes, .micros = clock_ticks() - waiting->start_ticks, .status = status};
    vault_pseudonym(vault, waiting->held->row.device, pseudonym);
    if (status == OK)
        fields.id = pseudonym;
    log_event(status == OK ? LOG_ADMIT_ACCEPTED : LOG_ADMIT_REFUSED, fields);
    *(status == OK ? &vault->admitted : &vault->refused) += 1;
    return vault_reply(out, waiting->peer, waiting->request, status, status == OK ? NULL : &why, receipt);
}

static enum status answer_all(struct vault *vault, const struct batch *batch, enum status status, struct outbox *out)
{
    struct intake *intake = vault->intake;
    enum status answered = OK;
    for (size_t i = 0; i < intake->waiting_count && answered == OK; i++) {
        const struct waiting *waiting = &intake->waiting[i];
        size_t at = place_in_queue(intake, waiting->held);
        answered = answer(vault, waiting, status, status == OK ? buf_bytes(&batch->texts[at]) : BYTES_NONE, out);
    }
    intake->waiting_count = 0;
    return answered;
}

static void queue_end(struct intake *intake, const struct batch *batch, enum status status)
{
    for (size_t i = 0; intake->queue; i++) {
        struct held *held = intake->queue;
        intake->queue = held->next;
        if (status == OK)
            held_append(held, &batch->places[i]);
        else
            held_free(intake, held);
    }
    intake->queue_last = &intake->queue;
    intake->queued = 0;
}

enum status intake_flush(struct vault *vault, struct outbox *out)
{
    struct intake *intake = vault->intake;
    if (intake->is_broken)
        return ERR_IO;
    if (intake->queued == 0)
        return OK;
    struct batch *batch = mem_new(1, sizeof *batch);
    enum status status = batch ? ledger_flush(vault->ledger) : ERR_MEMORY; /* charged before it is stored */
    if (status == OK)
        status = batch_write(vault, batch);
    if (status != OK)
        log_event(LOG_STORE_FAILED, (struct log_fields){.status = status});
    enum status answered = OK;
    if (!intake->is_broken)
        answered = answer_all(vault, batch, status == OK ? OK : ERR_UNAVAILABLE, out);
    intake->waiting_count = 0;
    queue_end(intake, batch, status);
    batch_free(batch);
    journal_begin(intake->journal);
    return intake->is_broken ? ERR_IO : answered;
}
