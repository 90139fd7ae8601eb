/* Many trials of one reconstruction, and the results they come to.
 *
 * A trial makes artefacts of a private thing (a library and what it would be without defences; an adapter under each
 * defence), and observes each at several rounds: the update, and the scores of an adversary that learns nothing. The
 * first trials teach, every round of them; the next choose the strongest adversary; the last are counted, one round of
 * each, so that what is counted is independent. A round in which an artefact did not change shows nothing: nobody is
 * asked about it, and it does not count. */
#pragma once

#include "audits/audit.h"
#include "audits/reconstruction/contest.h"

#define OBSERVED_ARTEFACTS_MAX 8
#define OBSERVED_OVER_CHANCE .10 /* what is tolerated, and the limit: ten points over chance */
#define OBSERVED_LEAST 20        /* trials that changed something: of fewer nothing is said */

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
/* How many doubles a trial gives, and where in them: the number of the private thing of a round; whether an artefact
 * changed in a round (1, or 0), the update (width) and the given scores (privates.count) of a round and artefact; the
 * utility of an artefact. */
size_t observed_trials(const struct observed *observed);
size_t observed_numbers(const struct observed *observed);
double *observed_truth(const struct observed *observed, double *trial, size_t round);
double *observed_changed(const struct observed *observed, double *trial, size_t round, size_t artefact);
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

/* What a claim counts, and what an adversary of a contest has of it. */
enum observed_hits { OBSERVED_FIRST, OBSERVED_TOP };
struct observed_success {
    size_t hits, of;
};
struct observed_success observed_success(const struct contest_outcome *outcome, size_t kind, enum observed_hits which);
/* A result for `claim` in *out, without note and plot: how often an adversary succeeds on the artefact, against how
 * often on the control's, which must succeed. The limit is OBSERVED_OVER_CHANCE over the chance of the pools there are.
 * With fewer than OBSERVED_LEAST to count it has no samples. */
void observed_result(const struct observed *observed, const struct audit_claim *claim, struct observed_success seen,
                     struct observed_success control, enum observed_hits which, struct audit_result *out);
/* Leak by utility: a point an artefact, with the hits of its strongest adversary. */
MUST_USE enum status observed_frontier(const struct observed *observed, const struct contest_outcome *outcomes,
                                       const char *utility, const char *leak, struct audit_plot *out);
