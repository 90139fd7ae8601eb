/* What a client says to its federation: enrol, send, pull. Every answer is checked before it changes anything at home.
 */
#pragma once

#include "client/home.h"
#include "client/outbox.h"
#include "protocol/library.h"

/* Enrol with a token. accept_policy: take the federation's policy although it is laxer than the default. On success the
 * home is saved. ERR_DENIED: token used, expired, of another federation, or the server is not the one the token names.
 */
MUST_USE enum status remote_enrol(struct home *home, const char *server, struct bytes token, bool accept_policy,
                                  struct why *why);

struct send_report {
    size_t sent, refused, left; /* left: still queued */
};
/* Send what is queued, sealed now; `progress` (may be NULL) is called after each. ERR_UNAVAILABLE: the rest stays
 * queued. A refused item is marked and counted, the others go on. */
MUST_USE enum status remote_flush(struct home *home, void (*progress)(const char *doing, size_t done, size_t of),
                                  struct send_report *report, struct why *why);

struct pull_report {
    uint64_t version;         /* library version at home now; 0: none published yet */
    bool fresh;               /* it is a new one */
    size_t insights, covered; /* receipts that the log now covers */
    uint64_t tree;            /* size of the verified log */
    bool policy_changed;
};
/* Pull, verify (signature, log proof, consistency with the last checkpoint seen), store, index; then check which
 * receipts the log covers. ERR_DENIED with the reason if anything does not verify: nothing at home changes. */
MUST_USE enum status remote_pull(struct home *home, bool accept_policy, struct pull_report *report, struct why *why);

/* The library at home. ERR_NOT_FOUND: nothing pulled yet. */
MUST_USE enum status home_library(struct home *home, struct library *library, struct why *why);
