/* Hides the table of kinds: what a value looks like, tried from the most telling to the least. */
#include "insight/trace_shape.h"

#include <stdio.h>

#include "insight/read_leaves.h"

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}
static bool is_letter(uint8_t byte)
{
    return (byte | 32) >= 'a' && (byte | 32) <= 'z';
}
static size_t count_if(struct bytes value, bool (*test)(uint8_t))
{
    size_t count = 0;
    for (size_t i = 0; i < value.size; i++)
        count += test(value.data[i]);
    return count;
}

/* '9' for a digit, 'a' for a letter, the byte itself otherwise. */
static bool matches(struct bytes value, const char *pattern)
{
    if (value.size < strlen(pattern))
        return false;
    for (size_t i = 0; pattern[i]; i++) {
        bool fits = pattern[i] == '9' ? is_digit(value.data[i]) : value.data[i] == (uint8_t)pattern[i];
        if (!fits)
            return false;
    }
    return true;
}

static bool is_email(struct bytes value)
{
    size_t at = bytes_find(value, bytes_str("@"));
    if (at == SIZE_MAX || at == 0)
        return false;
    struct bytes host = bytes_part(value, at + 1, value.size);
    return bytes_find(host, bytes_str(".")) != SIZE_MAX && bytes_find(value, bytes_str(" ")) == SIZE_MAX;
}

static bool is_kind_word(const char *word)
{
    static const char *const kinds[] = {
        "account",  "bank",  "booking", "build",   "card",   "certificate", "coupon",      "credit",
        "customer", "debit", "deploy",  "gift",    "host",   "invoice",     "item",        "job",
        "message",  "node",  "order",   "payment", "paypal", "pod",         "product",     "release",
        "request",  "run",   "server",  "session", "ticket", "user",        "reservation", "voucher"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], word) == 0)
            return true;
    return false;
}

/* "gift_card_8190333" is a "gift card": kinds of things that have ids, then digits. */
static bool is_kind_of_id(struct bytes value, char out[static SHAPE_MAX])
{
    size_t size = 0, at = 0;
    while (at < value.size && !is_digit(value.data[at])) {
        size_t start = at;
        char word[16];
        while (at < value.size && is_letter(value.data[at]) && at - start + 1 < sizeof word) {
            word[at - start] = (char)(value.data[at] | 32);
            at++;
        }
        word[at - start] = 0;
        bool separated = at < value.size && (value.data[at] == '_' || value.data[at] == '-');
        if (!separated || !is_kind_word(word) || size + (at - start) + 2 > SHAPE_MAX)
            return false;
        size += (size_t)snprintf(out + size, SHAPE_MAX - size, "%s%s", size ? " " : "", word);
        at++;
    }
    bool digits = at < value.size && count_if(bytes_part(value, at, value.size), is_digit) == value.size - at;
    return digits && size > 0;
}

/* Digits, or letters and digits; "marked" with a sign such as '#' before. */
static const char *code_kind(struct bytes value)
{
    bool marked = value.size > 1 && value.data[0] == '#';
    struct bytes rest = bytes_part(value, marked, value.size);
    size_t digits = count_if(rest, is_digit), letters = count_if(rest, is_letter);
    if (digits + letters != rest.size || digits < 3)
        return NULL;
    if (digits == rest.size)
        return marked ? "marked digits" : "digits";
    return marked ? "marked code" : "code";
}

static bool is_single_word(struct bytes value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!is_letter(value.data[i]) && value.data[i] != '_' && value.data[i] != '-')
            return false;
    return value.size > 0;
}

void value_shape(struct bytes value, char out[static SHAPE_MAX])
{
    const char *kind = code_kind(value);
    if (value.size == 0)
        kind = "empty";
    else if (matches(value, "9999-99-99"))
        kind = value.size == 10 ? "date" : "time";
    else if (matches(value, "99:99"))
        kind = "time";
    else if (!kind && is_email(value))
        kind = "email";
    else if (!kind && (bytes_starts(value, "http://") || bytes_starts(value, "https://")))
        kind = "link";
    else if (!kind && is_kind_of_id(value, out))
        return;
    else if (bytes_is(value, "yes") || bytes_is(value, "no"))
        kind = "choice";
    else if (!kind && is_single_word(value))
        kind = "word";
    else if (!kind && (bytes_starts(value, "/") || bytes_starts(value, "./") || bytes_starts(value, "~/")))
        kind = bytes_starts(value, "/") ? "absolute path" : "relative path";
    else if (!kind && count_if(value, is_digit) > 0 && bytes_find(value, bytes_str(" ")) == SIZE_MAX)
        kind = "id";
    snprintf(out, SHAPE_MAX, "%s", kind ? kind : "text");
}

static void leaf_shape(struct view value, struct buf *out)
{
    char shape[SHAPE_MAX] = "empty";
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    if (value.kind == JSON_STRING) {
        view_text(value, &text);
        value_shape(buf_bytes(&text), shape);
    } else if (value.kind == JSON_NUMBER) {
        memcpy(shape, "number", sizeof "number");
    } else if (value.kind == JSON_TRUE || value.kind == JSON_FALSE) {
        memcpy(shape, "choice", sizeof "choice");
    }
    buf_addf(out, "%s\n", shape);
}

static enum status call_shape(const char *arguments, struct buf *out)
{
    struct view json = VIEW_NONE;
    if (view_of(bytes_str(arguments), &json, NULL) != OK)
        return OK;
    struct leaf *leaves = mem_new(LEAVES_MAX, sizeof *leaves);
    if (!leaves)
        return ERR_MEMORY;
    size_t count = json_leaves(json, leaves, LEAVES_MAX);
    for (size_t i = 0; i < count; i++)
        leaf_shape(leaves[i].value, out);
    mem_free(leaves);
    return OK;
}

/* What a speaker mentions: e-mail addresses and the spelling of codes and numbers. */
static void speech_shape(struct bytes text, struct buf *out)
{
    for (size_t at = 0; at < text.size;) {
        size_t start = at;
        while (at < text.size && !strchr(" \n\t,;()\"*:", text.data[at]))
            at++;
        struct bytes token = bytes_part(text, start, at - start);
        while (token.size > 0 && strchr(".!?'", token.data[token.size - 1]))
            token.size--;
        const char *kind = is_email(token) ? "email" : code_kind(token);
        if (kind)
            buf_addf(out, "%s\n", kind);
        at++;
    }
}

enum status step_shape(const struct step *step, char **out)
{
    *out = NULL;
    SCOPED_BUF struct buf shape;
    buf_init(&shape);
    if (step->role == STEP_CALL)
        TRY(call_shape(step->text, &shape));
    else if (step->role == STEP_USER)
        speech_shape(bytes_str(step->text), &shape);
    TRY(buf_status(&shape));
    if (shape.size == 0)
        return OK;
    *out = mem_copy(buf_bytes(&shape));
    return *out ? OK : ERR_MEMORY;
}

struct bytes shape_line(const char *shape, size_t index)
{
    for (const char *line = shape; line && *line; index--) {
        const char *end = strchr(line, '\n');
        size_t size = end ? (size_t)(end - line) : strlen(line);
        if (index == 0)
            return bytes_of(line, size);
        line = end ? end + 1 : NULL;
    }
    return BYTES_NONE;
}

bool shape_mentions(const char *shape, const char *kind)
{
    for (size_t i = 0;; i++) {
        struct bytes line = shape_line(shape, i);
        if (line.size == 0)
            return false;
        if (bytes_is(line, kind))
            return true;
    }
}
