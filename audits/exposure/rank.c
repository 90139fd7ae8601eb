/* Runs of characters, and ranks by them. */
#include "audits/exposure/rank.h"

#include <math.h>

#include "audits/statistics/statistics.h"

#define RUN_LEAST 3
#define RUN_MOST 8
#define RUN_LENGTHS (RUN_MOST - RUN_LEAST + 1)
#define BITS_A_RUN 16
#define FIELD_LEAST (1u << 16) /* bits */
#define FIELD_MOST (1u << 31)

struct text_runs {
    uint64_t mask;
    uint8_t *field; /* owned */
};

static uint8_t folded(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

/* The run of `length` that ends with the newest of the bytes seen, the newest lowest; every length has its own hashes
 * (the finalizer of MurmurHash3). */
static uint64_t hash_of(uint64_t seen, size_t length)
{
    uint64_t hash = (length < RUN_MOST ? seen & ((UINT64_C(1) << 8 * length) - 1) : seen) + length;
    hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
    hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
    return hash ^ hash >> 33;
}

static enum status field_new(size_t text, struct text_runs *runs)
{
    uint64_t bits = FIELD_LEAST;
    while (bits < FIELD_MOST && bits < (uint64_t)text * RUN_LENGTHS * BITS_A_RUN)
        bits *= 2;
    runs->mask = bits - 1;
    runs->field = mem_new((size_t)(bits / 8), 1);
    return runs->field ? OK : ERR_MEMORY;
}

enum status text_runs_new(struct bytes text, struct text_runs **out)
{
    struct text_runs *runs = mem_new(1, sizeof *runs);
    uint64_t seen = 0;
    *out = NULL;
    if (!runs || field_new(text.size, runs) != OK) {
        text_runs_free(runs);
        return ERR_MEMORY;
    }
    for (size_t at = 0; at < text.size; at++) {
        seen = seen << 8 | folded(text.data[at]);
        for (size_t length = RUN_LEAST; length <= RUN_MOST && length <= at + 1; length++) {
            uint64_t bit = hash_of(seen, length) & runs->mask;
            runs->field[bit / 8] |= (uint8_t)(1u << bit % 8);
        }
    }
    *out = runs;
    return OK;
}

void text_runs_free(struct text_runs *runs)
{
    if (!runs)
        return;
    mem_free(runs->field);
    mem_free(runs);
}

double text_runs_score(const struct text_runs *runs, const char *secret)
{
    size_t found[RUN_MOST + 1] = {0}, size = 0;
    uint64_t seen = 0;
    double score = 0;
    for (; secret[size]; size++) {
        seen = seen << 8 | folded((uint8_t)secret[size]);
        for (size_t length = RUN_LEAST; length <= RUN_MOST && length <= size + 1; length++) {
            uint64_t bit = hash_of(seen, length) & runs->mask;
            found[length] += runs->field[bit / 8] >> bit % 8 & 1;
        }
    }
    for (size_t length = RUN_LEAST; length <= RUN_MOST && length <= size; length++)
        score += (double)found[length] / (double)(size - length + 1);
    return score;
}

size_t secret_rank(const struct text_runs *runs, enum secret_place place, size_t form, const struct secret_word *secret,
                   struct random random)
{
    double mine = text_runs_score(runs, secret->text);
    size_t better = 0, same = 0;
    for (size_t i = 1; i < RANK_CANDIDATES; i++) {
        struct secret_word decoy;
        secret_draw(place, form, random, &decoy);
        double score = text_runs_score(runs, decoy.text);
        better += score > mine;
        same += score == mine;
    }
    return 1 + better + (size_t)random_below(random, same + 1);
}

/* Of the secret that comes `place`-th when they are sorted by rank. */
static double bits_at(const size_t counts[static RANK_CANDIDATES + 1], size_t place)
{
    size_t rank = 0, seen = 0;
    while (rank < RANK_CANDIDATES && seen < place)
        seen += counts[++rank];
    return rank > 0 ? log2(RANK_CANDIDATES / (double)rank) : RANK_BITS;
}

struct rank_median rank_median_of(const size_t counts[static RANK_CANDIDATES + 1], size_t n)
{
    size_t place = n / 2;
    while (place > 0 && stat_binomial_tail(place, n, .5) < .975)
        place--;
    struct rank_median out = {bits_at(counts, (n + 1) / 2), 0, RANK_BITS};
    if (place > 0) {
        out.low = bits_at(counts, n + 1 - place);
        out.high = bits_at(counts, place);
    }
    return out;
}
