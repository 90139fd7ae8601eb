/* Room-internal: the privacy ledger in its place: its terms from the policy, its anchors in the log.
 *
 * ledger_charge_round(vault->ledger, ..) charges and puts an entry of kind "charge" into the log in one transaction;
 * the caller has settled (vault_settle) before, since the entry needs the log's next leaf. At every start, and before a
 * round that is to charge (budget_compare), the ledger is compared with the newest of these entries. */
#pragma once

#include "protocol/charge.h"
#include "server/vault_state.h"

/* The δ of every ε for life that the server states, in 1 / DP_DELTA_ONE: a quarter of it for mechanisms' own. The
 * policy's, or BUDGET_DELTA where it names none. */
#define BUDGET_DELTA (DP_DELTA_ONE / 1000000000000u * POLICY_BUDGET_DELTA_PICO)
uint64_t budget_delta(const struct vault *vault);

/* Open vault->ledger and compare it. A ledger that the log contradicts opens: it refuses rounds. ERR_DENIED: one of
 * another federation; ERR_CORRUPT. */
MUST_USE enum status budget_open(struct vault *vault, struct why *why);
/* ERR_POLICY with the reason if charges are missing or foreign; rounds are then refused until a comparison goes well.
 */
MUST_USE enum status budget_compare(struct vault *vault, struct why *why);
/* The newest entry of a charge, with the proof under the log's present checkpoint. ERR_NOT_FOUND: none; ERR_CORRUPT. */
MUST_USE enum status budget_statement(struct vault *vault, struct charge *out);
/* How many leaves from the beginning on this log is proved to have in common with another one of that size, by the
 * proof of a charge that the caller has found to hold in it: as far as whole subtrees at the left of its path are ours,
 * too. Often fewer than they have. */
MUST_USE enum status budget_common(struct vault *vault, const struct charge *charge, uint64_t size, uint64_t *leaves);
/* Charge what a statement proves and the ledger lacks; NULL: what this log itself knows and the ledger lacks. Then
 * compare again. Only a statement of a log that ours is not ends blocks, and it is not proved to be the newest of it:
 * whoever brings it is trusted for that. ERR_DENIED: it is none of this federation's; ERR_NOT_FOUND: the log knows of
 * no charge. */
MUST_USE enum status budget_replay(struct vault *vault, const struct charge *charge, struct dp_zcdp *added,
                                   struct why *why);
/* server/admin_budget.c: what a member may know: its tenant's account, and the newest statement ("statement"; null). */
MUST_USE enum status budget_put_statement(struct vault *vault, const uint8_t tenant[static ID_BYTES],
                                          struct json *object);
