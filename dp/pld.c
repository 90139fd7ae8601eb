/* The search for a grid that is fine enough. */
#include "dp/pld.h"

#include <math.h>

#include "dp/pld_inside.h"
#include "dp/rdp.h"

#define GAIN 1e-3              /* halving the grid stops when it gains less of the result */
#define HALVINGS_LEAST 2       /* but not earlier: by chance a coarse grid's halving may gain nothing */
#define HALVINGS_MOST 24       /* and at the latest after so many */
#define CELLS_ENOUGH (1 << 17) /* or when the next transform would be larger than twice this */

struct question {
    const struct dp_step *steps;
    size_t count;
    double delta, epsilon; /* one is given, the other asked for */
    double least;          /* the unit in which it is told: a smaller gain is none */
    enum status (*ask)(const struct pld_term *, size_t, const struct question *, double *, size_t *);
};

static enum status ask_epsilon(const struct pld_term *terms, size_t count, const struct question *question, double *out,
                               size_t *cells)
{
    return pld_epsilon_at(terms, count, question->delta, out, cells);
}

static enum status ask_delta(const struct pld_term *terms, size_t count, const struct question *question, double *out,
                             size_t *cells)
{
    return pld_delta_at(terms, count, question->epsilon, out, cells);
}

static double all_times(const struct question *question)
{
    double times = 0;
    for (size_t i = 0; i < question->count; i++)
        times += (double)question->steps[i].times;
    return times;
}

/* Half of what the step that adds most to the sum's variance loses in one use. */
static double first_width(const struct question *question)
{
    double most = 0, width = 1;
    for (size_t i = 0; i < question->count; i++) {
        double scale = pld_scale(&question->steps[i].mechanism);
        double variance = scale * scale * (double)question->steps[i].times;
        if (variance > most) {
            most = variance;
            width = fmin(scale, 1) / 2; /* losses that differ by 1 differ much */
        }
    }
    return width;
}

static void free_terms(struct pld_term *terms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pld_grid_free(&terms[i].grid);
    mem_free(terms);
}

static enum status answer(const struct question *question, enum pld_direction direction, double width, double *out,
                          size_t *cells)
{
    double tail = fmin(question->delta * 1e-7 / all_times(question), 1e-12);
    struct pld_term *terms = mem_new(question->count, sizeof *terms);
    enum status status = terms ? OK : ERR_MEMORY;
    for (size_t i = 0; status == OK && i < question->count; i++) {
        terms[i].times = question->steps[i].times;
        status = pld_grid_of(&question->steps[i].mechanism, direction, PLD_UP, width, tail, &terms[i].grid);
    }
    if (status == OK)
        status = question->ask(terms, question->count, question, out, cells);
    if (terms)
        free_terms(terms, question->count);
    return status;
}

/* Every grid gives an upper bound: the least of them is kept. */
static enum status finest(const struct question *question, enum pld_direction direction, double *out)
{
    double first = first_width(question);
    enum status last = ERR_TOO_LARGE;
    *out = INFINITY;
    for (int i = 0; i < HALVINGS_MOST; i++) {
        double now = INFINITY, before = *out;
        size_t cells = 0;
        enum status status = answer(question, direction, ldexp(first, -i), &now, &cells);
        if (status == ERR_TOO_LARGE && *out < INFINITY)
            return OK;
        if (status != OK && status != ERR_TOO_LARGE)
            return status;
        last = status;
        *out = fmin(now, before);
        if (status == ERR_TOO_LARGE || cells > CELLS_ENOUGH ||
            (i >= HALVINGS_LEAST && before - now < GAIN * now + question->least))
            break;
    }
    return last;
}

static bool is_directed(const struct question *question)
{
    for (size_t i = 0; i < question->count; i++)
        if (question->steps[i].mechanism.noise == DP_NOISE_SAMPLED_GAUSSIAN)
            return true;
    return false;
}

static enum status worse_direction(const struct question *question, double *out)
{
    double other = 0;
    TRY(finest(question, PLD_REMOVE, out));
    if (is_directed(question))
        TRY(finest(question, PLD_ADD, &other));
    *out = fmax(*out, other);
    return OK;
}

/* The sum of ε, where every mechanism has one and their own δ are within delta (Dwork, Roth 2014, theorem 3.16). */
static enum status basic_epsilon(const struct dp_step *steps, size_t count, uint64_t delta, struct dp_epsilon *out)
{
    uint64_t own = 0;
    out->micro = 0;
    for (size_t i = 0; i < count; i++) {
        const struct dp_mechanism *m = &steps[i].mechanism;
        struct dp_epsilon all;
        if (m->noise > DP_NOISE_GEOMETRIC) /* the kinds with an ε come first */
            return ERR_POLICY;
        TRY(dp_epsilon_times(m->epsilon, steps[i].times, &all));
        TRY(dp_epsilon_add(*out, all, out));
        own = dp_zcdp_add((struct dp_zcdp){0, own}, dp_zcdp_times(dp_mechanism_zcdp(m), steps[i].times)).delta;
    }
    return own <= delta ? OK : ERR_POLICY;
}

/* A grid's error may be more than what another account's is off: never over basic composition, RDP or zCDP. */
static struct dp_epsilon least_of_all(const struct dp_step *steps, size_t count, uint64_t delta,
                                      struct dp_epsilon least)
{
    struct dp_epsilon other;
    if (basic_epsilon(steps, count, delta, &other) == OK && dp_epsilon_compare(other, least) < 0)
        least = other;
    if (dp_rdp_steps_epsilon(steps, count, delta, &other) == OK && dp_epsilon_compare(other, least) < 0)
        least = other;
    if (dp_zcdp_epsilon(dp_steps_zcdp(steps, count), delta, &other) == OK && dp_epsilon_compare(other, least) < 0)
        least = other;
    return least;
}

enum status dp_pld_epsilon(const struct dp_step *steps, size_t count, uint64_t delta, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    if (delta == 0 || delta >= DP_DELTA_ONE)
        return ERR_USAGE;
    TRY(dp_steps_check(steps, count, NULL));
    const struct question question = {.steps = steps,
                                      .count = count,
                                      .delta = (double)delta / (double)DP_DELTA_ONE * (1 - 0x1p-50),
                                      .least = 1.0 / DP_EPSILON_ONE,
                                      .ask = ask_epsilon};
    double epsilon = INFINITY;
    TRY(worse_direction(&question, &epsilon));
    double micro = ceil(epsilon * DP_EPSILON_ONE * (1 + 0x1p-46));
    if (!(micro < 0x1p63))
        return ERR_TOO_LARGE;
    *out = least_of_all(steps, count, delta, (struct dp_epsilon){(uint64_t)micro});
    return OK;
}

enum status dp_pld_delta(const struct dp_step *steps, size_t count, struct dp_epsilon epsilon, uint64_t *out)
{
    *out = DP_DELTA_ONE;
    TRY(dp_steps_check(steps, count, NULL));
    const struct question question = {.steps = steps,
                                      .count = count,
                                      .delta = 1e-18,
                                      .epsilon = (double)epsilon.micro / DP_EPSILON_ONE * (1 - 0x1p-50),
                                      .least = 1.0 / (double)DP_DELTA_ONE,
                                      .ask = ask_delta};
    double delta = 1;
    TRY(worse_direction(&question, &delta));
    double atto = ceil(delta * (double)DP_DELTA_ONE * (1 + 0x1p-46));
    *out = atto < (double)DP_DELTA_ONE ? (uint64_t)atto : DP_DELTA_ONE;
    return OK;
}
