/* Addresses of crypto currencies and their check sums. All functions are pure; a text is at most COIN_MOST bytes. */
#pragma once

#include "base/bytes.h"

#define COIN_MOST 120

/* Base58Check (Bitcoin wiki): 25 bytes whose version is one of the currencies in use and whose last four are the double
 * SHA-256 of the others; XRP's alphabet for what begins with r. */
bool coin_is_base58check(struct bytes text);
/* Monero: blocks of base58, Keccak-256; 95 or 106 characters. */
bool coin_is_monero(struct bytes text);
/* 32 bytes in base58: a public key of Solana. No check sum. */
bool coin_is_solana(struct bytes text);
/* BIP 173 and 350: prefix, 1, data and check of 30 bits; one case. */
bool coin_is_bech32(struct bytes text);
/* "0x" and 40 hexadecimal digits whose capitals are the check of EIP-55. */
bool coin_is_eip55(struct bytes text);
/* Stellar: base32 with a CRC-16 (SEP-23). */
bool coin_is_stellar(struct bytes text);
