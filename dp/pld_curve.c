/* Sums of privacy losses, by one transform. Hides the tilt: masses are weighted by exp(order * loss) before the
 * transform and weighted back after it, so that the losses asked about are the likely ones and all errors, of the
 * transform and of what falls outside its window, are small beside δ itself, however small δ is. docs/decisions/0028
 * has the argument. */
#include "dp/pld_inside.h"

#include <math.h>

#define MARGIN 0x1p-36 /* of a logarithm of a moment: pld_grid_log_moment */
#define OUTSIDE 1e-13  /* tilted mass above the window, and below it */
#define CELLS_LEAST 64
#define UNLIKELY 1e-4
#define WINDOWS_MOST 16

struct sum {
    const struct pld_term *terms;
    size_t count;
    double width;
    bool up;
};

/* --- moments --- */

static double log_moment(const struct sum *sum, double order)
{
    double total = 0;
    for (size_t i = 0; i < sum->count; i++)
        total += (double)sum->terms[i].times * pld_grid_log_moment(&sum->terms[i].grid, order);
    return total;
}

static double deviation(const struct sum *sum)
{
    double variance = 0;
    for (size_t i = 0; i < sum->count; i++)
        variance += (double)sum->terms[i].times * pld_grid_variance(&sum->terms[i].grid);
    return fmax(sqrt(variance), sum->width);
}

static double most_loss(const struct sum *sum)
{
    double most = 0;
    for (size_t i = 0; i < sum->count; i++)
        most += (double)sum->terms[i].times * pld_grid_point(&sum->terms[i].grid, sum->terms[i].grid.count - 1);
    return most;
}

/* How far in loss the sum may be from where it was counted: a point's place is good to 2^-50 of the largest. */
static double displaced(const struct sum *sum)
{
    double total = 0;
    for (size_t i = 0; i < sum->count; i++) {
        const struct pld_grid *grid = &sum->terms[i].grid;
        double most = fmax(fabs(pld_grid_point(grid, 0)), fabs(pld_grid_point(grid, grid->count - 1)));
        total += (double)sum->terms[i].times * most * 0x1p-48;
    }
    return total;
}

/* By how much a log moment of the sum may be off. */
static double doubt_of(const struct sum *sum, double log_moment_there)
{
    double times = 0;
    for (size_t i = 0; i < sum->count; i++)
        times += (double)sum->terms[i].times;
    return 4 * MARGIN * times + fabs(log_moment_there) * 0x1p-44;
}

static double infinite_mass(const struct sum *sum)
{
    double log_finite = 0;
    for (size_t i = 0; i < sum->count; i++)
        log_finite += (double)sum->terms[i].times * log1p(-fmin(sum->terms[i].grid.infinite, 1));
    return -expm1(log_finite) * (sum->up ? 1 + 0x1p-48 : 1 - 0x1p-48);
}

/* --- where to look: exponents by golden section, as what is searched for has one valley --- */

struct search {
    const struct sum *sum;
    double base, log_base; /* an order and its log moment */
    double wanted;
};

/* log of x at the least value of f(exp(x)) */
static double valley(double f(const struct search *, double), const struct search *search, double low, double high)
{
    const double golden = 0.6180339887498949;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double by_left = f(search, exp(left)), by_right = f(search, exp(right));
    for (int i = 0; i < 24; i++) {
        if (by_left < by_right) {
            high = right;
            right = left;
            by_right = by_left;
            left = high - golden * (high - low);
            by_left = f(search, exp(left));
        } else {
            low = left;
            left = right;
            by_left = by_right;
            right = low + golden * (high - low);
            by_right = f(search, exp(right));
        }
    }
    return (low + high) / 2;
}

/* P(sum > x) <= exp(log_moment(t) - t x): the x at which that is exp(wanted). */
static double chernoff_loss(const struct search *search, double order)
{
    return (log_moment(search->sum, order) - search->wanted) / order;
}

/* log of the bound on the same probability at wanted. */
static double chernoff_mass(const struct search *search, double order)
{
    return log_moment(search->sum, order) - order * search->wanted;
}

/* The same for the sum tilted by base, above and below (there x is counted downwards). */
static double tilted_above(const struct search *search, double order)
{
    return (log_moment(search->sum, search->base + order) - search->log_base - search->wanted) / order;
}

static double tilted_below(const struct search *search, double order)
{
    return (log_moment(search->sum, search->base - order) - search->log_base - search->wanted) / order;
}

/* --- the window of a transform --- */

struct window {
    double order, scale; /* the tilt, and the sum of the logs by which tilted masses are divided */
    double *logs;        /* of each term */
    int64_t low;         /* value[i] is at (low + i) * width */
    size_t cells;
    double outside, error; /* tilted mass beyond the ends; of each value */
    double likely;         /* losses below have little tilted mass: there errors show */
    double *value;
};

static void window_free(struct window *window)
{
    mem_free(window->logs);
    mem_free(window->value);
}

static enum status place_window(const struct sum *sum, struct window *window)
{
    double spread = log(sqrt(-2 * log(OUTSIDE)) / deviation(sum));
    const struct search search = {sum, window->order, log_moment(sum, window->order), log(OUTSIDE)};
    double high = tilted_above(&search, exp(valley(tilted_above, &search, spread - 8, spread + 5)));
    double low = -tilted_below(&search, exp(valley(tilted_below, &search, spread - 8, spread + 5)));
    double cells = (high - low) / sum->width + 4;
    if (!(cells < (double)DP_FFT_SIZE_MOST) || fabs(high / sum->width) > 0x1p50)
        return ERR_TOO_LARGE;
    window->cells = CELLS_LEAST;
    while ((double)window->cells < cells)
        window->cells *= 2;
    window->low = (int64_t)ceil(high / sum->width) + 1 - (int64_t)window->cells;
    window->outside = OUTSIDE * exp(2 * doubt_of(sum, search.log_base));
    return OK;
}

static size_t wrapped(int64_t index, size_t cells)
{
    return (size_t)((uint64_t)index & (cells - 1));
}

/* The tilted masses of one term, modulo the window. Rounding up, a tiny number stands for what is none in doubles. */
static void fold(const struct pld_grid *grid, double order, double log_scale, bool up, size_t cells,
                 struct dp_complex *out)
{
    memset(out, 0, cells * sizeof *out);
    double most = fmax(fabs(pld_grid_point(grid, 0)), fabs(pld_grid_point(grid, grid->count - 1)));
    double margin = 0x1p-40 + order * most * 0x1p-50, rounding = up ? 1 + margin : 1 - margin;
    for (size_t i = 0; i < grid->count; i++) {
        double tilted = grid->mass[i] * exp(order * pld_grid_point(grid, i) - log_scale);
        out[wrapped(grid->low + (int64_t)i, cells)].re += tilted * rounding + (up ? 0x1p-1000 : 0);
    }
}

static struct dp_complex times(struct dp_complex a, struct dp_complex b)
{
    return (struct dp_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static struct dp_complex power(struct dp_complex base, uint64_t exponent)
{
    struct dp_complex out = {1, 0};
    for (; exponent; exponent >>= 1) {
        if (exponent & 1)
            out = times(out, base);
        base = times(base, base);
    }
    return out;
}

/* product[k] *= term[k]^times. errors[k] is the relative error so far, magnitude[k] what the product may be at most. A
 * product of n factors, each off by e of at most m, is off by at most n e / m of the product of the (m). */
static void multiply(const struct dp_complex *term, uint64_t exponent, double error, size_t cells,
                     struct dp_complex *product, double *magnitude, double *errors)
{
    double n = (double)exponent;
    for (size_t k = 0; k <= cells / 2; k++) {
        double most = hypot(term[k].re, term[k].im) + error;
        product[k] = times(product[k], power(term[k], exponent));
        magnitude[k] *= pow(most, n);
        errors[k] += n * (error / most + 0x1p-48);
    }
}

struct spectrum {
    struct dp_complex *term, *product;
    double *magnitude, *errors;
};

static void spectrum_free(struct spectrum *s)
{
    mem_free(s->term);
    mem_free(s->product);
    mem_free(s->magnitude);
    mem_free(s->errors);
}

static enum status spectrum_new(size_t cells, struct spectrum *s)
{
    *s = (struct spectrum){mem_new(cells, sizeof *s->term), mem_new(cells, sizeof *s->product),
                           mem_new(cells / 2 + 1, sizeof *s->magnitude), mem_new(cells / 2 + 1, sizeof *s->errors)};
    if (!s->term || !s->product || !s->magnitude || !s->errors)
        return ERR_MEMORY;
    for (size_t k = 0; k <= cells / 2; k++) {
        s->product[k].re = 1;
        s->magnitude[k] = 1;
    }
    return OK;
}

static void multiply_terms(const struct sum *sum, const struct window *window, const struct dp_fft *fft,
                           struct spectrum *s)
{
    for (size_t i = 0; i < sum->count; i++) {
        double mass = 0;
        fold(&sum->terms[i].grid, window->order, window->logs[i], sum->up, window->cells, s->term);
        for (size_t k = 0; k < window->cells; k++)
            mass += s->term[k].re;
        dp_fft_forward(fft, s->term);
        multiply(s->term, sum->terms[i].times, DP_FFT_ERROR(window->cells) * mass * 1.001, window->cells, s->product,
                 s->magnitude, s->errors);
    }
}

/* The upper half mirrors the lower one, as what was transformed is real. Returns how far the inverse may be off
 * anywhere. */
static double mirror(struct spectrum *s, size_t cells)
{
    double error = 0, sum = 0;
    for (size_t k = 0; k <= cells / 2; k++) {
        double both = k == 0 || k == cells / 2 ? 1 : 2;
        error += both * s->magnitude[k] * s->errors[k];
        sum += both * s->magnitude[k];
        if (k > 0 && k < cells / 2)
            s->product[cells - k] = (struct dp_complex){s->product[k].re, -s->product[k].im};
    }
    return (error + sum * DP_FFT_ERROR(cells)) / (double)cells * 1.01;
}

static enum status transform(const struct sum *sum, struct window *window)
{
    struct dp_fft *fft = NULL;
    struct spectrum s = {0};
    enum status status = dp_fft_new(window->cells, &fft);
    if (status == OK)
        status = spectrum_new(window->cells, &s);
    if (status == OK) {
        multiply_terms(sum, window, fft, &s);
        window->error = mirror(&s, window->cells);
        dp_fft_backward(fft, s.product);
        for (size_t i = 0; i < window->cells; i++)
            window->value[i] = s.product[wrapped(window->low + (int64_t)i, window->cells)].re;
    }
    spectrum_free(&s);
    dp_fft_free(fft);
    return status;
}

/* The distribution of the sum, tilted by order: value[i] +- error, and `outside`. */
static enum status window_make(const struct sum *sum, double order, struct window *window)
{
    *window = (struct window){.order = order, .logs = mem_new(sum->count, sizeof *window->logs)};
    if (!window->logs)
        return ERR_MEMORY;
    for (size_t i = 0; i < sum->count; i++) {
        window->logs[i] = pld_grid_log_moment(&sum->terms[i].grid, order);
        window->scale += (double)sum->terms[i].times * window->logs[i];
    }
    TRY(place_window(sum, window));
    window->value = mem_new(window->cells, sizeof *window->value);
    return window->value ? transform(sum, window) : ERR_MEMORY;
}

/* --- the curve --- */

static double likely_from(const struct sum *sum, const struct window *window)
{
    double mass = 0;
    size_t k = 0;
    for (; k + 1 < window->cells && mass < UNLIKELY; k++)
        mass += fmax(window->value[k], 0);
    return (double)(window->low + (int64_t)k) * sum->width;
}

/* In place: value[k] becomes log δ at point k without the infinite mass. From the top down, sums over the losses x
 * above point k: weight of exp(-order (x - k)), and part of that times (1 - exp(-(x - k))). */
static void to_curve(const struct sum *sum, struct window *window)
{
    window->likely = likely_from(sum, window);
    double untilt = exp(-window->order * sum->width), less = exp(-sum->width), gain = -expm1(-sum->width);
    double weight = sum->up ? window->outside : 0, part = weight;
    for (size_t k = window->cells; k-- > 0;) {
        double off = sum->up ? window->error : -window->error, above = weight, kept = window->value[k];
        double place = (double)(window->low + (int64_t)k) * sum->width;
        double here = sum->up ? part : fmax(part - 2 * window->outside, 0); /* from below and above */
        double log_delta = window->scale - window->order * place + log(here);
        double doubt = 0x1p-40 * (1 + fabs(window->scale) + fabs(window->order * place));
        window->value[k] = log_delta + (sum->up ? doubt : -doubt);
        above += fmax(fmax(kept, 0) + off, 0);
        part = untilt * (gain * above + less * part);
        weight = untilt * above;
    }
}

static double delta_at(const struct window *window, size_t k, double infinite)
{
    return fmin(exp(window->value[k]) + infinite, 1);
}

/* Between two points the curve is linear in exp(ε): where it passes delta, above point k. */
static double crossing(const struct sum *sum, const struct window *window, size_t k, double delta, double infinite)
{
    double here = delta_at(window, k, infinite), next = delta_at(window, k + 1, infinite);
    double place = (double)(window->low + (int64_t)k) * sum->width;
    double x = (here - delta) / (here - next) * expm1(sum->width);
    return place + log1p(fmin(fmax(x, 0), expm1(sum->width)));
}

/* Where the curve in the window passes delta. *below: it does so under the window, and the result is the window's end.
 */
static double epsilon_in(const struct sum *sum, const struct window *window, double delta, double infinite)
{
    size_t k = window->cells - 1;
    if (delta_at(window, k, infinite) > delta)
        return sum->up ? INFINITY : (double)(window->low + (int64_t)k) * sum->width;
    while (k > 0 && delta_at(window, k - 1, infinite) <= delta)
        k--;
    return k == 0 ? (double)window->low * sum->width : crossing(sum, window, k - 1, delta, infinite);
}

static double delta_in(const struct sum *sum, const struct window *window, double epsilon, double infinite,
                       double otherwise)
{
    double at = floor(epsilon / sum->width) - (double)window->low;
    if (at < 0 || at + 1 >= (double)window->cells)
        return otherwise;
    double here = delta_at(window, (size_t)at, infinite), next = delta_at(window, (size_t)at + 1, infinite);
    double part = expm1(epsilon - (at + (double)window->low) * sum->width) / expm1(sum->width);
    part = fmin(fmax(part, 0), 1);
    return here * (1 - part) + next * part;
}

static struct sum sum_of(const struct pld_term *terms, size_t count)
{
    return (struct sum){terms, count, terms[0].grid.width, terms[0].grid.rounding == PLD_UP};
}

/* The order under whose tilt the sum's mean is this loss. */
static double order_for(const struct sum *sum, double loss)
{
    const struct search search = {.sum = sum, .wanted = loss};
    double guess = log(6 / deviation(sum));
    return exp(valley(chernoff_mass, &search, guess - 10, guess + 4));
}

/* An upper bound by moments alone, and the order that gives it. */
static double epsilon_by_moments(const struct sum *sum, double delta, double *order)
{
    const struct search search = {.sum = sum, .wanted = log(delta)};
    double guess = log(sqrt(2 - 2 * search.wanted) / deviation(sum));
    *order = exp(valley(chernoff_loss, &search, guess - 10, guess + 4));
    double bound = chernoff_loss(&search, *order) + doubt_of(sum, log_moment(sum, *order)) / *order;
    return fmin(bound, most_loss(sum));
}

/* What one window shows. */
struct sight {
    double found;
    bool inside; /* the curve passes delta in the window, not below it */
    bool likely; /* and where it is at its best */
    size_t cells;
};

static enum status look(const struct sum *sum, double order, double delta, double infinite, struct sight *out)
{
    struct window window;
    enum status status = window_make(sum, order, &window);
    if (status == OK) {
        to_curve(sum, &window);
        double found = epsilon_in(sum, &window, delta, infinite);
        *out = (struct sight){found, found > (double)window.low * sum->width, found >= window.likely, window.cells};
    }
    window_free(&window);
    return status;
}

enum status pld_epsilon_at(const struct pld_term *terms, size_t count, double delta, double *epsilon, size_t *cells)
{
    const struct sum sum = sum_of(terms, count);
    double infinite = infinite_mass(&sum), shift = displaced(&sum), order = 0, last = 0;
    *epsilon = INFINITY;
    if (!(infinite < delta))
        return ERR_POLICY;
    double best = epsilon_by_moments(&sum, delta - infinite, &order);
    if (!sum.up)
        best = 0;
    struct sight sight = {0};
    for (int i = 0; i < WINDOWS_MOST && !sight.likely && (i == 0 || sight.found > 0); i++) {
        TRY(look(&sum, order, delta, infinite, &sight));
        if (sum.up)
            best = fmin(best, sight.found);
        else if (sight.inside)
            best = fmax(best, sight.found);
        if (i > 0 && fabs(sight.found - last) <= fabs(last) * 1e-6)
            break;
        last = sight.found;
        order = order_for(&sum, fmin(sight.found, most_loss(&sum)));
    }
    *epsilon = fmax(best + (sum.up ? shift : -shift), 0);
    if (cells)
        *cells = sight.cells;
    return OK;
}

enum status pld_delta_at(const struct pld_term *terms, size_t count, double epsilon, double *delta, size_t *cells)
{
    const struct sum sum = sum_of(terms, count);
    double infinite = infinite_mass(&sum), shift = displaced(&sum);
    epsilon += sum.up ? -shift : shift;
    const struct search search = {.sum = &sum, .wanted = epsilon};
    double guess = log(6 / deviation(&sum));
    double order = exp(valley(chernoff_mass, &search, guess - 10, guess + 4));
    double bound =
        exp(chernoff_mass(&search, order) + doubt_of(&sum, log_moment(&sum, order)) + order * epsilon * 0x1p-48);
    *delta = 1;
    struct window window;
    enum status status = window_make(&sum, order, &window);
    if (status == OK) {
        to_curve(&sum, &window);
        *delta = delta_in(&sum, &window, epsilon, infinite, sum.up ? fmin(bound + infinite, 1) : infinite);
        if (cells)
            *cells = window.cells;
    }
    window_free(&window);
    return status;
}
