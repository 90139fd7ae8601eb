/* Evidence bundles made without a server, so that a test can spoil any part before it is signed. */
#pragma once

#include "tests/protocol/samples.h"

#include "base/encode.h"
#include "protocol/evidence.h"

#define LEAVES_MAX 4

enum spoil_kind {
    WHOLE,
    OTHER_SIGNER,     /* the document is signed by another evidence key */
    OTHER_CHECKPOINT, /* the checkpoint by another key */
    LESS_LOG,         /* an entry is left out */
    OTHER_ENTRY,      /* an entry is altered */
    OTHER_LIBRARY,    /* the library is signed by another key */
    OTHER_SALT,       /* the log commits to another library */
    OTHER_LEAF,       /* the library is not where the log has its release */
    NO_LIBRARY,       /* the log has a release and the bundle has none */
    OTHER_AUDIT,      /* the audit's hash is not that of the results */
    UNLOGGED_AUDIT,   /* the log has no audit */
};

struct fixture {
    enum spoil_kind spoil;
    const char *phrase; /* NULL, or what the first insight says to do */
    const char *audit;  /* NULL, or JSON to embed */
    struct secret evidence, library, checkpoint, stranger;
    struct federation federation;
    size_t leaf_count;
    uint8_t leaves[LEAVES_MAX][MERKLE_BYTES];
};

static inline struct json *parsed(const char *text)
{
    struct json *value = NULL;
    ok(json_parse(bytes_str(text), 1 << 20, &value, NULL));
    return value;
}

static inline void fixture_start(struct fixture *fixture)
{
    uint8_t key[SIGN_PUBLIC_BYTES];
    ok(secret_start(0, NULL));
    fixture->federation = sample_federation();
    ok(sign_keypair(&fixture->evidence, fixture->federation.evidence_key));
    ok(sign_keypair(&fixture->library, fixture->federation.library_key));
    ok(sign_keypair(&fixture->checkpoint, fixture->federation.checkpoint_key));
    ok(sign_keypair(&fixture->stranger, key));
}

static inline void fixture_end(struct fixture *fixture)
{
    secret_free(&fixture->evidence);
    secret_free(&fixture->library);
    secret_free(&fixture->checkpoint);
    secret_free(&fixture->stranger);
    federation_free(&fixture->federation);
}

/* RFC 9162, 2.1.1, as it is written there. */
static inline void fixture_root(const uint8_t (*leaves)[MERKLE_BYTES], size_t count, uint8_t root[static MERKLE_BYTES])
{
    static const uint8_t one = 1;
    uint8_t left[MERKLE_BYTES], right[MERKLE_BYTES];
    size_t half = 1;
    if (count == 1) {
        memcpy(root, leaves[0], MERKLE_BYTES);
        return;
    }
    while (half * 2 < count)
        half *= 2;
    fixture_root(leaves, half, left);
    fixture_root(leaves + half, count - half, right);
    const struct bytes parts[] = {bytes_of(&one, 1), bytes_of(left, sizeof left), bytes_of(right, sizeof right)};
    hash_sha256_parts(parts, 3, root);
}

static inline void fixture_entry(struct fixture *fixture, struct json *entries, struct log_entry entry)
{
    struct json *value = NULL;
    SCOPED_BUF struct buf text = {0};
    memcpy(entry.epoch, "2026-11", sizeof entry.epoch);
    ok(log_entry_encode(&entry, &text));
    merkle_leaf(buf_bytes(&text), fixture->leaves[fixture->leaf_count++]);
    if (fixture->spoil == LESS_LOG && entry.kind == LOGGED_ERASURE)
        return;
    if (fixture->spoil == OTHER_ENTRY && entry.kind == LOGGED_ERASURE) {
        entry.kind = LOGGED_ROTATION;
        buf_clear(&text);
        ok(log_entry_encode(&entry, &text));
    }
    ok(json_parse(buf_bytes(&text), 4096, &value, NULL));
    json_push(entries, value);
}

/* The library's text, signed and committed to; its part of the document, and the commitment for the log. */
static inline void fixture_library(struct fixture *fixture, struct json *document,
                                   uint8_t commitment[static HASH_BYTES])
{
    uint8_t signature[SIGN_BYTES], salt[32] = {7};
    struct json *content = NULL, *part = json_object();
    SCOPED_BUF struct buf text = {0};
    struct library library = sample_library();
    if (fixture->phrase)
        ok(phrases_add(&library.insights[0].text.act, fixture->phrase));
    ok(library_encode(&library, &text));
    library_free(&library);
    log_commit(LOGGED_RELEASE, salt, buf_bytes(&text), commitment);
    ok(sign_make(fixture->spoil == OTHER_LIBRARY ? &fixture->stranger : &fixture->library, SIGN_LIBRARY,
                 fixture->federation.id, buf_bytes(&text), signature));
    salt[0] += fixture->spoil == OTHER_SALT;
    ok(json_parse(buf_bytes(&text), LIBRARY_MAX, &content, NULL));
    json_set(part, "document", content);
    json_set(part, "leaf", json_integer(fixture->spoil == OTHER_LEAF ? 0 : 1));
    json_set(part, "salt", json_hex(bytes_of(salt, sizeof salt)));
    json_set(part, "signature", json_hex(bytes_of(signature, sizeof signature)));
    if (fixture->spoil == NO_LIBRARY)
        json_free(part);
    else
        json_set(document, "library", part);
}

static inline void fixture_audit(struct fixture *fixture, struct json *document)
{
    uint8_t hash[HASH_BYTES];
    struct json *part = json_object(), *results = parsed(fixture->audit);
    ok(evidence_audit_hash(results, hash));
    hash[0] ^= fixture->spoil == OTHER_AUDIT;
    json_set(part, "hash", json_hex(bytes_of(hash, sizeof hash)));
    json_set(part, "results", results);
    json_set(document, "audit", part);
}

static inline void fixture_log(struct fixture *fixture, struct json *document, const uint8_t *release)
{
    char origin[48];
    struct checkpoint checkpoint = {0};
    struct log_entry entry = {.kind = LOGGED_RELEASE, .version = 2};
    struct json *log = json_object(), *entries = json_array();
    SCOPED_BUF struct buf note = {0};
    fixture->leaf_count = 0;
    memcpy(entry.commitment, release, HASH_BYTES);
    fixture_entry(fixture, entries, (struct log_entry){.kind = LOGGED_GENESIS});
    fixture_entry(fixture, entries, entry);
    fixture_entry(fixture, entries, (struct log_entry){.kind = LOGGED_ERASURE});
    if (fixture->audit && fixture->spoil != UNLOGGED_AUDIT)
        fixture_entry(fixture, entries, (struct log_entry){.kind = LOGGED_AUDIT});
    checkpoint.size = fixture->leaf_count;
    fixture_root(fixture->leaves, fixture->leaf_count, checkpoint.root);
    federation_origin(fixture->federation.id, origin);
    ok(checkpoint_sign(&checkpoint, origin,
                       fixture->spoil == OTHER_CHECKPOINT ? &fixture->stranger : &fixture->checkpoint, &note));
    json_set(log, "checkpoint", json_string(buf_bytes(&note)));
    json_set(log, "entries", entries);
    json_set(document, "log", log);
}

/* The bundle; the fixture's options say what is in it and what is wrong with it. */
static inline void fixture_bundle(struct fixture *fixture, struct buf *out)
{
    uint8_t release[HASH_BYTES];
    SCOPED_BUF struct buf text = {0};
    SCOPED_JSON struct json *bundle = json_object();
    SCOPED_JSON struct json *document = parsed(
        "{\"budget\":{\"account\":\"pure epsilon\",\"unit\":\"tenant\"},\"counts\":{\"epochs\":[{\"contributions\":"
        "12345,\"epoch\":\"2026-11\",\"withdrawals\":1}],\"releases\":1,\"rounds\":3,\"tenants_at_least\":5},"
        "\"events\":[],\"keys\":[{\"created\":\"2026-11-23T20:29:04Z\",\"purpose\":\"library\",\"version\":1}],"
        "\"kind\":\"chatham evidence\",\"made\":\"2026-11-23T20:29:04Z\",\"period\":{\"from\":\"2026-10\",\"to\":"
        "\"2026-11\"},\"redaction\":{},\"trust\":[\"The vault sees scrubbed text.\"],\"v\":1}");
    ok(federation_encode(&fixture->federation, &text));
    json_set(document, "federation", parsed(buf_text(&text)));
    fixture_library(fixture, document, release);
    fixture_log(fixture, document, release);
    if (fixture->audit)
        fixture_audit(fixture, document);
    ok(evidence_sign(document, fixture->federation.id,
                     fixture->spoil == OTHER_SIGNER ? &fixture->stranger : &fixture->evidence, bundle));
    buf_clear(out);
    ok(json_canonical(bundle, out));
}
