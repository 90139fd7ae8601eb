/* Hides the unit of a bucket's level: a token is 60,000 parts, so that a millisecond adds exactly per_minute parts. */
#include "server/rate.h"

#define TOKEN_PARTS 60000

struct bucket {
    int64_t at_ms, parts;
    bool used;
};

struct rates {
    size_t count;
    struct bucket *buckets; /* by tenant: the numbers of rows are small and dense */
};

void rates_free(struct rates *rates)
{
    if (!rates)
        return;
    mem_free(rates->buckets);
    mem_free(rates);
}

static struct bucket *bucket_of(struct rates *rates, size_t tenant)
{
    if (tenant >= rates->count) {
        size_t count = 2 * tenant + 16;
        struct bucket *grown = mem_grow(rates->buckets, rates->count, count, sizeof *grown);
        if (!grown)
            return NULL;
        rates->buckets = grown;
        rates->count = count;
    }
    return &rates->buckets[tenant];
}

static void fill(struct bucket *bucket, uint32_t per_minute, int64_t now_ms)
{
    int64_t most = (int64_t)per_minute * TOKEN_PARTS, passed = now_ms - bucket->at_ms;
    bool full = !bucket->used || passed >= TOKEN_PARTS;
    if (full)
        bucket->parts = most;
    else if (passed > 0)
        bucket->parts += passed * per_minute;
    if (bucket->parts > most)
        bucket->parts = most;
    bucket->at_ms = now_ms;
    bucket->used = true;
}

enum status rates_take(struct rates **rates, int64_t tenant, uint32_t per_minute, int64_t now_ms)
{
    if (!*rates)
        *rates = mem_new(1, sizeof **rates);
    struct bucket *bucket = *rates ? bucket_of(*rates, (size_t)tenant) : NULL;
    if (!bucket)
        return ERR_MEMORY;
    fill(bucket, per_minute, now_ms);
    if (bucket->parts < TOKEN_PARTS)
        return ERR_LIMIT;
    bucket->parts -= TOKEN_PARTS;
    return OK;
}
