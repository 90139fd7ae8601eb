/* What a proof in another log shows of our own. A path from a leaf to the root (RFC 9162, section 2.1.3.2) names on its
 * left whole subtrees that together are all leaves before it; read from the root down, they begin at the first. */
#include "server/budget.h"

struct subtree {
    unsigned level;
    uint64_t index;
    const uint8_t *hash;
};

/* From the leaf upwards. */
static size_t left_of_path(const struct charge *charge, uint64_t size, struct subtree out[static MERKLE_PROOF_MAX])
{
    uint64_t at = charge->leaf, last = size - 1;
    size_t count = 0;
    unsigned level = 0;
    for (size_t i = 0; i < charge->proof.count; i++) {
        for (; at == last && at != 0 && at % 2 == 0; level++) { /* a node that has no sibling there */
            at /= 2;
            last /= 2;
        }
        if (at % 2 == 1)
            out[count++] = (struct subtree){level, at - 1, charge->proof.hashes[i]};
        at /= 2;
        last /= 2;
        level++;
    }
    return count;
}

static enum status is_ours(const struct vault *vault, const struct subtree *theirs, uint64_t size, bool *ours)
{
    uint8_t hash[MERKLE_BYTES];
    struct merkle_source source = log_source(vault->store);
    *ours = false;
    if ((theirs->index + 1) << theirs->level > size)
        return OK;
    TRY(source.node(source.state, theirs->level, theirs->index, hash));
    *ours = memcmp(hash, theirs->hash, MERKLE_BYTES) == 0;
    return OK;
}

enum status budget_common(struct vault *vault, const struct charge *charge, uint64_t size, uint64_t *leaves)
{
    uint64_t own = 0;
    bool ours = true;
    struct subtree left[MERKLE_PROOF_MAX];
    *leaves = 0;
    TRY(log_size(vault->store, &own));
    for (size_t i = left_of_path(charge, size, left); i > 0 && ours; i--) {
        TRY(is_ours(vault, &left[i - 1], own, &ours));
        if (ours)
            *leaves = (left[i - 1].index + 1) << left[i - 1].level;
    }
    return OK;
}
