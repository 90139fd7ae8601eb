/* Steps that nobody promised to see: what people, jailbreaks and other tools write. Invisible characters, reordering
 * and deletions after Boucher et al. 2022 (arXiv 2106.09898), letters exchanged after Li et al. 2019 (TextBugger,
 * arXiv 1812.05271), ciphers after Yuan et al. 2024 (CipherChat, arXiv 2308.06463), values put together by code after
 * Kang et al. 2023 (arXiv 2302.05733). */
#include "audits/evasion/forms_hide.h"

/* --- code --- */

FORM_EACH_BYTE(hide_numbers, "%u, ")
FORM_EACH_BYTE(hide_calls, "chr(%u)+")

void hide_array(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        buf_add_str(out, at ? "', '" : "['");
        form_add_point(form_point(plain, &at), out);
    }
    buf_add_str(out, "']");
}

void hide_variables(struct bytes plain, struct buf *out)
{
    for (size_t at = 0, part = 0; at < plain.size; part++) {
        buf_addf(out, "%c='", (int)('a' + part % 26));
        for (size_t i = 0; i < 3 && at < plain.size; i++)
            form_add_point(form_point(plain, &at), out);
        buf_add_str(out, "'; ");
    }
}

/* --- order and marks --- */

FORM_BETWEEN(hide_bars, '|')

void hide_backwards(struct bytes plain, struct buf *out)
{
    for (size_t end = plain.size; end > 0;) {
        size_t start = end - 1;
        while (start > 0 && (plain.data[start] & 0xc0) == 0x80)
            start--;
        buf_add(out, bytes_part(plain, start, end - start));
        end = start;
    }
}

/* Backwards between an override and its end: a reader sees it forwards. */
void hide_reordered(struct bytes plain, struct buf *out)
{
    form_add_point(0x202e, out);
    hide_backwards(plain, out);
    form_add_point(0x202c, out);
}

/* Every other letter is followed by one that is taken back. */
void hide_deletions(struct bytes plain, struct buf *out)
{
    for (size_t at = 0, count = 0; at < plain.size; count++) {
        form_add_point(form_point(plain, &at), out);
        buf_add_str(out, count % 2 ? "" : "x\b");
    }
}

/* --- letters for letters --- */

static uint8_t turned(uint8_t byte, unsigned letters, unsigned digits)
{
    if (byte >= '0' && byte <= '9')
        return (uint8_t)('0' + (byte - '0' + digits) % 10);
    if (byte >= 'a' && byte <= 'z')
        return (uint8_t)('a' + (byte - 'a' + letters) % 26);
    if (byte >= 'A' && byte <= 'Z')
        return (uint8_t)('A' + (byte - 'A' + letters) % 26);
    return byte;
}

void hide_rotated(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        buf_add_byte(out, turned(plain.data[i], 13, 5));
}

void hide_caesar(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        buf_add_byte(out, turned(plain.data[i], 3, 3));
}

void hide_atbash(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        uint8_t byte = plain.data[i], lower = byte | 0x20;
        bool is_letter = lower >= 'a' && lower <= 'z';
        buf_add_byte(out, (uint8_t)(is_letter ? (byte & 0x20) + 'A' + 'Z' - (byte & ~0x20) : byte));
    }
}

void hide_leet(struct bytes plain, struct buf *out)
{
    static const char from[] = "aeiostAEIOST", to[] = "431057431057";
    for (size_t i = 0; i < plain.size; i++) {
        const char *found = plain.data[i] ? strchr(from, plain.data[i]) : NULL;
        buf_add_byte(out, found ? (uint8_t)to[found - from] : plain.data[i]);
    }
}

/* The invisible letters of language tags, U+E0020 to U+E007E. */
void hide_tags(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size;) {
        unsigned point = form_point(plain, &at);
        form_add_point(point >= ' ' && point < 0x7f ? 0xe0000 + point : point, out);
    }
}

/* Bytes as variation selectors behind one visible letter. */
void hide_selectors(struct bytes plain, struct buf *out)
{
    buf_add_byte(out, 'x');
    for (size_t i = 0; i < plain.size; i++)
        form_add_point(plain.data[i] < 16 ? 0xfe00u + plain.data[i] : 0xe0100u + plain.data[i] - 16, out);
}

/* A byte as the eight dots of one sign of Braille, U+2800 on. */
void hide_braille(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++)
        form_add_point(0x2800u + plain.data[i], out);
}

/* --- bits and words --- */

void hide_binary(struct bytes plain, struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        for (unsigned bit = 8; bit-- > 0;)
            buf_add_byte(out, plain.data[i] >> bit & 1 ? '1' : '0');
        buf_add_byte(out, ' ');
    }
}

/* RFC 4648, 6. */
void hide_base32(struct bytes plain, struct buf *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (size_t bit = 0; bit < 8 * plain.size; bit += 5) {
        unsigned value = 0;
        for (size_t i = bit; i < bit + 5; i++)
            value = value << 1 | (i < 8 * plain.size ? plain.data[i / 8] >> (7 - i % 8) & 1u : 0);
        buf_add_byte(out, (uint8_t)letters[value]);
    }
    while (out->size % 8)
        buf_add_byte(out, '=');
}

/* Groups of four bytes as five digits of base 85, without frame and without 'z'. */
void hide_ascii85(struct bytes plain, struct buf *out)
{
    for (size_t at = 0; at < plain.size; at += 4) {
        size_t given = plain.size - at < 4 ? plain.size - at : 4;
        uint32_t value = 0;
        char digits[5];
        for (size_t i = 0; i < 4; i++)
            value = value << 8 | (i < given ? plain.data[at + i] : 0);
        for (size_t i = 5; i-- > 0; value /= 85)
            digits[i] = (char)('!' + value % 85);
        buf_add(out, bytes_of(digits, given + 1));
    }
}

/* A code a letter and a digit, a blank behind each; what has none stays, and a character of several bytes whole. */
static void hide_coded(struct bytes plain, const char *const letters[26], const char *const digits[10], struct buf *out)
{
    for (size_t i = 0; i < plain.size; i++) {
        uint8_t byte = plain.data[i], lower = byte | 0x20;
        if (byte >= '0' && byte <= '9')
            buf_add_str(out, digits[byte - '0']);
        else if (lower >= 'a' && lower <= 'z')
            buf_add_str(out, letters[lower - 'a']);
        else
            buf_add_byte(out, byte);
        buf_add_str(out, byte < 0x80 ? " " : "");
    }
}

/* ITU-R M.1677-1. */
void hide_morse(struct bytes plain, struct buf *out)
{
    static const char *const letters[26] = {".-",   "-...", "-.-.", "-..",  ".",   "..-.", "--.",  "....", "..",
                                            ".---", "-.-",  ".-..", "--",   "-.",  "---",  ".--.", "--.-", ".-.",
                                            "...",  "-",    "..-",  "...-", ".--", "-..-", "-.--", "--.."};
    static const char *const digits[10] = {"-----", ".----", "..---", "...--", "....-",
                                           ".....", "-....", "--...", "---..", "----."};
    hide_coded(plain, letters, digits, out);
}

/* Words of the spelling alphabet and of digits: nothing but common words. */
void hide_spelled(struct bytes plain, struct buf *out)
{
    static const char *const letters[26] = {"alfa",   "bravo",   "charlie", "delta",  "echo",   "foxtrot", "golf",
                                            "hotel",  "india",   "juliett", "kilo",   "lima",   "mike",    "november",
                                            "oscar",  "papa",    "quebec",  "romeo",  "sierra", "tango",   "uniform",
                                            "victor", "whiskey", "xray",    "yankee", "zulu"};
    static const char *const digits[10] = {"zero", "one", "two",   "three", "four",
                                           "five", "six", "seven", "eight", "nine"};
    hide_coded(plain, letters, digits, out);
}
