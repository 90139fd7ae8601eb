/* Places and peoples by list. Hides what words before and behind make of "Paris" a place where somebody is, and of
 * "Polish" what somebody is rather than a language or a method. */
#include "redaction/address.h"

static size_t match_living(struct scan *scan, const struct recognizer *row, size_t end);
static size_t match_said_nation(struct scan *scan, const struct recognizer *row, size_t end);

static const struct recognizer rows[] = {
    {"place.listed", REDACT_PLACE, NULL, NULL, NULL, 0.79f, 0, "lists: ISO 3166-1, large cities, regions", {0}},
    {"place.bare", REDACT_PLACE, NULL, NULL, NULL, 0.5f, 0, "lists: ISO 3166-1, large cities, regions", {0}},
    {"demographic.nation", REDACT_DEMOGRAPHIC, NULL, NULL, NULL, 0.79f, 0, "GDPR, art. 9(1): ethnic origin", {0}},
    {"demographic.nation_person",
     REDACT_DEMOGRAPHIC,
     NULL,
     NULL,
     NULL,
     0.98f,
     0,
     "GDPR, art. 9(1): ethnic origin",
     {0}},
    {"demographic.belief", REDACT_DEMOGRAPHIC, NULL, NULL, NULL, 0.75f, 0, "GDPR, art. 9(1): religion, politics", {0}},
    {"place.living",
     REDACT_PLACE,
     "lives in |live in |lived in |living in |moved to |move to |moving to |born in |grew up in |based in |located in "
     "|situated "
     "in |resident of |citizen of |native of |resides in |residing in |travel to |travels to |travelling to |traveling "
     "to "
     "|travelled to |traveled to |fly to |flying to |flew to |trip to |flight to |visit to |visited |visiting "
     "|vacation in "
     "|holiday in |relocate to |relocated to |relocating to |immigrated to |emigrated to |arrived in |stayed in "
     "|staying in "
     "|i'm from |i am from |originally from |here from |moved from |comes from |came from |returned to |office in "
     "|offices in |hometown of |city of |town of "
     "|village "
     "of |province of |state of |country of |capital of |serving |headquartered in |shipped from |ship to |mayor of "
     "|king of |"
     "queen of |population of |people of |happened in |died in |married in |studied in |works in |working in ",
     match_living,
     NULL,
     0.79f,
     ROW_LIST,
     "prose",
     {0}},
    {"demographic.said_nation",
     REDACT_DEMOGRAPHIC,
     "i am |i'm |we are |we're |he is |he's |she is |she's |they are |they're |who is |who are |he was |she was ",
     match_said_nation,
     NULL,
     0.79f,
     ROW_LIST,
     "GDPR, art. 9(1): ethnic origin, religion",
     {0}},
};
enum { ROW_LISTED, ROW_BARE, ROW_NATION, ROW_NATION_PERSON, ROW_BELIEF };

const struct recognizers recognizers_place = {rows, sizeof rows / sizeof rows[0]};

/* End of the longest entry of several words that begins with the word [at, end). */
static size_t phrase_end(const struct scan *scan, size_t at, size_t end, unsigned *class)
{
    struct bytes text = scan->text;
    size_t best = end;
    for (int words = 0; words < 4 && char_at(text, end) == ' '; words++) {
        size_t stop = chars_run(text, end + 1, C_ALPHA | C_DASH, 20);
        if (stop == end + 1)
            break;
        end = stop;
        unsigned found = names_class(scan->names, bytes_part(text, at, end - at));
        if (found & (PLACE_ANY | PEOPLE_ANY) && chars_word_ends(text, end)) {
            *class = found;
            best = end;
        }
    }
    return best;
}

/* The word before `at`, over one blank or line's end: is it one of words? */
static bool follows(struct bytes text, size_t at, const char *words)
{
    if (at < 2 || !char_is(text.data[at - 1], C_SPACE))
        return false;
    size_t word = chars_run_back(text, at - 1, C_ALPHA, 16);
    return word < at - 1 && chars_word_of(text, word, words) == at - 1 - word;
}

/* Behind a comma or on the next line: another listed place. Its end, or 0. */
static size_t goes_on(const struct scan *scan, size_t end, size_t *start)
{
    struct bytes text = scan->text;
    if (char_at(text, end) != ',' && char_at(text, end) != '\n')
        return 0;
    *start = chars_run(text, end + 1, C_SPACE, 4);
    size_t stop = chars_run(text, *start, C_ALPHA, 24);
    if (stop == *start || !char_is(text.data[*start], C_UPPER))
        return 0;
    unsigned class = names_class(scan->names, bytes_part(text, *start, stop - *start));
    if (class & WORD_FIRST)
        stop = phrase_end(scan, *start, stop, &class);
    return class & PLACE_ANY ? stop : 0;
}

static size_t consider_place(struct scan *scan, size_t at, size_t end, unsigned class)
{
    static const char before[] =
        "in|from|to|near|at|of|around|across|outside|visit|visited|visiting|visits|leaving|left|reached|toward|towards|"
        "through|via|into|within|between|southern|northern|eastern|western|central|downtown|greater|over|throughout|"
        "inside|beyond|north|south|east|west|city|capital|country|state|province|the";
    struct bytes text = scan->text;
    bool shouted = char_is(char_at(text, at + 1), C_UPPER);
    if (shouted && end - at <= 3 && !chars_word_of(text, at, "usa|uae|uk"))
        return 0; /* "MIA" is an airport */
    size_t next = 0, stop = goes_on(scan, end, &next);
    bool placed = follows(text, at, before);
    if (!placed && (class & (NAME_COMMON | WORD_PLAIN | WORD_FILLER)))
        return 0;
    scan_found(scan, &rows[placed ? ROW_LISTED : ROW_BARE], at, end);
    if (placed && stop)
        scan_found(scan, &rows[ROW_LISTED], next, stop);
    return placed && stop ? stop : end;
}

/* What somebody is; not a language, a method or a thing. */
static size_t consider_people(struct scan *scan, size_t at, size_t end, unsigned class)
{
    static const char things[] =
        "algorithm|remainder|notation|numeral|numerals|letter|letters|alphabet|character|characters|language|languages|"
        "text|texts|translation|translations|keyboard|locale|airlines|airways|express|dollar|dollars|option|options|"
        "standard|standards|version|roulette|fries|press|word|words|sentence|sentences|spelling|grammar|prompt|input|"
        "output|name|names|id|identity|number|numbers|shepherd|pound|pounds|inquisition|roots|flag|toast|wikipedia|"
        "method|speaking|speaker";
    static const char persons[] =
        "citizen|citizens|national|nationals|man|woman|men|women|people|person|girl|boy|family|immigrant|immigrants|"
        "refugee|refugees|descent|origin|parents|mother|father|wife|husband|ancestry|community|minority|born|passport|"
        "actor|actress|singer|writer|author|politician|student|teacher|doctor|lawyer|soldier|player|origins|heritage";
    struct bytes text = scan->text;
    size_t next = end + (char_at(text, end) == ' ' || char_at(text, end) == '-');
    if (class & PEOPLE_BELIEF) {
        if (class & NAME_GIVEN && !follows(text, at, "a|an|is|was|the|devout|as|are|of|his|her|my|be"))
            return 0; /* "Christian" */
        scan_found(scan, &rows[ROW_BELIEF], at, end);
        return end;
    }
    if (next > end && chars_word_of(text, next, persons)) {
        scan_found(scan, &rows[ROW_NATION_PERSON], at, end);
        return end;
    }
    bool language =
        follows(text, at, "in|into|to|or|speak|speaks|speaking|spoke|translate|learn|from|write|written|fluent");
    bool thing = (next > end && chars_word_of(text, next, things)) || chars_word_of(text, at, "english|latin|african");
    if (!language && !thing && char_is(char_at(text, at + 1), C_LOWER) && !(class & WORD_PLAIN))
        scan_found(scan, &rows[ROW_NATION], at, end);
    return end;
}

/* End of the capitalised word at `at`, of another script too, or 0; *own: it is none of the ordinary ones. */
static size_t own_word(const struct scan *scan, size_t at, bool *own)
{
    struct bytes text = scan_text(scan);
    size_t word = name_word(text, at);
    if (word) {
        *own |= !names_plain(scan_names(scan), bytes_part(text, at, word - at));
        return word;
    }
    size_t foreign = address_capital(text, at) ? address_word_end(text, at) : at;
    if (chars_run(text, at, C_ALPHA, 64) >= foreign)
        return 0;
    *own = true;
    return foreign;
}

/* End of a listed place that begins at `at` in lower case and is no ordinary word, or 0. */
static size_t lower_place(const struct scan *scan, size_t at)
{
    static const char ambiguous[] = "turkey|china|jordan|georgia|chad|mobile|nice|orange|split|cork|male|reunion|bath|"
                                    "reading|mali|guinea|bali|niger|jersey|hull|essen|batman|van|buffalo|victoria";
    struct bytes text = scan_text(scan);
    size_t end = chars_run(text, at, C_LOWER, 24);
    if (end == at || chars_word_of(text, at, ambiguous))
        return 0;
    unsigned class = names_class(scan_names(scan), bytes_part(text, at, end - at));
    if (class & WORD_FIRST)
        end = phrase_end(scan, at, end, &class);
    bool ordinary = class & (WORD_PLAIN | WORD_FILLER) || names_plain(scan_names(scan), bytes_part(text, at, end - at));
    return class & PLACE_ANY && !ordinary && end >= at + 4 && chars_word_ends(text, end) ? end : 0;
}

/* Behind "lives in ": capitalised words of which one is no ordinary word, or a listed place in lower case. */
static size_t match_living(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end + (chars_word_of(text, end, "the") ? 4 : 0);
    size_t side = chars_word_of(text, at, "northern|southern|eastern|western|central|downtown|greater|upper|lower");
    at += side ? side + 1 : 0;
    size_t first = at, stop = lower_place(scan, at);
    bool own = stop > 0;
    for (int words = 0; words < 4; words++) {
        size_t particle = words ? chars_word_of(text, at, "de|del|la|do|da|of|and|am|an|the") : 0;
        size_t start = particle ? at + particle + 1 : at, word = own_word(scan, start, &own);
        if (!word)
            break;
        stop = word;
        if (char_at(text, word) != ' ')
            break;
        at = word + 1;
    }
    if (own)
        scan_found(scan, row, first, stop);
    return end;
}

/* "i am bruneian", "we are proud Scots": a listed people, however it is written. */
static size_t match_said_nation(struct scan *scan, const struct recognizer *row, size_t end)
{
    static const char between[] = "a|an|the|not|half|part|both|all|proud|proudly|originally|actually|also|really|very|"
                                  "born|of|devout|practicing|practising|strict|ethnically|native";
    struct bytes text = scan_text(scan);
    size_t at = end, size;
    for (int words = 0; words < 4 && (size = chars_word_of(text, at, between)) != 0 && char_at(text, at + size) == ' ';
         words++)
        at += size + 1;
    size_t stop = chars_run(text, at, C_ALPHA | C_DASH, 32);
    unsigned class = names_class(scan_names(scan), bytes_part(text, at, stop - at));
    if (class == 0 && stop > at && text.data[stop - 1] == 's')
        class = names_class(scan_names(scan), bytes_part(text, at, stop - 1 - at));
    if (class & WORD_FIRST)
        stop = phrase_end(scan, at, stop, &class);
    bool lower = char_is(char_at(text, at), C_LOWER);
    if (class & PEOPLE_ANY && chars_word_ends(text, stop) && !(lower && class & (WORD_PLAIN | NAME_ANY)))
        scan_found(scan, row, at, stop);
    return end;
}

size_t places_consider(struct scan *scan, size_t at, size_t end, unsigned class)
{
    if (class & WORD_FIRST)
        end = phrase_end(scan, at, end, &class);
    if (class & PLACE_ANY)
        return consider_place(scan, at, end, class);
    return class & PEOPLE_ANY ? consider_people(scan, at, end, class) : 0;
}

size_t places_start(const struct names *names, struct bytes text, size_t start, size_t end)
{
    size_t side = chars_word_of(text, start, "southern|northern|eastern|western|central");
    size_t place = start + side + 1;
    bool listed = side && place < end && text.data[place - 1] == ' ' &&
                  names_class(names, bytes_part(text, place, end - place)) & PLACE_ANY;
    return listed && !(names_class(names, bytes_part(text, start, end - start)) & PLACE_ANY) ? place : start;
}
