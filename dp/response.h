/* Binary randomised response (Warner 1965): a yes or no of which the answer that leaves the device is false with a
 * known rational probability.
 *
 * Guarantee: each answer is ε-locally differentially private for the answered bit, ε = ln((of - lies) / lies), against
 * everybody, the server included. Answers about one unit add up (dp/account.h). */
#pragma once

#include "dp/account.h"
#include "dp/bernoulli.h"
#include "dp/zcdp.h"

/* Lies with probability lies / of, which is above 0 and below one half. */
struct dp_response {
    uint64_t lies, of;
};

/* The most truthful response whose ε is at most the one given (on a grid of 2^32). ERR_USAGE for an ε of 0 or above 20.
 */
MUST_USE enum status dp_response_for(struct dp_epsilon epsilon, struct dp_response *out);
/* Its ε, rounded up. ERR_USAGE if lies / of is not within (0, 1/2). */
MUST_USE enum status dp_response_epsilon(struct dp_response response, struct dp_epsilon *out);
struct dp_zcdp dp_response_loss(struct dp_response response); /* no guarantee at all for one that is not sound */

bool dp_response_answer(struct dp_stream *stream, struct dp_response response, bool truth);

/* Unbiased estimate of how many of `total` truly were yes, from the count of answers that said so, with its standard
 * error for the worst true count. The estimate may lie outside 0..total; clip it only for display. */
struct dp_estimate {
    double value, standard_error;
};
struct dp_estimate dp_response_estimate(struct dp_response response, uint64_t said_yes, uint64_t total);
/* Half the width of its 95 % interval: normal, from the standard error for the worst true count, so rather too wide. */
double dp_estimate_margin(struct dp_estimate estimate);
