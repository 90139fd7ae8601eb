/* δ(ε) of a sum of losses from its tilted distribution, and back. */
#include "dp/pld_sum.h"

#include <math.h>

#define UNLIKELY 1e-4
#define WINDOWS_MOST 16

/* Losses below have little tilted mass: there errors show. */
static double likely_from(const struct pld_sum *sum, const struct pld_window *window)
{
    double mass = 0;
    size_t k = 0;
    for (; k + 1 < window->cells && mass < UNLIKELY; k++)
        mass += fmax(window->value[k], 0);
    return (double)(window->low + (int64_t)k) * sum->width;
}

/* In place: value[k] becomes log δ at point k without the infinite mass. From the top down, sums over the losses x
 * above point k: weight of exp(-order (x - k)), and part of that times (1 - exp(-(x - k))). */
static void to_curve(const struct pld_sum *sum, struct pld_window *window)
{
    double untilt = exp(-window->order * sum->width), less = exp(-sum->width), gain = -expm1(-sum->width);
    double weight = sum->up ? window->outside : 0, part = weight;
    double sums = (double)window->cells * 0x1p-50; /* each step rounds what it adds to */
    for (size_t k = window->cells; k-- > 0;) {
        double off = sum->up ? window->error : -window->error, above = weight, kept = window->value[k];
        double place = (double)(window->low + (int64_t)k) * sum->width;
        double here = sum->up ? part : fmax(part - 2 * window->outside, 0); /* from below and above */
        double log_delta = window->scale - window->order * place + log(here);
        double doubt = 0x1p-40 * (1 + fabs(window->scale) + fabs(window->order * place)) + sums;
        window->value[k] = log_delta + (sum->up ? doubt : -doubt);
        above += fmax(fmax(kept, 0) + off, 0);
        part = untilt * (gain * above + less * part);
        weight = untilt * above;
    }
}

static double delta_at(const struct pld_window *window, size_t k, double infinite)
{
    return fmin(exp(window->value[k]) + infinite, 1);
}

/* Between two points the curve is linear in exp(ε): where it passes delta, above point k. */
static double crossing(const struct pld_sum *sum, const struct pld_window *window, size_t k, double delta,
                       double infinite)
{
    double here = delta_at(window, k, infinite), next = delta_at(window, k + 1, infinite);
    double place = (double)(window->low + (int64_t)k) * sum->width;
    double x = (here - delta) / (here - next) * expm1(sum->width);
    return place + log1p(fmin(fmax(x, 0), expm1(sum->width)));
}

/* Where the curve in the window passes delta; the window's end if it does so below. */
static double epsilon_in(const struct pld_sum *sum, const struct pld_window *window, double delta, double infinite)
{
    size_t k = window->cells - 1;
    if (delta_at(window, k, infinite) > delta)
        return sum->up ? INFINITY : (double)(window->low + (int64_t)k) * sum->width;
    while (k > 0 && delta_at(window, k - 1, infinite) <= delta)
        k--;
    return k == 0 ? (double)window->low * sum->width : crossing(sum, window, k - 1, delta, infinite);
}

static double delta_in(const struct pld_sum *sum, const struct pld_window *window, double epsilon, double infinite,
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

/* What one window shows. */
struct sight {
    double found;
    bool inside; /* the curve passes delta in the window, not below it */
    bool likely; /* and where it is at its best */
    size_t cells;
};

static enum status look(const struct pld_sum *sum, double order, double delta, double infinite, struct sight *out)
{
    struct pld_window window;
    enum status status = pld_window_make(sum, order, &window);
    if (status == OK) {
        double likely = likely_from(sum, &window);
        to_curve(sum, &window);
        double found = epsilon_in(sum, &window, delta, infinite);
        *out = (struct sight){found, found > (double)window.low * sum->width, found >= likely, window.cells};
    }
    pld_window_free(&window);
    return status;
}

enum status pld_epsilon_at(const struct pld_term *terms, size_t count, double delta, double *epsilon, size_t *cells)
{
    const struct pld_sum sum = pld_sum_of(terms, count);
    double infinite = pld_sum_infinite(&sum), shift = pld_sum_displaced(&sum), order = 0, last = 0;
    *epsilon = INFINITY;
    if (!(infinite < delta))
        return ERR_POLICY;
    double best = pld_sum_epsilon(&sum, delta - infinite, &order);
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
        order = pld_sum_order(&sum, fmin(sight.found, pld_sum_most(&sum)));
    }
    *epsilon = fmax(best + (sum.up ? shift : -shift), 0);
    if (cells)
        *cells = sight.cells;
    return OK;
}

enum status pld_delta_at(const struct pld_term *terms, size_t count, double epsilon, double *delta, size_t *cells)
{
    const struct pld_sum sum = pld_sum_of(terms, count);
    double infinite = pld_sum_infinite(&sum), shift = pld_sum_displaced(&sum);
    epsilon += sum.up ? -shift : shift;
    double order = pld_sum_order(&sum, epsilon), bound = exp(pld_sum_log_mass(&sum, order, epsilon));
    *delta = 1;
    struct pld_window window;
    enum status status = pld_window_make(&sum, order, &window);
    if (status == OK) {
        to_curve(&sum, &window);
        *delta = delta_in(&sum, &window, epsilon, infinite, sum.up ? fmin(bound + infinite, 1) : infinite);
        if (cells)
            *cells = window.cells;
    }
    pld_window_free(&window);
    return status;
}
