/* Results that state an (ε, δ): a lower bound of ε, what it would have seen, and when it says something.
 *
 * The claim is refuted if the bound is over the stated ε. It is let pass only where the same attack on so many samples
 * would have refuted two and a half times that ε with 80 % (`detects`): half of the noise, for instance. With less
 * power nothing is said. Bounds are at 97.5 %. */
#pragma once

#include "audits/audit.h"
#include "audits/statistics/many_run.h"
#include "audits/statistics/one_run.h"

#define BOUND_ALPHA .025
#define BOUND_Z80 0.8416212335729143 /* normal quantile of .8 */
#define CONTROL_EPSILON 3            /* what the same attack must find where the noise is off */

struct stated {
    double epsilon, delta;
};

/* Sets limit, tolerated, kind and all figures but the control's. A mechanism of pure ε: by the plain many-run bound. */
void bound_pure(struct audit_result *result, struct many_run run, struct stated stated);
/* A Gaussian one whose threshold lies halfway: by its shift. */
void bound_gaussian(struct audit_result *result, struct many_run run, struct stated stated);
/* One run with many canaries, by the f-DP form against Gaussian noise. detects: by the caller, who knows the canaries.
 */
void bound_one_run(struct audit_result *result, struct one_run run, struct stated stated, double detects);
/* The control found at least CONTROL_EPSILON. */
void bound_control(struct audit_result *result, double epsilon);
