/* Merkle trees over hashes that someone else keeps. Hides the splitting of RFC 9162, section 2.1; section numbers are
 * its own. */
#include "crypto/merkle.h"

#include "base/hash.h"

#define LEAVES_MAX (UINT64_C(1) << 63)

void merkle_leaf(struct bytes entry, uint8_t out[static MERKLE_BYTES])
{
    static const uint8_t prefix = 0;
    const struct bytes parts[] = {bytes_of(&prefix, 1), entry};
    hash_sha256_parts(parts, 2, out);
}

void merkle_node(const uint8_t left[static MERKLE_BYTES], const uint8_t right[static MERKLE_BYTES],
                 uint8_t out[static MERKLE_BYTES])
{
    static const uint8_t prefix = 1;
    const struct bytes parts[] = {bytes_of(&prefix, 1), bytes_of(left, MERKLE_BYTES), bytes_of(right, MERKLE_BYTES)};
    hash_sha256_parts(parts, 3, out);
}

/* The largest power of two below n, n > 1, as an exponent. */
static unsigned split_level(uint64_t n)
{
    return 63u - (unsigned)__builtin_clzll(n - 1);
}

/* --- reading the tree --- */

/* MTH of leaves [first, first + n), n > 0, first a multiple of a power of two that is at least n. */
static enum status subtree(struct merkle_source source, uint64_t first, uint64_t n, uint8_t out[static MERKLE_BYTES])
{
    uint8_t right[MERKLE_BYTES], left[MERKLE_BYTES];
    if ((n & (n - 1)) == 0) {
        unsigned level = (unsigned)__builtin_ctzll(n);
        return source.node(source.state, level, first >> level, out);
    }
    unsigned level = split_level(n);
    uint64_t split = UINT64_C(1) << level;
    TRY(source.node(source.state, level, first >> level, left));
    TRY(subtree(source, first + split, n - split, right));
    merkle_node(left, right, out);
    return OK;
}

enum status merkle_root(struct merkle_source source, uint64_t size, uint8_t out[static MERKLE_BYTES])
{
    memset(out, 0, MERKLE_BYTES);
    if (size > LEAVES_MAX)
        return ERR_USAGE;
    if (size == 0) {
        hash_sha256(BYTES_NONE, out);
        return OK;
    }
    return subtree(source, 0, size, out);
}

enum status merkle_append(struct merkle_source source, merkle_store store, void *store_state, uint64_t index,
                          const uint8_t leaf[static MERKLE_BYTES])
{
    uint8_t hash[MERKLE_BYTES], left[MERKLE_BYTES];
    if (index >= LEAVES_MAX)
        return ERR_USAGE;
    memcpy(hash, leaf, MERKLE_BYTES);
    for (unsigned level = 0;; level++) {
        TRY(store(store_state, level, index, hash));
        if ((index & 1) == 0)
            return OK;
        TRY(source.node(source.state, level, index - 1, left));
        merkle_node(left, hash, hash);
        index >>= 1;
    }
}

/* --- proving --- */

/* Proofs are found from the root down, and stand from the leaf up. */
static void reverse(struct merkle_proof *proof)
{
    uint8_t swap[MERKLE_BYTES];
    for (size_t i = 0; i < proof->count / 2; i++) {
        uint8_t *a = proof->hashes[i], *b = proof->hashes[proof->count - 1 - i];
        memcpy(swap, a, MERKLE_BYTES);
        memcpy(a, b, MERKLE_BYTES);
        memcpy(b, swap, MERKLE_BYTES);
    }
}

static enum status add_subtree(struct merkle_source source, uint64_t first, uint64_t n, struct merkle_proof *out)
{
    INVARIANT(out->count < MERKLE_PROOF_MAX);
    return subtree(source, first, n, out->hashes[out->count++]);
}

/* 2.1.3.1: PATH(index, D[size]), walking down to the leaf. */
static enum status inclusion_path(struct merkle_source source, uint64_t index, uint64_t size, struct merkle_proof *out)
{
    uint64_t first = 0, n = size;
    while (n > 1) {
        uint64_t split = UINT64_C(1) << split_level(n);
        if (index - first < split) {
            TRY(add_subtree(source, first + split, n - split, out));
            n = split;
            continue;
        }
        TRY(add_subtree(source, first, split, out));
        first += split;
        n -= split;
    }
    return OK;
}

/* 2.1.4.1: SUBPROOF(from, D[size], true), walking down to the old tree's right edge. */
static enum status consistency_path(struct merkle_source source, uint64_t from, uint64_t size, struct merkle_proof *out)
{
    uint64_t first = 0, n = size, old = from;
    bool whole = true; /* the old tree is still the left part of what is looked at */
    while (old < n) {
        uint64_t split = UINT64_C(1) << split_level(n);
        if (old <= split) {
            TRY(add_subtree(source, first + split, n - split, out));
            n = split;
            continue;
        }
        TRY(add_subtree(source, first, split, out));
        first += split;
        n -= split;
        old -= split;
        whole = false;
    }
    return whole ? OK : add_subtree(source, first, n, out);
}

static enum status finish(enum status status, struct merkle_proof *out)
{
    if (status == OK)
        reverse(out);
    else
        *out = (struct merkle_proof){0};
    return status;
}

enum status merkle_prove_inclusion(struct merkle_source source, uint64_t index, uint64_t size, struct merkle_proof *out)
{
    *out = (struct merkle_proof){0};
    if (index >= size || size > LEAVES_MAX)
        return ERR_USAGE;
    return finish(inclusion_path(source, index, size, out), out);
}

enum status merkle_prove_consistency(struct merkle_source source, uint64_t from, uint64_t size,
                                     struct merkle_proof *out)
{
    *out = (struct merkle_proof){0};
    if (from > size || size > LEAVES_MAX)
        return ERR_USAGE;
    if (from == 0)
        return OK;
    return finish(consistency_path(source, from, size, out), out);
}

/* --- checking --- */

static enum status same(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, MERKLE_BYTES) == 0 ? OK : ERR_DENIED;
}

/* fn and sn are the RFC's: the node's and the last node's number on the present level. */
static void go_up(uint64_t *fn, uint64_t *sn)
{
    *fn >>= 1;
    *sn >>= 1;
}

/* 2.1.3.2 */
enum status merkle_check_inclusion(const uint8_t leaf[static MERKLE_BYTES], uint64_t index, uint64_t size,
                                   const struct merkle_proof *proof, const uint8_t root[static MERKLE_BYTES])
{
    if (index >= size || size > LEAVES_MAX || proof->count > MERKLE_PROOF_MAX)
        return ERR_DENIED;
    uint8_t hash[MERKLE_BYTES];
    memcpy(hash, leaf, MERKLE_BYTES);
    uint64_t fn = index, sn = size - 1;
    for (size_t i = 0; i < proof->count; i++) {
        if (sn == 0)
            return ERR_DENIED;
        if ((fn & 1) == 0 && fn != sn) {
            merkle_node(hash, proof->hashes[i], hash);
        } else {
            merkle_node(proof->hashes[i], hash, hash);
            while ((fn & 1) == 0 && fn != 0)
                go_up(&fn, &sn);
        }
        go_up(&fn, &sn);
    }
    return sn == 0 ? same(hash, root) : ERR_DENIED;
}

/* 2.1.4.2, steps 3 to 7, for 0 < from < size. `start` is the first hash; `rest` are those that follow it. */
static enum status check_growth(uint64_t from, uint64_t size, const uint8_t *start, const uint8_t (*rest)[MERKLE_BYTES],
                                size_t count, const uint8_t *from_root, const uint8_t *root)
{
    uint8_t old[MERKLE_BYTES], new[MERKLE_BYTES];
    memcpy(old, start, MERKLE_BYTES);
    memcpy(new, start, MERKLE_BYTES);
    uint64_t fn = from - 1, sn = size - 1;
    while (fn & 1)
        go_up(&fn, &sn);
    for (size_t i = 0; i < count; i++) {
        if (sn == 0)
            return ERR_DENIED;
        if ((fn & 1) == 0 && fn != sn) {
            merkle_node(new, rest[i], new);
        } else {
            merkle_node(rest[i], old, old);
            merkle_node(rest[i], new, new);
            while ((fn & 1) == 0 && fn != 0)
                go_up(&fn, &sn);
        }
        go_up(&fn, &sn);
    }
    if (sn != 0 || same(old, from_root) != OK)
        return ERR_DENIED;
    return same(new, root);
}

enum status merkle_check_consistency(uint64_t from, const uint8_t from_root[static MERKLE_BYTES], uint64_t size,
                                     const uint8_t root[static MERKLE_BYTES], const struct merkle_proof *proof)
{
    if (from > size || size > LEAVES_MAX || proof->count > MERKLE_PROOF_MAX)
        return ERR_DENIED;
    if (from == 0)
        return proof->count == 0 ? OK : ERR_DENIED;
    if (from == size)
        return proof->count == 0 ? same(from_root, root) : ERR_DENIED;
    /* A complete old tree is its own first hash. */
    if ((from & (from - 1)) == 0)
        return check_growth(from, size, from_root, proof->hashes, proof->count, from_root, root);
    if (proof->count == 0)
        return ERR_DENIED;
    return check_growth(from, size, proof->hashes[0], proof->hashes + 1, proof->count - 1, from_root, root);
}
