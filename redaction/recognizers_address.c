/* Postal addresses of many countries: where one may begin. How it is read on from there: redaction/address.h. */
#include "redaction/address.h"
#include "redaction/address_words.h"
#include "redaction/shape.h"

static const struct recognizer rows[];
enum { ROW_AROUND };

/* Where the street may begin behind a house's number, over a comma, a blank or a wrapped line; SIZE_MAX if none. */
static size_t street_behind(struct bytes text, size_t number)
{
    size_t bis = char_at(text, number) == ' ' ? chars_word_of(text, number + 1, "bis|ter|quater") : 0;
    size_t word = number + (bis ? bis + 1 : 0);
    word += char_at(text, word) == ',';
    if (char_at(text, word) != ' ' && !chars_wraps(text, word))
        return SIZE_MAX;
    word++;
    size_t second = chars_run(text, word, C_DIGIT, 5); /* "17 1436 Elm Drive" */
    size_t name = second > word && char_at(text, second) == ' ' ? second + 1 : word;
    bool street = address_capital(text, name) ||
                  (char_is(char_at(text, name), C_LOWER) && chars_word_of(text, name, STREET_FIRST));
    return street ? word : SIZE_MAX;
}

/* Start of the word for a unit over a blank before `at` ("Flat 3"), or `at`. */
static size_t unit_word_before(struct bytes text, size_t at)
{
    size_t word = at > 1 && text.data[at - 1] == ' ' ? chars_run_back(text, at - 1, C_ALPHA, 12) : at;
    return word < at && chars_word_of(text, word, UNITS) == at - 1 - word && word + 1 < at ? word : at;
}

/* "Flat 3, 22 Elm Road": the unit before the house's number; its start, or `at`. */
static size_t unit_before(struct bytes text, size_t at)
{
    bool parted = at > 2 && text.data[at - 1] == ' ' && text.data[at - 2] == ',';
    size_t number = parted ? chars_run_back(text, at - 2, C_ALNUM, 6) : at;
    size_t word = unit_word_before(text, number);
    return word < number ? word : at;
}

/* "12 Main Street", "12, rue de la Paix": the house's number first. */
static size_t match_number_first(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 7);
    uint8_t before = char_at(text, start - 1);
    if (end - start > 5 || street_behind(text, end) == SIZE_MAX ||
        char_is(before, C_WORD | C_DOT | C_DASH | C_PLUS_SLASH | C_EQUALS) || before == ':' || before == '$')
        return end;
    struct address block = address_from(scan, start);
    bool told = address_told(&block);
    if (!block.words || !(told || address_likely(&block)))
        return end;
    scan_found(scan, told ? row : &rows[ROW_AROUND], unit_before(text, start), address_end(&block));
    return block.last;
}

/* Start of the word of letters, joints within it too, that ends at `end`. */
static size_t word_start(struct bytes text, size_t end)
{
    size_t word = end;
    while (word > 0 && end - word < 32 &&
           (char_is(text.data[word - 1], C_ALPHA | C_DASH) || text.data[word - 1] >= 0x80))
        word--;
    return word;
}

/* "Villacher Strasse": one to three capitalised words back from the street's; its start, or `street`. */
static size_t street_name_before(struct bytes text, size_t street)
{
    size_t start = street;
    for (int words = 0; words < 3 && start > 1 && text.data[start - 1] == ' '; words++) {
        size_t word = word_start(text, start - 1);
        if (word == start - 1 || !address_capital(text, word))
            break;
        start = word;
    }
    return start;
}

/* "C/ Almendro": the Spanish for a street, short, before `word`; its start, or `word`. */
static size_t calle_before(struct bytes text, size_t word)
{
    size_t slash = word - (char_at(text, word - 1) == ' ');
    bool calle = slash >= 2 && text.data[slash - 1] == '/' && text.data[slash - 2] == 'C' &&
                 (slash == 2 || char_is(text.data[slash - 3], C_SPACE));
    return calle ? slash - 2 : word;
}

/* "Villacher Strasse", "Karl Johans gate", "Neue Rossstr.": the street's word, or a word that ends in one, is the last
 * before the number; the start of the name, or `word` + `size` if it is none. */
static size_t street_by_last(const struct scan *scan, size_t word, size_t size)
{
    struct bytes text = scan_text(scan);
    bool capital = address_capital(text, word), short_end = char_at(text, word + size) == '.' && size >= 6;
    struct bytes last = bytes_part(text, word, size);
    if ((capital || size >= 8) && (address_street_ends(last) || (short_end && chars_are(text, word + size - 3, "str"))))
        return word;
    size_t name = street_name_before(text, word);
    bool numbered = chars_word_of(text, word, STREET_NUMBERED) == size;
    bool lower = !capital && size > 2 && chars_word_of(text, word, STREET_LOWER) == size;
    bool own =
        name < word && !names_plain(scan_names(scan), bytes_part(text, name, address_word_end(text, name) - name));
    return name < word && (numbered || (lower && own)) ? name : word + size;
}

/* "Hauptstrasse 12", "Via Roma, 12", "ul. Prosta 5": back from the number to the street's first word, or `at`. */
static size_t street_before(const struct scan *scan, size_t at)
{
    struct bytes text = scan_text(scan);
    size_t end = at - (at > 0 && (text.data[at - 1] == ' ' || chars_wraps(text, at - 1)));
    end -= end > 0 && end < at && text.data[end - 1] == ',';
    size_t start = end;
    bool lower = false; /* "Ulica heroja Staneta": one such word may be in between */
    for (int words = 0; words < 5; words++) {
        size_t word = word_start(text, start - (start > 0 && text.data[start - 1] == '.'));
        size_t size = address_word_end(text, word) - word;
        if (size == 0)
            break;
        size_t by_last = words == 0 ? street_by_last(scan, word, size) : word + size;
        if (by_last < word + size)
            return by_last;
        bool capital = address_capital(text, word), first = words > 0 && address_street_word(text, word, size);
        bool certain = char_at(text, word + size) == '.' || (size > 2 && chars_word_of(text, word, STREET_CERTAIN));
        if (first && (capital || (certain && !lower))) /* "took place during the 20": no square */
            return word;
        if (capital && calle_before(text, word) < word)
            return calle_before(text, word);
        bool particle = chars_word_of(text, word, PARTICLES) == size;
        if ((!capital && !particle && (lower || words == 0)) || word == 0 || text.data[word - 1] != ' ')
            break;
        lower |= !capital && !particle;
        start = word - 1;
    }
    return at;
}

/* "2 Hauptstrasse 12": a number before the street goes with it. */
static size_t number_before(struct bytes text, size_t street)
{
    size_t number = street > 1 && text.data[street - 1] == ' ' ? chars_run_back(text, street - 1, C_DIGIT, 6) : street;
    bool alone = number + 1 < street && street - number < 7 && chars_word_starts(text, number) &&
                 !char_is(char_at(text, number - 1), C_DOT | C_DASH | C_PLUS_SLASH | C_EQUALS);
    return alone ? number : street;
}

/* "Vodickova 12, 110 00 Praha": no street's word, but a code and a capitalised word behind the number; the street's
 * start, or `number`. */
static size_t street_by_code(const struct scan *scan, size_t number, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t code = chars_are(text, end, ", ") || chars_are(text, end, "\n") ? chars_run(text, end + 1, C_SPACE, 1) : end;
    size_t after = code > end ? shape_match("%d{3} %d{2}", text, code) : 0;
    if (!after && code > end)
        after = chars_run(text, code, C_DIGIT, 6);
    bool coded = after >= code + 4 && char_at(text, after) == ' ' && address_capital(text, after + 1) &&
                 char_is(char_at(text, after + 2), C_LOWER);
    size_t word = coded && text.data[number - 1] == ' ' ? word_start(text, number - 1) : number;
    bool own = word + 4 < number && address_capital(text, word) &&
               !names_plain(scan_names(scan), bytes_part(text, word, number - 1 - word));
    return own ? word : number;
}

static size_t match_number_last(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t number = chars_run_back(text, end, C_DIGIT, 5);
    if (end - number > 4 || number < 6 ||
        !(char_is(text.data[number - 2], C_ALPHA | C_DOT) || text.data[number - 2] == ',' ||
          text.data[number - 2] >= 0x80))
        return end;
    size_t start = street_before(scan, number);
    if (start == number)
        start = street_by_code(scan, number, end);
    if (start == number || !chars_word_starts(text, start))
        return end;
    struct address block = address_from(scan, start);
    size_t stop = block.end > end ? address_end(&block) : end;
    stop += stop == end && char_is(char_at(text, stop), C_ALPHA) && chars_word_ends(text, stop + 1);
    scan_found(scan, row, number_before(text, start), stop);
    return stop;
}

/* "Elm and 5th", "159 Dimou str and Rennie": capitalised words and numbers from `at`; their end, or `at`. */
static size_t named_end(struct bytes text, size_t at)
{
    size_t end = at;
    for (int words = 0; words < 6; words++) {
        size_t start = end + (words > 0), word = address_word_end(text, start);
        size_t number = chars_run(text, start, C_DIGIT, 6);
        if (words > 0 && char_at(text, end) != ' ')
            break;
        number += number > start && chars_word_of(text, number, "st|nd|rd|th") ? 2 : 0;
        bool named = word > start && (address_capital(text, start) || chars_word_of(text, start, STREET_LOWER));
        if (number == start && !named)
            break;
        end = number > start ? number : word;
        end += char_at(text, end) == '.' && char_at(text, end + 1) == ' ';
    }
    return end;
}

/* "corner of Elm and Main": both streets, and what stands behind the second. */
static size_t match_corner(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t first = named_end(text, end), joint = chars_word_of(text, first + 1, "and|&|und|et|y|e");
    size_t second = first + 1 + joint + 1, stop = joint ? named_end(text, second) : second;
    if (first < end + 2 || stop < second + 2 || char_at(text, first) != ' ')
        return end;
    struct address block = address_from(scan, second);
    scan_found(scan, row, end, address_told(&block) && block.end > stop ? address_end(&block) : stop);
    return stop;
}

/* "Pod Lipami", "Rosa de los Vientos": capitalised words, particles between, of which one is none of the ordinary ones;
 * the blank behind them, or `at`. */
static size_t own_words_end(const struct scan *scan, size_t at)
{
    struct bytes text = scan_text(scan);
    size_t end = at, word = at;
    bool own = false;
    for (int words = 0; words < 6; words++) {
        size_t stop = address_word_end(text, word);
        bool capital = address_capital(text, word),
             joint = words > 0 && chars_word_of(text, word, JOINTS) == stop - word;
        if (stop == word || !(capital || joint))
            break;
        own |= capital && !names_plain(scan_names(scan), bytes_part(text, word, stop - word));
        stop += char_at(text, stop) == '.' && stop - word <= 5;
        if (char_at(text, stop) != ' ')
            break;
        end = capital ? stop : end;
        word = stop + 1;
    }
    return own ? end : at;
}

/* "is on Pod Lipami 1677", "went to Skralia 12, MOSS": words, a house's number, and what else reads like an address. */
static size_t match_said(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t name = own_words_end(scan, end), number = name + 1, stop = chars_run(text, number, C_DIGIT, 5);
    if (name == end || stop == number || stop - number > 4 || !chars_word_ends(text, stop) ||
        char_at(text, stop) == ':' || (char_at(text, stop) == '.' && char_is(char_at(text, stop + 1), C_ALNUM)))
        return end;
    struct address block = address_after(scan, stop);
    size_t last = address_end(&block);
    scan_found(scan, row, end, last > stop ? last : stop);
    return end;
}

/* "in Melbourne 3000": a code behind a town that somebody is said to be in. Years look alike. */
static size_t match_town_code(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 5);
    bool year = end - start == 4 && (chars_are(text, start, "19") || chars_are(text, start, "20"));
    size_t town = start > 1 && text.data[start - 1] == ' ' ? word_start(text, start - 1) : start;
    if (year || town + 4 > start || !address_capital(text, town) || char_at(text, town - 1) != ' ' ||
        char_at(text, end) == ':' || (char_at(text, end) == '.' && char_is(char_at(text, end + 1), C_ALNUM)) ||
        names_plain(scan_names(scan), bytes_part(text, town, start - 1 - town)))
        return end;
    size_t before = word_start(text, town - 1);
    if (chars_word_of(text, before, "in|near|from|at|of") == town - 1 - before)
        scan_found(scan, row, town, end);
    return end;
}

/* "ships to ", "lives at ", "address: ": whatever block with a number follows. */
static size_t match_labelled_address(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    while (at < text.size && at - end < 12 && strchr(" :\n\r\t*\"", text.data[at] ? text.data[at] : 'x'))
        at++;
    at += chars_word_of(text, at, "is|at|in|to") ? 3 : 0;
    if (!char_is(char_at(text, at), C_DIGIT) && !address_capital(text, at))
        return end;
    struct address block = address_from(scan, at);
    bool numbered = char_is(text.data[at], C_DIGIT) && block.words;
    if (!(address_told(&block) || numbered) || block.last - at < 6)
        return end;
    size_t stop = !address_told(&block) && block.loose <= 3 ? block.last : address_end(&block);
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
    scan_found(scan, row, number_before(text, start), whole ? address_end(&block) : stop);
    return stop;
}
static const struct recognizer rows[] = {
    {"address.around", REDACT_ADDRESS, NULL, NULL, NULL, 0.5f, 0, "UPU S42", {0}},
    {"address.number_first",
     REDACT_ADDRESS,
     NULL,
     match_number_first,
     NULL,
     0.98f,
     ROW_LEARN,
     "UPU S42, street words of the countries",
     {1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5, BESIDE_APART, BESIDE_BLANK | BESIDE_COMMA}},
    {"address.number_last",
     REDACT_ADDRESS,
     NULL,
     match_number_last,
     NULL,
     0.94f,
     ROW_LEARN,
     "UPU S42, street words of the countries",
     {1 << 1 | 1 << 2 | 1 << 3 | 1 << 4, BESIDE_BLANK, 0}},
    {"address.corner",
     REDACT_ADDRESS,
     "corner of |intersection of |junction of |crossing of ",
     match_corner,
     NULL,
     0.85f,
     ROW_LIST,
     "prose",
     {0}},
    {"address.said",
     REDACT_ADDRESS,
     "is on |is at |are at |off at |meet at |meet me at |it is |it's |went to |goes to |brought to |lives on |live on "
     "|lived on |located on |located at ",
     match_said,
     NULL,
     0.5f,
     ROW_LIST,
     "prose",
     {0}},
    {"address.labelled",
     REDACT_ADDRESS,
     "address|lives at|live at|lived at|living at|located at|reside at|resides at|residing at|ship to|ships to|deliver "
     "to|delivered to|sent to|mail to|stay at|staying at|moved to|move to|move in at|office at|house at|adresse|"
     "direccion|indirizzo|anschrift|send it to|send them to|mailed to|shipped to|delivery to",
     match_labelled_address,
     NULL,
     0.89f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
    {"address.town_code",
     REDACT_ADDRESS,
     NULL,
     match_town_code,
     NULL,
     0.5f,
     0,
     "UPU: postal codes of the countries",
     {1 << 4 | 1 << 5, BESIDE_BLANK, BESIDE_BLANK | BESIDE_OTHER | BESIDE_DOT}},
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
