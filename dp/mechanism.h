/* What the accountants know of a mechanism: the kind of its noise and the figures that its loss depends on.
 *
 * All figures are integers and rationals, so that none can be infinite or no number; which are read depends on the
 * noise, the others are ignored. Unit of privacy and adjacency are those of the sensitivity: one unit's contributions
 * replaced by none, and the loss is that of both directions. */
#pragma once

#include "dp/zcdp.h"

enum dp_noise {
    DP_NOISE_PURE,              /* any mechanism of `epsilon` */
    DP_NOISE_APPROXIMATE,       /* any mechanism of `epsilon` and `delta` */
    DP_NOISE_RESPONSE,          /* randomised response of `epsilon` among `choices` answers */
    DP_NOISE_LAPLACE,           /* continuous Laplace noise of scale sensitivity / `epsilon` */
    DP_NOISE_GEOMETRIC,         /* discrete Laplace noise at rate `epsilon` / `sensitivity` on integers */
    DP_NOISE_GAUSSIAN,          /* `sigma` against an L2 `sensitivity` */
    DP_NOISE_DISCRETE_GAUSSIAN, /* the same on one integer; of vectors only RDP and zCDP hold */
    DP_NOISE_SAMPLED_GAUSSIAN,  /* Gaussian on a Poisson sample: each unit takes part with probability `sampled` */
};
#define DP_NOISES 8

struct dp_mechanism {
    enum dp_noise noise;
    struct dp_epsilon epsilon;
    uint64_t delta; /* in 1 / DP_DELTA_ONE */
    uint64_t choices, sensitivity;
    struct dp_ratio sigma, sampled;
};

/* One mechanism, so many times. A schedule is an array of these: its order says nothing. */
struct dp_step {
    struct dp_mechanism mechanism;
    uint64_t times;
};

/* Bounds: ε of a mechanism, sensitivity / sigma and its inverse, integer sensitivities and sigmas that are enumerated,
 * times. */
#define DP_MECHANISM_EPSILON_MOST (UINT64_C(100) * DP_EPSILON_ONE)
#define DP_MECHANISM_RATIO_MOST UINT64_C(100)
#define DP_MECHANISM_INVERSE_MOST UINT64_C(1000000000)
#define DP_MECHANISM_SUPPORT_MOST (UINT64_C(1) << 20)
#define DP_MECHANISM_TIMES_MOST UINT64_C(1000000000)

/* "laplace", as a person writes it; never NULL. */
const char *dp_noise_name(enum dp_noise noise);
/* ERR_NOT_FOUND: no such noise. */
MUST_USE enum status dp_noise_named(struct bytes name, enum dp_noise *out);

/* Whether the figures are a mechanism: ERR_USAGE for what is 0 or is no probability, ERR_TOO_LARGE beyond the bounds,
 * saying which. For a schedule also: at least one step, none of 0 times. */
MUST_USE enum status dp_mechanism_check(const struct dp_mechanism *mechanism, struct why *why);
MUST_USE enum status dp_steps_check(const struct dp_step *steps, size_t count, struct why *why);

/* The loss in zCDP of one that dp_mechanism_check passes. Pure ones as dp_zcdp_of_pure; Laplace: ε + exp(-ε) - 1
 * (Harrison, Manurangsi 2025, theorem 1); the sampled Gaussian as if all took part: zCDP knows no amplification. */
struct dp_zcdp dp_mechanism_zcdp(const struct dp_mechanism *mechanism);
struct dp_zcdp dp_steps_zcdp(const struct dp_step *steps, size_t count);
