/* The forms in which a value hides, as rows: what is found in one of them is reported under its name. */
#include "redaction/recognizer.h"
#include "redaction/view.h"

#define FORM(name, page)                                                                                               \
    {                                                                                                                  \
        .rule = "hidden." name, .type = REDACT_MISC, .score = 0.9f, .source = page                                     \
    }

static const struct recognizer rows[] = {
    [VIEW_EXACT] = FORM("escape", "RFC 3986, HTML 5 character references, RFC 8259, RFC 2045, POSIX shell"),
    [VIEW_JOINT] = FORM("joint", "line ends, joined strings and blanks within a value"),
    [VIEW_BLOCK] = FORM("block", "RFC 4648, RFC 1950, RFC 1952"),
};

const struct recognizers recognizers_hidden = {rows, sizeof rows / sizeof rows[0]};
