/* One JSON string of any length, in overlapping windows over its raw inside. */
#pragma once

#include "redaction/redaction.h"

struct string_windows {
    struct redact_session *session;
    struct buf *out;               /* NULL: only detect */
    struct redact_findings *found; /* or NULL */
    size_t context, at;            /* boundaries of raw: from where on it is still needed, from where on it is to do */
};
/* Do as many windows as raw has room for; all of it if it is `whole`, to the string's end. What is done is in out
 * (changed windows escaped anew, others copied). `base` is the offset of raw in the whole input. */
MUST_USE enum status string_windows_run(struct string_windows *windows, struct bytes raw, size_t base, bool whole);
