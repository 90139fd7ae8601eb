/* JSON values: their strings go through the arena. Hides which tokens are looked at. */
#include "redaction/arena.h"
#include "redaction/keys.h"
#include "redaction/redactor.h"
#include "redaction/session.h"

#define NUMBER_LEAST 9 /* digits from which a bare number is looked at */

static bool may_hold(struct bytes key)
{
    for (size_t i = 0; i < key.size; i++)
        if (char_is(key.data[i], C_DIGIT) || key.data[i] == '@')
            return true;
    return false;
}

void walk_start(struct walk *walk, struct bytes text)
{
    json_lex_start(&walk->lex, text);
    walk->keys[0] = BYTES_NONE;
    pairs_open(&walk->pairs, 0);
}

static enum status take(struct walk *walk, struct arena *arena, enum json_token token, struct bytes raw)
{
    const struct json_lex *lex = &walk->lex;
    enum piece_kind kind = lex->escaped ? PIECE_ESCAPED : PIECE_STRING;
    switch (token) {
    case JSON_OBJECT_START:
        pairs_open(&walk->pairs, lex->depth);
        walk->keys[lex->depth] = walk->keys[lex->depth - 1];
        return OK;
    case JSON_ARRAY_START:
        walk->keys[lex->depth] = walk->keys[lex->depth - 1];
        return OK;
    case JSON_KEY:
        walk->keys[lex->depth] = raw;
        return may_hold(raw) ? arena_take(arena, raw, kind, BYTES_NONE) : OK;
    case JSON_STRING:
        return arena_take(arena, raw, kind, pairs_key(&walk->pairs, lex->depth, walk->keys[lex->depth], raw));
    case JSON_NUMBER:
        if (raw.size >= NUMBER_LEAST || key_tells(arena->session->redactor->keys, walk->keys[lex->depth]))
            return arena_take(arena, raw, PIECE_NUMBER, walk->keys[lex->depth]);
        return OK;
    case JSON_END:
    case JSON_OBJECT_END:
    case JSON_ARRAY_END:
    case JSON_TRUE:
    case JSON_FALSE:
    case JSON_NULL:
        return OK;
    }
    return ERR_BUG;
}

enum status walk_take(struct walk *walk, struct arena *arena, enum json_token token, struct bytes raw, bool *whole)
{
    *whole = walk->lex.depth == 0;
    return take(walk, arena, token, raw);
}

enum status walk_all(struct walk *walk, struct arena *arena)
{
    for (;;) {
        enum json_token token;
        struct bytes raw;
        TRY(json_lex_next(&walk->lex, &token, &raw));
        if (token == JSON_END)
            return OK;
        TRY(take(walk, arena, token, raw));
    }
}

static enum status run_json(struct redact_session *session, struct bytes json, struct buf *out,
                            struct redact_findings *found, struct why *why)
{
    struct arena arena;
    struct walk walk;
    size_t before = out ? out->size : 0, found_before = found ? found->count : 0;
    arena_init(&arena, session, out, found);
    arena_source(&arena, json, 0);
    walk_start(&walk, json);
    enum status status = walk_all(&walk, &arena);
    if (status != OK)
        status = why_set(why, status, "not JSON", "document", walk.lex.at);
    if (status == OK)
        status = arena_flush(&arena);
    if (status == OK)
        arena_copy(&arena, json.size);
    if (status == OK && out)
        status = buf_status(out);
    if (status != OK && out)
        out->size = before;
    if (status != OK && found)
        found->count = found_before;
    arena_free(&arena);
    return status;
}

enum status redact_json(struct redact_session *session, struct bytes json, struct buf *out, struct why *why)
{
    return run_json(session, json, out, NULL, why);
}

enum status redact_json_detect(struct redact_session *session, struct bytes json, struct redact_findings *found,
                               struct why *why)
{
    return run_json(session, json, NULL, found, why);
}
