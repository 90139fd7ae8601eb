/* The memory of one trace: which values were seen, their index, and which of them every later mention is replaced of.
 */
#pragma once

#include "redaction/detect.h"

struct known {
    uint64_t hash;
    size_t at, size; /* in session->values */
    uint32_t index;  /* in the placeholder, from 1; 0: none yet */
    uint8_t type;
    bool sought; /* every later mention goes */
    bool exact;  /* a secret: case counts */
};

struct redact_session {
    const struct redactor *redactor;
    struct buf values; /* wiped */
    struct known *table;
    size_t count, room;
    uint32_t last_index[REDACT_TYPES];
    size_t done[REDACT_TYPES];
    struct buf subject;          /* whose dates these are, wiped */
    uint64_t shift;              /* drawn for the subject; 0: not yet */
    size_t sought;               /* how many known values are looked for */
    bool marks;                  /* some begin with neither letter nor digit, */
    uint8_t mark_low, mark_high; /* but in this range */
    uint8_t starts[1 << 13];     /* bit per first two bytes of a value that is looked for */
    uint64_t lengths[1 << 10];   /* per hash of the first two bytes, lower case: bit n for values of n bytes */
};

/* The entry of a value, made if need be; NULL when the session is full: 262,144 values or 16 MiB of them. */
MUST_USE enum status session_know(struct redact_session *session, enum redact_type type, struct bytes value,
                                  struct known **out);
/* The index of a value's placeholder, given one if it has none (each time anew when the session is full). A part of a
 * known name shares the name's. */
MUST_USE enum status session_index(struct redact_session *session, enum redact_type type, struct bytes value,
                                   uint32_t *index);
/* `other` is another way to write the value: both have one index. */
MUST_USE enum status session_alias(struct redact_session *session, enum redact_type type, struct bytes value,
                                   struct bytes other);
/* Learn from a certain find: the value, and what it tells (a name's parts, an address's names). */
MUST_USE enum status session_learn(struct redact_session *session, enum redact_type type, struct bytes value);
/* Report all known values in scan->text, but within what is found already: scan->finds is sorted and apart. */
void session_seek(const struct redact_session *session, struct scan *scan);
