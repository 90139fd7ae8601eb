/* Hides how ε is parted between vote and numbers, and how answers of different ε are added up: each group by itself. */
#include "insight/survey.h"

#include <math.h>

/* --- the terms --- */

enum status survey_terms_for(struct dp_epsilon epsilon, const struct dp_floor *floor, struct survey_terms *out,
                             struct why *why)
{
    const struct dp_epsilon vote = {epsilon.micro / 3 * 2}, numbers = {epsilon.micro - vote.micro};
    *out = (struct survey_terms){.epsilon = epsilon};
    if (vote.micro == 0 || dp_projective_for(vote, CODEBOOK_TOPICS, &out->vote) != OK ||
        dp_laplace_rate(numbers, 2 * SURVEY_LESSONS, &out->rate) != OK) {
        *out = (struct survey_terms){0};
        return why_set(why, ERR_POLICY, "no noise has this epsilon", "epsilon_micro", 0);
    }
    enum status status = dp_floor_check_epsilon(floor, DP_FEATURE_CHOICE, vote, why);
    if (status == OK)
        status = dp_floor_check_epsilon(floor, DP_FEATURE_COUNT, numbers, why);
    if (status != OK)
        *out = (struct survey_terms){0};
    return status;
}

struct dp_epsilon survey_epsilon_within(const struct dp_floor *floor, struct dp_epsilon most)
{
    uint64_t low = 0, high = most.micro;
    struct survey_terms terms;
    while (low < high) {
        uint64_t middle = high - (high - low) / 2;
        if (survey_terms_for((struct dp_epsilon){middle}, floor, &terms, NULL) == OK)
            low = middle;
        else
            high = middle - 1;
    }
    return (struct dp_epsilon){low};
}

/* --- a device's answer --- */

static uint32_t commonest_topic(const struct candidate *candidates, size_t count)
{
    uint32_t lessons[CODEBOOK_TOPICS] = {0}, best = 0;
    for (size_t i = 0; i < count; i++)
        lessons[codebook_topic_of(&candidates[i])]++;
    for (uint32_t topic = 1; topic < CODEBOOK_TOPICS; topic++)
        best = lessons[topic] && (best == 0 || lessons[topic] > lessons[best]) ? topic : best;
    return best;
}

/* Each kind's part of SURVEY_LESSONS, rounded down, where there are more. */
static void count_lessons(const struct candidate *candidates, size_t count, uint32_t out[static CANDIDATE_KINDS])
{
    uint64_t lessons[CANDIDATE_KINDS] = {0};
    for (size_t i = 0; i < count; i++)
        lessons[candidates[i].kind]++;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        out[kind] = (uint32_t)(count > SURVEY_LESSONS ? lessons[kind] * SURVEY_LESSONS / count : lessons[kind]);
}

void survey_truth_of(const struct candidate *candidates, size_t count, struct survey_truth *out)
{
    *out = (struct survey_truth){.topic = commonest_topic(candidates, count)};
    count_lessons(candidates, count, out->lessons);
}

/* Beyond what a record holds: less likely than a broken machine. */
static int32_t held(int64_t value)
{
    return (int32_t)(value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value);
}

enum status survey_answer(const struct survey_terms *terms, const struct survey_truth *truth, struct dp_stream *stream,
                          struct noised_record *out)
{
    *out = (struct noised_record){.codebook = CODEBOOK_VERSION,
                                  .epsilon_micro = terms->epsilon.micro,
                                  .scale = 1,
                                  .votes = mem_new(1, sizeof *out->votes),
                                  .features = mem_new(CANDIDATE_KINDS, sizeof *out->features)};
    if (!out->votes || !out->features) {
        mem_free(out->votes);
        mem_free(out->features);
        *out = (struct noised_record){0};
        return ERR_MEMORY;
    }
    out->vote_count = 1;
    out->votes[0] = (struct noised_vote){dp_projective_answer(&terms->vote, stream, truth->topic), 1};
    out->feature_count = CANDIDATE_KINDS;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        out->features[kind] = held(dp_laplace_add(stream, truth->lessons[kind], terms->rate));
    return OK;
}

static enum status check_codebook(const struct noised_record *record, struct why *why)
{
    return record->codebook == CODEBOOK_VERSION ? OK : why_set(why, ERR_VERSION, "of another codebook", "codebook", 0);
}

static enum status check_numbers(const struct noised_record *record, const struct survey_terms *terms, struct why *why)
{
    if (record->vote_count != 1 || record->votes[0].bit != 1 || record->votes[0].code >= terms->vote.points)
        return why_set(why, ERR_INPUT, "not one vote of its space", "votes", 0);
    if (record->feature_count != CANDIDATE_KINDS || record->scale != 1)
        return why_set(why, ERR_INPUT, "not a number a kind", "features", 0);
    return OK;
}

enum status survey_check(const struct noised_record *record, const struct dp_floor *floor, struct why *why)
{
    struct survey_terms terms;
    TRY(check_codebook(record, why));
    TRY(survey_terms_for((struct dp_epsilon){record->epsilon_micro}, floor, &terms, why));
    return check_numbers(record, &terms, why);
}

/* --- many --- */

struct group { /* answers of one ε */
    struct survey_terms terms;
    int64_t reach; /* of a number's noise */
    size_t count, room;
    uint32_t *votes; /* owned */
    int64_t lessons[CANDIDATE_KINDS];
};
struct survey {
    struct dp_epsilon least;
    size_t count, room;
    struct group *groups; /* owned */
};

enum status survey_new(struct dp_epsilon least, struct survey **out)
{
    *out = mem_new(1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    (*out)->least = least;
    return OK;
}

void survey_free(struct survey *survey)
{
    if (!survey)
        return;
    for (size_t i = 0; i < survey->count; i++)
        mem_free(survey->groups[i].votes);
    mem_free(survey->groups);
    mem_free(survey);
}

static enum status group_new(struct survey *survey, uint64_t epsilon_micro, struct group **out)
{
    const struct dp_floor floor = dp_floor_builtin();
    struct group group = {0};
    TRY(survey_terms_for((struct dp_epsilon){epsilon_micro}, &floor, &group.terms, NULL));
    group.reach = (int64_t)dp_laplace_bound(group.terms.rate, (struct dp_ratio){1, 1000000});
    if (survey->count == SURVEY_EPSILONS)
        return ERR_TOO_LARGE;
    if (survey->count == survey->room) {
        size_t room = survey->room ? 2 * survey->room : 4;
        struct group *grown = mem_grow(survey->groups, survey->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        survey->groups = grown;
        survey->room = room;
    }
    *out = &survey->groups[survey->count++];
    **out = group;
    return OK;
}

static enum status group_of(struct survey *survey, uint64_t epsilon_micro, struct group **out)
{
    for (size_t i = 0; i < survey->count; i++)
        if (survey->groups[i].terms.epsilon.micro == epsilon_micro) {
            *out = &survey->groups[i];
            return OK;
        }
    return group_new(survey, epsilon_micro, out);
}

static int64_t within(int64_t value, int64_t reach)
{
    int64_t most = SURVEY_LESSONS + reach;
    return value > most ? most : value < -reach ? -reach : value;
}

/* As survey_check at the built-in floor; a group's terms are computed once, for its first answer. */
enum status survey_add(struct survey *survey, const struct noised_record *record)
{
    struct group *group = NULL;
    TRY(check_codebook(record, NULL));
    if (record->epsilon_micro < survey->least.micro)
        return ERR_POLICY;
    TRY(group_of(survey, record->epsilon_micro, &group));
    TRY(check_numbers(record, &group->terms, NULL));
    if (group->count == group->room) {
        size_t room = group->room ? 2 * group->room : 16;
        uint32_t *grown = mem_grow(group->votes, group->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        group->votes = grown;
        group->room = room;
    }
    group->votes[group->count++] = record->votes[0].code;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        group->lessons[kind] += within(record->features[kind], group->reach);
    return OK;
}

uint64_t survey_answers(const struct survey *survey)
{
    uint64_t answers = 0;
    for (size_t i = 0; i < survey->count; i++)
        answers += survey->groups[i].count;
    return answers;
}

struct dp_estimate survey_topic(const struct survey *survey, uint32_t topic)
{
    struct dp_estimate sum = {0};
    double variance = 0;
    for (size_t i = 0; i < survey->count; i++) {
        const struct group *group = &survey->groups[i];
        uint64_t orthogonal = dp_projective_count(&group->terms.vote, group->votes, group->count, topic);
        struct dp_estimate part = dp_projective_estimate(&group->terms.vote, orthogonal, group->count);
        sum.value += part.value;
        variance += part.standard_error * part.standard_error;
    }
    sum.standard_error = sqrt(variance);
    return sum;
}

struct dp_estimate survey_lessons(const struct survey *survey, enum candidate_kind kind)
{
    struct dp_estimate sum = {0};
    double variance = 0;
    for (size_t i = 0; i < survey->count; i++) {
        const struct group *group = &survey->groups[i];
        double r = exp(-(double)group->terms.rate.numerator / (double)group->terms.rate.denominator);
        sum.value += (double)group->lessons[kind];
        variance += (double)group->count * 2 * r / ((1 - r) * (1 - r));
    }
    sum.standard_error = sqrt(variance);
    return sum;
}
