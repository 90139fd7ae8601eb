/* Randomised response. Hides the directed rounding of a logarithm: floating point sees parameters only, never data. */
#include "dp/response.h"

#include <math.h>

#define GRID (UINT64_C(1) << 32)
#define EPSILON_MOST (20 * DP_EPSILON_ONE)
/* log and the operations around it are off by less than this, relative or absolute. */
#define SLACK 1e-12

static bool is_sound(struct dp_response response)
{
    return response.lies > 0 && response.lies < response.of - response.lies && response.lies < response.of;
}

enum status dp_response_epsilon(struct dp_response response, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    if (!is_sound(response))
        return ERR_USAGE;
    double odds = (double)(response.of - response.lies) / (double)response.lies;
    double epsilon = log(odds);
    out->micro = (uint64_t)ceil((epsilon + SLACK * (1 + epsilon)) * DP_EPSILON_ONE);
    return OK;
}

enum status dp_response_for(struct dp_epsilon epsilon, struct dp_response *out)
{
    *out = (struct dp_response){0, 0};
    if (epsilon.micro == 0 || epsilon.micro > EPSILON_MOST)
        return ERR_USAGE;
    double share = 1 / (1 + exp((double)epsilon.micro / DP_EPSILON_ONE));
    struct dp_response response = {(uint64_t)(share * (double)GRID), GRID};
    for (;; response.lies++) { /* a step or two past the rounding */
        struct dp_epsilon got;
        TRY(dp_response_epsilon(response, &got));
        if (dp_epsilon_compare(got, epsilon) <= 0)
            break;
    }
    *out = response;
    return OK;
}

struct dp_zcdp dp_response_loss(struct dp_response response)
{
    struct dp_epsilon epsilon;
    if (dp_response_epsilon(response, &epsilon) != OK)
        return (struct dp_zcdp){UINT64_MAX, UINT64_MAX};
    return dp_zcdp_of_pure(epsilon);
}

bool dp_response_answer(struct dp_stream *stream, struct dp_response response, bool truth)
{
    INVARIANT(is_sound(response));
    return truth != dp_bernoulli(stream, (struct dp_ratio){response.lies, response.of});
}

struct dp_estimate dp_response_estimate(struct dp_response response, uint64_t said_yes, uint64_t total)
{
    INVARIANT(is_sound(response));
    double lie = (double)response.lies / (double)response.of, gain = 1 - 2 * lie;
    double value = ((double)said_yes - (double)total * lie) / gain;
    /* each answer varies by lie * (1 - lie), whatever the truth */
    return (struct dp_estimate){value, sqrt((double)total * lie * (1 - lie)) / gain};
}

double dp_estimate_margin(struct dp_estimate estimate)
{
    return 1.959963984540054 * estimate.standard_error;
}
