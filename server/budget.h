/* Room-internal: the privacy ledger in its place: its terms from the policy, its anchors in the log.
 *
 * ledger_charge_round(vault->ledger, ..) charges and puts an entry of kind "charge" into the log in one transaction;
 * the caller has settled (vault_settle) before, since the entry needs the log's next leaf. At every start, and before a
 * round that is to charge (budget_compare), the ledger is compared with the newest of these entries. */
#pragma once

#include "server/vault_state.h"

/* The δ of every ε for life that the server states: half of it for mechanisms' own. */
#define BUDGET_DELTA (DP_DELTA_ONE / 1000000)

/* Open vault->ledger and compare it. A ledger that the log contradicts opens: it refuses rounds. ERR_DENIED: one of
 * another federation; ERR_CORRUPT. */
MUST_USE enum status budget_open(struct vault *vault, struct why *why);
/* ERR_POLICY with the reason if charges are missing or foreign; rounds are then refused until a comparison goes well.
 */
MUST_USE enum status budget_compare(struct vault *vault, struct why *why);
/* server/admin_budget.c: "lifetime", "period" and "left" of a tenant. */
MUST_USE enum status budget_put_tenant(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct json *object);
