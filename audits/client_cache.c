/* The cache of client halves. Hides that only the records are kept: a copy is decoded from them, so that whoever asks
 * owns what they get. */
#include "audits/client_cache.h"

struct kept_item {
    uint8_t id[ID_BYTES];
    struct buf record;
};
struct kept {
    uint8_t key[HASH_BYTES];
    uint64_t used; /* when last; 0: an empty place */
    size_t count;
    struct kept_item *items; /* owned */
    struct prepare_report report;
};
struct client_cache {
    uint64_t now; /* grows with every use */
    size_t clients;
    double seconds;
    struct kept kept[CLIENT_CACHE_MAX];
};

static void kept_free(struct kept *kept)
{
    for (size_t i = 0; kept->items && i < kept->count; i++)
        buf_free(&kept->items[i].record);
    mem_free(kept->items);
    *kept = (struct kept){0};
}

enum status client_cache_new(struct client_cache **out)
{
    *out = mem_new(1, sizeof **out);
    return *out ? OK : ERR_MEMORY;
}

void client_cache_free(struct client_cache *cache)
{
    for (size_t i = 0; cache && i < CLIENT_CACHE_MAX; i++)
        kept_free(&cache->kept[i]);
    mem_free(cache);
}

static enum status copy_item(const struct kept_item *kept, struct prepared_item *out)
{
    memcpy(out->id, kept->id, ID_BYTES);
    buf_add(&out->record, buf_bytes(&kept->record));
    TRY(buf_status(&out->record));
    return contribution_decode(buf_bytes(&kept->record), &out->contribution, NULL);
}

static enum status copy_out(const struct kept *kept, struct prepared *out)
{
    enum status status = OK;
    out->items = mem_new(kept->count + 1, sizeof *out->items);
    if (!out->items)
        return ERR_MEMORY;
    out->room = kept->count + 1;
    out->report = kept->report;
    while (out->count < kept->count && status == OK) {
        status = copy_item(&kept->items[out->count], &out->items[out->count]);
        out->count++;
    }
    if (status != OK)
        prepared_free(out);
    return status;
}

enum status client_cache_get(struct client_cache *cache, const uint8_t key[static HASH_BYTES], struct prepared *out)
{
    *out = (struct prepared){0};
    for (size_t i = 0; i < CLIENT_CACHE_MAX; i++)
        if (cache->kept[i].used && memcmp(cache->kept[i].key, key, HASH_BYTES) == 0) {
            cache->kept[i].used = ++cache->now;
            return copy_out(&cache->kept[i], out);
        }
    return ERR_NOT_FOUND;
}

static struct kept *longest_unused(struct client_cache *cache)
{
    struct kept *oldest = &cache->kept[0];
    for (size_t i = 1; i < CLIENT_CACHE_MAX; i++)
        if (cache->kept[i].used < oldest->used)
            oldest = &cache->kept[i];
    return oldest;
}

static enum status copy_in(const struct prepared *prepared, struct kept *kept)
{
    kept->items = mem_new(prepared->count + 1, sizeof *kept->items);
    if (!kept->items)
        return ERR_MEMORY;
    kept->count = prepared->count;
    kept->report = prepared->report;
    for (size_t i = 0; i < prepared->count; i++) {
        memcpy(kept->items[i].id, prepared->items[i].id, ID_BYTES);
        buf_add(&kept->items[i].record, buf_bytes(&prepared->items[i].record));
        TRY(buf_status(&kept->items[i].record));
    }
    return OK;
}

void client_cache_put(struct client_cache *cache, const uint8_t key[static HASH_BYTES], const struct prepared *prepared,
                      double seconds)
{
    struct kept kept = {.used = ++cache->now};
    cache->clients++;
    cache->seconds += seconds;
    memcpy(kept.key, key, HASH_BYTES);
    if (copy_in(prepared, &kept) != OK) {
        kept_free(&kept);
        return;
    }
    struct kept *place = longest_unused(cache);
    kept_free(place);
    *place = kept;
}

void client_cache_count(const struct client_cache *cache, size_t *clients, double *seconds)
{
    *clients = cache ? cache->clients : 0;
    *seconds = cache ? cache->seconds : 0;
}
