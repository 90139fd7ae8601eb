/* Free inversion of an adapter's update: the words of the private text are searched for, without decoys.
 *
 * After DLG (Zhu, Liu & Han 2019) and LAMP (Balunovic et al. 2022): a guess of the text has a gradient, which is to
 * point where the update does; a model of the language (here of pairs of words) keeps the guess to what people write.
 * The model is small, so that the search is by words alone: one place after the other takes the best of the vocabulary.
 * An adapter that began at B = 0 shows the gradient G as G A' A; whoever has the model knows A. */
#pragma once

#include "audits/reconstruction/lowrank.h"

#define INVERT_VOCABULARY_MAX 512
#define INVERT_WORDS_MAX 64

struct vocabulary {
    size_t count;
    uint64_t words[INVERT_VOCABULARY_MAX]; /* lowrank_word */
    float *pairs; /* owned: count x count, log probability of the second word after the first */
};
/* The most frequent words of `texts`, and how they follow each other in them, each pair begun at .1. */
MUST_USE enum status vocabulary_new(const struct bytes *texts, size_t count, struct vocabulary *out);
void vocabulary_free(struct vocabulary *vocabulary);
/* The first `most` words of a text as the vocabulary's numbers, SIZE_MAX for one that it does not have; how many. */
size_t vocabulary_read(const struct vocabulary *vocabulary, struct bytes text, size_t most, size_t *out);

enum invert_sees { INVERT_GRADIENT, INVERT_ADAPTER }; /* the gradient of all weights; the change of B A */
struct inversion {
    const struct vocabulary *vocabulary;
    const struct lowrank *model; /* before the update */
    enum invert_sees sees;
    const float *update; /* LOWRANK_WEIGHTS: minus a gradient, at any scale */
    size_t length;       /* of the text: more than LOWRANK_CONTEXT, INVERT_WORDS_MAX at most */
};
/* out: inversion->length numbers of words. ERR_MEMORY. */
MUST_USE enum status invert_words(const struct inversion *inversion, struct random random, size_t *out);
/* The share of `text` that is among `guess`, each word as often as it is there. */
double invert_recall(const size_t *guess, const size_t *text, size_t length);
