/* Postal addresses of many countries. Hides how a block of house number, street, unit, city, region, code and country
 * is read in either order, and how much of it makes it one: a word for a street, a unit, or a code with a known place.
 *
 * Street words: USPS Publication 28, and their counterparts in other languages. */
#include "redaction/names.h"

#include "redaction/shape.h"

#define STATES                                                                                                         \
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|"  \
    "pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|pr"
/* Before the street's own name. */
#define STREET_FIRST                                                                                                   \
    "rue|avenue|boulevard|place|chemin|allee|impasse|quai|route|cours|via|viale|piazza|corso|largo|vicolo|strada|"     \
    "calle|avenida|paseo|plaza|carrera|camino|ronda|rua|travessa|praca|estrada|alameda|rodovia|ulica|aleja|ul|"        \
    "strasse|str|rambla|carrer|calea|bulevardul|ulitsa|prospekt|jalan|jl|jln|cesta|trg|ter|krt|av|avda|pza|blvd"
/* Those that mean nothing else. */
#define STREET_CERTAIN                                                                                                 \
    "rue|via|viale|piazza|calle|avenida|rua|ulica|ul|chemin|corso|strada|avda|carrer|travessa|praca|estrada|vicolo|"   \
    "ulitsa|calea|paseo"
/* Behind it. */
#define STREET_LAST                                                                                                    \
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|circle|cir|parkway|pkwy|"  \
    "highway|hwy|square|sq|trail|trl|crescent|cres|way|plaza|close|grove|gardens|mews|row|walk|parade|esplanade|"      \
    "alley|"                                                                                                           \
    "rise|hill|broadway|streets|drives|roads|mission|loop|run|pike|turnpike|expressway|freeway|causeway|utca|"         \
    "ut|"                                                                                                              \
    "utja|ter|tere|korut|ulica|cesta|pot|vej|gade|vei|gate|plads|alle|weg|gasse|allee|ring|platz|damm|ufer|straat|"    \
    "laan|"                                                                                                            \
    "plein|kade|gracht|dreef|tie|katu|kuja|polku|nam"
/* The same in lower case. */
#define STREET_LOWER "street|avenue|road|drive|lane|boulevard|utca|utja|ulica|straat|gade|katu|gasse|weg|vej|krt|ut"
/* Joined to it; "strase" is how the normaliser folds "straße". */
static const char *const street_endings[] = {
    "strasse", "strase", "gasse",  "weg",    "allee",  "platz", "damm",  "ufer",    "gatan", "vagen",   "gata",
    "stigen",  "veien",  "vegen",  "vej",    "gade",   "alle",  "katu",  "tie",     "kuja",  "polku",   "straat",
    "laan",    "plein",  "gracht", "kade",   "dreef",  "steeg", "utca",  "utja",    "gatu",  "bakken",  "stien",
    "veg",     "backen", "torget", "vangen", "parken", "braut", "plass", "svingen", "sgate", "straede",
};
#define UNITS "suite|ste|apt|apartment|unit|room|floor|fl|building|bldg|flat|appt|appartement|wohnung|etage|piso|depto"
#define PARTICLES                                                                                                      \
    "de|la|le|les|du|des|del|della|delle|dei|di|da|do|dos|das|el|los|las|van|von|der|den|dem|am|an|im|in|auf|zum|zur|" \
    "et|y|e|und|of|the|and|aan|het|ten|ter|pod|na|nad|pri|pri"
#define TOKENS_MOST 28

/* --- one block --- */

struct block_of {
    struct bytes text;
    const struct names *names;
    size_t at;   /* how far it is read */
    size_t end;  /* behind the last part that says what it is */
    size_t last; /* behind the last part */
    unsigned streets, units, codes, places, words, numbers, breaks, loose; /* loose: words since the last evidence */
    bool street_behind; /* the last word is a street's, with its number to come */
    bool street_ahead;  /* the next capitalised word is a street's */
};

/* Letters, also those that the normaliser does not fold ("Straße"). */
static size_t letters_end(struct bytes text, size_t at, size_t most)
{
    size_t end = at;
    while (end < text.size && end - at < most && (char_is(text.data[end], C_ALPHA) || text.data[end] >= 0x80))
        end++;
    return end;
}

static size_t word_end(struct bytes text, size_t at)
{
    size_t end = at;
    do
        end = letters_end(text, end, 32);
    while ((char_at(text, end) == '\'' || char_at(text, end) == '-') && char_is(char_at(text, end + 1), C_ALPHA) &&
           ++end - at < 40);
    return end;
}

static bool has_street_ending(struct bytes word)
{
    for (size_t i = 0; i < sizeof street_endings / sizeof street_endings[0]; i++) {
        size_t size = strlen(street_endings[i]);
        if (word.size >= size + 3 && chars_are(word, word.size - size, street_endings[i]))
            return true;
    }
    return false;
}

/* UK, Canadian, Dutch, Polish and other codes with letters or joints; end or 0. */
static size_t code_end(struct bytes text, size_t at)
{
    static const char *const shapes[] = {
        "%u{1,2}%d{1,2} %d%u{2}", "%u{1,2}%d%u %d%u{2}", "%u%d%u %d%u%d",   "%d{4} %u{2}", "%d{2}-%d{3}",
        "%d{5}-%d{3,4}",          "%d{3} %d{2}",         "%u{1,3}-%d{4,5}", "%d{4}-%d{3}",
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t end = shape_match(shapes[i], text, at);
        if (end && chars_word_ends(text, end))
            return end;
    }
    return 0;
}

static void say(struct block_of *block, unsigned *count, size_t end)
{
    ++*count;
    block->loose = 0;
    block->at = block->last = block->end = end;
}

/* "Apt. 864", "Suite 245", "# 4". */
static bool read_unit(struct block_of *block)
{
    struct bytes text = block->text;
    size_t word = char_at(text, block->at) == '#' && block->streets ? 1 : chars_word_of(text, block->at, UNITS);
    if (!word || !block->words)
        return false;
    size_t value = chars_run(text, block->at + word, C_SPACE | C_DOT, 2);
    value += char_at(text, value) == '#';
    size_t end = chars_run(text, value, C_ALNUM | C_DASH, 8);
    if (end == value || (!char_is(text.data[value], C_DIGIT) && end - value > 1))
        return false;
    say(block, &block->units, end);
    return true;
}

/* A house's number or a postal code. */
static bool read_number(struct block_of *block, bool parted)
{
    struct bytes text = block->text;
    size_t code = code_end(text, block->at), end = chars_run(text, block->at, C_DIGIT, 8), digits = end - block->at;
    if (code && block->words) {
        say(block, &block->codes, code);
        return true;
    }
    if (digits == 0 || digits > 7 || (block->codes && parted))
        return false;
    end += char_is(char_at(text, end), C_ALPHA) && chars_word_ends(text, end + 1);
    if ((char_at(text, end) == '-' || char_at(text, end) == '/') && char_is(char_at(text, end + 1), C_DIGIT))
        end = chars_run(text, end + 1, C_ALNUM, 5);
    if (!chars_word_ends(text, end) || char_at(text, end) == ':' || char_at(text, end) == '%' ||
        (char_at(text, end) == '.' && char_is(char_at(text, end + 1), C_DIGIT)))
        return false;
    if (block->street_behind && digits <= 4 && !parted) {
        say(block, &block->streets, end);
    } else if (digits >= 3 && block->words) {
        say(block, &block->codes, end);
    } else if (!block->words && ++block->numbers > 2) {
        return false; /* a telephone's groups */
    } else {
        block->at = block->last = end;
    }
    return true;
}

/* A word in lower case: "rue", "via" before a street's name, "street", "utca" behind it, or a particle that goes on. */
static bool read_lower(struct block_of *block, size_t end)
{
    struct bytes text = block->text;
    size_t size = end - block->at, next = chars_run(text, end + (char_at(text, end) == '.'), C_SPACE, 1);
    uint8_t follows = char_at(text, next);
    if (block->words && chars_word_of(text, block->at, STREET_LOWER) == size) {
        say(block, &block->streets, end);
        block->street_behind = true;
        return true;
    }
    bool street = chars_word_of(text, block->at, STREET_FIRST) == size;
    bool goes_on = char_is(follows, C_UPPER) || chars_word_of(text, next, PARTICLES);
    if (!goes_on || block->breaks > 3 || !(street || chars_word_of(text, block->at, PARTICLES) == size))
        return false;
    block->street_ahead |= chars_word_of(text, block->at, STREET_CERTAIN) == size;
    block->street_behind |= street;
    block->at = next;
    return true;
}

/* End of the place of the lists that begins with the word that ends at `end`; 0 if it is none. */
static size_t place_end(const struct block_of *block, size_t end)
{
    struct bytes text = block->text;
    size_t stop = end;
    unsigned class = names_class(block->names, bytes_part(text, block->at, end - block->at));
    for (int words = 0; class & WORD_FIRST && words < 3 && char_at(text, stop) == ' '; words++) {
        stop = word_end(text, stop + 1);
        if (names_class(block->names, bytes_part(text, block->at, stop - block->at)) & PLACE_ANY)
            return stop;
    }
    return class & PLACE_ANY ? end : 0;
}

/* A word of a street, a city, a region or a country. */
static bool read_word(struct block_of *block, bool parted)
{
    struct bytes text = block->text;
    size_t end = word_end(text, block->at), size = end - block->at;
    if (size == 0 || !chars_word_ends(text, end))
        return false;
    if (!char_is(text.data[block->at], C_UPPER))
        return read_lower(block, end);
    bool first = chars_word_of(text, block->at, STREET_FIRST) == size && (!parted || block->words == 0);
    bool last = block->words && !parted && chars_word_of(text, block->at, STREET_LAST) == size;
    bool certain = first && chars_word_of(text, block->at, STREET_CERTAIN) == size;
    size_t place = parted || block->streets || block->codes ? place_end(block, end) : 0;
    bool street = last || block->street_ahead || has_street_ending(bytes_part(text, block->at, size));
    end += char_at(text, end) == '.' && size <= 4;
    block->words++;
    block->loose++;
    block->street_ahead = certain;
    if (street)
        say(block, &block->streets, end);
    else if (place)
        say(block, &block->places, place);
    else
        block->at = block->last = end;
    block->street_behind |= street || first;
    return block->loose <= 5;
}

/* Over blanks, commas and line ends to the next part; *parted if there is more than one blank. */
static bool next_part(struct block_of *block, bool *parted)
{
    struct bytes text = block->text;
    size_t at = block->at, lines = 0;
    *parted = false;
    while (at < text.size && at - block->at < 8 &&
           (strchr(" ,\n\r\t", text.data[at] ? text.data[at] : 'x') || (text.data[at] == '>' && lines))) {
        *parted |= text.data[at] != ' ';
        lines += text.data[at++] == '\n';
    }
    if (lines > 2 || (at == block->at && block->words))
        return false;
    block->breaks += *parted;
    block->at = at;
    return true;
}

/* Reads on as long as it is what stands in addresses. */
static void read_block(struct block_of *block)
{
    bool parted = false, again = block->words > 0;
    for (int tokens = 0; tokens < TOKENS_MOST && block->at < block->text.size; tokens++) {
        size_t before = block->at;
        if ((tokens || again) && !next_part(block, &parted))
            break;
        if (!read_unit(block) && !read_number(block, parted) && !read_word(block, parted))
            break;
        if (block->at == before)
            break;
    }
}

/* Does the block say of itself that it is an address? */
static bool is_address(const struct block_of *block)
{
    return block->streets || (block->units && block->words) || (block->codes && block->places) ||
           (block->codes && block->breaks >= 3);
}

/* Where the block ends: behind its last evidence, or behind a city or a region that ends the line after it. */
static size_t block_end(const struct block_of *block)
{
    uint8_t behind = char_at(block->text, block->last), next = char_at(block->text, block->last + 1);
    bool ends = behind == 0 || behind == '\n' || behind == '\r' || (behind == '.' && !char_is(next, C_WORD));
    return ends && block->loose <= 3 && block->breaks ? block->last : block->end;
}

static struct block_of block_from(struct scan *scan, size_t at)
{
    struct block_of block = {.text = scan_text(scan), .names = scan_names(scan), .at = at, .end = at, .last = at};
    read_block(&block);
    return block;
}

/* --- where one may begin --- */

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
    struct block_of block = block_from(scan, start);
    if (!is_address(&block) || !block.words)
        return end;
    scan_found(scan, row, start, block_end(&block));
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
        size_t size = word_end(text, word) - word;
        if (size == 0)
            break;
        bool capital = char_is(text.data[word], C_UPPER), first = chars_word_of(text, word, STREET_FIRST) == size;
        if (words == 0 && (capital || size >= 8) && has_street_ending(bytes_part(text, word, size)))
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
    struct block_of block = block_from(scan, start);
    size_t stop = block.end > end ? block_end(&block) : end;
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
    struct block_of block = block_from(scan, at);
    bool numbered = char_is(text.data[at], C_DIGIT) && block.words;
    if (!(is_address(&block) || numbered) || block.last - at < 6)
        return end;
    size_t stop = numbered && block.loose <= 3 ? block.last : block_end(&block);
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
    struct block_of block = {
        .text = text, .names = scan_names(scan), .at = stop, .end = stop, .last = stop, .words = 1};
    read_block(&block);
    bool whole = block.codes || block.places;
    scan_found(scan, row, start, whole ? block.end : stop);
    return stop;
}

/* --- by the street's word: any case --- */

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
