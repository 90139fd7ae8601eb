/* A suite: attacks one after the other, judged as a whole. A claim of which one gives no result, or that one owes when
 * it fails, is not evaluated, never silence; with a work folder one that finished is not run again. */
#pragma once

#include "audits/audit.h"

struct suite {
    const struct audit_scope *scope;
    const struct attack *const *chosen; /* ends with NULL */
    /* Of the run, for whoever shows progress: */
    size_t at;               /* of the attack that is running, among the chosen */
    uint64_t attack_started; /* clock_ticks */
    double expected, taken;  /* of the attacks that were run, seconds: what their rows say, and what they took */
};
/* Results and timings of all, judged. An attack's failure is not the suite's: *first_failure (OK: none) is for the
 * exit code. ERR_MEMORY, ERR_IO (the work folder). */
MUST_USE enum status suite_run(struct suite *suite, struct audit_results *results, enum status *first_failure,
                               struct why *why);
/* Seconds until the end, from what the rows of the attacks say and from how much longer than that it took so far. */
double suite_left(const struct suite *suite, uint64_t now);
