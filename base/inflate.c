/* gzip over zlib. Hides its stream state and its members, and keeps the output under the caller's bound. */
#include "base/inflate.h"

#include <limits.h>
#include <zlib.h>

#define CHUNK 65536
#define GZIP_WINDOW (15 + 16)   /* zlib's way to say: gzip framing, largest window */
#define EITHER_WINDOW (15 + 32) /* and: whichever the header says */

static void *zlib_new(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return mem_new(count, size);
}

static void zlib_free(void *unused, void *memory)
{
    (void)unused;
    mem_free(memory);
}

/* zlib counts input in unsigned int: hand it over in parts. */
static void feed(z_stream *stream, struct bytes *left)
{
    if (stream->avail_in)
        return;
    size_t part = left->size < UINT_MAX ? left->size : UINT_MAX;
    stream->next_in = (Bytef *)left->data;
    stream->avail_in = (unsigned)part;
    *left = bytes_part(*left, part, left->size);
}

bool inflate_is_gzip(struct bytes data)
{
    return data.size >= 3 && data.data[0] == 0x1f && data.data[1] == 0x8b && data.data[2] == 8;
}

/* One call of inflate into fresh room. OK while there is more to do, ERR_NOT_FOUND once a member has ended. */
static enum status inflate_some(z_stream *stream, struct bytes *left, struct buf *out)
{
    feed(stream, left);
    buf_reserve(out, CHUNK);
    TRY(buf_status(out));
    stream->next_out = out->data + out->size;
    stream->avail_out = CHUNK;
    int result = inflate(stream, Z_NO_FLUSH);
    out->size += CHUNK - stream->avail_out;
    if (result == Z_STREAM_END)
        return ERR_NOT_FOUND;
    if (result == Z_MEM_ERROR)
        return ERR_MEMORY;
    return result == Z_OK ? OK : ERR_INPUT; /* Z_BUF_ERROR: the input has ended before the member */
}

static enum status inflate_all(z_stream *stream, struct bytes data, size_t most, struct buf *out)
{
    size_t before = out->size;
    for (;;) {
        enum status status = inflate_some(stream, &data, out);
        if (out->size - before > most)
            return ERR_TOO_LARGE;
        bool member_ended = status == ERR_NOT_FOUND;
        if (!member_ended && status != OK)
            return status;
        if (!member_ended)
            continue;
        if (stream->avail_in == 0 && data.size == 0)
            return OK;
        if (inflateReset(stream) != Z_OK)
            return ERR_BUG;
    }
}

enum status inflate_gzip(struct bytes data, size_t most, struct buf *out)
{
    z_stream stream = {.zalloc = zlib_new, .zfree = zlib_free};
    if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
        return ERR_MEMORY;
    size_t before = out->size;
    enum status status = inflate_all(&stream, data, most, out);
    inflateEnd(&stream);
    if (status != OK)
        out->size = before;
    return status;
}

enum status inflate_part(struct bytes data, size_t most, struct buf *out)
{
    z_stream stream = {.zalloc = zlib_new, .zfree = zlib_free};
    if (inflateInit2(&stream, EITHER_WINDOW) != Z_OK)
        return ERR_MEMORY;
    size_t before = out->size;
    enum status status = OK;
    while (status == OK && out->size - before < most)
        status = inflate_some(&stream, &data, out);
    inflateEnd(&stream);
    if (out->size - before > most)
        out->size = before + most;
    return status == ERR_MEMORY ? status : out->size > before ? OK : ERR_INPUT;
}

static enum status deflate_all(z_stream *stream, struct bytes data, struct buf *out)
{
    for (;;) {
        feed(stream, &data);
        buf_reserve(out, CHUNK);
        TRY(buf_status(out));
        stream->next_out = out->data + out->size;
        stream->avail_out = CHUNK;
        int result = deflate(stream, data.size ? Z_NO_FLUSH : Z_FINISH);
        out->size += CHUNK - stream->avail_out;
        if (result == Z_STREAM_END)
            return OK;
        if (result != Z_OK)
            return ERR_BUG;
    }
}

enum status deflate_gzip(struct bytes data, struct buf *out)
{
    z_stream stream = {.zalloc = zlib_new, .zfree = zlib_free};
    gz_header header = {.os = 255}; /* no time, no name, no system: equal input gives equal output */
    if (deflateInit2(&stream, 6, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return ERR_MEMORY;
    size_t before = out->size;
    enum status status = deflateSetHeader(&stream, &header) == Z_OK ? deflate_all(&stream, data, out) : ERR_BUG;
    deflateEnd(&stream);
    if (status != OK)
        out->size = before;
    return status;
}
