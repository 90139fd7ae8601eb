/* The round's table: every live candidate of every active tenant, in an order drawn at random. Which place is whose
 * stays in the vault. */
#include "server/admit.h"
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

static enum status collect_tenant(struct vault *vault, struct round *round, const struct tenant *tenant)
{
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    size_t before = round->count;
    TRY(admit_tenant(vault, tenant, &db));
    enum status status = db_query(db, &rows, "SELECT record FROM admission WHERE record IS NOT NULL AND class = ?", "i",
                                  (int64_t)CLASS_TEXT);
    while (status == OK && (status = db_next(rows)) == OK)
        status = collect_record(round, tenant, db_bytes(rows, 0));
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

enum status round_collect(struct vault *vault, struct round *round)
{
    struct tenant tenant = {0};
    enum status status;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        if (tenant.state == TENANT_ACTIVE)
            TRY(collect_tenant(vault, round, &tenant));
    if (status != ERR_NOT_FOUND)
        return status;
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
    mem_free(round);
}
