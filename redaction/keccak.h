/* Keccak-256 as Ethereum and Monero use it: the original padding (0x01), not that of FIPS 202's SHA3-256 (0x06). The
 * Keccak reference, version 3.0. For check sums of short values only. */
#pragma once

#include "base/bytes.h"

void keccak_256(struct bytes data, uint8_t out[static 32]);
