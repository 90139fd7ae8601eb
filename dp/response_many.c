/* Randomised response over many choices. Hides the directed rounding of a logarithm: floating point sees parameters
 * only, never data. */
#include "dp/response_many.h"

#include <math.h>

#define GRID (UINT64_C(1) << 32)
#define EPSILON_MOST (20 * DP_EPSILON_ONE)
/* log and the operations around it are off by less than this, relative or absolute. */
#define SLACK 1e-12

static bool is_sound(struct dp_response_many response)
{
    return response.choices >= 2 && response.truths > 0 && response.truths < response.of && response.of <= GRID &&
           response.truths * response.choices > response.of;
}

enum status dp_response_many_epsilon(struct dp_response_many response, struct dp_epsilon *out)
{
    out->micro = UINT64_MAX;
    if (!is_sound(response))
        return ERR_USAGE;
    double odds = (double)response.truths * (response.choices - 1) / (double)(response.of - response.truths);
    double epsilon = log(odds);
    out->micro = (uint64_t)ceil((epsilon + SLACK * (1 + epsilon)) * DP_EPSILON_ONE);
    return OK;
}

enum status dp_response_many_for(struct dp_epsilon epsilon, uint32_t choices, struct dp_response_many *out)
{
    *out = (struct dp_response_many){0, 0, 0};
    if (epsilon.micro == 0 || epsilon.micro > EPSILON_MOST || choices < 2)
        return ERR_USAGE;
    double odds = exp((double)epsilon.micro / DP_EPSILON_ONE), share = odds / (odds + choices - 1);
    struct dp_response_many response = {(uint64_t)(share * (double)GRID), GRID, choices};
    for (;; response.truths--) { /* a step or two past the rounding */
        struct dp_epsilon got;
        TRY(dp_response_many_epsilon(response, &got));
        if (dp_epsilon_compare(got, epsilon) <= 0)
            break;
    }
    *out = response;
    return OK;
}

struct dp_zcdp dp_response_many_loss(struct dp_response_many response)
{
    struct dp_epsilon epsilon;
    if (dp_response_many_epsilon(response, &epsilon) != OK)
        return (struct dp_zcdp){UINT64_MAX, UINT64_MAX};
    return dp_zcdp_of_pure(epsilon);
}

uint32_t dp_response_many_answer(struct dp_stream *stream, struct dp_response_many response, uint32_t truth)
{
    INVARIANT(is_sound(response) && truth < response.choices);
    bool honest = dp_bernoulli(stream, (struct dp_ratio){response.truths, response.of});
    uint32_t other = (uint32_t)dp_stream_below(stream, response.choices - 1);
    if (honest)
        return truth;
    return other + (other >= truth);
}

struct dp_estimate dp_response_many_estimate(struct dp_response_many response, uint64_t said, uint64_t total)
{
    INVARIANT(is_sound(response));
    double truth = (double)response.truths / (double)response.of, lie = (1 - truth) / (response.choices - 1);
    double each = fmax(truth * (1 - truth), lie * (1 - lie));
    return (struct dp_estimate){((double)said - (double)total * lie) / (truth - lie),
                                sqrt((double)total * each) / (truth - lie)};
}
