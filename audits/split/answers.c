/* Hides how lessons are made that an answer is about. */
#include "audits/split/answers.h"

#define MADE_TOPIC 1 /* where the kind is what counts */

size_t answer_inputs(enum answer_aim aim)
{
    return aim == AIM_TOPIC ? CODEBOOK_TOPICS : CANDIDATE_KINDS;
}

struct dp_epsilon answer_epsilon(const struct survey_terms *terms, enum answer_aim aim)
{
    const uint64_t vote = terms->epsilon.micro / 3 * 2; /* insight/survey.h: two thirds of the whole */
    return (struct dp_epsilon){aim == AIM_TOPIC ? vote : terms->epsilon.micro - vote};
}

static uint32_t topic_of(enum answer_aim aim, size_t input)
{
    return aim == AIM_TOPIC ? (uint32_t)input : MADE_TOPIC;
}

static enum candidate_kind kind_of(enum answer_aim aim, size_t input)
{
    return aim == AIM_KIND ? (enum candidate_kind)input : CANDIDATE_RECOVERY;
}

struct survey_truth answer_truth(enum answer_aim aim, size_t input)
{
    struct survey_truth truth = {.topic = topic_of(aim, input)};
    truth.lessons[kind_of(aim, input)] = SURVEY_LESSONS;
    return truth;
}

enum status answer_made(const struct channel *channel, enum answer_aim aim, size_t input, struct dp_stream *stream,
                        struct answer *out)
{
    uint32_t topic = topic_of(aim, input);
    struct candidate lessons[SURVEY_LESSONS] = {0}, lesson = {.kind = kind_of(aim, input)};
    *out = (struct answer){0};
    TRY(phrases_add(&lesson.when, topic ? codebook_topic(topic) : "-"));
    for (size_t i = 0; i < SURVEY_LESSONS; i++)
        lessons[i] = lesson;
    struct survey_truth truth;
    enum status status = channel_answer(channel, lessons, SURVEY_LESSONS, stream, &truth, out);
    candidate_free(&lesson);
    return status == OK && truth.topic != topic ? ERR_BUG : status;
}

void pick_add(struct pick *pick, size_t input, double score, struct random random)
{
    if (pick->ties && score < pick->best)
        return;
    pick->ties = pick->ties && score <= pick->best ? pick->ties + 1 : 1;
    pick->best = score;
    if (random_below(random, pick->ties) == 0)
        pick->input = input;
}

size_t answer_guess(const struct channel *channel, const double *table, enum answer_aim aim,
                    const struct answer *answer, struct random random)
{
    struct pick guess = {0};
    for (size_t input = 0; input < answer_inputs(aim); input++) {
        const struct survey_truth truth = answer_truth(aim, input);
        double score = aim == AIM_TOPIC ? channel_vote_score(channel, table, (uint32_t)input, answer->point)
                                        : channel_number_score(channel, &truth, answer);
        pick_add(&guess, input, score, random);
    }
    return guess.input;
}
