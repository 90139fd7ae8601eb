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

enum status decoys_make(const struct things *things, size_t spare, struct decoys *out)
{
    *out = (struct decoys){0};
    TRY(pools_make(things->tenants, things->sizes, things->count, spare, &out->pools));
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
