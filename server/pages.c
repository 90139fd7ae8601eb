/* Hides alignment. Any answer can be shown: an object as lines of name and value, an array of objects as a table, what
 * is nested under its name. Values may hold members' text, so control characters are shown as '?'. */
#include "server/pages.h"

#define WIDTH_MAX 48
#define INDENT 2
#define NESTING_MAX 6

static void add_clean(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        buf_add_byte(out, c < ' ' || c == 0x7f ? '?' : c);
    }
}

static void add_name(struct buf *out, const char *name)
{
    for (; *name; name++)
        buf_add_byte(out, *name == '_' ? ' ' : (uint8_t)*name);
}

static void pad(struct buf *out, size_t from, size_t width)
{
    for (size_t i = from; i < width; i++)
        buf_add_byte(out, ' ');
}

static bool is_scalar(const struct json *value)
{
    return !json_is_object(value) && !json_is_array(value);
}

static void add_scalar(struct buf *out, const struct json *value)
{
    if (json_is_string(value)) {
        add_clean(out, json_string_bytes(value));
        return;
    }
    if (json_is_null(value)) {
        buf_add_str(out, "-");
        return;
    }
    SCOPED_BUF struct buf text = {0};
    if (json_canonical(value, &text) == OK)
        buf_add(out, buf_bytes(&text));
}

/* Bytes as columns: good for ASCII, and near enough for names. */
static size_t width_of(const struct json *value)
{
    SCOPED_BUF struct buf text = {0};
    add_scalar(&text, value);
    return text.size;
}

/* Text of several lines (a checkpoint's note) stands below its name. */
static bool is_block(const struct json *value)
{
    return bytes_find(json_string_bytes(value), bytes_str("\n")) < json_string_bytes(value).size;
}

static void add_block(struct buf *out, struct bytes text, size_t indent)
{
    buf_add_str(out, "\n");
    while (text.size > 0) {
        size_t end = bytes_find(text, bytes_str("\n"));
        pad(out, 0, indent);
        add_clean(out, bytes_part(text, 0, end));
        buf_add_str(out, "\n");
        text = end < text.size ? bytes_part(text, end + 1, text.size) : BYTES_NONE;
    }
}

static void show(const struct json *value, size_t indent, unsigned nesting, struct buf *out);

static size_t column_width(const struct json *rows, const char *key)
{
    size_t width = strlen(key);
    for (size_t row = 0; row < json_count(rows); row++) {
        const struct json *value = json_get(json_at(rows, row), key);
        size_t size = value ? width_of(value) : 0;
        width = size > width ? size : width;
    }
    return width < WIDTH_MAX ? width : WIDTH_MAX;
}

void pages_table(const struct json *rows, const char *const *keys, size_t columns, size_t indent, struct buf *out)
{
    size_t widths[PAGES_COLUMNS_MAX];
    for (size_t c = 0; c < columns; c++)
        widths[c] = column_width(rows, keys[c]);
    pad(out, 0, indent);
    for (size_t c = 0; c < columns; c++) {
        add_name(out, keys[c]);
        pad(out, strlen(keys[c]), c + 1 < columns ? widths[c] + 2 : 0);
    }
    buf_add_str(out, "\n");
    for (size_t row = 0; row < json_count(rows); row++) {
        pad(out, 0, indent);
        for (size_t c = 0; c < columns; c++) {
            const struct json *value = json_get(json_at(rows, row), keys[c]);
            if (value)
                add_scalar(out, value);
            pad(out, value ? width_of(value) : 0, c + 1 < columns ? widths[c] + 2 : 0);
        }
        buf_add_str(out, "\n");
    }
}

/* The scalars of the first row are the columns. */
static void show_table(const struct json *rows, size_t indent, struct buf *out)
{
    const char *keys[PAGES_COLUMNS_MAX];
    size_t columns = 0;
    for (size_t i = 0; i < json_count(json_at(rows, 0)) && columns < PAGES_COLUMNS_MAX; i++)
        columns += is_scalar(json_member(json_at(rows, 0), i, &keys[columns]));
    pages_table(rows, keys, columns, indent, out);
}

static void show_array(const struct json *list, size_t indent, unsigned nesting, struct buf *out)
{
    if (json_is_object(json_at(list, 0))) {
        show_table(list, indent, out);
        return;
    }
    for (size_t i = 0; i < json_count(list); i++) {
        pad(out, 0, indent);
        buf_add_str(out, "- ");
        if (is_scalar(json_at(list, i)))
            add_scalar(out, json_at(list, i));
        else
            show(json_at(list, i), indent + INDENT, nesting + 1, out);
        buf_add_str(out, "\n");
    }
}

static void show_object(const struct json *object, size_t indent, unsigned nesting, struct buf *out)
{
    size_t width = 0;
    const char *key = NULL;
    for (size_t i = 0; i < json_count(object); i++) {
        if (is_scalar(json_member(object, i, &key)) && strlen(key) > width)
            width = strlen(key);
    }
    for (size_t i = 0; i < json_count(object); i++) {
        const struct json *value = json_member(object, i, &key);
        pad(out, 0, indent);
        add_name(out, key);
        if (is_block(value)) {
            add_block(out, json_string_bytes(value), indent + INDENT);
            continue;
        }
        if (is_scalar(value)) {
            pad(out, strlen(key), width + 2);
            add_scalar(out, value);
            buf_add_str(out, "\n");
            continue;
        }
        buf_add_str(out, json_count(value) ? "\n" : "  none\n");
        show(value, indent + INDENT, nesting + 1, out);
    }
}

static void show(const struct json *value, size_t indent, unsigned nesting, struct buf *out)
{
    if (json_count(value) == 0 || nesting > NESTING_MAX)
        return;
    if (json_is_object(value))
        show_object(value, indent, nesting, out);
    else
        show_array(value, indent, nesting, out);
}

void pages_any(const struct json *answer, struct buf *out)
{
    show(answer, 0, 0, out);
}
