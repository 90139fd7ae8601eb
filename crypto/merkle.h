/* Merkle trees as RFC 9162, section 2.1: SHA-256, leaf prefix 0x00, node prefix 0x01. */
#pragma once

#include "base/bytes.h"

#define MERKLE_BYTES 32
#define MERKLE_PROOF_MAX 64 /* hashes in a proof of a tree of up to 2^63 leaves */

struct merkle_proof {
    size_t count;
    uint8_t hashes[MERKLE_PROOF_MAX][MERKLE_BYTES];
};

void merkle_leaf(struct bytes entry, uint8_t out[static MERKLE_BYTES]);
/* The node above two others. out may be one of them. */
void merkle_node(const uint8_t left[static MERKLE_BYTES], const uint8_t right[static MERKLE_BYTES],
                 uint8_t out[static MERKLE_BYTES]);
/* Where the tree reads its hashes: complete subtrees, node (level, index) covers leaves [index << level, (index+1) <<
 * level). Level 0 are leaf hashes. */
struct merkle_source {
    enum status (*node)(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES]);
    void *state;
};
/* Append: hashes of all subtrees that the leaf number `index` (from 0) completes, level 0 first. Calls `store` for
 * each. */
typedef enum status (*merkle_store)(void *state, unsigned level, uint64_t index,
                                    const uint8_t hash[static MERKLE_BYTES]);
MUST_USE enum status merkle_append(struct merkle_source source, merkle_store store, void *store_state, uint64_t index,
                                   const uint8_t leaf[static MERKLE_BYTES]);
/* Root of the first `size` leaves (size 0: SHA-256 of nothing). */
MUST_USE enum status merkle_root(struct merkle_source source, uint64_t size, uint8_t out[static MERKLE_BYTES]);
/* 2.1.3.1 and 2.1.4.1. ERR_USAGE if index >= size, from > size. */
MUST_USE enum status merkle_prove_inclusion(struct merkle_source source, uint64_t index, uint64_t size,
                                            struct merkle_proof *out);
MUST_USE enum status merkle_prove_consistency(struct merkle_source source, uint64_t from, uint64_t size,
                                              struct merkle_proof *out);
/* 2.1.3.2 and 2.1.4.2. OK or ERR_DENIED. from == 0 is consistent with anything by an empty proof. */
MUST_USE enum status merkle_check_inclusion(const uint8_t leaf[static MERKLE_BYTES], uint64_t index, uint64_t size,
                                            const struct merkle_proof *proof, const uint8_t root[static MERKLE_BYTES]);
MUST_USE enum status merkle_check_consistency(uint64_t from, const uint8_t from_root[static MERKLE_BYTES],
                                              uint64_t size, const uint8_t root[static MERKLE_BYTES],
                                              const struct merkle_proof *proof);
