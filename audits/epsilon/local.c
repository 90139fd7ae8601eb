/* Local mechanisms. Hides the two inputs of each and its likelihood ratio. Where the noise is off it is the mechanisms'
 * own parameter that is all but 0: the code that draws is the same. */
#include "audits/epsilon/local.h"

#include <math.h>

#define VECTOR_NORM 4096 /* steps: fine against the noise */
#define VECTOR_DELTA_PER 100000

/* --- opening --- */

static double real(struct dp_epsilon epsilon)
{
    return (double)epsilon.micro / DP_EPSILON_ONE;
}

static enum status open_survey(struct local *local, const struct policy *policy, const struct dp_floor *floor,
                               struct why *why)
{
    if (!policy->allow_noised || policy->noise_epsilon_max_micro == 0)
        return why_set(why, ERR_POLICY, "the policy takes no noised answers", NULL, 0);
    local->epsilon = survey_epsilon_within(floor, (struct dp_epsilon){policy->noise_epsilon_max_micro});
    return survey_terms_for(local->epsilon, floor, &local->terms, why);
}

static enum status open_vector(struct local *local, const struct dp_floor *floor)
{
    uint64_t least = dp_floor_higher(*floor, dp_floor_builtin()).least[DP_FEATURE_VECTOR];
    local->vector = (struct dp_vector_terms){.dimensions = LOCAL_DIMENSIONS,
                                             .step = 1,
                                             .most = VECTOR_NORM,
                                             .norm = VECTOR_NORM,
                                             .variance = {least * least * VECTOR_NORM / 1000 * VECTOR_NORM, 1000}};
    local->delta = 1.0 / VECTOR_DELTA_PER;
    return dp_zcdp_epsilon(dp_vector_loss(&local->vector, DP_VECTOR_NONE), DP_DELTA_ONE / VECTOR_DELTA_PER,
                           &local->epsilon);
}

static enum status open_kind(struct local *local, const struct policy *policy, struct why *why)
{
    const struct dp_floor floor = policy_floor(policy);
    switch (local->kind) {
    case LOCAL_ANSWER:
    case LOCAL_SUMS:
        return open_survey(local, policy, &floor, why);
    case LOCAL_VOTE:
        local->epsilon = dp_floor_epsilon(&floor, DP_FEATURE_VOTE);
        return dp_response_for(local->epsilon, &local->response);
    case LOCAL_CHOICE:
        local->epsilon = dp_floor_epsilon(&floor, DP_FEATURE_CHOICE);
        return dp_projective_for(local->epsilon, CODEBOOK_TOPICS, &local->terms.vote);
    case LOCAL_COUNT:
        local->epsilon = dp_floor_epsilon(&floor, DP_FEATURE_COUNT);
        return dp_laplace_rate(local->epsilon, 1, &local->terms.rate);
    case LOCAL_VECTOR:
        return open_vector(local, &floor);
    case LOCALS:
        break;
    }
    return ERR_USAGE;
}

static void weigh(struct local *local)
{
    const struct survey_terms *terms = &local->terms;
    struct dp_epsilon vote = local->epsilon;
    if (terms->vote.points > 0 && dp_projective_epsilon(&terms->vote, &vote) != OK)
        vote = local->epsilon;
    local->vote = real(vote);
    if (terms->rate.denominator > 0)
        local->rate = (double)terms->rate.numerator / (double)terms->rate.denominator;
}

static void silence(struct local *local)
{
    struct dp_projective *vote = &local->terms.vote;
    if (vote->of > 0)
        vote->inside = vote->of - 1;
    local->terms.rate = (struct dp_ratio){1000, 1};
    local->response.lies = 1;
    local->vector.variance = (struct dp_ratio){1, 1000000};
}

enum status local_open(enum local_kind kind, const struct policy *policy, enum local_noise noise, struct local *out,
                       struct why *why)
{
    *out = (struct local){.kind = kind};
    enum status status = open_kind(out, policy, why);
    if (status != OK) {
        *out = (struct local){0};
        return status;
    }
    weigh(out);
    if (noise == LOCAL_NOISE_OFF)
        silence(out);
    return OK;
}

/* --- the survey --- */

enum { TOPIC_IN = 1, TOPIC_OUT = 2 };
#define KIND_IN CANDIDATE_PROCEDURE
#define KIND_OUT CANDIDATE_RECOVERY

/* All lessons of one kind on one topic, or all of another on another. */
static struct survey_truth truth_of(bool in)
{
    struct survey_truth truth = {.topic = in ? TOPIC_IN : TOPIC_OUT};
    truth.lessons[in ? KIND_IN : KIND_OUT] = SURVEY_LESSONS;
    return truth;
}

static double score_number(const struct local *local, int64_t value, int64_t in, int64_t out)
{
    return local->rate * (fabs((double)(value - out)) - fabs((double)(value - in)));
}

static double score_vote(const struct local *local, uint32_t answer)
{
    const struct dp_projective *space = &local->terms.vote;
    double in = (double)dp_projective_count(space, &answer, 1, TOPIC_IN);
    return local->vote * (in - (double)dp_projective_count(space, &answer, 1, TOPIC_OUT));
}

uint32_t local_topic(bool in)
{
    return in ? TOPIC_IN : TOPIC_OUT;
}

enum candidate_kind local_kind_of_lessons(bool in)
{
    return in ? KIND_IN : KIND_OUT;
}

enum status local_answer(const struct local *local, struct dp_stream *stream, bool in, struct contribution *out)
{
    const struct survey_truth truth = truth_of(in);
    *out = (struct contribution){.class = CLASS_NOISED};
    return survey_answer(&local->terms, &truth, stream, &out->noised);
}

static enum status score_answer(const struct local *local, struct dp_stream *stream, bool in, double *score)
{
    struct contribution answer;
    TRY(local_answer(local, stream, in, &answer));
    *score = score_vote(local, answer.noised.votes[0].code) +
             score_number(local, answer.noised.features[KIND_IN], SURVEY_LESSONS, 0) +
             score_number(local, answer.noised.features[KIND_OUT], 0, SURVEY_LESSONS);
    contribution_free(&answer);
    return OK;
}

/* --- the server's sums --- */

struct sums {
    double topic, in, out; /* of TOPIC_IN over TOPIC_OUT; of both kinds of lessons */
};

static struct sums sums_of(const struct survey *survey)
{
    return (struct sums){survey_topic(survey, TOPIC_IN).value - survey_topic(survey, TOPIC_OUT).value,
                         survey_lessons(survey, KIND_IN).value, survey_lessons(survey, KIND_OUT).value};
}

static enum status add_answer(const struct local *local, struct dp_stream *stream, bool in, struct survey *survey)
{
    struct contribution answer;
    TRY(local_answer(local, stream, in, &answer));
    enum status status = survey_add(survey, &answer.noised);
    contribution_free(&answer);
    return status;
}

double local_score_sums(const struct local *local, int vote, int64_t in, int64_t out)
{
    return local->vote * vote + score_number(local, in, SURVEY_LESSONS, 0) +
           score_number(local, out, 0, SURVEY_LESSONS);
}

/* What the last answer changed, from the sums alone: the other devices' answers are the adversary's. */
static enum status score_change(const struct local *local, struct dp_stream *stream, bool in, struct survey *survey,
                                double *score)
{
    for (size_t i = 1; i < LOCAL_DEVICES; i++)
        TRY(add_answer(local, stream, i % 2, survey));
    struct sums before = sums_of(survey);
    TRY(add_answer(local, stream, in, survey));
    struct sums after = sums_of(survey);
    double topic = after.topic - before.topic;
    *score = local_score_sums(local,
                              fabs(topic) < 1e-6 ? 0
                              : topic > 0        ? 1
                                                 : -1,
                              llround(after.in - before.in), llround(after.out - before.out));
    return OK;
}

static enum status score_sums(const struct local *local, struct dp_stream *stream, bool in, double *score)
{
    struct survey *survey = NULL;
    TRY(survey_new(local->epsilon, &survey));
    enum status status = score_change(local, stream, in, survey, score);
    survey_free(survey);
    return status;
}

/* --- at the floor --- */

static double score_vector(const struct local *local, struct dp_stream *stream, bool in)
{
    int64_t values[LOCAL_DIMENSIONS] = {in ? VECTOR_NORM : 0}, out[LOCAL_DIMENSIONS];
    dp_vector_release(&local->vector, stream, values, out);
    return (double)out[0] - VECTOR_NORM / 2.0;
}

enum status local_score(const struct local *local, struct dp_stream *stream, bool in, double *score)
{
    *score = 0;
    switch (local->kind) {
    case LOCAL_ANSWER:
        return score_answer(local, stream, in, score);
    case LOCAL_SUMS:
        return score_sums(local, stream, in, score);
    case LOCAL_VOTE:
        *score = dp_response_answer(stream, local->response, in);
        return OK;
    case LOCAL_CHOICE:
        *score = score_vote(local, dp_projective_answer(&local->terms.vote, stream, in ? TOPIC_IN : TOPIC_OUT));
        return OK;
    case LOCAL_COUNT:
        *score = score_number(local, dp_laplace_add(stream, in, local->terms.rate), 1, 0);
        return OK;
    case LOCAL_VECTOR:
        *score = score_vector(local, stream, in);
        return OK;
    case LOCALS:
        break;
    }
    return ERR_USAGE;
}
