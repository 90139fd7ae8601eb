/* The chain of the audit trail: how a row is hashed, what is counted before it is written, and where the log holds the
 * head. */
#include "server/trail_inside.h"
#include "server/vault_state.h"

#define DOMAIN "chatham/v1 trail"
#define BEGUN "begun"
#define REPEAT_SECONDS 60
#define ANCHOR_SECONDS 86400
#define TALLY_STRANGERS (TRAIL_TALLY / 2) /* places that devices can't take: every act with every outcome fits */

static const char *const actors[TRAIL_ACTORS] = {
    [TRAIL_OPERATOR] = "operator", [TRAIL_DEVICE] = "device", [TRAIL_STRANGER] = "stranger",
    [TRAIL_CLOCK] = "clock",       [TRAIL_VAULT] = "vault",
};

/* --- rows --- */

enum status trail_row_hash(const struct trail_row *row, const uint8_t before[static HASH_BYTES],
                           uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf text = {0};
    buf_add(&text, bytes_of(DOMAIN, sizeof DOMAIN));
    buf_add(&text, bytes_of(before, HASH_BYTES));
    buf_add_u64(&text, (uint64_t)row->number);
    buf_add_u64(&text, (uint64_t)row->at);
    buf_add_lp(&text, row->actor);
    buf_add_lp(&text, row->device);
    buf_add_lp(&text, row->tenant);
    buf_add_lp(&text, row->act);
    buf_add_lp(&text, row->outcome);
    buf_add_u64(&text, (uint64_t)row->count);
    TRY(buf_status(&text));
    hash_sha256(buf_bytes(&text), out);
    return OK;
}

/* The last row's number and hash; zeros while there is none. */
static enum status read_head(struct vault *vault, uint64_t *number, uint8_t hash[static HASH_BYTES])
{
    int64_t last = 0;
    SCOPED_BUF struct buf stored = {0};
    memset(hash, 0, HASH_BYTES);
    *number = 0;
    enum status status = db_row(store_federation(vault->store),
                                "SELECT number, hash FROM trail ORDER BY number DESC LIMIT 1", ":ib", &last, &stored);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    *number = (uint64_t)last;
    return store_fixed(buf_bytes(&stored), hash, HASH_BYTES);
}

static struct bytes id_or_none(const uint8_t *id)
{
    return id ? bytes_of(id, ID_BYTES) : BYTES_NONE;
}

enum status trail_add(struct vault *vault, const struct trail_act *act)
{
    uint8_t before[HASH_BYTES], hash[HASH_BYTES];
    uint64_t last = 0;
    const char *outcome = act->is_begun ? BEGUN : status_text(act->outcome);
    TRY(read_head(vault, &last, before));
    const struct trail_row row = {.number = (int64_t)last + 1,
                                  .at = vault_now(vault),
                                  .count = (int64_t)act->count,
                                  .actor = bytes_str(actors[act->actor]),
                                  .device = id_or_none(act->device),
                                  .tenant = id_or_none(act->tenant),
                                  .act = bytes_str(act->act),
                                  .outcome = bytes_str(outcome)};
    TRY(trail_row_hash(&row, before, hash));
    return db_exec(store_federation(vault->store),
                   "INSERT INTO trail (number, at, actor, device, tenant, act, outcome, count, hash)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   "iitbbttib", row.number, row.at, actors[act->actor], row.device, row.tenant, act->act, outcome,
                   row.count, bytes_of(hash, sizeof hash));
}

/* --- refusals --- */

static bool is_same(const struct trail_refusal *row, const struct trail_refusal *other)
{
    return strcmp(row->act, other->act) == 0 && row->outcome == other->outcome && row->is_proved == other->is_proved &&
           memcmp(row->device, other->device, ID_BYTES) == 0 && memcmp(row->tenant, other->tenant, ID_BYTES) == 0;
}

/* The place that counts it, a new one if there is room; NULL: none. */
static struct trail_refusal *find_place(struct trail_tally *tally, const struct trail_refusal *refusal)
{
    for (size_t i = 0; i < tally->count; i++)
        if (is_same(&tally->rows[i], refusal))
            return &tally->rows[i];
    size_t room = refusal->is_proved ? TRAIL_TALLY - TALLY_STRANGERS : TRAIL_TALLY;
    if (tally->count >= room)
        return NULL;
    tally->rows[tally->count] = *refusal;
    return &tally->rows[tally->count++];
}

void trail_refuse(struct vault *vault, const char *act, enum status outcome, const uint8_t *device,
                  const uint8_t *tenant)
{
    struct trail_refusal refusal = {.act = act, .outcome = outcome, .is_proved = device && tenant};
    if (refusal.is_proved) {
        memcpy(refusal.device, device, ID_BYTES);
        memcpy(refusal.tenant, tenant, ID_BYTES);
    }
    struct trail_refusal *place = find_place(&vault->refusals, &refusal);
    if (!place) /* too many devices: counted without them */
        place = find_place(&vault->refusals, &(struct trail_refusal){.act = act, .outcome = outcome});
    if (!place)
        place = &vault->refusals.rows[TRAIL_TALLY - 1];
    place->times++;
}

static enum status add_refusals(struct vault *vault)
{
    for (size_t i = 0; i < vault->refusals.count; i++) {
        const struct trail_refusal *row = &vault->refusals.rows[i];
        const struct trail_act act = {.actor = row->is_proved ? TRAIL_DEVICE : TRAIL_STRANGER,
                                      .act = row->act,
                                      .device = row->is_proved ? row->device : NULL,
                                      .tenant = row->is_proved ? row->tenant : NULL,
                                      .outcome = row->outcome,
                                      .count = row->times};
        TRY(trail_add(vault, &act));
    }
    return OK;
}

enum status trail_flush(struct vault *vault)
{
    struct db *db = store_federation(vault->store);
    if (vault->refusals.count == 0)
        return OK;
    TRY(db_begin(db));
    enum status status = add_refusals(vault);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    TRY(status);
    vault->refusals.count = 0;
    vault->refusals.written = vault_now(vault);
    return OK;
}

/* --- heads in the log --- */

static enum status last_anchor(struct vault *vault, uint64_t *number, int64_t *at)
{
    SCOPED_BUF struct buf content = {0};
    struct cursor cursor;
    *number = 0;
    *at = 0;
    enum status status = db_row(store_federation(vault->store),
                                "SELECT content, at FROM opening WHERE kind = ? ORDER BY leaf DESC LIMIT 1", "t:bi",
                                log_kind_name(LOGGED_TRAIL), &content, at);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    cursor = (struct cursor){buf_bytes(&content)};
    return cursor_u64(&cursor, number) == OK ? OK : ERR_CORRUPT;
}

static enum status anchor_at(struct vault *vault, uint64_t covered)
{
    uint64_t number = 0;
    uint8_t head[HASH_BYTES];
    SCOPED_BUF struct buf content = {0};
    TRY(read_head(vault, &number, head));
    if (number == covered)
        return OK;
    buf_add_u64(&content, number);
    buf_add(&content, bytes_of(head, sizeof head));
    TRY(buf_status(&content));
    return log_note(vault->store, vault->random, LOGGED_TRAIL, buf_bytes(&content), vault_now(vault));
}

enum status trail_anchor(struct vault *vault)
{
    uint64_t covered = 0;
    int64_t at = 0;
    TRY(last_anchor(vault, &covered, &at));
    return anchor_at(vault, covered);
}

static enum status anchor_daily(struct vault *vault)
{
    struct db *db = store_federation(vault->store);
    uint64_t covered = 0;
    int64_t at = 0, now = vault_now(vault);
    if (now < vault->refusals.anchored + ANCHOR_SECONDS)
        return OK;
    TRY(last_anchor(vault, &covered, &at));
    if (at == 0)
        at = vault->founded;
    if (now >= at + ANCHOR_SECONDS) {
        TRY(vault_settle(vault));
        TRY(db_begin(db));
        enum status status = anchor_at(vault, covered);
        if (status == OK)
            status = db_commit(db);
        db_rollback(db);
        TRY(status);
        at = now;
    }
    vault->refusals.anchored = at;
    return OK;
}

enum status trail_tick(struct vault *vault)
{
    if (vault_now(vault) >= vault->refusals.written + REPEAT_SECONDS)
        TRY(trail_flush(vault));
    return anchor_daily(vault);
}
