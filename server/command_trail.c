/* chathamd trail: a page of the audit trail, or all of it as JSON lines in a file. */
#include <stdio.h>

#include "base/file.h"
#include "server/command.h"

static enum status ask_page(const struct daemon_arguments *arguments, uint64_t from, struct buf *page, struct why *why)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_BUF struct buf text = {0};
    json_set(command, "command", json_text("trail"));
    if (from > 0)
        json_set(command, "from", json_integer((int64_t)from));
    TRY(json_canonical(command, &text));
    return daemon_ask(arguments, buf_bytes(&text), page, why);
}

/* One page's rows as lines; *next is the number after the last. */
static enum status add_lines(struct bytes page, uint64_t *next, uint64_t *size, struct buf *lines)
{
    SCOPED_JSON struct json *answer = NULL;
    TRY(json_parse(page, SIZE_MAX, &answer, NULL));
    const struct json *rows = json_get(answer, "rows");
    *size = (uint64_t)json_integer_value(json_get(answer, "size"));
    for (size_t i = 0; i < json_count(rows); i++) {
        TRY(json_canonical(json_at(rows, i), lines));
        buf_add_byte(lines, '\n');
        *next = (uint64_t)json_integer_value(json_get(json_at(rows, i), "number")) + 1;
    }
    return buf_status(lines);
}

/* As far as the trail went at the first page: each further question is itself a row. */
static enum status export_lines(const struct daemon_arguments *arguments, uint64_t from, struct buf *lines,
                                struct why *why)
{
    uint64_t next = from, end = UINT64_MAX;
    while (next <= end) {
        SCOPED_BUF struct buf page = {0};
        uint64_t size = 0, before = next;
        TRY(ask_page(arguments, next, &page, why));
        TRY(add_lines(buf_bytes(&page), &next, &size, lines));
        if (end == UINT64_MAX)
            end = size;
        if (next == before)
            break;
    }
    return OK;
}

static enum status write_export(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_BUF struct buf lines = {0};
    SCOPED_JSON struct json *answer = json_object();
    TRY(export_lines(arguments, arguments->from ? arguments->from : 1, &lines, why));
    enum status status = file_write(arguments->out, buf_bytes(&lines), 0600);
    if (status != OK)
        return why_set(why, status, "cannot be written", "--out file", 0);
    json_set(answer, "written", json_text(arguments->out));
    json_set(answer, "bytes", json_integer((int64_t)lines.size));
    return json_canonical(answer, result);
}

enum status daemon_trail(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    return arguments->out ? write_export(arguments, result, why) : ask_page(arguments, arguments->from, result, why);
}
