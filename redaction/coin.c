/* Check sums of addresses. Hides the alphabets and the versions of currencies. */
#include "redaction/coin.h"

#include "base/hash.h"
#include "redaction/chars.h"
#include "redaction/keccak.h"

static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char base58_ripple[] = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";

/* Value of a character of the alphabet, or -1. */
static int value_of(const char *alphabet, uint8_t byte)
{
    const char *found = byte ? strchr(alphabet, byte) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

/* The number that text is to the base of 58, as `size` bytes, big end first. False if it does not fit or has others. */
static bool decode58(const char *alphabet, struct bytes text, uint8_t *out, size_t size)
{
    memset(out, 0, size);
    for (size_t i = 0; i < text.size; i++) {
        int value = value_of(alphabet, text.data[i]);
        if (value < 0)
            return false;
        unsigned carry = (unsigned)value;
        for (size_t at = size; at-- > 0;) {
            carry += out[at] * 58u;
            out[at] = (uint8_t)carry;
            carry >>= 8;
        }
        if (carry)
            return false;
    }
    return true;
}

/* Version bytes of addresses in use: Bitcoin, Litecoin, Dogecoin, Dash, Tron, XRP (0, in its own alphabet), testnets.
 */
static bool is_version(uint8_t version)
{
    static const uint8_t versions[] = {0x00, 0x05, 0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10, 0x41, 0x6f, 0xc4};
    return memchr(versions, version, sizeof versions) != NULL;
}

bool coin_is_base58check(struct bytes text)
{
    uint8_t raw[25], once[HASH_BYTES], twice[HASH_BYTES];
    const char *alphabet = char_at(text, 0) == 'r' ? base58_ripple : base58;
    if (text.size < 25 || text.size > 35 || !decode58(alphabet, text, raw, sizeof raw) || !is_version(raw[0]))
        return false;
    hash_sha256(bytes_of(raw, 21), once);
    hash_sha256(bytes_of(once, sizeof once), twice);
    return memcmp(twice, raw + 21, 4) == 0;
}

bool coin_is_monero(struct bytes text)
{
    uint8_t raw[80], check[32];
    size_t size = 0, rest = text.size % 11;
    if ((text.size != 95 && text.size != 106) || rest != 7)
        return false;
    for (size_t at = 0; at < text.size; at += 11) { /* 11 characters are 8 bytes, the last 7 are 5 */
        bool whole = text.size - at >= 11;
        if (!decode58(base58, bytes_part(text, at, 11), raw + size, whole ? 8 : 5))
            return false;
        size += whole ? 8 : 5;
    }
    keccak_256(bytes_of(raw, size - 4), check);
    return memcmp(check, raw + size - 4, 4) == 0;
}

bool coin_is_solana(struct bytes text)
{
    uint8_t raw[32];
    return text.size >= 32 && text.size <= 44 && decode58(base58, text, raw, sizeof raw) &&
           (raw[0] || text.data[0] == '1');
}

/* --- bech32 --- */

static uint32_t polymod_step(uint32_t sum, unsigned value)
{
    static const uint32_t generator[5] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = (sum & 0x1ffffff) << 5 ^ value;
    for (unsigned i = 0; i < 5; i++)
        sum ^= top >> i & 1 ? generator[i] : 0;
    return sum;
}

bool coin_is_bech32(struct bytes text)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    size_t one = text.size;
    while (one > 0 && text.data[one - 1] != '1')
        one--;
    if (one < 2 || text.size < one + 8 || text.size > COIN_MOST)
        return false;
    uint32_t sum = 1;
    for (size_t i = 0; i + 1 < one; i++)
        sum = polymod_step(sum, char_lower(text.data[i]) >> 5);
    sum = polymod_step(sum, 0);
    for (size_t i = 0; i + 1 < one; i++)
        sum = polymod_step(sum, char_lower(text.data[i]) & 31);
    for (size_t i = one; i < text.size; i++) {
        int value = value_of(alphabet, char_lower(text.data[i]));
        if (value < 0)
            return false;
        sum = polymod_step(sum, (unsigned)value);
    }
    return sum == 1 || sum == 0x2bc830a3;
}

/* --- Ethereum --- */

bool coin_is_eip55(struct bytes text)
{
    uint8_t plain[40], hash[32];
    if (text.size != 42 || text.data[0] != '0' || text.data[1] != 'x' || chars_run(text, 2, C_HEX, 40) != 42)
        return false;
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = char_lower(text.data[i + 2]);
    keccak_256(bytes_of(plain, sizeof plain), hash);
    for (size_t i = 0; i < sizeof plain; i++) {
        bool upper = (i % 2 ? hash[i / 2] & 15 : hash[i / 2] >> 4) >= 8;
        uint8_t byte = text.data[i + 2];
        if (char_is(byte, C_ALPHA) && char_is(byte, C_UPPER) != upper)
            return false;
    }
    return true;
}

/* --- Stellar --- */

/* CRC-16/XMODEM, low byte first. */
static uint16_t crc16(struct bytes data)
{
    uint16_t crc = 0;
    for (size_t i = 0; i < data.size; i++) {
        crc = (uint16_t)(crc ^ data.data[i] << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}

bool coin_is_stellar(struct bytes text)
{
    static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t raw[35];
    unsigned bits = 0, buffer = 0;
    size_t size = 0;
    if (text.size != 56)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        int value = value_of(base32, text.data[i]);
        if (value < 0)
            return false;
        buffer = (buffer << 5 | (unsigned)value) & 0xfff;
        bits += 5;
        if (bits >= 8)
            raw[size++] = (uint8_t)(buffer >> (bits -= 8));
    }
    uint16_t crc = crc16(bytes_of(raw, 33));
    return raw[33] == (crc & 0xff) && raw[34] == crc >> 8;
}
