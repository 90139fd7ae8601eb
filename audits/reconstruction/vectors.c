/* Folding, and what changed between two versions of a library. */
#include "audits/reconstruction/vectors.h"

#include <math.h>

#include "base/hash.h"
#include "insight/parts.h"

#define STATE_WEIGHT .5 /* of each thing that stands at an insight, whose words have length 1 */

static void add_folded(uint64_t spread, double weight, size_t width, float *out)
{
    out[(spread >> 1) % width] += (float)(spread & 1 ? -weight : weight);
}

void vector_add(const struct features *features, double scale, size_t width, float *out)
{
    for (size_t i = 0; i < features->count; i++) {
        uint64_t spread = hash_mix64(bytes_of(&features->items[i].index, sizeof features->items[i].index), 1);
        add_folded(spread, (double)features->items[i].weight * scale, width, out);
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

/* --- differences --- */

static bool same_list(const struct phrases *a, const struct phrases *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    return true;
}

static bool same_slot(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_text(const struct candidate *a, const struct candidate *b)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++)
        if (!same_list(candidate_phrases(a, list), candidate_phrases(b, list)))
            return false;
    for (size_t slot = 0; slot < SLOTS; slot++)
        if (!same_slot(candidate_slot(a, slot), candidate_slot(b, slot)))
            return false;
    return a->kind == b->kind && a->outcome == b->outcome && candidate_same_order(a, b);
}

/* Links are left out: they follow from which other insights there are. */
static bool says_the_same(const struct insight *a, const struct insight *b)
{
    return memcmp(a->id, b->id, INSIGHT_ID_BYTES) == 0 && a->support == b->support && a->rate == b->rate &&
           same_text(&a->text, &b->text);
}

static bool library_says(const struct library *library, const struct insight *insight)
{
    for (size_t i = 0; i < library->insight_count; i++)
        if (says_the_same(&library->insights[i], insight))
            return true;
    return false;
}

static uint64_t hash_order(const struct candidate *text)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < text->order_count; i++)
        hash = hash_mix64(bytes_str(text->order[i]), hash);
    return hash;
}

/* What features do not hold has places of its own, by insight: where only that changed the words cancel. */
static void add_state(const struct insight *insight, double scale, size_t width, float *out)
{
    const struct candidate *text = &insight->text;
    const uint64_t states[] = {insight->support, insight->rate, text->outcome, text->kind, hash_order(text)};
    uint64_t of = hash_mix64(bytes_of(insight->id, sizeof insight->id), 2);
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        uint64_t spread = hash_mix64(bytes_of(&states[i], sizeof states[i]), of + i);
        add_folded(spread, STATE_WEIGHT * scale, width, out);
    }
}

static enum status add_missing(const struct library *from, const struct library *in, double scale, size_t width,
                               float *out)
{
    for (size_t i = 0; i < from->insight_count; i++)
        if (!library_says(in, &from->insights[i])) {
            TRY(vector_add_candidate(&from->insights[i].text, scale, width, out));
            add_state(&from->insights[i], scale, width, out);
        }
    return OK;
}

static bool says_all(const struct library *library, const struct library *of)
{
    for (size_t i = 0; i < of->insight_count; i++)
        if (!library_says(library, &of->insights[i]))
            return false;
    return true;
}

bool libraries_differ(const struct library *before, const struct library *after)
{
    return !says_all(before, after) || !says_all(after, before);
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
