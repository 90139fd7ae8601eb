/* Following the log: what this device has seen of it, whether what the server shows follows from that, and the alarm
 * when it doesn't. At every pull and before it uploads a client tells the server which checkpoint it verified last, so
 * that a rollback or a fork is known on both sides. */
#pragma once

#include "client/home.h"
#include "crypto/checkpoint.h"

struct http;

struct seen {
    struct checkpoint checkpoint; /* size 0: nothing */
    struct buf note;
    int64_t at; /* when it was verified; 0: not known */
};
void seen_free(struct seen *seen);
MUST_USE enum status seen_load(struct home *home, struct seen *out);
/* Remember what was verified. */
MUST_USE enum status seen_save(struct home *home, const struct checkpoint *checkpoint, struct bytes note);

/* Tell the server what was seen last, and compare with it what the server shows; nothing is remembered. *shown: the
 * server's present checkpoint, empty if nothing has been seen yet. ERR_CORRUPT: it contradicts what was seen, and an
 * alarm is stored. */
MUST_USE enum status follow_meet(struct home *home, struct http *http, struct seen *shown, struct why *why);
/* Go on to what the server shows, if that follows from all that was seen; cosign it, and send that. Errors as above. */
MUST_USE enum status follow_on(struct home *home, struct http *http, const struct seen *shown, struct why *why);
/* A person accepts the log as it is now: alarms, what was seen and the number of the library at home are forgotten. */
MUST_USE enum status follow_anew(struct home *home);

enum alarm_kind { ALARM_SHRUNK, ALARM_FORKED, ALARM_WITNESS, ALARMS };
const char *alarm_text(enum alarm_kind kind);
/* Store an alarm, unless there is one of its kind; why is filled, ERR_CORRUPT returned. note: what the server showed.
 */
enum status alarm_raise(struct home *home, enum alarm_kind kind, uint64_t size, struct bytes note, struct why *why);
/* When the first of a kind was raised; ERR_NOT_FOUND. */
MUST_USE enum status alarm_at(struct home *home, enum alarm_kind kind, int64_t *at);
