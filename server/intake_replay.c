/* Opening the intake: what the journal holds is held again. */
#include "base/log.h"
#include "server/intake_inside.h"

struct replay {
    struct vault *vault;
    uint64_t batch; /* the last that was entered */
    struct why *why;
};

/* The first frame of a batch brings the batch, whose leaf must be the next one. */
static enum status replay_batch(struct replay *replay, const struct journal_frame *frame, unsigned file,
                                struct bytes text)
{
    struct vault *vault = replay->vault;
    struct receipt receipt;
    uint64_t leaf = 0;
    if (frame->batch == replay->batch)
        return OK;
    if (receipt_decode(text, &receipt, NULL) != OK)
        return ERR_CORRUPT;
    TRY(log_next(vault->store, &leaf));
    if (receipt.leaf != leaf)
        return why_set(replay->why, ERR_CORRUPT, "does not fit the log", "intake journal", 0);
    TRY(batch_enter(vault->intake, file, frame->batch, &receipt));
    log_promise(vault->store, 1);
    replay->batch = frame->batch;
    return OK;
}

static enum status frame_tenant(struct replay *replay, const struct journal_frame *frame, struct tenant *tenant)
{
    enum status status = tenant_find(replay->vault->store, frame->tenant, tenant);
    if (status == ERR_NOT_FOUND || (status == OK && tenant->key_version != frame->key_version))
        return why_set(replay->why, ERR_CORRUPT, "is for a member or key that is not there", "intake journal", 0);
    return status;
}

static enum status replay_frame(void *context, const struct journal_frame *frame, const struct journal_place *place)
{
    struct replay *replay = context;
    struct intake *intake = replay->vault->intake;
    struct tenant tenant;
    struct intake_tenant *of;
    struct secret key;
    struct admission row;
    struct bytes record, receipt;
    struct held *held;
    SCOPED_BUF struct buf plaintext;
    buf_init_secret(&plaintext);
    TRY(frame_tenant(replay, frame, &tenant));
    TRY(intake_key_find(replay->vault, &tenant, &key));
    if (journal_frame_open(frame, &key, &plaintext) != OK)
        return ERR_CORRUPT;
    TRY(held_decode(buf_bytes(&plaintext), &row, &record, &receipt));
    TRY(replay_batch(replay, frame, place->file, receipt));
    TRY(intake_tenant_of(intake, &tenant, &of));
    TRY(held_new(intake, of, &row, place->file, &held));
    held_append(held, place);
    return OK;
}

static enum status drained(const struct vault *vault, uint64_t *batch)
{
    int64_t number = 0;
    enum status status = db_row(store_federation(vault->store), "SELECT batch FROM intake", ":i", &number);
    *batch = (uint64_t)number;
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status intake_open(struct vault *vault, const char *folder, struct why *why)
{
    struct replay replay = {.vault = vault, .why = why};
    uint64_t batch = 0, cut = 0;
    struct intake *intake = mem_new(1, sizeof *intake);
    vault->intake = intake;
    if (!intake)
        return ERR_MEMORY;
    intake->queue_last = &intake->queue;
    intake->is_broken = true; /* until it is open */
    TRY(drained(vault, &batch));
    TRY(journal_open(folder, batch, replay_frame, &replay, &intake->journal, &cut, why));
    intake->is_broken = false;
    if (cut)
        log_event(LOG_JOURNAL_CUT, (struct log_fields){.bytes = cut});
    return OK;
}

static void held_forget(struct intake *intake, struct held *held)
{
    while (held) {
        struct held *next = held->next;
        held_free(intake, held);
        held = next;
    }
}

static void tenant_free(struct intake *intake, struct intake_tenant *of)
{
    if (!of)
        return;
    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        held_forget(intake, of->lists[file].first);
        mem_free(of->lists[file].tallies);
    }
    known_free(of->known);
    mem_free(of);
}

void intake_close(struct vault *vault)
{
    struct intake *intake = vault->intake;
    if (!intake)
        return;
    held_forget(intake, intake->queue); /* never acknowledged */
    intake->queue = NULL;
    intake->queued = 0;
    if (!intake->is_broken && intake_settle(vault) != OK) /* then it is in the journal, for the next opening */
        log_event(LOG_STORE_FAILED, (struct log_fields){.status = ERR_IO});
    for (size_t i = 0; i < intake->tenant_count; i++)
        tenant_free(intake, intake->tenants[i]);
    for (unsigned file = 0; file < JOURNAL_FILES; file++)
        batches_free(&intake->batches[file]);
    journal_close(intake->journal);
    secret_free(&intake->keys.memory);
    mem_free(intake->tenants);
    mem_free(intake->waiting);
    mem_free(intake);
    vault->intake = NULL;
}
