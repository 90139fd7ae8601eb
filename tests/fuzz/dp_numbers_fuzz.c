/* Numbers of a person or a file: what is taken is above 0 and within its bounds, and written again it reads the same.
 */
#include <stdio.h>

#include "dp/mechanism.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    struct dp_epsilon epsilon, again;
    enum dp_noise noise;
    uint64_t number, same;
    char out[64];
    if (dp_epsilon_parse(text, &epsilon) == OK) {
        dp_epsilon_text(epsilon, out);
        INVARIANT(epsilon.micro > 0);
        if (epsilon.micro < UINT64_C(1000000000000000)) /* fifteen digits are read, as many as six behind the point */
            INVARIANT(dp_epsilon_parse(bytes_str(out), &again) == OK && again.micro == epsilon.micro);
    }
    if (dp_rho_parse(text, &number) == OK) {
        snprintf(out, sizeof out, "%llu.%09llu", (unsigned long long)(number / DP_RHO_ONE),
                 (unsigned long long)(number % DP_RHO_ONE));
        INVARIANT(number > 0 && dp_rho_parse(bytes_str(out), &same) == OK && same == number);
    }
    if (dp_delta_parse(text, &number) == OK) {
        snprintf(out, sizeof out, "0.%018llu", (unsigned long long)number);
        INVARIANT(number > 0 && number < DP_DELTA_ONE);
        INVARIANT(dp_delta_parse(bytes_str(out), &same) == OK && same == number);
    }
    INVARIANT(dp_noise_named(text, &noise) != OK || bytes_is(text, dp_noise_name(noise)));
    return 0;
}
