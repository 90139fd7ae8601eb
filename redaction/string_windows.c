/* Long strings. Hides where windows may be cut. */
#include "redaction/string_windows.h"

#include "redaction/json_raw.h"
#include "redaction/redactor.h"

#define WINDOW (1u << 20)
#define ESCAPE_MOST 12 /* bytes of a pair of surrogates */

static enum status report(struct string_windows *windows, struct bytes raw, size_t base,
                          const struct redact_findings *plain)
{
    struct raw_walk walk = {raw, windows->context, 0};
    for (size_t i = 0; i < plain->count && windows->found; i++) {
        struct redact_finding finding = plain->items[i];
        finding.start = base + raw_walk_to(&walk, finding.start);
        finding.end = base + raw_walk_to(&walk, finding.end);
        TRY(findings_add(windows->found, finding));
    }
    return OK;
}

static bool any_withheld(const struct redact_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].withheld)
            return true;
    return false;
}

/* The window that ends at the boundary `to`, looked at with what stands before and behind it. */
static enum status do_window(struct string_windows *windows, struct bytes raw, size_t base, size_t to,
                             struct redact_findings *plain)
{
    SCOPED_BUF struct buf text = {.secret = true}, scrubbed = {.secret = true};
    bool quote;
    size_t next, end = raw_boundary(raw, to, to + WINDOW_OVERLAP, &quote);
    struct window window = {.base = 0};
    raw_unescape(bytes_part(raw, windows->context, windows->at - windows->context), &text);
    window.from = text.size;
    raw_unescape(bytes_part(raw, windows->at, to - windows->at), &text);
    window.to = text.size;
    raw_unescape(bytes_part(raw, to, end - to), &text);
    TRY(buf_status(&text));
    window.text = buf_bytes(&text);
    TRY(window_run(windows->session, &window, windows->out ? &scrubbed : NULL, plain, &next));
    TRY(buf_status(&scrubbed));
    TRY(report(windows, raw, base, plain));
    struct raw_walk walk = {raw, windows->context, 0};
    size_t stop = next > window.to ? raw_walk_to(&walk, next) : to;
    if (windows->out && !any_withheld(plain))
        buf_add(windows->out, bytes_part(raw, windows->at, stop - windows->at));
    else if (windows->out)
        raw_escape(buf_bytes(&scrubbed), windows->out);
    size_t back = stop > WINDOW_CONTEXT ? stop - WINDOW_CONTEXT : 0;
    windows->context = raw_boundary(raw, windows->context, back > windows->context ? back : windows->context, &quote);
    windows->at = stop;
    return OK;
}

enum status string_windows_run(struct string_windows *windows, struct bytes raw, size_t base, bool whole)
{
    const size_t least = WINDOW + WINDOW_OVERLAP + ESCAPE_MOST;
    while (windows->at < raw.size && (whole || raw.size - windows->at > least)) {
        bool quote, last = raw.size - windows->at <= least;
        size_t to = last ? raw.size : raw_boundary(raw, windows->at, windows->at + WINDOW, &quote);
        struct redact_findings plain = {0};
        enum status status = do_window(windows, raw, base, to, &plain);
        redact_findings_free(&plain);
        TRY(status);
    }
    return windows->out ? buf_status(windows->out) : OK;
}
