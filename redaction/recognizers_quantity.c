/* Quantities that single somebody out: sums of money, shares, durations. Which of them do is no pattern's to say, so
 * all are found, and the default policy leaves them. */
#include "redaction/recognizer.h"

#define NUMBER_WORDS                                                                                                   \
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|forty|fifty|sixty|" \
    "several|few"

/* A number with thousands and decimals; its end, or `at`. */
static size_t number_end(struct bytes text, size_t at)
{
    size_t end = chars_run(text, at, C_DIGIT, 12);
    while (end > at && (char_at(text, end) == ',' || char_at(text, end) == '.') &&
           char_is(char_at(text, end + 1), C_DIGIT) && end - at < 24)
        end = chars_run(text, end + 1, C_DIGIT, 12);
    return end;
}

/* The start of a number that ends at `end`, or `end`. */
static size_t number_start(struct bytes text, size_t end)
{
    size_t start = end;
    while (start > 0 && end - start < 24 &&
           (char_is(text.data[start - 1], C_DIGIT) ||
            ((text.data[start - 1] == ',' || text.data[start - 1] == '.') && start < end)))
        start--;
    while (start < end && !char_is(text.data[start], C_DIGIT))
        start++;
    return start < end && !char_is(char_at(text, start - 1), C_WORD | C_DASH | C_PLUS_SLASH) ? start : end;
}

/* "$1,200", "EUR 300": the number behind. */
static size_t match_sum_behind(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end + (char_at(text, end) == ' '), stop = number_end(text, at);
    size_t start = end;
    while (start > 0 && end - start < 4 && (text.data[start - 1] >= 0x80 || char_is(text.data[start - 1], C_UPPER)))
        start--;
    start -= start == end; /* a sign of one byte */
    if (stop < at + 2 || !chars_word_ends(text, stop) || char_at(text, stop) == '$')
        return end;
    scan_found(scan, row, start, stop);
    return stop;
}

/* "300 euros", "12 %", "three years": the number before. */
static size_t match_number_before(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t unit = end;
    while (unit > 0 && end - unit < 12 && (char_is(text.data[unit - 1], C_ALPHA) || text.data[unit - 1] == '%'))
        unit--;
    size_t stop = unit;
    while (stop > 0 && unit - stop < 2 && (text.data[stop - 1] == ' ' || text.data[stop - 1] == '-'))
        stop--;
    size_t start = number_start(text, stop);
    if (start == stop) {
        size_t word = chars_run_back(text, stop, C_ALPHA, 12);
        start = word < stop && chars_word_of(text, word, NUMBER_WORDS) == stop - word ? word : stop;
    }
    if (start < stop && char_is(char_at(text, end), C_WORD) == false)
        scan_found(scan, row, start, end);
    return end;
}

static const struct recognizer rows[] = {
    {"quantity.dollars", REDACT_QUANTITY, "\\$", match_sum_behind, NULL, 0.5f, 0, "TAB's guidelines", {0}},
    {"quantity.share", REDACT_QUANTITY, "%", match_number_before, NULL, 0.5f, 0, "TAB's guidelines", {0}},
    {"quantity.sum",
     REDACT_QUANTITY,
     "\xe2\x82\xac|\xc2\xa3|\xc2\xa5|EUR|USD|GBP|CHF|JPY|PLN|SEK|NOK|DKK|CZK|HUF|TRY|RUB|INR|CAD|AUD",
     match_sum_behind,
     NULL,
     0.5f,
     ROW_LIST | ROW_CASED,
     "ISO 4217; TAB's guidelines",
     {0}},
    {"quantity.counted",
     REDACT_QUANTITY,
     "euros|euro|dollars|pounds sterling|pounds|francs|roubles|lira|liras|zlotys|kronor|kroner|yen|rupees|EUR|USD|GBP|"
     "percent|per cent|years|months|weeks|days|hours|hectares|square metres|square meters|kilograms|kilometres|"
     "kilometers",
     match_number_before,
     NULL,
     0.5f,
     ROW_LIST,
     "TAB's guidelines",
     {0}},
};

const struct recognizers recognizers_quantity = {rows, sizeof rows / sizeof rows[0]};
