/* Room-internal: the two halves of HKDF-SHA256 (RFC 5869), as HPKE wants them apart. The whole is in crypto/keys.h. */
#pragma once

#include "base/bytes.h"

#define HKDF_PRK_BYTES 32
#define HKDF_INFO_MAX 1024 /* more than any of ours */

MUST_USE enum status hkdf_extract(struct bytes salt, struct bytes ikm, uint8_t prk[static HKDF_PRK_BYTES]);
/* out_size <= 8160, info.size <= HKDF_INFO_MAX, else ERR_USAGE. */
MUST_USE enum status hkdf_expand(const uint8_t prk[static HKDF_PRK_BYTES], struct bytes info, uint8_t *out,
                                 size_t out_size);
