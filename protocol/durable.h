/* What a server keeps safe, told to its members: up to which size of the log a backup holds their contributions, how
 * often the server was restored, and from which size of the log on contributions were then lost. Canonical JSON:
 *   {"backed_up":17,"restored_from":5,"restores":1,"v":1}
 * A client keeps what it sent until it is backed up, and after a restore sends again what was lost. Not signed: whoever
 * could forge it is the server, and by lying it loses only what it had. */
#pragma once

#include "base/json.h"

struct durable {
    uint64_t backed_up;
    uint64_t restores, restored_from; /* the smallest of all restores; 0 without any */
};
MUST_USE enum status durable_encode(const struct durable *durable, struct buf *out);
MUST_USE enum status durable_decode(struct bytes text, struct durable *out, struct why *why);
