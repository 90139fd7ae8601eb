/* scrub --batch: a record a line. Hides the record's form, and that offsets are told in code points. */
#include "base/file.h"
#include "base/json_lex.h"
#include "client/scrub.h"

#define LINE_MAX_BYTES (16u << 20)

struct record {
    struct bytes id;   /* as it is spelled */
    struct bytes text; /* raw inside of the string; data NULL if there is none */
};

/* The value of the key that was just read: *raw is its spelling, a string's without quotes. */
static enum status read_value(struct json_lex *lex, enum json_token *token, struct bytes *raw)
{
    TRY(json_lex_next(lex, token, raw));
    size_t start = (size_t)(raw->data - lex->text.data);
    if (*token == JSON_OBJECT_START || *token == JSON_ARRAY_START) {
        TRY(json_lex_skip(lex, *token));
        *raw = bytes_part(lex->text, start, lex->at - start);
    }
    return OK;
}

static enum status read_members(struct json_lex *lex, struct record *out)
{
    enum json_token token;
    struct bytes raw;
    for (;;) {
        TRY(json_lex_next(lex, &token, &raw));
        if (token == JSON_OBJECT_END)
            break;
        bool id = bytes_is(raw, "id"), text = bytes_is(raw, "text");
        TRY(read_value(lex, &token, &raw));
        if (id)
            out->id = token == JSON_STRING ? bytes_of(raw.data - 1, raw.size + 2) : raw;
        if (text)
            out->text = token == JSON_STRING ? raw : BYTES_NONE;
    }
    return json_lex_next(lex, &token, &raw);
}

static enum status read_record(struct bytes line, struct record *out, struct why *why)
{
    struct json_lex lex;
    enum json_token token;
    struct bytes raw;
    *out = (struct record){BYTES_NONE, BYTES_NONE};
    json_lex_start(&lex, line);
    enum status status = json_lex_next(&lex, &token, &raw);
    if (status == OK && token == JSON_OBJECT_START)
        status = read_members(&lex, out);
    if (status != OK)
        return why_set(why, ERR_INPUT, "not JSON", "record", lex.at);
    if (!out->id.size || !out->text.data)
        return why_set(why, ERR_INPUT, "wants \"id\" and a string \"text\"", "record", 0);
    return OK;
}

/* --- the answer --- */

/* Byte offsets, ascending, to code points: continuation bytes do not count. */
struct code_points {
    struct bytes text;
    size_t byte, point;
};

static size_t code_point_at(struct code_points *from, size_t byte)
{
    for (; from->byte < byte && from->byte < from->text.size; from->byte++)
        from->point += (from->text.data[from->byte] & 0xc0) != 0x80;
    return from->point;
}

/* Members in the order of their names, as everywhere. */
static void add_findings(struct bytes text, const struct redact_findings *found, struct buf *out)
{
    struct code_points points = {.text = text};
    for (size_t i = 0; i < found->count; i++) {
        const struct redact_finding *finding = &found->items[i];
        size_t start = code_point_at(&points, finding->start), end = code_point_at(&points, finding->end);
        buf_addf(out, "%s{\"end\":%zu,\"rule\":\"%s\",\"score\":%.3g,\"start\":%zu,\"type\":\"%s\"%s}", i ? "," : "",
                 end, finding->rule, (double)finding->score, start, redact_type_name(finding->type),
                 finding->withheld ? "" : ",\"withheld\":false");
    }
}

static enum status answer(const struct redactor *redactor, const struct record *record, struct buf *out)
{
    SCOPED_BUF struct buf text = {.secret = true}, scrubbed = {.secret = true};
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    json_unescape(record->text, &text);
    TRY(buf_status(&text));
    TRY(redact_session_new(redactor, &session));
    enum status status = redact_text(session, buf_bytes(&text), &scrubbed, &found);
    redact_session_free(session);
    buf_add_str(out, "{\"findings\":[");
    add_findings(buf_bytes(&text), &found, out);
    redact_findings_free(&found);
    buf_add_str(out, "],\"id\":");
    buf_add(out, record->id);
    buf_add_str(out, ",\"text\":\"");
    json_escape(buf_bytes(&scrubbed), out);
    buf_add_str(out, "\"}\n");
    return status == OK ? buf_status(out) : status;
}

static enum status do_line(const struct redactor *redactor, struct bytes line, struct buf *out, struct why *why)
{
    struct record record;
    TRY(read_record(line, &record, why));
    return answer(redactor, &record, out);
}

static void complain(const struct why *why, enum status status, size_t line)
{
    char text[256];
    why_print(why, status, "record skipped", text, sizeof text);
    fprintf(stderr, "line %zu: %s\n", line, text);
}

static enum status do_lines(const struct redactor *redactor, struct line_reader *reader, size_t *failed)
{
    struct bytes line;
    SCOPED_BUF struct buf out = {.secret = true};
    struct scrub_sink sink;
    enum status status;
    scrub_sink_standard(&sink);
    while ((status = line_reader_next(reader, &line)) == OK || status == ERR_TOO_LARGE) {
        struct why why = {0};
        if (status == OK && line.size)
            status = do_line(redactor, line, &out, &why);
        if (status == ERR_MEMORY)
            return status;
        if (status == OK) {
            TRY(scrub_sink_write(&sink, &out));
            continue;
        }
        complain(&why, status, reader->number);
        buf_clear(&out);
        ++*failed;
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status scrub_batch(const struct redactor *redactor, int fd, struct why *why)
{
    struct line_reader reader;
    size_t failed = 0;
    line_reader_start(&reader, fd, LINE_MAX_BYTES);
    enum status status = do_lines(redactor, &reader, &failed);
    line_reader_free(&reader);
    if (status == OK && failed)
        return why_set(why, ERR_INPUT, "some records were skipped", "standard input", 0);
    return status;
}
