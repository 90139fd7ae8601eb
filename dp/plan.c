/* Planning by search: every answer is one that the accountant was asked about and found within the target. */
#include "dp/plan.h"

#include "dp/pld.h"
#include "dp/rdp.h"

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
                                    struct dp_epsilon *out)
{
    return dp_zcdp_epsilon(dp_zcdp_times(dp_steps_zcdp(steps, count), rounds), delta, out);
}

/* All rounds as one schedule; the least of what the accountants say, of which each is an upper bound. */
static enum status fixed_epsilon(const struct dp_step *steps, size_t count, uint64_t rounds, uint64_t delta,
                                 struct dp_epsilon *out)
{
    struct dp_epsilon by_loss, by_order;
    enum status status = adaptive_epsilon(steps, count, rounds, delta, out);
    struct dp_step *all = mem_new(count, sizeof *all);
    if (!all)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        all[i] = steps[i];
        if (__builtin_mul_overflow(all[i].times, rounds, &all[i].times))
            all[i].times = UINT64_MAX; /* too many for the others, who refuse */
    }
    if (dp_pld_epsilon(all, count, delta, &by_loss) == OK && by_loss.micro < out->micro) {
        *out = by_loss;
        status = OK;
    }
    if (dp_rdp_steps_epsilon(all, count, delta, &by_order) == OK && by_order.micro < out->micro) {
        *out = by_order;
        status = OK;
    }
    mem_free(all);
    return status;
}

enum status dp_plan_epsilon(enum dp_schedule schedule, const struct dp_step *steps, size_t count, uint64_t rounds,
                            uint64_t delta, struct dp_epsilon *out, struct why *why)
{
    out->micro = UINT64_MAX;
    TRY(check_whole(rounds, delta, why));
    TRY(dp_steps_check(steps, count, why));
    enum status status = schedule == DP_SCHEDULE_FIXED ? fixed_epsilon(steps, count, rounds, delta, out)
                                                       : adaptive_epsilon(steps, count, rounds, delta, out);
    if (status == ERR_POLICY)
        return why_set(why, status, "the mechanisms' own delta leaves nothing of it", "plan", 0);
    return status == OK ? OK : why_set(why, status, "no epsilon is small enough to be told", "plan", 0);
}

static bool within(enum dp_schedule schedule, const struct dp_step *steps, size_t count, uint64_t rounds,
                   struct dp_epsilon target, uint64_t delta)
{
    struct dp_epsilon got;
    return dp_plan_epsilon(schedule, steps, count, rounds, delta, &got, NULL) == OK &&
           dp_epsilon_compare(got, target) <= 0;
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
    struct dp_step step = {*mechanism, 1};
    return set_level(&step.mechanism, level) == OK &&
           within(goal->schedule, &step, 1, goal->rounds, goal->target, goal->delta);
}

/* The greatest level between one that is within the goal, or 0, and one that is not. */
static uint64_t halve(const struct goal *goal, const struct dp_mechanism *mechanism, uint64_t low, uint64_t high)
{
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (reaches(goal, mechanism, middle))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* What zCDP allows is within every goal; from there on in growing steps, as the tighter account is dear. */
static uint64_t greatest_level(const struct goal *goal, const struct dp_mechanism *mechanism)
{
    struct goal adaptive = *goal;
    adaptive.schedule = DP_SCHEDULE_ADAPTIVE;
    uint64_t most = levels(mechanism), low = halve(&adaptive, mechanism, 0, most + 1);
    if (goal->schedule == DP_SCHEDULE_ADAPTIVE)
        return low;
    uint64_t size = has_sigma(mechanism->noise) ? SIGMA_LEAST + most - low : low;
    for (uint64_t step = size / 16 + 1;; step *= 2) {
        uint64_t next = step < most - low ? low + step : most;
        if (next == low || !reaches(goal, mechanism, next))
            return halve(goal, mechanism, low, next == low ? low + 1 : next);
        low = next;
    }
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
    uint64_t low = 0, high = 1; /* low is within the target; high grows until it is not */
    while (high <= DP_MECHANISM_TIMES_MOST && within(schedule, steps, count, high, target, delta)) {
        low = high;
        high *= 2;
    }
    high = high < DP_MECHANISM_TIMES_MOST + 1 ? high : DP_MECHANISM_TIMES_MOST + 1;
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (within(schedule, steps, count, middle, target, delta))
            low = middle;
        else
            high = middle;
    }
    *out = low;
    return OK;
}
