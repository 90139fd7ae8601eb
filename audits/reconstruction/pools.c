/* Sorting into pools. */
#include "audits/reconstruction/pools.h"

#include <stdlib.h>

struct thing {
    size_t tenant, length, number;
};

static int in_order(const void *a, const void *b)
{
    const struct thing *left = a, *right = b;
    if (left->tenant != right->tenant)
        return left->tenant < right->tenant ? -1 : 1;
    if (left->length != right->length)
        return left->length < right->length ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

static size_t same_tenant(const struct thing *things, size_t n)
{
    size_t run = 1;
    while (run < n && things[run].tenant == things[0].tenant)
        run++;
    return run;
}

static size_t size_of_pools(const struct thing *things, size_t n, size_t spare)
{
    size_t most = 0;
    for (size_t at = 0, run; at < n; at += run) {
        run = same_tenant(things + at, n - at);
        most = run > most + spare ? run - spare : most;
    }
    return most < POOL_LEAST ? 0 : most > POOL_MOST ? POOL_MOST : most;
}

static void fill(const struct thing *things, size_t n, size_t spare, struct pools *pools)
{
    for (size_t at = 0, run; at < n && pools->size > 0; at += run) {
        run = same_tenant(things + at, n - at);
        size_t fit = run > spare ? (run - spare) / pools->size * pools->size : 0;
        for (size_t i = 0; i < fit && pools->count < POOLS_MAX * pools->size; i++)
            pools->items[pools->count++] = things[at + i * run / fit].number;
    }
}

enum status pools_make(const size_t *tenants, const size_t *lengths, size_t n, size_t spare, struct pools *out)
{
    SCOPED_MEM struct thing *things = mem_new(n + 1, sizeof *things);
    *out = (struct pools){.items = mem_new(n + 1, sizeof *out->items)};
    if (!things || !out->items) {
        pools_free(out);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < n; i++)
        things[i] = (struct thing){tenants[i], lengths[i], i};
    qsort(things, n, sizeof *things, in_order);
    out->size = size_of_pools(things, n, spare);
    fill(things, n, spare, out);
    return OK;
}

void pools_free(struct pools *pools)
{
    mem_free(pools->items);
    *pools = (struct pools){0};
}
