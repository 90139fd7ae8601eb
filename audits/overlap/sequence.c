/* Hides the bit vectors: a bit of the state is zero where the common subsequence grows, and one token of the reference
 * is an addition over all words of the state, the carry taken along. */
#include "audits/overlap/sequence.h"

#include <stdlib.h>

struct sequence {
    size_t tokens, words; /* of 64 bits */
    size_t distinct;
    uint64_t *values; /* distinct tokens, ascending */
    uint64_t *places; /* words of each: the bits where it stands */
    uint64_t *state;
};

static int ascending(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

static const uint64_t *places_of(const struct sequence *sequence, uint64_t token)
{
    const uint64_t *found = bsearch(&token, sequence->values, sequence->distinct, sizeof token, ascending);
    return found ? sequence->places + (size_t)(found - sequence->values) * sequence->words : NULL;
}

static void list_values(struct sequence *sequence, const uint64_t *tokens)
{
    memcpy(sequence->values, tokens, sequence->tokens * sizeof *tokens);
    qsort(sequence->values, sequence->tokens, sizeof *tokens, ascending);
    for (size_t i = 0; i < sequence->tokens; i++)
        if (i == 0 || sequence->values[i] != sequence->values[i - 1])
            sequence->values[sequence->distinct++] = sequence->values[i];
}

static enum status list_places(struct sequence *sequence, const uint64_t *tokens)
{
    sequence->places = mem_new(sequence->distinct * sequence->words, sizeof *sequence->places);
    sequence->state = mem_new(sequence->words, sizeof *sequence->state);
    if (!sequence->places || !sequence->state)
        return ERR_MEMORY;
    for (size_t i = 0; i < sequence->tokens; i++) {
        size_t at = (size_t)(places_of(sequence, tokens[i]) - sequence->places);
        sequence->places[at + i / 64] |= UINT64_C(1) << i % 64;
    }
    return OK;
}

enum status sequence_new(const uint64_t *tokens, size_t count, struct sequence **out)
{
    *out = NULL;
    struct sequence *made = mem_new(1, sizeof *made);
    if (!made)
        return ERR_MEMORY;
    made->tokens = count < SEQUENCE_TOKENS_MAX ? count : SEQUENCE_TOKENS_MAX;
    made->words = (made->tokens + 63) / 64;
    if (made->tokens > 0) {
        made->values = mem_new(made->tokens, sizeof *made->values);
        if (made->values)
            list_values(made, tokens);
        if (!made->values || list_places(made, tokens) != OK) {
            sequence_free(made);
            return ERR_MEMORY;
        }
    }
    *out = made;
    return OK;
}

void sequence_free(struct sequence *sequence)
{
    if (!sequence)
        return;
    mem_free(sequence->values);
    mem_free(sequence->places);
    mem_free(sequence->state);
    mem_free(sequence);
}

size_t sequence_tokens(const struct sequence *sequence)
{
    return sequence->tokens;
}

static void step(struct sequence *sequence, const uint64_t *places)
{
    uint64_t carry = 0;
    for (size_t w = 0; w < sequence->words; w++) {
        uint64_t state = sequence->state[w], matching = state & places[w];
        uint64_t part = state + carry, sum = part + matching;
        carry = (part < state) | (sum < part);
        sequence->state[w] = sum | (state & ~places[w]);
    }
}

size_t sequence_common(struct sequence *sequence, const uint64_t *reference, size_t count)
{
    size_t zeros = 0;
    for (size_t w = 0; w < sequence->words; w++)
        sequence->state[w] = UINT64_MAX;
    for (size_t i = 0; i < count && sequence->tokens > 0; i++) {
        const uint64_t *places = places_of(sequence, reference[i]);
        if (places)
            step(sequence, places);
    }
    for (size_t i = 0; i < sequence->tokens; i++)
        zeros += !(sequence->state[i / 64] >> i % 64 & 1);
    return zeros;
}
