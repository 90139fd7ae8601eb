/* The scrubber on any bytes: findings are sorted, apart and inside; where nothing is found nothing changes; the output
 * can be scrubbed again; a scan that finds something names a place inside. */
#include <stdlib.h>

#include "redaction/redaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct redactor *redactor;

static void check_findings(const struct redact_findings *found, size_t size)
{
    for (size_t i = 0, end = 0; i < found->count; i++) {
        INVARIANT(found->items[i].start >= end && found->items[i].start < found->items[i].end);
        end = found->items[i].end;
        INVARIANT(end <= size);
    }
}

static void check_second_pass(struct bytes scrubbed)
{
    struct redact_session *session = NULL;
    struct redact_findings again = {0};
    struct buf out SCOPED_BUF = {0};
    if (redact_session_new(redactor, &session) != OK)
        return;
    INVARIANT(redact_text(session, scrubbed, &out, &again) == OK);
    check_findings(&again, scrubbed.size);
    redact_findings_free(&again);
    redact_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    struct redact_finding scanned;
    struct buf out SCOPED_BUF = {0};
    if (!redactor && redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        abort();
    INVARIANT(redact_session_new(redactor, &session) == OK);
    INVARIANT(redact_text(session, bytes_of(data, size), &out, &found) == OK);
    check_findings(&found, size);
    INVARIANT(found.count || bytes_equal(buf_bytes(&out), bytes_of(data, size)));
    if (redact_scan(redactor, bytes_of(data, size), &scanned) == OK)
        INVARIANT(scanned.start < scanned.end && scanned.end <= size);
    check_second_pass(buf_bytes(&out));
    redact_findings_free(&found);
    redact_session_free(session);
    return 0;
}
