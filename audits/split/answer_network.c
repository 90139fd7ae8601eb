/* Hides the network's shape, its inputs and its training. */
#include "audits/split/answer_network.h"

#define BATCH 64

/* The likelihoods of topics are one row a point, which a single layer holds; those of kinds bend. */
static const struct {
    size_t hidden; /* 0: none */
    float rate;
} terms_of[AIMS] = {[AIM_TOPIC] = {0, 3e-2F}, [AIM_KIND] = {64, 3e-3F}};

struct lessons_of_it { /* a batch to learn from */
    size_t labels[BATCH];
    float *slopes; /* owned; BATCH x outputs */
};

/* Which point was answered, and the numbers in units of their noise. */
static void put_inputs(const struct channel *channel, const struct answer *answer, float *out)
{
    size_t points = channel->terms.vote.points;
    float rate = (float)channel->terms.rate.numerator / (float)channel->terms.rate.denominator;
    memset(out, 0, points * sizeof *out);
    out[answer->point] = 1;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        out[points + kind] = (float)answer->numbers[kind] * rate;
}

static enum status draw_batch(struct answer_network *network, enum answer_aim aim, struct random random,
                              struct dp_stream *stream, struct lessons_of_it *batch)
{
    for (size_t row = 0; row < BATCH; row++) {
        struct answer answer;
        batch->labels[row] = (size_t)random_below(random, answer_inputs(aim));
        const struct survey_truth truth = answer_truth(aim, batch->labels[row]);
        TRY(channel_draw(network->channel, &truth, stream, &answer));
        put_inputs(network->channel, &answer, network->inputs + row * network->net.inputs);
    }
    return OK;
}

static enum status learn(struct answer_network *network, enum answer_aim aim, size_t answers, struct random random,
                         struct dp_stream *stream, struct lessons_of_it *batch)
{
    struct net_adam adam;
    TRY(net_adam_new(network->net.count, terms_of[aim].rate, &adam));
    enum status status = OK;
    for (size_t seen = 0; seen < answers && status == OK; seen += BATCH) {
        status = draw_batch(network, aim, random, stream, batch);
        if (status != OK)
            break;
        const float *logits = net_forward(&network->net, network->inputs, BATCH);
        (void)loss_softmax(logits, batch->labels, BATCH, network->net.outputs, batch->slopes);
        net_gradients_clear(&network->net);
        net_backward(&network->net, network->inputs, batch->slopes, BATCH, NULL);
        net_adam_step(&adam, network->net.parameters, network->net.gradients);
    }
    net_adam_free(&adam);
    return status;
}

static struct net_shape shape_of(const struct channel *channel, enum answer_aim aim)
{
    struct net_shape shape = {.inputs = channel->terms.vote.points + CANDIDATE_KINDS};
    if (terms_of[aim].hidden) {
        shape.layer[shape.layers].activation = NET_RELU;
        shape.layer[shape.layers++].outputs = terms_of[aim].hidden;
    }
    shape.layer[shape.layers].activation = NET_LINEAR;
    shape.layer[shape.layers++].outputs = answer_inputs(aim);
    return shape;
}

enum status answer_network_learn(const struct channel *channel, enum answer_aim aim, size_t answers,
                                 struct random random, struct answer_network *out)
{
    const struct net_shape shape = shape_of(channel, aim);
    struct lessons_of_it batch = {.slopes = mem_new(BATCH * answer_inputs(aim), sizeof *batch.slopes)};
    struct dp_stream *stream = NULL;
    *out = (struct answer_network){.channel = channel, .inputs = mem_new(BATCH * shape.inputs, sizeof *out->inputs)};
    enum status status = batch.slopes && out->inputs ? net_new(&shape, BATCH, random, &out->net) : ERR_MEMORY;
    if (status == OK)
        status = dp_stream_new(random, &stream);
    if (status == OK)
        status = learn(out, aim, answers, random, stream, &batch);
    dp_stream_free(stream);
    mem_free(batch.slopes);
    if (status != OK)
        answer_network_free(out);
    return status;
}

void answer_network_free(struct answer_network *network)
{
    net_free(&network->net);
    mem_free(network->inputs);
    *network = (struct answer_network){0};
}

size_t answer_network_guess(struct answer_network *network, const struct answer *answer)
{
    size_t best = 0;
    put_inputs(network->channel, answer, network->inputs);
    const float *logits = net_forward(&network->net, network->inputs, 1);
    for (size_t i = 1; i < network->net.outputs; i++)
        if (logits[i] > logits[best])
            best = i;
    return best;
}
