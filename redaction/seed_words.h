/* The words of recovery phrases (BIP-39, English). */
#pragma once

#define SEED_WORDS 2048

/* Four letters a word, sorted: no two of the standard's words share them. */
extern const char seed_words[4 * SEED_WORDS + 1];
