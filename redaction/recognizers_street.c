/* American addresses by the street's word, in any case, and by the state before its code. Hides the way back to the
 * house's number and on to unit, city and code. */
#include "redaction/address_words.h"
#include "redaction/recognizer.h"
#include "redaction/shape.h"

/* Back from a suffix over one to four words to a house number; SIZE_MAX if there is none. */
static size_t house_number(struct bytes text, size_t suffix)
{
    size_t at = suffix;
    for (int words = 0; words < 5; words++) {
        size_t blank = chars_run_back(text, at, C_SPACE, 2);
        size_t word = chars_run_back(text, blank, C_ALNUM | C_DOT | C_DASH, 24);
        if (blank == at || word == blank)
            return SIZE_MAX;
        if (chars_word_of(text, word,
                          "is|was|are|the|a|an|of|to|in|my|your|and|or|for|with|on|at|from|i|it|this|that|he|she"))
            return SIZE_MAX;
        size_t digits = chars_run(text, word, C_DIGIT, 7);
        bool ordinal = chars_word_of(text, digits, "st|nd|rd|th") > 0;
        if (digits > word && digits - word <= 6 && !ordinal && words > 0 && char_at(text, digits) != '.')
            return blank - digits <= 1 ? word : SIZE_MAX;
        at = word;
    }
    return SIZE_MAX;
}

/* ", Suite 217": unit behind a street. */
static size_t unit_end(struct bytes text, size_t at)
{
    size_t next = chars_run(text, at, C_SPACE, 2);
    if (char_at(text, next) == ',')
        next = chars_run(text, next + 1, C_SPACE, 2);
    size_t word = chars_word_of(text, next, UNITS);
    if (!word && char_at(text, next) == '#')
        word = 1;
    if (!word)
        return at;
    size_t value = chars_run(text, next + word, C_SPACE | C_DOT, 2);
    value += char_at(text, value) == '#';
    size_t stop = chars_run(text, value, C_ALNUM | C_DASH, 8);
    return stop > value ? stop : at;
}

/* End of "ST 78750[-1234]" or "ST, 78750" at `at`, or 0. */
static size_t state_zip_end(struct bytes text, size_t at)
{
    size_t state = chars_word_of(text, at, STATES);
    if (!state || !char_is(char_at(text, at), C_UPPER))
        return 0;
    size_t zip = at + state + (char_at(text, at + state) == ',');
    zip = chars_run(text, zip, C_SPACE, 2);
    size_t stop = chars_run(text, zip, C_DIGIT, 6);
    if (stop - zip != 5 || zip == at + state)
        return 0;
    if (char_at(text, stop) == '-' && chars_run(text, stop + 1, C_DIGIT, 5) == stop + 5)
        stop += 5;
    return chars_word_ends(text, stop) ? stop : 0;
}

/* ", Austin, TX 78750, USA" behind a street: up to three words of a city. */
static size_t city_end(struct bytes text, size_t at)
{
    size_t next = at;
    for (int words = 0; words < 6; words++) {
        next = chars_run(text, next, C_SPACE, 3);
        if (char_at(text, next) == ',')
            next = chars_run(text, next + 1, C_SPACE, 3);
        size_t stop = state_zip_end(text, next);
        if (stop) {
            size_t land = chars_run(text, stop + (char_at(text, stop) == ','), C_SPACE, 2);
            size_t word = chars_word_of(text, land, "usa|us|united states");
            return word ? land + word : stop;
        }
        stop = chars_run(text, next, C_ALPHA | C_DOT, 24);
        if (stop == next || !char_is(text.data[next], C_UPPER))
            return at;
        next = stop;
    }
    return at;
}

static size_t match_street(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    if (!chars_word_ends(text, end))
        return end;
    size_t suffix = chars_run_back(text, end, C_ALPHA, 12);
    size_t start = house_number(text, suffix);
    if (start == SIZE_MAX || !chars_word_starts(text, start) || char_is(char_at(text, start - 1), C_DOT | C_DASH))
        return end;
    size_t stop = end + (char_at(text, end) == '.' && char_at(text, end + 1) == ',');
    size_t quarter = chars_run(text, stop, C_SPACE, 1);
    size_t wing = chars_word_of(text, quarter, "north|south|east|west|nw|ne|sw|se");
    if (wing && char_is(text.data[quarter], C_UPPER))
        stop = quarter + wing;
    stop = city_end(text, unit_end(text, stop));
    scan_found(scan, row, start, stop);
    return stop;
}

/* "TX 78750" with what stands before it up to the comma's city. */
static size_t match_state_zip(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t state = chars_run_back(text, end - 5, C_SPACE, 2);
    state -= char_at(text, state - 1) == ',';
    if (state < 2)
        return end;
    state -= 2;
    size_t stop = chars_word_starts(text, state) ? state_zip_end(text, state) : 0;
    if (stop)
        scan_found(scan, row, state, stop);
    return end;
}

static const struct recognizer rows[] = {
    {"address.street",
     REDACT_ADDRESS,
     " Street| Avenue| Drive| Lane| Road| Boulevard| Court| Place| Terrace| Circle| Parkway| Highway| Square| Trail| "
     "Crescent| Way| Plaza|"
     " Blvd| Ave| Rd| Dr| Ln| St| Ct| Pl| Pkwy| Hwy| street| avenue| drive| lane| road| boulevard",
     match_street,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN | ROW_LIST | ROW_CASED | ROW_LOOSE,
     "USPS Publication 28",
     {0}},
    {"address.state_zip",
     REDACT_ADDRESS,
     NULL,
     match_state_zip,
     NULL,
     0.85f,
     ROW_LEARN,
     "USPS Publication 28",
     {1 << 5, BESIDE_BLANK, 0}},
};

const struct recognizers recognizers_street = {rows, sizeof rows / sizeof rows[0]};
