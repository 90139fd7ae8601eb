/* Hides the sums over pairs. */
#include "audits/split/mmd.h"

#include <math.h>
#include <string.h>

#define KERNELS 5
static const double widths[KERNELS] = {.25, .5, 1, 2, 4};

static double distance(const float *x, const float *y, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++)
        sum += ((double)x[i] - (double)y[i]) * ((double)x[i] - (double)y[i]);
    return sum;
}

/* Of all pairs of different points of both samples. */
static double mean_distance(const float *a, size_t rows, const float *b, size_t others, size_t width)
{
    double sum = 0;
    size_t all = rows + others;
    for (size_t i = 0; i < all; i++)
        for (size_t k = 0; k < i; k++) {
            const float *x = i < rows ? a + i * width : b + (i - rows) * width;
            const float *y = k < rows ? a + k * width : b + (k - rows) * width;
            sum += distance(x, y, width);
        }
    return sum / ((double)all * (double)(all - 1) / 2);
}

/* The kernels' mean at a distance; *slope: its derivative by the squared distance. */
static double kernel(double square, double base, double *slope)
{
    double sum = 0;
    *slope = 0;
    for (size_t i = 0; i < KERNELS; i++) {
        double value = exp(-square / (2 * widths[i] * base)) / KERNELS;
        sum += value;
        *slope -= value / (2 * widths[i] * base);
    }
    return sum;
}

/* Adds weight times the sum of kernels between x and every row of b; x moves, the rows do not. */
static double add_row(const float *x, const float *b, size_t rows, size_t width, double base, double weight,
                      double slope_weight, float *slopes)
{
    double sum = 0;
    for (size_t k = 0; k < rows; k++) {
        double slope, value = kernel(distance(x, b + k * width, width), base, &slope);
        sum += weight * value;
        for (size_t i = 0; i < width; i++)
            slopes[i] += (float)(slope_weight * slope * 2 * ((double)x[i] - (double)b[k * width + i]));
    }
    return sum;
}

double mmd_squared(const float *a, size_t rows, const float *b, size_t others, size_t width, float *slopes)
{
    double n = (double)rows, m = (double)others, sum = 0, unused;
    double base = rows + others > 1 ? mean_distance(a, rows, b, others, width) : 0;
    memset(slopes, 0, rows * width * sizeof *slopes);
    if (base == 0)
        return 0;
    for (size_t i = 0; i < rows; i++) {
        sum += add_row(a + i * width, a, rows, width, base, 1 / (n * n), 2 / (n * n), slopes + i * width);
        sum += add_row(a + i * width, b, others, width, base, -2 / (n * m), -2 / (n * m), slopes + i * width);
    }
    for (size_t i = 0; i < others; i++)
        for (size_t k = 0; k < others; k++)
            sum += kernel(distance(b + i * width, b + k * width, width), base, &unused) / (m * m);
    return sum;
}
