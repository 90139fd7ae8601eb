/* Signals of a target in a library. Hides the library's phrases as a sorted list and its word pairs as a table of
 * counts. */
#include "audits/membership/target.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "insight/features.h"
#include "insight/words.h"

#define VOCABULARY 4096. /* words that a pair could end with: for smoothing */

/* --- phrases of a candidate --- */

typedef enum status (*phrase_fn)(void *context, const char *phrase);

static enum status each_phrase(const struct candidate *candidate, phrase_fn fn, void *context)
{
    const struct phrases *const lists[] = {&candidate->when, &candidate->act, &candidate->avoid, &candidate->why};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            TRY(fn(context, lists[l]->items[i]));
    return OK;
}

static int by_key(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

struct keys { /* growing */
    size_t count, room;
    uint8_t (*items)[16];
};
static enum status add_key(void *context, const char *phrase)
{
    struct keys *keys = context;
    if (keys->count == keys->room) {
        size_t room = keys->room ? keys->room * 2 : 64;
        void *grown = mem_grow(keys->items, keys->room, room, 16);
        if (!grown)
            return ERR_MEMORY;
        keys->items = grown;
        keys->room = room;
    }
    phrase_key(phrase, keys->items[keys->count++]);
    return OK;
}

static void sort_keys(struct keys *keys)
{
    size_t kept = 0;
    if (keys->count)
        qsort(keys->items, keys->count, 16, by_key);
    for (size_t i = 0; i < keys->count; i++)
        if (i == 0 || by_key(keys->items[i], keys->items[kept - 1]) != 0)
            memmove(keys->items[kept++], keys->items[i], 16);
    keys->count = kept;
}

/* --- word pairs --- */

struct pairs { /* growing */
    size_t count, room;
    uint64_t (*items)[2];
};
static enum status add_pairs(void *context, const char *phrase)
{
    struct pairs *pairs = context;
    struct words words;
    uint64_t last = 0;
    words_start(&words, bytes_str(phrase));
    while (words_next(&words)) {
        uint64_t word = hash_mix64(bytes_of(words.word, words.size), 1);
        if (pairs->count == pairs->room) {
            size_t room = pairs->room ? pairs->room * 2 : 64;
            void *grown = mem_grow(pairs->items, pairs->room, room, sizeof *pairs->items);
            if (!grown)
                return ERR_MEMORY;
            pairs->items = grown;
            pairs->room = room;
        }
        pairs->items[pairs->count][0] = last;
        pairs->items[pairs->count++][1] = hash_mix64(bytes_of(&word, sizeof word), last);
        last = word;
    }
    return OK;
}

/* --- targets --- */

enum status target_init(const struct candidate *const *candidates, size_t count, size_t tenant, struct target *out)
{
    struct keys keys = {0};
    struct pairs pairs = {0};
    enum status status = OK;
    *out = (struct target){.tenant = tenant, .features = mem_new(count + 1, sizeof *out->features)};
    if (!out->features)
        return ERR_MEMORY;
    for (; out->count < count && status == OK; out->count++) {
        status = features_of_candidate(candidates[out->count], &out->features[out->count]);
        if (status == OK)
            status = each_phrase(candidates[out->count], add_key, &keys);
        if (status == OK)
            status = each_phrase(candidates[out->count], add_pairs, &pairs);
    }
    sort_keys(&keys);
    out->keys = keys.items;
    out->key_count = keys.count;
    out->pairs = pairs.items;
    out->pair_count = pairs.count;
    if (status != OK)
        target_free(out);
    return status;
}

void target_free(struct target *target)
{
    for (size_t i = 0; target->features && i < target->count; i++)
        features_free(&target->features[i]);
    mem_free(target->features);
    mem_free(target->keys);
    mem_free(target->pairs);
    *target = (struct target){0};
}

bool target_has(const struct target *target, const uint8_t key[static 16])
{
    return target->key_count && bsearch(key, target->keys, target->key_count, 16, by_key);
}

/* --- counts --- */

struct count {
    uint64_t key; /* 0: empty */
    uint32_t seen;
};
struct counts {
    size_t mask;
    struct count *items; /* owned; a power of two, at most half full */
};

static struct count *place_of(const struct counts *counts, uint64_t key)
{
    size_t at = (size_t)key & counts->mask;
    while (counts->items[at].key && counts->items[at].key != key)
        at = (at + 1) & counts->mask;
    return &counts->items[at];
}

static uint64_t never_zero(uint64_t key)
{
    return key ? key : 1;
}

static enum status count_all(const struct pairs *pairs, size_t column, struct counts *out)
{
    size_t room = 64;
    while (room < 2 * pairs->count)
        room *= 2;
    *out = (struct counts){.mask = room - 1, .items = mem_new(room, sizeof *out->items)};
    if (!out->items)
        return ERR_MEMORY;
    for (size_t i = 0; i < pairs->count; i++) {
        struct count *place = place_of(out, never_zero(pairs->items[i][column]));
        place->key = never_zero(pairs->items[i][column]);
        place->seen++;
    }
    return OK;
}

static double seen(const struct counts *counts, uint64_t key)
{
    return place_of(counts, never_zero(key))->seen;
}

/* --- a library --- */

struct reading {
    const struct library *library;
    struct features *features; /* of each insight */
    struct keys keys;
    struct counts firsts, both;
};

void reading_free(struct reading *reading)
{
    if (!reading)
        return;
    for (size_t i = 0; reading->features && i < reading->library->insight_count; i++)
        features_free(&reading->features[i]);
    mem_free(reading->features);
    mem_free(reading->keys.items);
    mem_free(reading->firsts.items);
    mem_free(reading->both.items);
    mem_free(reading);
}

static enum status read_insights(struct reading *reading, struct pairs *pairs)
{
    const struct library *library = reading->library;
    for (size_t i = 0; i < library->insight_count; i++) {
        TRY(features_of_candidate(&library->insights[i].text, &reading->features[i]));
        TRY(each_phrase(&library->insights[i].text, add_key, &reading->keys));
        TRY(each_phrase(&library->insights[i].text, add_pairs, pairs));
    }
    return OK;
}

enum status reading_new(const struct library *library, struct reading **out)
{
    struct pairs pairs = {0};
    struct reading *reading = mem_new(1, sizeof *reading);
    *out = NULL;
    if (!reading)
        return ERR_MEMORY;
    reading->library = library;
    reading->features = mem_new(library->insight_count + 1, sizeof *reading->features);
    enum status status = reading->features ? read_insights(reading, &pairs) : ERR_MEMORY;
    if (status == OK)
        status = count_all(&pairs, 0, &reading->firsts);
    if (status == OK)
        status = count_all(&pairs, 1, &reading->both);
    mem_free(pairs.items);
    if (status != OK) {
        reading_free(reading);
        return status;
    }
    sort_keys(&reading->keys);
    *out = reading;
    return OK;
}

bool reading_has(const struct reading *reading, const uint8_t key[static 16])
{
    return reading->keys.count && bsearch(key, reading->keys.items, reading->keys.count, 16, by_key);
}

/* --- signals --- */

static double echo(const struct reading *reading, const struct target *target)
{
    double sum = 0;
    for (size_t i = 0; i < target->pair_count; i++)
        sum += log((seen(&reading->both, target->pairs[i][1]) + 1) /
                   (seen(&reading->firsts, target->pairs[i][0]) + VOCABULARY));
    return target->pair_count ? sum / (double)target->pair_count : 0;
}

static double said(const struct reading *reading, const struct target *target)
{
    size_t count = 0;
    for (size_t i = 0; i < target->key_count; i++)
        count += reading_has(reading, target->keys[i]);
    return target->key_count ? (double)count / (double)target->key_count : 0;
}

static void add_nearest(const struct reading *reading, const struct features *features, double out[static SIGNALS])
{
    const struct insight *nearest = NULL;
    double best = 0;
    for (size_t i = 0; i < reading->library->insight_count; i++) {
        double cosine = features_cosine(features, &reading->features[i]);
        if (cosine > best) {
            best = cosine;
            nearest = &reading->library->insights[i];
        }
    }
    if (!nearest)
        return;
    out[SIGNAL_NEAR] += best;
    out[SIGNAL_SUPPORT] += best * (1 + (double)nearest->support);
    out[SIGNAL_RATE] += best * (nearest->rate == INSIGHT_RATE_UNKNOWN ? .5 : nearest->rate / 10.);
}

void reading_signals(const struct reading *reading, const struct target *target, double out[static SIGNALS])
{
    static const enum signal means[] = {SIGNAL_NEAR, SIGNAL_SUPPORT, SIGNAL_RATE};
    for (int i = 0; i < SIGNALS; i++)
        out[i] = 0;
    for (size_t i = 0; i < target->count; i++)
        add_nearest(reading, &target->features[i], out);
    for (size_t i = 0; i < sizeof means / sizeof *means && target->count; i++)
        out[means[i]] /= (double)target->count;
    out[SIGNAL_SAID] = said(reading, target);
    out[SIGNAL_ECHO] = echo(reading, target);
}
