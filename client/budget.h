/* What a device can check of its tenant's budget: that the last charge of a round is in the log, and that the ledger
 * has not gone back behind the one that this home has seen. The statement is kept in the home as charge.json: after a
 * rollback of the server it proves what had been charged. */
#pragma once

#include "base/json.h"
#include "client/home.h"
#include "ledger/anchor.h"
#include "protocol/charge.h"

#define BUDGET_KEPT "charge.json"

struct budget_seen {
    bool is_there; /* false: no round was charged */
    struct charge charge;
    struct ledger_anchor anchor;
    struct checkpoint checkpoint;
};

/* Check the server's answer to a request of `budget`, and keep its statement. ERR_DENIED: it does not hold, or charges
 * that this home has seen are gone; what was kept stays then. ERR_INPUT. */
MUST_USE enum status budget_check(const struct home *home, const struct json *answer, struct budget_seen *now,
                                  struct why *why);
