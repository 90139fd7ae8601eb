/* The walk over capitalised words: only there a table is asked, so that text without capitals costs little. Hides how
 * much evidence makes a name of a person: listed words, initials, endings, and what persons do. */
#include "redaction/names.h"

#include "redaction/block.h"

extern const struct recognizer name_rows[];
enum {
    ROW_FULL,
    ROW_GIVEN,
    ROW_FAMILY,
    ROW_INITIAL,
    ROW_SHAPED,
    ROW_ACTING,
    ROW_PAIR,
    ROW_UNKNOWN,
    ROW_FIRST
}; /* the first of name_rows */

#define PARTICLES "van|von|de|der|den|la|da|dos|del|di|bin|al|ibn|el|ter|ten|le|du|af|av"

/* --- words --- */

size_t name_word(struct bytes text, size_t at)
{
    if (!char_is(char_at(text, at), C_UPPER) || !chars_word_starts(text, at))
        return 0;
    size_t end = at + 1;
    for (;;) {
        end = chars_run(text, end, C_ALPHA, 40);
        uint8_t joint = char_at(text, end);
        if ((joint != '\'' && joint != '-') || !char_is(char_at(text, end + 1), C_UPPER) || end - at > 40)
            break;
        end++;
    }
    uint8_t behind = char_at(text, end);
    bool code = char_is(behind, C_DIGIT | C_UNDER) ||
                (strchr(".(=/+", behind ? behind : 'x') && char_is(char_at(text, end + 1), C_ALNUM)) || behind == '=';
    return code || end - at < 2 ? 0 : end;
}

/* Over a blank, or a line's end that only wraps a sentence, another word may follow. */
static bool goes_on(struct bytes text, size_t end)
{
    return char_at(text, end) == ' ' || chars_wraps(text, end);
}

static struct bytes word_at(const struct scan *scan, size_t at, size_t end)
{
    return bytes_part(scan->text, at, end - at);
}

static unsigned class_at(const struct scan *scan, size_t at, size_t end)
{
    return names_class(scan->names, word_at(scan, at, end));
}

/* Written as names are, on no list, and no ordinary word. */
static bool is_unknown(const struct scan *scan, size_t at, size_t end)
{
    size_t lower = chars_run(scan->text, at + 1, C_LOWER, 40);
    bool joined = char_at(scan->text, lower) == '-' || char_at(scan->text, lower) == '\'';
    bool written = end - at >= 3 && lower > at + 1 &&
                   (lower == end || joined || chars_are(scan->text, at, "mc") || chars_are(scan->text, at, "mac"));
    return written && class_at(scan, at, end) == 0 && !names_plain(scan->names, word_at(scan, at, end)) &&
           !(joined && !(class_at(scan, at, lower) & NAME_ANY) && names_plain(scan->names, word_at(scan, at, lower)));
}

/* "J. ", "J ", "J.": one initial at `at`; where the next word may begin, or `at`. */
static size_t skip_initial(struct bytes text, size_t at)
{
    if (!char_is(char_at(text, at), C_UPPER) || !chars_word_starts(text, at))
        return at;
    size_t next = at + 1 + (char_at(text, at + 1) == '.');
    if (char_at(text, next) == ' ' && char_is(char_at(text, next + 1), C_UPPER))
        return text.data[at] == 'I' && next == at + 1 ? at : next + 1;
    return next == at + 2 && char_is(char_at(text, next), C_UPPER) ? next : at;
}

/* Past "J. ", "van der ", "de la ": what may stand between the parts of a name. */
static size_t skip_joint(struct bytes text, size_t at)
{
    for (int i = 0; i < 2; i++) {
        size_t next = skip_initial(text, at);
        if (next == at)
            break;
        at = next;
    }
    for (int i = 0; i < 2 && char_is(char_at(text, at), C_LOWER); i++) {
        size_t size = chars_word_of(text, at, PARTICLES);
        if (size == 0 || char_at(text, at + size) != ' ')
            break;
        at += size + 1;
    }
    return at + (chars_are(text, at, "d'") && char_is(char_at(text, at + 2), C_UPPER) ? 2 : 0);
}

/* --- context --- */

/* "San Diego", "Lake Victoria", "St. Louis": a name that is part of a place. */
static bool in_place(struct bytes text, size_t at)
{
    return chars_near_before(text, at, 6, "san |santa |saint |st. |fort |lake |mount |port |los |las |new ");
}

/* "/Mia", "$Mia", "x.Mia": a path or code; "+Mia": base64. */
static bool in_code(struct bytes text, size_t at)
{
    uint8_t before = char_at(text, at - 1);
    return at > 0 && (before == '/' || before == '\\' || before == '$' || before == '.' || before == '.' ||
                      before == '+' || before == 0);
}

/* "Jensen's inequality", "the Hansen test": the name of a method is no mention of a person. */
static bool names_method(struct bytes text, size_t end)
{
    static const char methods[] =
        "theorem|theorems|inequality|lemma|formula|formulas|formulae|identity|identities|law|rule|method|algorithm|"
        "test|"
        "distribution|conjecture|constant|function|functions|equation|equations|number|numbers|series|transform|matrix|"
        "space|criterion|sequence|triangle|circle|line|point|problem|principle|paradox|hypothesis|coefficient|model|"
        "process|polynomial|polynomials|expansion|sum|product|integral|sieve|descent|reciprocity|center|notation";
    size_t at = end + (char_at(text, end) == '\'' && char_at(text, end + 1) == 's' ? 2 : 0);
    at += char_at(text, end) == '-' ? 1 : 0;
    if (char_at(text, at) == ' ')
        at++;
    return at > end && chars_word_of(text, at, methods) > 0;
}

/* Does what follows say that a person stands before it? */
static bool acts(struct bytes text, size_t end)
{
    static const char acts_of_persons[] =
        "said|says|told|asked|replied|answered|lives|lived|married|died|thinks|thought|loves|loved|hates|smiled|"
        "laughed|"
        "phoned|emailed|texted|whispered|shouted|wrote|writes|wants|wanted|likes|liked|knows|knew|believes|grew|"
        "studied|"
        "graduated|retired|moved|arrived|drove|felt|feels|teaches|taught|sings|sang|plays|played|starred|directed|who|"
        "whose|was born|is survived|and i|and his|and her";
    return char_at(text, end) == ' ' && chars_word_of(text, end + 1, acts_of_persons) > 0;
}

/* "my friend ", "by ", "actor ": does a person come next? */
static bool presented(struct bytes text, size_t at)
{
    static const char words[] =
        "by|friend|wife|husband|brother|sister|son|daughter|mother|father|uncle|aunt|cousin|nephew|niece|partner|"
        "colleague|boss|neighbor|neighbour|girlfriend|boyfriend|fiance|fiancee|actor|actress|singer|author|writer|"
        "director|"
        "president|minister|senator|chancellor|governor|mayor|judge|professor|doctor|captain|colonel|general|sergeant|"
        "officer|coach|chef|artist|painter|poet|composer|producer|manager|teacher|nurse|patient|named|called|name|ceo|"
        "cto|"
        "founder|king|queen|prince|princess|saint|sir|lady|lord|starring|featuring|feat|comrade|met|marry|married|dear";
    if (char_at(text, at - 1) != ' ')
        return false;
    size_t word = chars_run_back(text, at - 1, C_ALPHA, 16);
    return word < at - 1 && chars_word_of(text, word, words) == at - 1 - word;
}

/* "Mia, Grace and Max": does a name that was found just now end before a comma or "and"? */
static bool enumerated(const struct scan *scan, size_t at)
{
    const struct finds *finds = scan->finds;
    size_t end = finds->count ? finds->items[finds->count - 1].end : 0;
    if (!end || end >= at || finds->items[finds->count - 1].type != REDACT_NAME)
        return false;
    struct bytes between = bytes_part(scan->text, end, at - end);
    return bytes_is(between, ", ") || bytes_is(between, " and ") || bytes_is(between, ", and ") ||
           bytes_is(between, " & ");
}

/* "White and Hoffman", "Stone, Jensen and Wood": does a family name that is nothing else follow a comma or "and"? */
static bool enumerates(const struct scan *scan, size_t end)
{
    size_t joint = chars_are(scan->text, end, ", ") ? 2 : chars_are(scan->text, end, " and ") ? 5 : 0;
    size_t stop = joint ? name_word(scan->text, end + joint) : 0;
    unsigned class = stop ? class_at(scan, end + joint, stop) : 0;
    return class & NAME_FAMILY && !(class & (NAME_COMMON | WORD_PLAIN));
}

/* --- evidence --- */

/* Extend a name that ends at `end` by the words that follow, as long as they are names; *evidence collects classes. */
static size_t extend(const struct scan *scan, size_t end, unsigned *evidence)
{
    for (int words = 0; words < 3; words++) {
        if (!goes_on(scan->text, end))
            break;
        size_t at = skip_joint(scan->text, end + 1);
        size_t stop = name_word(scan->text, at);
        if (stop == 0)
            break;
        unsigned class = class_at(scan, at, stop);
        bool listed = class & NAME_FAMILY || (class & NAME_GIVEN && !(class & NAME_COMMON));
        bool unknown = words < 2 && is_unknown(scan, at, stop);
        bool joined = char_is(char_at(scan->text, end + 1), C_LOWER) && char_is(char_at(scan->text, at + 1), C_LOWER);
        if (!listed && !unknown && !joined) /* whatever a particle leads to is of the name */
            break;
        *evidence |= class ? class : NAME_FAMILY;
        end = stop;
    }
    return end;
}

/* "J. R. Smith", "J.R. Smith": where the initials before `at` begin, or `at`. */
static size_t initials_before(struct bytes text, size_t at)
{
    size_t start = at;
    for (int i = 0; i < 3 && start >= 2; i++) {
        size_t letter = start - 2 - (text.data[start - 1] == ' ' && start >= 3);
        if (!char_is(text.data[letter], C_UPPER) || text.data[letter + 1] != '.' || !chars_word_starts(text, letter))
            break;
        start = letter;
    }
    return start;
}

/* A family name whose given name is written behind ("Smith, John"); its end, or 0. */
static size_t given_behind(const struct scan *scan, size_t end)
{
    if (char_at(scan->text, end) != ',' || char_at(scan->text, end + 1) != ' ')
        return 0;
    size_t stop = name_word(scan->text, end + 2);
    unsigned class = stop ? class_at(scan, end + 2, stop) : 0;
    return class & NAME_GIVEN && !(class & NAME_COMMON) ? stop : 0;
}

/* A family name without a given name before it. */
static size_t consider_family(struct scan *scan, size_t at, size_t end, bool clear)
{
    size_t initials = initials_before(scan->text, at), behind = given_behind(scan, end);
    if (initials < at) {
        scan_found(scan, &name_rows[ROW_INITIAL], initials, end);
        return end;
    }
    if (behind) {
        scan_found(scan, &name_rows[ROW_FULL], at, behind);
        return behind;
    }
    bool certain = clear && end - at >= 4 && char_is(scan->text.data[at + 1], C_LOWER);
    if (certain && !names_method(scan->text, end))
        scan_found(scan, &name_rows[ROW_FAMILY], at, end);
    return certain ? end : 0;
}

/* A word that the lists have as a name. */
static size_t consider_listed(struct scan *scan, size_t at, size_t end, unsigned class)
{
    unsigned evidence = 0;
    size_t stop = extend(scan, end, &evidence);
    bool code = end - at <= 3 && char_is(scan->text.data[at + 1], C_UPPER); /* "MIA" is an airport */
    bool clear = class & NAME_GIVEN && !(class & NAME_COMMON) && !code;
    bool family_first =
        class & NAME_FAMILY && !(class & NAME_COMMON) && evidence & NAME_GIVEN && !(evidence & NAME_COMMON);
    bool paired = class & NAME_GIVEN && evidence & NAME_FAMILY && !(evidence & NAME_COMMON);
    if (stop > end && (clear || family_first || paired)) {
        scan_found(scan, &name_rows[ROW_FULL], at, stop);
        return stop;
    }
    if (clear && !names_method(scan->text, end)) {
        scan_found(scan, &name_rows[ROW_GIVEN], at, end);
        return end;
    }
    size_t family = class & NAME_FAMILY ? consider_family(scan, at, end, !(class & NAME_COMMON)) : 0;
    bool cased = char_is(char_at(scan->text, at + 1), C_LOWER);
    bool shown = acts(scan->text, end) || presented(scan->text, at);
    bool listed = enumerated(scan, at) || (class & NAME_FAMILY && enumerates(scan, end));
    if (family || !cased || !((class & NAME_GIVEN && shown) || listed))
        return family;
    scan_found(scan, &name_rows[ROW_ACTING], at, end);
    return end;
}

/* Two words, the first of which no list has. The end of the second, and the row that they are evidence for. */
static size_t second_word(const struct scan *scan, size_t end, int *row)
{
    size_t at = goes_on(scan->text, end) ? skip_joint(scan->text, end + 1) : end;
    size_t stop = at > end ? name_word(scan->text, at) : 0;
    if (!stop)
        return 0;
    unsigned class = class_at(scan, at, stop);
    bool unknown = is_unknown(scan, at, stop), clear = class & NAME_ANY && !(class & NAME_COMMON);
    bool joined = at > end + 1;
    if (!unknown && !clear && !(class & NAME_FAMILY && joined))
        return 0;
    *row = joined ? ROW_INITIAL : clear || names_family_shape(word_at(scan, at, stop)) ? ROW_SHAPED : ROW_PAIR;
    return stop;
}

/* Where any word has a capital: a sentence, a line, a title, a quotation begins. */
static bool begins(struct bytes text, size_t at)
{
    uint8_t before = at > 1 ? text.data[at - 2] : 0;
    return char_at(text, at - 1) != ' ' ||
           !(char_is(before, C_ALNUM) || before == ',' || before == '&' || before >= 0x80);
}

/* "Kelmont Garden": up to two capitalised words that go with the one that ends at `end`. */
static size_t capitals_end(struct bytes text, size_t end)
{
    for (int words = 0; words < 2 && goes_on(text, end); words++) {
        size_t at = skip_joint(text, end + 1), stop = name_word(text, at);
        if (!stop || !char_is(char_at(text, at + 1), C_LOWER))
            break;
        end = stop;
    }
    return end;
}

/* A word on no list: a name if it goes with one, ends as one, or does what persons do. */
static size_t consider_unknown(struct scan *scan, size_t at, size_t end)
{
    int row = ROW_ACTING;
    size_t stop = second_word(scan, end, &row);
    size_t third = stop && row == ROW_PAIR ? second_word(scan, stop, &row) : 0;
    bool shaped = names_family_shape(word_at(scan, at, end));
    stop = third ? third : stop ? stop : end;
    if ((row == ROW_PAIR || stop == end) && (acts(scan->text, stop) || presented(scan->text, at)))
        row = ROW_ACTING;
    else if (row == ROW_PAIR && shaped)
        row = ROW_SHAPED;
    else if (stop == end && shaped)
        return consider_family(scan, at, end, true);
    else if (stop == end && initials_before(scan->text, at) < at)
        return consider_family(scan, at, end, false);
    else if (stop == end)
        row = ROW_UNKNOWN;
    if (names_method(scan->text, stop))
        return 0;
    if (row == ROW_UNKNOWN) {
        stop = capitals_end(scan->text, stop);
        row = begins(scan->text, at) ? ROW_FIRST : ROW_UNKNOWN;
    }
    scan_found(scan, &name_rows[row], at, stop);
    return stop;
}

static size_t consider(struct scan *scan, size_t at)
{
    size_t end = name_word(scan->text, at);
    if (end == 0)
        return at + 1;
    if (in_code(scan->text, at))
        return end;
    unsigned class = class_at(scan, at, end);
    size_t stop = 0;
    size_t front = class == 0 ? chars_run(scan->text, at, C_ALPHA, 40) : end;
    if (front < end && scan->text.data[front] == '-')
        class = class_at(scan, at, front) & (NAME_ANY | NAME_COMMON); /* "Anne-Marie" */
    else if (class == 0 && scan->text.data[end - 1] == 's')
        class = class_at(scan, at, end - 1) & PEOPLE_ANY; /* "Slovenians" */
    if (class & NAME_ANY && !in_place(scan->text, at))
        stop = consider_listed(scan, at, end, class);
    else if (class == 0 && is_unknown(scan, at, end) && !in_place(scan->text, at))
        stop = consider_unknown(scan, at, end);
    if (!stop && class & (PLACE_ANY | PEOPLE_ANY | WORD_FIRST))
        stop = places_consider(scan, at, end, class);
    return stop ? stop : end;
}

void names_scan(struct scan *scan)
{
    struct bytes text = scan->text;
    size_t next = 0; /* where the last word ended */
    for (size_t base = 0; base < text.size; base += 64) {
        struct block block = block_at(text, base);
        for (uint64_t hits = block_between(&block, 'A', 'Z'); hits; hits &= hits - 1) {
            size_t at = base + (size_t)__builtin_ctzll(hits);
            if (at >= next && char_is(char_at(text, at + 1), C_LOWER | C_UPPER))
                next = consider(scan, at);
        }
    }
}
