/* Tasks and insights as records of one table: what Anonymeter's attacks need. A task's candidates are its rows; an
 * insight is a row of its own. */
#pragma once

#include "audits/linkage/coins.h"
#include "audits/linkage/table.h"

enum record_column {
    RECORD_KIND,
    RECORD_TOOL,
    RECORD_ERROR,
    RECORD_PRECONDITION,
    RECORD_WHEN, /* the first phrase */
    RECORD_WHENS,
    RECORD_ARGUMENT,
    RECORD_ACT, /* the first of "do", else of "avoid" */
    RECORD_ACTS,
    RECORD_AVOIDS,
    RECORD_STEPS,
    RECORD_WHY,
    RECORD_OUTCOME,
    RECORD_RATE,      /* of runs that succeeded, in tenths; -1: unknown */
    RECORD_PSEUDONYM, /* of the task: in a release only where nothing is taken off. 0: none */
    RECORD_COLUMNS
};
/* What one data set knows of a task (when, where), and what another knows (what was done, how it ended). Whoever has a
 * task's pseudonym has it in both. */
#define RECORD_PSEUDONYM_ONLY (1u << RECORD_PSEUDONYM)
#define RECORD_SITUATION                                                                                               \
    (1u << RECORD_KIND | 1u << RECORD_TOOL | 1u << RECORD_ERROR | 1u << RECORD_PRECONDITION | 1u << RECORD_WHEN |      \
     1u << RECORD_WHENS)
#define RECORD_ACTION                                                                                                  \
    (1u << RECORD_ARGUMENT | 1u << RECORD_ACT | 1u << RECORD_ACTS | 1u << RECORD_AVOIDS | 1u << RECORD_STEPS |         \
     1u << RECORD_WHY | 1u << RECORD_OUTCOME | 1u << RECORD_RATE)
#define RECORD_ALL (RECORD_SITUATION | RECORD_ACTION)

void records_init(struct table *table);
/* The tasks that took part, or did not, under their pseudonyms; owners are tasks. */
MUST_USE enum status records_of_coins(const struct worlds *worlds, const struct coins *coins, bool in,
                                      struct table *out);
/* Candidates by themselves; owners are their places. */
MUST_USE enum status records_of_candidates(const struct candidate *candidates, size_t count, struct table *out);
/* Owners are insights. */
MUST_USE enum status records_of_library(const struct library *library, struct table *out);
