/* Surrogates of numbers. Hides the ranges that are nobody's, each by its source, and check digits. */
#include "base/secret.h"

#include "redaction/surrogate.h"

static uint8_t draw_digit(struct drawing *drawing)
{
    return (uint8_t)('0' + random_below(drawing->random, 10));
}

static uint8_t draw_letter(struct drawing *drawing, uint8_t first)
{
    return (uint8_t)(first + random_below(drawing->random, 26));
}

/* A byte of the same class. The first digit of a number stays a zero or becomes none. */
static uint8_t draw_alike(struct drawing *drawing, uint8_t byte, bool first)
{
    if (char_is(byte, C_UPPER))
        return draw_letter(drawing, 'A');
    if (char_is(byte, C_LOWER))
        return draw_letter(drawing, 'a');
    if (!char_is(byte, C_DIGIT))
        return byte;
    if (!first)
        return draw_digit(drawing);
    return byte == '0' ? '0' : (uint8_t)('1' + random_below(drawing->random, 9));
}

enum status surrogate_shape(struct drawing *drawing, struct bytes value, struct buf *out)
{
    bool any = false;
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = value.data[i];
        any |= char_is(byte, C_ALNUM);
        if (byte < 0x80)
            buf_add_byte(out, draw_alike(drawing, byte, i == 0 || !char_is(value.data[i - 1], C_DIGIT)));
        else if (byte >= 0xc0) /* another script's letter */
            buf_add_byte(out, draw_letter(drawing, 'a'));
    }
    return any ? OK : ERR_NOT_FOUND;
}

/* --- digits in the places of digits --- */

static size_t digits_of(struct bytes value, char *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < value.size; i++) {
        if (!char_is(value.data[i], C_DIGIT))
            continue;
        if (count < most)
            out[count] = (char)value.data[i];
        count++;
    }
    return count;
}

static void write_digits(struct bytes value, const char *digits, struct buf *out)
{
    for (size_t i = 0; i < value.size; i++)
        buf_add_byte(out, char_is(value.data[i], C_DIGIT) ? (uint8_t)*digits++ : value.data[i]);
}

static void put_digits(char *digits, const char *these)
{
    while (*these)
        *digits++ = *these++;
}

static void draw_digits(struct drawing *drawing, char *digits, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        digits[i] = (char)draw_digit(drawing);
}

/* ISO/IEC 7812-1 annex B. */
static char luhn(const char *digits, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[i] - '0') << ((count - i) & 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

/* Within the numbers that payment processors give out for tests (docs.stripe.com/testing). */
enum status surrogate_card(struct drawing *drawing, struct bytes value, struct buf *out)
{
    static const char *const tests[10] = {"000000", "100000", "222300", "378282", "424242",
                                          "555555", "601111", "700000", "800000", "999999"};
    char digits[32] WIPED_32;
    size_t count = digits_of(value, digits, sizeof digits);
    if (count < 12 || count > 19)
        return surrogate_shape(drawing, value, out);
    put_digits(digits, tests[digits[0] - '0']);
    draw_digits(drawing, digits, 6, count - 1);
    digits[count - 1] = luhn(digits, count - 1);
    write_digits(value, digits, out);
    return OK;
}

/* The Social Security Administration never assigned area 666. */
enum status surrogate_ssn(struct drawing *drawing, struct bytes value, struct buf *out)
{
    char digits[9] = "666";
    if (digits_of(value, digits, 0) != sizeof digits)
        return surrogate_shape(drawing, value, out);
    draw_digits(drawing, digits, 3, sizeof digits);
    write_digits(value, digits, out);
    return OK;
}

/* --- IBAN: ISO 13616-1; check digits by ISO 7064 mod 97-10 --- */

static unsigned mod97(unsigned rest, uint8_t byte)
{
    if (char_is(byte, C_DIGIT))
        return (rest * 10 + (byte - '0')) % 97;
    if (char_is(byte, C_ALPHA))
        return (rest * 100 + (char_upper(byte) - 'A' + 10u)) % 97;
    return rest;
}

/* The country stays; the bank becomes one that is none: 9999, or TEST where it is letters. */
enum status surrogate_iban(struct drawing *drawing, struct bytes value, struct buf *out)
{
    size_t start = out->size, seen = 0, checks[2] = {0};
    for (size_t i = 0; i < value.size; i++) {
        uint8_t byte = value.data[i];
        bool counts = char_is(byte, C_ALNUM);
        if (seen >= 4 && seen < 8 && counts)
            byte = char_is(byte, C_DIGIT) ? '9' : (uint8_t) "TEST"[seen - 4];
        else if (seen >= 8)
            byte = draw_alike(drawing, byte, false);
        else if (counts && seen >= 2)
            checks[seen - 2] = out->size;
        seen += counts;
        buf_add_byte(out, byte);
    }
    TRY(buf_status(out));
    if (seen < 15)
        return ERR_NOT_FOUND;
    unsigned rest = 0, skipped = 0;
    for (size_t i = start; i < out->size; i++)
        if (char_is(out->data[i], C_ALNUM) && ++skipped > 4)
            rest = mod97(rest, out->data[i]);
    for (size_t i = 0; i < 2; i++)
        rest = mod97(rest, value.data[i]);
    unsigned check = 98 - rest * 100 % 97;
    out->data[checks[0]] = (uint8_t)('0' + check / 10);
    out->data[checks[1]] = (uint8_t)('0' + check % 10);
    return OK;
}

/* --- telephones: numbers that regulators keep free for fiction --- */

/* What follows the country's digits; digits that are left are drawn. */
static const struct {
    const char *country, *rest;
} fiction[] = {
    {"44", "7700900"}, /* Ofcom, Telephone numbers for drama use */
    {"33", "19900"},   /* ARCEP, decision 2018-0881 */
    {"49", "3023125"}, /* Bundesnetzagentur, Mitteilung 148/2021 */
    {"61", "255500"},  /* ACMA, Phone numbers for use in TV shows, films and creative works */
};

/* NANPA: 555-0100 to 555-0199 of every area. */
static void draw_nanp(struct drawing *drawing, char *ten)
{
    ten[0] = (char)('2' + random_below(drawing->random, 8));
    ten[1] = (char)('0' + random_below(drawing->random, 9));
    ten[2] = (char)('2' + random_below(drawing->random, 8));
    put_digits(ten + 3, "55501");
    draw_digits(drawing, ten, 8, 10);
}

static void draw_abroad(struct drawing *drawing, char *digits, size_t count)
{
    for (size_t i = 0; i < sizeof fiction / sizeof fiction[0]; i++) {
        size_t country = strlen(fiction[i].country), rest = strlen(fiction[i].rest);
        if (memcmp(digits, fiction[i].country, country) != 0 || count < country + rest)
            continue;
        put_digits(digits + country, fiction[i].rest);
        draw_digits(drawing, digits, country + rest, count);
        return;
    }
    size_t kept = count > 8 ? 2 : 1;
    put_digits(digits + kept, "555");
    draw_digits(drawing, digits, kept + 3, count);
}

enum status surrogate_phone(struct drawing *drawing, struct bytes value, struct buf *out)
{
    char digits[32] WIPED_32;
    size_t count = digits_of(value, digits, sizeof digits);
    bool plus = memchr(value.data, '+', value.size) != NULL;
    if (count < 7 || count > 19)
        return surrogate_shape(drawing, value, out);
    if (count == 7) {
        put_digits(digits, "55501");
        draw_digits(drawing, digits, 5, 7);
    } else if (count == 10 && !plus && digits[0] != '0')
        draw_nanp(drawing, digits);
    else if (count == 11 && digits[0] == '1')
        draw_nanp(drawing, digits + 1);
    else
        draw_abroad(drawing, digits, count);
    write_digits(value, digits, out);
    return OK;
}

/* --- addresses of networks --- */

/* RFC 5737 and RFC 3849: for documentation. */
enum status surrogate_ip(struct drawing *drawing, struct bytes value, struct buf *out)
{
    static const char *const nets[] = {"192.0.2.", "198.51.100.", "203.0.113."};
    if (memchr(value.data, ':', value.size))
        buf_addf(out, "2001:db8:%x::%x", (unsigned)random_below(drawing->random, 0x10000),
                 1 + (unsigned)random_below(drawing->random, 0xffff));
    else
        buf_addf(out, "%s%u", nets[random_below(drawing->random, 3)], 1 + (unsigned)random_below(drawing->random, 254));
    return OK;
}

/* RFC 7042 section 2.1.2: 00-00-5E-00-53-00 to -FF, written as the value is. */
enum status surrogate_mac(struct drawing *drawing, struct bytes value, struct buf *out)
{
    static const char hex[] = "0123456789abcdef", documentation[] = "00005e0053";
    size_t seen = 0;
    for (size_t i = 0; i < value.size; i++) {
        if (!char_is(value.data[i], C_HEX))
            buf_add_byte(out, value.data[i]);
        else if (seen < sizeof documentation - 1)
            buf_add_byte(out, (uint8_t)documentation[seen++]);
        else
            buf_add_byte(out, (uint8_t)hex[random_below(drawing->random, 16)]);
    }
    return seen ? OK : ERR_NOT_FOUND;
}

/* --- quantities --- */

/* Degrees below 90, of as many digits behind the point. */
enum status surrogate_coordinates(struct drawing *drawing, struct bytes value, struct buf *out)
{
    for (size_t at = 0; at < value.size;) {
        size_t end = chars_run(value, at, C_DIGIT, SIZE_MAX);
        if (end == at) {
            buf_add_byte(out, value.data[at++]);
            continue;
        }
        if (char_at(value, at - 1) == '.')
            for (; at < end; at++)
                buf_add_byte(out, draw_digit(drawing));
        else
            buf_addf(out, "%u", (unsigned)random_below(drawing->random, 90));
        at = end;
    }
    return OK;
}

/* Another age of the same ten years. */
enum status surrogate_age(struct drawing *drawing, struct bytes value, struct buf *out)
{
    bool any = false;
    for (size_t at = 0; at < value.size; at++) {
        bool last = char_is(value.data[at], C_DIGIT) && !char_is(char_at(value, at + 1), C_DIGIT);
        buf_add_byte(out, last ? draw_digit(drawing) : value.data[at]);
        any |= last;
    }
    return any ? OK : ERR_NOT_FOUND;
}
