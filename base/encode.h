/* Hex (lower case) and base64 (standard, and URL-safe without padding). Decoders are strict: no white space, no
 * stray bits, no other alphabet. */
#pragma once

#include "base/bytes.h"

void encode_hex(struct bytes from, struct buf *out);
void encode_base64(struct bytes from, struct buf *out);
void encode_base64url(struct bytes from, struct buf *out);
MUST_USE enum status decode_hex(struct bytes text, struct buf *out); /* ERR_INPUT, ERR_MEMORY */
MUST_USE enum status decode_base64(struct bytes text, struct buf *out);
MUST_USE enum status decode_base64url(struct bytes text, struct buf *out);
/* Exactly size bytes of hex into a fixed array. */
MUST_USE enum status decode_hex_fixed(struct bytes text, uint8_t *out, size_t size);
void encode_hex_text(const uint8_t *from, size_t size, char *out); /* out: 2 * size + 1 chars */
