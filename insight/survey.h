/* The survey: what a device answers in class `noised`, and what the answers of many say.
 *
 * An answer is a vote for the topic (insight/codebook.h) of most of a device's lessons, and how many lessons of each
 * kind it has, at most SURVEY_LESSONS in all. The vote goes by the projective geometry response (dp/projective.h), each
 * number gets discrete Laplace noise. There is no other field, and none of text.
 *
 * Guarantee: an answer is ε-locally differentially private for the device's lessons, whatever they are, against
 * everybody, the server included: two thirds of ε are the vote's; of the rest each number has the sensitivity of
 * two devices' lessons together, 2 SURVEY_LESSONS, since the numbers sum to at most SURVEY_LESSONS. A device answers
 * once a month; answers add up, and the ledger charges them to the tenant. The server can check what is declared, not
 * that the noise was drawn. What is estimated from answers costs nothing more. */
#pragma once

#include "dp/floor.h"
#include "dp/laplace.h"
#include "dp/projective.h"
#include "insight/codebook.h"
#include "protocol/contribution.h"

#define SURVEY_LESSONS 8

struct survey_terms {
    struct dp_epsilon epsilon; /* of the whole answer */
    struct dp_projective vote;
    struct dp_ratio rate; /* of each number's noise */
};
/* ERR_POLICY with the reason: an ε of 0, or under the noise floor (dp/floor.h), the built-in one or the policy's. */
MUST_USE enum status survey_terms_for(struct dp_epsilon epsilon, const struct dp_floor *floor, struct survey_terms *out,
                                      struct why *why);

/* The largest ε of an answer that the floor allows, at most `most`: for a default. */
struct dp_epsilon survey_epsilon_within(const struct dp_floor *floor, struct dp_epsilon most);

/* What would be answered without noise: for the device's own eyes. */
struct survey_truth {
    uint32_t topic;
    uint32_t lessons[CANDIDATE_KINDS]; /* sums to at most SURVEY_LESSONS */
};
void survey_truth_of(const struct candidate *candidates, size_t count, struct survey_truth *out);
/* A fresh answer at each call: the caller sends one and keeps it. ERR_MEMORY. */
MUST_USE enum status survey_answer(const struct survey_terms *terms, const struct survey_truth *truth,
                                   struct dp_stream *stream, struct noised_record *out);
/* Whether a record is an answer: codebook, one vote of the space, a number a kind, no scale. ERR_INPUT, ERR_VERSION, or
 * ERR_POLICY where its ε is under the floor. */
MUST_USE enum status survey_check(const struct noised_record *record, const struct dp_floor *floor, struct why *why);

/* --- many answers --- */

struct survey;
/* Of answers of at least this ε: one of a much smaller ε says little and makes all sums worse. */
MUST_USE enum status survey_new(struct dp_epsilon least, struct survey **out);
void survey_free(struct survey *survey);
/* One that survey_check takes, at the built-in floor; its numbers count as far as noise reaches once in a million, so
 * that no answer decides a sum. ERR_POLICY: under the least ε; ERR_TOO_LARGE: of more different ε than SURVEY_EPSILONS.
 */
#define SURVEY_EPSILONS 4096
MUST_USE enum status survey_add(struct survey *survey, const struct noised_record *record);
uint64_t survey_answers(const struct survey *survey);
/* Unbiased estimates over all answers, with their standard errors: of the devices with a topic, of lessons of a kind
 * (at most SURVEY_LESSONS of a device count). */
struct dp_estimate survey_topic(const struct survey *survey, uint32_t topic);
struct dp_estimate survey_lessons(const struct survey *survey, enum candidate_kind kind);
