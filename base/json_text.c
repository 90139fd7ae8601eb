/* Between the inside of a JSON string and plain UTF-8, and the rewriter that stands on both. Hides surrogate pairs. */
#include "base/json_inside.h"
#include "base/json_lex.h"

static void add_code_point(struct buf *out, uint32_t c)
{
    uint8_t utf8[4];
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size; i-- > 1; c >>= 6)
        utf8[i] = (uint8_t)(0x80 | (c & 0x3f));
    utf8[0] = (uint8_t)(lead[size] | c);
    buf_add(out, bytes_of(utf8, size));
}

/* The unit of a \uXXXX at `at` (of the backslash), or UINT32_MAX if there is none. */
static uint32_t escaped_unit(struct bytes raw, size_t at)
{
    if (at > raw.size || raw.size - at < 6 || raw.data[at] != '\\' || raw.data[at + 1] != 'u')
        return UINT32_MAX;
    uint32_t unit = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        uint8_t c = raw.data[i];
        uint32_t digit = c <= '9' ? (uint32_t)c - '0' : ((uint32_t)c | 0x20) - 'a' + 10;
        if (digit > 15)
            return UINT32_MAX;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Decode the escape at *at and step over it; false if it stands for no whole character. */
static bool unescape_one(struct bytes raw, size_t *at, struct buf *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    uint8_t kind = *at + 1 < raw.size ? raw.data[*at + 1] : 0;
    const char *name = kind ? strchr(names, kind) : NULL;
    if (name) {
        buf_add_byte(out, (uint8_t)values[name - names]);
        *at += 2;
        return true;
    }
    uint32_t unit = escaped_unit(raw, *at);
    uint32_t next = unit >> 10 == 0xd800 >> 10 ? escaped_unit(raw, *at + 6) : UINT32_MAX;
    bool pair = next >> 10 == 0xdc00 >> 10;
    bool whole = pair || (unit != UINT32_MAX && unit >> 11 != 0xd800 >> 11);
    if (pair)
        unit = 0x10000 + ((unit & 0x3ff) << 10 | (next & 0x3ff));
    *at += pair ? 12 : unit == UINT32_MAX ? 1 : 6;
    add_code_point(out, whole ? unit : 0xfffd);
    return whole;
}

bool json_unescape_whole(struct bytes raw, struct buf *out)
{
    bool whole = true;
    buf_reserve(out, raw.size); /* an escape is never shorter than what it stands for, but for a stray backslash */
    for (size_t at = 0; at < raw.size;) {
        const uint8_t *slash = memchr(raw.data + at, '\\', raw.size - at);
        size_t run = slash ? (size_t)(slash - raw.data) - at : raw.size - at;
        buf_add(out, bytes_of(raw.data + at, run));
        at += run;
        if (slash)
            whole &= unescape_one(raw, &at, out);
    }
    return whole;
}

void json_unescape(struct bytes raw, struct buf *out)
{
    (void)json_unescape_whole(raw, out);
}

void json_escape(struct bytes utf8, struct buf *out)
{
    static const char *const names[0x20] = {
        ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n", ['\r'] = "\\r", ['\t'] = "\\t"};
    bool high = false;
    for (size_t at = 0; at < utf8.size; at++) {
        size_t run = json_plain_run(utf8.data + at, utf8.size - at, &high);
        buf_add(out, bytes_of(utf8.data + at, run));
        at += run;
        if (at == utf8.size)
            return;
        uint8_t c = utf8.data[at];
        if (c >= 0x20)
            buf_add(out, bytes_of(c == '"' ? "\\\"" : "\\\\", 2));
        else if (names[c])
            buf_add_str(out, names[c]);
        else
            buf_addf(out, "\\u%04x", c);
    }
}

/* --- the rewriter --- */

struct rewriter {
    struct json_lex lex;
    struct bytes keys[JSON_LEX_DEPTH + 1]; /* by depth: the innermost key there, raw */
    struct buf key, value, fresh;          /* scratch: unescaped key and value, new value */
    size_t copied;                         /* how much of the text is in out already */
    struct buf *out;
};

/* The text as the caller of `change` sees it: raw where that is the same, else unescaped into scratch. */
static struct bytes plain(struct bytes raw, bool escaped, struct buf *scratch)
{
    if (!escaped)
        return raw;
    buf_clear(scratch);
    json_unescape(raw, scratch);
    return buf_bytes(scratch);
}

static enum status rewrite_string(struct rewriter *r, struct bytes raw, json_change change, void *context)
{
    struct bytes key = r->keys[r->lex.depth];
    bool key_escaped = key.size && memchr(key.data, '\\', key.size);
    bool changed = false;
    struct bytes name = plain(key, key_escaped, &r->key);
    struct bytes value = plain(raw, r->lex.escaped, &r->value);
    TRY(buf_status(&r->key));
    TRY(buf_status(&r->value));
    buf_clear(&r->fresh);
    TRY(change(context, name, value, &r->fresh, &changed));
    TRY(buf_status(&r->fresh));
    if (!changed)
        return OK;
    if (!bytes_is_utf8(buf_bytes(&r->fresh)))
        return ERR_BUG;
    size_t start = (size_t)(raw.data - r->lex.text.data);
    buf_add(r->out, bytes_part(r->lex.text, r->copied, start - r->copied));
    json_escape(buf_bytes(&r->fresh), r->out);
    r->copied = start + raw.size;
    return OK;
}

static enum status rewrite_token(struct rewriter *r, enum json_token token, struct bytes raw, json_change change,
                                 void *context)
{
    if (token == JSON_KEY)
        r->keys[r->lex.depth] = raw;
    else if (token == JSON_OBJECT_START || token == JSON_ARRAY_START)
        r->keys[r->lex.depth] = r->keys[r->lex.depth - 1];
    else if (token == JSON_STRING)
        return rewrite_string(r, raw, change, context);
    return OK;
}

static enum status rewrite_all(struct rewriter *r, json_change change, void *context, struct why *why)
{
    for (;;) {
        enum json_token token;
        struct bytes raw;
        enum status status = json_lex_next(&r->lex, &token, &raw);
        if (status != OK)
            return why_set(why, status, status == ERR_INPUT ? "not JSON" : "nested too deeply", "JSON", r->lex.at);
        if (token == JSON_END)
            break;
        status = rewrite_token(r, token, raw, change, context);
        if (status != OK)
            return why_set(why, status, "a value could not be rewritten", "JSON", r->lex.at);
    }
    buf_add(r->out, bytes_part(r->lex.text, r->copied, r->lex.text.size));
    return buf_status(r->out);
}

enum status json_rewrite(struct bytes text, json_change change, void *context, struct buf *out, struct why *why)
{
    struct rewriter r = {.out = out};
    json_lex_start(&r.lex, text);
    buf_init_secret(&r.key);
    buf_init_secret(&r.value);
    buf_init_secret(&r.fresh);
    size_t before = out->size;
    enum status status = rewrite_all(&r, change, context, why);
    if (status != OK)
        out->size = before;
    buf_free(&r.key);
    buf_free(&r.value);
    buf_free(&r.fresh);
    return status;
}
