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
 * queued. A refused item is marked and counted, the others go on. First the server is told what was seen of its log
 * (client/follow.h): if it contradicts that, sending goes on, since the items wait for a log that covers them, and
 * ERR_CORRUPT is returned at the end. */
MUST_USE enum status remote_flush(struct home *home, void (*progress)(const char *doing, size_t done, size_t of),
                                  struct send_report *report, struct why *why);

struct pull_report {
    uint64_t version;         /* library version at home now; 0: none published yet */
    bool fresh;               /* it is a new one */
    size_t insights, covered; /* receipts that the log now covers */
    uint64_t tree;            /* size of the verified log */
    bool policy_changed;
    size_t again; /* lost by the server in a restore, queued to be sent again */
    bool waiting; /* a newer library waits for cosigners: so many members of those wanted */
    size_t cosigners, cosigners_wanted;
};
/* What a person accepts that a client would not by itself. */
enum accept {
    ACCEPT_POLICY = 1, /* a laxer policy */
    ACCEPT_LOG = 2,    /* the log as it is now, whatever was seen before */
};
/* Tell the server what was seen of its log, pull, verify (signature, log proof, consistency with the last checkpoint
 * seen, cosigners), store, index, cosign; then check which receipts the log covers. accept: a set of enum accept.
 * ERR_DENIED with the reason if anything does not verify, ERR_CORRUPT if the log contradicts what was seen, which also
 * raises an alarm: the library at home stays. */
MUST_USE enum status remote_pull(struct home *home, unsigned accept, struct pull_report *report, struct why *why);

/* The library at home. ERR_NOT_FOUND: nothing pulled yet. */
MUST_USE enum status home_library(struct home *home, struct library *library, struct why *why);
