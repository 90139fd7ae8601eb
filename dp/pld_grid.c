/* Masses on a grid. Hides how an atom is shared among the points beside it. */
#include "dp/pld_inside.h"

#include <math.h>

/* A mass is good to this part of it: where it lies and how it is shared are computed in doubles. */
#define MARGIN 0x1p-40

enum status pld_grid_init(struct pld_grid *grid, double width, enum pld_rounding rounding, double from, double to)
{
    *grid = (struct pld_grid){.width = width, .rounding = rounding};
    double low = floor(from / width) - 1, high = floor(to / width) + 2;
    if (!(high - low < (double)PLD_CELLS_MOST) || fabs(low) > 0x1p52 || fabs(high) > 0x1p52)
        return ERR_TOO_LARGE;
    grid->low = (int64_t)low;
    grid->count = (size_t)(high - low) + 1;
    grid->mass = mem_new(grid->count, sizeof *grid->mass);
    return grid->mass ? OK : ERR_MEMORY;
}

void pld_grid_free(struct pld_grid *grid)
{
    mem_free(grid->mass);
    *grid = (struct pld_grid){0};
}

/* P's mass m and Q's m exp(-loss) are both kept by m expm1(width - offset) / expm1(width) on the point below and
 * m expm1(-offset) / expm1(-width) on the one above. */
void pld_grid_add(struct pld_grid *grid, int64_t index, double offset, double mass)
{
    double width = grid->width;
    size_t at = (size_t)(index - grid->low);
    INVARIANT(index >= grid->low && at + 1 < grid->count);
    if (grid->rounding == PLD_DOWN) {
        grid->mass[at] += mass * (1 - MARGIN);
        return;
    }
    offset = fmin(fmax(offset, 0), width);
    mass *= 1 + MARGIN;
    grid->mass[at] += mass * expm1(width - offset) / expm1(width);
    grid->mass[at + 1] += mass * expm1(-offset) / expm1(-width);
}

void pld_grid_add_loss(struct pld_grid *grid, double loss, double mass)
{
    double index = floor(loss / grid->width);
    pld_grid_add(grid, (int64_t)index, loss - index * grid->width, mass);
}

void pld_grid_trim(struct pld_grid *grid)
{
    size_t first = 0;
    while (grid->count > 1 && grid->mass[grid->count - 1] == 0)
        grid->count--;
    while (first + 1 < grid->count && grid->mass[first] == 0)
        first++;
    memmove(grid->mass, grid->mass + first, (grid->count - first) * sizeof *grid->mass);
    grid->count -= first;
    grid->low += (int64_t)first;
}

double pld_grid_point(const struct pld_grid *grid, size_t i)
{
    return (double)(grid->low + (int64_t)i) * grid->width;
}

/* Powers of a ratio go by products within a block and anew by exp at its start. Factors are at most 1, and 1 at the end
 * that weighs most: what underflows is nothing beside that end's mass. */
double pld_grid_log_moment(const struct pld_grid *grid, double order)
{
    enum { BLOCK = 32 };
    double ratio = exp(-fabs(order) * grid->width), sum = 0;
    for (size_t start = 0; start < grid->count; start += BLOCK) {
        double factor = exp(-fabs(order) * grid->width * (double)start), part = 0;
        if (factor == 0)
            break;
        for (size_t d = start; d < start + BLOCK && d < grid->count; d++) {
            part += factor * grid->mass[order > 0 ? grid->count - 1 - d : d];
            factor *= ratio;
        }
        sum += part;
    }
    return log(sum) + order * pld_grid_point(grid, order > 0 ? grid->count - 1 : 0);
}

double pld_grid_variance(const struct pld_grid *grid)
{
    double sum = 0, first = 0, second = 0;
    for (size_t i = 0; i < grid->count; i++) {
        double x = pld_grid_point(grid, i);
        sum += grid->mass[i];
        first += grid->mass[i] * x;
        second += grid->mass[i] * x * x;
    }
    double mean = first / sum;
    return fmax(second / sum - mean * mean, 0);
}
