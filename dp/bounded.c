/* Bounded contribution. Hides the order in which a unit's keys count. */
#include "dp/bounded.h"

#include "base/hash.h"
#include "base/secret.h"

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

/* Where a key stands or would stand among the chosen. */
static size_t place_of(const struct rank *chosen, size_t count, struct rank key)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (is_before(chosen[middle], key))
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* The least `most` so far stay, in order; a repeat is there already. Returns how many they are. */
static size_t consider(struct rank *chosen, size_t count, size_t most, struct rank key)
{
    size_t place = place_of(chosen, count, key);
    if (place == most || (place < count && !is_before(key, chosen[place])))
        return count;
    size_t kept = count < most ? count : most - 1;
    memmove(chosen + place + 1, chosen + place, (kept - place) * sizeof *chosen);
    chosen[place] = key;
    return kept + 1;
}

size_t dp_bounded_keys(uint64_t unit, const uint32_t *keys, size_t count, size_t most, uint32_t *out)
{
    struct rank chosen[DP_BOUNDED_MOST];
    size_t found = 0;
    INVARIANT(most <= DP_BOUNDED_MOST);
    for (size_t i = 0; i < count; i++)
        found = consider(chosen, found, most, rank_of(unit, keys[i]));
    for (size_t i = 0; i < found; i++)
        out[i] = chosen[i].key;
    secret_wipe(chosen, sizeof chosen);
    return found;
}
