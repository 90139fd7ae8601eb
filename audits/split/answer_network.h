/* The inverse network (He, Zhang, Lee 2019) on the survey's answers: it learns from answers to lessons of its own
 * making, by the client's own code, what an answer is about. It is not told the law of the noise. */
#pragma once

#include "audits/net/learn.h"
#include "audits/net/net.h"
#include "audits/split/answers.h"

struct answer_network {
    const struct channel *channel; /* borrowed */
    struct net net;
    float *inputs; /* owned; a batch */
};
/* Learns from so many answers, each seen once. */
MUST_USE enum status answer_network_learn(const struct channel *channel, enum answer_aim aim, size_t answers,
                                          struct random random, struct answer_network *out);
void answer_network_free(struct answer_network *network);
size_t answer_network_guess(struct answer_network *network, const struct answer *answer);
