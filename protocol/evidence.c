/* Evidence bundles: signing, and every check that needs nothing but the bundle. The log is checked whole: its root is
 * computed from all entries, so that nothing can be left out of the period. */
#include "protocol/evidence.h"

#include "protocol/record.h"

#define EVIDENCE_KIND "chatham evidence"
#define LOG_ENTRIES_MAX (1u << 24)

void evidence_free(struct evidence *evidence)
{
    json_free(evidence->document);
    *evidence = (struct evidence){0};
}

void evidence_facts_free(struct evidence_facts *facts)
{
    federation_free(&facts->federation);
    library_free(&facts->library);
    *facts = (struct evidence_facts){0};
}

static enum status denied(struct why *why, enum status status, const char *what)
{
    return status == ERR_MEMORY ? ERR_MEMORY : why_set(why, ERR_DENIED, what, "evidence", 0);
}

/* --- the bundle --- */

enum status evidence_sign(const struct json *document, const uint8_t federation[static FEDERATION_ID_BYTES],
                          const struct secret *seed, struct json *bundle)
{
    uint8_t signature[SIGN_BYTES];
    SCOPED_BUF struct buf text = {0};
    TRY(json_canonical(document, &text));
    TRY(sign_make(seed, SIGN_EVIDENCE, federation, buf_bytes(&text), signature));
    json_set(bundle, "document", json_share(document));
    json_set(bundle, "signature", json_base64(bytes_of(signature, sizeof signature)));
    json_set(bundle, "v", json_integer(RECORD_VERSION));
    return OK;
}

enum status evidence_decode(struct bytes text, struct evidence *out, struct why *why)
{
    SCOPED_JSON struct json *bundle = NULL;
    SCOPED_BUF struct buf signature = {0};
    struct json_fields fields;
    *out = (struct evidence){0};
    TRY(json_parse(text, EVIDENCE_MAX, &bundle, why));
    record_begin(bundle, "evidence bundle", &fields, why);
    const struct json *document = json_take_object(&fields, "document");
    json_take_base64(&fields, "signature", SIGN_BYTES, &signature);
    if (fields.status == OK && signature.size != SIGN_BYTES)
        record_fail(&fields, ERR_INPUT, "not a signature", "signature");
    TRY(json_fields_end(&fields));
    memcpy(out->signature, signature.data, SIGN_BYTES);
    out->document = json_share(document);
    return out->document ? OK : ERR_MEMORY;
}

enum status evidence_audit_hash(const struct json *results, uint8_t out[static HASH_BYTES])
{
    SCOPED_BUF struct buf text = {0};
    TRY(json_canonical(results, &text));
    hash_sha256(buf_bytes(&text), out);
    return OK;
}

/* --- the document --- */

struct parts {
    const struct json *federation, *log, *library, *audit; /* audit: NULL when there is none */
};

static enum status document_read(const struct json *document, struct parts *out, struct why *why)
{
    static const char *const kinds[] = {EVIDENCE_KIND};
    static const char *const objects[] = {"period", "counts", "redaction", "budget"};
    static const char *const lists[] = {"keys", "events", "trust"};
    struct json_fields fields;
    *out = (struct parts){0};
    record_begin(document, "evidence", &fields, why);
    json_take_choice(&fields, "kind", kinds, 1);
    json_take_string(&fields, "made", 64);
    out->federation = json_take_object(&fields, "federation");
    out->log = json_take_object(&fields, "log");
    if (json_has(&fields, "library"))
        out->library = json_take_object(&fields, "library");
    if (json_has(&fields, "audit"))
        out->audit = json_take_object(&fields, "audit");
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        json_take_object(&fields, objects[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_take_array(&fields, lists[i], LOG_ENTRIES_MAX);
    return json_fields_end(&fields);
}

/* --- who says it --- */

/* Expected is whoever has these keys now; or, however the keys have been rotated, whoever has this authority. */
static bool is_expected(const struct federation *federation, const uint8_t hash[static HASH_BYTES],
                        const uint8_t expected[static HASH_BYTES])
{
    uint8_t anchor[HASH_BYTES];
    federation_anchor(federation, anchor);
    return memcmp(hash, expected, HASH_BYTES) == 0 ||
           (memcmp(anchor, expected, HASH_BYTES) == 0 && federation_check(federation, federation->ca_pem) == OK);
}

static enum status signer_check(const struct evidence *evidence, const struct json *part, const uint8_t *keys_hash,
                                struct evidence_facts *facts, struct why *why)
{
    uint8_t hash[HASH_BYTES];
    SCOPED_BUF struct buf text = {0};
    SCOPED_BUF struct buf document = {0};
    TRY(json_canonical(part, &text));
    TRY(federation_decode(buf_bytes(&text), &facts->federation, why));
    TRY(federation_keys_hash(&facts->federation, hash));
    if (keys_hash && !is_expected(&facts->federation, hash, keys_hash))
        return denied(why, ERR_DENIED, "of another federation than the one that is expected");
    facts->pinned = keys_hash != NULL;
    TRY(json_canonical(evidence->document, &document));
    enum status status = sign_check(facts->federation.evidence_key, SIGN_EVIDENCE, facts->federation.id,
                                    buf_bytes(&document), evidence->signature);
    return status == OK ? OK : denied(why, status, "signature does not hold");
}

/* --- the log --- */

/* Roots of the complete subtrees of the leaves so far, largest first: one for each bit of their number. */
struct peaks {
    uint64_t leaves;
    size_t count;
    uint8_t hashes[64][MERKLE_BYTES];
};

/* RFC 9162, 2.1.1: the two last peaks become one. */
static void peaks_join(struct peaks *peaks)
{
    static const uint8_t prefix = 1;
    const struct bytes parts[] = {bytes_of(&prefix, 1), bytes_of(peaks->hashes[peaks->count - 2], MERKLE_BYTES),
                                  bytes_of(peaks->hashes[peaks->count - 1], MERKLE_BYTES)};
    uint8_t joined[MERKLE_BYTES];
    hash_sha256_parts(parts, 3, joined);
    memcpy(peaks->hashes[--peaks->count - 1], joined, MERKLE_BYTES);
}

static void peaks_add(struct peaks *peaks, struct bytes entry)
{
    merkle_leaf(entry, peaks->hashes[peaks->count++]);
    for (uint64_t bits = peaks->leaves++; bits & 1; bits >>= 1)
        peaks_join(peaks);
}

static void peaks_root(struct peaks *peaks, uint8_t root[static MERKLE_BYTES])
{
    if (peaks->count == 0) {
        hash_sha256(BYTES_NONE, root);
        return;
    }
    while (peaks->count > 1)
        peaks_join(peaks);
    memcpy(root, peaks->hashes[0], MERKLE_BYTES);
}

/* The last release among the entries. */
struct last_release {
    bool there;
    uint64_t leaf;
    struct log_entry entry;
};

static enum status entries_read(const struct json *entries, struct evidence_facts *facts, struct last_release *last,
                                uint8_t root[static MERKLE_BYTES], struct why *why)
{
    struct peaks peaks = {0};
    SCOPED_BUF struct buf text = {0};
    for (size_t i = 0; i < json_count(entries); i++) {
        struct log_entry entry;
        buf_clear(&text);
        TRY(json_canonical(json_at(entries, i), &text));
        TRY(log_entry_decode(buf_bytes(&text), &entry, why));
        facts->entries[entry.kind]++;
        if (entry.kind == LOGGED_RELEASE)
            *last = (struct last_release){true, i, entry};
        peaks_add(&peaks, buf_bytes(&text));
    }
    peaks_root(&peaks, root);
    return OK;
}

static enum status log_check(const struct json *log, struct evidence_facts *facts, struct last_release *last,
                             struct why *why)
{
    struct json_fields fields;
    char origin[48];
    uint8_t root[MERKLE_BYTES];
    json_fields(&fields, log, "evidence log", why);
    struct bytes note = json_take_string(&fields, "checkpoint", CHECKPOINT_MAX);
    const struct json *entries = json_take_array(&fields, "entries", LOG_ENTRIES_MAX);
    TRY(json_fields_end(&fields));
    federation_origin(facts->federation.id, origin);
    enum status status = checkpoint_open(note, origin, facts->federation.checkpoint_key, &facts->checkpoint);
    if (status != OK)
        return denied(why, status, "checkpoint of the log does not hold");
    TRY(entries_read(entries, facts, last, root, why));
    bool whole =
        json_count(entries) == facts->checkpoint.size && memcmp(root, facts->checkpoint.root, sizeof root) == 0;
    return whole ? OK : denied(why, ERR_DENIED, "the log's entries are not those of the checkpoint");
}

/* --- the library --- */

static enum status library_read(const struct json *part, struct evidence_facts *facts, uint64_t *leaf,
                                uint8_t salt[static 32], struct buf *document, struct why *why)
{
    struct json_fields fields;
    uint8_t signature[SIGN_BYTES];
    json_fields(&fields, part, "evidence library", why);
    const struct json *value = json_take_object(&fields, "document");
    *leaf = record_take_count(&fields, "leaf");
    record_take_hex(&fields, "salt", salt, 32);
    record_take_hex(&fields, "signature", signature, SIGN_BYTES);
    TRY(json_fields_end(&fields));
    TRY(json_canonical(value, document));
    enum status status =
        sign_check(facts->federation.library_key, SIGN_LIBRARY, facts->federation.id, buf_bytes(document), signature);
    if (status != OK)
        return denied(why, status, "the library's signature does not hold");
    return library_decode(buf_bytes(document), &facts->library, why);
}

static enum status library_check(const struct json *part, const struct last_release *last, struct evidence_facts *facts,
                                 struct why *why)
{
    uint64_t leaf = 0;
    uint8_t salt[32], commitment[HASH_BYTES];
    SCOPED_BUF struct buf document = {0};
    if (!part)
        return last->there ? denied(why, ERR_DENIED, "the library of the last release is missing") : OK;
    facts->has_library = true;
    TRY(library_read(part, facts, &leaf, salt, &document, why));
    if (!last->there || leaf != last->leaf || facts->library.version != last->entry.version)
        return denied(why, ERR_DENIED, "the library is not the last release of the log");
    log_commit(LOGGED_RELEASE, salt, buf_bytes(&document), commitment);
    if (memcmp(commitment, last->entry.commitment, HASH_BYTES) != 0)
        return denied(why, ERR_DENIED, "the log commits to another library");
    return OK;
}

/* --- the audit --- */

static enum status audit_check(const struct json *part, struct evidence_facts *facts, struct why *why)
{
    struct json_fields fields;
    uint8_t stated[HASH_BYTES], computed[HASH_BYTES];
    if (!part)
        return OK;
    facts->has_audit = true;
    json_fields(&fields, part, "evidence audit", why);
    record_take_hex(&fields, "hash", stated, HASH_BYTES);
    const struct json *results = json_take_object(&fields, "results");
    TRY(json_fields_end(&fields));
    TRY(evidence_audit_hash(results, computed));
    return memcmp(stated, computed, HASH_BYTES) == 0
               ? OK
               : denied(why, ERR_DENIED, "the audit is not the one that was hashed");
}

static enum status check(const struct evidence *evidence, const uint8_t *keys_hash, struct evidence_facts *facts,
                         struct why *why)
{
    struct parts parts;
    struct last_release last = {0};
    TRY(document_read(evidence->document, &parts, why));
    TRY(signer_check(evidence, parts.federation, keys_hash, facts, why));
    TRY(log_check(parts.log, facts, &last, why));
    TRY(library_check(parts.library, &last, facts, why));
    return audit_check(parts.audit, facts, why);
}

enum status evidence_check(const struct evidence *evidence, const uint8_t *keys_hash, struct evidence_facts *facts,
                           struct why *why)
{
    *facts = (struct evidence_facts){0};
    enum status status = check(evidence, keys_hash, facts, why);
    if (status != OK)
        evidence_facts_free(facts);
    return status;
}
