/* What a curious server gets of a device's survey: the answer as it stands in the record, made by the client's own code
 * and read by the server's. The attacks on it treat it as a channel whose input is the device's lessons; with the noise
 * off it is their positive control. */
#pragma once

#include "audits/audit.h"
#include "insight/survey.h"

enum channel_noise { CHANNEL_NOISED, CHANNEL_BARE };
struct channel {
    struct survey_terms terms; /* of the largest ε that policy and noise floor allow: what a device takes by itself */
    enum channel_noise noise;
};
/* ERR_POLICY: no answer leaves under this policy. */
MUST_USE enum status channel_of(const struct policy *policy, enum channel_noise noise, struct channel *out);

struct answer {
    uint32_t point;
    int32_t numbers[CANDIDATE_KINDS];
};
/* The answer about lessons, through the record's bytes. `truth` (may be NULL): what the answer is about. */
MUST_USE enum status channel_answer(const struct channel *channel, const struct candidate *lessons, size_t count,
                                    struct dp_stream *stream, struct survey_truth *truth, struct answer *out);
/* The same about a truth that is known, without a record: for whoever runs the client's code himself. */
MUST_USE enum status channel_draw(const struct channel *channel, const struct survey_truth *truth,
                                  struct dp_stream *stream, struct answer *out);

/* What nobody can exceed: the right one of n inputs that are as likely as each other is told from an answer that is
 * ε-differentially private with a chance of at most e^ε / (e^ε + n - 1) (Bayes' rule: no answer is more than e^ε times
 * likelier under one input than under another). */
double channel_bound(struct dp_epsilon epsilon, size_t inputs);

/* Who has run the client's code on every topic knows how likely an answer is under each: a table of counts, points a
 * row, a row a topic. ERR_MEMORY; owned (mem_free). */
MUST_USE enum status channel_table(const struct audit_scope *scope, const struct channel *channel, const char *name,
                                   size_t draws, double **out);
/* Log-likelihood of a point under a topic, up to a constant. */
double channel_vote_score(const struct channel *channel, const double *table, uint32_t topic, uint32_t point);
/* Of the numbers under a truth's lessons, by the public law of the noise. */
double channel_number_score(const struct channel *channel, const struct survey_truth *truth,
                            const struct answer *answer);
