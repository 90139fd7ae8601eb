/* Room-internal: a backup of the stores as they are between two messages, put together in S/backup, from where the
 * command line carries it away:
 *   federation.db, tenants/<id>.<version>.db   encrypted, each a settled copy
 *   intermediate.key                           to be kept apart from them
 *   manifest.json                              (protocol/backup.h) written last
 * A tail is the federation's store alone: log, ledger, members, releases, and in the table `withdrawn` what members
 * took back, so that over a full backup of before nothing comes back that has gone. */
#pragma once

#include "protocol/backup.h"
#include "server/vault_state.h"

/* What was there is removed. */
MUST_USE enum status backup_make(struct vault *vault, enum backup_kind kind, struct backup *out, struct why *why);
/* Remove S/backup; if it was carried away whole, members are told that a backup reaches to this size of the log. */
MUST_USE enum status backup_end(struct vault *vault, bool is_kept, uint64_t log);
/* Remove for good what one that was cut off left in S/backup; nothing there is fine. */
MUST_USE enum status backup_drop(struct vault *vault);
