/* Activations and their derivatives, a row each. */
#include "audits/net/net.h"

#include <math.h>

static float sigmoid(float x)
{
    return 1 / (1 + expf(-x));
}

static float linear(float x)
{
    return x;
}
static float linear_slope(float x)
{
    (void)x;
    return 1;
}

static float relu(float x)
{
    return x > 0 ? x : 0;
}
static float relu_slope(float x)
{
    return x > 0 ? 1 : 0;
}

static float tanh_slope(float x)
{
    float y = tanhf(x);
    return 1 - y * y;
}

static float sigmoid_slope(float x)
{
    float y = sigmoid(x);
    return y * (1 - y);
}

/* 2 sigma(x) - 1 = tanh(x / 2) */
static float gated(float x)
{
    return fabsf(x) * tanhf(x / 2);
}
static float gated_slope(float x)
{
    float y = tanhf(x / 2);
    return (x < 0 ? -y : y) + fabsf(x) * (1 - y * y) / 2;
}

static const struct {
    float (*value)(float x);
    float (*slope)(float x);
} rows[NET_ACTIVATIONS] = {
    [NET_LINEAR] = {linear, linear_slope},    [NET_RELU] = {relu, relu_slope},    [NET_TANH] = {tanhf, tanh_slope},
    [NET_SIGMOID] = {sigmoid, sigmoid_slope}, [NET_GATED] = {gated, gated_slope},
};

float net_activate(enum net_activation activation, float x)
{
    return rows[activation].value(x);
}

float net_activate_slope(enum net_activation activation, float x)
{
    return rows[activation].slope(x);
}
