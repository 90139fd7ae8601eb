/* The lexer of RFC 8259. Hides the state between two tokens: what may come next, and a bit per open container. */
#include "base/json_lex.h"

#include "base/json_inside.h"

enum expect { VALUE, VALUE_OR_CLOSE, KEY, KEY_OR_CLOSE, COMMA_OR_CLOSE, NOTHING };

void json_lex_start(struct json_lex *lex, struct bytes text)
{
    *lex = (struct json_lex){.text = text, .expect = VALUE};
}

/* The next byte, or 0 at the end: outside strings a NUL is as wrong as the end. */
static uint8_t peek(const struct json_lex *lex)
{
    return lex->at < lex->text.size ? lex->text.data[lex->at] : 0;
}

static void skip_space(struct json_lex *lex)
{
    for (uint8_t c = peek(lex); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = peek(lex))
        lex->at++;
}

static bool in_object(const struct json_lex *lex)
{
    size_t top = lex->depth - 1;
    return lex->stack[top / 8] >> (top % 8) & 1;
}

static void value_done(struct json_lex *lex)
{
    lex->expect = lex->depth ? COMMA_OR_CLOSE : NOTHING;
}

static struct bytes since(const struct json_lex *lex, size_t start)
{
    return bytes_of(lex->text.data + start, lex->at - start);
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* At a backslash: step over a whole escape. */
static enum status read_escape(struct json_lex *lex)
{
    lex->at++;
    uint8_t kind = peek(lex);
    if (kind == 0 || !strchr("\"\\/bfnrtu", kind))
        return ERR_INPUT;
    lex->at++;
    for (size_t i = 0; kind == 'u' && i < 4; i++, lex->at++)
        if (!is_hex(peek(lex)))
            return ERR_INPUT;
    return OK;
}

static enum status read_string(struct json_lex *lex, struct bytes *raw)
{
    size_t start = ++lex->at;
    bool high = false;
    lex->escaped = false;
    for (;;) {
        lex->at += json_plain_run(lex->text.data + lex->at, lex->text.size - lex->at, &high);
        uint8_t stop = peek(lex);
        if (stop == '"')
            break;
        if (stop != '\\')
            return ERR_INPUT;
        lex->escaped = true;
        TRY(read_escape(lex));
    }
    *raw = since(lex, start);
    if (high && !bytes_is_utf8(*raw)) {
        *raw = BYTES_NONE;
        lex->at = start;
        return ERR_INPUT;
    }
    lex->at++;
    return OK;
}

static enum status read_digits(struct json_lex *lex)
{
    if (!is_digit(peek(lex)))
        return ERR_INPUT;
    while (is_digit(peek(lex)))
        lex->at++;
    return OK;
}

static enum status read_number(struct json_lex *lex, struct bytes *raw)
{
    size_t start = lex->at;
    if (peek(lex) == '-')
        lex->at++;
    if (peek(lex) == '0')
        lex->at++; /* and no digit may follow: the next token would begin with it, which nothing does */
    else
        TRY(read_digits(lex));
    if (peek(lex) == '.') {
        lex->at++;
        TRY(read_digits(lex));
    }
    if ((peek(lex) | 0x20) == 'e') {
        lex->at++;
        if (peek(lex) == '+' || peek(lex) == '-')
            lex->at++;
        TRY(read_digits(lex));
    }
    *raw = since(lex, start);
    return OK;
}

static enum status read_word(struct json_lex *lex, const char *word, struct bytes *raw)
{
    size_t start = lex->at;
    for (const char *c = word; *c; c++, lex->at++)
        if (peek(lex) != (uint8_t)*c)
            return ERR_INPUT;
    *raw = since(lex, start);
    return OK;
}

static enum status open_container(struct json_lex *lex, bool object, struct bytes *raw)
{
    if (lex->depth == JSON_LEX_DEPTH)
        return ERR_TOO_LARGE;
    uint8_t bit = (uint8_t)(1u << (lex->depth % 8));
    uint8_t *byte = &lex->stack[lex->depth / 8];
    *byte = (uint8_t)(object ? *byte | bit : *byte & ~bit);
    lex->depth++;
    lex->expect = object ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
    *raw = bytes_of(lex->text.data + lex->at++, 1);
    return OK;
}

static enum status close_container(struct json_lex *lex, enum json_token *token, struct bytes *raw)
{
    *token = in_object(lex) ? JSON_OBJECT_END : JSON_ARRAY_END;
    *raw = bytes_of(lex->text.data + lex->at++, 1);
    lex->depth--;
    value_done(lex);
    return OK;
}

static enum status read_key(struct json_lex *lex, enum json_token *token, struct bytes *raw)
{
    *token = JSON_KEY;
    if (peek(lex) != '"')
        return ERR_INPUT;
    TRY(read_string(lex, raw));
    skip_space(lex);
    if (peek(lex) != ':')
        return ERR_INPUT;
    lex->at++;
    lex->expect = VALUE;
    return OK;
}

static enum status read_scalar(struct json_lex *lex, enum json_token *token, struct bytes *raw)
{
    switch (peek(lex)) {
    case '"':
        *token = JSON_STRING;
        return read_string(lex, raw);
    case 't':
        *token = JSON_TRUE;
        return read_word(lex, "true", raw);
    case 'f':
        *token = JSON_FALSE;
        return read_word(lex, "false", raw);
    case 'n':
        *token = JSON_NULL;
        return read_word(lex, "null", raw);
    default:
        *token = JSON_NUMBER;
        return read_number(lex, raw);
    }
}

static enum status read_value(struct json_lex *lex, enum json_token *token, struct bytes *raw)
{
    uint8_t first = peek(lex);
    if (first == '{' || first == '[') {
        *token = first == '{' ? JSON_OBJECT_START : JSON_ARRAY_START;
        return open_container(lex, first == '{', raw);
    }
    TRY(read_scalar(lex, token, raw));
    value_done(lex);
    return OK;
}

static enum status skip_comma(struct json_lex *lex)
{
    if (lex->expect != COMMA_OR_CLOSE)
        return OK;
    if (peek(lex) != ',')
        return ERR_INPUT;
    lex->at++;
    lex->expect = in_object(lex) ? KEY : VALUE;
    skip_space(lex);
    return OK;
}

enum status json_lex_enter(struct json_lex *lex)
{
    skip_space(lex);
    TRY(skip_comma(lex));
    if ((lex->expect != VALUE && lex->expect != VALUE_OR_CLOSE) || peek(lex) != '"')
        return ERR_INPUT;
    lex->at++;
    value_done(lex);
    return OK;
}

enum status json_lex_next(struct json_lex *lex, enum json_token *token, struct bytes *raw)
{
    *token = JSON_END;
    *raw = BYTES_NONE;
    skip_space(lex);
    if (lex->expect == NOTHING)
        return lex->at == lex->text.size ? OK : ERR_INPUT;
    bool may_close = lex->expect == VALUE_OR_CLOSE || lex->expect == KEY_OR_CLOSE || lex->expect == COMMA_OR_CLOSE;
    if (may_close && peek(lex) == (in_object(lex) ? '}' : ']'))
        return close_container(lex, token, raw);
    TRY(skip_comma(lex));
    if (lex->expect == KEY || lex->expect == KEY_OR_CLOSE)
        return read_key(lex, token, raw);
    return read_value(lex, token, raw);
}

bool json_lex_is_value(struct bytes text)
{
    struct json_lex lex;
    enum json_token token = JSON_NULL;
    struct bytes raw;
    json_lex_start(&lex, text);
    while (token != JSON_END)
        if (json_lex_next(&lex, &token, &raw) != OK)
            return false;
    return true;
}

enum status json_lex_skip(struct json_lex *lex, enum json_token first)
{
    if (first != JSON_OBJECT_START && first != JSON_ARRAY_START)
        return OK;
    size_t outside = lex->depth - 1;
    while (lex->depth > outside) {
        enum json_token token;
        struct bytes raw;
        TRY(json_lex_next(lex, &token, &raw));
    }
    return OK;
}
