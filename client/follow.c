/* Following the log. Hides the order of questions and what makes an alarm. */
#include "client/follow.h"

#include <stdio.h>

#include "client/remote_internal.h"
#include "protocol/proof.h"
#include "protocol/witness.h"

#define PROOF_MAX (1u << 16)

/* --- what was seen --- */

void seen_free(struct seen *seen)
{
    buf_free(&seen->note);
    *seen = (struct seen){0};
}

enum status seen_load(struct home *home, struct seen *out)
{
    int64_t tree = 0;
    SCOPED_BUF struct buf root = {0};
    *out = (struct seen){0};
    enum status status =
        db_row(home->db, "SELECT tree, root, note, at FROM seen", ":ibbi", &tree, &root, &out->note, &out->at);
    if (status == ERR_NOT_FOUND)
        return OK;
    if (status == OK && (root.size != MERKLE_BYTES || tree < 0))
        status = ERR_CORRUPT;
    if (status != OK) {
        seen_free(out);
        return status;
    }
    out->checkpoint.size = (uint64_t)tree;
    memcpy(out->checkpoint.root, root.data, MERKLE_BYTES);
    return OK;
}

enum status seen_save(struct home *home, const struct checkpoint *checkpoint, struct bytes note)
{
    return db_exec(home->db, "INSERT OR REPLACE INTO seen (one, tree, root, note, at) VALUES (1, ?, ?, ?, ?)", "ibbi",
                   (int64_t)checkpoint->size, bytes_of(checkpoint->root, MERKLE_BYTES), note,
                   clock_seconds(home->clock));
}

/* --- alarms --- */

static const char *const alarm_texts[ALARMS] = {
    [ALARM_SHRUNK] = "the server's log is shorter than what this device has verified: it was rolled back",
    [ALARM_FORKED] = "the server's log does not contain what this device has verified: it was forked or rewritten",
    [ALARM_WITNESS] = "the server gives another key or member for a witness that this device knows",
};

const char *alarm_text(enum alarm_kind kind)
{
    return alarm_texts[kind];
}

enum status alarm_raise(struct home *home, enum alarm_kind kind, uint64_t size, struct bytes note, struct why *why)
{
    TRY(db_exec(home->db, "INSERT OR IGNORE INTO alarm (kind, size, note, at) VALUES (?, ?, ?, ?)", "iibi",
                (int64_t)kind, (int64_t)size, note, clock_seconds(home->clock)));
    return why_hint(why, ERR_CORRUPT, alarm_texts[kind], "log",
                    "ask the operator; when that explains it: chatham pull --accept-log");
}

enum status alarm_at(struct home *home, enum alarm_kind kind, int64_t *at)
{
    return db_row(home->db, "SELECT at FROM alarm WHERE kind = ?", "i:i", (int64_t)kind, at);
}

static enum status forget(struct home *home)
{
    TRY(db_exec(home->db, "DELETE FROM alarm", ""));
    TRY(db_exec(home->db, "DELETE FROM seen", ""));
    TRY(db_exec(home->db, "DELETE FROM witness", ""));
    return db_exec(home->db, "UPDATE library SET version = 0", "");
}

enum status follow_anew(struct home *home)
{
    TRY(db_begin(home->db));
    enum status status = forget(home);
    if (status == OK)
        status = db_commit(home->db);
    db_rollback(home->db);
    return status;
}

/* --- asking --- */

static enum status note_take(const struct home *home, const struct http_reply *reply, struct seen *out, struct why *why)
{
    char origin[48];
    TRY(remote_status(reply, why));
    federation_origin(home->federation.id, origin);
    enum status status =
        checkpoint_open(buf_bytes(&reply->body), origin, home->federation.checkpoint_key, &out->checkpoint);
    if (status == ERR_MEMORY)
        return status;
    if (status != OK)
        return why_set(why, ERR_DENIED, "the server's checkpoint is not signed by this federation", "log", 0);
    buf_clear(&out->note);
    buf_add(&out->note, buf_bytes(&reply->body));
    return buf_status(&out->note);
}

/* Send a note (empty: none to send) for the server's present one. */
static enum status exchange(const struct home *home, struct http *http, struct bytes note, struct seen *out,
                            struct why *why)
{
    struct http_reply reply = {0};
    enum status status =
        note.size ? http_post(http, "/v1/checkpoints", "application/octet-stream", note, CHECKPOINT_MAX, &reply, why)
                  : http_get(http, "/v1/log/checkpoint", NULL, CHECKPOINT_MAX, &reply, why);
    if (status == OK)
        status = note_take(home, &reply, out, why);
    http_reply_free(&reply);
    return status;
}

enum status follow_proof(struct http *http, const char *path, struct merkle_proof *proof, struct why *why)
{
    struct http_reply reply = {0};
    enum status status = http_get(http, path, NULL, PROOF_MAX, &reply, why);
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK)
        status = proof_decode(buf_bytes(&reply.body), proof, why);
    http_reply_free(&reply);
    return status;
}

/* --- comparing --- */

/* OK if the larger of two checkpoints grew from the smaller one; ERR_DENIED if it didn't. */
static enum status grew(struct http *http, const struct checkpoint *a, const struct checkpoint *b, struct why *why)
{
    const struct checkpoint *from = a->size <= b->size ? a : b, *to = from == a ? b : a;
    struct merkle_proof proof = {0};
    char path[96];
    if (from->size == 0)
        return OK;
    snprintf(path, sizeof path, "/v1/consistency?from=%llu&size=%llu", (unsigned long long)from->size,
             (unsigned long long)to->size);
    if (from->size < to->size)
        TRY(follow_proof(http, path, &proof, why));
    return merkle_check_consistency(from->size, from->root, to->size, to->root, &proof);
}

static enum status must_grow(struct home *home, struct http *http, const struct checkpoint *seen,
                             const struct seen *shown, struct why *why)
{
    struct why reason = {0};
    enum status status = grew(http, seen, &shown->checkpoint, &reason);
    if (status == ERR_DENIED && !reason.what)
        return alarm_raise(home, ALARM_FORKED, shown->checkpoint.size, buf_bytes(&shown->note), why);
    if (status != OK && why)
        *why = reason;
    return status;
}

static enum status meet(struct home *home, struct http *http, const struct seen *seen, struct seen *shown,
                        struct why *why)
{
    if (seen->checkpoint.size == 0)
        return OK;
    TRY(exchange(home, http, buf_bytes(&seen->note), shown, why));
    if (shown->checkpoint.size < seen->checkpoint.size)
        return alarm_raise(home, ALARM_SHRUNK, shown->checkpoint.size, buf_bytes(&shown->note), why);
    return must_grow(home, http, &seen->checkpoint, shown, why);
}

enum status follow_meet(struct home *home, struct http *http, struct seen *shown, struct why *why)
{
    struct seen seen;
    *shown = (struct seen){0};
    TRY(seen_load(home, &seen));
    enum status status = meet(home, http, &seen, shown, why);
    seen_free(&seen);
    if (status != OK)
        seen_free(shown);
    return status;
}

/* --- going on --- */

static enum status cosigned_already(const struct home *home, const char *name, struct bytes note, bool *already)
{
    uint8_t key[SIGN_PUBLIC_BYTES];
    struct bytes line;
    int64_t time = 0;
    TRY(sign_public(&home->sign_seed, key));
    enum status status = cosign_find(note, name, key, &time, &line);
    *already = status == OK;
    return status == ERR_MEMORY ? status : OK;
}

/* Cosign what was verified and send it. A note that is full of others' lines stays as it is. */
static enum status cosign(struct home *home, struct http *http, struct seen *seen, struct why *why)
{
    char name[WITNESS_NAME_MAX];
    bool already = false;
    struct seen back = {0};
    witness_name(home->device, name);
    TRY(cosigned_already(home, name, buf_bytes(&seen->note), &already));
    if (already || cosign_add(name, &home->sign_seed, clock_seconds(home->clock), &seen->note) != OK)
        return OK;
    TRY(seen_save(home, &seen->checkpoint, buf_bytes(&seen->note)));
    enum status status = exchange(home, http, buf_bytes(&seen->note), &back, why);
    /* The same checkpoint comes back with what others said of it. */
    if (status == OK && back.checkpoint.size == seen->checkpoint.size &&
        memcmp(back.checkpoint.root, seen->checkpoint.root, MERKLE_BYTES) == 0)
        status = seen_save(home, &back.checkpoint, buf_bytes(&back.note));
    seen_free(&back);
    return status;
}

/* What is shown may be a little older than what came with the library meanwhile: then that stays. */
static enum status go_on(struct home *home, struct http *http, struct seen *seen, const struct seen *shown,
                         struct why *why)
{
    TRY(must_grow(home, http, &seen->checkpoint, shown, why));
    if (shown->checkpoint.size == 0 || shown->checkpoint.size < seen->checkpoint.size)
        return OK;
    seen->checkpoint = shown->checkpoint;
    buf_clear(&seen->note);
    buf_add(&seen->note, buf_bytes(&shown->note));
    TRY(buf_status(&seen->note));
    return seen_save(home, &seen->checkpoint, buf_bytes(&seen->note));
}

static enum status follow_first(struct home *home, struct http *http, struct seen *seen, struct why *why)
{
    TRY(exchange(home, http, BYTES_NONE, seen, why));
    return seen_save(home, &seen->checkpoint, buf_bytes(&seen->note));
}

enum status follow_on(struct home *home, struct http *http, const struct seen *shown, struct why *why)
{
    struct seen seen;
    TRY(seen_load(home, &seen));
    enum status status =
        seen.checkpoint.size == 0 ? follow_first(home, http, &seen, why) : go_on(home, http, &seen, shown, why);
    if (status == OK)
        status = cosign(home, http, &seen, why);
    seen_free(&seen);
    return status;
}
