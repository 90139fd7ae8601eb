/* From the journal into the databases. A file of it is drained while the other takes batches: first each tenant's
 * admissions, a bounded number a step, then the leaves and counts, then the file is cut. Every step can be repeated. */
#include "base/log.h"
#include "server/intake_inside.h"

#define STEP_ADMISSIONS 64
#define SLICE_MICROS 4000         /* of work between messages */
#define SLICE_BEHIND_MICROS 20000 /* when more comes in than goes out */
#define IDLE_MILLIS 50            /* without a message: then what is there is drained, be it little */
#define REST_MILLIS 1000          /* after a failure */

static unsigned draining(const struct intake *intake)
{
    return !journal_active(intake->journal);
}

/* --- a tenant's admissions --- */

static enum status insert_held(struct vault *vault, const struct tenant *tenant, struct db *db, const struct held *held)
{
    struct admission row;
    struct bytes record, receipt;
    SCOPED_BUF struct buf plaintext;
    buf_init_secret(&plaintext);
    TRY(held_read(vault, tenant, held, &plaintext));
    TRY(held_decode(buf_bytes(&plaintext), &row, &record, &receipt));
    return admit_insert(db, &row, record, receipt);
}

static enum status insert_some(struct vault *vault, const struct tenant *tenant, struct db *db, const struct held *held,
                               size_t *count)
{
    TRY(db_begin(db));
    enum status status = OK;
    for (*count = 0; held && *count < STEP_ADMISSIONS && status == OK; held = held->next, ++*count)
        status = insert_held(vault, tenant, db, held);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status drain_tenant(struct vault *vault, struct intake_tenant *of, struct intake_list *list)
{
    struct tenant tenant;
    struct db *db = NULL;
    size_t count = 0;
    TRY(tenant_find(vault->store, of->id, &tenant));
    TRY(store_tenant(vault->store, &tenant, &db));
    enum status status = insert_some(vault, &tenant, db, list->first, &count);
    if (status != OK) { /* a commit that reports a failure may have happened */
        known_forget(vault->intake, of);
        return status;
    }
    known_follow(vault->intake, of, db, list->first, count);
    while (count-- > 0) {
        struct held *held = list->first;
        list->first = held->next;
        held_free(vault->intake, held);
    }
    if (!list->first)
        list->last = &list->first;
    return OK;
}

/* The next tenant with something in the file; NULL: none. */
static struct intake_tenant *next_tenant(struct intake *intake, unsigned file)
{
    for (size_t i = 0; i < intake->tenant_count; i++) {
        size_t at = (intake->cursor + i) % intake->tenant_count;
        if (intake->tenants[at] && intake->tenants[at]->lists[file].first) {
            intake->cursor = at;
            return intake->tenants[at];
        }
    }
    return NULL;
}

/* --- a file that is through --- */

static enum status count_tenant(struct db *db, const struct intake_tenant *of, const struct intake_list *list)
{
    static const char sql[] = "INSERT INTO intake_count (tenant, kind, epoch, count) VALUES (?, ?, ?, ?)"
                              " ON CONFLICT (tenant, kind, epoch) DO UPDATE SET count = count + excluded.count";
    for (size_t i = 0; i < list->tally_count; i++) {
        const struct intake_tally *tally = &list->tallies[i];
        if (tally->contributions)
            TRY(db_exec(db, sql, "biti", bytes_of(of->id, ID_BYTES), (int64_t)ENVELOPE_CONTRIBUTION, tally->epoch,
                        (int64_t)tally->contributions));
        if (tally->withdrawals)
            TRY(db_exec(db, sql, "biti", bytes_of(of->id, ID_BYTES), (int64_t)ENVELOPE_WITHDRAWAL, tally->epoch,
                        (int64_t)tally->withdrawals));
    }
    return OK;
}

static enum status enter_file(struct vault *vault, unsigned file)
{
    const struct intake *intake = vault->intake;
    const struct intake_batches *batches = &intake->batches[file];
    struct db *db = store_federation(vault->store);
    for (size_t i = 0; i < batches->count; i++)
        TRY(log_append_promised(vault->store, buf_bytes(&batches->items[i].entry), batches->items[i].leaf));
    for (size_t i = 0; i < intake->tenant_count; i++)
        if (intake->tenants[i])
            TRY(count_tenant(db, intake->tenants[i], &intake->tenants[i]->lists[file]));
    return db_exec(db, "INSERT OR REPLACE INTO intake (one, batch) VALUES (1, ?)", "i",
                   (int64_t)batches->items[batches->count - 1].number);
}

static void forget_file(struct vault *vault, unsigned file)
{
    struct intake *intake = vault->intake;
    log_promise(vault->store, -(int64_t)intake->batches[file].count);
    batches_free(&intake->batches[file]);
    for (size_t i = 0; i < intake->tenant_count; i++) {
        if (!intake->tenants[i])
            continue;
        struct intake_list *list = &intake->tenants[i]->lists[file];
        mem_free(list->tallies);
        list->tallies = NULL;
        list->tally_count = 0;
    }
}

/* A commit that reports a failure may have happened: then the number says so, and nothing is counted twice. */
static enum status commit_file(struct vault *vault, unsigned file)
{
    const struct intake_batches *batches = &vault->intake->batches[file];
    struct db *db = store_federation(vault->store);
    int64_t entered = 0;
    enum status status = db_row(db, "SELECT batch FROM intake", ":i", &entered);
    if (status != OK && status != ERR_NOT_FOUND)
        return status;
    if ((uint64_t)entered >= batches->items[batches->count - 1].number)
        return OK;
    TRY(db_begin(db));
    status = enter_file(vault, file);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

static enum status finish_file(struct vault *vault, unsigned file)
{
    struct intake *intake = vault->intake;
    if (intake->batches[file].count) {
        TRY(commit_file(vault, file));
        forget_file(vault, file);
    }
    enum status status = journal_clear(intake->journal, file);
    intake->is_broken |= status != OK; /* what is in it may come back; it must not be appended to */
    return status;
}

/* --- steps --- */

enum status intake_step(struct vault *vault, bool *more)
{
    struct intake *intake = vault->intake;
    unsigned file = draining(intake);
    *more = true;
    if (intake->is_broken)
        return ERR_IO;
    if (journal_size(intake->journal, file) == 0) {
        *more = journal_size(intake->journal, journal_active(intake->journal)) > 0;
        if (*more)
            journal_swap(intake->journal);
        return OK;
    }
    struct intake_tenant *of = next_tenant(intake, file);
    if (!of)
        return finish_file(vault, file);
    enum status status = drain_tenant(vault, of, &of->lists[file]);
    intake->cursor += status != OK; /* the others first */
    return status;
}

enum status intake_settle(struct vault *vault)
{
    INVARIANT(vault->intake->queued == 0);
    for (bool more = true; more;)
        TRY(intake_step(vault, &more));
    return OK;
}

static uint64_t active_size(const struct intake *intake)
{
    return journal_size(intake->journal, journal_active(intake->journal));
}

static bool is_draining(const struct intake *intake)
{
    return journal_size(intake->journal, draining(intake)) > 0;
}

static enum status work_until(struct vault *vault, uint64_t until)
{
    do {
        bool more = false;
        TRY(intake_step(vault, &more));
    } while (is_draining(vault->intake) && clock_ticks() < until);
    return OK;
}

enum status intake_work(struct vault *vault, enum vault_pace pace, int *wait_ms)
{
    struct intake *intake = vault->intake;
    uint64_t now = clock_ticks();
    bool begin = active_size(intake) >= INTAKE_SOFT_BYTES || (pace == VAULT_IDLE && active_size(intake) > 0);
    *wait_ms = -1;
    if (now < intake->rest_until || (!is_draining(intake) && !begin)) {
        if (active_size(intake) > 0)
            *wait_ms = now < intake->rest_until ? REST_MILLIS : IDLE_MILLIS;
        return OK;
    }
    bool behind = active_size(intake) >= INTAKE_SOFT_BYTES;
    enum status status = work_until(vault, now + (behind ? SLICE_BEHIND_MICROS : SLICE_MICROS));
    *wait_ms = active_size(intake) > 0 ? IDLE_MILLIS : -1;
    if (is_draining(intake))
        *wait_ms = 0;
    if (status == OK || intake->is_broken)
        return status;
    log_event(LOG_STORE_FAILED, (struct log_fields){.status = status});
    intake->rest_until = now + UINT64_C(1000) * REST_MILLIS;
    *wait_ms = REST_MILLIS;
    return OK;
}
