/* Names of persons in context. Hides the phrases that introduce one. */
#include "redaction/names.h"

/* The rows without an anchor are found by names_scan. */
extern const struct recognizer name_rows[];
enum { ROW_TITLE = 9 };

static size_t lower_name(const struct scan *scan, size_t at)
{
    size_t end = chars_run(scan->text, at, C_ALPHA, 24);
    unsigned class = names_class(scan->names, bytes_part(scan->text, at, end - at));
    return class & (NAME_GIVEN | NAME_FAMILY) && !(class & NAME_COMMON) && chars_word_ends(scan->text, end) ? end : 0;
}

/* A word that may be a name after an introduction; *class what the lists say of it. */
static size_t introduced(const struct scan *scan, size_t at, unsigned *class)
{
    size_t end = name_word(scan->text, at);
    *class = end ? names_class(scan->names, bytes_part(scan->text, at, end - at)) : 0;
    bool listed = *class & (NAME_GIVEN | NAME_FAMILY);
    bool shouted = end > at + 1 && char_is(scan->text.data[at + 1], C_UPPER);
    return !listed && (shouted || *class & NAME_COMMON) ? 0 : end;
}

/* What stands after an introduction: its words, and how much the lists know of them. */
struct introduction {
    size_t end, words, listed, clear;
};

static struct introduction read_name(const struct scan *scan, size_t at, bool lower)
{
    struct introduction name = {0};
    while (name.words < 4) {
        unsigned class;
        size_t stop = introduced(scan, at, &class);
        if (!stop && lower && (stop = lower_name(scan, at)) != 0)
            class = NAME_GIVEN;
        if (!stop)
            break;
        name.end = stop;
        name.words++;
        name.listed += (class & (NAME_GIVEN | NAME_FAMILY)) != 0;
        name.clear += (class & (NAME_GIVEN | NAME_FAMILY)) && !(class & NAME_COMMON);
        if (char_at(scan->text, stop) != ' ' && !chars_wraps(scan->text, stop))
            break;
        at = stop + 1;
        if (char_is(char_at(scan->text, at), C_UPPER) && char_at(scan->text, at + 1) == '.' &&
            char_at(scan->text, at + 2) == ' ')
            at += 3;
    }
    return name;
}

/* "my name is X Y", "Mr. Y", "Hi X,". ROW_LOOSE: the phrase is enough. ROW_WIDE: a listed word, two words, or one
 * before a comma, are. Else the lists must know a word that is nothing but a name, or two. */
static size_t match_introduction(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    while (at < text.size && at - end < 4 && strchr(" :*_\"", text.data[at]))
        at++;
    struct introduction name = read_name(scan, at, row->flags & ROW_LOOSE);
    uint8_t behind = char_at(text, name.end);
    bool wide = row->flags & ROW_WIDE && (name.listed || name.words >= 2 || behind == ',' || behind == '!');
    if (name.words && (row->flags & ROW_LOOSE || wide || name.clear || name.listed >= 2))
        scan_found(scan, row, at, name.end);
    return name.end > end ? name.end : end;
}

/* "Dr. Y": the title tells something of a person too. */
static size_t match_title(struct scan *scan, const struct recognizer *row, size_t end)
{
    size_t found = scan_count(scan), stop = match_introduction(scan, row, end);
    size_t start = chars_run_back(scan_text(scan), end - 1 - (scan_text(scan).data[end - 2] == '.'), C_ALPHA, 12);
    if (scan_count(scan) > found)
        scan_found(scan, &name_rows[ROW_TITLE], start, end - 1);
    return stop;
}

/* "Passenger 1:", "**Name:**", "Customer name = ": the sign must follow. */
static size_t match_labelled_name(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end + (chars_are(text, end, " name") ? 5 : 0);
    at = chars_run(text, at, C_SPACE | C_DIGIT, 3);
    while (at < text.size && at - end < 14 && strchr("*_\"", text.data[at]))
        at++;
    uint8_t sign = char_at(text, at);
    return sign == ':' || sign == '=' ? match_introduction(scan, row, at + 1) : end;
}

const struct recognizer name_rows[] = {
    {"name.full", REDACT_NAME, NULL, NULL, NULL, 0.97f, ROW_LEARN, "lists", {0}},
    {"name.given", REDACT_NAME, NULL, NULL, NULL, 0.79f, 0, "lists", {0}},
    {"name.family", REDACT_NAME, NULL, NULL, NULL, 0.79f, 0, "lists, endings of family names", {0}},
    {"name.initial", REDACT_NAME, NULL, NULL, NULL, 0.86f, ROW_LEARN, "form", {0}},
    {"name.shaped", REDACT_NAME, NULL, NULL, NULL, 0.79f, 0, "lists, endings of family names", {0}},
    {"name.acting", REDACT_NAME, NULL, NULL, NULL, 0.7f, 0, "what persons do and are", {0}},
    {"name.pair", REDACT_NAME, NULL, NULL, NULL, 0.65f, 0, "form", {0}},
    {"name.unknown", REDACT_NAME, NULL, NULL, NULL, 0.6f, 0, "form", {0}},
    {"name.unknown_first", REDACT_NAME, NULL, NULL, NULL, 0.5f, 0, "form", {0}},
    {"demographic.title", REDACT_DEMOGRAPHIC, NULL, NULL, NULL, 0.79f, 0, "titles", {0}},
    {"name.introduced",
     REDACT_NAME,
     "my name is|my name's|my full name is|name is",
     match_introduction,
     NULL,
     0.98f,
     ROW_LEARN | ROW_LOOSE | ROW_LIST,
     "talk",
     {0}},
    {"name.title",
     REDACT_NAME,
     "Mr. |Mrs. |Ms. |Dr. |Prof. |Mr |Mrs |Ms |Dr |Prof |Herr |Frau |Mme |Sr. |Sra. |Srta. |Don |Dona |Miss |Professor "
     "|Doctor |Sir |Dame |Rev. |Fr. |Mx. |Mlle |Monsieur |Madame |Signor |Signora |Lady |Lord |Capt. |Lt. |Sgt. |Hon. ",
     match_title,
     NULL,
     0.99f,
     ROW_LEARN | ROW_LOOSE | ROW_LIST | ROW_CASED,
     "titles",
     {0}},
    {"name.i_am",
     REDACT_NAME,
     "I'm |I am |This is |this is |call me |calls me |called me |goes by |also known as |nicknamed ",
     match_introduction,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_WIDE,
     "talk",
     {0}},
    {"name.greeting",
     REDACT_NAME,
     "Hi |Hi, |Hello |Hello, |Hey |Hey, |Dear |Thanks, |Thanks |Thank you, |Thank you |Sorry, |Regards, |Sincerely, "
     "|Welcome, |Hola |Bonjour |Hallo ",
     match_introduction,
     NULL,
     0.95f,
     ROW_LEARN | ROW_LIST | ROW_CASED | ROW_WIDE,
     "talk",
     {0}},
    {"name.labelled",
     REDACT_NAME,
     "passenger|customer|patient|cardholder|traveler|traveller|applicant|recipient|surname|first name|last name|full "
     "name",
     match_labelled_name,
     NULL,
     0.95f,
     ROW_LEARN | ROW_LIST | ROW_WIDE,
     "label",
     {0}},
    {"name.labelled_listed",
     REDACT_NAME,
     "name|client|contact|employee|sender|signed|author|agent|manager|owner|assignee|reporter",
     match_labelled_name,
     NULL,
     0.85f,
     ROW_LEARN | ROW_LIST,
     "label",
     {0}},
};

const struct recognizers recognizers_name = {name_rows, sizeof name_rows / sizeof name_rows[0]};
