/* What a server keeps safe, told to its members: up to which size of the log a backup holds their contributions, which
 * restore the server's state comes from, and from which size of the log on contributions were lost. Canonical JSON:
 *   {"backed_up":17,"restore":"000102030405060708090a0b0c0d0e0f","restored_from":5,"v":1}
 * "restore" is a random name, all zero for a state that was never restored: a count would be restored along with it.
 * A client keeps what it sent until it is backed up, and after a restore sends again what was lost. Not signed: whoever
 * could forge it is the server, and by lying it loses only what it had. */
#pragma once

#include "base/json.h"

#define RESTORE_ID_BYTES 16

struct durable {
    uint64_t backed_up;
    uint8_t restore[RESTORE_ID_BYTES]; /* the last one */
    uint64_t restored_from;            /* the smallest of all restores; 0 without any */
};
MUST_USE enum status durable_encode(const struct durable *durable, struct buf *out);
MUST_USE enum status durable_decode(struct bytes text, struct durable *out, struct why *why);
