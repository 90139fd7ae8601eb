/* Surrogates of names. Hides the lists of words, and that a word has one surrogate wherever it stands, so that a
 * person's first name, whole name and e-mail address stay one person's. */
#include "redaction/names.h"
#include "redaction/surrogate.h"

/* Written for this project. */
static const char *const feminine[] = {
    "Nora",   "Clara",  "Elena",  "Marta",    "Julia",   "Irene", "Paula",  "Helena", "Vera",      "Livia",
    "Amelia", "Teresa", "Sabine", "Annika",   "Camille", "Flora", "Ingrid", "Judith", "Katrin",    "Leonie",
    "Mirela", "Nadine", "Odile",  "Petra",    "Rosalie", "Selma", "Tamara", "Ulrike", "Valentina", "Yvonne",
    "Agnes",  "Beate",  "Cecile", "Dorothea", "Edith",   "Freya", "Gloria", "Hedda",  "Ines",      "Johanna",
};
static const char *const other_given[] = {
    "Adrian", "Bruno",  "Conrad", "Dario",  "Edgar",   "Fabian",     "Gregor",  "Henrik", "Ivo",     "Jonas",
    "Kilian", "Lorenz", "Magnus", "Niklas", "Oskar",   "Pascal",     "Quentin", "Rainer", "Silvan",  "Tobias",
    "Urban",  "Victor", "Walter", "Xaver",  "Yannick", "Anton",      "Basil",   "Casper", "Damian",  "Emil",
    "Felix",  "Gustav", "Harald", "Igor",   "Joachim", "Konstantin", "Leander", "Moritz", "Norbert", "Philip",
};
static const char *const fronts[] = {
    "Ash",   "Birch", "Brook", "Calder", "Clay",  "Copper", "Dale",   "Elm",    "Fair",   "Fern",
    "Garn",  "Hart",  "Hazel", "High",   "Holm",  "Kings",  "Lark",   "Linden", "Long",   "Marsh",
    "Mill",  "North", "Oak",   "Pem",    "Raven", "Red",    "Rowan",  "Sedge",  "Sommer", "Stan",
    "Thorn", "Under", "Wald",  "West",   "Whit",  "Willow", "Winter", "Wood",
};
static const char *const backs[] = {
    "bridge", "burn", "by",    "combe", "cott",  "dale", "den",  "er",    "field", "ford",
    "gate",   "ham",  "hurst", "land",  "ley",   "low",  "man",  "mere",  "more",  "ridge",
    "stead",  "ster", "stone", "ton",   "water", "well", "wick", "worth",
};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static void draw_feminine(struct random random, struct buf *out)
{
    buf_add_str(out, feminine[random_below(random, COUNT(feminine))]);
}

static void draw_given(struct random random, struct buf *out)
{
    buf_add_str(out, other_given[random_below(random, COUNT(other_given))]);
}

/* 38 x 28 names: of families, places, streets and firms. */
static void draw_compound(struct random random, struct buf *out)
{
    buf_add_str(out, fronts[random_below(random, COUNT(fronts))]);
    buf_add_str(out, backs[random_below(random, COUNT(backs))]);
}

static bool ends_with(struct bytes word, const char *ending)
{
    size_t size = strlen(ending);
    return word.size > size && chars_are(word, word.size - size, ending);
}

static bool is_feminine(struct bytes word)
{
    static const char *const endings[] = {"a", "ine", "elle", "ette", "ie", "lyn", "eth", "ice"};
    for (size_t i = 0; i < COUNT(endings); i++)
        if (ends_with(word, endings[i]))
            return true;
    return false;
}

/* By the word alone, so that it is the same one in every place. */
static enum status person_word(struct redact_session *session, struct bytes word, struct buf *out)
{
    unsigned class = names_class(session->redactor->names, word);
    if (!(class & NAME_GIVEN) || class & NAME_FAMILY)
        return surrogate_word(session, "family", word, draw_compound, out);
    return surrogate_word(session, "given", word, is_feminine(word) ? draw_feminine : draw_given, out);
}

static bool is_small_word(struct bytes value, size_t at, size_t end)
{
    size_t size = chars_word_of(value, at, "van|von|de|der|den|la|da|dos|del|di|bin|al|ibn|el|jr|sr|dr|mr|mrs|ms|prof");
    return size == end - at;
}

/* Letters of any script: bytes outside ASCII belong to the word they stand in. */
static size_t word_end(struct bytes value, size_t at)
{
    while (at < value.size && (char_is(value.data[at], C_ALPHA) || value.data[at] >= 0x80))
        at++;
    return at;
}

enum status surrogate_name(struct drawing *drawing, struct bytes value, struct buf *out)
{
    for (size_t at = 0; at < value.size;) {
        size_t end = word_end(value, at);
        struct bytes word = bytes_part(value, at, end - at);
        if (word.size == 0)
            buf_add_byte(out, value.data[at++]);
        else if (word.size == 1)
            buf_add_byte(out, (uint8_t)('A' + random_below(drawing->random, 26)));
        else if (is_small_word(value, at, end))
            buf_add(out, word);
        else
            TRY(person_word(drawing->session, word, out));
        at += word.size;
    }
    return OK;
}

/* --- logins: the names in them are the persons' --- */

static void add_lower(const struct buf *from, struct buf *out)
{
    for (size_t i = 0; i < from->size; i++)
        buf_add_byte(out, char_lower(from->data[i]));
}

/* What ids say of themselves and may go on saying. */
static bool is_label(struct bytes value, size_t at, size_t end)
{
    size_t size =
        chars_word_of(bytes_part(value, 0, end), at,
                      "credit|card|gift|certificate|paypal|payment|user|order|account|customer|employee|id|no");
    return size == end - at;
}

static enum status login_words(struct drawing *drawing, struct bytes value, struct buf *out)
{
    for (size_t at = 0; at < value.size;) {
        size_t end = word_end(value, at);
        struct bytes word = bytes_part(value, at, end - at);
        SCOPED_BUF struct buf made = {.secret = true};
        if (word.size == 0) {
            bool digit = char_is(value.data[at], C_DIGIT);
            buf_add_byte(out, digit ? (uint8_t)('0' + random_below(drawing->random, 10)) : value.data[at]);
            end = at + 1;
        } else if (is_label(value, at, end)) {
            buf_add(out, word);
        } else if (word.size < 3) {
            TRY(surrogate_shape(drawing, word, out));
        } else {
            TRY(person_word(drawing->session, word, &made));
            add_lower(&made, out);
        }
        at = end;
    }
    return OK;
}

enum status surrogate_login(struct drawing *drawing, struct bytes value, struct buf *out)
{
    size_t letters = 0;
    for (size_t i = 0; i < value.size; i++)
        letters += char_is(value.data[i], C_LOWER);
    return letters >= 3 ? login_words(drawing, value, out) : surrogate_shape(drawing, value, out);
}

/* A domain of RFC 2606, the same for all addresses of one domain. */
static enum status add_domain(struct redact_session *session, struct bytes domain, struct buf *out)
{
    SCOPED_BUF struct buf made = {.secret = true};
    TRY(surrogate_word(session, "domain", domain, draw_compound, &made));
    add_lower(&made, out);
    buf_add_str(out, ".example");
    return OK;
}

enum status surrogate_email(struct drawing *drawing, struct bytes value, struct buf *out)
{
    const uint8_t *at = value.size ? memrchr(value.data, '@', value.size) : NULL;
    if (!at)
        return ERR_NOT_FOUND;
    size_t local = (size_t)(at - value.data);
    TRY(login_words(drawing, bytes_part(value, 0, local), out));
    buf_add_byte(out, '@');
    return add_domain(drawing->session, bytes_part(value, local + 1, SIZE_MAX), out);
}

enum status surrogate_host(struct drawing *drawing, struct bytes value, struct buf *out)
{
    return add_domain(drawing->session, value, out);
}

/* The last part of the path is the user's; a dashed one may end in its dash. */
enum status surrogate_path(struct drawing *drawing, struct bytes value, struct buf *out)
{
    size_t end = value.size;
    while (end > 0 && strchr("/\\-", value.data[end - 1]) && value.data[end - 1])
        end--;
    size_t start = end;
    while (start > 0 && !(strchr("/\\-", value.data[start - 1]) && value.data[start - 1]))
        start--;
    if (start == end || start == 0)
        return ERR_NOT_FOUND;
    buf_add(out, bytes_part(value, 0, start));
    TRY(login_words(drawing, bytes_part(value, start, end - start), out));
    buf_add(out, bytes_part(value, end, SIZE_MAX));
    return OK;
}

/* --- places and firms --- */

/* Words that say of what kind the thing is stay; of the others each has its surrogate. */
static enum status kinds_stay(struct drawing *drawing, struct bytes value, const char *kinds, struct buf *out)
{
    for (size_t at = 0; at < value.size;) {
        size_t end = word_end(value, at);
        struct bytes word = bytes_part(value, at, end - at);
        bool state = word.size == 2 && char_is(word.data[0], C_UPPER) && char_is(word.data[1], C_UPPER);
        if (word.size == 0) {
            bool digit = char_is(value.data[at], C_DIGIT);
            buf_add_byte(out, digit ? (uint8_t)('1' + random_below(drawing->random, 9)) : value.data[at]);
            end = at + 1;
        } else if (word.size == 1 || state || chars_word_of(bytes_part(value, 0, end), at, kinds) == word.size)
            buf_add(out, word);
        else
            TRY(surrogate_word(drawing->session, "place", word, draw_compound, out));
        at = end;
    }
    return OK;
}

enum status surrogate_place(struct drawing *drawing, struct bytes value, struct buf *out)
{
    return kinds_stay(drawing, value,
                      "of|the|and|city|county|state|province|district|region|lake|mount|river|north|south|"
                      "east|west|upper|lower|saint|san|new",
                      out);
}

enum status surrogate_organisation(struct drawing *drawing, struct bytes value, struct buf *out)
{
    return kinds_stay(
        drawing, value,
        "of|the|and|for|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|kg|co|corp|corporation|company|group|"
        "holdings|bank|university|college|school|institute|hospital|clinic|court|council|ministry|department|"
        "agency|association|society|foundation|trust|church|press|systems|services|partners|insurance|labs",
        out);
}

enum status surrogate_address(struct drawing *drawing, struct bytes value, struct buf *out)
{
    return kinds_stay(
        drawing, value,
        "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|circle|cir|place|pl|square|sq|"
        "terrace|ter|trail|trl|parkway|pkwy|highway|hwy|way|loop|alley|row|mews|close|crescent|north|south|"
        "east|west|apartment|apt|suite|ste|unit|floor|fl|room|building|bldg|box|po|strasse|weg|platz|rue|via|"
        "calle|de|la|du|des|del|der|di|usa|uk|germany|france|canada|australia",
        out);
}
