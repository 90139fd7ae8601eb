/* Hides the vectors and the walk over a text's words. */
#include "insight/word_noise.h"

#include "dp/permute_flip.h"
#include "insight/common.h"
#include "insight/word_vectors.h"

#define LENGTH_SQUARED (127 * 127) /* of a vector, but for rounding */

unsigned word_distance(size_t a, size_t b)
{
    int dot = 0;
    if (a == b)
        return 0;
    for (size_t d = 0; d < WORD_VECTOR_DIMENSIONS; d++)
        dot += word_vectors[a][d] * word_vectors[b][d];
    if (dot <= 0)
        return WORD_NOISE_DISTANCE;
    return dot >= LENGTH_SQUARED ? 1
                                 : WORD_NOISE_DISTANCE - (unsigned)(dot * (WORD_NOISE_DISTANCE - 1) / LENGTH_SQUARED);
}

/* The walk is made twice: once to count, then to replace. */
typedef enum status (*each_word)(void *context, const char *word, struct bytes before);

static enum status walk(struct bytes text, each_word visit, void *context, struct bytes *rest)
{
    struct text_words words = {.text = text};
    struct bytes raw;
    char word[TEXT_WORD_MAX];
    size_t end = 0;
    while (text_word(&words, &raw, word)) {
        size_t start = (size_t)(raw.data - text.data);
        TRY(visit(context, word, bytes_part(text, end, start - end)));
        end = start + raw.size;
    }
    *rest = bytes_part(text, end, text.size - end);
    return OK;
}

static enum status count_word(void *context, const char *word, struct bytes before)
{
    (void)word;
    (void)before;
    struct word_noise *told = context;
    return ++told->words > WORD_NOISE_WORDS_MAX ? ERR_TOO_LARGE : OK;
}

struct replacing {
    struct dp_stream *stream;
    struct dp_choice_terms terms;
    struct buf *out;
    struct word_noise *told;
    size_t other; /* number of WORD_NOISE_OTHER */
};

static enum status replace_word(void *context, const char *word, struct bytes before)
{
    struct replacing *replacing = context;
    int64_t scores[WORD_VECTORS];
    size_t number = replacing->other, chosen = 0;
    if (!common_word_number(word, &number))
        replacing->told->other++;
    for (size_t i = 0; i < WORD_VECTORS; i++)
        scores[i] = -(int64_t)word_distance(number, i);
    TRY(dp_permute_flip(replacing->stream, replacing->terms, scores, WORD_VECTORS, &chosen));
    buf_add(replacing->out, before);
    buf_add_str(replacing->out, common_word_at(chosen));
    return buf_status(replacing->out);
}

static enum status check(const struct bytes text, struct dp_epsilon word, struct dp_epsilon most,
                         struct word_noise *told)
{
    struct bytes rest;
    if (word.micro == 0 || word.micro > 1000 * (uint64_t)DP_EPSILON_ONE)
        return ERR_USAGE;
    if (!bytes_is_utf8(text))
        return ERR_INPUT;
    TRY(walk(text, count_word, told, &rest));
    TRY(dp_epsilon_times(word, told->words, &told->record));
    return dp_epsilon_compare(told->record, most) > 0 ? ERR_POLICY : OK;
}

enum status word_noise(struct dp_stream *stream, struct bytes text, struct dp_epsilon word, struct dp_epsilon most,
                       struct buf *out, struct word_noise *told)
{
    *told = (struct word_noise){.word = word};
    INVARIANT(common_word_count() == WORD_VECTORS);
    TRY(check(text, word, most, told));
    struct replacing replacing = {stream, {word, WORD_NOISE_DISTANCE, DP_SCORES_ANY}, out, told, 0};
    struct bytes rest;
    INVARIANT(common_word_number(WORD_NOISE_OTHER, &replacing.other));
    TRY(walk(text, replace_word, &replacing, &rest));
    buf_add(out, rest);
    return buf_status(out);
}
