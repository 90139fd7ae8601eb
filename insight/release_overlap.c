/* The gate's check of joints. A released phrase was proposed by k tenants, but two of them side by side could spell out
 * a run of words that stands within one phrase of fewer than k. Such a joint tells of these few only if it needs them:
 * where each of its phrases has k tenants besides them, it would stand without them word for word, and what a few write
 * must not take it away. Hides the look-up: the few runs that cross a joint are sorted by hash, and all phrases of the
 * round stream past them. */
#include <stdlib.h>

#include "base/hash.h"
#include "insight/release_internal.h"
#include "insight/words.h"

#define RUN_WORDS 6
/* Words of an insight: PHRASE_LISTS * PHRASES_MAX phrases of at most PHRASE_MAX / 2 words. */
#define INSIGHT_WORDS ((size_t)PHRASE_LISTS * PHRASES_MAX * PHRASE_MAX / 2)

struct run {
    uint64_t hash;
    uint32_t selected;
    uint16_t first, last; /* its phrases, numbered through the insight's lists */
};
struct runs {
    struct run *items;
    size_t count, room;
};
struct sighting { /* a run seen within a phrase */
    uint32_t run, tenant;
};
struct sightings {
    struct sighting *items;
    size_t count, room;
};

static uint64_t run_hash(const uint64_t *words)
{
    return hash_mix64(bytes_of(words, RUN_WORDS * sizeof *words), 0);
}

static size_t hash_words(const char *text, uint64_t *out, size_t room)
{
    struct words words;
    size_t count = 0;
    words_start(&words, bytes_str(text));
    while (count < room && words_next(&words))
        out[count++] = hash_mix64(bytes_of(words.word, words.size), 0);
    return count;
}

static enum status add_run(struct runs *runs, struct run run)
{
    if (runs->count == runs->room) {
        size_t room = runs->room * 2 + 256;
        struct run *grown = mem_grow(runs->items, runs->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        runs->items = grown;
        runs->room = room;
    }
    runs->items[runs->count++] = run;
    return OK;
}

/* The runs of words that cross a joint of the insight's phrases. */
static enum status add_joints(struct runs *runs, const struct candidate *text, uint32_t selected, uint64_t *words,
                              uint16_t *phrase)
{
    size_t count = 0;
    uint16_t number = 0;
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t p = 0; p < phrases->count; p++, number++) {
            size_t more = hash_words(phrases->items[p], words + count, INSIGHT_WORDS - count);
            for (size_t i = 0; i < more; i++)
                phrase[count + i] = number;
            count += more;
        }
    }
    for (size_t i = 0; i + RUN_WORDS <= count; i++)
        if (phrase[i] != phrase[i + RUN_WORDS - 1])
            TRY(add_run(runs, (struct run){run_hash(words + i), selected, phrase[i], phrase[i + RUN_WORDS - 1]}));
    return OK;
}

static int compare_runs(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->selected > y->selected) - (x->selected < y->selected);
}

static size_t first_run(const struct runs *runs, uint64_t hash)
{
    size_t below = 0, above = runs->count;
    while (below < above) {
        size_t middle = below + (above - below) / 2;
        if (runs->items[middle].hash < hash)
            below = middle + 1;
        else
            above = middle;
    }
    return below;
}

static enum status see_phrase(struct sightings *seen, const struct runs *runs, const char *phrase, uint32_t tenant)
{
    uint64_t words[PHRASE_MAX / 2 + 1];
    size_t count = hash_words(phrase, words, PHRASE_MAX / 2 + 1);
    for (size_t i = 0; i + RUN_WORDS <= count; i++) {
        uint64_t hash = run_hash(words + i);
        size_t run = first_run(runs, hash);
        if (run == runs->count || runs->items[run].hash != hash)
            continue;
        if (seen->count == seen->room) {
            size_t room = seen->room * 2 + 256;
            struct sighting *grown = mem_grow(seen->items, seen->room, room, sizeof *grown);
            if (!grown)
                return ERR_MEMORY;
            seen->items = grown;
            seen->room = room;
        }
        seen->items[seen->count++] = (struct sighting){(uint32_t)run, tenant};
    }
    return OK;
}

static int compare_sightings(const void *a, const void *b)
{
    const struct sighting *x = a, *y = b;
    if (x->run != y->run)
        return x->run < y->run ? -1 : 1;
    return (x->tenant > y->tenant) - (x->tenant < y->tenant);
}

/* Tenants that propose a phrase and are not among those who wrote the run; both sorted by tenant. */
static uint32_t tenants_besides(const struct holding *holding, size_t count, const struct sighting *told, size_t few)
{
    uint32_t tenants = 0;
    for (size_t i = 0, t = 0; i < count; i++) {
        if (i > 0 && holding[i].tenant == holding[i - 1].tenant)
            continue;
        while (t < few && told[t].tenant < holding[i].tenant)
            t++;
        tenants += t == few || told[t].tenant != holding[i].tenant;
    }
    return tenants;
}

/* Whether each phrase of the run has k tenants besides those who wrote it in one. */
static bool stands_without(const struct holdings *holdings, const struct candidate *text, const struct run *run,
                           const struct sighting *told, size_t few, uint32_t k)
{
    size_t number = 0;
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t p = 0; p < phrases->count; p++, number++) {
            uint8_t key[16];
            size_t count = 0;
            if (number < run->first || number > run->last)
                continue;
            phrase_key(phrases->items[p], key);
            const struct holding *first = holdings_find(holdings, list, key, &count);
            if (tenants_besides(first, count, told, few) < k)
                return false;
        }
    }
    return true;
}

/* The insights with a run that some wrote within a phrase, fewer than k, and that would not stand without them. */
static size_t withhold_run(const struct holdings *holdings, const struct runs *runs, size_t first,
                           const struct sighting *told, size_t few, uint32_t k, struct selected *selected)
{
    size_t withheld = 0;
    uint64_t hash = runs->items[first].hash;
    for (size_t r = first; r < runs->count && runs->items[r].hash == hash; r++) {
        struct selected *one = &selected[runs->items[r].selected];
        if (one->gone || stands_without(holdings, &one->insight.text, &runs->items[r], told, few, k))
            continue;
        one->gone = true;
        withheld++;
    }
    return withheld;
}

static size_t withhold(const struct holdings *holdings, const struct sightings *seen, const struct runs *runs,
                       uint32_t k, struct selected *selected)
{
    size_t withheld = 0;
    for (size_t i = 0, end; i < seen->count; i = end) {
        uint32_t tenants = 0;
        for (end = i; end < seen->count && seen->items[end].run == seen->items[i].run; end++)
            tenants += end == i || seen->items[end].tenant != seen->items[end - 1].tenant;
        if (tenants < k)
            withheld += withhold_run(holdings, runs, seen->items[i].run, &seen->items[i], end - i, k, selected);
    }
    return withheld;
}

static enum status see_round(const struct release_input *input, const struct phrase_table *table,
                             const struct runs *runs, struct sightings *seen)
{
    for (size_t i = 0; i < input->count; i++)
        for (size_t e = table->start[i]; e < table->start[i + 1]; e++)
            TRY(see_phrase(seen, runs, table->entries[e].text, input->rows[i].tenant));
    if (seen->count)
        qsort(seen->items, seen->count, sizeof *seen->items, compare_sightings);
    return OK;
}

static enum status list_joints(const struct selected *selected, size_t count, struct runs *runs)
{
    SCOPED_MEM uint64_t *words = mem_new(INSIGHT_WORDS, sizeof *words);
    SCOPED_MEM uint16_t *phrase = mem_new(INSIGHT_WORDS, sizeof *phrase);
    if (!words || !phrase)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        if (!selected[i].gone)
            TRY(add_joints(runs, &selected[i].insight.text, (uint32_t)i, words, phrase));
    if (runs->count)
        qsort(runs->items, runs->count, sizeof *runs->items, compare_runs);
    return OK;
}

enum status release_overlap(const struct release_input *input, const struct phrase_table *table,
                            const struct holdings *holdings, struct selected *selected, size_t count, size_t *withheld)
{
    struct runs runs = {0};
    struct sightings seen = {0};
    enum status status = list_joints(selected, count, &runs);
    if (status == OK && runs.count)
        status = see_round(input, table, &runs, &seen);
    if (status == OK && runs.items)
        *withheld += withhold(holdings, &seen, &runs, input->policy->k, selected);
    mem_free(runs.items);
    mem_free(seen.items);
    return status;
}
