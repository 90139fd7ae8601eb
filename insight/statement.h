/* Statements: what the tenants of a round say, each tenant a bounded set of them: the input of private release.
 *
 * A statement is a candidate's kind with its exact lists "when", "do", "avoid" and "why", if all of them are words of
 * the public vocabulary (insight/common.h): what else a candidate has (slots, task, runs, outcome) is left out, and so
 * is a candidate with another word. Equal bytes are the same statement.
 *
 * A tenant says at most `most` different ones: those with the most tasks behind them, ties by the statement's hash.
 * Which ones depends on that tenant's own candidates and on nothing else: leaving out all of one tenant's candidates
 * changes nobody else's set. */
#pragma once

#include "base/hash.h"
#include "insight/release.h"

struct saying { /* one tenant says one statement */
    uint8_t statement[HASH_BYTES];
    uint32_t tenant;
    uint32_t candidate; /* a candidate with its words */
    uint32_t tasks;     /* distinct ones of the tenant's behind it */
    uint32_t said;      /* how many statements the tenant says: 1..most */
};
struct sayings {
    size_t count;
    struct saying *items; /* owned; sorted by statement, then tenant */
    size_t left_out;      /* beyond a tenant's `most` */
    size_t not_public;    /* candidates with a word outside the vocabulary */
};
/* ERR_USAGE: most is 0. ERR_MEMORY. */
MUST_USE enum status sayings_collect(const struct candidate *candidates, const struct release_row *rows, size_t count,
                                     uint32_t most, struct sayings *out);
void sayings_free(struct sayings *sayings);
/* A candidate of the statement's words alone: outcome unknown, no slots, no task, no runs. */
MUST_USE enum status statement_words(const struct candidate *from, struct candidate *out);
