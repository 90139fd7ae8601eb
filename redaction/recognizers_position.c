/* Where somebody is: latitude and longitude as decimals, in degrees and minutes, in geo URIs and links to maps.
 * Decimals alone say nothing; embeddings and measurements look alike. */
#include "redaction/recognizer.h"

#define FRACTION_LEAST 3 /* digits: about 100 m */

/* "-12.3456" up to `most`; end or 0. */
static size_t decimal_end(struct bytes text, size_t at, unsigned most, size_t fraction_least)
{
    size_t start = at + (char_at(text, at) == '-' || char_at(text, at) == '+');
    size_t point = chars_run(text, start, C_DIGIT, 4), end = chars_run(text, point + 1, C_DIGIT, 20);
    unsigned whole = 0;
    for (size_t i = start; i < point; i++)
        whole = whole * 10 + (text.data[i] - '0');
    if (point == start || point - start > 3 || whole > most || char_at(text, point) != '.')
        return 0;
    return end >= point + 1 + fraction_least && chars_word_ends(text, end) ? end : 0;
}

/* Past a degree sign, a letter of the sky and what separates two numbers. */
static size_t skip_between(struct bytes text, size_t at)
{
    static const char degree[] = "\xc2\xb0";
    if (chars_are(text, at, degree))
        at += sizeof degree - 1;
    at = chars_run(text, at, C_SPACE, 1);
    if (char_at(text, at) && strchr("NSns", char_at(text, at)) && chars_word_ends(text, at + 1))
        at++;
    if (chars_are(text, at, "%2c"))
        return at + 3;
    while (at < text.size && strchr(",;/ ", text.data[at] ? text.data[at] : 'x'))
        at++;
    return at;
}

/* Two decimals at `at`: latitude and longitude; end or 0. */
static size_t pair_end(struct bytes text, size_t at)
{
    size_t end = decimal_end(text, at, 90, FRACTION_LEAST);
    size_t next = end ? skip_between(text, end) : 0;
    if (next <= end || next - end > 8)
        return 0;
    return decimal_end(text, next, 180, FRACTION_LEAST);
}

/* The pair right behind the anchor. */
static size_t match_pair(struct scan *scan, const struct recognizer *row, size_t end)
{
    size_t stop = pair_end(scan_text(scan), end);
    if (!stop)
        return end;
    scan_found(scan, row, end, stop);
    return stop;
}

static size_t skip_to_number(struct bytes text, size_t at)
{
    size_t limit = at + 24;
    while (at < text.size && at < limit && text.data[at] != '-' && text.data[at] != '+' &&
           (char_is(text.data[at], C_FILLER | C_ALPHA) || text.data[at] == '/'))
        at++;
    return at;
}

/* Behind "coordinates", "gps", "location": only a pair. */
static size_t match_labelled_pair(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = skip_to_number(text, end), stop = pair_end(text, at);
    if (!stop || (at > 0 && char_is(text.data[at - 1], C_WORD)))
        return end;
    scan_found(scan, row, at, stop);
    return stop;
}

/* Behind "latitude", "lng": one number, or both. */
static size_t match_labelled_one(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, '-', &strong), stop = at < text.size ? pair_end(text, at) : 0;
    if (!stop && at < text.size)
        stop = decimal_end(text, at, 180, FRACTION_LEAST);
    if (!stop)
        return end;
    scan_found(scan, row, at, stop);
    return stop;
}

/* 40 degrees 26' 46" N, 40 degrees 26.767' N, 52.5200 degrees N: the anchor is the degree sign. */
static size_t match_degrees(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t sign = end - 2, start = chars_run_back(text, sign - (char_at(text, sign - 1) == ' '), C_DIGIT | C_DOT, 12);
    size_t at = end, digits = 0;
    bool fraction = chars_run(text, start, C_DIGIT, 3) + 3 < sign;
    while (at < text.size && at - end < 24 &&
           (char_is(text.data[at], C_DIGIT | C_SPACE | C_DOT) || text.data[at] >= 0x80 ||
            strchr("'\"", text.data[at] ? text.data[at] : 'x')))
        digits += char_is(text.data[at++], C_DIGIT);
    bool sky = char_at(text, at) && strchr("NSEWO", char_at(text, at)) && chars_word_ends(text, at + 1);
    if (!sky || start >= sign || !chars_word_starts(text, start) || (digits < 2 && !fraction))
        return end;
    scan_found(scan, row, start, at + 1);
    return at + 1;
}

static const struct recognizer rows[] = {
    {"coordinates.geo", REDACT_COORDINATES, "geo:", match_pair, NULL, 0.98f, ROW_LEARN | ROW_LIST, "RFC 5870", {0}},
    {"coordinates.map",
     REDACT_COORDINATES,
     "/@|?q=|&q=|&ll=|?ll=|query=|center=|daddr=|saddr=|/maps/place/|destination=|origin=|#map=",
     match_pair,
     NULL,
     0.95f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "developers.google.com/maps/documentation/urls",
     {0}},
    {"coordinates.pair",
     REDACT_COORDINATES,
     "coordinates|coordinate|coords|gps|lat/long|lat/lng|lat/lon|lat,lng|lat,long|lat, long|latlng|latlong|lat "
     "long|geolocation|geo location|location|position|located at|koordinaten|coordonnees|coordenadas",
     match_labelled_pair,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST,
     "ISO 6709",
     {0}},
    {"coordinates.one",
     REDACT_COORDINATES,
     "latitude|longitude|lat|lng|lon|breitengrad|langengrad|latitud|longitud",
     match_labelled_one,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "ISO 6709",
     {0}},
    {"coordinates.degrees",
     REDACT_COORDINATES,
     "\xc2\xb0",
     match_degrees,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "ISO 6709, annex D",
     {0}},
};

const struct recognizers recognizers_position = {rows, sizeof rows / sizeof rows[0]};
