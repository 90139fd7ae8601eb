/* The writer, canonical (RFC 8785) and for people. Hides the difference between them, and that a value with a lost
 * member is never written. */
#include <inttypes.h>

#include "base/json_inside.h"
#include "base/json_lex.h"

enum layout { CANONICAL, PRETTY };

struct writer {
    enum layout layout;
    size_t depth;
    struct buf *out;
};

static enum status write_value(struct writer *w, const struct json *value);

static void new_line(struct writer *w)
{
    if (w->layout == CANONICAL)
        return;
    buf_add_byte(w->out, '\n');
    for (size_t i = 0; i < 2 * w->depth; i++)
        buf_add_byte(w->out, ' ');
}

static void write_string(struct writer *w, struct bytes text)
{
    buf_add_byte(w->out, '"');
    json_escape(text, w->out);
    buf_add_byte(w->out, '"');
}

static enum status write_entries(struct writer *w, const struct json_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_byte(w->out, ',');
        new_line(w);
        if (entries[i].key) {
            write_string(w, bytes_str(entries[i].key));
            buf_add_str(w->out, w->layout == CANONICAL ? ":" : ": ");
        }
        TRY(write_value(w, entries[i].value));
    }
    return OK;
}

static enum status write_container(struct writer *w, const struct json *value, const struct json_entry *entries)
{
    bool object = value->kind == KIND_OBJECT;
    if (w->depth == JSON_DEPTH_MAX)
        return ERR_TOO_LARGE;
    buf_add_byte(w->out, object ? '{' : '[');
    w->depth++;
    TRY(write_entries(w, entries, value->count));
    w->depth--;
    if (value->count)
        new_line(w);
    buf_add_byte(w->out, object ? '}' : ']');
    return OK;
}

static enum status write_object(struct writer *w, const struct json *value)
{
    SCOPED_MEM struct json_entry *sorted = NULL;
    enum status status = json_sorted(value, &sorted);
    if (status == ERR_EXISTS)
        return ERR_USAGE; /* a key was set twice */
    TRY(status);
    return write_container(w, value, w->layout == CANONICAL ? sorted : value->entries);
}

static enum status write_integer(struct writer *w, int64_t integer)
{
    if (integer > JSON_INTEGER_MOST || integer < -JSON_INTEGER_MOST)
        return ERR_USAGE;
    buf_addf(w->out, "%" PRId64, integer);
    return OK;
}

static enum status write_value(struct writer *w, const struct json *value)
{
    if (!value || value->lost)
        return ERR_MEMORY;
    switch (value->kind) {
    case KIND_NULL:
        buf_add_str(w->out, "null");
        return OK;
    case KIND_FALSE:
        buf_add_str(w->out, "false");
        return OK;
    case KIND_TRUE:
        buf_add_str(w->out, "true");
        return OK;
    case KIND_INTEGER:
        return write_integer(w, value->integer);
    case KIND_REAL:
        json_number_print(value->real, w->out);
        return OK;
    case KIND_STRING:
        write_string(w, bytes_of(value->text, value->size));
        return OK;
    case KIND_ARRAY:
        return write_container(w, value, value->entries);
    case KIND_OBJECT:
        return write_object(w, value);
    }
    return ERR_BUG;
}

static enum status write_whole(enum layout layout, const struct json *value, struct buf *out)
{
    struct writer w = {.layout = layout, .out = out};
    size_t before = out->size;
    enum status status = write_value(&w, value);
    if (status == OK)
        status = buf_status(out);
    if (status != OK)
        out->size = before;
    return status;
}

enum status json_canonical(const struct json *value, struct buf *out)
{
    return write_whole(CANONICAL, value, out);
}

enum status json_pretty(const struct json *value, struct buf *out)
{
    return write_whole(PRETTY, value, out);
}
