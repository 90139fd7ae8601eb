/* Radix 2, decimation in time. Hides the table of roots, each from cos and sin by itself: a recurrence would add up. */
#include "dp/fft.h"

#include <math.h>

struct dp_fft {
    size_t size;
    struct dp_complex roots[]; /* exp(-2πi k / size), k below size / 2 */
};

enum status dp_fft_new(size_t size, struct dp_fft **out)
{
    *out = NULL;
    if (size < 2 || size > DP_FFT_SIZE_MOST || (size & (size - 1)))
        return ERR_USAGE;
    struct dp_fft *fft = mem_new(1, sizeof *fft + size / 2 * sizeof *fft->roots);
    if (!fft)
        return ERR_MEMORY;
    fft->size = size;
    for (size_t k = 0; k < size / 2; k++) {
        double angle = 2 * M_PI * (double)k / (double)size;
        fft->roots[k] = (struct dp_complex){cos(angle), -sin(angle)};
    }
    *out = fft;
    return OK;
}

void dp_fft_free(struct dp_fft *fft)
{
    mem_free(fft);
}

/* values[j] and values[j with its bits reversed] change places. */
static void reverse(size_t size, struct dp_complex *values)
{
    for (size_t i = 1, j = 0; i < size; i++) {
        size_t bit = size / 2;
        for (; j & bit; bit /= 2)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            struct dp_complex kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }
}

/* One level: pairs that are `half` apart, in blocks of twice that. */
static void level(const struct dp_fft *fft, size_t half, struct dp_complex *values)
{
    size_t stride = fft->size / (2 * half);
    for (size_t block = 0; block < fft->size; block += 2 * half)
        for (size_t k = 0; k < half; k++) {
            struct dp_complex root = fft->roots[k * stride], *a = &values[block + k], *b = a + half;
            double re = b->re * root.re - b->im * root.im, im = b->re * root.im + b->im * root.re;
            *b = (struct dp_complex){a->re - re, a->im - im};
            *a = (struct dp_complex){a->re + re, a->im + im};
        }
}

void dp_fft_forward(const struct dp_fft *fft, struct dp_complex *values)
{
    reverse(fft->size, values);
    for (size_t half = 1; half < fft->size; half *= 2)
        level(fft, half, values);
}

/* The inverse is the transform read backwards, over size. */
void dp_fft_backward(const struct dp_fft *fft, struct dp_complex *values)
{
    dp_fft_forward(fft, values);
    size_t size = fft->size;
    for (size_t i = 1; i < size - i; i++) {
        struct dp_complex kept = values[i];
        values[i] = values[size - i];
        values[size - i] = kept;
    }
    for (size_t i = 0; i < size; i++)
        values[i] = (struct dp_complex){values[i].re / (double)size, values[i].im / (double)size};
}
