/* Room-internal: the part of the disk that admission leaves free, so that what was acknowledged can be drained,
 * commands run and logs be written when members have filled the rest. */
#pragma once

#include "base/clock.h"

/* Four times the hard limit of the journal: for it, the databases and their logs. */
#define RESERVE_BYTES (UINT64_C(512) << 20)

struct reserve {
    uint64_t (*free_bytes)(void *context);
    void *context;
    int fd;             /* of the state folder, for the disk's own answer; -1: none */
    int64_t checked_ms; /* when it was asked last */
    bool asked, is_short;
};
/* folder NULL: in memory, never short. free_bytes: for tests, or NULL. */
MUST_USE enum status reserve_open(struct reserve *reserve, const char *folder, uint64_t (*free_bytes)(void *context),
                                  void *context);
void reserve_close(struct reserve *reserve);
/* ERR_UNAVAILABLE: less than RESERVE_BYTES are free. The disk is asked at most once a second. */
MUST_USE enum status reserve_check(struct reserve *reserve, int64_t now_ms, struct why *why);
