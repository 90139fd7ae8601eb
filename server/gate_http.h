/* HTTP/1.1 as far as the gate speaks it (RFC 9112), strictly: one request head in, numbers out; reply heads.
 *
 * A body needs Content-Length; there is no chunked coding, no obsolete folding, no bare line feed, no second opinion
 * about where a request ends. Pure functions over bytes. */
#pragma once

#include "base/bytes.h"

#define GATE_HEAD_MAX (16u * 1024)
#define GATE_HEADERS_MAX 64

enum gate_method { GATE_GET, GATE_POST, GATE_OTHER_METHOD };

struct gate_head {
    enum gate_method method;
    struct bytes path, query;   /* undecoded; query without its '?' */
    struct bytes if_none_match; /* header values; BYTES_NONE when absent */
    struct bytes content_type;
    bool has_length;
    uint64_t length; /* Content-Length */
    bool keep_alive;
    bool expects_continue;
};
/* head: from the request line to the empty line, both included. 0, or the HTTP status of the refusal (400, 417, 431,
 * 501, 505); *out points into head. */
int gate_head_parse(struct bytes head, struct gate_head *out);
/* Unsigned decimal, digits only, below 2^63. */
bool gate_number(struct bytes digits, uint64_t *out);

struct gate_reply_head {
    int http;
    const char *type; /* media type, or NULL: no body */
    const char *etag; /* with its quotes, or NULL */
    bool immutable;   /* what this path names never changes: the client may keep it for good */
    size_t length;
    bool close;
    int64_t now; /* seconds, for Date */
};
void gate_reply_head(const struct gate_reply_head *head, struct buf *out);
/* A problem document (RFC 9457, type about:blank) for a refusal of HTTP itself. */
void gate_http_problem(int http, struct buf *out);
