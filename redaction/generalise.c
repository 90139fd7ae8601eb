/* Coarser values: a year for a date, a band for an age, a country for a place, a network for an address, a magnitude
 * for a number, the first part of a postal code. Hides how each is read.
 *
 * What comes out is either found by no rule or comes out the same again, so that a second pass changes nothing. */
#include "redaction/chars.h"
#include "redaction/places.h"
#include "redaction/redactor.h"

#define BAND 10
#define BAND_LAST 90 /* 45 CFR 164.514(b)(2)(i)(C): all ages over 89 are one */

static bool to_year(struct bytes value, struct buf *out)
{
    int year;
    if (!date_year(value, &year))
        return false;
    buf_addf(out, "%d", year);
    return true;
}

static bool to_band(struct bytes value, struct buf *out)
{
    unsigned age = 0;
    size_t at = 0;
    while (at < value.size && !char_is(value.data[at], C_DIGIT))
        at++;
    size_t end = chars_run(value, at, C_DIGIT, SIZE_MAX);
    if (end == at || end - at > 3)
        return false;
    for (; at < end; at++)
        age = age * 10 + (value.data[at] - '0');
    if (age > 130)
        return false;
    unsigned from = age / BAND * BAND;
    if (from >= BAND_LAST)
        buf_addf(out, "<AGE_%u+>", BAND_LAST);
    else
        buf_addf(out, "<AGE_%u-%u>", from, from + BAND - 1);
    return true;
}

static bool to_country(struct bytes value, struct buf *out)
{
    const char *country = place_country(value);
    if (!country)
        return false;
    buf_add(out, bytes_of(country, strcspn(country, "|:\n")));
    return true;
}

/* 10.1.2.3 -> 10.1.x.x; 2001:db8:1::1 -> 2001:db8:x::x. */
static bool to_network(struct bytes value, struct buf *out)
{
    bool wide = memchr(value.data, ':', value.size) != NULL;
    const uint8_t mark = wide ? ':' : '.';
    size_t at = 0;
    for (int part = 0; part < 2; part++, at++) {
        size_t end = chars_run(value, at, wide ? C_HEX : C_DIGIT, 4);
        if (end == at || char_at(value, end) != mark)
            return false;
        at = end;
    }
    buf_add(out, bytes_part(value, 0, at));
    buf_add_str(out, wide ? "x::x" : "x.x");
    return true;
}

/* Each number keeps its first digit's place: $1,234.50 -> $1000. */
static bool to_magnitude(struct bytes value, struct buf *out)
{
    bool any = false;
    for (size_t at = 0; at < value.size;) {
        size_t end = chars_run(value, at, C_DIGIT, SIZE_MAX), digits = 0, stop = at;
        if (end == at) {
            if (value.data[at] >= 0x80)
                return false;
            buf_add_byte(out, value.data[at++]);
            continue;
        }
        bool fraction = false, zero = true;
        for (; stop < value.size; stop++) {
            uint8_t byte = value.data[stop];
            bool joint = (byte == ',' || byte == '.') && char_is(char_at(value, stop + 1), C_DIGIT);
            fraction |= byte == '.' && joint;
            if (!char_is(byte, C_DIGIT) && !joint)
                break;
            if (char_is(byte, C_DIGIT)) {
                zero &= byte == '0';
                digits += !fraction && !zero;
            }
        }
        buf_add_byte(out, digits ? '1' : '0');
        for (; digits > 1; digits--)
            buf_add_byte(out, '0');
        at = stop;
        any = true;
    }
    return any;
}

/* Whole degrees: about 100 km. */
static bool to_degrees(struct bytes value, struct buf *out)
{
    for (size_t at = 0; at < value.size; at++) {
        if (value.data[at] == '.' && char_is(char_at(value, at + 1), C_DIGIT))
            at = chars_run(value, at + 1, C_DIGIT, SIZE_MAX) - 1;
        else
            buf_add_byte(out, value.data[at]);
    }
    return memchr(value.data, '.', value.size) != NULL;
}

/* Three digits of a ZIP code, but none where fewer than 20,000 people live (HHS, Guidance Regarding Methods for
 * De-identification of Protected Health Information, 2012: 17 areas of the 2000 Census). */
static bool to_zip3(struct bytes value, struct buf *out)
{
    static const char few[] = "036|059|063|102|203|556|692|790|821|823|830|831|878|879|884|890|893";
    struct bytes area = bytes_part(value, 0, 3);
    buf_add(out, chars_word_of(area, 0, few) ? bytes_str("000") : area);
    buf_add_str(out, "**");
    return true;
}

/* The postal code at the end of an address, cut to its first part: a ZIP code or the outward code of a British one. */
static bool to_area(struct bytes value, struct buf *out)
{
    size_t end = value.size, start = chars_run_back(value, end, C_DIGIT, 5);
    if (end - start == 4 && char_at(value, start - 1) == '-') { /* ZIP+4 */
        end = start - 1;
        start = chars_run_back(value, end, C_DIGIT, 5);
    }
    if (end - start == 5 && chars_word_starts(value, start))
        return to_zip3(bytes_part(value, start, 5), out);
    if (value.size < 6 || !char_is(value.data[value.size - 1], C_UPPER) ||
        !char_is(value.data[value.size - 2], C_UPPER) || !char_is(value.data[value.size - 3], C_DIGIT) ||
        value.data[value.size - 4] != ' ')
        return false;
    end = value.size - 4;
    start = chars_run_back(value, end, C_UPPER | C_DIGIT, 4);
    if (end - start < 2 || !char_is(value.data[start], C_UPPER) || !chars_word_starts(value, start))
        return false;
    buf_add(out, bytes_part(value, start, end - start));
    return true;
}

static const struct {
    enum redact_type type;
    bool (*coarser)(struct bytes value, struct buf *out);
} coarser[] = {
    {REDACT_DATE, to_year},    {REDACT_BIRTH_DATE, to_year},    {REDACT_AGE, to_band},
    {REDACT_IP, to_network},   {REDACT_QUANTITY, to_magnitude}, {REDACT_COORDINATES, to_degrees},
    {REDACT_ADDRESS, to_area}, {REDACT_PLACE, to_area},         {REDACT_PLACE, to_country},
};

bool generalise(enum redact_type type, struct bytes value, struct buf *out)
{
    for (size_t i = 0; i < sizeof coarser / sizeof coarser[0]; i++) {
        size_t before = out->size;
        if (coarser[i].type != type)
            continue;
        if (coarser[i].coarser(value, out))
            return true;
        out->size = before;
    }
    return false;
}
