/* The inverted index. Hides the prefixes, one flat array of postings with a fixed range for each feature, and the bound
 * that spares most exact similarities. */
#include "insight/postings.h"

#include <math.h>
#include <stdlib.h>

struct posting {
    uint32_t number;
    float weight;
};
struct slot {
    uint32_t feature; /* from 1; 0: an empty place */
    uint32_t held;    /* how many vectors have it */
    uint32_t dense;   /* its number among those in prefixes, from 1; 0: none yet */
};
struct postings {
    const struct features *vectors;
    size_t count;
    double threshold;
    struct slot *slots;   /* of each feature that a vector has; as many as a power of two, at least twice those */
    uint32_t mask;        /* one less */
    size_t features;      /* in prefixes. What follows is counted by these numbers, so that a small round stays small */
    size_t *prefix_start; /* of each vector, and one behind the last: its prefix in `prefixes` */
    struct feature *prefixes; /* index: the dense number, from 0 */
    float *rest;              /* of each vector: length of what follows its prefix */
    size_t *range;            /* of each feature: where its postings start */
    uint32_t *used;           /* of each feature: how many there are */
    struct posting *items;
    double *score; /* of each vector: what the prefixes share with the one looked up; 0 between look-ups */
    uint32_t *touched;
    struct posting_hit *hits;
};

void postings_free(struct postings *postings)
{
    if (!postings)
        return;
    void *const owned[] = {postings->slots,   postings->prefix_start, postings->prefixes, postings->rest,
                           postings->range,   postings->used,         postings->items,    postings->score,
                           postings->touched, postings->hits};
    for (size_t i = 0; i < sizeof owned / sizeof *owned; i++)
        mem_free(owned[i]);
    mem_free(postings);
}

/* A feature on its way into a prefix: rarest first, then by number, so that the order is the same for all vectors. */
struct ranked {
    uint32_t held;
    struct feature feature;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->held != y->held)
        return x->held < y->held ? -1 : 1;
    return (x->feature.index > y->feature.index) - (x->feature.index < y->feature.index);
}

/* The place of a feature: its own, for it is a hash already, or the next that is free. A table of FEATURE_DIMENSION has
 * one for each. */
static struct slot *slot_of(const struct postings *postings, uint32_t feature)
{
    uint32_t at = feature & postings->mask;
    while (postings->slots[at].feature && postings->slots[at].feature != feature + 1)
        at = (at + 1) & postings->mask;
    return &postings->slots[at];
}

/* As large as the round: one of a few vectors does not touch a page for each of its features. */
static enum status count_held(struct postings *postings, size_t total)
{
    size_t room = 64;
    while (room < 2 * total && room < FEATURE_DIMENSION)
        room *= 2;
    postings->mask = (uint32_t)(room - 1);
    postings->slots = mem_new(room, sizeof *postings->slots);
    if (!postings->slots)
        return ERR_MEMORY;
    for (size_t v = 0; v < postings->count; v++)
        for (size_t i = 0; i < postings->vectors[v].count; i++) {
            struct slot *slot = slot_of(postings, postings->vectors[v].items[i].index);
            slot->feature = postings->vectors[v].items[i].index + 1;
            slot->held++;
        }
    return OK;
}

static uint32_t dense_number(struct postings *postings, uint32_t feature)
{
    struct slot *slot = slot_of(postings, feature);
    if (slot->dense == 0)
        slot->dense = (uint32_t)++postings->features;
    return slot->dense - 1;
}

/* Append the prefix of a vector at *end. */
static void cut_prefix(struct postings *postings, size_t number, struct ranked *ranked, size_t *end)
{
    const struct features *vector = &postings->vectors[number];
    double square = 0;
    for (size_t i = 0; i < vector->count; i++) {
        ranked[i] = (struct ranked){slot_of(postings, vector->items[i].index)->held, vector->items[i]};
        square += (double)vector->items[i].weight * vector->items[i].weight;
    }
    qsort(ranked, vector->count, sizeof *ranked, compare_ranked);
    /* A hair under the threshold, so that rounding loses no pair. */
    double limit = postings->threshold * postings->threshold * (1 - 1e-6);
    for (size_t i = 0; i < vector->count && square >= limit; i++) {
        postings->prefixes[(*end)++] =
            (struct feature){dense_number(postings, ranked[i].feature.index), ranked[i].feature.weight};
        square -= (double)ranked[i].feature.weight * ranked[i].feature.weight;
    }
    postings->rest[number] = (float)sqrt(square > 0 ? square : 0);
}

static enum status cut_prefixes(struct postings *postings)
{
    size_t most = 0, total = 0;
    for (size_t v = 0; v < postings->count; v++) {
        const struct features *vector = &postings->vectors[v];
        most = vector->count > most ? vector->count : most;
        total += vector->count;
    }
    TRY(count_held(postings, total));
    SCOPED_MEM struct ranked *ranked = mem_new(most, sizeof *ranked);
    postings->prefixes = mem_new(total, sizeof *postings->prefixes);
    if (!ranked || !postings->prefixes)
        return ERR_MEMORY;
    size_t end = 0;
    for (size_t v = 0; v < postings->count; v++) {
        postings->prefix_start[v] = end;
        cut_prefix(postings, v, ranked, &end);
    }
    postings->prefix_start[postings->count] = end;
    return OK;
}

/* A range of postings for each feature, wide enough for every prefix that has it. */
static enum status lay_out(struct postings *postings)
{
    size_t total = postings->prefix_start[postings->count];
    postings->items = mem_new(total, sizeof *postings->items);
    postings->range = mem_new(postings->features + 1, sizeof *postings->range);
    postings->used = mem_new(postings->features, sizeof *postings->used);
    if (!postings->items || !postings->range || !postings->used)
        return ERR_MEMORY;
    for (size_t i = 0; i < total; i++)
        postings->range[postings->prefixes[i].index + 1]++;
    for (size_t f = 0; f < postings->features; f++)
        postings->range[f + 1] += postings->range[f];
    return OK;
}

enum status postings_new(const struct features *vectors, size_t count, double threshold, struct postings **out)
{
    *out = NULL;
    struct postings *made = mem_new(1, sizeof *made);
    if (!made)
        return ERR_MEMORY;
    *made = (struct postings){
        .vectors = vectors,
        .count = count,
        .threshold = threshold,
        .prefix_start = mem_new(count + 1, sizeof *made->prefix_start),
        .rest = mem_new(count, sizeof *made->rest),
        .score = mem_new(count, sizeof *made->score),
        .touched = mem_new(count, sizeof *made->touched),
        .hits = mem_new(count, sizeof *made->hits),
    };
    enum status status = made->prefix_start && made->rest && made->score && made->touched && made->hits
                             ? cut_prefixes(made)
                             : ERR_MEMORY;
    if (status == OK)
        status = lay_out(made);
    if (status != OK) {
        postings_free(made);
        return status;
    }
    *out = made;
    return OK;
}

void postings_add(struct postings *postings, uint32_t number)
{
    for (size_t i = postings->prefix_start[number]; i < postings->prefix_start[number + 1]; i++) {
        struct feature feature = postings->prefixes[i];
        size_t place = postings->range[feature.index] + postings->used[feature.index]++;
        INVARIANT(place < postings->range[feature.index + 1]);
        postings->items[place] = (struct posting){number, feature.weight};
    }
}

/* Add up what each indexed prefix shares with the prefix of `number`; the vectors touched, in postings->touched.
 * *passed is the length of the features that were passed over. */
static size_t accumulate(struct postings *postings, uint32_t number, size_t shared_max, double *passed)
{
    size_t touched = 0;
    double square = 0;
    for (size_t i = postings->prefix_start[number]; i < postings->prefix_start[number + 1]; i++) {
        struct feature feature = postings->prefixes[i];
        size_t used = postings->used[feature.index];
        if (used > shared_max) {
            square += (double)feature.weight * feature.weight;
            continue;
        }
        const struct posting *items = postings->items + postings->range[feature.index];
        for (size_t k = 0; k < used; k++) {
            if (postings->score[items[k].number] == 0)
                postings->touched[touched++] = items[k].number;
            postings->score[items[k].number] += (double)items[k].weight * feature.weight;
        }
    }
    *passed = sqrt(square);
    return touched;
}

size_t postings_find(struct postings *postings, uint32_t number, size_t shared_max, const struct posting_hit **hits)
{
    double passed;
    size_t touched = accumulate(postings, number, shared_max, &passed), found = 0;
    for (size_t i = 0; i < touched; i++) {
        uint32_t other = postings->touched[i];
        double score = postings->score[other];
        postings->score[other] = 0;
        /* What the score leaves out lies behind the prefix that ends first, or was passed over (Cauchy and Schwarz). */
        double rest = postings->rest[number] > postings->rest[other] ? postings->rest[number] : postings->rest[other];
        if (score + rest + passed < postings->threshold - 1e-6)
            continue;
        double similarity = features_cosine(&postings->vectors[number], &postings->vectors[other]);
        if (similarity >= postings->threshold)
            postings->hits[found++] = (struct posting_hit){other, (float)similarity};
    }
    *hits = postings->hits;
    return found;
}
