/* Events: an enum with typed fields. There is no way to put a user's text into one: fields are counts, sizes,
 * durations, pseudonymous ids (8 bytes, printed in hex) and status codes. One line an event to stderr (or the fd set):
 *     2026-11-23T20:29:04Z vault admit.accepted bytes=4096 micros=812 device=0123456789abcdef */
#pragma once

#include "base/clock.h"

enum log_level { LOG_ERROR, LOG_NOTICE, LOG_DEBUG };

enum log_event {
    LOG_STARTED,          /* count: process id */
    LOG_STOPPED,          /* status */
    LOG_CHILD_DIED,       /* count: exit code or signal */
    LOG_CONFINED,         /* count: version of Landlock, 0 where the kernel has none */
    LOG_CALL_OUTSIDE,     /* count: system call that its filter would end the process for (--sandbox=log) */
    LOG_REQUEST,          /* count: HTTP status; bytes; micros */
    LOG_CONNECTION_LIMIT, /* count */
    LOG_ADMIT_ACCEPTED,   /* bytes, micros, id: device pseudonym */
    LOG_ADMIT_REFUSED,    /* status, micros */
    LOG_ENROLLED,         /* id: device pseudonym */
    LOG_ENROL_REFUSED,    /* status */
    LOG_ROUND_STARTED,    /* count: candidates */
    LOG_ROUND_PUBLISHED,  /* count: insights; micros */
    LOG_ROUND_FAILED,     /* status */
    LOG_ADMIN,            /* count: command number */
    LOG_FRAME_REFUSED,    /* count: frame type; status */
    LOG_STORE_FAILED,     /* status */
    LOG_CONTRADICTED,     /* count: size of a member's checkpoint that this log contradicts */
    LOG_CLOCK_BEHIND,     /* count: seconds behind the latest time that was used */
    LOG_CLOCK_JUMPED,     /* count: seconds ahead, more than is believed */
    LOG_DISK_SHORT,       /* bytes free: less than the reserve, nothing is admitted */
    LOG_DISK_ENOUGH,      /* bytes free again */
    LOG_JOURNAL_CUT,      /* bytes: a torn end of the intake journal, never acknowledged */
    LOG_EVENTS
};

struct log_fields {
    uint64_t count, bytes, micros;
    const uint8_t *id; /* 8 bytes or NULL: a keyed hash, never a name */
    enum status status;
};

/* Set once at start: process name (static), level, clock, descriptor. */
void log_start(const char *process, enum log_level level, struct clock clock, int fd);
void log_event(enum log_event event, struct log_fields fields);
/* Name and fields of an event, for the documentation and the tests. */
const char *log_event_name(enum log_event event);
