/* The freeze of releases as rows: one a contradiction, with the note that proves it. */
#include "server/freeze.h"

#include "base/clock.h"

static const struct {
    const char *name, *text;
} reasons[FREEZE_REASONS] = {
    [FREEZE_SHRUNK] = {"shrunk", "releases are frozen: a member has seen a longer log; see chathamd log verify"},
    [FREEZE_FORKED] = {"forked", "releases are frozen: a member has seen another log; see chathamd log verify"},
    [FREEZE_RESTORED] = {"restored", "releases are frozen: this state comes from a backup; see chathamd log thaw"},
};

/* Origin, size and root; what follows are signatures. */
static struct bytes said_by(struct bytes note)
{
    size_t end = 1;
    while (end < note.size && !(note.data[end - 1] == '\n' && note.data[end] == '\n'))
        end++;
    return bytes_of(note.data, end < note.size ? end : note.size);
}

#define UNTHAWED_MAX 64 /* who has an old key of ours can sign any number */

/* No news is what froze us before, thawed or not. Which log a smaller checkpoint is of can't be told from its size. */
static enum status is_known(struct db *db, enum freeze_reason reason, struct bytes evidence, bool *known)
{
    int64_t same = 0, unthawed = 0;
    struct bytes said = said_by(evidence);
    *known = false;
    if (reason == FREEZE_RESTORED)
        return OK;
    TRY(db_row(db, "SELECT count(*) FROM freeze WHERE substr(evidence, 1, ?) = ?", "ib:i", (int64_t)said.size, said,
               &same));
    TRY(db_row(db, "SELECT count(*) FROM freeze WHERE thawed IS NULL", ":i", &unthawed));
    *known = same > 0 || unthawed >= UNTHAWED_MAX;
    return OK;
}

enum status freeze_set(struct store *store, enum freeze_reason reason, uint64_t size, struct bytes evidence,
                       int64_t now, bool *fresh)
{
    struct db *db = store_federation(store);
    bool known = false;
    TRY(is_known(db, reason, evidence, &known));
    if (fresh)
        *fresh = !known;
    if (known)
        return OK;
    return db_exec(db, "INSERT INTO freeze (reason, size, evidence, at) VALUES (?, ?, ?, ?)", "iibi", (int64_t)reason,
                   (int64_t)size, evidence, now);
}

enum status freeze_check(struct store *store, struct why *why)
{
    int64_t reason = 0;
    enum status status =
        db_row(store_federation(store), "SELECT reason FROM freeze WHERE thawed IS NULL ORDER BY number LIMIT 1", ":i",
               &reason);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    if (reason < 0 || reason >= FREEZE_REASONS)
        return ERR_CORRUPT;
    return why_set(why, ERR_POLICY, reasons[reason].text, NULL, 0);
}

enum status freeze_thaw(struct store *store, const char *said, int64_t now)
{
    enum status status = freeze_check(store, NULL);
    if (status != ERR_POLICY)
        return status == OK ? ERR_NOT_FOUND : status;
    return db_exec(store_federation(store), "UPDATE freeze SET thawed = ?, said = ? WHERE thawed IS NULL", "it", now,
                   said);
}

static struct json *row_json(struct db_rows *rows)
{
    char at[CLOCK_TEXT];
    struct json *object = json_object();
    int64_t reason = db_integer(rows, 0);
    clock_text(db_integer(rows, 3), at);
    json_set(object, "reason", json_text(reason >= 0 && reason < FREEZE_REASONS ? reasons[reason].name : "unknown"));
    json_set(object, "size", json_integer(db_integer(rows, 1)));
    json_set(object, "evidence", json_string(db_bytes(rows, 2)));
    json_set(object, "at", json_text(at));
    return object;
}

enum status freeze_show(struct store *store, struct json *reply)
{
    struct db_rows *rows = NULL;
    struct json *list = json_array();
    enum status status =
        db_query(store_federation(store), &rows,
                 "SELECT reason, size, evidence, at FROM freeze WHERE thawed IS NULL ORDER BY number", "");
    while (status == OK && (status = db_next(rows)) == OK)
        json_push(list, row_json(rows));
    db_done(rows);
    json_set(reply, "frozen", json_bool(json_count(list) > 0));
    json_set(reply, "freezes", list);
    return status == ERR_NOT_FOUND ? OK : status;
}
