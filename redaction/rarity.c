/* The filter of rarity. Hides the table of pairs and the thresholds. */
#include "redaction/rarity.h"

#include "redaction/chars.h"

#define SOME_LEAST 6
#define HEX_LEAST 16
#define HEX_GROUPS_LEAST 19
#define DIGITS_LEAST 20
#define RANDOM_LEAST 12
#define UUID_SIZE 36
#define FILLER_WITHIN 64
#define LOOKED_AT 256 /* a long value shows at its front what it is */

/* Bit b of row a: the pair "ab" is among those that make up 96.5 % of all pairs. */
static const uint32_t common_pairs[26] = {0x17ebdfe, 0x1164913, 0x01e5d95, 0x1165959, 0x3fff97f, 0x01a4931, 0x0166991,
                                          0x01e4119, 0x2aefd7f, 0x0104011, 0x0044111, 0x11cc939, 0x014d117, 0x13e6d7d,
                                          0x07efd7f, 0x01ec991, 0x0100000, 0x13e7d5d, 0x15dfd95, 0x11e49bd, 0x00eb97f,
                                          0x0004111, 0x0066191, 0x0088110, 0x00ce011, 0x0000011};

struct look {
    size_t size, digits, upper, lower, hex, dashes, joints, others;
    size_t points;
    size_t most; /* times that the most frequent byte stands in it */
};

static bool is_rare_pair(uint8_t a, uint8_t b)
{
    if (!char_is(a, C_ALPHA) || !char_is(b, C_ALPHA))
        return false;
    size_t first = (size_t)(char_lower(a) - 'a') % 26, second = (size_t)(char_lower(b) - 'a') % 26;
    return !(common_pairs[first] >> second & 1);
}

/* The point between two bytes; `run` is how many of the first one's kind stand before the second. */
static size_t point_between(uint8_t a, uint8_t b, size_t run)
{
    if (!char_is(a, C_ALNUM) || !char_is(b, C_ALNUM))
        return 0;
    if (char_is(a, C_DIGIT) != char_is(b, C_DIGIT))
        return 1;
    if (char_is(a, C_LOWER) && char_is(b, C_UPPER))
        return run < 3;
    return is_rare_pair(a, b);
}

static bool same_kind(uint8_t a, uint8_t b)
{
    return ((chars_class[a] ^ chars_class[b]) & (C_ALPHA | C_DIGIT)) == 0;
}

static struct look look_at(struct bytes value)
{
    struct look look = {.size = value.size < LOOKED_AT ? value.size : LOOKED_AT};
    uint8_t counts[256] = {0};
    size_t run = 0;
    for (size_t i = 0; i < look.size; i++) {
        uint8_t byte = value.data[i];
        look.digits += char_is(byte, C_DIGIT);
        look.upper += char_is(byte, C_UPPER);
        look.lower += char_is(byte, C_LOWER);
        look.hex += char_is(byte, C_HEX);
        look.dashes += byte == '-';
        look.joints += char_is(byte, C_DASH | C_UNDER | C_DOT);
        look.others += !char_is(byte, C_ALNUM | C_DASH | C_UNDER | C_DOT);
        counts[byte] += counts[byte] < 255;
        look.most = counts[byte] > look.most ? counts[byte] : look.most;
        look.points += i > 0 ? point_between(value.data[i - 1], byte, run) : 0;
        run = i > 0 && same_kind(value.data[i - 1], byte) ? run + 1 : 1;
    }
    return look;
}

/* --- fillers --- */

static bool holds_filler_word(struct bytes value)
{
    static const char *const words[] = {"your_",    "your-",     "_here",     "-here",         "placeholder",
                                        "changeme", "replace_",  "change_me", "replace-",      "change-me",
                                        "insert_",  "xxxxxx",    "goes-here", "00000000-0000", "not-set",
                                        "redacted", "yourtoken", "yourkey",   "enter_your"};
    static const char firsts[] = "y_-pcrixg0ne";
    for (size_t at = 0; at < value.size && at < FILLER_WITHIN; at++) {
        uint8_t first = char_lower(value.data[at]);
        if (!first || !memchr(firsts, first, sizeof firsts - 1))
            continue;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if ((uint8_t)words[i][0] == first && chars_are(value, at, words[i]))
                return true;
    }
    return false;
}

static bool is_filler(const struct look *look, struct bytes value)
{
    uint8_t first = value.data[0];
    bool reference = first == '$' && (char_is(char_at(value, 1), C_ALPHA | C_UNDER) || char_at(value, 1) == '{' ||
                                      char_at(value, 1) == '(');
    if (reference || first == 0 || strchr("<{%([", first))
        return true;
    return (look->most * 10 >= look->size * 7 && look->size >= 4) || holds_filler_word(value);
}

bool rarity_is_filler(struct bytes value)
{
    if (value.size == 0)
        return true;
    struct look look = look_at(value);
    return is_filler(&look, value);
}

/* --- rarity --- */

static bool is_uuid(struct bytes value)
{
    static const uint8_t groups[] = {8, 4, 4, 4, 12};
    size_t at = 0;
    for (size_t i = 0; i < sizeof groups; i++) {
        size_t end = chars_run(value, at, C_HEX, groups[i]);
        if (end - at != groups[i] || (i < 4 && char_at(value, end) != '-'))
            return false;
        at = end + (i < 4);
    }
    return at == value.size;
}

/* In groups too: "9f86-d081-884c-7d65". */
static bool is_hex(const struct look *look)
{
    if (look->hex + look->dashes != look->size ||
        (look->dashes && (look->digits < 4 || look->size < HEX_GROUPS_LEAST)) ||
        (look->upper && look->lower && look->points * 4 > look->size))
        return false;
    if (look->digits + look->dashes == look->size)
        return look->dashes == 0 && look->size >= DIGITS_LEAST;
    if (look->digits == 0)
        return look->size >= DIGITS_LEAST;
    return look->size >= HEX_LEAST;
}

/* "#d8dee9" */
static bool is_colour(struct bytes value)
{
    return value.data[0] == '#' && value.size <= 9 && chars_run(value, 1, C_HEX, SIZE_MAX) == value.size;
}

/* A third of the points where there are no digits: names of long foreign words have a quarter. */
static bool is_random(const struct look *look)
{
    if (look->size < RANDOM_LEAST || look->points < 4 || (look->digits == 0 && look->size < 16))
        return false;
    return look->points * (look->digits >= 2 ? 5 : 3) >= look->size - look->joints;
}

static bool is_some(const struct look *look)
{
    size_t letters = look->upper + look->lower;
    if (look->size < SOME_LEAST)
        return false;
    return (look->digits && letters) || look->others || (look->points >= 3 && look->points * 3 >= look->size);
}

static enum rarity rarity_by(const struct look *look, struct bytes value)
{
    bool one_case = !look->upper || !look->lower; /* no program writes a UUID in both */
    if (is_hex(look) || (one_case && value.size == UUID_SIZE && is_uuid(value)))
        return RARITY_HEX;
    if (is_random(look))
        return RARITY_RANDOM;
    return is_some(look) ? RARITY_SOME : RARITY_NONE;
}

enum rarity rarity_of(struct bytes value)
{
    if (value.size < SOME_LEAST || is_colour(value))
        return RARITY_NONE;
    bool marked = value.data[0] == '0' && char_lower(value.data[1]) == 'x';
    struct look look = look_at(marked ? bytes_part(value, 2, SIZE_MAX) : value);
    enum rarity rarity = rarity_by(&look, value);
    return rarity != RARITY_NONE && is_filler(&look, value) ? RARITY_NONE : rarity;
}
