/* The audit trail's own check: the chain computed again from the rows, and compared with each head that the Merkle log
 * holds. The log's entries are opened, so that an opening that was changed or is gone shows, too. */
#include "server/trail_inside.h"
#include "server/vault_state.h"

struct anchor {
    uint64_t number;
    uint8_t hash[HASH_BYTES];
};
struct anchors { /* in the order of the log */
    size_t count, room, met;
    struct anchor *items;
};

static enum status damaged(struct why *why, const char *what, uint64_t at)
{
    return why_set(why, ERR_CORRUPT, what, "trail", (size_t)at);
}

/* --- heads in the log --- */

static enum status open_anchor(const struct db_rows *rows, struct anchor *out)
{
    struct log_entry entry;
    uint8_t commitment[HASH_BYTES];
    struct bytes salt = db_bytes(rows, 1), content = db_bytes(rows, 2);
    struct cursor cursor = {content};
    if (log_entry_decode(db_bytes(rows, 0), &entry, NULL) != OK || salt.size != 32)
        return ERR_CORRUPT;
    log_commit(LOGGED_TRAIL, salt.data, content, commitment);
    if (entry.kind != LOGGED_TRAIL || memcmp(commitment, entry.commitment, HASH_BYTES) != 0)
        return ERR_CORRUPT;
    if (cursor_u64(&cursor, &out->number) != OK)
        return ERR_CORRUPT;
    return store_fixed(cursor.left, out->hash, HASH_BYTES);
}

static enum status take_anchor(const struct db_rows *rows, struct anchors *anchors)
{
    if (anchors->count == anchors->room) {
        size_t room = 2 * anchors->room + 16;
        struct anchor *grown = mem_grow(anchors->items, anchors->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        anchors->items = grown;
        anchors->room = room;
    }
    struct anchor *anchor = &anchors->items[anchors->count];
    TRY(open_anchor(rows, anchor));
    if (anchors->count > 0 && anchor->number <= anchor[-1].number)
        return ERR_CORRUPT;
    anchors->count++;
    return OK;
}

static enum status read_anchors(struct vault *vault, struct anchors *anchors, struct why *why)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT log.entry, opening.salt, opening.content FROM log"
                                  " LEFT JOIN opening ON opening.leaf = log.leaf"
                                  " WHERE instr(log.entry, ?) > 0 ORDER BY log.leaf",
                                  "b", bytes_str("\"kind\":\"trail\""));
    while (status == OK && (status = db_next(rows)) == OK)
        status = take_anchor(rows, anchors);
    db_done(rows);
    if (status == ERR_CORRUPT)
        return damaged(why, "a head in the log cannot be opened", anchors->count);
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- the chain --- */

static enum status check_row(const struct db_rows *rows, struct trail_facts *facts, struct anchors *anchors,
                             struct why *why)
{
    const struct trail_row row = {.number = db_integer(rows, 0),
                                  .at = db_integer(rows, 1),
                                  .actor = db_bytes(rows, 2),
                                  .device = db_bytes(rows, 3),
                                  .tenant = db_bytes(rows, 4),
                                  .act = db_bytes(rows, 5),
                                  .outcome = db_bytes(rows, 6),
                                  .count = db_integer(rows, 7)};
    uint8_t hash[HASH_BYTES];
    if (row.number != (int64_t)facts->rows + 1)
        return damaged(why, "a row is missing", facts->rows + 1);
    TRY(trail_row_hash(&row, facts->head, hash));
    if (!bytes_equal(db_bytes(rows, 8), bytes_of(hash, sizeof hash)))
        return damaged(why, "a row was altered", (uint64_t)row.number);
    memcpy(facts->head, hash, HASH_BYTES);
    facts->rows++;
    if (anchors->met == anchors->count || anchors->items[anchors->met].number != facts->rows)
        return OK;
    if (memcmp(anchors->items[anchors->met].hash, hash, HASH_BYTES) != 0)
        return damaged(why, "the chain is another one than the log knows", facts->rows);
    anchors->met++;
    facts->anchored = facts->rows;
    return OK;
}

static enum status check_chain(struct vault *vault, struct trail_facts *facts, struct anchors *anchors, struct why *why)
{
    struct db_rows *rows = NULL;
    enum status status =
        db_query(store_federation(vault->store), &rows,
                 "SELECT number, at, actor, device, tenant, act, outcome, count, hash FROM trail ORDER BY number", "");
    while (status == OK && (status = db_next(rows)) == OK)
        status = check_row(rows, facts, anchors, why);
    db_done(rows);
    if (status != ERR_NOT_FOUND)
        return status;
    if (anchors->met < anchors->count)
        return damaged(why, "its end is missing: the log knows a later row", anchors->items[anchors->met].number);
    return OK;
}

enum status trail_verify(struct vault *vault, struct trail_facts *facts, struct why *why)
{
    struct anchors anchors = {0};
    *facts = (struct trail_facts){0};
    enum status status = read_anchors(vault, &anchors, why);
    facts->anchors = anchors.count;
    if (status == OK)
        status = check_chain(vault, facts, &anchors, why);
    mem_free(anchors.items);
    return status;
}
