/* The tilted distribution of a sum by one transform. Hides the transform's size and the count of its errors: masses are
 * weighted by exp(order * loss), so that the losses asked about are the likely ones, and all that is off, by rounding
 * and by what falls outside, is small beside δ itself, however small δ is. docs/decisions/0028 has the argument. */
#include "dp/pld_sum.h"

#include <math.h>

#define OUTSIDE 1e-13 /* tilted mass above the window, and below it */
#define CELLS_LEAST 64

/* Chernoff's bound for the sum tilted by base: where it is exp(wanted), above and below (there counted downwards). */
static double tilted_above(const struct pld_search *search, double order)
{
    return (pld_sum_log_moment(search->sum, search->base + order) - search->log_base - search->wanted) / order;
}

static double tilted_below(const struct pld_search *search, double order)
{
    return (pld_sum_log_moment(search->sum, search->base - order) - search->log_base - search->wanted) / order;
}

void pld_window_free(struct pld_window *window)
{
    mem_free(window->logs);
    mem_free(window->value);
}

static enum status place_window(const struct pld_sum *sum, struct pld_window *window)
{
    double spread = log(sqrt(-2 * log(OUTSIDE)) / pld_sum_deviation(sum));
    const struct pld_search search = {sum, window->order, pld_sum_log_moment(sum, window->order), log(OUTSIDE)};
    double high = tilted_above(&search, exp(pld_search_valley(tilted_above, &search, spread - 8, spread + 5)));
    double low = -tilted_below(&search, exp(pld_search_valley(tilted_below, &search, spread - 8, spread + 5)));
    double cells = (high - low) / sum->width + 4;
    if (!(cells < (double)DP_FFT_SIZE_MOST) || fabs(high / sum->width) > 0x1p50)
        return ERR_TOO_LARGE;
    window->cells = CELLS_LEAST;
    while ((double)window->cells < cells)
        window->cells *= 2;
    window->low = (int64_t)ceil(high / sum->width) + 1 - (int64_t)window->cells;
    window->outside = OUTSIDE * exp(2 * pld_sum_doubt(sum, search.log_base));
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

static void multiply_terms(const struct pld_sum *sum, const struct pld_window *window, const struct dp_fft *fft,
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

static enum status transform(const struct pld_sum *sum, struct pld_window *window)
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

enum status pld_window_make(const struct pld_sum *sum, double order, struct pld_window *window)
{
    *window = (struct pld_window){.order = order, .logs = mem_new(sum->count, sizeof *window->logs)};
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
