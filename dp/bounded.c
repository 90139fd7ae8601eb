/* Bounded contribution. Hides the order in which a unit's keys count. */
#include "dp/bounded.h"

#include "base/hash.h"

/* Equal hashes are told apart by the key. */
struct rank {
    uint64_t hash;
    uint32_t key;
};

static struct rank rank_of(uint64_t unit, uint32_t key)
{
    const uint8_t bytes[4] = {(uint8_t)(key >> 24), (uint8_t)(key >> 16), (uint8_t)(key >> 8), (uint8_t)key};
    return (struct rank){hash_mix64(bytes_of(bytes, sizeof bytes), unit), key};
}

static bool is_before(struct rank a, struct rank b)
{
    return a.hash != b.hash ? a.hash < b.hash : a.key < b.key;
}

/* The first key behind `last` (NULL: of all); repeats of it are not behind it. */
static bool next(uint64_t unit, const uint32_t *keys, size_t count, const struct rank *last, struct rank *out)
{
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        struct rank at = rank_of(unit, keys[i]);
        if ((last && !is_before(*last, at)) || (found && !is_before(at, *out)))
            continue;
        *out = at;
        found = true;
    }
    return found;
}

size_t dp_bounded_keys(uint64_t unit, const uint32_t *keys, size_t count, size_t most, uint32_t *out)
{
    struct rank last = {0, 0}, found = {0, 0};
    size_t chosen = 0;
    while (chosen < most && next(unit, keys, count, chosen ? &last : NULL, &found)) {
        out[chosen++] = found.key;
        last = found;
    }
    return chosen;
}
