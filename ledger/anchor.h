/* What the transparency log is told of the ledger: its whole state in one line, after every charge of a round.
 *
 * Content of a log entry of kind "charge" (u64 big-endian but the first byte):
 *   u8 1 | number | round | charge ρ, δ, ε | total ρ, δ, ε | local charges: count, ρ, δ | time | head[32]
 * The head is SHA-256("chatham/v1 ledger" ‖ 0 ‖ federation[16] ‖ unit ‖ 0 ‖ head before ‖ all of the line before the
 * head), the first after 32 zero bytes. So one line says what was charged ever, and two ledgers that have the same head
 * have the same charges. The log itself shows a salted commitment of it alone. */
#pragma once

#include "base/hash.h"
#include "ledger/loss.h"

#define LEDGER_FEDERATION_BYTES 16
#define LEDGER_ANCHOR_BYTES (1 + 12 * 8 + HASH_BYTES)

/* Whose losses are added up, under the adjacency "its contributions replaced by none": an enrolled tenant's, or one
 * trace's. */
enum ledger_unit { LEDGER_TENANT, LEDGER_TRACE, LEDGER_UNITS };
const char *ledger_unit_name(enum ledger_unit unit); /* "tenant" */

struct ledger_anchor {
    uint64_t number; /* of the charge, from 1 */
    uint64_t round;  /* 0: charges that were replayed */
    struct ledger_loss charge, total;
    struct dp_zcdp locals; /* what devices' own noise has cost all members together */
    uint64_t local_count;
    int64_t at; /* seconds */
    uint8_t head[HASH_BYTES];
};
MUST_USE enum status ledger_anchor_encode(const struct ledger_anchor *anchor, struct buf *out);
/* ERR_INPUT: not such a line, or one that no ledger can come to (a number over 63 bits, a total under its charge). */
MUST_USE enum status ledger_anchor_decode(struct bytes content, struct ledger_anchor *out);
/* The head that belongs to an anchor whose other fields are set. */
MUST_USE enum status ledger_anchor_head(const struct ledger_anchor *anchor,
                                        const uint8_t federation[static LEDGER_FEDERATION_BYTES], enum ledger_unit unit,
                                        const uint8_t before[static HASH_BYTES], uint8_t out[static HASH_BYTES]);
