/* Values that hide: in escapes, in block encodings, in parts, in one another. What hides is made plain in views, level
 * by level; the rules look at each, and what they find is reported where it stands in the text. */
#pragma once

#include "redaction/redactor.h"
#include "redaction/view.h"

#define HIDDEN_DEPTH 6 /* encodings in one another */

struct level {
    struct view view;
    struct normal normal; /* of the view; what the rules see, and the text of the next level */
    struct finds finds;   /* in normal.text */
};
struct hidden {
    struct level levels[HIDDEN_DEPTH];
    size_t count;
};
void hidden_free(struct hidden *hidden);
#define SCOPED_HIDDEN __attribute__((cleanup(hidden_free)))

/* Find what hides in scan->text and add it to scan->finds: under an exact escape the characters of the value, in a
 * block the whole token, and there only what is certain. All levels together decode at most four times the text and 16
 * MiB. */
MUST_USE enum status hidden_scan(struct hidden *hidden, const struct redactor *redactor, struct scan *scan);
/* The same for known values, after the session has learned from what was found. */
MUST_USE enum status hidden_seek(struct hidden *hidden, struct redact_session *session, struct scan *scan);
/* The session learns what was found with certainty in the levels, as it reads there; and that what stands for it in the
 * text, if that is no more, is the same value: it gets the same placeholder. */
MUST_USE enum status hidden_learn(const struct hidden *hidden, struct redact_session *session, struct bytes text);
