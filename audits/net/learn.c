/* Losses and optimisers. */
#include "audits/net/learn.h"

#include <math.h>

#include "audits/net/net.h"

#define ADAM_FIRST 0.9F
#define ADAM_SECOND 0.999F
#define ADAM_EPSILON 1e-8F

double loss_squares(const float *outputs, const float *targets, size_t rows, size_t width, float *slopes)
{
    double sum = 0;
    for (size_t i = 0; i < rows * width; i++) {
        float off = outputs[i] - targets[i];
        sum += (double)off * (double)off / 2;
        slopes[i] = off / (float)rows;
    }
    return sum / (double)rows;
}

void net_softmax(const float *logits, size_t rows, size_t width, float *out)
{
    for (size_t row = 0; row < rows; row++, logits += width, out += width) {
        float most = logits[0], sum = 0;
        for (size_t i = 1; i < width; i++)
            most = logits[i] > most ? logits[i] : most;
        for (size_t i = 0; i < width; i++)
            sum += out[i] = expf(logits[i] - most);
        for (size_t i = 0; i < width; i++)
            out[i] /= sum;
    }
}

/* From the logits and not from the softmax, which may be 0 in float. */
static double cross_entropy(const float *logits, size_t label, size_t width)
{
    double most = logits[0], sum = 0;
    for (size_t i = 1; i < width; i++)
        most = (double)logits[i] > most ? (double)logits[i] : most;
    for (size_t i = 0; i < width; i++)
        sum += exp((double)logits[i] - most);
    return log(sum) + most - (double)logits[label];
}

double loss_softmax(const float *logits, const size_t *labels, size_t rows, size_t width, float *slopes)
{
    double sum = 0;
    for (size_t row = 0; row < rows; row++)
        sum += cross_entropy(logits + row * width, labels[row], width);
    net_softmax(logits, rows, width, slopes);
    for (size_t row = 0; row < rows; row++)
        slopes[row * width + labels[row]] -= 1;
    for (size_t i = 0; i < rows * width; i++)
        slopes[i] /= (float)rows;
    return sum / (double)rows;
}

double loss_logistic(const float *logits, const float *targets, size_t rows, size_t width, float *slopes)
{
    double sum = 0;
    for (size_t i = 0; i < rows * width; i++) {
        float x = logits[i];
        sum += (double)(fmaxf(x, 0) - x * targets[i] + log1pf(expf(-fabsf(x))));
        slopes[i] = (net_activate(NET_SIGMOID, x) - targets[i]) / (float)rows;
    }
    return sum / (double)rows;
}

static double cosine_row(const float *output, const float *target, size_t width, size_t rows, float *slopes)
{
    double length = sqrt(net_dot(output, output, width)), aim = sqrt(net_dot(target, target, width));
    if (length == 0 || aim == 0) {
        memset(slopes, 0, width * sizeof *slopes);
        return 1;
    }
    double cosine = net_dot(output, target, width) / (length * aim);
    for (size_t i = 0; i < width; i++)
        slopes[i] = (float)((cosine * (double)output[i] / length - (double)target[i] / aim) / length / (double)rows);
    return 1 - cosine;
}

double loss_cosine(const float *outputs, const float *targets, size_t rows, size_t width, float *slopes)
{
    double sum = 0;
    for (size_t row = 0; row < rows; row++)
        sum += cosine_row(outputs + row * width, targets + row * width, width, rows, slopes + row * width);
    return sum / (double)rows;
}

double loss_gaussian_kl(const float *means, const float *log_variances, size_t rows, size_t width, float *mean_slopes,
                        float *log_variance_slopes)
{
    double sum = 0;
    for (size_t i = 0; i < rows * width; i++) {
        float variance = expf(log_variances[i]);
        sum += ((double)variance + (double)means[i] * (double)means[i] - 1 - (double)log_variances[i]) / 2;
        mean_slopes[i] = means[i] / (float)rows;
        log_variance_slopes[i] = (variance - 1) / 2 / (float)rows;
    }
    return sum / (double)rows;
}

/* --- optimisers --- */

enum status net_adam_new(size_t count, float rate, struct net_adam *out)
{
    *out = (struct net_adam){
        .count = count, .rate = rate, .first = mem_new(count, sizeof(float)), .second = mem_new(count, sizeof(float))};
    if (out->first && out->second)
        return OK;
    net_adam_free(out);
    return ERR_MEMORY;
}

void net_adam_free(struct net_adam *adam)
{
    mem_free(adam->first);
    mem_free(adam->second);
    *adam = (struct net_adam){0};
}

void net_adam_step(struct net_adam *adam, float *parameters, const float *gradients)
{
    adam->steps++;
    float first_rest = 1 - powf(ADAM_FIRST, (float)adam->steps),
          second_rest = 1 - powf(ADAM_SECOND, (float)adam->steps);
    for (size_t i = 0; i < adam->count; i++) {
        float g = gradients[i];
        adam->first[i] = ADAM_FIRST * adam->first[i] + (1 - ADAM_FIRST) * g;
        adam->second[i] = ADAM_SECOND * adam->second[i] + (1 - ADAM_SECOND) * g * g;
        parameters[i] -=
            adam->rate * adam->first[i] / first_rest / (sqrtf(adam->second[i] / second_rest) + ADAM_EPSILON);
    }
}

void net_descend(float *parameters, const float *gradients, size_t count, float rate)
{
    for (size_t i = 0; i < count; i++)
        parameters[i] -= rate * gradients[i];
}

double net_clip(float *gradients, size_t count, double most)
{
    double norm = sqrt(net_dot(gradients, gradients, count));
    if (norm > most)
        for (size_t i = 0; i < count; i++)
            gradients[i] *= (float)(most / norm);
    return norm;
}
