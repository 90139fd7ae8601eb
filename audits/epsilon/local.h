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
/* One outcome's score, of a release with the unit at the first of both inputs (`in`) or the second. */
MUST_USE enum status local_score(const struct local *local, struct dp_stream *stream, bool in, double *score);
