/* Small dense networks for the attacks that learn: layers over a BLAS, float32, one thread.
 *
 * Matrices are row-major, a sample a row. All parameters of a network lie in one array with one of gradients beside it,
 * so that an optimiser needs to know nothing of layers; gradients with respect to the input serve inversion attacks. A
 * network owns room for its largest batch: nothing is allocated while it learns. The same seed gives the same network
 * on the same machine (a BLAS picks its kernels by the processor).
 *
 *     struct net_shape shape = {.inputs = 64, .layers = 2, .layer = {{32, NET_TANH}, {10, NET_LINEAR}}};
 *     TRY(net_new(&shape, 16, random, &net));
 *     TRY(net_adam_new(net.count, 1e-3F, &adam));
 *     for (..) {
 *         const float *logits = net_forward(&net, inputs, rows);
 *         double loss = loss_softmax(logits, labels, rows, 10, slopes);
 *         net_gradients_clear(&net);
 *         net_backward(&net, inputs, slopes, rows, NULL);
 *         net_adam_step(&adam, net.parameters, net.gradients);
 *     } */
#pragma once

#include "base/bytes.h"
#include "base/random.h"

#define NET_LAYERS_MAX 8
#define NET_WIDTH_MAX (1u << 20)
#define NET_PARAMETERS_MAX (1u << 26)

enum net_activation {
    NET_LINEAR,
    NET_RELU,
    NET_TANH,
    NET_SIGMOID,
    NET_GATED, /* |x|(2 sigma(x) - 1): the defence that arXiv 2409.08503 proposes for split learning */
    NET_ACTIVATIONS
};
float net_activate(enum net_activation activation, float x);
float net_activate_slope(enum net_activation activation, float x); /* derivative at x; 0 for NET_RELU at 0 */

struct net_shape {
    size_t inputs, layers;
    struct {
        size_t outputs;
        enum net_activation activation;
    } layer[NET_LAYERS_MAX];
};
struct net_layer {
    size_t inputs, outputs;
    enum net_activation activation;
    float *weights, *bias;               /* outputs x inputs, and outputs: parts of net.parameters */
    float *weight_gradients, *gradients; /* the same of net.gradients */
    float *before, *after, *slopes;      /* of the last batch: rows x outputs */
};
struct net {
    size_t layers, inputs, outputs, rows_max;
    struct net_layer layer[NET_LAYERS_MAX];
    size_t count;                  /* of parameters */
    float *parameters, *gradients; /* owned */
    float *work;                   /* owned */
};

/* Weights uniform by Glorot & Bengio 2010, for NET_RELU by He et al. 2015; biases 0. rows_max: the largest batch.
 * ERR_USAGE: a shape that makes no sense; ERR_TOO_LARGE; ERR_MEMORY. */
MUST_USE enum status net_new(const struct net_shape *shape, size_t rows_max, struct random random, struct net *out);
void net_free(struct net *net);
/* Outputs (rows x net->outputs) for inputs (rows x net->inputs); they stay until the next forward pass. */
const float *net_forward(struct net *net, const float *inputs, size_t rows);
/* Given the loss's slopes at the outputs of the last forward pass over the same inputs, *adds* its gradient to
 * net->gradients, and puts that of the inputs (rows x net->inputs) into input_slopes unless it is NULL. */
void net_backward(struct net *net, const float *inputs, const float *output_slopes, size_t rows, float *input_slopes);
void net_gradients_clear(struct net *net);

/* out = scale * a b (+ out if add), a: rows x inner, b: inner x columns. The transposed forms take b: columns x inner,
 * and a: inner x rows. */
enum net_add { NET_PUT, NET_ADD };
void net_product(const float *a, const float *b, size_t rows, size_t inner, size_t columns, float scale,
                 enum net_add add, float *out);
void net_product_by_rows(const float *a, const float *b, size_t rows, size_t inner, size_t columns, float scale,
                         enum net_add add, float *out);
void net_product_by_columns(const float *a, const float *b, size_t rows, size_t inner, size_t columns, float scale,
                            enum net_add add, float *out);
double net_dot(const float *a, const float *b, size_t count);
double net_cosine(const float *a, const float *b, size_t count); /* 0 if one of them is 0 */

/* Standard normal numbers (Box & Muller 1958). For training and simulation, never for noise that protects. */
void net_fill_normal(float *out, size_t count, struct random random);
void net_shuffle(size_t *order, size_t count, struct random random); /* the numbers below count, in random order */
/* Rows `order[0..rows)` of a matrix, one below the other: a minibatch. */
void net_gather(const float *matrix, size_t width, const size_t *order, size_t rows, float *out);
/* The timestep embedding (Vaswani et al. 2017, section 3.5): width numbers (even) in [-1, 1] of a step. */
void net_step_embedding(double step, size_t width, float *out);
