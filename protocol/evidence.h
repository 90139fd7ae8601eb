/* Evidence: what a federation states about itself over a period, signed, checkable offline (docs/evidence.md).
 *
 * Bundle, canonical JSON: {"document":{..},"signature":base64,"v":1}; the signature (SIGN_EVIDENCE) is over the
 * canonical bytes of the document, which embeds the federation document, the whole log with a checkpoint, the library
 * that is in force and, where there is one, an audit's results with their hash. Numbers of tenants are bands. */
#pragma once

#include "protocol/library.h"

#define EVIDENCE_MAX (96u * 1024 * 1024)

struct evidence {
    struct json *document; /* owned */
    uint8_t signature[SIGN_BYTES];
};
void evidence_free(struct evidence *evidence);
/* Sign a document: the bundle's members are set in `bundle`, an empty object. */
MUST_USE enum status evidence_sign(const struct json *document, const uint8_t federation[static FEDERATION_ID_BYTES],
                                   const struct secret *seed, struct json *bundle);
/* The bundle's frame; what the document says is checked by evidence_check. */
MUST_USE enum status evidence_decode(struct bytes text, struct evidence *out, struct why *why);

struct evidence_facts {
    struct federation federation; /* owned: evidence_facts_free */
    bool pinned;                  /* its keys are those that the caller expects */
    struct checkpoint checkpoint;
    uint64_t entries[LOGGED_KINDS]; /* of the log, by kind */
    bool has_library, has_audit;
    struct library library; /* owned */
};
void evidence_facts_free(struct evidence_facts *facts);
/* Everything that can be checked offline: the document's signature by the evidence key, the log's entries against the
 * checkpoint and its signature, the library's signature, its commitment in the log and that it is the last release, the
 * audit's hash. keys_hash: of the federation that is expected (federation_keys_hash, or federation_anchor if it is
 * certified), or NULL: then the bundle only
 * proves itself. ERR_DENIED or ERR_INPUT with the reason. */
MUST_USE enum status evidence_check(const struct evidence *evidence, const uint8_t *keys_hash,
                                    struct evidence_facts *facts, struct why *why);
/* SHA-256 of the canonical form of an audit's results, as the bundle carries it. */
MUST_USE enum status evidence_audit_hash(const struct json *results, uint8_t out[static HASH_BYTES]);
