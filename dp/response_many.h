/* Randomised response with more than two answers: the truth with a known probability, else any other one.
 *
 * Guarantee: each answer is ε-locally differentially private for the answered choice, whatever it is, against
 * everybody, the server included: ε = ln(truths (choices - 1) / (of - truths)). Best where choices < 3 e^ε + 2; above
 * that use dp/projective.h. Answers about one unit add up.
 *
 * Source: Warner 1965; Kairouz, Oh, Viswanath, "Extremal Mechanisms for Local Differential Privacy" (2014), section 4.
 */
#pragma once

#include "dp/response.h"
#include "dp/zcdp.h"

struct dp_response_many {
    uint64_t truths, of; /* true with probability truths / of, which is above 1 / choices and below 1 */
    uint32_t choices;    /* at least 2 */
};

/* The most truthful one whose ε is at most the one given (on a grid of 2^32). ERR_USAGE: an ε of 0 or above 20, under
 * two choices, or so many that the grid has no such response. *out is all 0 then. */
MUST_USE enum status dp_response_many_for(struct dp_epsilon epsilon, uint32_t choices, struct dp_response_many *out);
/* Its ε, rounded up. ERR_USAGE if the parts are not as said above. */
MUST_USE enum status dp_response_many_epsilon(struct dp_response_many response, struct dp_epsilon *out);
struct dp_zcdp dp_response_many_loss(struct dp_response_many response);

/* truth < choices. */
uint32_t dp_response_many_answer(struct dp_stream *stream, struct dp_response_many response, uint32_t truth);

/* Unbiased estimate of how many of `total` truly had a choice, from the count of answers that said so. */
struct dp_estimate dp_response_many_estimate(struct dp_response_many response, uint64_t said, uint64_t total);
