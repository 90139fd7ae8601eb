/* Hides how the log's entry follows from a statement. */
#include "protocol/charge.h"

#include "protocol/log_entry.h"
#include "protocol/proof.h"
#include "protocol/record.h"

#define CHARGE_MAX (16u * 1024)

enum status charge_encode(const struct charge *charge, struct buf *out)
{
    if (!record_is_epoch(charge->epoch) || charge->content_size > CHARGE_CONTENT_MAX)
        return ERR_USAGE;
    struct json *object = record_new();
    json_set(object, "checkpoint", json_text(charge->checkpoint));
    json_set(object, "content", json_hex(bytes_of(charge->content, charge->content_size)));
    json_set(object, "epoch", json_text(charge->epoch));
    json_set(object, "leaf", record_count(charge->leaf));
    json_set(object, "proof", proof_to_json(&charge->proof));
    json_set(object, "salt", json_hex(bytes_of(charge->salt, sizeof charge->salt)));
    return record_close(object, out);
}

static void take_content(struct json_fields *fields, struct charge *out)
{
    struct bytes hex = json_take_string(fields, "content", 2 * CHARGE_CONTENT_MAX);
    out->content_size = hex.size / 2;
    if (fields->status == OK && record_hex(hex, out->content, out->content_size) != OK)
        record_fail(fields, ERR_INPUT, "not hexadecimal", "content");
}

enum status charge_decode(struct bytes text, struct charge *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    memset(out, 0, sizeof *out);
    TRY(record_open(text, CHARGE_MAX, "charge", &json, &fields, why));
    struct bytes note = json_take_string(&fields, "checkpoint", CHECKPOINT_MAX);
    take_content(&fields, out);
    record_take_epoch(&fields, "epoch", out->epoch);
    out->leaf = record_take_count(&fields, "leaf");
    proof_take(&fields, "proof", &out->proof);
    record_take_hex(&fields, "salt", out->salt, sizeof out->salt);
    enum status status = json_fields_end(&fields);
    if (status == OK && note.size)
        memcpy(out->checkpoint, note.data, note.size);
    if (status != OK)
        memset(out, 0, sizeof *out);
    return status;
}

/* --- checking --- */

static enum status log_leaf(const struct charge *charge, uint8_t out[static MERKLE_BYTES])
{
    struct log_entry entry = {.kind = LOGGED_CHARGE};
    SCOPED_BUF struct buf text = {0};
    memcpy(entry.epoch, charge->epoch, sizeof entry.epoch);
    log_commit(LOGGED_CHARGE, charge->salt, bytes_of(charge->content, charge->content_size), entry.commitment);
    TRY(log_entry_encode(&entry, &text));
    merkle_leaf(buf_bytes(&text), out);
    return OK;
}

enum status charge_holds(const struct charge *charge, const struct checkpoint *checkpoint, struct why *why)
{
    uint8_t leaf[MERKLE_BYTES];
    TRY(log_leaf(charge, leaf));
    if (merkle_check_inclusion(leaf, charge->leaf, checkpoint->size, &charge->proof, checkpoint->root) == OK)
        return OK;
    return why_set(why, ERR_DENIED, "not in the log", "charge", 0);
}

enum status charge_check(const struct charge *charge, const struct federation *federation,
                         struct checkpoint *checkpoint, struct why *why)
{
    char origin[48];
    struct checkpoint now = {0};
    *checkpoint = now;
    federation_origin(federation->id, origin);
    enum status status = checkpoint_open(bytes_of(charge->checkpoint, strlen(charge->checkpoint)), origin,
                                         federation->checkpoint_key, &now);
    if (status == ERR_MEMORY)
        return status;
    if (status != OK)
        return why_set(why, ERR_DENIED, "checkpoint of the log does not hold", "charge", 0);
    TRY(charge_holds(charge, &now, why));
    *checkpoint = now;
    return OK;
}
