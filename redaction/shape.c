/* The shape matcher. Hides the reading of a shape's counts and classes. */
#include "redaction/shape.h"

#include "redaction/chars.h"

#define CUT_LITERAL 3 /* bytes of the shape's front, */
#define CUT_OWN 5     /* of which no word of a language begins so, */
#define CUT_LONG 16   /* behind which no counting of digits is needed */
#define CUT_BODY 8    /* and behind it, that are enough to know a token that was cut off */

static unsigned class_of(char letter)
{
    static const uint16_t classes[128] = {
        ['d'] = C_DIGIT,
        ['h'] = C_DIGIT | C_HEX_LOWER,
        ['x'] = C_HEX,
        ['a'] = C_ALNUM,
        ['A'] = C_UPPER | C_DIGIT,
        ['n'] = C_LOWER | C_DIGIT,
        ['u'] = C_UPPER,
        ['l'] = C_LOWER,
        ['w'] = C_TOKEN,
        ['b'] = C_BASE64,
        ['s'] = C_SPACE | C_DASH,
    };
    unsigned class = classes[letter & 127];
    INVARIANT(class != 0); /* else a shape names an unknown class */
    return class;
}

static const char *read_number(const char *from, size_t *number)
{
    for (*number = 0; char_is((uint8_t)*from, C_DIGIT); from++)
        *number = *number * 10 + (size_t)(*from - '0');
    return from;
}

/* Read {n}, {n,m} or {n,} behind a class, if there is one. */
static const char *read_count(const char *shape, size_t *least, size_t *most)
{
    *least = *most = 1;
    if (*shape != '{')
        return shape;
    const char *next = read_number(shape + 1, least);
    *most = *least;
    if (*next == ',')
        next = read_number(next + 1, most);
    if (next[-1] == ',')
        *most = SIZE_MAX;
    return next + 1;
}

size_t shape_match(const char *shape, struct bytes text, size_t at)
{
    while (*shape && *shape != '|') {
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

static bool is_cut(struct bytes text, size_t at)
{
    static const char *const marks[] = {"...", "\xe2\x80\xa6", "[truncated", "<truncated", "(truncated", "[cut"};
    if (at >= text.size || text.data[at] == 0x1e)
        return true;
    if (!strchr(".\xe2[<(", text.data[at] ? text.data[at] : ' '))
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (bytes_starts(bytes_part(text, at, 16), marks[i]))
            return true;
    return false;
}

/* As random as a key's beginning: no word, no counter. Behind a front that is a vendor's own, capitals are enough. */
static bool is_random(struct bytes body, bool own)
{
    size_t digits = 0, lower = 0, upper = 0;
    for (size_t i = 0; i < body.size; i++) {
        digits += char_is(body.data[i], C_DIGIT);
        lower += char_is(body.data[i], C_LOWER);
        upper += char_is(body.data[i], C_UPPER);
    }
    if (own ? (upper > 1) + (lower > 1) + (digits > 0) > 1 : upper > 2 && lower > 2 && body.size >= CUT_LONG)
        return true;
    return digits && ((lower && upper) || (digits > 2 && lower + upper > 2 && body.size >= 12));
}

size_t shape_cut(const char *shape, struct bytes text, size_t at)
{
    size_t start = at;
    while (*shape && *shape != '%' && char_at(text, at) == (uint8_t)*shape)
        at++, shape++;
    size_t body = at;
    while (*shape && !is_cut(text, at)) {
        size_t least = 1, most = 1, end = at + 1;
        if (*shape != '%' && text.data[at] != (uint8_t)*shape)
            return 0;
        if (*shape == '%') {
            unsigned classes = class_of(shape[1]);
            shape = read_count(shape + 2, &least, &most);
            end = chars_run(text, at, classes, most);
            if (end - at < least && !is_cut(text, end))
                return 0;
        } else {
            shape++;
        }
        at = end;
    }
    bool cut = body - start >= CUT_LITERAL && at - body >= CUT_BODY && is_cut(text, at);
    return cut && is_random(bytes_part(text, body, at - body), body - start >= CUT_OWN) ? at : 0;
}

size_t shape_literal(const char *shape)
{
    return strcspn(shape, "%");
}
