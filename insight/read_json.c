/* Hides how a value's extent is found: by lexing from its first token to its last. Text below a view has been
 * validated once by view_of, so the walks treat a lexer's refusal as the end. */
#include "insight/read_json.h"

#include <stdlib.h>

static bool starts_value(enum json_token token)
{
    return token != JSON_OBJECT_END && token != JSON_ARRAY_END && token != JSON_END && token != JSON_KEY;
}

/* The value whose first token has just been read from lex. */
static enum status take_value(struct json_lex *lex, enum json_token first, struct bytes raw, struct view *out)
{
    if (!starts_value(first))
        return ERR_INPUT;
    *out = (struct view){first, raw};
    if (first != JSON_OBJECT_START && first != JSON_ARRAY_START)
        return OK;
    size_t start = lex->at - 1;
    TRY(json_lex_skip(lex, first));
    out->raw = bytes_part(lex->text, start, lex->at - start);
    return OK;
}

enum status view_of(struct bytes text, struct view *out, size_t *at)
{
    *out = VIEW_NONE;
    struct json_lex lex;
    json_lex_start(&lex, text);
    enum json_token token = JSON_END;
    struct bytes raw = BYTES_NONE;
    struct view value = VIEW_NONE;
    enum status status = json_lex_next(&lex, &token, &raw);
    if (status == OK)
        status = take_value(&lex, token, raw, &value);
    if (status == OK)
        status = json_lex_next(&lex, &token, &raw);
    if (status == OK && token != JSON_END)
        status = ERR_INPUT;
    if (at)
        *at = lex.at;
    if (status == OK)
        *out = value;
    return status;
}

void view_walk_start(struct view_walk *walk, struct view container)
{
    walk->object = container.kind == JSON_OBJECT_START;
    bool walkable = walk->object || container.kind == JSON_ARRAY_START;
    json_lex_start(&walk->lex, walkable ? container.raw : BYTES_NONE);
    enum json_token token = JSON_END;
    struct bytes raw = BYTES_NONE;
    if (!walkable || json_lex_next(&walk->lex, &token, &raw) != OK)
        json_lex_start(&walk->lex, BYTES_NONE);
}

bool view_walk_next(struct view_walk *walk, struct bytes *key, struct view *value)
{
    enum json_token token = JSON_END;
    struct bytes raw = BYTES_NONE;
    *key = BYTES_NONE;
    *value = VIEW_NONE;
    if (walk->lex.text.size == 0 || json_lex_next(&walk->lex, &token, &raw) != OK)
        return false;
    if (token == JSON_KEY) {
        *key = raw;
        if (json_lex_next(&walk->lex, &token, &raw) != OK)
            return false;
    }
    return take_value(&walk->lex, token, raw, value) == OK;
}

struct view view_get(struct view object, const char *key)
{
    struct view_walk walk;
    struct bytes name = BYTES_NONE;
    struct view value = VIEW_NONE;
    if (object.kind != JSON_OBJECT_START)
        return VIEW_NONE;
    view_walk_start(&walk, object);
    while (view_walk_next(&walk, &name, &value))
        if (bytes_is(name, key))
            return value;
    return VIEW_NONE;
}

bool view_is(struct view value, const char *text)
{
    return value.kind == JSON_STRING && bytes_is(value.raw, text);
}

void view_text(struct view value, struct buf *out)
{
    if (value.kind == JSON_STRING)
        json_unescape(value.raw, out);
    else
        buf_add(out, value.raw);
}

double view_number(struct view value, double otherwise)
{
    char text[64];
    if (value.kind != JSON_NUMBER || value.raw.size >= sizeof text)
        return otherwise;
    memcpy(text, value.raw.data, value.raw.size);
    text[value.raw.size] = 0;
    return strtod(text, NULL);
}
