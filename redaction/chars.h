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
static inline uint8_t char_upper(uint8_t byte)
{
    return char_is(byte, C_LOWER) ? (uint8_t)(byte & 0xdf) : byte;
}
/* The byte at offset, 0 outside. Offset -1 wraps to SIZE_MAX and is outside. */
static inline uint8_t char_at(struct bytes text, size_t at)
{
    return at < text.size ? text.data[at] : 0;
}
/* End of the run of classes that starts at `at`, at most `most` bytes on. */
static inline size_t chars_run(struct bytes text, size_t at, unsigned classes, size_t most)
{
    size_t left = at < text.size ? text.size - at : 0, end = left > most ? at + most : text.size;
    while (at < end && char_is(text.data[at], classes))
        at++;
    return at;
}
/* Start of the run that ends at `at`, at most `most` bytes back. */
static inline size_t chars_run_back(struct bytes text, size_t at, unsigned classes, size_t most)
{
    size_t end = at > most ? at - most : 0;
    while (at > end && char_is(text.data[at - 1], classes))
        at--;
    return at;
}
/* Whether a word may begin (end) at `at`: no letter, digit or underscore stands before (behind) it. The letter of a
 * JSON escape ("\nMia") is not one. */
static inline bool chars_word_starts(struct bytes text, size_t at)
{
    if (at == 0 || !char_is(text.data[at - 1], C_WORD))
        return true;
    uint8_t before = text.data[at - 1];
    return at >= 2 && text.data[at - 2] == '\\' && (before == 'n' || before == 't' || before == 'r');
}
static inline bool chars_word_ends(struct bytes text, size_t at)
{
    return at >= text.size || !char_is(text.data[at], C_WORD);
}
/* Digits in the `within` bytes from `at` on; no more than `most` are counted. */
size_t chars_digits(struct bytes text, size_t at, size_t within, size_t most);
/* Does text have `word` (lower case) at `at`, whatever its case there? */
bool chars_are(struct bytes text, size_t at, const char *word);
/* Length of the item of `words` (lower case, '|' between) that stands at `at` and ends a word; 0 if none. */
size_t chars_word_of(struct bytes text, size_t at, const char *words);
/* Does one of `words` (lower case, '|' between) occur in the `window` bytes before `at`? */
bool chars_near_before(struct bytes text, size_t at, size_t window, const char *words);
/* Whether the line's end at `at` only wraps a sentence: the line before it is long, and the next goes on at once. */
bool chars_wraps(struct bytes text, size_t at);
