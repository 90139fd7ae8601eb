/* scrub --batch: a record a line. Hides the record's form, and that offsets are told in code points. */
#include "base/file.h"
#include "base/json_lex.h"
#include "client/scrub.h"

#define LINE_MAX_BYTES (12u << 20)
#define PART_BYTES ((size_t)1 << 20)

struct record {
    struct bytes id;      /* as it is spelled */
    struct bytes text;    /* raw inside of the string; data NULL if there is none */
    struct bytes subject; /* whose dates these are: as it is spelled; empty if it is not said */
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
        bool id = bytes_is(raw, "id"), text = bytes_is(raw, "text"), subject = bytes_is(raw, "subject");
        TRY(read_value(lex, &token, &raw));
        if (id)
            out->id = token == JSON_STRING ? bytes_of(raw.data - 1, raw.size + 2) : raw;
        if (subject)
            out->subject = raw;
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
    *out = (struct record){0};
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
static void add_findings(struct code_points *points, const struct redact_findings *found, bool first, struct buf *out)
{
    for (size_t i = 0; i < found->count; i++) {
        const struct redact_finding *finding = &found->items[i];
        size_t start = code_point_at(points, finding->start), end = code_point_at(points, finding->end);
        buf_addf(out, "%s{\"end\":%zu,\"rule\":\"%s\",\"score\":%.3g,\"start\":%zu,\"type\":\"%s\"%s}",
                 first && i == 0 ? "" : ",", end, finding->rule, (double)finding->score, start,
                 redact_type_name(finding->type), finding->withheld ? "" : ",\"withheld\":false");
    }
}

struct answer {
    const struct redactor *redactor;
    const struct record *record;
    struct scrub_sink *sink;
    struct buf text, out;
};

/* A record's own, for the dates of its subject. */
static enum status session_start(const struct answer *answer, struct redact_session **out)
{
    TRY(redact_session_new(answer->redactor, out));
    enum status status = answer->record->subject.size ? redact_session_subject(*out, answer->record->subject) : OK;
    if (status != OK) {
        redact_session_free(*out);
        *out = NULL;
    }
    return status;
}

static enum status answer_whole(struct answer *answer, struct redact_session *session)
{
    SCOPED_BUF struct buf scrubbed = {.secret = true};
    struct redact_findings found = {0};
    struct code_points points = {.text = buf_bytes(&answer->text)};
    enum status status = redact_text(session, points.text, &scrubbed, &found);
    buf_add_str(&answer->out, "{\"findings\":[");
    add_findings(&points, &found, true, &answer->out);
    redact_findings_free(&found);
    TRY(status);
    buf_add_str(&answer->out, "],\"id\":");
    buf_add(&answer->out, answer->record->id);
    buf_add_str(&answer->out, ",\"text\":\"");
    json_escape(buf_bytes(&scrubbed), &answer->out);
    buf_add_str(&answer->out, "\"}\n");
    return scrub_sink_write(answer->sink, &answer->out);
}

/* A long text in parts: once for its findings, which come first, and once, the same, for the text. */
static enum status part(struct answer *answer, struct redact_stream *stream, size_t at, struct buf *scrubbed,
                        struct redact_findings *found)
{
    struct bytes more = bytes_part(buf_bytes(&answer->text), at, PART_BYTES);
    return more.size ? redact_stream_add(stream, more, scrubbed, found) : redact_stream_end(stream, scrubbed, found);
}

static enum status write_findings(struct answer *answer, struct redact_stream *stream)
{
    struct code_points points = {.text = buf_bytes(&answer->text)};
    struct redact_findings found = {0};
    enum status status = OK;
    bool first = true;
    for (size_t at = 0; status == OK && at <= answer->text.size + PART_BYTES - 1; at += PART_BYTES) {
        status = part(answer, stream, at, NULL, &found);
        add_findings(&points, &found, first, &answer->out);
        first &= found.count == 0;
        found.count = 0;
        if (status == OK)
            status = scrub_sink_write(answer->sink, &answer->out);
    }
    redact_findings_free(&found);
    return status;
}

static enum status write_text(struct answer *answer, struct redact_stream *stream)
{
    SCOPED_BUF struct buf scrubbed = {.secret = true};
    for (size_t at = 0; at <= answer->text.size + PART_BYTES - 1; at += PART_BYTES) {
        TRY(part(answer, stream, at, &scrubbed, NULL));
        json_escape(buf_bytes(&scrubbed), &answer->out);
        buf_clear(&scrubbed);
        TRY(scrub_sink_write(answer->sink, &answer->out));
    }
    return OK;
}

/* Each in a session of its own, so that both find the same. */
static enum status in_session(struct answer *answer, enum status (*what)(struct answer *, struct redact_stream *))
{
    struct redact_session *session = NULL;
    struct redact_stream *stream = NULL;
    TRY(session_start(answer, &session));
    enum status status = redact_stream_new_text(session, &stream);
    if (status == OK)
        status = what(answer, stream);
    redact_stream_free(stream);
    redact_session_free(session);
    return status;
}

static enum status answer_long(struct answer *answer)
{
    buf_add_str(&answer->out, "{\"findings\":[");
    TRY(in_session(answer, write_findings));
    buf_add_str(&answer->out, "],\"id\":");
    buf_add(&answer->out, answer->record->id);
    buf_add_str(&answer->out, ",\"text\":\"");
    TRY(in_session(answer, write_text));
    buf_add_str(&answer->out, "\"}\n");
    return scrub_sink_write(answer->sink, &answer->out);
}

static enum status answer_record(struct answer *answer)
{
    struct redact_session *session = NULL;
    json_unescape(answer->record->text, &answer->text);
    TRY(buf_status(&answer->text));
    if (answer->text.size > PART_BYTES)
        return answer_long(answer);
    TRY(session_start(answer, &session));
    enum status status = answer_whole(answer, session);
    redact_session_free(session);
    return status;
}

static enum status do_line(const struct redactor *redactor, struct bytes line, struct scrub_sink *sink, struct why *why)
{
    struct record record;
    TRY(read_record(line, &record, why));
    struct answer answer = {.redactor = redactor, .record = &record, .sink = sink};
    buf_init_secret(&answer.text);
    buf_init_secret(&answer.out);
    enum status status = answer_record(&answer);
    buf_free(&answer.text);
    buf_free(&answer.out);
    return status;
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
    struct scrub_sink sink;
    enum status status;
    scrub_sink_standard(&sink);
    while ((status = line_reader_next(reader, &line)) == OK || status == ERR_TOO_LARGE) {
        struct why why = {0};
        if (status == OK && line.size)
            status = do_line(redactor, line, &sink, &why);
        if (status == ERR_MEMORY || status == ERR_IO)
            return status;
        if (status != OK) {
            complain(&why, status, reader->number);
            ++*failed;
        }
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
