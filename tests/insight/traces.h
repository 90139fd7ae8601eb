/* What the tests of readers and extraction share: reading a text into a list of traces, and small traces of ours. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "insight/extract.h"
#include "insight/reader.h"

struct traces {
    struct trace items[256];
    size_t count;
};

static inline enum status traces_keep(void *context, struct trace *trace)
{
    struct traces *traces = context;
    assert_true(traces->count < 256);
    traces->items[traces->count++] = *trace;
    *trace = (struct trace){0};
    return OK;
}

static inline void traces_free(struct traces *traces)
{
    for (size_t i = 0; i < traces->count; i++)
        trace_free(&traces->items[i]);
    traces->count = 0;
}

static inline enum status traces_of(const char *text, struct traces *out, struct read_report *report)
{
    struct why why = {0};
    out->count = 0;
    return traces_read(bytes_str(text), "file.jsonl", traces_keep, out, report, &why);
}

/* The traces as if scrubbed by a redactor that found nothing: extraction without the scrubber. */
static inline void traces_mark_scrubbed(struct traces *traces)
{
    for (size_t i = 0; i < traces->count; i++)
        traces->items[i].scrubbed = true;
}
