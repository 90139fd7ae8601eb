/* One accepted connection under the TLS policy, by calls that wait, for whoever serves few connections one by one (the
 * audits' hostile server). How long they wait the socket says (SO_RCVTIMEO, SO_SNDTIMEO). SIGPIPE must be ignored. */
#pragma once

#include "crypto/tls.h"

struct tls_stream;
/* The handshake. fd stays the caller's. ERR_DENIED: no connection under the policy. ERR_MEMORY. */
MUST_USE enum status tls_stream_accept(struct tls_server *server, int fd, struct tls_stream **out);
/* Says goodbye, if the peer is still there. */
void tls_stream_close(struct tls_stream *stream);
/* Appends what comes next, a byte at least and `most` at most. ERR_UNAVAILABLE: nothing more comes. */
MUST_USE enum status tls_stream_read(struct tls_stream *stream, size_t most, struct buf *out);
MUST_USE enum status tls_stream_write(struct tls_stream *stream, struct bytes text); /* ERR_UNAVAILABLE */
