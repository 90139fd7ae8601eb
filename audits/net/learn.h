/* Losses with their slopes, and optimisers. Every loss is the mean over the rows of a batch and writes its derivative
 * with respect to each number it was given. */
#pragma once

#include "base/bytes.h"

/* Half the sum of squares. */
double loss_squares(const float *outputs, const float *targets, size_t rows, size_t width, float *slopes);
/* Cross-entropy of the softmax of logits against the label of each row. */
double loss_softmax(const float *logits, const size_t *labels, size_t rows, size_t width, float *slopes);
/* Sum of binary cross-entropies of the logistic of logits against targets in [0, 1]. */
double loss_logistic(const float *logits, const float *targets, size_t rows, size_t width, float *slopes);
/* 1 - cosine of outputs and targets. */
double loss_cosine(const float *outputs, const float *targets, size_t rows, size_t width, float *slopes);
/* KL divergence of normal laws with these means and log variances from the standard one (Kingma & Welling 2014,
 * appendix B). */
double loss_gaussian_kl(const float *means, const float *log_variances, size_t rows, size_t width, float *mean_slopes,
                        float *log_variance_slopes);

void net_softmax(const float *logits, size_t rows, size_t width, float *out); /* out may be logits */

struct net_adam { /* Kingma & Ba 2015, algorithm 1, beta = .9 and .999, epsilon = 1e-8 */
    size_t count, steps;
    float rate;
    float *first, *second; /* owned */
};
MUST_USE enum status net_adam_new(size_t count, float rate, struct net_adam *out);
void net_adam_free(struct net_adam *adam);
void net_adam_step(struct net_adam *adam, float *parameters, const float *gradients);
void net_descend(float *parameters, const float *gradients, size_t count, float rate); /* plain gradient descent */
/* Scale down to an L2 norm of at most `most`; returns the norm before. */
double net_clip(float *gradients, size_t count, double most);
