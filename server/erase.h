/* Room-internal: erasing a tenant.
 *
 * One transaction logs the tombstone, revokes the tenant's devices and tokens, blanks its receipts and its wrapped key,
 * frees its name, and writes what the intermediate key wraps anew. Then the key file is replaced, after which the old
 * wrapped key means nothing; the stores are settled, so that no write-ahead log keeps it; the tenant's files go, and
 * what a backup left here that was cut off. What was cut off is ended at the next opening, or by the same command
 * again. */
#pragma once

#include "protocol/erasure.h"
#include "server/vault_state.h"

/* ERR_UNAVAILABLE while a round is under way. */
MUST_USE enum status erase_tenant(struct vault *vault, const struct tenant *tenant, struct why *why);
/* End what was begun. */
MUST_USE enum status erase_resume(struct vault *vault);
/* The receipt of an erasure that is finished, with a proof from the log as it stands. ERR_NOT_FOUND. */
MUST_USE enum status erase_receipt(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct erasure *out);
