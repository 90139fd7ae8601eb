/* A small low-rank adapter that is really trained on private text: the target of the study's question, not a part of
 * the product. A frozen linear model predicts the class of the next word from the words before it; the adapter adds B A
 * of rank LOWRANK_RANK to its weights (Hu et al. 2021; B begins at 0) and is trained by minibatches, with or without
 * clipping and noise on every sample's gradient (Abadi et al. 2016). */
#pragma once

#include "base/bytes.h"
#include "base/random.h"

#define LOWRANK_INPUTS 32
#define LOWRANK_CLASSES 32
#define LOWRANK_RANK 4
#define LOWRANK_CONTEXT 3  /* words before the one that is predicted */
#define LOWRANK_SAMPLES 96 /* of a text that count */
#define LOWRANK_BATCH 32
#define LOWRANK_TEXTS_MAX 8 /* that one adapter is trained on */
#define LOWRANK_WEIGHTS (LOWRANK_CLASSES * LOWRANK_INPUTS)

struct lowrank_text { /* a text's samples */
    size_t count;
    float inputs[LOWRANK_SAMPLES][LOWRANK_INPUTS]; /* of length 1: a constant, and the hashed words before */
    uint8_t labels[LOWRANK_SAMPLES];               /* hashed next word */
};
void lowrank_read(struct bytes text, struct lowrank_text *out);
/* Parts of the above: a word as all of this knows it; of the words before, in any order, the input; the label. */
uint64_t lowrank_word(const char *word);
void lowrank_input(const uint64_t before[static LOWRANK_CONTEXT], float out[static LOWRANK_INPUTS]);
size_t lowrank_label(uint64_t word);

struct lowrank {
    float base[LOWRANK_WEIGHTS]; /* frozen; classes x inputs */
    float a[LOWRANK_RANK * LOWRANK_INPUTS], b[LOWRANK_CLASSES * LOWRANK_RANK];
};
void lowrank_start(struct lowrank *model, struct random random);
void lowrank_update(const struct lowrank *model, float *out); /* B A: what an adapter's file gives away */
double lowrank_loss(const struct lowrank *model, const struct lowrank_text *text); /* mean cross-entropy */

struct lowrank_training {
    float rate;
    double clip;  /* largest norm of a sample's gradient; 0: not clipped */
    double noise; /* standard deviation of the noise on a batch's sum, in clips */
};
/* One pass over the samples of `texts`, in random order. */
void lowrank_epoch(struct lowrank *model, const struct lowrank_training *training,
                   const struct lowrank_text *const *texts, size_t count, struct random random);
/* The mean gradient of a text with respect to the full weights base + B A: what an adversary who knows the model
 * expects this text to do. */
void lowrank_gradient(const struct lowrank *model, const struct lowrank_text *text, float *out);
/* The gradients of one sample's loss with respect to B and A, added; for the trainer and its test. */
void lowrank_sample(const struct lowrank *model, const float *input, size_t label, float *to_b, float *to_a);
