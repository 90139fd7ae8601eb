/* Words of a text as features and search see them: runs of ASCII letters and digits (lower-cased) and of non-ASCII
 * bytes; all else separates, "_" too, so that tool names fall into words. A plural "s" is taken off. Long words are
 * cut. */
#pragma once

#include "base/bytes.h"

#define WORD_MAX 48

struct words {
    struct bytes left;
    size_t size;
    char word[WORD_MAX + 1]; /* the current word, terminated */
};
void words_start(struct words *words, struct bytes text);
bool words_next(struct words *words); /* false at the end */

/* Weight of a word by how common it is in English and in what agents write: a public table of ours, the same for
 * everyone, so that nothing is estimated from members' data. 0.2 for function words to 2.5 for words that the table
 * does not know. */
double word_weight(const char *word);
bool word_is_stop(const char *word); /* a function word */
