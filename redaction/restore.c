/* Putting back what was sealed. Hides the walk over text and over JSON strings. */
#include "base/encode.h"
#include "base/json_lex.h"
#include "redaction/placeholder.h"
#include "redaction/redaction.h"

struct restoring {
    const struct redact_opener *opener;
    struct redact_restored *count;
    struct buf *out;
};

/* One sealed placeholder, or itself where it does not open. */
static enum status open_one(const struct restoring *restoring, struct bytes whole, struct bytes type,
                            struct bytes base64)
{
    SCOPED_BUF struct buf sealed = {0}, value = {.secret = true};
    const struct redact_opener *opener = restoring->opener;
    enum status status = decode_base64url(base64, &sealed);
    if (status == OK)
        status = opener->open(opener->state, type, buf_bytes(&sealed), &value);
    if (status != OK && status != ERR_DENIED && status != ERR_INPUT)
        return status;
    restoring->count->opened += status == OK;
    restoring->count->closed += status != OK;
    buf_add(restoring->out, status == OK ? buf_bytes(&value) : whole);
    return OK;
}

static enum status restore(const struct restoring *restoring, struct bytes text)
{
    for (size_t at = 0; at < text.size;) {
        const uint8_t *mark = memchr(text.data + at, '<', text.size - at);
        size_t next = mark ? (size_t)(mark - text.data) : text.size;
        buf_add(restoring->out, bytes_part(text, at, next - at));
        at = next;
        if (!mark)
            break;
        struct bytes type, sealed, rest = bytes_part(text, at, SIZE_MAX);
        if (!placeholder_sealed(rest, &type, &sealed)) {
            buf_add_byte(restoring->out, text.data[at++]);
            continue;
        }
        struct bytes whole = bytes_part(rest, 0, placeholder_at(rest, 0));
        TRY(open_one(restoring, whole, type, sealed));
        at += whole.size;
    }
    return buf_status(restoring->out);
}

enum status redact_restore(struct bytes text, const struct redact_opener *opener, struct buf *out,
                           struct redact_restored *count)
{
    const struct restoring restoring = {opener, count, out};
    size_t before = out->size;
    enum status status = restore(&restoring, text);
    if (status != OK)
        out->size = before;
    return status;
}

/* --- JSON --- */

/* One string between its quotes: copied unless something opened. */
static enum status restore_string(const struct redact_opener *opener, struct bytes raw, struct buf *out,
                                  struct redact_restored *count)
{
    SCOPED_BUF struct buf plain = {.secret = true}, restored = {.secret = true};
    size_t opened = count->opened;
    json_unescape(raw, &plain);
    TRY(buf_status(&plain));
    TRY(redact_restore(buf_bytes(&plain), opener, &restored, count));
    if (count->opened == opened)
        buf_add(out, raw);
    else
        json_escape(buf_bytes(&restored), out);
    return OK;
}

static enum status restore_tokens(struct bytes json, const struct redact_opener *opener, struct buf *out,
                                  struct redact_restored *count)
{
    struct json_lex lex;
    enum json_token token = JSON_NULL;
    struct bytes raw;
    size_t copied = 0;
    json_lex_start(&lex, json);
    while (token != JSON_END) {
        TRY(json_lex_next(&lex, &token, &raw));
        if ((token != JSON_STRING && token != JSON_KEY) || !raw.size || !memchr(raw.data, '<', raw.size))
            continue;
        size_t start = (size_t)(raw.data - json.data);
        buf_add(out, bytes_part(json, copied, start - copied));
        TRY(restore_string(opener, raw, out, count));
        copied = start + raw.size;
    }
    buf_add(out, bytes_part(json, copied, SIZE_MAX));
    return buf_status(out);
}

enum status redact_restore_json(struct bytes json, const struct redact_opener *opener, struct buf *out,
                                struct redact_restored *count)
{
    const struct redact_restored counted = *count;
    size_t before = out->size;
    enum status status = restore_tokens(json, opener, out, count);
    if (status != OK) {
        out->size = before;
        *count = counted;
    }
    return status;
}
