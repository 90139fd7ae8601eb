/* dp/fft: against the sum that defines it, and within the error that the header promises. */
#include "dp/fft.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MOST = 256 };

static void fill(size_t size, struct dp_complex *values)
{
    uint64_t state = 88172645463325252U;
    for (size_t i = 0; i < size; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        values[i] = (struct dp_complex){(double)(state >> 40) / (1 << 24), (double)(state & 0xffff) / (1 << 16) - 0.5};
    }
}

/* The definition in long double, at k. */
static struct dp_complex defined(size_t size, const struct dp_complex *values, size_t k)
{
    long double re = 0, im = 0;
    for (size_t j = 0; j < size; j++) {
        long double angle = -2 * 3.14159265358979323846264338328L * (long double)(j * k % size) / (long double)size;
        re += values[j].re * cosl(angle) - values[j].im * sinl(angle);
        im += values[j].re * sinl(angle) + values[j].im * cosl(angle);
    }
    return (struct dp_complex){(double)re, (double)im};
}

static void test_transform(void **state)
{
    (void)state;
    for (size_t size = 2; size <= MOST; size *= 2) {
        struct dp_complex from[MOST], to[MOST];
        struct dp_fft *fft;
        double sum = 0;
        assert_int_equal(dp_fft_new(size, &fft), OK);
        fill(size, from);
        memcpy(to, from, sizeof to);
        dp_fft_forward(fft, to);
        for (size_t i = 0; i < size; i++)
            sum += hypot(from[i].re, from[i].im);
        for (size_t k = 0; k < size; k++) {
            struct dp_complex right = defined(size, from, k);
            assert_true(hypot(to[k].re - right.re, to[k].im - right.im) <= DP_FFT_ERROR(size) * sum);
        }
        dp_fft_backward(fft, to);
        for (size_t i = 0; i < size; i++)
            assert_true(hypot(to[i].re - from[i].re, to[i].im - from[i].im) <= 2 * DP_FFT_ERROR(size) * sum);
        dp_fft_free(fft);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static const size_t refused[] = {0, 1, 3, 1000, DP_FFT_SIZE_MOST * 2, SIZE_MAX};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct dp_fft *fft = (struct dp_fft *)1;
        assert_int_equal(dp_fft_new(refused[i], &fft), ERR_USAGE);
        assert_null(fft);
    }
    struct dp_fft *fft;
    mem_fail_after(1);
    assert_int_equal(dp_fft_new(8, &fft), ERR_MEMORY);
    assert_null(fft);
    dp_fft_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_transform), cmocka_unit_test(test_sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
