/* Forward and backward passes. Hides how a network's arrays are laid out and the BLAS. */
#include "audits/net/net.h"

#include <cblas.h>
#include <math.h>

/* --- matrices --- */

static void product(CBLAS_TRANSPOSE turn_a, CBLAS_TRANSPOSE turn_b, const float *a, const float *b, size_t rows,
                    size_t inner, size_t columns, float scale, enum net_add add, float *out)
{
    int across_a = (int)(turn_a == CblasTrans ? rows : inner), across_b = (int)(turn_b == CblasTrans ? inner : columns);
    cblas_sgemm(CblasRowMajor, turn_a, turn_b, (int)rows, (int)columns, (int)inner, scale, a, across_a, b, across_b,
                add == NET_ADD ? 1 : 0, out, (int)columns);
}

void net_product(const float *a, const float *b, size_t rows, size_t inner, size_t columns, float scale,
                 enum net_add add, float *out)
{
    product(CblasNoTrans, CblasNoTrans, a, b, rows, inner, columns, scale, add, out);
}

void net_product_by_rows(const float *a, const float *b, size_t rows, size_t inner, size_t columns, float scale,
                         enum net_add add, float *out)
{
    product(CblasNoTrans, CblasTrans, a, b, rows, inner, columns, scale, add, out);
}

void net_product_by_columns(const float *a, const float *b, size_t rows, size_t inner, size_t columns, float scale,
                            enum net_add add, float *out)
{
    product(CblasTrans, CblasNoTrans, a, b, rows, inner, columns, scale, add, out);
}

double net_dot(const float *a, const float *b, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

double net_cosine(const float *a, const float *b, size_t count)
{
    double norms = sqrt(net_dot(a, a, count) * net_dot(b, b, count));
    return norms > 0 ? net_dot(a, b, count) / norms : 0;
}

/* --- making --- */

static enum status check_shape(const struct net_shape *shape, size_t rows_max)
{
    if (shape->layers == 0 || shape->layers > NET_LAYERS_MAX || shape->inputs == 0 || rows_max == 0)
        return ERR_USAGE;
    size_t width = shape->inputs, parameters = 0;
    for (size_t i = 0; i < shape->layers; i++) {
        size_t outputs = shape->layer[i].outputs;
        if (outputs == 0)
            return ERR_USAGE;
        if (width > NET_WIDTH_MAX || outputs > NET_WIDTH_MAX || rows_max > NET_PARAMETERS_MAX / outputs)
            return ERR_TOO_LARGE;
        parameters += (width + 1) * outputs;
        if (parameters > NET_PARAMETERS_MAX)
            return ERR_TOO_LARGE;
        width = outputs;
    }
    return OK;
}

static void start_layer(struct net_layer *layer, struct random random)
{
    double spread =
        layer->activation == NET_RELU ? 6 / (double)layer->inputs : 6 / (double)(layer->inputs + layer->outputs);
    double reach = sqrt(spread);
    for (size_t i = 0; i < layer->inputs * layer->outputs; i++)
        layer->weights[i] = (float)((2 * random_unit(random) - 1) * reach);
}

static void place_layers(struct net *net, const struct net_shape *shape, struct random random)
{
    float *parameters = net->parameters, *gradients = net->gradients, *work = net->work;
    size_t width = shape->inputs;
    for (size_t i = 0; i < shape->layers; i++) {
        struct net_layer *layer = &net->layer[i];
        size_t outputs = shape->layer[i].outputs, weights = width * outputs, values = net->rows_max * outputs;
        *layer = (struct net_layer){.inputs = width,
                                    .outputs = outputs,
                                    .activation = shape->layer[i].activation,
                                    .weights = parameters,
                                    .bias = parameters + weights,
                                    .weight_gradients = gradients,
                                    .gradients = gradients + weights,
                                    .before = work,
                                    .after = work + values,
                                    .slopes = work + 2 * values};
        start_layer(layer, random);
        parameters += weights + outputs;
        gradients += weights + outputs;
        work += 3 * values;
        width = outputs;
    }
    net->outputs = width;
}

enum status net_new(const struct net_shape *shape, size_t rows_max, struct random random, struct net *out)
{
    size_t width = shape->inputs, values = 0;
    *out = (struct net){.layers = shape->layers, .inputs = shape->inputs, .rows_max = rows_max};
    TRY(check_shape(shape, rows_max));
    openblas_set_num_threads(1); /* trials fork, and share the cores among themselves */
    for (size_t i = 0; i < shape->layers; i++) {
        out->count += (width + 1) * shape->layer[i].outputs;
        values += 3 * rows_max * shape->layer[i].outputs;
        width = shape->layer[i].outputs;
    }
    out->parameters = mem_new(out->count, sizeof(float));
    out->gradients = mem_new(out->count, sizeof(float));
    out->work = mem_new(values, sizeof(float));
    if (!out->parameters || !out->gradients || !out->work) {
        net_free(out);
        return ERR_MEMORY;
    }
    place_layers(out, shape, random);
    return OK;
}

void net_free(struct net *net)
{
    mem_free(net->parameters);
    mem_free(net->gradients);
    mem_free(net->work);
    *net = (struct net){0};
}

/* --- passes --- */

static void forward_layer(struct net_layer *layer, const float *inputs, size_t rows)
{
    for (size_t row = 0; row < rows; row++)
        memcpy(layer->before + row * layer->outputs, layer->bias, layer->outputs * sizeof(float));
    net_product_by_rows(inputs, layer->weights, rows, layer->inputs, layer->outputs, 1, NET_ADD, layer->before);
    for (size_t i = 0; i < rows * layer->outputs; i++)
        layer->after[i] = net_activate(layer->activation, layer->before[i]);
}

const float *net_forward(struct net *net, const float *inputs, size_t rows)
{
    INVARIANT(rows <= net->rows_max);
    for (size_t i = 0; i < net->layers; i++)
        forward_layer(&net->layer[i], i == 0 ? inputs : net->layer[i - 1].after, rows);
    return net->layer[net->layers - 1].after;
}

static void backward_layer(struct net_layer *layer, const float *inputs, const float *output_slopes, size_t rows,
                           float *input_slopes)
{
    for (size_t i = 0; i < rows * layer->outputs; i++) {
        layer->slopes[i] = output_slopes[i] * net_activate_slope(layer->activation, layer->before[i]);
        layer->gradients[i % layer->outputs] += layer->slopes[i];
    }
    net_product_by_columns(layer->slopes, inputs, layer->outputs, rows, layer->inputs, 1, NET_ADD,
                           layer->weight_gradients);
    if (input_slopes)
        net_product(layer->slopes, layer->weights, rows, layer->outputs, layer->inputs, 1, NET_PUT, input_slopes);
}

void net_backward(struct net *net, const float *inputs, const float *output_slopes, size_t rows, float *input_slopes)
{
    INVARIANT(rows <= net->rows_max);
    for (size_t i = net->layers; i-- > 0;) {
        struct net_layer *below = i > 0 ? &net->layer[i - 1] : NULL;
        /* A layer's room for slopes is free until its own turn: the layer above leaves its input's there. */
        backward_layer(&net->layer[i], below ? below->after : inputs, output_slopes, rows,
                       below ? below->slopes : input_slopes);
        output_slopes = below ? below->slopes : NULL;
    }
}

void net_gradients_clear(struct net *net)
{
    memset(net->gradients, 0, net->count * sizeof(float));
}
