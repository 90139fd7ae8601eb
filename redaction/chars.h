/* Character classes and small walks over a view. All ASCII: what the normaliser could not fold is in no class, so that
 * bytes >= 0x80 end every run. Every walk is bounded by the view or by a stated number of bytes. */
#pragma once

#include "base/bytes.h"

enum char_class {
    C_UPPER = 1,
    C_LOWER = 2,
    C_DIGIT = 4,
    C_HEX_LOWER = 8,  /* a-f */
    C_HEX_UPPER = 16, /* A-F */
    C_UNDER = 32,
    C_DASH = 64,
    C_PLUS_SLASH = 128,
    C_SPACE = 256, /* blank, tab, newlines */
    C_DOT = 512,
    C_MAIL = 1024, /* !#$%&'*+/=?^_`{|}~- of RFC 5322's atext that are in use: % + - _ ' */
    C_EQUALS = 2048,
    C_FILLER = 4096, /* blanks and punctuation between a label and its value */

    C_ALPHA = C_UPPER | C_LOWER,
    C_ALNUM = C_ALPHA | C_DIGIT,
    C_HEX = C_DIGIT | C_HEX_LOWER | C_HEX_UPPER,
    C_WORD = C_ALNUM | C_UNDER,
    C_TOKEN = C_WORD | C_DASH,
    C_BASE64 = C_ALNUM | C_PLUS_SLASH | C_EQUALS,
};

extern const uint16_t chars_class[256];

static inline bool char_is(uint8_t byte, unsigned classes)
{
    return (chars_class[byte] & classes) != 0;
}
static inline uint8_t char_lower(uint8_t byte)
{
    return char_is(byte, C_UPPER) ? (uint8_t)(byte | 0x20) : byte;
}
/* The byte at offset, 0 outside. Offset -1 wraps to SIZE_MAX and is outside. */
static inline uint8_t char_at(struct bytes text, size_t at)
{
    return at < text.size ? text.data[at] : 0;
}
/* End of the run of classes that starts at `at`, at most `most` bytes on. */
size_t chars_run(struct bytes text, size_t at, unsigned classes, size_t most);
/* Start of the run that ends at `at`, at most `most` bytes back. */
size_t chars_run_back(struct bytes text, size_t at, unsigned classes, size_t most);
/* Whether a word may begin (end) at `at`: no letter, digit or underscore stands before (behind) it. The letter of a
 * JSON escape ("\nMia") is not one. */
bool chars_word_starts(struct bytes text, size_t at);
bool chars_word_ends(struct bytes text, size_t at);
/* Does text have `word` (lower case) at `at`, whatever its case there? */
bool chars_are(struct bytes text, size_t at, const char *word);
/* Length of the item of `words` (lower case, '|' between) that stands at `at` and ends a word; 0 if none. */
size_t chars_word_of(struct bytes text, size_t at, const char *words);
/* Does one of `words` (lower case, '|' between) occur in the `window` bytes before `at`? */
bool chars_near_before(struct bytes text, size_t at, size_t window, const char *words);
