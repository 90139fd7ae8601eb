/* Many independent trials over the cores: worlds, shadow federations, calibration runs.
 *
 * A trial gives a fixed number of doubles and depends on the scope's seed, its set's name and its own number alone, so
 * the result is the same over however many processes, and whether or not the run was stopped in between. Workers are
 * forked: a trial may use whatever was prepared before, and nothing it allocates outlives the worker. */
#pragma once

#include "audits/audit.h"

enum trial_place {
    TRIAL_IN_WORKER, /* one after the other in a worker: a trial must put back what it changes */
    TRIAL_FORKED     /* each in a process of its own, forked from what was prepared: it may change everything */
};
struct trials {
    const char *name; /* "membership.average": of the progress line, the randomness and the kept file; [a-z0-9.-] */
    size_t count;     /* of trials */
    size_t numbers;   /* doubles that each gives */
    uint64_t
        parameters; /* whatever else the outcome turns on (a hash of it): kept trials of other values don't count */
    enum trial_place place;
    enum status (*run)(void *context, size_t trial, struct random random, double *out); /* out: zeros at first */
    void *context;
};
/* *out: count * numbers doubles, a trial's side by side; owned (mem_free). The first trial that fails ends the run with
 * its status. With scope->kept every finished trial is kept in that folder, and not run again under the same key; of
 * what does not agree with its own check nothing is taken. *ran (may be NULL) is how many were run now. ERR_IO: a
 * worker or a trial died, or left nothing behind, or the folder cannot be written. ERR_UNAVAILABLE: another run does
 * these trials in that folder. Workers end with this process. */
MUST_USE enum status trials_run(const struct audit_scope *scope, const struct trials *trials, double **out,
                                size_t *ran);
/* The same where every trial is a world: those that were run now, and how long they took, are counted in `results`. */
MUST_USE enum status trials_run_worlds(const struct audit_scope *scope, const struct trials *trials,
                                       struct audit_results *results, double **out);
/* How many processes trials_run uses. */
unsigned trials_jobs(const struct audit_scope *scope);
