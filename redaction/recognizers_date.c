/* Dates as a person writes them and as machines do, birth dates, ages. Hides their grammars: what a policy wants of
 * machines' dates it says by the rules' common front, "date.machine". */
#include "redaction/date.h"
#include "redaction/names.h"

#define MONTHS                                                                                                         \
    "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|"   \
    "aug|sep|sept|oct|nov|dec|januar|februar|marz|mai|juni|juli|oktober|dezember|janvier|fevrier|mars|avril|juin|"     \
    "juillet|aout|septembre|octobre|novembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|"   \
    "octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"

static const struct recognizer rows[];
enum { ROW_PROSE, ROW_NUMERIC, ROW_MACHINE, ROW_YEAR, ROW_LOG };

static unsigned number_at(struct bytes text, size_t at, size_t end)
{
    unsigned number = 0;
    for (; at < end; at++)
        number = number * 10 + (unsigned)(text.data[at] - '0');
    return number;
}

/* End of a number of one to `most` digits at `at` that is in low..high and ends there; 0 if none. */
static size_t number_in(struct bytes text, size_t at, size_t most, unsigned low, unsigned high)
{
    size_t end = chars_run(text, at, C_DIGIT, most + 1);
    if (end == at || end - at > most)
        return 0;
    unsigned number = number_at(text, at, end);
    return number >= low && number <= high ? end : 0;
}

static size_t year_end(struct bytes text, size_t at)
{
    size_t end = number_in(text, at, 4, 1800, 2099);
    return end == at + 4 && chars_word_ends(text, end) ? end : 0;
}

/* End of a day at `at`, with its ordinal or point; 0 if none. */
static size_t day_end(struct bytes text, size_t at)
{
    size_t end = number_in(text, at, 2, 1, 31);
    if (!end)
        return 0;
    size_t ordinal = chars_word_of(text, end, "st|nd|rd|th|er");
    end += ordinal ? ordinal : char_at(text, end) == '.';
    return char_is(char_at(text, end), C_WORD) ? 0 : end;
}

static size_t skip_blanks(struct bytes text, size_t at)
{
    for (int i = 0; i < 2 && char_at(text, at) == ' '; i++)
        at++;
    return at;
}

/* From the end of one part to the next: blanks, a comma, "of", "de", "-". */
static size_t skip_between(struct bytes text, size_t at)
{
    at += char_at(text, at) == ',' || char_at(text, at) == '-' || char_at(text, at) == '.';
    at = skip_blanks(text, at);
    size_t word = chars_word_of(text, at, "of|de|del|the");
    return word ? skip_blanks(text, at + word) : at;
}

/* "3:04", "15:04:05", "5 pm" behind a date: its end, or `at`. */
static size_t time_end(struct bytes text, size_t at)
{
    size_t start = chars_run(text, at + (char_at(text, at) == ','), C_SPACE, 1);
    start += chars_word_of(text, start, "at") ? 3 : 0;
    size_t end = number_in(text, start, 2, 0, 24);
    for (int parts = 0; end && parts < 2 && char_at(text, end) == ':'; parts++) {
        size_t next = number_in(text, end + 1, 2, 0, 60);
        if (next != end + 3)
            return at;
        end = next;
    }
    if (!end || start == at)
        return at;
    size_t half = chars_run(text, end, C_SPACE, 1), word = chars_word_of(text, half, "am|pm|a.m|p.m|hrs");
    if (word)
        return half + word;
    return end > start + 2 ? end : at;
}

/* "[,] 1987" behind day and month, or their end. */
static size_t with_year(struct bytes text, size_t at)
{
    size_t year = skip_between(text, at), end = year_end(text, year);
    return end ? end : at;
}

size_t date_end(struct bytes text, size_t at)
{
    size_t month = chars_word_of(text, at, MONTHS), first = chars_run(text, at, C_DIGIT, 5);
    if (month) {
        size_t day = skip_between(text, at + month), end = day_end(text, day), year = year_end(text, day);
        if (end && text.data[end - 1] == '.')
            end--;
        return year ? year : end ? with_year(text, end) : 0;
    }
    uint8_t joint = char_at(text, first);
    if (first > at && (joint == '-' || joint == '/' || joint == '.')) {
        size_t second = chars_run(text, first + 1, C_DIGIT, 3), third = chars_run(text, second + 1, C_DIGIT, 5);
        if (second > first + 1 && char_at(text, second) == joint && third > second + 1)
            return third;
    }
    size_t day = day_end(text, at), word = day ? skip_between(text, day) : 0;
    month = word ? chars_word_of(text, word, MONTHS) : 0;
    return month ? with_year(text, word + month) : 0;
}

/* --- with the month's name --- */

/* Back from a month to the day before it ("5th of "), or `at`. */
static size_t day_before(struct bytes text, size_t at)
{
    size_t back = at;
    while (back > 0 && at - back < 8 && char_is(text.data[back - 1], C_SPACE | C_DASH | C_DOT | C_LOWER))
        back--;
    back = chars_run_back(text, back, C_DIGIT, 2);
    if (back == at || !char_is(char_at(text, back), C_DIGIT) || char_is(char_at(text, back - 1), C_WORD | C_DOT))
        return at;
    size_t end = day_end(text, back);
    return end && skip_between(text, end) == at ? back : at;
}

/* "Nov 26 18:13:15", "Oct 27  2019" of a listing, "1.1.1 23 Jul 2021" of a version: written by a machine. */
static bool is_logged(struct bytes text, size_t start, size_t stop, size_t clock)
{
    struct bytes date = bytes_part(text, start, stop - start);
    bool seconds = clock - stop >= 9 && bytes_find(bytes_part(text, stop, clock - stop), bytes_str(":")) != SIZE_MAX;
    bool table = bytes_find(date, bytes_str("  ")) != SIZE_MAX;
    size_t word = start > 1 ? chars_run_back(text, start - 1, C_ALNUM | C_DOT, 16) : start;
    bool version = word + 2 < start && char_is(text.data[word], C_DIGIT) &&
                   bytes_find(bytes_part(text, word, start - word), bytes_str(".")) != SIZE_MAX &&
                   text.data[start - 2] != '.';
    return seconds || table || version;
}

static size_t match_month(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t month = chars_run_back(text, end, C_ALPHA, 12), start = day_before(text, month);
    uint8_t before = char_at(text, month - 1), behind = char_at(text, end);
    if (before == '/' || before == '_' || behind == '/' || behind == '(' || behind == '=')
        return end;
    size_t stop = start < month ? with_year(text, end) : date_end(text, month);
    bool small = char_is(char_at(text, month), C_LOWER) && start == month && stop - month < 10; /* "may 5 apples" */
    if (!stop || small || !chars_word_ends(text, stop))
        return end;
    size_t clock = time_end(text, stop);
    bool logged = is_logged(text, start, stop, clock) || (start == month && clock > stop && text.data[stop] == ' ');
    uint8_t after = char_at(text, clock);
    if (after == ':' || after == '_' || (after == '-' && char_is(char_at(text, clock + 1), C_ALNUM)))
        return clock;
    scan_found(scan, logged || char_is(before, C_DASH) ? &rows[ROW_LOG] : row, start, clock);
    return clock;
}

/* --- in digits --- */

/* May stand before or behind a date in prose; a joint, a letter or a sign makes it something else. */
static bool is_apart(struct bytes text, size_t start, size_t end)
{
    uint8_t before = char_at(text, start - 1), behind = char_at(text, end);
    bool lone = !char_is(before, C_WORD | C_DASH | C_DOT | C_PLUS_SLASH | C_EQUALS) && !char_is(behind, C_WORD);
    return lone && before != ':' && before != '$' &&
           (!char_is(behind, C_DASH | C_DOT | C_PLUS_SLASH | C_EQUALS) || !char_is(char_at(text, end + 1), C_WORD));
}

/* 5/3/87, 05.03.1987, 5-3-1987: day and month in either order. */
static size_t match_numeric(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_DIGIT, 2);
    uint8_t joint = char_at(text, end);
    if (joint != '/' && joint != '.' && joint != '-')
        return end;
    size_t second = number_in(text, end + 1, 2, 1, 31);
    if (!second || char_at(text, second) != joint)
        return end;
    size_t stop = chars_run(text, second + 1, C_DIGIT, 5), digits = stop - second - 1;
    unsigned a = number_at(text, start, end), b = number_at(text, end + 1, second);
    bool year = digits == 4 ? year_end(text, second + 1) != 0 : digits == 2 && joint == '/';
    if (!year || a < 1 || a > 31 || (a > 12 && b > 12) || !is_apart(text, start, stop) ||
        chars_near_before(text, start, 10, "version|release|ver."))
        return end;
    size_t clock = time_end(text, stop);
    scan_found(scan, is_logged(text, start, stop, clock) ? &rows[ROW_LOG] : row, start, clock);
    return stop;
}

/* ISO 8601: 2024-05-20, 2024/05/20, with "T15:00:00.000+02:00" or blank and time. */
static size_t match_machine(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 4;
    uint8_t joint = char_at(text, end);
    if ((joint != '-' && joint != '/') || !number_in(text, start, 4, 1800, 2099))
        return end;
    size_t month = number_in(text, end + 1, 2, 1, 12);
    size_t day = month && char_at(text, month) == joint ? number_in(text, month + 1, 2, 1, 31) : 0;
    if (!day || char_is(char_at(text, start - 1), C_WORD | C_DASH | C_DOT))
        return end;
    size_t stop = day;
    if (char_at(text, day) == 'T' || char_at(text, day) == ' ') {
        size_t clock = chars_run(text, day + 1, C_DIGIT | C_DOT | C_DASH | C_PLUS_SLASH, 3);
        while (clock == day + 3 && stop < text.size && stop - day < 32 &&
               (char_is(text.data[stop], C_DIGIT) || strchr("T :.+Z-", text.data[stop] ? text.data[stop] : 'x')))
            stop++;
        while (stop > day && !char_is(text.data[stop - 1], C_DIGIT) && text.data[stop - 1] != 'Z')
            stop--;
    }
    if (chars_word_ends(text, stop))
        scan_found(scan, row, start, stop);
    return stop;
}

/* "founded in 1977", "(1977)": a year in prose. */
static size_t match_year(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 4;
    uint8_t before = char_at(text, start - 1), behind = char_at(text, end);
    bool decade = behind == 's' && chars_word_ends(text, end + 1); /* "the 1960s" */
    bool opened = before == '(' && (behind == ')' || behind == '-' || behind == ',');
    if (!number_in(text, start, 4, 1800, 2099) || !(decade || chars_word_ends(text, end)) ||
        (before != ' ' && !opened) || behind == ':' || behind == '/' || behind == '%' ||
        (behind == '.' && char_is(char_at(text, end + 1), C_DIGIT)))
        return end;
    size_t word = opened ? start : chars_run_back(text, start - 1, C_ALPHA, 10);
    bool attribute = chars_word_of(text, word, "a|an") && behind == ' ' && char_is(char_at(text, end + 1), C_ALPHA);
    if (decade || opened || attribute || /* "a 1979 film" */
        chars_word_of(text, word,
                      "in|since|from|until|till|to|by|of|year|during|before|after|circa|between|"
                      "and|around|early|late|mid|through|summer|winter|spring|autumn|fall|class"))
        scan_found(scan, row, start, end + decade);
    return end;
}

/* --- birth --- */

static size_t match_birth(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    bool strong;
    size_t at = skip_label(scan, end, 0, &strong);
    size_t stop = at < text.size ? date_end(text, at) : 0;
    if (!stop && at < text.size)
        stop = year_end(text, at);
    if (stop && chars_word_ends(text, stop))
        scan_found(scan, row, at, stop);
    return stop > end ? stop : end;
}

/* --- age --- */

/* "34 years old", "34-year-old": back to the number. */
static size_t match_age_before(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t unit = end;
    while (unit > 0 && end - unit < 16 && char_is(text.data[unit - 1], C_ALPHA | C_PLUS_SLASH | C_SPACE | C_DASH))
        unit--;
    size_t start = chars_run_back(text, unit, C_DIGIT, 4);
    bool joined = unit < end && (char_is(text.data[unit], C_SPACE | C_DASH) || chars_word_of(text, unit, "yo|y"));
    if (unit - start >= 1 && unit - start <= 3 && joined && number_in(text, start, 3, 0, 120) == unit &&
        !char_is(char_at(text, start - 1), C_WORD | C_DOT))
        scan_found(scan, row, start, unit);
    return end;
}

/* "aged 34", "age: 34", "turned 34". */
static size_t match_age_behind(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end;
    while (start < text.size && start - end < 6 && strchr(" :*\"=", text.data[start] ? text.data[start] : 'x'))
        start++;
    start += chars_word_of(text, start, "is|of") ? 3 : 0;
    size_t stop = number_in(text, start, 3, 1, 120);
    size_t anchor = chars_run_back(text, end, C_ALPHA, 12);
    uint8_t behind = stop ? char_at(text, stop) : 0;
    if (stop && start > end && !char_is(char_at(text, anchor - 1), C_DASH | C_UNDER | C_DOT) &&
        !char_is(behind, C_WORD | C_PLUS_SLASH) && behind != '%' && behind != ':' &&
        !(behind == '.' && char_is(char_at(text, stop + 1), C_DIGIT)))
        scan_found(scan, row, start, stop);
    return end;
}

/* Is nothing counted by the number that ends at `end`? */
static bool counts_nothing(struct bytes text, size_t end)
{
    uint8_t behind = char_at(text, end);
    return behind == 0 || behind == '\n' || behind == '!' || behind == '?' || behind == ';' ||
           ((behind == '.' || behind == ',') && !char_is(char_at(text, end + 1), C_ALNUM)) ||
           chars_word_of(text, chars_run(text, end, C_SPACE, 1), "and|but|now|today|so|with|as|who|which|in");
}

/* "I'm 34", "she is 34 and": a number that nothing is counted by. */
static size_t match_age_said(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t stop = number_in(text, end, 3, 1, 110);
    if (stop && counts_nothing(text, stop))
        scan_found(scan, row, end, stop);
    return end;
}

/* Does the word that ends at `end` name somebody: "mother", a listed name, or two capitalised words that are none of
 * the ordinary ones? */
static bool names_somebody(const struct scan *scan, size_t end)
{
    static const char somebody[] = "mother|father|mom|mum|dad|wife|husband|son|daughter|brother|sister|grandmother|"
                                   "grandfather|grandma|grandpa|aunt|uncle|cousin|nephew|niece|girlfriend|boyfriend|"
                                   "partner|patient|suspect|victim|defendant|plaintiff|claimant|fiance|fiancee|"
                                   "roommate|neighbor|neighbour|boy|girl|man|woman|child|kid";
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_ALPHA | C_DASH, 24);
    struct bytes word = bytes_part(text, start, end - start);
    if (chars_word_of(text, start, somebody) == word.size)
        return word.size > 0;
    if (name_word(text, start) != end || names_plain(scan_names(scan), word))
        return false;
    size_t first = start > 1 && text.data[start - 1] == ' ' ? chars_run_back(text, start - 1, C_ALPHA, 24) : start;
    bool two = first < start && name_word(text, first) == start - 1 &&
               !names_plain(scan_names(scan), bytes_part(text, first, start - 1 - first));
    return two || names_class(scan_names(scan), word) & NAME_ANY;
}

/* "Mia is 34.", "my mother was 34 and". */
static size_t match_age_of_somebody(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 2, verb = start < 4                             ? 0
                                   : chars_are(text, start - 4, " is ")  ? 4
                                   : chars_are(text, start - 5, " was ") ? 5
                                                                         : 0;
    if (verb && start > verb && text.data[start] != '0' && counts_nothing(text, end) &&
        names_somebody(scan, start - verb))
        scan_found(scan, row, start, end);
    return end;
}

/* "on Monday", "last Friday". */
static size_t match_weekday(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    scan_found(scan, row, chars_run_back(text, end, C_ALPHA, 12), end);
    return end;
}

/* "Mia Li (34)", "Mia Li, 34,": behind a name. */
static size_t match_age_beside(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = end - 2;
    uint8_t opened = char_at(text, start - 1), behind = char_at(text, end);
    bool bracketed = opened == '(' && behind == ')' && char_at(text, start - 2) == ' ';
    bool between = opened == ' ' && behind == ',' && char_at(text, start - 2) == ',';
    size_t name = start - 2;
    if ((!bracketed && !between) || start < 6 || text.data[start] == '0')
        return end;
    size_t word = chars_run_back(text, name, C_ALPHA, 24);
    bool named =
        name_word(text, word) == name && names_class(scan_names(scan), bytes_part(text, word, name - word)) & NAME_ANY;
    if (named || names_somebody(scan, name))
        scan_found(scan, row, start, end);
    return end;
}

static const struct recognizer rows[] = {
    {"date.prose", REDACT_DATE, MONTHS, match_month, NULL, 0.97f, ROW_LIST, "prose", {0}},
    {"date.numeric",
     REDACT_DATE,
     NULL,
     match_numeric,
     NULL,
     0.75f,
     0,
     "prose",
     {1 << 1 | 1 << 2, 0, BESIDE_OTHER | BESIDE_DASH | BESIDE_DOT}},
    {"date.machine",
     REDACT_DATE,
     NULL,
     match_machine,
     NULL,
     0.6f,
     0,
     "ISO 8601",
     {1 << 4, 0, BESIDE_DASH | BESIDE_OTHER}},
    {"date.machine.year",
     REDACT_DATE,
     NULL,
     match_year,
     NULL,
     0.59f,
     0,
     "prose",
     {1 << 4, BESIDE_BLANK | BESIDE_OTHER, 0}},
    {"date.machine.log", REDACT_DATE, NULL, NULL, NULL, 0.6f, 0, "ctime(3), RFC 3164", {0}},
    {"date.weekday",
     REDACT_DATE,
     "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     match_weekday,
     NULL,
     0.5f,
     ROW_LIST | ROW_CASED,
     "prose",
     {0}},
    {"birth.labelled",
     REDACT_BIRTH_DATE,
     "dob|d.o.b.|date of birth|birth date|birthdate|birthday|born|born on|born in|geboren am|geb.|nee le|ne le|nacido "
     "el|"
     "fecha de nacimiento|date de naissance|geburtsdatum|data di nascita",
     match_birth,
     NULL,
     0.99f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
    {"age.before",
     REDACT_AGE,
     "years old|year old|years-old|year-old|yrs old|yr old|y/o|yo|months old|month old|month-old|weeks old|years of "
     "age|"
     "year of age",
     match_age_before,
     NULL,
     0.94f,
     ROW_LIST,
     "prose",
     {0}},
    {"age.behind",
     REDACT_AGE,
     "aged|age|ages|turned|turning|turns",
     match_age_behind,
     NULL,
     0.79f,
     ROW_LIST,
     "prose",
     {0}},
    {"age.said",
     REDACT_AGE,
     "i'm |i am |he is |she is |he's |she's |who is |i turned |turns |i was |he was |she was |i'll be |he'll be "
     "|she'll be "
     "|will turn |i'll turn |he'll turn |she'll turn |about to turn ",
     match_age_said,
     NULL,
     0.7f,
     ROW_LIST,
     "talk",
     {0}},
    {"age.of_somebody",
     REDACT_AGE,
     NULL,
     match_age_of_somebody,
     NULL,
     0.75f,
     0,
     "prose",
     {1 << 2, BESIDE_BLANK, BESIDE_BLANK | BESIDE_OTHER | BESIDE_DOT}},
    {"age.beside_name",
     REDACT_AGE,
     NULL,
     match_age_beside,
     NULL,
     0.75f,
     0,
     "prose",
     {1 << 2, BESIDE_BLANK | BESIDE_OTHER, BESIDE_CLOSE | BESIDE_OTHER}},
};

const struct recognizers recognizers_date = {rows, sizeof rows / sizeof rows[0]};
