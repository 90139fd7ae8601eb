/* Hides the signs of a prompt's type, and the vote of the nearest. */
#include "audits/prompts/traits.h"

#include <stdlib.h>
#include <strings.h>

#define NEAREST 5
#define VALUES_MAX PROMPT_TYPES /* of any trait */

/* --- type --- */

static size_t count_signs(struct bytes text, const char *const *signs)
{
    size_t count = 0;
    for (size_t s = 0; signs[s]; s++) {
        size_t size = strlen(signs[s]);
        for (size_t at = 0; at + size <= text.size; at++) {
            bool starts = at == 0 || text.data[at - 1] <= ' ' || text.data[at - 1] == '"';
            count += starts && strncasecmp((const char *)text.data + at, signs[s], size) == 0;
        }
    }
    return count;
}

enum prompt_type prompt_type_of(struct bytes prompt)
{
    static const char *const roles[] = {"you are ", "act as ",      "you work ",  "you will be ",
                                        "pretend ", "imagine you ", "your role ", NULL};
    static const char *const examples[] = {"example", "for instance", "e.g.", "input:", "q:", "question:", NULL};
    if (count_signs(prompt, examples) >= 2)
        return PROMPT_IN_CONTEXT;
    return count_signs(prompt, roles) > 0 ? PROMPT_ROLE : PROMPT_DIRECT;
}

/* --- values --- */

static int ascending(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static size_t median_length(const struct ground *ground, size_t *room)
{
    size_t count = 0;
    for (size_t i = 0; i < ground->sources.count; i++)
        if (ground->references[REFERENCE_PROMPT][i].tokens > 0)
            room[count++] = ground->references[REFERENCE_PROMPT][i].tokens;
    if (count == 0)
        return 0;
    qsort(room, count, sizeof *room, ascending);
    return room[(count - 1) / 2];
}

enum status traits_of(const struct ground *ground, enum prompt_trait trait, size_t *values)
{
    SCOPED_MEM size_t *lengths = mem_new(ground->sources.count + 1, sizeof *lengths);
    if (!lengths)
        return ERR_MEMORY;
    size_t median = median_length(ground, lengths);
    for (size_t i = 0; i < ground->sources.count; i++) {
        size_t tokens = ground->references[REFERENCE_PROMPT][i].tokens;
        size_t is_long = tokens > median;
        values[i] =
            trait == TRAIT_LENGTH ? is_long : (size_t)prompt_type_of(buf_bytes(&ground->sources.items[i].prompt));
        if (tokens == 0)
            values[i] = SIZE_MAX;
    }
    return OK;
}

/* --- the vote --- */

struct vote {
    double similarity[NEAREST]; /* of the nearest so far, nearest first */
    size_t value[NEAREST];
    size_t count;
};

static void vote_add(struct vote *vote, double similarity, size_t value)
{
    size_t at = vote->count < NEAREST ? vote->count++ : NEAREST;
    while (at > 0 && vote->similarity[at - 1] < similarity) {
        if (at < NEAREST) {
            vote->similarity[at] = vote->similarity[at - 1];
            vote->value[at] = vote->value[at - 1];
        }
        at--;
    }
    if (at < NEAREST) {
        vote->similarity[at] = similarity;
        vote->value[at] = value;
    }
}

static size_t most(const size_t counts[static VALUES_MAX])
{
    size_t best = 0;
    for (size_t i = 1; i < VALUES_MAX; i++)
        if (counts[i] > counts[best])
            best = i;
    return best;
}

size_t trait_commonest(const struct documents *documents, const size_t *values)
{
    size_t counts[VALUES_MAX] = {0};
    for (size_t i = 0; i < documents->count; i++)
        if (values[documents->items[i].cluster] != SIZE_MAX)
            counts[values[documents->items[i].cluster]]++;
    return most(counts);
}

bool trait_guess(const struct ground *ground, const struct documents *documents, size_t document, const size_t *values,
                 size_t *guess)
{
    const struct document *target = &documents->items[document];
    size_t counts[VALUES_MAX] = {0};
    struct vote vote = {0};
    for (size_t i = 0; i < documents->count; i++) {
        const struct document *other = &documents->items[i];
        size_t value = values[other->cluster];
        if (value != SIZE_MAX &&
            ground->sources.items[other->cluster].tenant != ground->sources.items[target->cluster].tenant)
            vote_add(&vote, features_cosine(&target->text.features, &other->text.features), value);
    }
    for (size_t i = 0; i < vote.count; i++)
        counts[vote.value[i]]++;
    *guess = most(counts);
    return vote.count > 0;
}
