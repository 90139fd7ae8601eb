/* Features. Hides the hashing of words, pairs of words and slots into one space, and their weights: a candidate and a
 * query share features when they share words, whatever list those stand in; slots count only between candidates. */
#include "insight/features.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "insight/parts.h"
#include "insight/words.h"

enum seed { SEED_WORD = 1, SEED_PAIR, SEED_AVOIDED_PAIR, SEED_SLOT };

#define PAIR_WEIGHT                                                                                                    \
    0.4                 /* of the geometric mean of its words: two words in order say more than both, but less often   \
                         */
#define SLOT_WEIGHT 2.5 /* a slot is as telling as a rare word */

struct gather {
    struct features features;
    size_t room;
};

static enum status add(struct gather *gather, uint64_t hash, double weight)
{
    struct features *features = &gather->features;
    if (features->count == gather->room) {
        size_t room = gather->room ? gather->room * 2 : 128;
        struct feature *grown = mem_grow(features->items, gather->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        features->items = grown;
        gather->room = room;
    }
    features->items[features->count++] = (struct feature){(uint32_t)(hash % FEATURE_DIMENSION), (float)weight};
    return OK;
}

static enum status add_text(struct gather *gather, struct bytes text, enum seed pairs)
{
    struct words words;
    uint64_t previous = 0;
    double previous_weight = 0;
    words_start(&words, text);
    while (words_next(&words)) {
        double weight = word_weight(words.word);
        uint64_t hash = hash_mix64(bytes_of(words.word, words.size), SEED_WORD);
        TRY(add(gather, hash, weight));
        if (previous) {
            uint64_t pair[2] = {previous, hash};
            TRY(add(gather, hash_mix64(bytes_of(pair, sizeof pair), pairs),
                    PAIR_WEIGHT * sqrt(weight * previous_weight)));
        }
        previous = hash;
        previous_weight = weight;
    }
    return OK;
}

static enum status add_phrases(struct gather *gather, const struct phrases *phrases, enum seed pairs)
{
    for (size_t i = 0; i < phrases->count; i++)
        TRY(add_text(gather, bytes_str(phrases->items[i]), pairs));
    return OK;
}

static enum status add_slot(struct gather *gather, const char *value, uint64_t slot)
{
    if (!value)
        return OK;
    return add(gather, hash_mix64(bytes_str(value), SEED_SLOT + slot), SLOT_WEIGHT);
}

static int compare_features(const void *a, const void *b)
{
    const struct feature *x = a, *y = b;
    if (x->index != y->index)
        return x->index < y->index ? -1 : 1;
    return (x->weight < y->weight) - (x->weight > y->weight); /* heaviest first: equal sets sum in equal order */
}

/* Merge repeats (the n-th adds less and less), normalise to length 1. */
static void settle(struct features *features)
{
    if (features->count == 0)
        return;
    qsort(features->items, features->count, sizeof *features->items, compare_features);
    size_t kept = 0;
    double square = 0;
    for (size_t i = 0; i < features->count;) {
        size_t end = i + 1;
        while (end < features->count && features->items[end].index == features->items[i].index)
            end++;
        struct feature merged = features->items[i];
        merged.weight *= (float)(1 + log((double)(end - i)));
        square += (double)merged.weight * merged.weight;
        features->items[kept++] = merged;
        i = end;
    }
    features->count = kept;
    float length = (float)sqrt(square);
    for (size_t i = 0; i < kept; i++)
        features->items[i].weight /= length;
}

static enum status finish(struct gather *gather, enum status status, struct features *out)
{
    if (status != OK) {
        features_free(&gather->features);
        return status;
    }
    settle(&gather->features);
    *out = gather->features;
    return OK;
}

static enum status gather_candidate(struct gather *gather, const struct candidate *candidate)
{
    for (size_t i = 0; i < PHRASE_LISTS; i++)
        TRY(add_phrases(gather, candidate_phrases(candidate, i), i == LIST_AVOID ? SEED_AVOIDED_PAIR : SEED_PAIR));
    for (size_t i = 0; i < SLOTS; i++)
        TRY(add_slot(gather, candidate_slot(candidate, i), i));
    for (size_t i = 0; i < candidate->order_count; i++)
        TRY(add_slot(gather, candidate->order[i], SLOTS));
    return OK;
}

enum status features_of_candidate(const struct candidate *candidate, struct features *out)
{
    *out = (struct features){0};
    struct gather gather = {0};
    return finish(&gather, gather_candidate(&gather, candidate), out);
}

enum status features_of_text(const char *text, struct features *out)
{
    *out = (struct features){0};
    struct gather gather = {0};
    return finish(&gather, add_text(&gather, bytes_str(text), SEED_PAIR), out);
}

void features_free(struct features *features)
{
    mem_free(features->items);
    *features = (struct features){0};
}

double features_cosine(const struct features *a, const struct features *b)
{
    double dot = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        const struct feature *x = &a->items[i], *y = &b->items[j];
        if (x->index == y->index)
            dot += (double)x->weight * y->weight;
        i += x->index <= y->index;
        j += y->index <= x->index;
    }
    return dot < 1 ? dot : 1;
}
