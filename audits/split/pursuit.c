/* Hides the orthogonal basis that the chosen words span. */
#include "audits/split/pursuit.h"

#include <math.h>

static void scale_to_one(float *vector, size_t width)
{
    double length = sqrt(net_dot(vector, vector, width));
    for (size_t i = 0; i < width && length > 0; i++)
        vector[i] = (float)((double)vector[i] / length);
}

static enum status make_atom(const struct lessons *lessons, struct half *half, size_t word, float *atom)
{
    TRY(half_fold_word(lessons->words[word], half->folded));
    if (half->terms.kind == HALF_RAW)
        memcpy(atom, half->folded, half->width * sizeof *atom);
    else
        net_product_by_rows(half->folded, half->layer.layer[0].weights, 1, HALF_BUCKETS, half->width, 1, NET_PUT, atom);
    scale_to_one(atom, half->width);
    return OK;
}

enum status pursuit_new(const struct lessons *lessons, struct half *half, struct pursuit *out)
{
    *out = (struct pursuit){.vocabulary = lessons->vocabulary, .width = half->width};
    out->atoms = mem_new(lessons->vocabulary * half->width, sizeof *out->atoms);
    out->basis = mem_new(LESSON_WORDS_MAX * half->width, sizeof *out->basis);
    out->rest = mem_new(half->width, sizeof *out->rest);
    out->fits = mem_new(lessons->vocabulary + 1, sizeof *out->fits);
    enum status status = out->atoms && out->basis && out->rest && out->fits ? OK : ERR_MEMORY;
    for (size_t word = 0; word < lessons->vocabulary && status == OK; word++)
        status = make_atom(lessons, half, word, out->atoms + word * half->width);
    if (status != OK)
        pursuit_free(out);
    return status;
}

void pursuit_free(struct pursuit *pursuit)
{
    mem_free(pursuit->atoms);
    mem_free(pursuit->basis);
    mem_free(pursuit->rest);
    mem_free(pursuit->fits);
    *pursuit = (struct pursuit){0};
}

static void take_off(const float *direction, size_t width, float *from)
{
    float along = (float)net_dot(direction, from, width);
    for (size_t i = 0; i < width; i++)
        from[i] -= along * direction[i];
}

/* The part of an atom that the chosen ones don't span joins the basis, and what it explains leaves the rest. */
static void choose(struct pursuit *pursuit, const float *atom, size_t chosen)
{
    float *direction = pursuit->basis + chosen * pursuit->width;
    memcpy(direction, atom, pursuit->width * sizeof *direction);
    for (int twice = 0; twice < 2; twice++) /* once is not orthogonal enough in float */
        for (size_t i = 0; i < chosen; i++)
            take_off(pursuit->basis + i * pursuit->width, pursuit->width, direction);
    scale_to_one(direction, pursuit->width);
    take_off(direction, pursuit->width, pursuit->rest);
}

static bool is_in(const struct guess *guess, uint32_t word)
{
    for (size_t i = 0; i < guess->count; i++)
        if (guess->words[i] == word)
            return true;
    return false;
}

void pursuit_guess(struct pursuit *pursuit, const struct half *half, const float *released, size_t count,
                   struct guess *out)
{
    *out = (struct guess){0};
    half_undo(half, released, pursuit->rest);
    for (size_t chosen = 0; chosen < count && chosen < pursuit->vocabulary; chosen++) {
        uint32_t best = UINT32_MAX;
        net_product_by_rows(pursuit->rest, pursuit->atoms, 1, pursuit->width, pursuit->vocabulary, 1, NET_PUT,
                            pursuit->fits);
        for (uint32_t word = 0; word < pursuit->vocabulary; word++)
            if ((best == UINT32_MAX || pursuit->fits[word] > pursuit->fits[best]) && !is_in(out, word))
                best = word;
        out->words[out->count++] = best;
        choose(pursuit, pursuit->atoms + (size_t)best * pursuit->width, chosen);
    }
}
