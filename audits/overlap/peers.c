/* The baseline's tasks. Hides the choice among the many that would do. */
#include <stdlib.h>

#include "audits/overlap/ground.h"

#define BAND 2 /* at least 1/2 and at most 2 times the tokens */

struct near { /* a task and how near its topic is */
    double similarity;
    uint32_t source;
};

static int nearest_first(const void *a, const void *b)
{
    const struct near *left = a, *right = b;
    if (left->similarity != right->similarity)
        return left->similarity < right->similarity ? 1 : -1;
    return (left->source > right->source) - (left->source < right->source);
}

static double similarity(const struct ground *ground, size_t a, size_t b)
{
    const struct comparable *prompts = ground->references[REFERENCE_PROMPT];
    const struct comparable *topic =
        prompts[a].tokens > 0 && prompts[b].tokens > 0 ? prompts : ground->references[REFERENCE_SPEECH];
    return features_cosine(&topic[a].features, &topic[b].features);
}

static bool in_band(size_t one, size_t other)
{
    return one >= OVERLAP_SHINGLE && other >= OVERLAP_SHINGLE && one <= BAND * other && other <= BAND * one;
}

/* A text that both have, a system prompt above all, is no baseline for itself. */
static bool is_fit(const struct ground *ground, enum reference kind, size_t own, size_t other)
{
    const struct source *mine = &ground->sources.items[own], *theirs = &ground->sources.items[other];
    return mine->tenant != theirs->tenant &&
           in_band(ground->references[kind][own].tokens, ground->references[kind][other].tokens) &&
           !bytes_equal(buf_bytes(reference_text(mine, kind)), buf_bytes(reference_text(theirs, kind)));
}

/* near: all sources, nearest first. */
static void choose(const struct ground *ground, enum reference kind, size_t own, const struct near *near,
                   struct peers *out)
{
    size_t fit = 0;
    for (size_t i = 0; i < ground->sources.count; i++)
        fit += is_fit(ground, kind, own, near[i].source);
    size_t half = (fit + 1) / 2;
    for (size_t i = 0; i < ground->sources.count && out->count < half && out->count < PEERS_MAX; i++)
        if (is_fit(ground, kind, own, near[i].source))
            out->items[out->count++] = near[i].source;
}

enum status peers_find(struct ground *ground)
{
    size_t count = ground->sources.count;
    SCOPED_MEM struct near *near = mem_new(count + 1, sizeof *near);
    if (!near)
        return ERR_MEMORY;
    for (int kind = 0; kind < REFERENCES; kind++) {
        ground->peers[kind] = mem_new(count + 1, sizeof **ground->peers);
        if (!ground->peers[kind])
            return ERR_MEMORY;
    }
    for (size_t own = 0; own < count; own++) {
        for (size_t i = 0; i < count; i++)
            near[i] = (struct near){similarity(ground, own, i), (uint32_t)i};
        qsort(near, count, sizeof *near, nearest_first);
        for (int kind = 0; kind < REFERENCES; kind++)
            choose(ground, (enum reference)kind, own, near, &ground->peers[kind][own]);
    }
    return OK;
}
