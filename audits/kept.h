/* Results of attacks that finished, in the work folder: a suite that was stopped goes on behind them. They count only
 * for the same program, traces, policy, files, endpoint, seed and size, over all of which the key is, as do the trials
 * of those that did not finish (audits/trials.h); anything else that stands there is passed over.
 */
#pragma once

#include "audits/audit.h"
#include "base/hash.h"

struct kept {
    const char *folder; /* borrowed */
    uint8_t key[HASH_BYTES];
};
/* Makes the folder scope->work. ERR_IO: it cannot be made, or a file that the scope names cannot be read. */
MUST_USE enum status kept_start(const struct audit_scope *scope, struct kept *out);
/* kept NULL: nothing is kept. */
/* Adds the results of an attack, with its timing and counts. ERR_NOT_FOUND: none that count, and nothing was added. */
MUST_USE enum status kept_read(const struct kept *kept, const struct attack *attack, struct audit_results *results);
/* `part`: what this attack alone gave. */
MUST_USE enum status kept_write(const struct kept *kept, const struct audit_results *part);
