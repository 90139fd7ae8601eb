/* Streams in, streams out. Hides that files appear whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "client/print.h"
#include "client/scrub.h"

#define BLOCK_BYTES ((size_t)1 << 20)

/* --- out --- */

void scrub_sink_standard(struct scrub_sink *sink)
{
    *sink = (struct scrub_sink){.fd = -1};
}

enum status scrub_sink_open(struct scrub_sink *sink, const char *path, unsigned mode, bool replace)
{
    *sink = (struct scrub_sink){.fd = -1, .replace = replace};
    int size = snprintf(sink->path, sizeof sink->path, "%s", path);
    if (size < 0 || (size_t)size > sizeof sink->path - 20)
        return ERR_TOO_LARGE;
    snprintf(sink->temporary, sizeof sink->temporary, "%s", path);
    char *slash = strrchr(sink->temporary, '/');
    if (slash && slash != sink->temporary) {
        *slash = 0;
        TRY(folder_create(sink->temporary, 0777)); /* less the umask, as any program's */
        *slash = '/';
    }
    static const char name[] = ".chatham-XXXXXX";
    memcpy(slash ? slash + 1 : sink->temporary, name, sizeof name);
    if (!replace && file_exists(path))
        return ERR_EXISTS;
    sink->fd = mkostemp(sink->temporary, O_CLOEXEC);
    if (sink->fd < 0)
        return file_status(errno);
    if (fchmod(sink->fd, mode) == 0)
        return OK;
    scrub_sink_drop(sink);
    return ERR_IO;
}

enum status scrub_sink_write(struct scrub_sink *sink, struct buf *content)
{
    TRY(buf_status(content));
    struct bytes bytes = buf_bytes(content);
    enum status status = sink->fd >= 0 ? fd_write_all(sink->fd, bytes) : print_bytes(bytes);
    buf_clear(content);
    return status;
}

enum status scrub_sink_keep(struct scrub_sink *sink)
{
    if (sink->fd < 0)
        return OK;
    int failed = fsync(sink->fd) != 0 ? errno : 0;
    if (!failed && sink->replace)
        failed = rename(sink->temporary, sink->path) != 0 ? errno : 0;
    else if (!failed)
        failed = link(sink->temporary, sink->path) != 0 ? errno : 0;
    if (failed || !sink->replace)
        unlink(sink->temporary);
    close(sink->fd);
    sink->fd = -1;
    return failed ? file_status(failed) : folder_sync_of(sink->path);
}

void scrub_sink_drop(struct scrub_sink *sink)
{
    if (sink->fd < 0)
        return;
    unlink(sink->temporary);
    close(sink->fd);
    sink->fd = -1;
}

/* --- in --- */

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

struct pass {
    struct scrub *scrub;
    struct redact_stream *stream;
    struct scrub_sink *sink;       /* NULL: nothing is written */
    struct scrub_report *report;   /* NULL: nothing is told */
    struct redact_findings *found; /* NULL: nothing is counted either */
    size_t withheld;
};

static void count(struct pass *pass)
{
    for (size_t i = 0; i < pass->found->count; i++) {
        const struct redact_finding *finding = &pass->found->items[i];
        ++*(finding->withheld ? &pass->scrub->withheld[finding->type] : &pass->scrub->flagged[finding->type]);
        pass->withheld += finding->withheld;
    }
}

static enum status do_block(struct pass *pass, struct bytes block, struct buf *out)
{
    struct buf *to = pass->sink ? out : NULL;
    TRY(block.size ? redact_stream_add(pass->stream, block, to, pass->found)
                   : redact_stream_end(pass->stream, to, pass->found));
    if (pass->sink)
        TRY(scrub_sink_write(pass->sink, out));
    if (!pass->found)
        return OK;
    count(pass);
    if (pass->report) {
        TRY(scrub_report_add(pass->report, block));
        TRY(scrub_report_tell(pass->report, pass->found));
    }
    pass->found->count = 0;
    return OK;
}

static enum status run(struct pass *pass, int fd)
{
    SCOPED_BUF struct buf block = {.secret = true}, out = {.secret = true};
    do {
        TRY(read_block(fd, &block));
        TRY(do_block(pass, buf_bytes(&block), &out));
    } while (block.size);
    return OK;
}

static enum status run_in(struct pass *pass, struct redact_session *session, int fd)
{
    TRY(redact_stream_new(session, &pass->stream));
    enum status status = run(pass, fd);
    redact_stream_free(pass->stream);
    return status;
}

enum status scrub_stream(struct scrub *scrub, int fd, const char *name, struct scrub_sink *sink, size_t *withheld)
{
    struct redact_findings found = {0};
    struct redact_session *own = NULL;
    struct pass pass = {.scrub = scrub, .sink = sink, .report = scrub->report, .found = &found};
    *withheld = 0;
    if (!scrub->session)
        TRY(redact_session_new(scrub->redactor, &own));
    if (scrub->report)
        scrub_report_input(scrub->report, name);
    enum status status = run_in(&pass, own ? own : scrub->session, fd);
    redact_session_free(own);
    redact_findings_free(&found);
    *withheld = pass.withheld;
    return status;
}

enum status scrub_learn(struct scrub *scrub, int fd)
{
    struct pass pass = {.scrub = scrub};
    if (lseek(fd, 0, SEEK_CUR) < 0)
        return ERR_INPUT;
    TRY(run_in(&pass, scrub->session, fd));
    return lseek(fd, 0, SEEK_SET) == 0 ? OK : ERR_INPUT;
}
