/* Keccak-f[1600] on 25 lanes. Hides the round constants and the rotation offsets. */
#include "redaction/keccak.h"

#include <endian.h>

#define RATE 136 /* bytes taken between two permutations */

static uint64_t rotate(uint64_t lane, unsigned by)
{
    return by ? lane << by | lane >> (64 - by) : lane;
}

/* rho and pi in one: lane i moves to place[i] and turns by turn[i]. */
static void mix_lanes(const uint64_t lanes[static 25], uint64_t out[static 25])
{
    static const uint8_t turn[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                     25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
    for (unsigned y = 0; y < 5; y++)
        for (unsigned x = 0; x < 5; x++)
            out[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(lanes[x + 5 * y], turn[x + 5 * y]);
}

static void round_run(uint64_t lanes[static 25], uint64_t constant)
{
    uint64_t columns[5], mixed[25];
    for (unsigned x = 0; x < 5; x++)
        columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    for (unsigned i = 0; i < 25; i++)
        lanes[i] ^= columns[(i + 4) % 5] ^ rotate(columns[(i + 1) % 5], 1);
    mix_lanes(lanes, mixed);
    for (unsigned y = 0; y < 25; y += 5)
        for (unsigned x = 0; x < 5; x++)
            lanes[y + x] = mixed[y + x] ^ (~mixed[y + (x + 1) % 5] & mixed[y + (x + 2) % 5]);
    lanes[0] ^= constant;
}

static void permute(uint64_t lanes[static 25])
{
    static const uint64_t constants[24] = {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
    for (size_t i = 0; i < 24; i++)
        round_run(lanes, constants[i]);
}

static void absorb(uint64_t lanes[static 25], const uint8_t block[static RATE])
{
    for (size_t i = 0; i < RATE / 8; i++) {
        uint64_t lane;
        memcpy(&lane, block + i * 8, 8);
        lanes[i] ^= le64toh(lane);
    }
    permute(lanes);
}

void keccak_256(struct bytes data, uint8_t out[static 32])
{
    uint64_t lanes[25] = {0};
    size_t at = 0;
    for (; data.size - at >= RATE; at += RATE)
        absorb(lanes, data.data + at);
    uint8_t last[RATE] = {0};
    if (data.size > at)
        memcpy(last, data.data + at, data.size - at);
    last[data.size - at] = 0x01;
    last[RATE - 1] |= 0x80;
    absorb(lanes, last);
    for (size_t i = 0; i < 4; i++) {
        uint64_t lane = htole64(lanes[i]);
        memcpy(out + i * 8, &lane, 8);
    }
}
