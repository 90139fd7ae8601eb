/* How much of a lesson a guess has. */
#include <stdlib.h>

#include "audits/overlap/sequence.h"
#include "audits/split/lessons.h"

void guess_best(const float *scores, size_t vocabulary, size_t count, struct guess *out)
{
    *out = (struct guess){0};
    for (uint32_t word = 0; word < vocabulary && count > 0; word++) {
        size_t at = out->count < count ? out->count++ : count;
        for (; at > 0 && scores[word] > scores[out->words[at - 1]]; at--)
            if (at < count)
                out->words[at] = out->words[at - 1];
        if (at < count)
            out->words[at] = word;
    }
}

static bool has_word(const struct guess *guess, uint32_t word)
{
    for (size_t i = 0; i < guess->count; i++)
        if (guess->words[i] == word)
            return true;
    return false;
}

double guess_accuracy(const struct guess *guess, const struct lesson *lesson)
{
    size_t hits = 0;
    for (size_t i = 0; i < lesson->distinct; i++)
        hits += has_word(guess, lesson->set[i]);
    return lesson->distinct ? (double)hits / (double)lesson->distinct : 0;
}

static double f_measure(size_t common, size_t guessed, size_t all)
{
    return guessed + all ? 2 * (double)common / (double)(guessed + all) : 0;
}

/* A guess has every word once: what is in common is in it once. */
double guess_rouge_1(const struct guess *guess, const struct lesson *lesson)
{
    size_t common = 0;
    for (size_t i = 0; i < lesson->distinct; i++)
        common += has_word(guess, lesson->set[i]);
    return f_measure(common, guess->count, lesson->count);
}

enum status guess_rouge(const struct guess *guess, const struct lesson *lesson, double *out)
{
    uint64_t guessed[LESSON_WORDS_MAX] = {0}, words[LESSON_WORDS_MAX] = {0};
    struct sequence *sequence = NULL;
    *out = 0;
    for (size_t i = 0; i < guess->count; i++)
        guessed[i] = guess->words[i];
    for (size_t i = 0; i < lesson->count; i++)
        words[i] = lesson->words[i];
    if (guess->count == 0 || lesson->count == 0)
        return OK;
    TRY(sequence_new(words, lesson->count, &sequence));
    *out = f_measure(sequence_common(sequence, guessed, guess->count), guess->count, lesson->count);
    sequence_free(sequence);
    return OK;
}

void guess_order(struct guess *guess, const float *places)
{
    for (size_t i = 1; i < guess->count; i++) {
        uint32_t word = guess->words[i];
        size_t at = i;
        for (; at > 0 && places[word] < places[guess->words[at - 1]]; at--)
            guess->words[at] = guess->words[at - 1];
        guess->words[at] = word;
    }
}
