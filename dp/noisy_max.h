/* Report noisy max: the index of the largest score after noise on each, nothing else.
 *
 * Guarantee: the index is ε-differentially private for a unit whose presence changes each integer score by at most
 * `sensitivity`. Terms, monotone scores and losses as in dp/permute_flip.h. Ties go to the lower index: the candidates'
 * order is public, and with all other noise held fixed the winner's own noise has to reach an integer that moves by no
 * more than twice the sensitivity (once, if monotone), so that ties cost nothing (with a tie broken by the unnoised
 * score they would).
 *
 * Both noises are of rate ε / (2 sensitivity), monotone ε / sensitivity; one-sided geometric noise has half the
 * variance. Source: Dwork, Roth 2014, section 3.3; Ding et al. 2021 (exponential noise; here its integer part).
 */
#pragma once

#include "dp/laplace.h"
#include "dp/permute_flip.h"

enum dp_max_noise { DP_MAX_GEOMETRIC, DP_MAX_LAPLACE };

/* ERR_USAGE: no candidates, or terms refused by dp_choice_check or out of dp_laplace_rate's bounds. *out is 0 then. */
MUST_USE enum status dp_noisy_max(struct dp_stream *stream, struct dp_choice_terms terms, enum dp_max_noise noise,
                                  const int64_t *scores, size_t count, size_t *out);
