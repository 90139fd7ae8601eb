/* The scrubber on any bytes. Findings are sorted, apart, inside, and cut no character; the output is the input with a
 * placeholder of its type in the place of each finding, and every other byte; a value that was found with certainty
 * stands nowhere else; a scan that finds something names a place inside. A second pass may find something new, for a
 * removal brings together what was apart: but soon there is nothing left to find. */
#include <stdlib.h>

#include "redaction/chars.h"
#include "redaction/recognizer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PASSES = 4, VALUE_LEAST = 6, VALUE_MOST = 63 };

static struct redactor *redactor;

static bool inside_character(struct bytes text, size_t at)
{
    return at < text.size && (text.data[at] & 0xc0) == 0x80;
}

static void check_findings(const struct redact_findings *found, struct bytes text)
{
    bool utf8 = bytes_is_utf8(text);
    for (size_t i = 0, end = 0; i < found->count; i++) {
        const struct redact_finding *finding = &found->items[i];
        INVARIANT(finding->start >= end && finding->start < finding->end);
        INVARIANT(finding->end <= text.size);
        INVARIANT(finding->score > 0 && finding->score <= 1);
        INVARIANT(!utf8 || (!inside_character(text, finding->start) && !inside_character(text, finding->end)));
        end = finding->end;
    }
}

/* End of "<TYPE_12>" at `at`, which must be there. */
static size_t check_placeholder(struct bytes out, size_t at, enum redact_type type)
{
    const char *name = redact_type_name(type);
    struct bytes rest = bytes_part(out, at, SIZE_MAX);
    INVARIANT(char_at(rest, 0) == '<' && bytes_starts(bytes_part(rest, 1, SIZE_MAX), name));
    size_t digits = 1 + strlen(name);
    INVARIANT(char_at(rest, digits) == '_');
    size_t end = chars_run(rest, digits + 1, C_DIGIT, 12);
    INVARIANT(end > digits + 1 && char_at(rest, end) == '>');
    return at + end + 1;
}

static void check_output(struct bytes text, const struct redact_findings *found, struct bytes out)
{
    size_t from = 0, at = 0;
    for (size_t i = 0; i < found->count; i++) {
        const struct redact_finding *finding = &found->items[i];
        if (!finding->withheld)
            continue;
        size_t gap = finding->start - from;
        INVARIANT(bytes_equal(bytes_part(out, at, gap), bytes_part(text, from, gap)));
        at = check_placeholder(out, at + gap, finding->type);
        from = finding->end;
    }
    INVARIANT(bytes_equal(bytes_part(out, at, SIZE_MAX), bytes_part(text, from, SIZE_MAX)));
}

/* Whether the session looks for this value's other mentions: certain, of a row that teaches, neither a plain word nor
 * a name in small letters. */
static bool is_learned(const struct redact_finding *finding, struct bytes value)
{
    const struct recognizer *row = NULL;
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++)
            if (strcmp(recognizer_tables[t]->rows[i].rule, finding->rule) == 0)
                row = &recognizer_tables[t]->rows[i];
    bool plain = redact_type_is_secret(finding->type) && chars_run(value, 0, C_LOWER, SIZE_MAX) == value.size;
    bool small = finding->type == REDACT_NAME && !char_is(value.data[0], C_UPPER);
    return finding->withheld && row && row->flags & ROW_LEARN && finding->score >= 0.8f && !plain && !small &&
           value.size >= VALUE_LEAST && value.size <= VALUE_MOST;
}

static bool is_covered(const struct redact_findings *found, size_t start, size_t end)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].withheld && found->items[i].start < end && found->items[i].end > start)
            return true;
    return false;
}

/* Each mention of the value that stands as a word of its own is touched by a finding. */
static void check_mentions(struct bytes text, struct bytes value, const struct redact_findings *found)
{
    for (size_t at = 0; at + value.size <= text.size; at++) {
        size_t step = bytes_find(bytes_part(text, at, SIZE_MAX), value);
        if (step == SIZE_MAX)
            return;
        at += step;
        size_t end = at + value.size;
        bool inside = char_is(char_at(text, at - 1), C_ALNUM) ||
                      (char_is(text.data[end - 1], C_ALNUM) && char_is(char_at(text, end), C_ALNUM));
        INVARIANT(inside || is_covered(found, at, end));
    }
}

/* Plain text only: elsewhere the value that is learned is the normalised one. */
static void check_values(struct bytes text, const struct redact_findings *found)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 0x80)
            return;
    for (size_t i = 0; i < found->count; i++) {
        const struct redact_finding *finding = &found->items[i];
        struct bytes value = bytes_part(text, finding->start, finding->end - finding->start);
        if (is_learned(finding, value))
            check_mentions(text, value, found);
    }
}

/* One pass in a session of its own; whether something was withheld. */
static bool pass(struct bytes text, struct buf *out)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    INVARIANT(redact_session_new(redactor, &session) == OK);
    INVARIANT(redact_text(session, text, out, &found) == OK);
    check_findings(&found, text);
    check_output(text, &found, buf_bytes(out));
    check_values(text, &found);
    bool withheld = false;
    for (size_t i = 0; i < found.count; i++)
        withheld |= found.items[i].withheld;
    INVARIANT(withheld || bytes_equal(buf_bytes(out), text));
    redact_findings_free(&found);
    redact_session_free(session);
    return withheld;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redact_finding scanned;
    struct buf text SCOPED_BUF = {0};
    if (!redactor && redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        abort();
    if (redact_scan(redactor, bytes_of(data, size), &scanned) == OK)
        INVARIANT(scanned.start < scanned.end && scanned.end <= size);
    buf_add(&text, bytes_of(data, size));
    for (int passes = 0;; passes++) {
        struct buf out SCOPED_BUF = {0};
        INVARIANT(passes < PASSES);
        if (!pass(buf_bytes(&text), &out))
            return 0;
        buf_clear(&text);
        buf_add(&text, buf_bytes(&out));
    }
}
