/* Room-internal: what the vault takes for the time. It never runs backwards, and over a jump forward it waits for the
 * operator.
 *
 * The clock is looked at once a message. Behind the latest time that was ever used (which the store knows, also after a
 * restart), that time stands until the clock has caught up. More than VAULT_TIME_JUMP ahead of it, between two messages
 * or since the server last ran, it stands likewise, until the operator accepts the clock or the clock comes back: no
 * round fires by the clock, no token expires, no period of the ledger begins meanwhile; admission goes on. */
#pragma once

#include "base/status.h"
#include "ledger/ledger.h"

#define VAULT_TIME_JUMP LEDGER_PERIOD_SECONDS

struct vault;

struct vault_time {
    int64_t now;    /* seconds: what everything in the vault goes by; 0: not known yet */
    int64_t kept;   /* what the store knows of it */
    int64_t behind; /* seconds that the clock is behind it; 0 */
    int64_t ahead;  /* seconds that the clock is ahead while it is not believed; 0 */
    bool told_behind, told_ahead;
};

/* Take the latest time from the store, then look at the clock. */
MUST_USE enum status vault_time_open(struct vault *vault);
/* Look at the clock. */
void vault_time_look(struct vault *vault);
/* Keep the time in the store, at most once a minute, and say in log and trail when the clock can't be followed. */
MUST_USE enum status vault_time_tick(struct vault *vault);
/* The operator believes the clock. *by: seconds that this moved the time, 0 if there was nothing to accept. */
MUST_USE enum status vault_time_accept(struct vault *vault, int64_t *by);
