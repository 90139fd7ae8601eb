/* The round's table: every live candidate of every active tenant, in an order drawn at random. Which place is whose
 * stays in the vault. Where there is more than a round can hold, what is over is left out of those who bring most, so
 * that nobody can crowd the others out or keep a round from happening. */
#include "server/round.h"

static enum status make_room(struct round *round, size_t more)
{
    if (round->count + more <= round->room)
        return OK;
    size_t room = 2 * (round->count + more);
    struct candidate *candidates = mem_grow(round->candidates, round->room, room, sizeof *candidates);
    if (!candidates)
        return ERR_MEMORY;
    round->candidates = candidates;
    struct release_row *rows = mem_grow(round->rows, round->room, room, sizeof *rows);
    if (!rows)
        return ERR_MEMORY;
    round->rows = rows;
    round->room = room;
    return OK;
}

/* Moves the candidates out of a contribution. */
static enum status take_candidates(struct round *round, const struct tenant *tenant, struct contribution *contribution)
{
    TRY(make_room(round, contribution->candidate_count));
    for (size_t i = 0; i < contribution->candidate_count; i++) {
        struct candidate *candidate = &contribution->candidates[i];
        struct release_row *row = &round->rows[round->count];
        row->tenant = (uint32_t)tenant->number;
        memcpy(row->task, candidate->task, TASK_TAG_BYTES);
        round->candidates[round->count++] = *candidate;
        *candidate = (struct candidate){0};
    }
    return OK;
}

static enum status collect_record(struct round *round, const struct tenant *tenant, struct bytes record)
{
    struct contribution contribution = {0};
    enum status status = contribution_decode(record, &contribution, NULL);
    if (status == ERR_INPUT || status == ERR_VERSION || status == ERR_TOO_LARGE) /* it was strict when it came */
        return ERR_CORRUPT;
    if (status == OK)
        status = take_candidates(round, tenant, &contribution);
    contribution_free(&contribution);
    return status;
}

/* --- what fits --- */

struct brought { /* by each active tenant */
    size_t count;
    struct part {
        uint8_t tenant[ID_BYTES];
        uint64_t bytes; /* of its records */
        uint64_t read;  /* contributions */
    } * parts;
};

static enum status weigh_tenant(struct vault *vault, const struct tenant *tenant, uint64_t *bytes)
{
    struct db *db = NULL;
    int64_t sum = 0;
    TRY(store_tenant(vault->store, tenant, &db));
    TRY(db_row(db, "SELECT coalesce(sum(length(record)), 0) FROM admission WHERE record IS NOT NULL AND class = ?",
               "i:i", (int64_t)CLASS_TEXT, &sum));
    *bytes = (uint64_t)sum;
    return OK;
}

enum status round_check_stores(struct vault *vault)
{
    struct tenant tenant = {0};
    uint64_t bytes = 0;
    enum status status;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        if (tenant.state == TENANT_ACTIVE)
            TRY(weigh_tenant(vault, &tenant, &bytes));
    return status == ERR_NOT_FOUND ? OK : status;
}

/* Whether the round may read what a tenant brought. */
static enum status may_read(struct vault *vault, const struct round *round, const struct tenant *tenant, bool *may)
{
    *may = tenant->state == TENANT_ACTIVE;
    if (!*may || round->charge == 0)
        return OK;
    return ledger_covers(vault->ledger, bytes_of(tenant->id, ID_BYTES), round->charge, may);
}

static enum status weigh(struct vault *vault, const struct round *round, struct brought *brought)
{
    struct tenant tenant = {0};
    size_t room = 0;
    enum status status;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK) {
        bool may = false;
        TRY(may_read(vault, round, &tenant, &may));
        if (!may)
            continue;
        if (brought->count == room) {
            struct part *grown = mem_grow(brought->parts, room, 2 * room + 16, sizeof *grown);
            if (!grown)
                return ERR_MEMORY;
            brought->parts = grown;
            room = 2 * room + 16;
        }
        struct part *part = &brought->parts[brought->count];
        memcpy(part->tenant, tenant.id, ID_BYTES);
        TRY(weigh_tenant(vault, &tenant, &part->bytes));
        brought->count++;
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

/* The largest share such that all together stay within `most` if nobody takes more than it. */
static uint64_t fair_share(const struct brought *brought, uint64_t most)
{
    uint64_t low = 0, high = most;
    while (low < high) {
        uint64_t share = high - (high - low) / 2, sum = 0;
        for (size_t i = 0; i < brought->count; i++)
            sum += brought->parts[i].bytes < share ? brought->parts[i].bytes : share;
        if (sum <= most)
            low = share;
        else
            high = share - 1;
    }
    return low;
}

/* --- taking it --- */

/* The newest first, as far as they fit into the share. */
static enum status collect_tenant(struct vault *vault, struct round *round, const struct tenant *tenant, uint64_t share,
                                  struct part *part)
{
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    size_t before = round->count;
    TRY(store_tenant(vault->store, tenant, &db));
    enum status status =
        db_query(db, &rows, "SELECT record FROM admission WHERE record IS NOT NULL AND class = ? ORDER BY number DESC",
                 "i", (int64_t)CLASS_TEXT);
    while (status == OK && (status = db_next(rows)) == OK) {
        struct bytes record = db_bytes(rows, 0);
        bool fits = record.size <= share;
        share = fits ? share - record.size : 0;
        round->left_out += !fits;
        part->read += fits;
        if (fits)
            status = collect_record(round, tenant, record);
    }
    db_done(rows);
    round->tenants += round->count > before;
    return status == ERR_NOT_FOUND ? OK : status;
}

/* Fisher and Yates, both arrays alike. */
static void shuffle(struct random random, struct round *round)
{
    for (size_t i = round->count; i > 1; i--) {
        size_t other = (size_t)random_below(random, i);
        struct candidate candidate = round->candidates[i - 1];
        struct release_row row = round->rows[i - 1];
        round->candidates[i - 1] = round->candidates[other];
        round->rows[i - 1] = round->rows[other];
        round->candidates[other] = candidate;
        round->rows[other] = row;
    }
}

static enum status collect(struct vault *vault, struct round *round, struct brought *brought, size_t most)
{
    TRY(weigh(vault, round, brought));
    uint64_t share = round->charge ? most / round->members : fair_share(brought, most);
    for (size_t i = 0; i < brought->count; i++) {
        struct tenant tenant;
        TRY(tenant_find(vault->store, brought->parts[i].tenant, &tenant));
        TRY(collect_tenant(vault, round, &tenant, share, &brought->parts[i]));
    }
    return OK;
}

/* What was read of whom, before any of it goes on to distil. */
static enum status enter_reads(struct vault *vault, const struct round *round, const struct brought *brought)
{
    for (size_t i = 0; i < brought->count; i++)
        TRY(trail_add(vault, &(struct trail_act){.actor = round->asked ? TRAIL_OPERATOR : TRAIL_CLOCK,
                                                 .act = "round.read",
                                                 .tenant = brought->parts[i].tenant,
                                                 .count = brought->parts[i].read}));
    return OK;
}

enum status round_collect(struct vault *vault, struct round *round, size_t most)
{
    struct brought brought = {0};
    struct db *db = store_federation(vault->store);
    enum status status = collect(vault, round, &brought, most);
    if (status == OK)
        status = db_begin(db);
    if (status == OK)
        status = enter_reads(vault, round, &brought);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    mem_free(brought.parts);
    TRY(status);
    shuffle(vault->random, round);
    return OK;
}

void round_free(struct round *round)
{
    if (!round)
        return;
    for (size_t i = 0; i < round->count; i++)
        candidate_free(&round->candidates[i]);
    mem_free(round->candidates);
    mem_free(round->rows);
    dp_stream_free(round->stream);
    mem_free(round);
}
