/* Lines of a stream. Hides the window that slides over it, and how a line over the limit is passed over. */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"

#define CHUNK 65536

void line_reader_start(struct line_reader *reader, int fd, size_t most)
{
    *reader = (struct line_reader){.fd = fd, .most = most};
    buf_init_secret(&reader->buf);
}

void line_reader_free(struct line_reader *reader)
{
    buf_free(&reader->buf);
}

/* Move what is left to the front and read some more behind it. */
static enum status fill(struct line_reader *reader)
{
    struct buf *buf = &reader->buf;
    if (reader->start) {
        memmove(buf->data, buf->data + reader->start, buf->size - reader->start);
        buf->size -= reader->start;
        reader->start = 0;
    }
    buf_reserve(buf, CHUNK);
    TRY(buf_status(buf));
    ssize_t got;
    do
        got = read(reader->fd, buf->data + buf->size, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return file_status(errno);
    reader->end = got == 0;
    buf->size += (size_t)got;
    return OK;
}

/* Take the line that ends at offset `end` of the window, its newline at `end` or the stream's end there. */
static enum status take_line(struct line_reader *reader, size_t end, struct bytes *line)
{
    struct bytes whole = bytes_of(reader->buf.data + reader->start, end - reader->start);
    bool too_long = reader->skipping || whole.size > reader->most;
    reader->newline = end < reader->buf.size;
    reader->start = end + reader->newline;
    reader->searched = 0;
    reader->skipping = false;
    reader->number++;
    if (too_long)
        return ERR_TOO_LARGE;
    *line = whole;
    return OK;
}

enum status line_reader_next(struct line_reader *reader, struct bytes *line)
{
    *line = BYTES_NONE;
    for (;;) {
        size_t from = reader->start + reader->searched, size = reader->buf.size;
        const uint8_t *newline = from < size ? memchr(reader->buf.data + from, '\n', size - from) : NULL;
        if (newline)
            return take_line(reader, (size_t)(newline - reader->buf.data), line);
        if (reader->end && size == reader->start && !reader->skipping)
            return ERR_NOT_FOUND;
        if (reader->end)
            return take_line(reader, size, line);
        if (reader->skipping || size - reader->start > reader->most) {
            reader->skipping = true; /* the line is lost: keep only the memory of it */
            reader->start = size;
        }
        reader->searched = size - reader->start;
        TRY(fill(reader));
    }
}
