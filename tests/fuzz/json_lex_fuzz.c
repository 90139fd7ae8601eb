/* json_lex: the rewriter that changes nothing copies every byte; the one that writes each value anew gives JSON whose
 * values are the same; what the strict parser takes the lexer takes. */
#include "base/json.h"
#include "base/json_lex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status keep(void *context, struct bytes key, struct bytes value, struct buf *out, bool *changed)
{
    (void)context, (void)key, (void)out, (void)changed;
    INVARIANT(bytes_is_utf8(value));
    return OK;
}

static enum status anew(void *context, struct bytes key, struct bytes value, struct buf *out, bool *changed)
{
    (void)context, (void)key;
    buf_add(out, value);
    *changed = true;
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    SCOPED_JSON struct json *value = NULL;
    SCOPED_BUF struct buf same = {0}, fresh = {0}, fixed = {0}, before = {0}, after = {0};
    bool strict = json_parse(text, size, &value, NULL) == OK;
    if (json_rewrite(text, keep, NULL, &same, NULL) != OK) {
        INVARIANT(!strict && same.size == 0);
        return 0;
    }
    INVARIANT(bytes_equal(text, buf_bytes(&same)));
    INVARIANT(json_rewrite(text, anew, NULL, &fresh, NULL) == OK);
    INVARIANT(json_rewrite(buf_bytes(&fresh), anew, NULL, &fixed, NULL) == OK);
    INVARIANT(bytes_equal(buf_bytes(&fresh), buf_bytes(&fixed)));
    if (!strict)
        return 0;
    INVARIANT(json_canonicalise(text, &before, NULL) == OK);
    INVARIANT(json_canonicalise(buf_bytes(&fresh), &after, NULL) == OK);
    INVARIANT(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    return 0;
}
