/* Word-level noise: a text's words, each replaced by a word of the public vocabulary that was drawn near it. Off unless
 * somebody asks for it; nothing in Chatham sends such a text.
 *
 * Mechanism: truncated exponential over the vocabulary (insight/common.h) by permute and flip (dp/permute_flip.h). A
 * word's score is minus its distance, by built-in vectors of public text (insight/train/word_vectors.py), cut off at
 * WORD_NOISE_DISTANCE: all words beyond are as far, none is left out.
 *
 * Guarantee: each replaced word is ε-locally differentially private for the word that stood there, against any other
 * word, near or far: scores differ by at most WORD_NOISE_DISTANCE between any two. (A mechanism that *leaves out* what
 * is far, or whose ε is a unit of distance, has no such ε for words that are far apart.) Words of one text add up: a
 * text of n words is (n ε)-private, and that is the figure to show (word_noise.record): one word's ε is no guarantee
 * of a text. How many words there are, and the punctuation between them, is not hidden. A word that the vocabulary does
 * not have counts as WORD_NOISE_OTHER.
 *
 * Sources: Carvalho, Vasiloudis, Feyisetan, Wang, "TEM: High Utility Metric Differential Privacy on Text" (2021) for
 * the truncation; Kasiviswanathan et al. 2011 for the local model; docs/decisions/0032. */
#pragma once

#include "dp/account.h"
#include "dp/stream.h"

#define WORD_NOISE_DISTANCE 127
#define WORD_NOISE_OTHER "item"
#define WORD_NOISE_WORDS_MAX 100000

struct word_noise {
    size_t words, other;      /* replaced; of them not of the vocabulary */
    struct dp_epsilon word;   /* of each word */
    struct dp_epsilon record; /* of the whole text: words times that */
};
/* Appends the noised text to out, which gets nothing if the whole would cost more than `most`. ERR_POLICY: it would,
 * and *told says how much; ERR_INPUT: not UTF-8; ERR_TOO_LARGE: over WORD_NOISE_WORDS_MAX words; ERR_USAGE: an ε of 0
 * or over 1000. */
MUST_USE enum status word_noise(struct dp_stream *stream, struct bytes text, struct dp_epsilon word,
                                struct dp_epsilon most, struct buf *out, struct word_noise *told);
/* The distance of two words by their numbers: 0 for a word and itself, at most WORD_NOISE_DISTANCE. */
unsigned word_distance(size_t a, size_t b);
