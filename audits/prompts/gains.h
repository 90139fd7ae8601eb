/* How often guesses are right above chance, by cluster: guesses about one task or insight depend on each other. */
#pragma once

#include "audits/audit.h"

struct gains {
    size_t count;                  /* clusters */
    double *right, *chance, *gain; /* sums over a cluster's guesses, after gains_infer means; gain = right - chance */
    double *guesses;
};
MUST_USE enum status gains_new(size_t clusters, struct gains *out);
void gains_free(struct gains *gains);
/* right: 1, 0, or a share of it; chance: what a guess by lot would have had. */
void gains_add(struct gains *gains, size_t cluster, double right, double chance);
/* Value, interval (bootstrap over clusters, and no narrower than the exact one on the share that is right), samples and
 * baseline; under five clusters nothing is measured. Afterwards clusters without a guess are taken out. */
MUST_USE enum status gains_infer(struct gains *gains, struct random random, struct audit_result *result);
/* The chance of as many right clusters by lot, each right with `chance`. */
double gains_by_lot(const struct gains *gains, double chance);
