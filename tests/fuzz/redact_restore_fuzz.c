/* Putting back what was sealed, in text and in JSON: what comes back is JSON where JSON went in, and a count of nothing
 * opened means nothing changed. */
#include "base/json_lex.h"
#include "base/secret.h"
#include "redaction/redaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status open_sealed(void *state, struct bytes type, struct bytes sealed, struct buf *out)
{
    (void)state;
    if (sealed.size < 2 || sealed.data[0] != (uint8_t)type.size)
        return ERR_DENIED;
    buf_add(out, bytes_part(sealed, 1, SIZE_MAX));
    return buf_status(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct redact_opener opener = {.open = open_sealed};
    struct bytes text = bytes_of(data, size);
    struct redact_restored count = {0};
    struct buf out SCOPED_BUF = {0}, json SCOPED_BUF = {0};
    INVARIANT(redact_restore(text, &opener, &out, &count) == OK);
    INVARIANT(count.opened || bytes_equal(buf_bytes(&out), text));
    count = (struct redact_restored){0};
    if (redact_restore_json(text, &opener, &json, &count) == OK)
        INVARIANT(count.opened || bytes_equal(buf_bytes(&json), text));
    else
        INVARIANT(json.size == 0 && count.opened == 0);
    return 0;
}
