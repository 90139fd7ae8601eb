/* Hides that a restore is acted on once: its number is kept in the transaction that queues again. */
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

static enum status restores_known(struct home *home, uint64_t *known)
{
    int64_t value = 0;
    enum status status = db_row(home->db, "SELECT restores FROM durable", ":i", &value);
    *known = (uint64_t)value;
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status queue_again(struct home *home, const struct durable *durable, size_t *again)
{
    TRY(outbox_again(home, durable->restored_from, again));
    return db_exec(home->db, "INSERT OR REPLACE INTO durable (one, restores) VALUES (1, ?)", "i",
                   (int64_t)durable->restores);
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
    uint64_t known = 0;
    *again = 0;
    TRY(ask(http, &durable, why));
    TRY(restores_known(home, &known));
    if (durable.restores > known)
        return act_on_restore(home, &durable, again);
    return outbox_safe(home, durable.backed_up, DURABLE_KEEP_DAYS);
}
