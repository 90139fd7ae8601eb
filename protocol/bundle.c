/* The bundle in which a member pulls the library, and every check of it. Hides how the bundle is put together around a
 * large document without parsing it, and the order of the checks: what is signed first, then what the log says of it.
 */
#include "protocol/library.h"

#include "protocol/proof.h"
#include "protocol/record.h"

#define BUNDLE_MAX (LIBRARY_MAX + 64u * 1024)

void library_bundle_free(struct library_bundle *bundle)
{
    buf_free(&bundle->document);
    buf_free(&bundle->entry);
    buf_free(&bundle->checkpoint);
    memset(bundle, 0, sizeof *bundle);
}

/* --- encoding --- */

/* The members that stand before "document" in canonical order, and those that stand behind "entry". */
static enum status head_write(const struct library_bundle *bundle, struct buf *out)
{
    struct json *object = json_object();
    json_set(object, "checkpoint", json_string(buf_bytes(&bundle->checkpoint)));
    json_set(object, "consistency", proof_to_json(&bundle->consistency));
    return record_close(object, out);
}

static enum status tail_write(const struct library_bundle *bundle, struct buf *out)
{
    struct json *object = record_new();
    json_set(object, "inclusion", proof_to_json(&bundle->inclusion));
    json_set(object, "leaf", record_count(bundle->leaf));
    json_set(object, "old", record_count(bundle->old_size));
    json_set(object, "salt", json_hex(bytes_of(bundle->salt, sizeof bundle->salt)));
    json_set(object, "signature", json_hex(bytes_of(bundle->signature, SIGN_BYTES)));
    return record_close(object, out);
}

enum status library_bundle_encode(const struct library_bundle *bundle, struct buf *out)
{
    SCOPED_BUF struct buf head, tail;
    buf_init(&head);
    buf_init(&tail);
    TRY(head_write(bundle, &head));
    TRY(tail_write(bundle, &tail));
    buf_reserve(out, head.size + bundle->document.size + bundle->entry.size + tail.size + 32);
    TRY(buf_status(out));
    buf_add(out, bytes_part(buf_bytes(&head), 0, head.size - 1)); /* without its closing brace */
    buf_add_str(out, ",\"document\":");
    buf_add(out, buf_bytes(&bundle->document));
    buf_add_str(out, ",\"entry\":");
    buf_add(out, buf_bytes(&bundle->entry));
    buf_add_str(out, ",");
    buf_add(out, bytes_part(buf_bytes(&tail), 1, tail.size)); /* without its opening brace */
    return buf_status(out);
}

/* --- decoding --- */

static void take_canonical(struct json_fields *fields, const char *key, struct buf *out)
{
    const struct json *value = json_take_object(fields, key);
    if (fields->status == OK)
        fields->status = json_canonical(value, out);
}

static void bundle_take(struct json_fields *fields, struct library_bundle *out)
{
    struct bytes note = json_take_string(fields, "checkpoint", CHECKPOINT_MAX);
    buf_add(&out->checkpoint, note);
    proof_take(fields, "consistency", &out->consistency);
    take_canonical(fields, "document", &out->document);
    take_canonical(fields, "entry", &out->entry);
    proof_take(fields, "inclusion", &out->inclusion);
    out->leaf = record_take_count(fields, "leaf");
    out->old_size = record_take_count(fields, "old");
    record_take_hex(fields, "salt", out->salt, sizeof out->salt);
    record_take_hex(fields, "signature", out->signature, SIGN_BYTES);
}

/* The bundle's own spelling is not signed and may vary; the document and the entry are brought to canonical form, which
 * is what signature and commitment speak of. */
enum status library_bundle_decode(struct bytes text, struct library_bundle *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    memset(out, 0, sizeof *out);
    TRY(json_parse(text, BUNDLE_MAX, &json, why));
    record_begin(json, "library bundle", &fields, why);
    bundle_take(&fields, out);
    enum status status = json_fields_end(&fields);
    if (status == OK)
        status = buf_status(&out->checkpoint);
    if (status != OK)
        library_bundle_free(out);
    return status;
}

/* --- checking --- */

static enum status denied(struct why *why, enum status status, const char *what)
{
    return status == ERR_MEMORY ? ERR_MEMORY : why_set(why, ERR_DENIED, what, "library", 0);
}

/* The document's signature, and what the log's entry says of it. */
static enum status document_check(const struct library_bundle *bundle, const struct federation *federation,
                                  struct why *why)
{
    struct bytes document = buf_bytes(&bundle->document);
    enum status status = sign_check(federation->library_key, SIGN_LIBRARY, federation->id, document, bundle->signature);
    if (status != OK)
        return denied(why, status, "signature does not hold");

    struct log_entry entry;
    uint8_t commitment[HASH_BYTES];
    status = log_entry_decode(buf_bytes(&bundle->entry), &entry, NULL);
    if (status != OK || entry.kind != LOGGED_RELEASE)
        return denied(why, status, "its log entry is not a release");
    log_commit(LOGGED_RELEASE, bundle->salt, document, commitment);
    if (memcmp(commitment, entry.commitment, HASH_BYTES) != 0)
        return denied(why, OK, "the log commits to another document");

    struct library library;
    status = library_decode(document, &library, NULL);
    bool agrees = status == OK && library.version == entry.version &&
                  memcmp(library.federation, federation->id, FEDERATION_ID_BYTES) == 0;
    library_free(&library);
    return agrees ? OK : denied(why, status, "document and log entry disagree");
}

/* The entry's place in the log, and the log's growth since it was last seen. */
static enum status log_check(const struct library_bundle *bundle, const struct federation *federation,
                             const struct checkpoint *seen, struct checkpoint *now, struct why *why)
{
    char origin[48];
    uint8_t leaf[MERKLE_BYTES];
    federation_origin(federation->id, origin);
    enum status status = checkpoint_open(buf_bytes(&bundle->checkpoint), origin, federation->checkpoint_key, now);
    if (status != OK)
        return denied(why, status, "checkpoint of the log does not hold");
    merkle_leaf(buf_bytes(&bundle->entry), leaf);
    if (merkle_check_inclusion(leaf, bundle->leaf, now->size, &bundle->inclusion, now->root) != OK)
        return denied(why, OK, "not in the log");
    if (now->size < seen->size)
        return denied(why, OK, "the log shrank: a rolled-back server or another one");
    if (bundle->old_size != seen->size)
        return denied(why, OK, "consistency is proved from another tree size");
    if (merkle_check_consistency(seen->size, seen->root, now->size, now->root, &bundle->consistency) != OK)
        return denied(why, OK, "the log was forked: it does not contain what was seen before");
    return OK;
}

enum status library_bundle_check(const struct library_bundle *bundle, const struct federation *federation,
                                 const struct checkpoint *seen, struct checkpoint *checkpoint, struct why *why)
{
    struct checkpoint now = {0};
    *checkpoint = now;
    TRY(document_check(bundle, federation, why));
    TRY(log_check(bundle, federation, seen, &now, why));
    *checkpoint = now;
    return OK;
}
