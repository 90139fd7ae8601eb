/* Hides that a restore is acted on once: its name is kept in the transaction that queues again. */
#include "client/durable.h"

#include "client/outbox.h"
#include "client/remote_internal.h"
#include "protocol/durable.h"

static enum status ask(struct http *http, struct durable *out, struct why *why)
{
    struct http_reply reply = {0};
    enum status status = http_get(http, "/v1/durable", NULL, 4096, &reply, why);
    bool is_older = status == OK && reply.status == 404;
    *out = (struct durable){0};
    if (status == OK && !is_older)
        status = remote_status(&reply, why);
    if (status == OK && !is_older)
        status = durable_decode(buf_bytes(&reply.body), out, why);
    http_reply_free(&reply);
    return status;
}

/* The one that a state of the server's which was never restored has is known to everybody. */
static enum status is_known(struct home *home, const struct durable *durable, bool *known)
{
    static const uint8_t none[RESTORE_ID_BYTES];
    SCOPED_BUF struct buf seen = {0};
    struct bytes id = bytes_of(durable->restore, RESTORE_ID_BYTES);
    *known = memcmp(durable->restore, none, sizeof none) == 0;
    enum status status = db_row(home->db, "SELECT restore FROM durable", ":b", &seen);
    if (status == OK)
        *known |= bytes_equal(buf_bytes(&seen), id);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status queue_again(struct home *home, const struct durable *durable, size_t *again)
{
    TRY(outbox_again(home, durable->restored_from, again));
    return db_exec(home->db, "INSERT OR REPLACE INTO durable (one, restores, restore) VALUES (1, 1, ?)", "b",
                   bytes_of(durable->restore, RESTORE_ID_BYTES));
}

static enum status act_on_restore(struct home *home, const struct durable *durable, size_t *again)
{
    TRY(db_begin(home->db));
    enum status status = queue_again(home, durable, again);
    if (status == OK)
        status = db_commit(home->db);
    db_rollback(home->db);
    return status;
}

enum status durable_follow(struct home *home, struct http *http, size_t *again, struct why *why)
{
    struct durable durable;
    bool known = false;
    *again = 0;
    TRY(ask(http, &durable, why));
    TRY(is_known(home, &durable, &known));
    if (!known)
        return act_on_restore(home, &durable, again);
    return outbox_safe(home, durable.backed_up, DURABLE_KEEP_DAYS);
}
