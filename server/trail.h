/* Room-internal: the audit trail. Every administrative act and every read of a member's data is a row of a chain of
 * hashes in the federation's database, without contents.
 *
 * A row's hash is SHA-256("chatham/v1 trail" ‖ 0 ‖ hash of the row before ‖ u64 number ‖ u64 time ‖ lp actor ‖
 * lp device ‖ lp tenant ‖ lp act ‖ lp outcome ‖ u64 count), lp: u32 length and bytes, numbers from 1 without a hole,
 * the first row after 32 zero bytes. So a row that is altered, moved, taken out or put in breaks the chain. That its
 * tail was cut off shows against the heads that the Merkle log holds (entries of kind "trail" that commit to u64 number
 * ‖ hash): every round puts one there, and each day in which the trail grew.
 *
 * Refusals are counted in memory by act, outcome and, where that is proved, device, and written at the next tick; while
 * they go on, once a minute: nobody can fill the disk by being refused, and a crash costs the count of a minute. */
#pragma once

#include "base/hash.h"
#include "protocol/contribution.h"

struct vault;

enum trail_actor {
    TRAIL_OPERATOR,
    TRAIL_DEVICE,   /* proved by its signature */
    TRAIL_STRANGER, /* nothing was proved */
    TRAIL_CLOCK,
    TRAIL_VAULT,
    TRAIL_ACTORS
};
struct trail_act {
    enum trail_actor actor;
    const char *act;                /* static text of ours: "tenant.suspend" */
    const uint8_t *device, *tenant; /* ID_BYTES each, or NULL */
    bool is_begun;                  /* entered before it is done; its outcome follows in a row of its own */
    enum status outcome;
    uint64_t count; /* of what the act is about: contributions read, refusals */
};
/* One row, in the caller's transaction or by itself. */
MUST_USE enum status trail_add(struct vault *vault, const struct trail_act *act);

/* Count a refusal. device and tenant: ID_BYTES, or NULL unless proved. */
void trail_refuse(struct vault *vault, const char *act, enum status outcome, const uint8_t *device,
                  const uint8_t *tenant);
/* Write what was counted. */
MUST_USE enum status trail_flush(struct vault *vault);
/* What the clock brings: counts that are due, a head for the log that is due. */
MUST_USE enum status trail_tick(struct vault *vault);
/* The head into the Merkle log, unless it is there already; in the caller's transaction. */
MUST_USE enum status trail_anchor(struct vault *vault);

struct trail_facts {
    uint64_t rows;
    uint8_t head[HASH_BYTES];   /* zero: empty */
    uint64_t anchors, anchored; /* heads in the log; rows that the last of them covers */
};
/* Compute the chain again and compare it with every head in the log. ERR_CORRUPT with the reason, why->at the row. */
MUST_USE enum status trail_verify(struct vault *vault, struct trail_facts *facts, struct why *why);

/* A page of rows into reply: "size" (of the whole trail), "from", "rows". tenant: ID_BYTES, only its rows; NULL: all.
 * from: a number; 0: the last page. */
struct json;
MUST_USE enum status trail_page(struct vault *vault, const uint8_t *tenant, int64_t from, struct json *reply);

#define TRAIL_TALLY 64 /* kinds of refusals counted apart, those by devices that are one too many together */
struct trail_tally {
    size_t count;
    struct trail_refusal {
        const char *act;
        enum status outcome;
        bool is_proved;
        uint8_t device[ID_BYTES], tenant[ID_BYTES];
        uint64_t times;
    } rows[TRAIL_TALLY];
    int64_t written;  /* when it was last */
    int64_t anchored; /* when a head was last put into the log, or looked for; 0: not since the start */
};
