/* The memory of one trace: which values were seen, their index, and which of them every later mention is replaced of.
 */
#pragma once

#include "redaction/detect.h"

struct known {
    uint64_t hash;
    size_t at, size; /* in session->values */
    uint32_t index;  /* in the placeholder, from 1; 0: none yet */
    uint8_t type;
    bool sought;               /* every later mention goes */
    bool exact;                /* a secret: case counts */
    bool within;               /* of a name, and an ordinary word: only within a sentence, with its capital */
    size_t made_at, made_size; /* its surrogate, in session->values; size 0: none yet */
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
    uint32_t proofs;             /* of surrogates */
    size_t sought;               /* how many known values are looked for */
    bool marks;                  /* some begin with neither letter nor digit, */
    uint8_t mark_low, mark_high; /* but in this range */
    size_t shorts;               /* of them are shorter than four bytes */
    uint64_t fronts[1 << 9];     /* bit per hash of the first four bytes, of a shorter one the first two, lower case */
    uint64_t lengths[1 << 10];   /* per such hash: bit n for values of n bytes */
};

/* The entry of a value, made if need be; NULL when the session is full: 131,072 values or 16 MiB of them. */
MUST_USE enum status session_know(struct redact_session *session, enum redact_type type, struct bytes value,
                                  struct known **out);
/* Entries of surrogates have a type that no value has: sought by session_seek with its bit. */
#define SESSION_MADE ((enum redact_type)REDACT_TYPES)
MUST_USE enum status session_made(struct redact_session *session, struct bytes surrogate);
/* Whether a value of this type has an entry. */
bool session_knows(const struct redact_session *session, enum redact_type type, struct bytes value);
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
