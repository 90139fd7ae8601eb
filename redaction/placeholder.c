/* Hides how placeholders are spelled and how far one may reach. */
#include "redaction/placeholder.h"

#include "redaction/chars.h"

#define NAME_MOST 24
#define MARK_MOST 64
#define SEALED_MOST (4u << 20)

size_t placeholder_at(struct bytes text, size_t at)
{
    if (char_at(text, at) != '<')
        return 0;
    size_t end = chars_run(text, at + 1, C_UPPER | C_UNDER, NAME_MOST);
    if (end == at + 1 || text.data[end - 1] != '_')
        return 0;
    size_t stop = chars_run(text, end, C_DIGIT | C_HEX_LOWER, MARK_MOST);
    if (stop == end)
        return 0;
    if (char_at(text, stop) == '-')
        stop = chars_run(text, stop + 1, C_DIGIT, MARK_MOST);
    else if (char_at(text, stop) == ':')
        stop = chars_run(text, stop + 1, C_TOKEN, SEALED_MOST);
    else if (char_at(text, stop) == '+')
        stop++;
    return char_at(text, stop) == '>' ? stop + 1 : 0;
}

bool placeholder_sealed(struct bytes text, struct bytes *type, struct bytes *sealed)
{
    size_t end = placeholder_at(text, 0), colon = chars_run(text, 1, C_WORD, NAME_MOST + MARK_MOST);
    *type = *sealed = BYTES_NONE;
    if (end == 0 || text.data[colon] != ':')
        return false;
    *type = bytes_part(text, 1, chars_run(text, 1, C_UPPER | C_UNDER, NAME_MOST) - 2);
    *sealed = bytes_part(text, colon + 1, end - 1 - (colon + 1));
    return true;
}

bool placeholder_only(struct bytes text)
{
    bool letters = false;
    for (size_t at = 0; at < text.size;) {
        size_t end = placeholder_at(text, at);
        letters |= !end && (char_is(text.data[at], C_ALNUM) || text.data[at] >= 0x80);
        if (letters)
            return false;
        at = end ? end : at + 1;
    }
    return true;
}

static bool may_stand_inside(uint8_t byte)
{
    return char_is(byte, C_TOKEN) || byte == '+' || byte == ':';
}

bool placeholder_holds(struct placeholder_around *around, size_t start, size_t end)
{
    struct bytes text = around->text;
    size_t from = start;
    while (from > 0 && from != around->to && may_stand_inside(text.data[from - 1]))
        from--;
    if (from == around->to && from > 0)
        from = around->from;
    around->from = from;
    around->to = start;
    return from > 0 && placeholder_at(text, from - 1) >= end;
}
