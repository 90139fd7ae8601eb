/* Maximum mean discrepancy of two samples under five Gaussian kernels (Gretton et al. 2012, equation 5, the biased
 * estimate; several kernels: Long et al. 2015): 0 where both are alike, and how to move one towards the other. A
 * kernel's width is a multiple (1/4 .. 4) of the mean squared distance of all pairs; it counts as a constant in the
 * slopes. */
#pragma once

#include <stddef.h>

/* a: rows x width, b: others x width; slopes (rows x width): the derivative of the squared discrepancy, which is
 * returned. */
double mmd_squared(const float *a, size_t rows, const float *b, size_t others, size_t width, float *slopes);
