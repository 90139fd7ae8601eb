/* JSON inside text: "key": "value", "key": 123, "key": ["a", "b"], whatever the depth of escaping. Hides the reading of
 * a member backwards and forwards from its colon. */
#include "redaction/block.h"
#include "redaction/keys.h"

#define SEPARATOR 0x1e /* between the strings of a JSON document: no member crosses it */

static size_t skip(struct bytes text, size_t at, const char *bytes, size_t most)
{
    size_t end = at + most;
    while (at < text.size && at < end && text.data[at] && strchr(bytes, text.data[at]))
        at++;
    return at;
}

/* One scalar at `at`; *value its text; returns where it ends, closing quote included. */
static size_t scalar(struct bytes text, size_t at, struct bytes *value)
{
    *value = BYTES_NONE;
    size_t quote = skip(text, at, "\\", 4), escapes = quote - at;
    uint8_t mark = char_at(text, quote);
    if (mark != '"' && mark != '\'') {
        size_t stop = chars_run(text, at, C_ALNUM | C_DOT | C_DASH, 32);
        if (char_is(char_at(text, at), C_DIGIT | C_DASH)) /* else it is a name in code */
            *value = bytes_part(text, at, stop - at);
        return stop;
    }
    for (size_t i = quote + 1; i < text.size && i - quote < 4096 && text.data[i] != SEPARATOR; i++) {
        if (text.data[i] != mark)
            continue;
        size_t slashes = 0;
        while (slashes <= 8 && text.data[i - 1 - slashes] == '\\')
            slashes++;
        if (slashes > escapes || (slashes < escapes && i - 1 - slashes > quote))
            continue;
        *value = bytes_part(text, quote + 1, i - slashes - quote - 1);
        return i + 1;
    }
    return at;
}

/* The member whose colon ends at `end`; returns how far it is understood. */
static size_t read_member(struct scan *scan, size_t end)
{
    struct bytes text = scan->text;
    size_t stop = end - 1;
    while (stop > 0 && char_is(text.data[stop - 1], C_SPACE))
        stop--;
    stop--;
    while (stop > 0 && text.data[stop - 1] == '\\')
        stop--;
    size_t start = chars_run_back(text, stop, C_TOKEN | C_SPACE, 32);
    struct bytes key = bytes_of(text.data + start, stop - start);
    if (!key_tells(scan->keys, key) || start == 0 || !strchr("\"'", text.data[start - 1]))
        return end;
    size_t at = skip(text, end, " \t\n", 4);
    bool list = char_at(text, at) == '[';
    at = list ? skip(text, at, "[ \n", 4) : at;
    for (int items = 0; items < 256; items++) {
        struct bytes value;
        size_t next = scalar(text, at, &value);
        const struct recognizer *found = value.size ? key_row(scan->keys, scan->names, key, value) : NULL;
        if (found)
            scan_found(scan, found, (size_t)(value.data - text.data), (size_t)(value.data - text.data) + value.size);
        if (!list || next == at || char_at(text, next) != ',')
            return next > end ? next : end;
        at = skip(text, next, ", \n", 4);
    }
    return end;
}

void members_scan(struct scan *scan)
{
    struct bytes text = scan->text;
    uint64_t quotes_before = 0, blanks_before = 0; /* of the block before */
    size_t next = 0;
    for (size_t base = 0; base < text.size && scan->status == OK; base += 64) {
        struct block block = block_at(text, base);
        uint64_t colons = block_are(&block, ':'), blanks = block_are(&block, ' ');
        uint64_t quotes = block_are(&block, '"') | block_are(&block, '\'');
        uint64_t near = quotes << 1 | quotes_before >> 63;
        uint64_t far = (quotes << 2 | quotes_before >> 62) & (blanks << 1 | blanks_before >> 63);
        for (uint64_t hits = colons & (near | far); hits; hits &= hits - 1) {
            size_t end = base + (size_t)__builtin_ctzll(hits) + 1;
            if (end > next)
                next = read_member(scan, end);
        }
        quotes_before = quotes;
        blanks_before = blanks;
    }
}
