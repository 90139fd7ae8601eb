/* Hides OpenSSL's session. */
#include "crypto/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

struct tls_stream {
    SSL *session;
};

enum status tls_stream_accept(struct tls_server *server, int fd, struct tls_stream **out)
{
    *out = NULL;
    struct tls_stream *stream = mem_new(1, sizeof *stream);
    if (!stream)
        return ERR_MEMORY;
    stream->session = tls_server_session(server);
    enum status status = stream->session && SSL_set_fd(stream->session, fd) == 1 ? OK : ERR_MEMORY;
    if (status == OK && SSL_accept(stream->session) != 1)
        status = ERR_DENIED;
    ERR_clear_error();
    if (status != OK) {
        SSL_free(stream->session);
        mem_free(stream);
        return status;
    }
    *out = stream;
    return OK;
}

void tls_stream_close(struct tls_stream *stream)
{
    if (!stream)
        return;
    (void)SSL_shutdown(stream->session);
    SSL_free(stream->session);
    ERR_clear_error();
    mem_free(stream);
}

enum status tls_stream_read(struct tls_stream *stream, size_t most, struct buf *out)
{
    size_t got = 0;
    buf_reserve(out, most);
    TRY(buf_status(out));
    int read = SSL_read_ex(stream->session, out->data + out->size, most, &got);
    ERR_clear_error();
    if (read != 1)
        return ERR_UNAVAILABLE;
    out->size += got;
    return OK;
}

enum status tls_stream_write(struct tls_stream *stream, struct bytes text)
{
    size_t written = 0;
    if (text.size == 0)
        return OK;
    int wrote = SSL_write_ex(stream->session, text.data, text.size, &written);
    ERR_clear_error();
    return wrote == 1 && written == text.size ? OK : ERR_UNAVAILABLE;
}
