/* Hides where the last statement is kept, and what makes a newer one of it. */
#include "client/budget.h"

#include "base/file.h"

#define STATEMENT_MAX (64u * 1024)

static enum status read_statement(const struct home *home, struct bytes text, struct budget_seen *out, struct why *why)
{
    *out = (struct budget_seen){0};
    TRY(charge_decode(text, &out->charge, why));
    TRY(charge_check(&out->charge, &home->federation, &out->checkpoint, why));
    if (ledger_anchor_decode(bytes_of(out->charge.content, out->charge.content_size), &out->anchor) != OK)
        return why_set(why, ERR_INPUT, "the log's entry opens to no charge", "statement", 0);
    out->is_there = true;
    return OK;
}

/* What this home kept last. One that was kept under a key that is no more cannot be compared any more. */
static enum status read_kept(const struct home *home, const char *path, struct budget_seen *out)
{
    SCOPED_BUF struct buf text = {0};
    *out = (struct budget_seen){0};
    enum status status = file_read(path, STATEMENT_MAX, &text);
    if (status == OK)
        status = read_statement(home, buf_bytes(&text), out, NULL);
    return status == ERR_MEMORY || status == ERR_IO ? status : OK;
}

/* Charges are never taken back: the newer one has as many and as much. */
static enum status compare(const struct budget_seen *kept, const struct budget_seen *now, struct why *why)
{
    if (!kept->is_there)
        return OK;
    bool is_behind = !now->is_there || now->anchor.number < kept->anchor.number ||
                     !dp_zcdp_within(kept->anchor.total.zcdp, now->anchor.total.zcdp);
    bool is_other = !is_behind && now->anchor.number == kept->anchor.number &&
                    memcmp(now->anchor.head, kept->anchor.head, HASH_BYTES) != 0;
    if (!is_behind && !is_other)
        return OK;
    return why_hint(why, ERR_DENIED, "the server's ledger has gone back behind what this device has seen", "ledger",
                    "give its operator charge.json of this home");
}

static enum status keep(const char *path, const struct budget_seen *now)
{
    SCOPED_BUF struct buf text = {0};
    if (!now->is_there)
        return OK;
    TRY(charge_encode(&now->charge, &text));
    return file_write(path, buf_bytes(&text), 0600);
}

enum status budget_check(const struct home *home, const struct json *answer, struct budget_seen *now, struct why *why)
{
    char path[HOME_PATH_MAX];
    struct budget_seen kept;
    SCOPED_BUF struct buf text = {0};
    const struct json *statement = json_get(answer, "statement");
    *now = (struct budget_seen){0};
    TRY(path_join(path, sizeof path, home->folder, BUDGET_KEPT));
    if (json_is_object(statement)) {
        TRY(json_canonical(statement, &text));
        TRY(read_statement(home, buf_bytes(&text), now, why));
    }
    TRY(read_kept(home, path, &kept));
    TRY(compare(&kept, now, why));
    return keep(path, now);
}
