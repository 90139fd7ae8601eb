/* Errors over HTTP: application/problem+json (RFC 9457) with our own type names and nothing of the request in it.
 * One table row a status. */
#pragma once

#include "base/bytes.h"

/* HTTP status code of a status (ERR_DENIED 403, ERR_INPUT 400, ERR_TOO_LARGE 413, ERR_UNAVAILABLE 503, ...). */
int problem_http(enum status code);
/* {"status":403,"title":"not authorised","type":"urn:chatham:problem:denied"}; detail: static text or NULL. */
MUST_USE enum status problem_encode(enum status code, const char *detail, struct buf *out);
/* The status that a reply's body means. ERR_UNAVAILABLE for what is no problem document of ours, and for the inner
 * failures of a server, which all look alike. */
enum status problem_decode(struct bytes body, int http);
