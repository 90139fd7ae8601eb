/* A stream in parts of a size that the input's first byte gives: as the same stream in one part, out and found. */
#include "redaction/redaction.h"

static struct redactor *redactor;

static void run(struct bytes input, size_t size, struct buf *out, struct redact_findings *found)
{
    struct redact_session *session = NULL;
    struct redact_stream *stream = NULL;
    INVARIANT(redact_session_new(redactor, &session) == OK && redact_stream_new(session, &stream) == OK);
    for (size_t at = 0; at < input.size; at += size < input.size ? size : input.size)
        INVARIANT(redact_stream_add(stream, bytes_part(input, at, size), out, found) == OK);
    INVARIANT(redact_stream_end(stream, out, found) == OK);
    redact_stream_free(stream);
    redact_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf parts SCOPED_BUF = {0}, whole SCOPED_BUF = {0};
    struct redact_findings in_parts = {0}, in_whole = {0};
    if (size == 0 || (!redactor && redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK))
        return 0;
    struct bytes input = bytes_of(data + 1, size - 1);
    run(input, data[0] + 1u, &parts, &in_parts);
    run(input, SIZE_MAX, &whole, &in_whole);
    INVARIANT(bytes_equal(buf_bytes(&parts), buf_bytes(&whole)));
    INVARIANT(in_parts.count == in_whole.count);
    for (size_t i = 0; i < in_parts.count; i++) {
        const struct redact_finding *a = &in_parts.items[i], *b = &in_whole.items[i];
        INVARIANT(a->start == b->start && a->end == b->end && a->type == b->type && a->end <= input.size);
        INVARIANT(a->start < a->end && (i == 0 || a[-1].end <= a->start));
    }
    redact_findings_free(&in_parts);
    redact_findings_free(&in_whole);
    return 0;
}
