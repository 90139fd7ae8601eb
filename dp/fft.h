/* The discrete Fourier transform of a power of two, in place, and how far it can be off.
 *
 * Forward: X[k] = sum of x[j] exp(-2πi jk / size); backward is the inverse, divided by size. Each output is off by at
 * most DP_FFT_ERROR(size) times the sum of the inputs' magnitudes (backward: over size), real and imaginary part
 * together: on its way an input passes log2(size) butterflies, and in each its factor and sum are off by less than
 * 2^-49 of it (a root of unity by 2^-50, a complex product by 2^-51, a sum by 2^-53). */
#pragma once

#include "base/bytes.h"

struct dp_complex {
    double re, im;
};

struct dp_fft;
#define DP_FFT_SIZE_MOST (UINT64_C(1) << 22)
#define DP_FFT_ERROR(size) (__builtin_ctzll(size) * 0x1p-49)

/* ERR_USAGE: size is no power of two from 2 to DP_FFT_SIZE_MOST. ERR_MEMORY. *out is NULL then. */
MUST_USE enum status dp_fft_new(size_t size, struct dp_fft **out);
void dp_fft_free(struct dp_fft *fft);
void dp_fft_forward(const struct dp_fft *fft, struct dp_complex *values);
void dp_fft_backward(const struct dp_fft *fft, struct dp_complex *values);
