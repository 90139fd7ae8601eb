/* Hides which part of an erasure receipt is signed, and how the log's entry follows from it. */
#include "protocol/erasure.h"

#include <stdio.h>

#include "protocol/log_entry.h"
#include "protocol/proof.h"
#include "protocol/record.h"

#define ERASURE_MAX (16u * 1024)

static struct json *statement_json(const struct erasure *erasure)
{
    struct json *object = record_new();
    json_set(object, "epoch", json_text(erasure->epoch));
    json_set(object, "leaf", record_count(erasure->leaf));
    json_set(object, "salt", json_hex(bytes_of(erasure->salt, sizeof erasure->salt)));
    json_set(object, "tenant", json_hex(bytes_of(erasure->tenant, ID_BYTES)));
    return object;
}

static enum status statement(const struct erasure *erasure, struct buf *out)
{
    if (!record_is_epoch(erasure->epoch))
        return ERR_USAGE;
    return record_close(statement_json(erasure), out);
}

enum status erasure_sign(struct erasure *erasure, const uint8_t federation[static FEDERATION_ID_BYTES],
                         const struct secret *seed)
{
    SCOPED_BUF struct buf text = {0};
    TRY(statement(erasure, &text));
    return sign_make(seed, SIGN_ERASURE, federation, buf_bytes(&text), erasure->signature);
}

enum status erasure_encode(const struct erasure *erasure, struct buf *out)
{
    if (!record_is_epoch(erasure->epoch))
        return ERR_USAGE;
    struct json *object = statement_json(erasure);
    json_set(object, "checkpoint", json_text(erasure->checkpoint));
    json_set(object, "proof", proof_to_json(&erasure->proof));
    json_set(object, "signature", json_hex(bytes_of(erasure->signature, SIGN_BYTES)));
    return record_close(object, out);
}

enum status erasure_decode(struct bytes text, struct erasure *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    memset(out, 0, sizeof *out);
    TRY(record_open(text, ERASURE_MAX, "erasure receipt", &json, &fields, why));
    struct bytes note = json_take_string(&fields, "checkpoint", CHECKPOINT_MAX);
    record_take_epoch(&fields, "epoch", out->epoch);
    out->leaf = record_take_count(&fields, "leaf");
    proof_take(&fields, "proof", &out->proof);
    record_take_hex(&fields, "salt", out->salt, sizeof out->salt);
    record_take_hex(&fields, "signature", out->signature, SIGN_BYTES);
    record_take_hex(&fields, "tenant", out->tenant, ID_BYTES);
    enum status status = json_fields_end(&fields);
    if (status == OK && note.size)
        memcpy(out->checkpoint, note.data, note.size);
    if (status != OK)
        memset(out, 0, sizeof *out);
    return status;
}

/* --- checking --- */

static enum status denied(struct why *why, enum status status, const char *what)
{
    return status == ERR_MEMORY ? ERR_MEMORY : why_set(why, ERR_DENIED, what, "erasure receipt", 0);
}

static enum status log_leaf(const struct erasure *erasure, uint8_t out[static MERKLE_BYTES])
{
    struct log_entry entry = {.kind = LOGGED_ERASURE};
    SCOPED_BUF struct buf text = {0};
    memcpy(entry.epoch, erasure->epoch, sizeof entry.epoch);
    log_commit(LOGGED_ERASURE, erasure->salt, bytes_of(erasure->tenant, ID_BYTES), entry.commitment);
    TRY(log_entry_encode(&entry, &text));
    merkle_leaf(buf_bytes(&text), out);
    return OK;
}

enum status erasure_check(const struct erasure *erasure, const struct federation *federation,
                          struct checkpoint *checkpoint, struct why *why)
{
    char origin[48];
    uint8_t leaf[MERKLE_BYTES];
    struct checkpoint now = {0};
    SCOPED_BUF struct buf text = {0};
    *checkpoint = now;
    enum status status = statement(erasure, &text);
    if (status == OK)
        status =
            sign_check(federation->receipt_key, SIGN_ERASURE, federation->id, buf_bytes(&text), erasure->signature);
    if (status != OK)
        return denied(why, status, "signature does not hold");
    federation_origin(federation->id, origin);
    status = checkpoint_open(bytes_str(erasure->checkpoint), origin, federation->checkpoint_key, &now);
    if (status != OK)
        return denied(why, status, "checkpoint of the log does not hold");
    TRY(log_leaf(erasure, leaf));
    if (merkle_check_inclusion(leaf, erasure->leaf, now.size, &erasure->proof, now.root) != OK)
        return denied(why, OK, "not in the log");
    *checkpoint = now;
    return OK;
}
