/* Many trials of one reconstruction, and the results they come to.
 *
 * A trial makes artefacts of a private thing (a library and what it would be without defences; an adapter under each
 * defence), and observes each at several rounds: the update, and the scores of an adversary that learns nothing. The
 * first trials teach, every round of them; the next choose the strongest adversary; the last are counted, one round of
 * each, so that what is counted is independent. */
#pragma once

#include "audits/audit.h"
#include "audits/reconstruction/contest.h"

#define OBSERVED_ARTEFACTS_MAX 8
#define OBSERVED_OVER_CHANCE .10 /* what is tolerated, and the limit: ten points over chance */

struct observed {
    const struct audit_scope *scope;
    size_t learning, choosing, counted; /* trials */
    size_t rounds, artefacts;           /* that a trial has */
    size_t width;                       /* of an update */
    struct privates privates;
    size_t pool;     /* of contests */
    size_t epochs;   /* of adversaries that learn in passes */
    double *numbers; /* what trials_run gave: observed_numbers of each trial */
};
/* How many doubles a trial gives, and where in them: the number of the private thing of a round; the update (width) and
 * the given scores (privates.count) of a round and artefact; the utility of an artefact. */
size_t observed_trials(const struct observed *observed);
size_t observed_numbers(const struct observed *observed);
double *observed_truth(const struct observed *observed, double *trial, size_t round);
double *observed_update(const struct observed *observed, double *trial, size_t round, size_t artefact);
double *observed_given(const struct observed *observed, double *trial, size_t round, size_t artefact);
double *observed_utility(const struct observed *observed, double *trial, size_t artefact);
/* An update in float into its place. */
void observed_put(const float *update, size_t width, double *out);

struct observed_lessons { /* the trials that teach: those from `first` on */
    size_t first, count;
};
MUST_USE enum status observed_contest(const struct observed *observed, size_t artefact,
                                      const struct observed_lessons *lessons, struct contest_outcome *out);

/* What a claim counts. */
enum observed_hits { OBSERVED_FIRST, OBSERVED_TOP };
size_t observed_count(const struct contest_outcome *outcome, size_t kind, enum observed_hits hits);
/* A result for `claim`: how often the adversary `kind` succeeds on `artefact`, against the same on `control`, which
 * must succeed. The limit is OBSERVED_OVER_CHANCE over the chance of the pools there are. A plot is taken. */
MUST_USE enum status observed_result(const struct observed *observed, const struct audit_claim *claim, size_t hits,
                                     size_t control_hits, enum observed_hits which, const char *note,
                                     struct audit_plot *take_plot, struct audit_results *out);
/* Leak by utility: a point an artefact, with the hits of its strongest adversary. */
MUST_USE enum status observed_frontier(const struct observed *observed, const struct contest_outcome *outcomes,
                                       const char *utility, const char *leak, struct audit_plot *out);
