/* dp/proportion: exact bounds of the published vectors, the beta function where it is a polynomial. */
#include "dp/proportion.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void near(double value, double wanted, double by)
{
    if (!(fabs(value - wanted) <= by))
        fail_msg("%.12g is not %.12g", value, wanted);
}

/* vectors/README.md: Clopper-Pearson, one-sided at .025, and 95 % for zero hits. */
static void exact_bounds(void **state)
{
    (void)state;
    near(dp_proportion_upper(0, 1000, .025), .003682084, 5e-10);
    near(dp_proportion_upper(1, 1000, .025), .005558924, 5e-10);
    near(dp_proportion_upper(10, 1000, .025), .018313243, 5e-10);
    near(dp_proportion_upper(500, 1000, .025), .531450827, 5e-10);
    near(dp_proportion_upper(0, 300, .05), .009936, 5e-7);
    near(dp_proportion_upper(0, 1000, .05), .002991, 5e-7);
    near(dp_proportion_upper(0, 3000, .05), .000998, 5e-7);
    near(dp_proportion_upper(0, 10000, .05), .000300, 5e-7);
    near(dp_proportion_upper(7, 7, .025), 1, 0);
    near(dp_proportion_lower(0, 7, .025), 0, 0);
    for (size_t hits = 0; hits <= 20; hits++) /* the two sides mirror each other */
        near(dp_proportion_lower(hits, 20, .025), 1 - dp_proportion_upper(20 - hits, 20, .025), 1e-12);
}

/* I_x(1, 1) = x; I_x(2, 2) = x^2 (3 - 2 x). */
static void beta_function(void **state)
{
    (void)state;
    for (double x = 0; x <= 1; x += .0625) {
        near(dp_proportion_beta(1, 1, x), x, 1e-14);
        near(dp_proportion_beta(2, 2, x), x * x * (3 - 2 * x), 1e-14);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_bounds),
        cmocka_unit_test(beta_function),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
