/* Postal addresses of many countries: where one may begin. How it is read on from there: redaction/address.h. */
#include "redaction/address.h"
#include "redaction/address_words.h"
#include "redaction/shape.h"

/* "12 Main Street", "12, rue de la Paix": the house's number first. */
static size_t match_number_first(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 7);
    size_t word = end + (char_at(text, end) == ',');
    word += char_at(text, word) == ' ';
    uint8_t before = char_at(text, start - 1);
    bool capital = char_is(char_at(text, word), C_UPPER);
    size_t second = chars_run(text, word, C_DIGIT, 5); /* "17 1436 Elm Drive" */
    bool digit = second > word && char_at(text, second) == ' ' && char_is(char_at(text, second + 1), C_UPPER);
    if (text.data[word - 1] != ' ' || end - start > 5 ||
        (!capital && !digit && !chars_word_of(text, word, STREET_FIRST)) ||
        char_is(before, C_WORD | C_DOT | C_DASH | C_PLUS_SLASH | C_EQUALS) || before == ':' || before == '$')
        return end;
    struct address block = address_from(scan, start);
    if (!address_told(&block) || !block.words)
        return end;
    scan_found(scan, row, start, address_end(&block));
    return block.last;
}

/* "Hauptstrasse 12", "Via Roma, 12", "ul. Prosta 5": back from the number to the street's first word, or `at`. */
static size_t street_before(struct bytes text, size_t at)
{
    size_t end = at - (at > 0 && text.data[at - 1] == ' ');
    end -= end > 0 && end < at && text.data[end - 1] == ',';
    size_t start = end;
    for (int words = 0; words < 5; words++) {
        size_t word = start - (start > 0 && text.data[start - 1] == '.');
        while (word > 0 && start - word < 32 &&
               (char_is(text.data[word - 1], C_ALPHA | C_DASH) || text.data[word - 1] >= 0x80))
            word--;
        size_t size = address_word_end(text, word) - word;
        if (size == 0)
            break;
        bool capital = char_is(text.data[word], C_UPPER), first = chars_word_of(text, word, STREET_FIRST) == size;
        if (words == 0 && (capital || size >= 8) && address_street_ends(bytes_part(text, word, size)))
            return word;
        if (words > 0 && first && (capital || size > 2 || char_at(text, word + size) == '.'))
            return word;
        if ((!capital && chars_word_of(text, word, PARTICLES) != size) || word == 0 || text.data[word - 1] != ' ')
            break;
        start = word - 1;
    }
    return at;
}

static size_t match_number_last(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t number = chars_run_back(text, end, C_DIGIT, 5);
    if (end - number > 4 || number < 6 ||
        !(char_is(text.data[number - 2], C_ALPHA | C_DOT) || text.data[number - 2] >= 0x80))
        return end;
    size_t start = street_before(text, number);
    if (start == number || !chars_word_starts(text, start))
        return end;
    struct address block = address_from(scan, start);
    size_t stop = block.end > end ? address_end(&block) : end;
    stop += stop == end && char_is(char_at(text, stop), C_ALPHA) && chars_word_ends(text, stop + 1);
    scan_found(scan, row, start, stop);
    return stop;
}

/* "ships to ", "lives at ", "address: ": whatever block with a number follows. */
static size_t match_labelled_address(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    while (at < text.size && at - end < 12 && strchr(" :\n\r\t*\"", text.data[at] ? text.data[at] : 'x'))
        at++;
    at += chars_word_of(text, at, "is|at|in|to") ? 3 : 0;
    if (!char_is(char_at(text, at), C_DIGIT | C_UPPER))
        return end;
    struct address block = address_from(scan, at);
    bool numbered = char_is(text.data[at], C_DIGIT) && block.words;
    if (!(address_told(&block) || numbered) || block.last - at < 6)
        return end;
    size_t stop = numbered && block.loose <= 3 ? block.last : address_end(&block);
    if (stop <= at)
        return end;
    scan_found(scan, row, at, stop);
    return stop;
}

/* "PSC 1234, Box 5678, APO AE 09012", "USNS Hart, FPO AP 96530": post of the armed forces, to its unit's first word. */
static size_t match_military(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t code = shape_match("A%u %d{5}", text, chars_run(text, end, C_SPACE, 3));
    if (!code || !chars_word_ends(text, code))
        return end;
    size_t start = end - 4, back = start;
    for (int words = 0; words < 6 && back > 0; words++) {
        size_t stop = back;
        while (stop > 0 && back - stop < 4 && strchr(" ,\n\r", text.data[stop - 1] ? text.data[stop - 1] : 'x'))
            stop--;
        back = chars_run_back(text, stop, C_ALNUM, 16);
        if (back == stop || !char_is(text.data[back], C_UPPER | C_DIGIT))
            break;
        if (chars_word_of(text, back, "psc|unit|cmr|uscgc|uss|usns|usnv|usnc|usaf|apo|po"))
            start = back;
    }
    scan_found(scan, row, start, code);
    return code;
}

/* "P.O. Box 1234" with what stands behind it. */
static size_t match_po_box(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t number = chars_run(text, end, C_SPACE, 1);
    number += char_at(text, number) == '#' || char_at(text, number) == ':';
    number = chars_run(text, number, C_SPACE, 1);
    size_t stop = chars_run(text, number, C_DIGIT, 7), start = end;
    while (start > 0 && end - start < 16 &&
           (char_is(text.data[start - 1], C_ALPHA | C_DOT) || text.data[start - 1] == ' '))
        start--;
    while (start < end && !chars_word_of(text, start, "po|p.o|post|postfach|apartado|boite|caixa"))
        start++;
    if (stop == number || stop - number > 6 || start == end)
        return end;
    struct address block = address_after(scan, stop);
    bool whole = block.codes || block.places;
    scan_found(scan, row, start, whole ? block.end : stop);
    return stop;
}
static const struct recognizer rows[] = {
    {"address.number_first",
     REDACT_ADDRESS,
     NULL,
     match_number_first,
     NULL,
     0.98f,
     ROW_LEARN,
     "UPU S42, street words of the countries",
     {1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5, 0, BESIDE_BLANK | BESIDE_OTHER}},
    {"address.number_last",
     REDACT_ADDRESS,
     NULL,
     match_number_last,
     NULL,
     0.94f,
     ROW_LEARN,
     "UPU S42, street words of the countries",
     {1 << 1 | 1 << 2 | 1 << 3 | 1 << 4, BESIDE_BLANK, 0}},
    {"address.labelled",
     REDACT_ADDRESS,
     "address|lives at|live at|lived at|living at|located at|reside at|resides at|residing at|ship to|ships to|deliver "
     "to|delivered to|sent to|mail to|stay at|staying at|moved to|move to|move in at|office at|house at|adresse|"
     "direccion|indirizzo|anschrift",
     match_labelled_address,
     NULL,
     0.89f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
    {"address.military",
     REDACT_ADDRESS,
     "APO |FPO |DPO ",
     match_military,
     NULL,
     0.96f,
     ROW_LEARN | ROW_LIST | ROW_CASED,
     "USPS Publication 28, 238",
     {0}},
    {"address.zip_labelled",
     REDACT_ADDRESS,
     "zip|zipcode|zip code|zip_code|postal code|postcode|post code|plz|postleitzahl|code postal|codigo postal|cap",
     match_labelled,
     "%d{5}-%d{3,4}|%d{5}|%u{2}%d%u %d%u{2}|%u%d{1,2} %d%u{2}|%u{2}%d{1,2} %d%u{2}|%u%d%u "
     "%d%u%d|%d{4} %u{2}|%d{2}-%d{3}|%d{3} %d{2}",
     0.9f,
     ROW_LEARN | ROW_LIST,
     "USPS, Royal Mail, Canada Post, PostNL, Poczta Polska",
     {0}},
    {"address.zip_short",
     REDACT_ADDRESS,
     "zip:|zip code|zipcode|postal code|postcode|post code|zip is",
     match_labelled,
     "%d{3,4}|%d{6,7}",
     0.75f,
     ROW_LIST,
     "UPU: postal codes of the countries",
     {0}},
    {"address.po_box",
     REDACT_ADDRESS,
     "po box|p.o. box|post office box|postfach|apartado|boite postale|caixa postal",
     match_po_box,
     NULL,
     0.85f,
     ROW_LIST,
     "USPS Publication 28",
     {0}},
};

const struct recognizers recognizers_address = {rows, sizeof rows / sizeof rows[0]};
