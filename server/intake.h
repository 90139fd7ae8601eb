/* Room-internal: the intake, between admission and the tenants' databases.
 *
 * What is admitted in one turn of the vault is a batch over all tenants: one tree of receipts, one signature, one leaf
 * of the log, one write and one fdatasync of the journal; then, and not before, the answers (intake_flush). Until it is
 * drained, an admission is found here. Draining puts it into its tenant's database, one transaction a tenant and step,
 * and when a file of the journal is through, its batches' leaves and counts into the federation's, in one transaction
 * with the number of the last batch, so that a replay after a crash does everything exactly once; then the file is cut.
 *
 * A receipt names its leaf before the leaf is in the log: while there are such promises nothing else may be appended
 * (server/store_log.h), and whoever would append settles first (vault_handle does so for every message but
 * contributions, withdrawals and plain reads). */
#pragma once

#include "server/admit.h"

#define INTAKE_SOFT_BYTES (64u << 20)  /* of the journal's active file: then it is drained, whatever else is to do */
#define INTAKE_HARD_BYTES (128u << 20) /* then nothing is admitted until there is room: ERR_UNAVAILABLE */

struct intake;
/* Replays the journal. folder NULL: in memory. */
MUST_USE enum status intake_open(struct vault *vault, const char *folder, struct why *why);
void intake_close(struct vault *vault); /* drains what it can */

/* --- what is held --- */
struct held;
/* An admission that is queued or in the journal; NULL. */
const struct held *intake_find(const struct vault *vault, const uint8_t device[static ID_BYTES],
                               const uint8_t id[static ID_BYTES]);
const struct admission *held_row(const struct held *held);
bool held_is_queued(const struct held *held); /* it has no receipt yet */
/* Whether a withdrawal of that contribution is held. */
bool intake_withdraws(const struct vault *vault, const uint8_t device[static ID_BYTES],
                      const uint8_t target[static ID_BYTES]);
/* The receipt of one that is not queued any more. */
MUST_USE enum status intake_receipt(struct vault *vault, const struct tenant *tenant, const struct held *held,
                                    struct buf *receipt);
/* Contributions of an epoch that were taken from a tenant, held and stored ones. */
MUST_USE enum status intake_used(struct vault *vault, const struct tenant *tenant, const char *epoch, uint64_t *used);
/* Whether a tenant's database may have a row of that device and id; OK and *may false: it has none. Rarely opens it. */
MUST_USE enum status intake_may_be_stored(struct vault *vault, const struct tenant *tenant,
                                          const uint8_t device[static ID_BYTES], const uint8_t id[static ID_BYTES],
                                          bool *may);

/* --- taking --- */
/* Whether there is room at all. ERR_UNAVAILABLE. */
MUST_USE enum status intake_check_room(const struct vault *vault, struct why *why);
/* Queue an admission; `in` is answered with its receipt when that is durable. A batch is of one epoch: one of another
 * is flushed first. */
MUST_USE enum status intake_queue(struct vault *vault, const struct tenant *tenant, const struct admission *row,
                                  struct bytes record, const struct message *in, uint64_t start_ticks,
                                  struct outbox *out);
/* Answer `in` with the receipt of one that is queued already. */
MUST_USE enum status intake_join(struct vault *vault, const struct held *held, const struct message *in,
                                 uint64_t start_ticks);
bool intake_is_full(const struct vault *vault); /* of one batch */
/* Make what is queued durable and answer. OK also when it could not be written: then each was told so and nothing is
 * kept. An error means that the vault must stop. */
MUST_USE enum status intake_flush(struct vault *vault, struct outbox *out);

/* Wipe what is kept of a tenant's keys: it is erased. */
void intake_forget(struct vault *vault, const struct tenant *tenant);

/* --- draining --- */
/* One bounded piece of work. *more: there is some left. */
MUST_USE enum status intake_step(struct vault *vault, bool *more);
/* All of it. Nothing may be queued. */
MUST_USE enum status intake_settle(struct vault *vault);
/* What a loop does between messages: steps for a few milliseconds, if it is begun, or the journal is large, or nothing
 * else is to do. *wait_ms as vault_work has it. */
MUST_USE enum status intake_work(struct vault *vault, enum vault_pace pace, int *wait_ms);
