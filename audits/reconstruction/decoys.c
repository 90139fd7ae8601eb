/* Pools of things, indexed for whoever guesses. */
#include "audits/reconstruction/decoys.h"

static enum status index_pools(const struct things *things, struct decoys *decoys)
{
    size_t count = decoys->pools.count;
    SCOPED_MEM struct bytes *documents = mem_new(count + 1, sizeof *documents);
    decoys->privates = mem_new(count + 1, TASK_WIDTH * sizeof *decoys->privates);
    if (!documents || !decoys->privates)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        size_t thing = decoys->pools.items[i];
        documents[i] = things->texts[thing];
        memcpy(decoys->privates + i * TASK_WIDTH, things->vectors + thing * TASK_WIDTH,
               TASK_WIDTH * sizeof *decoys->privates);
    }
    return bm25_new(documents, count, &decoys->bm25);
}

/* Nobody can tell a thing from its like, whatever leaks: of things that are alike the first is kept. */
static size_t list_distinct(const struct things *things, size_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < things->count; i++) {
        bool is_new = true;
        for (size_t k = 0; k < count && is_new; k++)
            is_new =
                things->tenants[out[k]] != things->tenants[i] || !bytes_equal(things->texts[out[k]], things->texts[i]);
        if (is_new)
            out[count++] = i;
    }
    return count;
}

static enum status make_pools(const struct things *things, size_t spare, struct pools *out)
{
    SCOPED_MEM size_t *distinct = mem_new(things->count + 1, sizeof *distinct);
    SCOPED_MEM size_t *tenants = mem_new(things->count + 1, sizeof *tenants);
    SCOPED_MEM size_t *sizes = mem_new(things->count + 1, sizeof *sizes);
    if (!distinct || !tenants || !sizes)
        return ERR_MEMORY;
    size_t count = list_distinct(things, distinct);
    for (size_t i = 0; i < count; i++) {
        tenants[i] = things->tenants[distinct[i]];
        sizes[i] = things->sizes[distinct[i]];
    }
    TRY(pools_make(tenants, sizes, count, spare, out));
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = distinct[out->items[i]];
    return OK;
}

enum status decoys_make(const struct things *things, size_t spare, struct decoys *out)
{
    *out = (struct decoys){0};
    TRY(make_pools(things, spare, &out->pools));
    enum status status = index_pools(things, out);
    if (status != OK)
        decoys_free(out);
    return status;
}

void decoys_free(struct decoys *decoys)
{
    pools_free(&decoys->pools);
    mem_free(decoys->privates);
    bm25_free(decoys->bm25);
    *decoys = (struct decoys){0};
}

bool decoys_in_pool(const struct decoys *decoys, size_t pool, size_t thing)
{
    for (size_t i = pool; i < pool + decoys->pools.size; i++)
        if (decoys->pools.items[i] == thing)
            return true;
    return false;
}
