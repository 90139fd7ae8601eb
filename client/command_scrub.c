/* scrub: the scrubber's face. Hides reading and writing. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "client/command.h"
#include "client/scrub_key.h"

#define LINE_MAX_BYTES (64u << 20)
#define BLOCK_BYTES (1u << 20)
#define POLICY_MAX_BYTES (1u << 20)

static enum status policy_load(const char *name, struct scrub_key *key, struct redactor **redactor, struct why *why)
{
    SCOPED_BUF struct buf file = {0};
    struct bytes text = redact_policy_text(name ? name : "default");
    *redactor = NULL;
    if (text.size == 0) {
        enum status status = file_read(name, POLICY_MAX_BYTES, &file);
        if (status != OK)
            return why_hint(why, status, "no such policy", "--policy",
                            "default, strict, hipaa-safe-harbor, gdpr, tab, secrets-only, off, or a file");
        text = buf_bytes(&file);
    }
    const struct redact_pseudonyms pseudonyms = scrub_key_pseudonyms(key);
    return redactor_new(text, key->restore.size ? &pseudonyms : NULL, redactor, why);
}

static enum status write_out(struct buf *out)
{
    TRY(buf_status(out));
    size_t written = fwrite(out->data, 1, out->size, stdout);
    enum status status = written == out->size ? OK : ERR_IO;
    buf_clear(out);
    return status;
}

/* --- --batch --- */

/* Byte offsets, ascending, to code points: continuation bytes do not count. */
struct code_points {
    struct bytes text;
    size_t byte, point;
};

static int64_t code_point_at(struct code_points *from, size_t byte)
{
    for (; from->byte < byte && from->byte < from->text.size; from->byte++)
        from->point += (from->text.data[from->byte] & 0xc0) != 0x80;
    return (int64_t)from->point;
}

static struct json *findings_json(struct bytes text, const struct redact_findings *found)
{
    struct json *list = json_array();
    struct code_points points = {.text = text};
    for (size_t i = 0; i < found->count; i++) {
        struct json *row = json_object();
        json_set(row, "start", json_integer(code_point_at(&points, found->items[i].start)));
        json_set(row, "end", json_integer(code_point_at(&points, found->items[i].end)));
        json_set(row, "type", json_text(redact_type_name(found->items[i].type)));
        json_set(row, "rule", json_text(found->items[i].rule));
        json_set(row, "score", json_real((double)found->items[i].score));
        if (!found->items[i].withheld)
            json_set(row, "withheld", json_bool(false));
        json_push(list, row);
    }
    return list;
}

static enum status batch_answer(const struct redactor *redactor, const struct json *id, struct bytes text,
                                struct buf *out)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    SCOPED_BUF struct buf scrubbed = {.secret = true};
    SCOPED_JSON struct json *answer = json_object();
    TRY(redact_session_new(redactor, &session));
    enum status status = redact_text(session, text, &scrubbed, &found);
    redact_session_free(session);
    if (status == OK) {
        json_set(answer, "id", json_share(id));
        json_set(answer, "text", json_string(buf_bytes(&scrubbed)));
        json_set(answer, "findings", findings_json(text, &found));
        status = json_canonical(answer, out);
        buf_add_byte(out, '\n');
    }
    redact_findings_free(&found);
    return status;
}

static enum status batch_line(const struct redactor *redactor, struct bytes line, struct buf *out, struct why *why)
{
    SCOPED_JSON struct json *record = NULL;
    TRY(json_parse(line, LINE_MAX_BYTES, &record, why));
    const struct json *id = json_get(record, "id"), *text = json_get(record, "text");
    if (!id || !json_is_string(text))
        return why_set(why, ERR_INPUT, "wants \"id\" and a string \"text\"", "record", 0);
    return batch_answer(redactor, id, json_string_bytes(text), out);
}

static enum status scrub_batch(const struct redactor *redactor, int fd, struct why *why)
{
    struct line_reader reader;
    struct bytes line;
    SCOPED_BUF struct buf out = {.secret = true};
    size_t failed = 0;
    enum status status;
    line_reader_start(&reader, fd, LINE_MAX_BYTES);
    while ((status = line_reader_next(&reader, &line)) == OK || status == ERR_TOO_LARGE) {
        struct why reason = {0};
        if (status == OK && line.size)
            status = batch_line(redactor, line, &out, &reason);
        if (status == OK)
            status = write_out(&out);
        if (status == ERR_MEMORY || status == ERR_IO)
            break;
        if (status != OK) {
            char text[256];
            why_print(&reason, status, "record skipped", text, sizeof text);
            fprintf(stderr, "line %zu: %s\n", reader.number, text);
            buf_clear(&out);
            failed++;
        }
    }
    line_reader_free(&reader);
    if (status != ERR_NOT_FOUND)
        return status;
    return failed ? why_set(why, ERR_INPUT, "some records were skipped", "standard input", 0) : OK;
}

/* --- files and streams --- */

/* Read up to BLOCK_BYTES; none at the end. */
static enum status read_block(int fd, struct buf *out)
{
    ssize_t got;
    buf_clear(out);
    buf_reserve(out, BLOCK_BYTES);
    TRY(buf_status(out));
    do
        got = read(fd, out->data, BLOCK_BYTES);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return ERR_IO;
    out->size = (size_t)got;
    return OK;
}

static enum status pass(struct redact_stream *stream, int fd)
{
    SCOPED_BUF struct buf block = {.secret = true}, out = {.secret = true};
    do {
        TRY(read_block(fd, &block));
        TRY(block.size ? redact_stream_add(stream, buf_bytes(&block), &out, NULL)
                       : redact_stream_end(stream, &out, NULL));
        TRY(write_out(&out));
    } while (block.size);
    return OK;
}

static enum status scrub_stream(const struct redactor *redactor, int fd)
{
    struct redact_session *session = NULL;
    struct redact_stream *stream = NULL;
    TRY(redact_session_new(redactor, &session));
    enum status status = redact_stream_new(session, &stream);
    if (status == OK)
        status = pass(stream, fd);
    redact_stream_free(stream);
    redact_session_free(session);
    return status;
}

static enum status scrub_file(const struct redactor *redactor, const char *path, struct why *why)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return why_set(why, ERR_NOT_FOUND, "cannot be opened", "FILE", 0);
    enum status status = fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode)
                             ? why_set(why, ERR_INPUT, "is a folder", "FILE", 0)
                             : scrub_stream(redactor, fd);
    close(fd);
    return status;
}

enum status command_scrub(const struct arguments *arguments, struct why *why)
{
    SCOPED_SCRUB_KEY struct scrub_key key = {0};
    struct redactor *redactor = NULL;
    bool batch = arguments_have(arguments, OPTION_BATCH);
    if (batch && arguments->count)
        return why_set(why, ERR_USAGE, "reads standard input, no FILE", "--batch", 0);
    if (arguments->key_file)
        TRY(scrub_key_make(arguments->key_file, &key, why));
    TRY(policy_load(arguments->policy, &key, &redactor, why));
    enum status status = OK;
    if (batch)
        status = scrub_batch(redactor, STDIN_FILENO, why);
    else if (arguments->count == 0)
        status = scrub_stream(redactor, STDIN_FILENO);
    for (int i = 0; i < arguments->count && status == OK; i++)
        status = scrub_file(redactor, arguments->words[i], why);
    redactor_free(redactor);
    return status;
}
