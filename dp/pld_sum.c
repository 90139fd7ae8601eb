/* Moments of a sum of losses, and Chernoff's bound by the order that makes it least. */
#include "dp/pld_sum.h"

#include <math.h>

#define MARGIN 0x1p-36 /* of a logarithm of a moment: pld_grid_log_moment */

struct pld_sum pld_sum_of(const struct pld_term *terms, size_t count)
{
    return (struct pld_sum){terms, count, terms[0].grid.width, terms[0].grid.rounding == PLD_UP};
}

double pld_sum_log_moment(const struct pld_sum *sum, double order)
{
    double total = 0;
    for (size_t i = 0; i < sum->count; i++)
        total += (double)sum->terms[i].times * pld_grid_log_moment(&sum->terms[i].grid, order);
    return total;
}

double pld_sum_deviation(const struct pld_sum *sum)
{
    double variance = 0;
    for (size_t i = 0; i < sum->count; i++)
        variance += (double)sum->terms[i].times * pld_grid_variance(&sum->terms[i].grid);
    return fmax(sqrt(variance), sum->width);
}

double pld_sum_most(const struct pld_sum *sum)
{
    double most = 0;
    for (size_t i = 0; i < sum->count; i++)
        most += (double)sum->terms[i].times * pld_grid_point(&sum->terms[i].grid, sum->terms[i].grid.count - 1);
    return most;
}

double pld_sum_displaced(const struct pld_sum *sum)
{
    double total = 0;
    for (size_t i = 0; i < sum->count; i++) {
        const struct pld_grid *grid = &sum->terms[i].grid;
        double most = fmax(fabs(pld_grid_point(grid, 0)), fabs(pld_grid_point(grid, grid->count - 1)));
        total += (double)sum->terms[i].times * most * 0x1p-48;
    }
    return total;
}

double pld_sum_doubt(const struct pld_sum *sum, double log_moment_there)
{
    double times = 0;
    for (size_t i = 0; i < sum->count; i++)
        times += (double)sum->terms[i].times;
    return 4 * MARGIN * times + fabs(log_moment_there) * 0x1p-44;
}

double pld_sum_infinite(const struct pld_sum *sum)
{
    double log_finite = 0;
    for (size_t i = 0; i < sum->count; i++)
        log_finite += (double)sum->terms[i].times * log1p(-fmin(sum->terms[i].grid.infinite, 1));
    return -expm1(log_finite) * (sum->up ? 1 + 0x1p-48 : 1 - 0x1p-48);
}

double pld_search_valley(double f(const struct pld_search *, double), const struct pld_search *search, double low,
                         double high)
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

/* P(sum > x) <= exp(pld_sum_log_moment(t) - t x): the x at which that is exp(wanted). */
static double chernoff_loss(const struct pld_search *search, double order)
{
    return (pld_sum_log_moment(search->sum, order) - search->wanted) / order;
}

/* log of the bound on the same probability at wanted. */
static double chernoff_mass(const struct pld_search *search, double order)
{
    return pld_sum_log_moment(search->sum, order) - order * search->wanted;
}

double pld_sum_order(const struct pld_sum *sum, double loss)
{
    const struct pld_search search = {.sum = sum, .wanted = loss};
    double guess = log(6 / pld_sum_deviation(sum));
    return exp(pld_search_valley(chernoff_mass, &search, guess - 10, guess + 4));
}

double pld_sum_epsilon(const struct pld_sum *sum, double delta, double *order)
{
    const struct pld_search search = {.sum = sum, .wanted = log(delta)};
    double guess = log(sqrt(2 - 2 * search.wanted) / pld_sum_deviation(sum));
    *order = exp(pld_search_valley(chernoff_loss, &search, guess - 10, guess + 4));
    double bound = chernoff_loss(&search, *order) + pld_sum_doubt(sum, pld_sum_log_moment(sum, *order)) / *order;
    return fmin(bound, pld_sum_most(sum));
}

double pld_sum_log_mass(const struct pld_sum *sum, double order, double loss)
{
    double moment = pld_sum_log_moment(sum, order);
    return moment - order * loss + pld_sum_doubt(sum, moment) + fabs(order * loss) * 0x1p-48;
}
