/* One-run bounds. Hides the recursion of the f-DP form and the searches for the largest hypothesis that is refuted. */
#include "audits/statistics/one_run.h"

#include <math.h>
#include <stdlib.h>

#include "audits/statistics/statistics.h"
#include "dp/pld.h"

#define EPSILON_MOST 64
#define MU_MOST 16
#define HALVINGS 50
#define HALVINGS_OF_SCHEDULE 12 /* to a part in six hundred of the figure */

/* --- (ε, δ): binomial masses at the rate e^ε / (1 + e^ε) --- */

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double binomial_mass(size_t hits, size_t n, double log_hit, double log_miss)
{
    double k = (double)hits, all = (double)n;
    double ways = log_gamma(all + 1) - log_gamma(k + 1) - log_gamma(all - k + 1);
    return exp(ways + k * log_hit + (all - k) * log_miss);
}

/* The largest over i of P(v - i <= Bin < v) / i. */
static double steepest(struct one_run run, double log_hit, double log_miss)
{
    double sum = 0, most = 0;
    for (size_t i = 1; i <= run.correct; i++) {
        sum += binomial_mass(run.correct - i, run.guesses, log_hit, log_miss);
        most = fmax(most, sum / (double)i);
    }
    return most;
}

double one_run_p_of_pair(struct one_run run, double epsilon, double delta)
{
    double log_hit = -log1p(exp(-epsilon)), log_miss = log_hit - epsilon;
    double beyond = stat_binomial_tail(run.correct, run.guesses, exp(log_hit));
    double lost = delta > 0 ? steepest(run, log_hit, log_miss) * 2 * (double)run.canaries * delta : 0;
    return fmin(beyond + lost, 1);
}

/* --- f-DP --- */

/* r: the chance of a right guess at a place where at least i of the guesses were right before; h: of a wrong one.
 * Both are the least that p leaves possible: if they sum to more than all guesses, p was too much. */
static bool refutes(struct one_run run, const struct trade_off *hypothesis, double p)
{
    double all = (double)run.canaries, guesses = (double)run.guesses;
    double right = p * (double)run.correct / all, wrong = p * (double)(run.guesses - run.correct) / all;
    for (size_t i = run.correct; i-- > 0;) {
        double next = fmax(wrong, trade_off_rate(hypothesis, right));
        if (next <= wrong)
            break; /* from here on neither changes */
        right = fmin(right + (double)i / (guesses - (double)i) * (next - wrong), 1);
        wrong = next;
    }
    return right + wrong > guesses / all;
}

double one_run_p(struct one_run run, const struct trade_off *hypothesis)
{
    double low = -700, high = 0; /* log p */
    if (run.correct == 0 || !refutes(run, hypothesis, 1))
        return 1;
    if (refutes(run, hypothesis, exp(low)))
        return exp(low);
    for (int step = 0; step < HALVINGS; step++) {
        double middle = (low + high) / 2;
        *(refutes(run, hypothesis, exp(middle)) ? &high : &low) = middle;
    }
    return exp(high);
}

/* --- the largest that is refuted --- */

double one_run_epsilon_of_pairs(struct one_run run, double delta, double alpha)
{
    double low = 0, high = EPSILON_MOST;
    if (one_run_p_of_pair(run, 0, delta) >= alpha)
        return 0;
    for (int step = 0; step < HALVINGS; step++) {
        double middle = (low + high) / 2;
        *(one_run_p_of_pair(run, middle, delta) < alpha ? &low : &high) = middle;
    }
    return low;
}

static double largest_refuted(struct one_run run, struct trade_off hypothesis, double most, double alpha)
{
    double low = 0, high = most;
    for (int step = 0; step < HALVINGS; step++) {
        hypothesis.scale = (low + high) / 2;
        *(refutes(run, &hypothesis, alpha) ? &low : &high) = hypothesis.scale;
    }
    return low;
}

double one_run_epsilon_gaussian(struct one_run run, double delta, double alpha)
{
    return gaussian_epsilon(largest_refuted(run, trade_off_gaussian(1), MU_MOST, alpha), delta);
}

double one_run_epsilon_laplace(struct one_run run, double delta, double alpha)
{
    return laplace_epsilon(largest_refuted(run, trade_off_laplace(1), EPSILON_MOST, alpha), delta);
}

/* --- schedules --- */

#define FIGURE_ONE UINT64_C(1048576)

static bool has_sigma(enum dp_noise noise)
{
    return noise == DP_NOISE_GAUSSIAN || noise == DP_NOISE_DISCRETE_GAUSSIAN || noise == DP_NOISE_SAMPLED_GAUSSIAN;
}

/* The larger the scale, the less noise: ε, or sensitivity / sigma. */
static struct dp_step of_scale(const struct dp_mechanism *kind, uint64_t times, double scale)
{
    struct dp_step step = {*kind, times};
    double sensitivity = kind->noise == DP_NOISE_SAMPLED_GAUSSIAN ? 1 : (double)kind->sensitivity;
    if (has_sigma(kind->noise))
        step.mechanism.sigma = (struct dp_ratio){(uint64_t)ceil(sensitivity / scale * (double)FIGURE_ONE), FIGURE_ONE};
    else
        step.mechanism.epsilon = (struct dp_epsilon){(uint64_t)floor(scale * DP_EPSILON_ONE)};
    return step;
}

static enum status is_refuted(struct one_run run, const struct dp_step *step, double alpha, bool *out)
{
    struct trade_off hypothesis;
    enum status status = trade_off_of(step, 1, &hypothesis);
    *out = status == OK && refutes(run, &hypothesis, alpha);
    return status;
}

enum status one_run_epsilon(struct one_run run, const struct dp_mechanism *kind, uint64_t times, uint64_t delta,
                            double alpha, double *out)
{
    double low = log(.01), high = log(8); /* log of the scale */
    bool refuted = false;
    *out = 0;
    if (kind->noise == DP_NOISE_PURE || kind->noise == DP_NOISE_APPROXIMATE)
        return ERR_USAGE;
    struct dp_step step = of_scale(kind, times, exp(low));
    TRY(is_refuted(run, &step, alpha, &refuted));
    if (!refuted)
        return OK;
    for (int i = 0; i < HALVINGS_OF_SCHEDULE; i++) {
        struct dp_step middle = of_scale(kind, times, exp((low + high) / 2));
        TRY(is_refuted(run, &middle, alpha, &refuted));
        *(refuted ? &low : &high) = (low + high) / 2;
    }
    struct dp_epsilon epsilon;
    step = of_scale(kind, times, exp(low));
    TRY(dp_pld_epsilon(&step, 1, delta, &epsilon));
    *out = (double)epsilon.micro / DP_EPSILON_ONE;
    return OK;
}

/* --- guesses from scores --- */

struct scored {
    double score;
    size_t place;
};

static int by_score(const void *left, const void *right)
{
    const struct scored *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static enum status sort_scores(const double *scores, size_t count, struct scored **out)
{
    *out = mem_new(count + 1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        (*out)[i] = (struct scored){scores[i], i};
    qsort(*out, count, sizeof **out, by_score);
    return OK;
}

static struct one_run guess(const struct scored *sorted, const bool *in, size_t canaries, size_t highest, size_t lowest)
{
    struct one_run run = {canaries, highest + lowest, 0};
    for (size_t i = 0; i < lowest; i++)
        run.correct += !in[sorted[i].place];
    for (size_t i = canaries - highest; i < canaries; i++)
        run.correct += in[sorted[i].place];
    return run;
}

enum status one_run_guess(const double *scores, const bool *in, size_t canaries, size_t highest, size_t lowest,
                          struct one_run *out)
{
    SCOPED_MEM struct scored *sorted = NULL;
    *out = (struct one_run){0};
    if (highest > canaries || lowest > canaries - highest)
        return ERR_USAGE;
    TRY(sort_scores(scores, canaries, &sorted));
    *out = guess(sorted, in, canaries, highest, lowest);
    return OK;
}

enum status one_run_best(const double *scores, const bool *in, size_t canaries, double delta, double alpha,
                         double *epsilon, struct one_run *run)
{
    SCOPED_MEM struct scored *sorted = NULL;
    *epsilon = 0;
    TRY(sort_scores(scores, canaries, &sorted));
    for (int i = 1; i <= ONE_RUN_CHOICES; i++) {
        size_t side = canaries >> (i + 1);
        struct one_run now = guess(sorted, in, canaries, side, side);
        double found = now.guesses ? one_run_epsilon_gaussian(now, delta, alpha / ONE_RUN_CHOICES) : 0;
        if (run && (i == 1 || found > *epsilon))
            *run = now;
        *epsilon = fmax(*epsilon, found);
    }
    return OK;
}
