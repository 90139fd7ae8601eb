/* E-mail, telephone, postal addresses, birth dates. Hides their grammars. */
#include "redaction/recognizer.h"

#include "redaction/shape.h"

/* --- e-mail: RFC 5322 addr-spec without quoting or comments --- */

static bool is_file_suffix(struct bytes text, size_t at)
{
    return chars_word_of(text, at, "png|jpg|jpeg|gif|svg|webp|js|ts|css|py|json|html|md") > 0;
}

/* End of the domain at `at`: labels with dots, the last of two letters or more; 0 if none. What follows the last such
 * label ("example.com.1") is not part of it. */
static size_t domain_end(struct bytes text, size_t at)
{
    size_t stop = chars_run(text, at, C_ALNUM | C_DASH | C_DOT, 253);
    while (stop > at + 1) {
        size_t last = chars_run_back(text, stop, C_ALPHA, 24);
        if (stop - last >= 2 && last > at + 1 && text.data[last - 1] == '.' && !is_file_suffix(text, last))
            return stop;
        stop = chars_run_back(text, stop, C_ALNUM | C_DASH, 253);
        stop -= stop > at;
    }
    return 0;
}

/* Is this the password of "https://user:pw@host"? That is a URL's business. */
static bool in_url_user(struct bytes text, size_t at)
{
    for (size_t back = 0; at > 1 && back < 128; at--, back++) {
        if (text.data[at - 1] == '/')
            return text.data[at - 2] == '/';
        if (text.data[at - 1] <= ' ' || text.data[at - 1] == '@')
            return false;
    }
    return false;
}

static size_t match_email(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end - 1, C_MAIL, 64);
    while (start < end - 1 && !char_is(text.data[start], C_ALNUM))
        start++;
    size_t stop = start < end - 1 ? domain_end(text, end) : 0;
    if (!stop || in_url_user(text, start) ||
        (end - 1 - start == 3 && chars_are(text, start, "git") && char_at(text, stop) == ':'))
        return end;
    if (start > 0 && text.data[start - 1] == '\\' && end - 1 - start > 1)
        start++; /* "\nmia@": the letter of a JSON escape */
    scan_found(scan, row, start, stop);
    return stop;
}

/* --- telephone: E.164 and the North American forms --- */

struct number {
    size_t end, digits, dots, joints;
};

/* A number with single separators and parentheses from `at`. */
static struct number number_from(struct bytes text, size_t at)
{
    struct number number = {.end = at};
    for (size_t i = at; i < text.size && i < at + 28 && number.digits < 16; i++) {
        uint8_t byte = text.data[i];
        if (char_is(byte, C_DIGIT)) {
            number.digits++;
            number.end = i + 1;
            continue;
        }
        bool next =
            char_is(char_at(text, i + 1), C_DIGIT) || char_at(text, i + 1) == '(' || char_at(text, i + 1) == ' ';
        if (!strchr(" -.()/+", byte ? byte : 'x') || (!next && byte != ')'))
            break;
        number.dots += byte == '.';
        number.joints += byte != '.';
    }
    return number;
}

static size_t match_phone_plus(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t plus = chars_run_back(text, end, C_DIGIT, 64);
    if (char_is(char_at(text, plus - 2), C_ALNUM | C_PLUS_SLASH))
        return end;
    struct number number = number_from(text, plus);
    if (number.digits >= 8 && number.digits <= 15 && number.dots != 1 && chars_word_ends(text, number.end))
        scan_found(scan, row, plus - 1, number.end);
    return number.end > end ? number.end : end;
}

static bool is_area(struct bytes text, size_t at)
{
    return char_at(text, at) >= '2' && char_at(text, at) <= '9';
}

/* (ddd) ddd-dddd and ddd-ddd-dddd hold alone; with dots or blanks only near a word for telephones. */
static size_t match_phone_us(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 3;
    bool paren = char_at(text, end) == ')';
    size_t exchange = chars_run(text, end + paren, C_SPACE | C_DASH | C_DOT, 2);
    if (exchange == end + paren && !paren)
        return end;
    end = exchange + 8;
    if (shape_match("%d{3}", text, exchange) == 0 || shape_match("%d{4}", text, exchange + 4) == 0 ||
        !char_is(char_at(text, exchange + 3), C_SPACE | C_DASH | C_DOT))
        return exchange;
    if (!is_area(text, start) || !is_area(text, exchange) || char_is(char_at(text, end), C_TOKEN))
        return end;
    size_t area = start;
    if (paren && char_at(text, start - 1) == '(')
        start--;
    uint8_t before = char_at(text, start - 1);
    if (char_is(before, C_WORD | C_DOT | C_PLUS_SLASH) || (before == '-' && char_is(char_at(text, start - 2), C_ALNUM)))
        return end;
    bool plain = (paren || char_at(text, area + 3) == '-') && text.data[end - 5] == '-';
    if (plain || chars_near_before(text, start, 48, "phone|call|tel|mobile|cell|fax|contact|reach|text me"))
        scan_found(scan, row, start, end);
    return end;
}

static size_t match_phone_labelled(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, '(', &strong);
    if (at == SIZE_MAX)
        return end;
    if (char_at(text, at) == '+' || char_at(text, at) == '(')
        at++;
    struct number number = number_from(text, at);
    if (number.digits >= 7 && number.digits <= 15 && number.dots != 1 && chars_word_ends(text, number.end))
        scan_found(scan, row, at, number.end);
    return end;
}

/* --- postal addresses: USPS Publication 28 suffixes; number first --- */

#define STATES                                                                                                         \
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|"  \
    "pa|"                                                                                                              \
    "ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|pr"

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
        if (digits > word && digits - word <= 6 && !ordinal && words > 0)
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
    size_t word = chars_word_of(text, next, "suite|ste|apt|apartment|unit|room|floor|fl|building|bldg");
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

/* --- birth dates --- */

#define MONTHS                                                                                                         \
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|"   \
    "aug|"                                                                                                             \
    "sep|sept|oct|nov|dec"

/* End of a date at `at`: 1990-04-05, 4/5/1990, 05.04.1990, April 5, 1990, 5 April 1990; or 0. */
static size_t date_end(struct bytes text, size_t at)
{
    size_t first = chars_run(text, at, C_DIGIT, 5), month = chars_word_of(text, at, MONTHS);
    if (first > at && strchr("-/.", char_at(text, first) ? char_at(text, first) : 'x')) {
        size_t second = chars_run(text, first + 1, C_DIGIT, 3);
        if (second == first + 1 || text.data[first] != char_at(text, second))
            return 0;
        size_t third = chars_run(text, second + 1, C_DIGIT, 5);
        return third > second + 1 ? third : 0;
    }
    if (!month && first > at) { /* 5th April 1990 */
        size_t ordinal = chars_word_of(text, first, "st|nd|rd|th");
        size_t word = chars_run(text, first + ordinal, C_SPACE, 1);
        word += chars_word_of(text, word, "of") ? 3 : 0;
        month = chars_word_of(text, word, MONTHS);
        if (!month)
            return 0;
        size_t year = chars_run(text, word + month + (char_at(text, word + month) == ','), C_SPACE, 2);
        size_t stop = chars_run(text, year, C_DIGIT, 5);
        return stop - year == 4 ? stop : word + month;
    }
    if (!month)
        return 0;
    size_t day = chars_run(text, at + month + (char_at(text, at + month) == '.'), C_SPACE, 1);
    size_t stop = chars_run(text, day, C_DIGIT, 2);
    if (stop == day)
        return 0;
    stop += chars_word_of(text, stop, "st|nd|rd|th");
    size_t year = chars_run(text, stop + (char_at(text, stop) == ','), C_SPACE, 2);
    size_t last = chars_run(text, year, C_DIGIT, 5);
    return last - year == 4 ? last : stop;
}

static size_t match_birth(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, 0, &strong);
    size_t stop = at < text.size ? date_end(text, at) : 0;
    if (stop && chars_word_ends(text, stop))
        scan_found(scan, row, at, stop);
    return stop > end ? stop : end;
}

static const struct recognizer rows[] = {
    {"email", REDACT_EMAIL, "@", match_email, NULL, 0.95f, ROW_STRICT | ROW_LEARN, "RFC 5322, 3.4.1", {0}},
    {"phone.international",
     REDACT_PHONE,
     NULL,
     match_phone_plus,
     NULL,
     0.9f,
     ROW_STRICT | ROW_LEARN,
     "ITU-T E.164",
     {DIGITS_OR_MORE(1), BESIDE_PLUS, 0}},
    {"phone.us",
     REDACT_PHONE,
     NULL,
     match_phone_us,
     NULL,
     0.85f,
     ROW_LEARN,
     "NANP",
     {1 << 3, 0, BESIDE_BLANK | BESIDE_DASH | BESIDE_DOT | BESIDE_CLOSE}},
    {"phone.labelled",
     REDACT_PHONE,
     "phone|telephone|tel|mobile|cell|fax|whatsapp|call me at|call me on|text me at|reach me at",
     match_phone_labelled,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
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
    {"address.zip_labelled",
     REDACT_ADDRESS,
     "zip|zipcode|zip code|zip_code|postal code|postcode|post code",
     match_labelled,
     "%d{5}-%d{4}|%d{5}|%u{2}%d%u %d%u{2}|%u%d{1,2} %d%u{2}|%u{2}%d{1,2} %d%u{2}|%u%d%u %d%u%d",
     0.9f,
     ROW_LEARN | ROW_LIST,
     "USPS, Royal Mail, Canada Post",
     {0}},
    {"address.po_box",
     REDACT_ADDRESS,
     "po box|p.o. box|post office box",
     match_labelled,
     "%d{1,6}",
     0.85f,
     ROW_LIST,
     "USPS Publication 28",
     {0}},
    {"birth.labelled",
     REDACT_BIRTH_DATE,
     "dob|d.o.b.|date of birth|birth date|birthdate|birthday|born|born on",
     match_birth,
     NULL,
     0.9f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
};

const struct recognizers recognizers_contact = {rows, sizeof rows / sizeof rows[0]};
