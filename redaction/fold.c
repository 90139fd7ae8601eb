/* The fold tables. Hides how they are kept: runs of code points with one letter each, the zeros of all decimal digits,
 * and spans that fall away. */
#include "redaction/fold.h"

#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* From `from` on, one code point a letter; a blank: stays as it is. Ascending. */
static const struct run {
    uint32_t from;
    const char *to;
    uint16_t size;
} runs[] = {
#define RUN(from, to)                                                                                                  \
    {                                                                                                                  \
        from, to, sizeof(to) - 1                                                                                       \
    }
    RUN(0xaa, "a"),
    RUN(0xb2, "23     1o"),
    RUN(0xc0, "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTs"
              "aaaaaaaceeeeiiiidnooooo ouuuuyty"
              "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlLlLlNnNnNnnNnOoOoOoOoRrRrRr"
              "SsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs"),
    RUN(0x180, "b"),
    RUN(0x1a0, "Oo"),
    RUN(0x1af, "Uu"),
    RUN(0x1cd, "AaIiOoUuUuUuUuUu AaAa    GgKkOoOo  j   Gg  NnAaAaOoAaAaEeEeIiIiOoOoRrRrUuUuSsTt  Hh"),
    RUN(0x226, "AaEeOoOoOoOoYy"),
    RUN(0x251, "a"),
    RUN(0x261, "gg"),
    RUN(0x269, "ii"),
    RUN(0x26a, "i"),
    RUN(0x274, "n"),
    RUN(0x280, "r"),
    RUN(0x28f, "y"),
    RUN(0x299, "b"),
    RUN(0x29c, "h  l"),
    RUN(0x2b0, "h jr   wy"),
    RUN(0x2b9, "'\"   '"),
    RUN(0x2d0, ":"),
    RUN(0x2d7, "-"),
    RUN(0x2e1, "lsx"),
    RUN(0x37e, ";"),
    RUN(0x386, "A EHI O Y"),
    RUN(0x391, "AB  EZH IK MN O P  TY X"), /* Greek: those that look alike */
    RUN(0x3ac, "aeni a   e n ik  v o p otu x w  ouw"),
    RUN(0x3f2, "cj     C"),
    RUN(0x400, "EE   SIIJ"), /* Cyrillic */
    RUN(0x410, "A B  E    K MHO PCTY X"),
    RUN(0x430, "a b  e    k mho pcty x"),
    RUN(0x450, "ee   siij"),
    RUN(0x475, "v"),
    RUN(0x4ae, "Yy"),
    RUN(0x4bb, "h"),
    RUN(0x4c0, "I"),
    RUN(0x4cf, "l"),
    RUN(0x501, "d"),
    RUN(0x51a, "QqWw"),
    RUN(0x53c, "L"), /* Armenian */
    RUN(0x54d, "U S"),
    RUN(0x555, "O"),
    RUN(0x561, "w"),
    RUN(0x566, "q"),
    RUN(0x570, "h    j  n"),
    RUN(0x57d, "u"),
    RUN(0x581, "g"),
    RUN(0x585, "o"),
    RUN(0x5c3, ":"),
    RUN(0x6d4, "-"),
    RUN(0x13a0, "DRT  i   YAJE      W   M   H Y  G hZ"), /* Cherokee */
    RUN(0x13ce, "4b  R WS   VS   LC  P   Kd      6    GB"),
    RUN(0x1680, " "),
    RUN(0x1d00, "a   cd e  jk m o        p  tu   vwz"), /* small capitals */
    RUN(0x1d2c, "A B DE GHIJKLMN O PRTUWa   bde   g km o   ptu  v"),
    RUN(0x1d62, "iruv"),
    RUN(0x1d9c, "c   f"),
    RUN(0x1dbb, "z"),
    RUN(0x1e00,
        "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOoOoOoOoPpPpRrRrRrRrSsSsSsSs"
        "SsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwy s    "
        "AaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUuUuUuUuUuYyYyYyYy"),
    RUN(0x2010, "------  ''''\"\"\"\"    ."), /* punctuation */
    RUN(0x2027, "."),
    RUN(0x2032, "'\""),
    RUN(0x2039, "<>"),
    RUN(0x2043, "-/"),
    RUN(0x2070, "0i  456789+-=()n0123456789+-=() aeox hklmnpst"),
    RUN(0x2102, "C"),
    RUN(0x210a, "gHHHh IILl N   PQRRR"),
    RUN(0x2124, "Z   Z KABCeeEF Mo    i"),
    RUN(0x2145, "Ddeij"),
    RUN(0x2160, "I   V    X  LCDMi   v    x  lcdm"),
    RUN(0x2212, "-"),
    RUN(0x2215, "/"),
    RUN(0x2236, ":"),
    RUN(0x223c, "~"),
    RUN(0x2460, "123456789           123456789           123456789"), /* circled, in brackets, with a full stop */
    RUN(0x249c, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0"),
    RUN(0x24f5, "123456789 0"),
    RUN(0x2776, "123456789 123456789 123456789"),
    RUN(0x29f8, "/"),
    RUN(0x2c7c, "jV"),
    RUN(0x3002, "."),
    RUN(0xa730, "fs"),
    RUN(0xa789, ":"),
    RUN(0xa7f2, "CFQ"),
    RUN(0xfe10, ",  :;!?"),
    RUN(0xfe32, "-__(){}"),
    RUN(0xfe4d, "___, . ;:?!-(){}  #&*+-<>= \\$%@"),
    RUN(0xff01, "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"),
    RUN(0xff61, "."),
    RUN(0x1f100, "0"),
    RUN(0x1f110, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    RUN(0x1f130, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    RUN(0x1f150, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    RUN(0x1f170, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    RUN(0x1f1e6, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), /* the letters that flags are made of */
    /* tags, which no reader sees: whole texts were smuggled in them */
    RUN(0xe0021, "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"),
#undef RUN
};

/* Ten decimal digits from each of these on. */
static const uint32_t zeros[] = {
    0x660,   0x6f0,   0x7c0,   0x966,   0x9e6,   0xa66,   0xae6,   0xb66,   0xbe6,   0xc66,   0xce6,   0xd66,   0xde6,
    0xe50,   0xed0,   0xf20,   0x1040,  0x1090,  0x17e0,  0x1810,  0x1946,  0x19d0,  0x1a80,  0x1a90,  0x1b50,  0x1bb0,
    0x1c40,  0x1c50,  0xa620,  0xa8d0,  0xa900,  0xa9d0,  0xa9f0,  0xaa50,  0xabf0,  0x104a0, 0x10d30, 0x11066, 0x110f0,
    0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0,
    0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e950, 0x1fbf0,
};

/* Spans that become one and the same. Ascending. */
static const struct span {
    uint32_t from, to;
    uint8_t as;
} spans[] = {
    {0x85, 0x85, '\n'},
    {0xa0, 0xa0, ' '},
    {0xad, 0xad, FOLD_DROPS},
    {0x300, 0x36f, FOLD_DROPS},
    {0x483, 0x489, FOLD_DROPS},
    {0x61c, 0x61c, FOLD_DROPS},
    {0x115f, 0x1160, FOLD_DROPS},
    {0x1680, 0x1680, ' '},
    {0x17b4, 0x17b5, FOLD_DROPS},
    {0x180b, 0x180f, FOLD_DROPS},
    {0x1ab0, 0x1aff, FOLD_DROPS},
    {0x1dc0, 0x1dff, FOLD_DROPS},
    {0x2000, 0x200a, ' '},
    {0x200b, 0x200f, FOLD_DROPS},
    {0x2028, 0x2029, '\n'},
    {0x202a, 0x202e, FOLD_DROPS},
    {0x202f, 0x202f, ' '},
    {0x205f, 0x205f, ' '},
    {0x2060, 0x206f, FOLD_DROPS},
    {0x20d0, 0x20ff, FOLD_DROPS},
    {0x2800, 0x2800, ' '},
    {0x3000, 0x3000, ' '},
    {0x3164, 0x3164, FOLD_DROPS},
    {0xfe00, 0xfe0f, FOLD_DROPS},
    {0xfe20, 0xfe2f, FOLD_DROPS},
    {0xfeff, 0xfeff, FOLD_DROPS},
    {0xffa0, 0xffa0, FOLD_DROPS},
    {0xfff9, 0xfffb, FOLD_DROPS},
    {0x1d173, 0x1d17a, FOLD_DROPS},
    {0xe0000, 0xe0020, FOLD_DROPS},
    {0xe007f, 0xe007f, FOLD_DROPS},
    {0xe0100, 0xe01ef, FOLD_DROPS},
};

static uint8_t fold_run(uint32_t point)
{
    size_t low = 0, high = COUNT(runs);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (runs[middle].from <= point)
            low = middle;
        else
            high = middle;
    }
    uint32_t at = point - runs[low].from; /* wraps, and is outside, before the first */
    return at >= runs[low].size || runs[low].to[at] == ' ' ? FOLD_STAYS : (uint8_t)runs[low].to[at];
}

static uint8_t fold_digit(uint32_t point)
{
    size_t low = 0, high = COUNT(zeros);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (zeros[middle] <= point)
            low = middle;
        else
            high = middle;
    }
    return point - zeros[low] < 10 ? (uint8_t)('0' + point - zeros[low]) : FOLD_STAYS;
}

static uint8_t fold_span(uint32_t point)
{
    size_t low = 0, high = COUNT(spans);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (spans[middle].from <= point)
            low = middle;
        else
            high = middle;
    }
    return point >= spans[low].from && point <= spans[low].to ? spans[low].as : FOLD_STAYS;
}

/* Mathematical letters: thirteen alphabets of 52, with holes that Unicode keeps free, then dotless i and j, Greek, and
 * five rows of digits. */
static uint8_t fold_mathematical(uint32_t point)
{
    uint32_t letter = (point - 0x1d400) % 52;
    if (point < 0x1d6a4)
        return (uint8_t)(letter < 26 ? 'A' + letter : 'a' + letter - 26);
    if (point < 0x1d6a8)
        return point == 0x1d6a4 ? 'i' : 'j';
    if (point >= 0x1d7ce)
        return (uint8_t)('0' + (point - 0x1d7ce) % 10);
    uint32_t greek = (point - 0x1d6a8) % 58; /* 25 capitals, nabla, 25 small, seven variants */
    return greek < 25 ? fold_run(0x391 + greek) : greek >= 26 && greek < 51 ? fold_run(0x3b1 + greek - 26) : FOLD_STAYS;
}

uint8_t fold(uint32_t point)
{
    if ((point >= 0x3400 && point < 0xa620) || (point >= 0xac00 && point < 0xfe00)) /* ideographs and Hangul */
        return FOLD_STAYS;
    if (point >= 0x1d400 && point < 0x1d800)
        return fold_mathematical(point);
    uint8_t to = fold_run(point);
    if (to == FOLD_STAYS)
        to = fold_span(point);
    return to == FOLD_STAYS ? fold_digit(point) : to;
}
