/* Reads one block of a postal address, token by token. Hides what each part may look like and what it is evidence for.
 */
#include "redaction/address.h"

#include "redaction/address_words.h"
#include "redaction/shape.h"

#define TOKENS_MOST 28
#define GAP_MOST 16 /* bytes between two parts */

/* Joined to it; "strase" is how the normaliser folds "straße". */
#define E(text)                                                                                                        \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }
static const struct ending {
    const char *text;
    size_t size;
} street_endings[] = {
    E("strasse"), E("strase"),   E("gasse"),   E("weg"),    E("allee"),  E("platz"),  E("damm"),   E("ufer"),
    E("gatan"),   E("vagen"),    E("gata"),    E("stigen"), E("veien"),  E("vegen"),  E("vej"),    E("gade"),
    E("alle"),    E("katu"),     E("tie"),     E("kuja"),   E("polku"),  E("straat"), E("laan"),   E("plein"),
    E("gracht"),  E("kade"),     E("dreef"),   E("steeg"),  E("utca"),   E("utja"),   E("gatu"),   E("bakken"),
    E("stien"),   E("veg"),      E("backen"),  E("torget"), E("vangen"), E("parken"), E("braut"),  E("plass"),
    E("svingen"), E("sgate"),    E("straede"), E("gaten"),  E("kroken"), E("tunet"),  E("vollen"), E("straeti"),
    E("vaenget"), E("toften"),   E("singel"),  E("dijk"),   E("kaari"),  E("raitti"), E("aukio"),  E("graben"),
    E("steig"),   E("chaussee"), E("twiete"),
};
#undef E

/* Letters, also those that the normaliser does not fold ("Straße"). */
static size_t letters_end(struct bytes text, size_t at, size_t most)
{
    size_t end = at;
    while (end < text.size && end - at < most && (char_is(text.data[end], C_ALPHA) || text.data[end] >= 0x80))
        end++;
    return end;
}

size_t address_word_end(struct bytes text, size_t at)
{
    size_t end = at;
    do
        end = letters_end(text, end, 32);
    while ((char_at(text, end) == '\'' || char_at(text, end) == '-') && char_is(char_at(text, end + 1), C_ALPHA) &&
           ++end - at < 40);
    return end;
}

bool address_street_ends(struct bytes word)
{
    uint8_t last = word.size ? char_lower(word.data[word.size - 1]) : 0;
    for (size_t i = 0; i < sizeof street_endings / sizeof street_endings[0]; i++) {
        const struct ending *ending = &street_endings[i];
        if (last == (uint8_t)ending->text[ending->size - 1] && word.size >= ending->size + 3 &&
            chars_are(word, word.size - ending->size, ending->text))
            return true;
    }
    return false;
}

/* U+0386 to U+03AB and U+0400 to U+042F are capitals; what else the normaliser leaves has no case or is rare. */
static bool is_capital(struct bytes text, size_t at)
{
    uint8_t lead = char_at(text, at), next = char_at(text, at + 1);
    return char_is(lead, C_UPPER) || (lead == 0xce && next >= 0x86 && next <= 0xab) ||
           (lead == 0xd0 && next >= 0x80 && next <= 0xaf);
}

bool address_capital(struct bytes text, size_t at)
{
    if (is_capital(text, at))
        return true;
    size_t article = chars_run(text, at, C_LOWER, 4);
    return char_at(text, article) == '\'' && is_capital(text, article + 1) &&
           chars_word_of(text, at, "d|l|dell|dall|nell|all");
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

static void say(struct address *block, unsigned *count, size_t end)
{
    ++*count;
    block->loose = 0;
    block->at = block->last = block->end = end;
}

/* "Apt. 864", "Suite 245", "# 4". */
static bool read_unit(struct address *block)
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

/* "34th floor", "2. th", "3o izq.": which floor, and which door on it. */
static bool read_floor(struct address *block)
{
    static const char doors[] = "floor|fl|th|tv|mf|sal|etage|piso|izq|izda|dcha|stock|og|andar|kat";
    struct bytes text = block->text;
    size_t number = chars_run(text, block->at, C_DIGIT, 3), ordinal = chars_word_of(text, number, "st|nd|rd|th|o|a");
    size_t word = number + ordinal + (char_at(text, number + ordinal) == '.');
    if (number == block->at || word == number || char_at(text, word) != ' ' || !block->words)
        return false;
    size_t door = chars_word_of(text, word + 1, doors), end = word + 1 + door;
    if (door)
        say(block, &block->units, end + (char_at(text, end) == '.' && char_at(text, end + 1) == ','));
    return door > 0;
}

/* Behind a house's number: "12b", "12 bis", "15/B", "8-10", "104/6". */
static size_t number_rest(struct bytes text, size_t end)
{
    size_t bis = char_at(text, end) == ' ' ? chars_word_of(text, end + 1, "bis|ter|quater") : 0;
    if (bis)
        return end + 1 + bis;
    end += char_is(char_at(text, end), C_ALPHA) && chars_word_ends(text, end + 1);
    if ((char_at(text, end) == '-' || char_at(text, end) == '/') && char_is(char_at(text, end + 1), C_DIGIT))
        return chars_run(text, end + 1, C_ALNUM, 5);
    bool door = char_at(text, end) == '/' && char_is(char_at(text, end + 1), C_UPPER) && chars_word_ends(text, end + 2);
    return end + (door ? 2 : 0);
}

/* A house's number or a postal code. */
static bool read_number(struct address *block, bool parted)
{
    struct bytes text = block->text;
    size_t code = code_end(text, block->at), end = chars_run(text, block->at, C_DIGIT, 8), digits = end - block->at;
    if (code && block->words) {
        say(block, &block->codes, code);
        return true;
    }
    if (digits == 0 || digits > 7 || (block->codes && parted))
        return false;
    end = number_rest(text, end);
    if (!chars_word_ends(text, end) || char_at(text, end) == ':' || char_at(text, end) == '%' ||
        (char_at(text, end) == '.' && char_is(char_at(text, end + 1), C_DIGIT)))
        return false;
    bool between = block->numbers && block->words && block->words <= 3 && !parted && !block->breaks && !block->around;
    bool year = digits == 4 && (chars_are(text, end - 4, "19") || chars_are(text, end - 4, "20"));
    if (between && !year && char_is(text.data[end - 1], C_DIGIT)) /* "70s" is no house's number */
        block->around = end;
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

bool address_street_word(struct bytes text, size_t at, size_t size)
{
    bool pointed = char_at(text, at + size) == '.' && chars_word_of(text, at, STREET_POINTED) == size;
    return pointed || chars_word_of(text, at, STREET_FIRST) == size;
}

/* Is what follows the street's name: behind a word that means nothing else, a short one with its point, or one behind
 * the house's number ("5 boulevard Bryas", "12 Place de la Gare")? */
static bool leads_to_name(const struct address *block, size_t size, size_t next)
{
    struct bytes text = block->text;
    if (chars_word_of(text, block->at, STREET_CERTAIN) == size ||
        (char_at(text, block->at + size) == '.' && chars_word_of(text, block->at, STREET_POINTED) == size))
        return true;
    bool lower = char_is(text.data[block->at], C_LOWER), romance = chars_word_of(text, next, "de|du|des|d|la|le|les");
    bool alone = chars_word_of(text, block->at, "avenue|boulevard|impasse|quai") == size;
    return block->numbers && !block->words && (lower || romance || alone) &&
           chars_word_of(text, block->at, STREET_ROMANCE) == size;
}

/* A word in lower case: "rue", "via" before a street's name, "street", "utca" behind it, or a particle that goes on. */
static bool read_lower(struct address *block, size_t end)
{
    struct bytes text = block->text;
    size_t size = end - block->at, point = end + (char_at(text, end) == '.' && size <= 4);
    size_t next = chars_run(text, point, C_SPACE, 1);
    if (block->words && (size > 1 || point > end) && chars_word_of(text, block->at, STREET_LOWER) == size) {
        say(block, &block->streets, point);
        block->street_behind = true;
        return true;
    }
    if (block->street_ahead && block->numbers && chars_word_of(text, block->at, JOINTS) != size) {
        block->street_ahead = false; /* "avenida praia 1": all in lower case */
        block->words++;
        say(block, &block->streets, end);
        return true;
    }
    bool street = address_street_word(text, block->at, size);
    bool joint = chars_word_of(text, block->at, JOINTS) == size || (block->street_ahead && address_capital(text, next));
    bool ahead = street && leads_to_name(block, size, next);
    bool lower =
        block->numbers && (block->street_ahead || (ahead && size > 2 && !chars_word_of(text, block->at, "via")));
    bool goes_on = address_capital(text, next) || chars_word_of(text, next, JOINTS) ||
                   ((lower || ahead) && char_is(char_at(text, next), C_LOWER));
    if (!goes_on || block->breaks > 3 || !(street || joint))
        return false;
    block->street_ahead |= ahead;
    block->street_behind |= street;
    block->at = point;
    return true;
}

/* "nan", "n/a": a part of a record that has none. */
static bool read_missing(struct address *block, bool parted)
{
    size_t size = parted && block->words ? chars_word_of(block->text, block->at, MISSING) : 0;
    block->at += size;
    return size > 0;
}

/* End of the place of the lists that begins with the word that ends at `end`; 0 if it is none. */
static size_t place_end(const struct address *block, size_t end)
{
    struct bytes text = block->text;
    size_t stop = end;
    unsigned class = names_class(block->names, bytes_part(text, block->at, end - block->at));
    for (int words = 0; class & WORD_FIRST && words < 3 && char_at(text, stop) == ' '; words++) {
        stop = address_word_end(text, stop + 1);
        if (names_class(block->names, bytes_part(text, block->at, stop - block->at)) & PLACE_ANY)
            return stop;
    }
    return class & PLACE_ANY ? end : 0;
}

/* A word of a street, a city, a region or a country. */
static bool read_word(struct address *block, bool parted)
{
    struct bytes text = block->text;
    size_t end = address_word_end(text, block->at), size = end - block->at;
    if (size == 0 || !chars_word_ends(text, end) || char_at(text, end) == ':')
        return false;
    if (!address_capital(text, block->at))
        return read_lower(block, end);
    bool first = (!parted || block->words == 0) && address_street_word(text, block->at, size);
    bool last = block->words && !parted && chars_word_of(text, block->at, STREET_LAST) == size;
    bool ahead = first && leads_to_name(block, size, end + 1 + (char_at(text, end) == '.'));
    size_t place = parted || block->streets || block->codes ? place_end(block, end) : 0;
    bool street = last || block->street_ahead || address_street_ends(bytes_part(text, block->at, size));
    end += char_at(text, end) == '.' && size <= 4;
    block->words++;
    block->loose++;
    block->street_ahead = ahead;
    if (street)
        say(block, &block->streets, end);
    else if (place)
        say(block, &block->places, place);
    else
        block->at = block->last = end;
    block->street_behind |= street || first;
    return block->loose <= 5;
}

size_t address_skip_mark(struct bytes text, size_t at)
{
    size_t mark = at;
    while (mark < text.size && mark - at < 4 && strchr(">?*#|", text.data[mark] ? text.data[mark] : 'x'))
        mark++;
    return char_at(text, mark) == ' ' || char_at(text, at) == '>' ? mark : at;
}

/* Over blanks, commas and line ends to the next part; *parted if there is more than one blank. */
static bool next_part(struct address *block, bool *parted)
{
    struct bytes text = block->text;
    size_t from = block->at, lines = 0;
    bool numbered = block->street_behind && !block->codes && from > 0 && char_is(text.data[from - 1], C_DIGIT);
    from += numbered && char_at(text, from) == '.' && !char_is(char_at(text, from + 1), C_WORD); /* "u. 12." */
    size_t at = from;
    *parted = false;
    while (at < text.size && at - from < GAP_MOST && (char_is(text.data[at], C_SPACE) || text.data[at] == ',')) {
        bool line = text.data[at] == '\n';
        *parted |= text.data[at] != ' ' && !chars_wraps(text, at);
        at = line ? address_skip_mark(text, at + 1) : at + 1;
        lines += line;
    }
    if (lines > 2 || (at == block->at && block->words))
        return false;
    block->breaks += *parted;
    block->at = at;
    return true;
}

/* Reads on as long as it is what stands in addresses. */
static void read_block(struct address *block)
{
    bool parted = false, again = block->words > 0;
    for (int tokens = 0; tokens < TOKENS_MOST && block->at < block->text.size; tokens++) {
        size_t before = block->at;
        if ((tokens || again) && !next_part(block, &parted))
            break;
        if (!read_unit(block) && !read_floor(block) && !read_number(block, parted) && !read_missing(block, parted) &&
            !read_word(block, parted))
            break;
        if (block->at == before)
            break;
    }
}

bool address_told(const struct address *block)
{
    return block->streets || (block->units && block->words) || (block->codes && block->places) ||
           (block->codes && block->breaks >= 3);
}

bool address_likely(const struct address *block)
{
    return block->around && block->last > block->around;
}

size_t address_end(const struct address *block)
{
    uint8_t behind = char_at(block->text, block->last), next = char_at(block->text, block->last + 1);
    bool ends = behind == 0 || behind == '\n' || behind == '\r' || behind == '?' || behind == '!' ||
                (behind == '.' && !char_is(next, C_WORD));
    bool several = block->breaks || block->units || block->places;
    return ends && block->loose <= 3 && several ? block->last : block->end > block->around ? block->end : block->around;
}

struct address address_from(struct scan *scan, size_t at)
{
    struct address block = {.text = scan_text(scan), .names = scan_names(scan), .at = at, .end = at, .last = at};
    read_block(&block);
    return block;
}

struct address address_after(struct scan *scan, size_t at)
{
    struct address block = {
        .text = scan_text(scan), .names = scan_names(scan), .at = at, .end = at, .last = at, .words = 1};
    read_block(&block);
    return block;
}
