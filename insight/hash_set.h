/* A set of 64-bit hashes: open addressing, at most half full. Zeroed is empty. */
#pragma once

#include "base/bytes.h"

struct hash_set {
    uint64_t *slots; /* owned; 0: free */
    size_t room, count;
};
void hash_set_free(struct hash_set *set);
MUST_USE enum status hash_set_add(struct hash_set *set, uint64_t hash); /* ERR_MEMORY leaves it as it was */
bool hash_set_has(const struct hash_set *set, uint64_t hash);
