/* Hides how an error loses its case: the telling line is found, its prefixes stripped, and every word that could name a
 * case is left out. */
#include <ctype.h>
#include <stdio.h>
#include <strings.h>

#include "insight/common.h"
#include "insight/phrases.h"
#include "insight/read_json.h"

static const char *const telling[] = {"error",        "fatal",     "denied",   "fail",      "not found", "no such",
                                      "cannot",       "can't",     "refused",  "exceed",    "invalid",   "missing",
                                      "rejected",     "conflict",  "timeout",  "timed out", "unable",    "unknown",
                                      "unauthorized", "forbidden", "does not", "already",   "must "};

static bool is_telling(struct bytes line)
{
    for (size_t i = 0; i < sizeof telling / sizeof *telling; i++) {
        size_t size = strlen(telling[i]);
        for (size_t at = 0; at + size <= line.size; at++)
            if (strncasecmp((const char *)line.data + at, telling[i], size) == 0)
                return true;
    }
    return false;
}

/* An "error", "message", "detail" or "reason" that is a text, also one level down. */
static bool message_of(struct view json, struct buf *out)
{
    static const char *const keys[] = {"error", "message", "detail", "reason", "errors"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct view value = view_get(json, keys[i]);
        if (value.kind == JSON_OBJECT_START && message_of(value, out))
            return true;
        if (value.kind != JSON_STRING || bytes_find(value.raw, bytes_str(" ")) == SIZE_MAX)
            continue;
        view_text(value, out);
        return true;
    }
    struct view code = view_get(json, "error"); /* "rate_limited": better than nothing */
    if (code.kind != JSON_STRING)
        return false;
    view_text(code, out);
    return true;
}

/* The line that says what went wrong; of a Python traceback the last. */
static struct bytes telling_line(struct bytes text)
{
    struct bytes first = BYTES_NONE, told = BYTES_NONE;
    bool last = bytes_find(text, bytes_str("Traceback (most")) != SIZE_MAX;
    for (size_t at = 0; at < text.size;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.size - at);
        size_t size = end ? (size_t)(end - text.data) - at : text.size - at;
        struct bytes line = bytes_part(text, at, size);
        at += size + 1;
        bool blank = true;
        for (size_t i = 0; i < line.size && blank; i++)
            blank = isspace(line.data[i]) != 0;
        if (blank || bytes_starts(line, "Exit code") || bytes_starts(line, "Traceback"))
            continue;
        if (first.size == 0 || last)
            first = line;
        if (told.size == 0 && is_telling(line))
            told = line;
    }
    return last || told.size == 0 ? first : told;
}

/* What is kept of one blank-separated token: its lower-cased words if all are known, else nothing. */
static size_t keep_token(struct bytes token, char *out, size_t room)
{
    size_t size = 0, start = 0;
    for (size_t i = 0; i < token.size; i++)
        if (isdigit(token.data[i]) || strchr("<>/\\@#=\"`'~$*{}[]", token.data[i]))
            if (token.data[i] != '\'' || i == 0 || i + 1 == token.size || !isalpha(token.data[i + 1]))
                return 0;
    struct text_words words = {token, 0};
    struct bytes raw = BYTES_NONE;
    char word[TEXT_WORD_MAX];
    while (text_word(&words, &raw, word)) {
        if (!common_word(bytes_str(word)) || size + strlen(word) + 2 > room)
            return 0;
        size += (size_t)snprintf(out + size, room - size, "%s%s", size > start ? " " : "", word);
    }
    return size;
}

static void drop_last_word(char *text)
{
    char *space = strrchr(text, ' ');
    *(space ? space : text) = 0;
}

static const char *last_word(const char *text)
{
    const char *space = strrchr(text, ' ');
    return space ? space + 1 : text;
}

/* The known words of a clause, ten at most, without a dangling end. Returns their number. */
static size_t clause_words(struct bytes clause, char out[static SLOT_MAX])
{
    size_t count = 0, size = 0;
    bool quoted = false;
    out[0] = 0;
    for (size_t at = 0; at < clause.size && count < 10;) {
        while (at < clause.size && isspace(clause.data[at]))
            at++;
        size_t start = at;
        while (at < clause.size && !isspace(clause.data[at]))
            at++;
        struct bytes token = bytes_part(clause, start, at - start);
        bool opens = token.size > 0 && strchr("\"'`", token.data[0]),
             closes = token.size > 1 && strchr("\"'`", token.data[token.size - 1]);
        bool inside = quoted || opens;
        quoted = inside && !closes; /* "a quoted value of many words" goes as a whole */
        char kept[SLOT_MAX];
        size_t added = inside ? 0 : keep_token(token, kept, sizeof kept);
        if (added == 0 || size + added + 2 > SLOT_MAX)
            continue;
        size += (size_t)snprintf(out + size, SLOT_MAX - size, "%s%s", size ? " " : "", kept);
        count++;
    }
    static const char *const dangling[] = {"a",  "an", "the", "on",  "in",  "at", "for", "of", "to",     "from", "with",
                                           "by", "is", "was", "but", "and", "or", "as",  "id", "number", "than"};
    for (bool again = true; again && *out;) {
        again = false;
        for (size_t i = 0; i < sizeof dangling / sizeof *dangling && *out && !again; i++)
            if (strcmp(last_word(out), dangling[i]) == 0 && count > 1) {
                drop_last_word(out);
                count--;
                again = true;
            }
    }
    return count;
}

static bool is_prefix(struct bytes head)
{
    static const char *const heads[] = {"error", "fatal",  "warning", "exception", "bash", "sh",     "psql", "npm",
                                        "err!",  "failed", "failure", "e",         "line", "remote", "hint", "usage"};
    char words[SLOT_MAX];
    if (clause_words(head, words) == 0 || strncmp(words, "error from server", 17) == 0)
        return true; /* a path, a program, a line number */
    size_t first = strcspn(words, " ");
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (strlen(heads[i]) == first && memcmp(heads[i], words, first) == 0 && words[first] == 0)
            return true;
    return false;
}

/* "ModuleNotFoundError" → "module not found error". */
static void camel_words(struct bytes name, char out[static SLOT_MAX])
{
    size_t size = 0;
    for (size_t i = 0; i < name.size && size + 3 < SLOT_MAX && isalpha(name.data[i]); i++) {
        if (isupper(name.data[i]) && size > 0 && !isupper(name.data[i - 1]))
            out[size++] = ' ';
        out[size++] = (char)tolower(name.data[i]);
    }
    out[size] = 0;
}

/* Up to a comma, semicolon, bracket or full stop, when three words at least stand before it. */
static struct bytes first_clause(struct bytes text)
{
    size_t spaces = 0;
    for (size_t i = 0; i < text.size; i++) {
        spaces += text.data[i] == ' ';
        bool stop =
            strchr(",;(", text.data[i]) || (text.data[i] == '.' && (i + 1 == text.size || text.data[i + 1] == ' '));
        if (stop && spaces >= 2)
            return bytes_part(text, 0, i);
    }
    return text;
}

static size_t count_tokens(struct bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += !isspace(text.data[i]) && (i == 0 || isspace(text.data[i - 1]));
    return count;
}

static bool words_of_line(struct bytes line, char out[static SLOT_MAX])
{
    char class[SLOT_MAX] = "";
    size_t colon = 0;
    while ((colon = bytes_find(line, bytes_str(": "))) != SIZE_MAX) {
        struct bytes head = bytes_part(line, 0, colon);
        bool named = head.size > 6 && bytes_find(head, bytes_str(" ")) == SIZE_MAX &&
                     bytes_is(bytes_part(head, head.size - 5, 5), "Error");
        if (named)
            camel_words(head, class);
        else if (!is_prefix(head))
            break;
        line = bytes_part(line, colon + 2, line.size);
    }
    struct bytes head = colon != SIZE_MAX ? bytes_part(line, 0, colon) : line;
    size_t kept = clause_words(first_clause(head), out);
    if (kept < 2)
        kept = clause_words(first_clause(line), out);
    bool garbled = kept < 2 || kept * 3 < count_tokens(first_clause(head)); /* then the exception's name says more */
    if (*class && garbled)
        snprintf(out, SLOT_MAX, "%s", class);
    return *out != 0;
}

bool error_words(const char *result, char out[static SLOT_MAX])
{
    (void)error_report(result, out);
    error_cut(out);
    return *out != 0;
}

bool error_report(const char *result, char out[static SLOT_MAX])
{
    SCOPED_BUF struct buf message;
    buf_init_secret(&message);
    struct view json = VIEW_NONE;
    struct bytes text = bytes_str(result);
    out[0] = 0;
    if (view_of(text, &json, NULL) == OK && json.kind == JSON_OBJECT_START && message_of(json, &message))
        text = buf_bytes(&message);
    if (bytes_starts(text, "<tool_use_error>"))
        text = bytes_part(text, strlen("<tool_use_error>"), text.size);
    size_t tag = bytes_find(text, bytes_str("</tool_use_error>"));
    if (tag != SIZE_MAX)
        text = bytes_part(text, 0, tag);
    return words_of_line(telling_line(text), out);
}
