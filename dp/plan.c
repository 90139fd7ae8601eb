/* Planning by search: every answer is one that the accountant was asked about and found within the target. */
#include "dp/plan.h"

/* sigma in units of sensitivity / GRID */
#define GRID (UINT64_C(1) << 20)
#define SIGMA_LEAST (GRID / DP_MECHANISM_RATIO_MOST + 1)
#define SIGMA_MOST (GRID * DP_MECHANISM_INVERSE_MOST)

static enum status check_whole(uint64_t rounds, uint64_t delta, struct why *why)
{
    if (rounds == 0)
        return why_set(why, ERR_USAGE, "no rounds", "plan", 0);
    if (rounds > DP_MECHANISM_TIMES_MOST)
        return why_set(why, ERR_TOO_LARGE, "too many rounds", "plan", 0);
    if (delta == 0 || delta >= DP_DELTA_ONE)
        return why_set(why, ERR_USAGE, "delta is not between 0 and 1", "plan", 0);
    return OK;
}

static enum status adaptive_epsilon(const struct dp_step *steps, size_t count, uint64_t rounds, uint64_t delta,
                                    struct dp_epsilon *out, struct why *why)
{
    enum status status = dp_zcdp_epsilon(dp_zcdp_times(dp_steps_zcdp(steps, count), rounds), delta, out);
    if (status == ERR_POLICY)
        return why_set(why, status, "the mechanisms' own delta leaves nothing of it", "plan", 0);
    return status == OK ? OK : why_set(why, status, "no epsilon is small enough to be told", "plan", 0);
}

enum status dp_plan_epsilon(enum dp_schedule schedule, const struct dp_step *steps, size_t count, uint64_t rounds,
                            uint64_t delta, struct dp_epsilon *out, struct why *why)
{
    (void)schedule;
    out->micro = UINT64_MAX;
    TRY(check_whole(rounds, delta, why));
    TRY(dp_steps_check(steps, count, why));
    return adaptive_epsilon(steps, count, rounds, delta, out, why);
}

/* --- the noise for a target: levels count from 1 up to more loss --- */

static bool has_sigma(enum dp_noise noise)
{
    return noise == DP_NOISE_GAUSSIAN || noise == DP_NOISE_DISCRETE_GAUSSIAN || noise == DP_NOISE_SAMPLED_GAUSSIAN;
}

static uint64_t levels(const struct dp_mechanism *mechanism)
{
    if (!has_sigma(mechanism->noise))
        return DP_MECHANISM_EPSILON_MOST;
    uint64_t most = SIGMA_MOST;
    if (mechanism->noise == DP_NOISE_DISCRETE_GAUSSIAN)
        most = (DP_MECHANISM_SUPPORT_MOST - 1) / mechanism->sensitivity * GRID;
    return most > SIGMA_LEAST ? most - SIGMA_LEAST + 1 : 0;
}

static enum status set_level(struct dp_mechanism *mechanism, uint64_t level)
{
    if (!has_sigma(mechanism->noise)) {
        mechanism->epsilon.micro = level;
        return OK;
    }
    mechanism->sigma.denominator = GRID;
    uint64_t sigma = SIGMA_LEAST + levels(mechanism) - level;
    return __builtin_mul_overflow(sigma, mechanism->sensitivity, &mechanism->sigma.numerator) ? ERR_TOO_LARGE : OK;
}

struct goal {
    enum dp_schedule schedule;
    uint64_t rounds, delta;
    struct dp_epsilon target;
};

/* Whether the mechanism at this level is within the goal; what can't be told is not. */
static bool reaches(const struct goal *goal, const struct dp_mechanism *mechanism, uint64_t level)
{
    struct dp_epsilon got;
    struct dp_step step = {*mechanism, 1};
    return set_level(&step.mechanism, level) == OK &&
           dp_plan_epsilon(goal->schedule, &step, 1, goal->rounds, goal->delta, &got, NULL) == OK &&
           dp_epsilon_compare(got, goal->target) <= 0;
}

/* The greatest level within the goal, 0 if there is none. */
static uint64_t greatest_level(const struct goal *goal, const struct dp_mechanism *mechanism)
{
    uint64_t low = 0, high = levels(mechanism) + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (reaches(goal, mechanism, middle))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The figure that is looked for is not read; it is set to one that passes. */
static enum status check_shape(const struct dp_mechanism *mechanism, struct why *why)
{
    struct dp_mechanism shape = *mechanism;
    if (shape.noise < DP_NOISES && has_sigma(shape.noise))
        shape.sigma = (struct dp_ratio){shape.sensitivity ? shape.sensitivity : 1, 1};
    else
        shape.epsilon.micro = DP_EPSILON_ONE;
    return dp_mechanism_check(&shape, why);
}

enum status dp_plan_noise(enum dp_schedule schedule, const struct dp_mechanism *mechanism, uint64_t rounds,
                          struct dp_epsilon target, uint64_t delta, struct dp_mechanism *out, struct why *why)
{
    *out = (struct dp_mechanism){0};
    TRY(check_whole(rounds, delta, why));
    TRY(check_shape(mechanism, why));
    if (target.micro == 0)
        return why_set(why, ERR_USAGE, "epsilon is not above 0", "plan", 0);
    const struct goal goal = {schedule, rounds, delta, target};
    uint64_t level = greatest_level(&goal, mechanism);
    if (level == 0)
        return why_set(why, ERR_POLICY, "no noise is enough", "plan", 0);
    *out = *mechanism;
    return set_level(out, level);
}

enum status dp_plan_rounds(enum dp_schedule schedule, const struct dp_step *steps, size_t count,
                           struct dp_epsilon target, uint64_t delta, uint64_t *out, struct why *why)
{
    *out = 0;
    TRY(check_whole(1, delta, why));
    TRY(dp_steps_check(steps, count, why));
    uint64_t low = 0, high = DP_MECHANISM_TIMES_MOST + 1;
    while (high - low > 1) {
        struct dp_epsilon got;
        uint64_t middle = low + (high - low) / 2;
        if (dp_plan_epsilon(schedule, steps, count, middle, delta, &got, NULL) == OK &&
            dp_epsilon_compare(got, target) <= 0)
            low = middle;
        else
            high = middle;
    }
    *out = low;
    return OK;
}
