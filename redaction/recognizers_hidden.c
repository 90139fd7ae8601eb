/* The forms in which a value hides, as rows: what is found in one of them is reported under its name. And values that
 * are written out in words, as people do to keep them from machines. */
#include "redaction/recognizer.h"
#include "redaction/view.h"

/* --- e-mail: "mia dot li at example dot com", "mia [at] example.com" --- */

#define SPELLED_BLANKS 4 /* between two words */
#define LABELS_MOST 6    /* of a name or a host */

struct word {
    size_t start, end; /* equal: none */
};

static bool is_between(uint8_t byte)
{
    return byte && strchr(" []{}()<>\t\n", byte);
}

static struct word word_before(struct bytes text, size_t at)
{
    size_t end = at;
    while (end > 0 && at - end < SPELLED_BLANKS && is_between(text.data[end - 1]))
        end--;
    size_t start = end > 0 && text.data[end - 1] == '@' ? end - 1 : chars_run_back(text, end, C_MAIL | C_DOT, 64);
    return (struct word){start, end};
}

static struct word word_behind(struct bytes text, size_t at)
{
    size_t start = at;
    while (start - at < SPELLED_BLANKS && is_between(char_at(text, start)))
        start++;
    return (struct word){start, chars_run(text, start, C_ALNUM | C_DASH | C_DOT, 64)};
}

static bool is_word(struct bytes text, struct word word, const char *wanted)
{
    return word.end > word.start && chars_word_of(text, word.start, wanted) == word.end - word.start;
}

static bool is_at(struct bytes text, struct word word)
{
    return char_at(text, word.start) == '@' || is_word(text, word, "at");
}

/* The word for "@" before the host whose last dot begins at `dot`. */
static struct word find_at(struct bytes text, size_t dot)
{
    for (int labels = 0; labels < LABELS_MOST; labels++) {
        struct word label = word_before(text, dot), sign = word_before(text, label.start);
        if (label.start == label.end || is_at(text, label) || sign.start == sign.end)
            break;
        if (is_at(text, sign))
            return sign;
        if (!is_word(text, sign, "dot|punkt|point"))
            break;
        dot = sign.start;
    }
    return (struct word){0};
}

/* Where the name before the "@" begins; its end if there is none. */
static size_t name_start(struct bytes text, struct word at)
{
    struct word name = word_before(text, at.start);
    for (int labels = 0; labels < LABELS_MOST && name.start < name.end; labels++) {
        struct word sign = word_before(text, name.start), more = word_before(text, sign.start);
        if (!is_word(text, sign, "dot|underscore|dash|hyphen|plus") || more.start == more.end)
            break;
        name.start = more.start;
    }
    return name.start == name.end ? at.start : name.start;
}

static bool is_domain(struct bytes text, struct word word)
{
    static const char domains[] =
        "com|org|net|edu|gov|mil|int|io|ai|co|dev|app|info|biz|me|tv|xyz|eu|us|uk|ca|au|nz|de|"
        "at|ch|fr|be|nl|lu|it|es|pt|ie|se|no|dk|fi|pl|cz|sk|hu|ro|bg|gr|tr|ru|ua|in|cn|jp|kr|"
        "sg|hk|tw|br|mx|ar|cl|za|il|ae|test|example";
    size_t last = chars_run_back(text, word.end, C_ALPHA, 16);
    return word.end > last && chars_word_of(text, last, domains) == word.end - last;
}

/* The end of the host that goes on behind a dot, or 0. */
static size_t host_end(struct bytes text, size_t at)
{
    size_t end = 0;
    for (int labels = 0; labels < LABELS_MOST; labels++) {
        struct word label = word_behind(text, at), sign = word_behind(text, label.end);
        while (label.end > label.start && text.data[label.end - 1] == '.')
            label.end--;
        if (label.start == label.end)
            break;
        end = is_domain(text, label) ? label.end : end;
        if (!is_word(text, sign, "dot|punkt|point"))
            break;
        at = sign.end;
    }
    return end;
}

/* The anchor is the word "dot", or "at" in brackets. */
static size_t match_spelled_email(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t from = end;
    while (from > 0 && is_between(text.data[from - 1]))
        from--;
    size_t start = chars_run_back(text, from, C_ALPHA, 6);
    struct word at =
        is_word(text, (struct word){start, from}, "at") ? (struct word){start, from} : find_at(text, start);
    size_t stop = at.end ? host_end(text, at.end == from ? end : start + (from - start)) : 0;
    struct word host = word_behind(text, at.end);
    bool dotted = stop > host.end || (stop && memchr(text.data + host.start, '.', stop - host.start));
    size_t name = at.end && dotted ? name_start(text, at) : at.start;
    if (name < at.start)
        scan_found(scan, row, name, stop);
    return end;
}

/* --- numbers: "five five five, zero one two three" --- */

#define SPELLED_LEAST 7
#define SPELLED_MOST 20

/* The digit that a word says; 10: the next one is said twice, 11: three times; -1: none. */
static int digit_word(struct bytes text, struct word word)
{
    static const char *const words[] = {"zero|oh", "one",   "two",   "three", "four",   "five",
                                        "six",     "seven", "eight", "nine",  "double", "triple"};
    for (int i = 0; i < 12; i++)
        if (is_word(text, word, words[i]))
            return i;
    return -1;
}

static bool is_gap(uint8_t byte)
{
    return byte && strchr(" ,.-\t\n", byte);
}

static struct word number_word(struct bytes text, size_t at, bool back)
{
    size_t edge = at;
    for (int gap = 0; gap < 3 && is_gap(back ? char_at(text, edge - 1) : char_at(text, edge)); gap++)
        edge = back ? edge - 1 : edge + 1;
    size_t other = back ? chars_run_back(text, edge, C_ALPHA, 7) : chars_run(text, edge, C_ALPHA, 7);
    return back ? (struct word){other, edge} : (struct word){edge, other};
}

static size_t match_spelled_number(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_ALPHA, 7), count = 0, up = 0;
    struct word word = number_word(text, start, true);
    for (int back = 0; back < SPELLED_MOST && digit_word(text, word) >= 0; back++) {
        start = word.start;
        word = number_word(text, start, true);
    }
    size_t stop = start, next = start;
    for (int before = -2; count < SPELLED_MOST;) {
        word = number_word(text, next, false);
        int digit = digit_word(text, word);
        if (digit < 0 || (stop > start && word.start == next))
            break;
        next = word.end;
        stop = next;
        count += digit > 9 ? (size_t)digit - 9 : 1;
        up += digit == before + 1;
        before = digit;
    }
    if (count >= SPELLED_LEAST && up * 4 < count * 3) /* else someone counts */
        scan_found(scan, row, start, stop);
    return stop > end ? stop : end;
}

#define FORM(name, page)                                                                                               \
    {                                                                                                                  \
        .rule = "hidden." name, .type = REDACT_MISC, .score = 0.9f, .source = page                                     \
    }

static const struct recognizer rows[] = {
    [VIEW_EXACT] = FORM("escape", "RFC 3986, HTML 5 character references, RFC 8259, RFC 2045, POSIX shell"),
    [VIEW_JOINT] = FORM("joint", "line ends, joined strings and blanks within a value"),
    [VIEW_BLOCK] = FORM("block", "RFC 4648, RFC 1950, RFC 1952"),
    {.rule = "email.spelled",
     .type = REDACT_EMAIL,
     .anchor = "dot|[dot]|(dot)|{dot}|[at]|(at)|{at}|<at>",
     .match = match_spelled_email,
     .score = 0.9f,
     .flags = ROW_LIST,
     .source = "RFC 5322, as people read it out"},
    {.rule = "phone.spelled",
     .type = REDACT_PHONE,
     .anchor = "zero|three|seven|eight",
     .match = match_spelled_number,
     .score = 0.8f,
     .flags = ROW_LIST,
     .source = "digits, as people read them out"},
};

const struct recognizers recognizers_hidden = {rows, sizeof rows / sizeof rows[0]};
