/* Reading an identifier. Hides the form's letters and where separators may stand. */
#include "redaction/id_form.h"

#include "redaction/chars.h"

static unsigned class_of(char letter)
{
    return letter == 'd' ? C_DIGIT : letter == 'u' ? C_ALPHA : letter == 'a' ? C_ALNUM : 0;
}

static bool is_separator(uint8_t byte)
{
    return byte == ' ' || byte == '-' || byte == '.' || byte == '/' || byte == '(';
}

/* Where the next character of a class stands, past one separator; SIZE_MAX if it does not. */
static size_t next_of(struct bytes text, size_t at, unsigned classes, bool apart)
{
    apart = apart && is_separator(char_at(text, at));
    uint8_t byte = char_at(text, at + apart);
    return char_is(byte, classes) ? at + apart : SIZE_MAX;
}

static bool read_class(struct bytes text, unsigned classes, size_t count, enum id_reading reading, struct id *out)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = next_of(text, out->end, classes, reading == ID_LOOSE && out->size > 0);
        if (at == SIZE_MAX || out->size == ID_MOST)
            return false;
        if (reading == ID_EXACT && char_is(text.data[at], C_LOWER))
            return false;
        out->compact[out->size++] = char_upper(text.data[at]);
        out->end = at + 1;
    }
    return true;
}

/* Nothing may go on behind: a word, a fraction, or a further group of digits joined by a dash or slash. */
static bool is_over(struct bytes text, size_t at)
{
    uint8_t byte = char_at(text, at);
    bool joins = byte == '.' || byte == '-' || byte == '/' || byte == ',' || byte == ':';
    return chars_word_ends(text, at) && !(joins && char_is(char_at(text, at + 1), C_DIGIT));
}

/* Groups of two characters and more on average, and not a fraction. */
static bool is_one_number(struct bytes text, size_t at, const struct id *id)
{
    size_t dots = 0, separators = id->end - at - id->size;
    for (size_t i = at; i < id->end; i++)
        dots += text.data[i] == '.';
    return separators * 2 <= id->size && !(dots == 1 && separators == 1);
}

/* How many of a class; 1 if nothing is said. */
static const char *read_count(const char *form, size_t *count)
{
    *count = !char_is((uint8_t)*form, C_DIGIT);
    for (; char_is((uint8_t)*form, C_DIGIT); form++)
        *count = *count * 10 + (size_t)(*form - '0');
    return form;
}

static bool read_one(const char *form, struct bytes text, size_t at, enum id_reading reading, struct id *out)
{
    *out = (struct id){.end = at};
    while (*form && *form != '|') {
        unsigned classes = class_of(*form);
        if (!classes) {
            if (out->end >= text.size || text.data[out->end] != (uint8_t)*form)
                return false;
            out->end++;
            form++;
            continue;
        }
        size_t count;
        form = read_count(form + 1, &count);
        if (!read_class(text, classes, count, reading, out))
            return false;
    }
    if (reading == ID_LOOSE && !is_one_number(text, at, out))
        return false;
    if (reading == ID_LOOSE && char_at(text, out->end) == ')' && char_at(text, out->end - 2) == '(')
        out->end++;
    return is_over(text, out->end);
}

bool id_read(const char *forms, struct bytes text, size_t at, enum id_reading reading, struct id *out)
{
    for (;;) {
        if (read_one(forms, text, at, reading, out))
            return true;
        forms += strcspn(forms, "|");
        if (!*forms++)
            return false;
    }
}
