/* The public vocabulary: words and phrases that say nothing about anyone.
 *
 * Written by hand from everyday English and from the words of tools, errors and school mathematics; nothing in it comes
 * from members' data. A word outside it may be a name or an identifier; a shared run of words inside a common phrase is
 * no copying. */
#pragma once

#include "base/bytes.h"

bool common_word(struct bytes lower_case);      /* also regular plurals and -ed, -ing forms of known words */
bool common_stop_word(struct bytes lower_case); /* carries no content: articles, prepositions, pronouns, auxiliaries */
bool common_phrase(
    const char *content_words); /* words joined by single spaces, stop words left out, is part of a known one */

/* Whether a text has words of the public vocabulary and plain punctuation only: nothing in it can be a name. */
bool common_text(const char *text);

/* The vocabulary by number, in its sorted order. */
size_t common_word_count(void);
const char *common_word_at(size_t number);
/* Of a word in lower case, or of its stem where only that is listed; false if it is none of ours. */
bool common_word_number(const char *lower_case, size_t *number);

bool common_tables_sorted(void); /* bisection's condition, for the tests */

/* Lower-cased words of a text, one at a time: letters and digits (and what lies beyond ASCII); an apostrophe inside. */
#define TEXT_WORD_MAX 48
struct text_words {
    struct bytes text;
    size_t at;
};
/* False at the end. *raw is the word as it stands; out its lower-cased text, cut to TEXT_WORD_MAX - 1 bytes. */
bool text_word(struct text_words *words, struct bytes *raw, char out[static TEXT_WORD_MAX]);
