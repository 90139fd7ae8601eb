/* gzip and zlib, bounded: what a stranger compressed may not fill our memory. */
#pragma once

#include "base/bytes.h"

bool inflate_is_gzip(struct bytes data);
/* Decompress gzip (all members) into out, at most `most` bytes more. ERR_INPUT damaged or truncated, ERR_TOO_LARGE. */
MUST_USE enum status inflate_gzip(struct bytes data, size_t most, struct buf *out);
MUST_USE enum status deflate_gzip(struct bytes data, struct buf *out); /* no time stamp: equal input, equal output */
/* As much as can be had, at most `most` bytes, of a gzip or zlib stream (RFC 1952, RFC 1950) that may be damaged or cut
 * off. ERR_INPUT when that is nothing. */
MUST_USE enum status inflate_part(struct bytes data, size_t most, struct buf *out);
