/* How random a string looks: the filter between a key and a name in code, a placeholder, a word.
 *
 * Points are counted where words and names in code hardly ever change: between a digit and a letter, from a small to a
 * capital letter after one or two, and at pairs of letters that English and code seldom write. A key made by a machine
 * has such a point at every second or third byte, a name in code at every tenth. The table of pairs was counted in this
 * repository's own sources and documents. */
#pragma once

#include "base/bytes.h"

enum rarity {
    RARITY_NONE,   /* a word, a name, a path, a small number, a filler */
    RARITY_SOME,   /* as people choose passwords: letters with digits or signs */
    RARITY_HEX,    /* 16 or more hexadecimal digits, a UUID, 20 or more digits: an id looks the same */
    RARITY_RANDOM, /* made by a machine */
};
enum rarity rarity_of(struct bytes value);
/* Whether the value says itself that it is none: "xxxxxxxx", "your-key-here", "<token>", "${TOKEN}". */
bool rarity_is_filler(struct bytes value);
