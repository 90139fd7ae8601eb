/* Coins whose exponents need 128 bits: for dp/gaussian.c. */
#pragma once

#include "dp/bernoulli.h"

/* True with probability exp(-numerator / denominator); the denominator is above 0 and under 2^126. */
bool dp_bernoulli_exp_wide(struct dp_stream *stream, unsigned __int128 numerator, unsigned __int128 denominator);
