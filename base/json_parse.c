/* The strict parser: our lexer feeding our tree. Hides what RFC 8259 leaves open and we close: duplicate keys, NUL,
 * lone surrogates, depth, numbers that no double holds. */
#include <math.h>

#include "base/json_inside.h"
#include "base/json_lex.h"

struct parser {
    struct json_lex lex;
    struct buf scratch; /* text unescaped or terminated */
    struct why *why;
};

static enum status refuse(struct parser *p, enum status code, const char *what)
{
    return why_set(p->why, code, what, "JSON", p->lex.at);
}

static enum status next(struct parser *p, enum json_token *token, struct bytes *raw)
{
    enum status status = json_lex_next(&p->lex, token, raw);
    if (status != OK)
        return refuse(p, status, status == ERR_INPUT ? "malformed text" : "nesting too deep");
    if (p->lex.depth > JSON_DEPTH_MAX)
        return refuse(p, ERR_TOO_LARGE, "nesting too deep");
    return OK;
}

/* The plain text of a KEY or STRING: raw itself, or scratch until its next use. */
static enum status plain(struct parser *p, struct bytes raw, struct bytes *text)
{
    *text = raw;
    if (!p->lex.escaped)
        return OK;
    buf_clear(&p->scratch);
    bool whole = json_unescape_whole(raw, &p->scratch);
    TRY(buf_status(&p->scratch));
    if (!whole)
        return refuse(p, ERR_INPUT, "half of a surrogate pair");
    *text = buf_bytes(&p->scratch);
    if (memchr(text->data, 0, text->size))
        return refuse(p, ERR_INPUT, "NUL in a string");
    return OK;
}

/* The value of an integer's spelling; false if it is no integer, or beyond +-2^53 and so not exact for every reader. */
static bool exact_integer(struct bytes raw, int64_t *value)
{
    bool negative = raw.data[0] == '-';
    *value = 0;
    for (size_t i = negative; i < raw.size; i++) {
        if (raw.data[i] < '0' || raw.data[i] > '9')
            return false;
        *value = *value * 10 + (raw.data[i] - '0');
        if (*value > JSON_INTEGER_MOST)
            return false;
    }
    if (negative)
        *value = -*value;
    return true;
}

static enum status number(struct parser *p, struct bytes raw, struct json **out)
{
    int64_t integer;
    if (exact_integer(raw, &integer)) {
        *out = json_integer(integer);
        return *out ? OK : ERR_MEMORY;
    }
    buf_clear(&p->scratch);
    buf_add(&p->scratch, raw);
    double real = json_number_read(buf_text(&p->scratch));
    TRY(buf_status(&p->scratch));
    if (!isfinite(real))
        return refuse(p, ERR_INPUT, "number out of range");
    *out = json_real(real);
    return *out ? OK : ERR_MEMORY;
}

static enum status string(struct parser *p, struct bytes raw, struct json **out)
{
    struct bytes text;
    TRY(plain(p, raw, &text));
    *out = json_string(text);
    return *out ? OK : ERR_MEMORY;
}

static enum status value(struct parser *p, enum json_token token, struct bytes raw, struct json **out);

static enum status array(struct parser *p, struct json **out)
{
    SCOPED_JSON struct json *array = json_array();
    if (!array)
        return ERR_MEMORY;
    for (;;) {
        enum json_token token;
        struct bytes raw;
        struct json *item = NULL;
        TRY(next(p, &token, &raw));
        if (token == JSON_ARRAY_END)
            break;
        TRY(value(p, token, raw, &item));
        if (!json_append(array, NULL, item))
            return ERR_MEMORY;
    }
    *out = json_share(array);
    return OK;
}

static enum status member(struct parser *p, struct bytes raw_key, struct json *object)
{
    struct bytes text, raw;
    TRY(plain(p, raw_key, &text));
    SCOPED_MEM char *key = mem_copy(text);
    struct json *item = NULL;
    enum json_token token;
    if (!key)
        return ERR_MEMORY;
    TRY(next(p, &token, &raw));
    TRY(value(p, token, raw, &item));
    char *give = key;
    key = NULL;
    return json_append(object, give, item) ? OK : ERR_MEMORY;
}

static enum status object(struct parser *p, struct json **out)
{
    SCOPED_JSON struct json *object = json_object();
    if (!object)
        return ERR_MEMORY;
    for (;;) {
        enum json_token token;
        struct bytes raw;
        TRY(next(p, &token, &raw));
        if (token == JSON_OBJECT_END)
            break;
        TRY(member(p, raw, object));
    }
    SCOPED_MEM struct json_entry *sorted = NULL;
    enum status status = json_sorted(object, &sorted);
    if (status == ERR_EXISTS)
        return refuse(p, ERR_INPUT, "duplicate key");
    TRY(status);
    *out = json_share(object);
    return OK;
}

/* Make the value whose first token has been read. */
static enum status value(struct parser *p, enum json_token token, struct bytes raw, struct json **out)
{
    switch (token) {
    case JSON_OBJECT_START:
        return object(p, out);
    case JSON_ARRAY_START:
        return array(p, out);
    case JSON_STRING:
        return string(p, raw, out);
    case JSON_NUMBER:
        return number(p, raw, out);
    case JSON_TRUE:
    case JSON_FALSE:
        *out = json_bool(token == JSON_TRUE);
        return *out ? OK : ERR_MEMORY;
    case JSON_NULL:
        *out = json_null();
        return *out ? OK : ERR_MEMORY;
    case JSON_OBJECT_END:
    case JSON_ARRAY_END:
    case JSON_KEY:
    case JSON_END:
        break;
    }
    return ERR_BUG; /* the lexer gives none of these where a value begins */
}

static enum status document(struct parser *p, struct json **out)
{
    enum json_token token;
    struct bytes raw;
    SCOPED_JSON struct json *whole = NULL;
    TRY(next(p, &token, &raw));
    TRY(value(p, token, raw, &whole));
    TRY(next(p, &token, &raw)); /* nothing may follow */
    *out = json_share(whole);
    return OK;
}

static enum status parse(struct bytes text, struct json **out, struct why *why)
{
    struct parser p = {.why = why};
    buf_init_secret(&p.scratch);
    json_lex_start(&p.lex, text);
    *out = NULL;
    enum status status = document(&p, out);
    buf_free(&p.scratch);
    return status == OK ? OK : why_set(why, status, status_text(status), "JSON", 0);
}

enum status json_parse(struct bytes text, size_t limit, struct json **out, struct why *why)
{
    *out = NULL;
    if (text.size > limit)
        return why_set(why, ERR_TOO_LARGE, "text over the size limit", "JSON", limit);
    return parse(text, out, why);
}

enum status json_canonicalise(struct bytes text, struct buf *out, struct why *why)
{
    SCOPED_JSON struct json *whole = NULL;
    TRY(parse(text, &whole, why));
    return json_canonical(whole, out);
}
