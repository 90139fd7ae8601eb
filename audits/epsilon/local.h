/* Mechanisms that answer for one device or one value: each with a pair of inputs that lie as far apart as inputs may,
 * and the logarithm of how much likelier an outcome is on one of them than on the other, which is the best score there
 * is (Neyman, Pearson). */
#pragma once

#include "dp/vector.h"
#include "insight/survey.h"
#include "protocol/policy.h"

enum local_kind {
    LOCAL_ANSWER, /* a device's whole answer to the survey */
    LOCAL_SUMS,   /* what the server tells of LOCAL_DEVICES answers, of which all but one are known */
    LOCAL_VOTE,   /* from here on: at the noise floor */
    LOCAL_CHOICE,
    LOCAL_COUNT,
    LOCAL_VECTOR,
    LOCALS
};
enum local_noise { LOCAL_NOISE_STATED, LOCAL_NOISE_OFF };

#define LOCAL_DEVICES 4
#define LOCAL_DIMENSIONS 8

struct local {
    enum local_kind kind;
    struct dp_epsilon epsilon; /* what is stated */
    double delta;              /* 0 but for LOCAL_VECTOR */
    struct survey_terms terms; /* of what draws; its rate also LOCAL_COUNT's, its vote LOCAL_CHOICE's */
    struct dp_response response;
    struct dp_vector_terms vector;
    double vote, rate; /* what a score takes from a vote and from a unit of a number: of the stated noise */
};
/* What the policy allows at most (LOCAL_ANSWER, LOCAL_SUMS), or the floor does. ERR_POLICY: nothing of the kind. */
MUST_USE enum status local_open(enum local_kind kind, const struct policy *policy, enum local_noise noise,
                                struct local *out, struct why *why);
/* An answer of LOCAL_ANSWER or LOCAL_SUMS: of a device all of whose lessons are of one kind on one topic, or of another
 * kind on another. contribution_free. */
MUST_USE enum status local_answer(const struct local *local, struct dp_stream *stream, bool in,
                                  struct contribution *out);
uint32_t local_topic(bool in);
enum candidate_kind local_kind_of_lessons(bool in);
/* What sums tell of one answer: whether its vote counts for the first topic and not the second (1), for the second and
 * not the first (-1), or tells neither (0); and by how much it raised the lessons of either kind. */
double local_score_sums(const struct local *local, int vote, int64_t in, int64_t out);
/* One outcome's score, of a release with the unit at the first of both inputs (`in`) or the second. */
MUST_USE enum status local_score(const struct local *local, struct dp_stream *stream, bool in, double *score);
