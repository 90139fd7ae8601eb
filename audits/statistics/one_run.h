/* Lower bounds of ε from one run in which many canaries were in or out by fair, independent coins.
 *
 * Of m canaries the adversary guesses r, abstains from the others, and is right v times. Were the mechanism as private
 * as a hypothesis says for each canary, that many right guesses would come with probability p at most, whatever the
 * guesser and however the canaries act upon each other. Runs with canaries of their own count as one run.
 *
 * p: of an (ε, δ), the bound of Steinke, Nasr, Jagielski 2023 (arXiv 2305.08846, its theorem on approximate DP); of a
 * trade-off function, the recursion of Mahloujifar, Melis, Chaudhuri 2024 (arXiv 2410.22235, with a cap on guesses):
 * the least p at which it refutes. An ε is the largest that is refuted at level `alpha`: with probability 1 - alpha it
 * is at most the mechanism's own. Guessers and r must be chosen without looking at the coins; of several the alphas add
 * up (one_run_best). */
#pragma once

#include "audits/statistics/trade_off.h"

struct one_run {
    size_t canaries, guesses, correct; /* correct <= guesses <= canaries, canaries > 0 */
};

double one_run_p_of_pair(struct one_run run, double epsilon, double delta);
double one_run_p(struct one_run run, const struct trade_off *hypothesis);

double one_run_epsilon_of_pairs(struct one_run run, double delta, double alpha); /* the 2023 bound */
/* ε at `delta` of the noisiest Gaussian or Laplace mechanism that is not refuted. */
double one_run_epsilon_gaussian(struct one_run run, double delta, double alpha);
double one_run_epsilon_laplace(struct one_run run, double delta, double alpha);
/* The same over all mechanisms of a kind that is used `times` times: `kind` with its noise, sensitivity, choices and
 * part that is sampled; sigma or ε is what is searched for. delta in 1 / DP_DELTA_ONE. Seconds, where dp/pld.h has to
 * sum. ERR_USAGE: a kind without such a figure, or one that dp_mechanism_check refuses. */
MUST_USE enum status one_run_epsilon(struct one_run run, const struct dp_mechanism *kind, uint64_t times,
                                     uint64_t delta, double alpha, double *out);

/* What comes of guessing "in" for the `highest` highest scores and "out" for the `lowest` lowest. Ties are broken by
 * place. ERR_USAGE: more guesses than canaries; ERR_MEMORY. */
MUST_USE enum status one_run_guess(const double *scores, const bool *in, size_t canaries, size_t highest, size_t lowest,
                                   struct one_run *out);
/* The best Gaussian bound over guesses of 1/2, 1/4, .. of the canaries, half of them highest and half lowest;
 * Bonferroni over the ONE_RUN_CHOICES. *run (may be NULL) is the one that gave it. */
#define ONE_RUN_CHOICES 7
MUST_USE enum status one_run_best(const double *scores, const bool *in, size_t canaries, double delta, double alpha,
                                  double *epsilon, struct one_run *run);
