/* unscrub: puts back what a policy's `encrypt` sealed, by the key file that scrub was given. Hides how a stream is cut:
 * a record is a line, but a JSON document may span all of them. */
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json_lex.h"
#include "client/command.h"
#include "client/print.h"
#include "client/scrub_key.h"

#define LINE_MAX_BYTES (64u << 20)
#define DOCUMENT_MAX_BYTES (256u << 20)

struct unscrub {
    struct redact_opener opener;
    struct redact_restored count;
    struct buf out;      /* wiped */
    struct buf document; /* lines of a JSON document that is not complete yet, wiped */
};

static enum status write_out(struct buf *out)
{
    TRY(buf_status(out));
    enum status status = print_bytes(buf_bytes(out));
    buf_clear(out);
    return status;
}

/* JSON is restored within its strings, so that a quote in a value stays escaped; all else is text. */
static enum status restore(struct unscrub *unscrub, struct bytes text)
{
    enum status status = redact_restore_json(text, &unscrub->opener, &unscrub->out, &unscrub->count);
    if (status == ERR_INPUT || status == ERR_TOO_LARGE)
        status = redact_restore(text, &unscrub->opener, &unscrub->out, &unscrub->count);
    TRY(status);
    return write_out(&unscrub->out);
}

static bool opens_document(struct bytes line)
{
    size_t at = 0;
    while (at < line.size && (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    return at < line.size && (line.data[at] == '{' || line.data[at] == '[');
}

/* An input whose first line opens a JSON value and does not close it is kept until its end. */
static enum status take_line(struct unscrub *unscrub, struct bytes line, bool first, struct why *why)
{
    if (unscrub->document.size || (first && opens_document(line) && !json_lex_is_value(line))) {
        buf_add(&unscrub->document, line);
        if (unscrub->document.size > DOCUMENT_MAX_BYTES)
            return why_hint(why, ERR_TOO_LARGE, "one JSON value of more than 256 MiB", "input", "use JSON lines");
        return buf_status(&unscrub->document);
    }
    return restore(unscrub, line);
}

static enum status take_lines(struct unscrub *unscrub, struct line_reader *reader, struct why *why)
{
    struct bytes line;
    enum status status;
    while ((status = line_reader_next(reader, &line)) == OK)
        TRY(take_line(unscrub, bytes_of(line.data, line.size + reader->newline), reader->number == 1, why));
    if (status == ERR_TOO_LARGE)
        return why_set(why, status, "a line is longer than 64 MiB", "input", 0);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status unscrub_stream(struct unscrub *unscrub, int from, struct why *why)
{
    struct line_reader reader;
    line_reader_start(&reader, from, LINE_MAX_BYTES);
    enum status status = take_lines(unscrub, &reader, why);
    line_reader_free(&reader);
    if (status == OK && unscrub->document.size)
        status = restore(unscrub, buf_bytes(&unscrub->document));
    buf_clear(&unscrub->document);
    return status;
}

static enum status unscrub_file(struct unscrub *unscrub, const char *path, struct why *why)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return why_set(why, ERR_NOT_FOUND, "cannot be opened", "FILE", 0);
    enum status status = unscrub_stream(unscrub, from, why);
    close(from);
    return status;
}

enum status command_unscrub(const struct arguments *arguments, struct why *why)
{
    SCOPED_SCRUB_KEY struct scrub_key key = {0};
    struct unscrub unscrub = {0};
    if (!arguments->key_file)
        return why_hint(why, ERR_USAGE, "no key", NULL, "give the --key-file that scrub was given");
    TRY(scrub_key_open(arguments->key_file, &key, why));
    unscrub.opener = scrub_key_opener(&key);
    buf_init_secret(&unscrub.out);
    buf_init_secret(&unscrub.document);
    enum status status = arguments->count ? OK : unscrub_stream(&unscrub, STDIN_FILENO, why);
    for (int i = 0; i < arguments->count && status == OK; i++)
        status = unscrub_file(&unscrub, arguments->words[i], why);
    buf_free(&unscrub.out);
    buf_free(&unscrub.document);
    if (status == OK && unscrub.count.closed)
        return why_set(why, ERR_DENIED, "so many values do not open: altered, or sealed with another key", "input",
                       unscrub.count.closed);
    return status;
}
