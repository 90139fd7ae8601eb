/* Merkle proofs as JSON arrays of base64 hashes, in bundles, receipts and the log's answers. */
#pragma once

#include "base/json.h"
#include "crypto/merkle.h"

struct json *proof_to_json(const struct merkle_proof *proof); /* NULL: out of memory */
/* Take the array `key`: at most MERKLE_PROOF_MAX hashes of MERKLE_BYTES. Failures are noted in fields. */
void proof_take(struct json_fields *fields, const char *key, struct merkle_proof *out);
/* The answer to /v1/inclusion and /v1/consistency: {"proof":[..]} */
MUST_USE enum status proof_encode(const struct merkle_proof *proof, struct buf *out);
MUST_USE enum status proof_decode(struct bytes text, struct merkle_proof *out, struct why *why);
