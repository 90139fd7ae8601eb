/* The normalised view of a text: zero-width and bidi characters dropped, full-width, accented and look-alike letters
 * and digits folded to ASCII, typographic quotes, dashes and blanks to plain ones, ill-formed bytes made inert. Other
 * characters stay. Plain ASCII is not copied. */
#pragma once

#include "base/bytes.h"

struct shift { /* from normalised offset `at` on, the original offset is `from` + (offset - at) */
    size_t at, from;
};
struct normal {
    struct bytes text;    /* the original itself, or copy's content */
    struct buf copy;      /* wiped when freed */
    struct shift *shifts; /* run-length offset map, ascending; none: identity */
    size_t count, room;
};

MUST_USE enum status normalise(struct bytes text, struct normal *out);
void normal_free(struct normal *normal);
/* Offset in the original of the character at a normalised offset; text.size maps to the end. A character that was
 * dropped before `at` belongs to what stands before it, so a span [origin(start), origin_end(end)) covers what hid
 * inside it. */
size_t normal_origin(const struct normal *normal, size_t at);
#define SCOPED_NORMAL __attribute__((cleanup(normal_free)))
