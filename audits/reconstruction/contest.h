/* All adversaries asked about the same updates. The strongest is chosen on some of them and counted on the others, so
 * that its count is an honest sample; the counts of the rest stand beside it. */
#pragma once

#include "audits/reconstruction/adversary.h"

#define CONTEST_TOP 5
#define CONTEST_KINDS (ADVERSARIES + 1)
#define CONTEST_GIVEN ADVERSARIES /* the adversary that learns nothing, whose scores are given (BM25, inversion) */

struct contest {
    struct shadows shadows;
    struct privates privates; /* those that may be asked about come first, in blocks of `pool` */
    size_t pool;              /* decoys of a truth are the others of its block of so many private things */
    size_t epochs;
    size_t asked, choosing; /* updates that are asked about; the first `choosing` of them choose the strongest */
    const float *updates;   /* asked x shadows.width */
    const double *steps;
    const size_t *truths;
    const double *given; /* asked x privates.count */
};
struct contest_outcome {
    size_t counted; /* asked - choosing */
    size_t strongest;
    struct {
        size_t first, top; /* times that the truth stood first, and among the first CONTEST_TOP */
    } hits[CONTEST_KINDS];
};
/* Randomness is drawn by kind, and the choice comes first: contests that learn and choose alike, from equal `random`,
 * choose the same one whatever they ask about then. */
MUST_USE enum status contest_run(const struct contest *contest, struct random random, struct contest_outcome *out);
