/* Views into other people's JSON: no tree, no copies. A view points into the text that it was taken from.
 *
 * Built on base's validating lexer; looking up a key walks the object. Readers look up a handful of keys a record. */
#pragma once

#include "base/json_lex.h"

struct view {
    enum json_token kind; /* JSON_OBJECT_START, JSON_ARRAY_START or a scalar; JSON_END: no value */
    struct bytes raw;     /* the value as spelled; of a string what is between the quotes */
};
#define VIEW_NONE ((struct view){JSON_END, BYTES_NONE})

/* The one value that text holds. ERR_INPUT or ERR_TOO_LARGE; *at (may be NULL) then is the offset of the offence. */
MUST_USE enum status view_of(struct bytes text, struct view *out, size_t *at);
/* A member of an object; VIEW_NONE when absent or when `object` is none. The first of duplicates. */
struct view view_get(struct view object, const char *key);
bool view_is(struct view value, const char *text); /* an unescaped string equal to text */
static inline bool view_present(struct view value)
{
    return value.kind != JSON_END && value.kind != JSON_NULL;
}
/* A string's text unescaped, anything else as spelled, appended. */
void view_text(struct view value, struct buf *out);
double view_number(struct view value, double otherwise);

/* The members of an object or the items of an array, in order. */
struct view_walk {
    struct json_lex lex;
    bool object;
};
void view_walk_start(struct view_walk *walk, struct view container);
bool view_walk_next(struct view_walk *walk, struct bytes *key, struct view *value); /* key: raw; false at the end */
