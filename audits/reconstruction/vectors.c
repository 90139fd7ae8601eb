/* Folding, and what changed between two versions of a library. */
#include "audits/reconstruction/vectors.h"

#include <math.h>

#include "base/hash.h"

void vector_add(const struct features *features, double scale, size_t width, float *out)
{
    for (size_t i = 0; i < features->count; i++) {
        uint64_t spread = hash_mix64(bytes_of(&features->items[i].index, sizeof features->items[i].index), 1);
        double weight = (double)features->items[i].weight * scale;
        out[(spread >> 1) % width] += (float)(spread & 1 ? -weight : weight);
    }
}

void vector_normalise(size_t width, float *out)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += (double)out[i] * (double)out[i];
    for (size_t i = 0; sum > 0 && i < width; i++)
        out[i] = (float)((double)out[i] / sqrt(sum));
}

enum status vector_add_candidate(const struct candidate *candidate, double scale, size_t width, float *out)
{
    struct features features = {0};
    TRY(features_of_candidate(candidate, &features));
    vector_add(&features, scale, width, out);
    features_free(&features);
    return OK;
}

enum status vector_of_text(struct bytes text, size_t width, float *out)
{
    struct features features = {0};
    SCOPED_MEM char *copy = mem_copy(text);
    memset(out, 0, width * sizeof *out);
    if (!copy)
        return ERR_MEMORY;
    TRY(features_of_text(copy, &features));
    vector_add(&features, 1, width, out);
    features_free(&features);
    vector_normalise(width, out);
    return OK;
}

static bool same_list(const struct phrases *a, const struct phrases *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

static bool says_the_same(const struct insight *a, const struct insight *b)
{
    const struct candidate *left = &a->text, *right = &b->text;
    return memcmp(a->id, b->id, INSIGHT_ID_BYTES) == 0 && a->support == b->support &&
           same_list(&left->when, &right->when) && same_list(&left->act, &right->act) &&
           same_list(&left->avoid, &right->avoid) && same_list(&left->why, &right->why);
}

static bool library_says(const struct library *library, const struct insight *insight)
{
    for (size_t i = 0; i < library->insight_count; i++)
        if (says_the_same(&library->insights[i], insight))
            return true;
    return false;
}

static enum status add_missing(const struct library *from, const struct library *in, double scale, size_t width,
                               float *out)
{
    for (size_t i = 0; i < from->insight_count; i++)
        if (!library_says(in, &from->insights[i]))
            TRY(vector_add_candidate(&from->insights[i].text, scale, width, out));
    return OK;
}

enum status vector_of_difference(const struct library *before, const struct library *after, size_t width, float *out)
{
    memset(out, 0, width * sizeof *out);
    TRY(add_missing(after, before, 1, width, out));
    return add_missing(before, after, -1, width, out);
}

enum status text_of_difference(const struct library *before, const struct library *after, struct buf *out)
{
    for (size_t i = 0; i < after->insight_count; i++) {
        if (library_says(before, &after->insights[i]))
            continue;
        TRY(candidate_render(&after->insights[i].text, out));
        buf_add_byte(out, '\n');
    }
    return buf_status(out);
}
