/* The variational network of arXiv 2409.08482: it takes an artefact's update and the step at which it was seen, and
 * gives the private vector behind it. An encoder makes a normal law of a hidden code from update and step, a decoder
 * the private vector from a code and the same step; trained together on shadow pairs of update and private vector,
 * every intermediate step a sample (Kingma & Welling 2014; the step enters as timestep embedding). */
#pragma once

#include "audits/net/learn.h"
#include "audits/net/net.h"

struct vae_shape {
    size_t updates, privates; /* widths of an update and of a private vector */
    size_t steps;             /* width of the timestep embedding, even */
    size_t hidden, code;
};
struct vae {
    struct vae_shape shape;
    struct net encoder, decoder;
    struct net_adam encoder_adam, decoder_adam;
    size_t rows_max;
    float *work; /* owned */
};
MUST_USE enum status vae_new(const struct vae_shape *shape, size_t rows_max, float rate, struct random random,
                             struct vae *out);
void vae_free(struct vae *vae);
/* One step of Adam on a batch: updates rows x shape.updates, steps of each, privates rows x shape.privates. The loss is
 * 1 - cosine of the private vector and its reconstruction from a drawn code, plus kl_weight times the code's
 * divergence from the standard normal; it is returned as it was before the step. */
double vae_learn(struct vae *vae, const float *updates, const double *steps, const float *privates, size_t rows,
                 double kl_weight, struct random random);
/* The same loss, its gradients added to those of both networks, with the code's noise given (rows x shape.code). */
double vae_loss(struct vae *vae, const float *updates, const double *steps, const float *privates, size_t rows,
                double kl_weight, const float *noise);
/* The private vectors of rows of updates, decoded from the codes' means; they stay until the next call. */
const float *vae_reconstruct(struct vae *vae, const float *updates, const double *steps, size_t rows);
