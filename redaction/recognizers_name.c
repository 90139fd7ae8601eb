/* Names of persons in context. Hides the phrases that introduce one. */
#include "redaction/names.h"

/* The rows without an anchor are found by names_scan. */
extern const struct recognizer name_rows[];

static size_t lower_name(const struct scan *scan, size_t at)
{
    size_t end = chars_run(scan->text, at, C_ALPHA, 24);
    unsigned class = names_class(scan->names, bytes_part(scan->text, at, end - at));
    return class & (NAME_GIVEN | NAME_FAMILY) && !(class & NAME_COMMON) && chars_word_ends(scan->text, end) ? end : 0;
}

/* A word that may be a name after an introduction; *listed when the lists know it. */
static size_t introduced(const struct scan *scan, size_t at, bool *listed)
{
    size_t end = name_word(scan->text, at);
    if (end == 0)
        return 0;
    unsigned class = names_class(scan->names, bytes_part(scan->text, at, end - at));
    *listed = class & (NAME_GIVEN | NAME_FAMILY);
    bool shouted = end - at > 1 && char_is(scan->text.data[at + 1], C_UPPER) && !*listed;
    return shouted || (class & NAME_COMMON && !*listed) ? 0 : end;
}

/* "my name is X Y", "Mr. Y", "Hi X,". ROW_LOOSE: the phrase is enough; else the lists must know one of the words, or
 * two words must stand there. */
static size_t match_introduction(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t at = end;
    while (at < text.size && at - end < 4 && strchr(" :*_\"", text.data[at]))
        at++;
    bool listed = false, any = false;
    size_t stop = introduced(scan, at, &listed), words = stop > 0;
    if (!stop && row->flags & ROW_LOOSE)
        stop = lower_name(scan, at);
    any = listed || (row->flags & ROW_LOOSE && stop);
    while (stop && words < 4 && char_at(text, stop) == ' ') {
        size_t next = stop + 1;
        if (char_is(char_at(text, next), C_UPPER) && char_at(text, next + 1) == '.' && char_at(text, next + 2) == ' ')
            next += 3;
        size_t more = introduced(scan, next, &listed);
        if (!more && row->flags & ROW_LOOSE)
            more = lower_name(scan, next);
        if (!more)
            break;
        any |= listed;
        stop = more;
        words++;
    }
    if (stop && (any || words >= 2))
        scan_found(scan, row, at, stop);
    return stop > end ? stop : end;
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
    {"name.full", REDACT_NAME, NULL, NULL, NULL, 0.9f, ROW_LEARN, "lists", {0}},
    {"name.given", REDACT_NAME, NULL, NULL, NULL, 0.7f, 0, "lists", {0}},
    {"name.introduced", REDACT_NAME, "my name is|my name's|my full name is|name is", match_introduction, NULL, 0.9f,
     ROW_LEARN | ROW_LOOSE | ROW_LIST, "talk", {0}},
    {"name.title", REDACT_NAME, "Mr. |Mrs. |Ms. |Dr. |Prof. |Mr |Mrs |Ms |Dr |Prof |Herr |Frau |Mme |Sra. |Miss |Professor |Doctor ",
     match_introduction, NULL, 0.85f, ROW_LEARN | ROW_LOOSE | ROW_LIST | ROW_CASED, "titles", {0}},
    {"name.i_am", REDACT_NAME, "I'm |I am |This is |this is ", match_introduction, NULL, 0.85f, ROW_LEARN | ROW_LIST | ROW_CASED, "talk", {0}},
    {"name.greeting", REDACT_NAME,
     "Hi |Hi, |Hello |Hello, |Hey |Hey, |Dear |Thanks, |Thanks |Thank you, |Thank you |Sorry, |Regards, |Sincerely, |Welcome, |Hola |Bonjour |Hallo ",
     match_introduction, NULL, 0.85f, ROW_LEARN | ROW_LIST | ROW_CASED, "talk", {0}},
    {"name.labelled", REDACT_NAME,
     "passenger|customer|patient|client|contact|employee|cardholder|traveler|traveller|applicant|recipient|sender|signed|author|name|surname",
     match_labelled_name, NULL, 0.85f, ROW_LEARN | ROW_LIST, "label", {0}},
};

const struct recognizers recognizers_name = {name_rows, sizeof name_rows / sizeof name_rows[0]};
