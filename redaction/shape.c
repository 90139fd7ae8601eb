/* The shape matcher. Hides the reading of a shape's counts and classes. */
#include "redaction/shape.h"

#include <stdlib.h>

#include "redaction/chars.h"

static unsigned class_of(char letter)
{
    switch (letter) {
    case 'd':
        return C_DIGIT;
    case 'h':
        return C_DIGIT | C_HEX_LOWER;
    case 'x':
        return C_HEX;
    case 'a':
        return C_ALNUM;
    case 'A':
        return C_UPPER | C_DIGIT;
    case 'n':
        return C_LOWER | C_DIGIT;
    case 'u':
        return C_UPPER;
    case 'l':
        return C_LOWER;
    case 'w':
        return C_TOKEN;
    case 'b':
        return C_BASE64;
    case 's':
        return C_SPACE | C_DASH;
    default:
        INVARIANT(!"a shape names an unknown class");
    }
}

/* Read {n}, {n,m} or {n,} behind a class, if there is one. */
static const char *read_count(const char *shape, size_t *least, size_t *most)
{
    *least = *most = 1;
    if (*shape != '{')
        return shape;
    char *next;
    *least = *most = strtoul(shape + 1, &next, 10);
    if (*next == ',') {
        *most = next[1] == '}' ? SIZE_MAX : strtoul(next + 1, NULL, 10);
        next = strchr(next, '}');
    }
    return next + 1;
}

size_t shape_match(const char *shape, struct bytes text, size_t at)
{
    while (*shape) {
        if (*shape != '%') {
            if (char_at(text, at) != (uint8_t)*shape || at >= text.size)
                return 0;
            shape++;
            at++;
            continue;
        }
        unsigned classes = class_of(shape[1]);
        size_t least, most;
        shape = read_count(shape + 2, &least, &most);
        size_t end = chars_run(text, at, classes, most == SIZE_MAX ? SIZE_MAX : most + 1);
        if (end - at < least || (most != SIZE_MAX && end - at > most))
            return 0;
        at = end;
    }
    return at;
}

size_t shape_literal(const char *shape)
{
    return strcspn(shape, "%");
}
