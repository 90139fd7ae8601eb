/* Schedules of any figures: refused or accounted for; a fixed schedule is never said to cost more than an adaptive one.
 */
#include "dp/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t next(struct cursor *from, unsigned bits)
{
    uint64_t out = 0;
    return cursor_u64(from, &out) == OK ? out >> (64 - bits) : 1;
}

/* Large supports and many uses are right too, but slow. */
static struct dp_step step_of(struct cursor *from)
{
    struct dp_step step = {.mechanism.noise = (enum dp_noise)next(from, 4)};
    struct dp_mechanism *m = &step.mechanism;
    m->epsilon.micro = next(from, 27);
    m->delta = next(from, 62);
    m->choices = next(from, 64);
    m->sensitivity = next(from, 8);
    m->sigma = (struct dp_ratio){next(from, 10), next(from, 4)};
    m->sampled = (struct dp_ratio){next(from, 8), next(from, 8)};
    step.times = next(from, 4);
    return step;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cursor from = {bytes_of(data, size)};
    const struct dp_step steps[] = {step_of(&from), step_of(&from)};
    uint64_t delta = next(&from, 64), rounds = next(&from, 3);
    struct dp_epsilon fixed, adaptive;
    enum status once = dp_plan_epsilon(DP_SCHEDULE_ADAPTIVE, steps, 2, rounds, delta, &adaptive, NULL);
    enum status whole = dp_plan_epsilon(DP_SCHEDULE_FIXED, steps, 2, rounds, delta, &fixed, NULL);
    INVARIANT(fixed.micro <= adaptive.micro);
    INVARIANT(whole == OK || once != OK);
    INVARIANT((whole == OK) == (fixed.micro < UINT64_MAX));
    return 0;
}
