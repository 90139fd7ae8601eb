/* Hides the way of an answer through the record, and how a table of likelihoods is drawn over the cores. */
#include "audits/split/channel.h"

#include <math.h>
#include <stdlib.h>

#include "audits/trials.h"

enum status channel_of(const struct policy *policy, enum channel_noise noise, struct channel *out)
{
    const struct dp_floor floor = policy_floor(policy);
    *out = (struct channel){.noise = noise};
    if (!policy->allow_noised)
        return ERR_POLICY;
    struct dp_epsilon epsilon = survey_epsilon_within(&floor, (struct dp_epsilon){policy->noise_epsilon_max_micro});
    return survey_terms_for(epsilon, &floor, &out->terms, NULL);
}

double channel_bound(struct dp_epsilon epsilon, size_t inputs)
{
    double odds = exp((double)epsilon.micro / DP_EPSILON_ONE);
    return odds / (odds + (double)inputs - 1);
}

/* --- answers --- */

/* In the form of an answer, without noise. */
static void bare(const struct survey_truth *truth, struct noised_record *record)
{
    record->votes[0].code = truth->topic;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        record->features[kind] = (int32_t)truth->lessons[kind];
}

static void read_answer(const struct noised_record *record, struct answer *out)
{
    out->point = record->votes[0].code;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        out->numbers[kind] = record->features[kind];
}

static enum status answer_about(const struct channel *channel, const struct survey_truth *truth,
                                struct dp_stream *stream, struct contribution *out)
{
    *out = (struct contribution){.class = CLASS_NOISED};
    TRY(survey_answer(&channel->terms, truth, stream, &out->noised));
    if (channel->noise == CHANNEL_BARE)
        bare(truth, &out->noised);
    return OK;
}

enum status channel_draw(const struct channel *channel, const struct survey_truth *truth, struct dp_stream *stream,
                         struct answer *out)
{
    struct contribution contribution;
    *out = (struct answer){0};
    TRY(answer_about(channel, truth, stream, &contribution));
    read_answer(&contribution.noised, out);
    contribution_free(&contribution);
    return OK;
}

static enum status through_record(const struct contribution *contribution, struct answer *out)
{
    const struct dp_floor floor = dp_floor_builtin();
    struct contribution arrived = {0};
    SCOPED_BUF struct buf record = {0};
    TRY(contribution_encode(contribution, &record));
    TRY(contribution_decode(buf_bytes(&record), &arrived, NULL));
    enum status status = survey_check(&arrived.noised, &floor, NULL); /* as the server does */
    if (status == OK)
        read_answer(&arrived.noised, out);
    contribution_free(&arrived);
    return status;
}

enum status channel_answer(const struct channel *channel, const struct candidate *lessons, size_t count,
                           struct dp_stream *stream, struct survey_truth *truth, struct answer *out)
{
    struct contribution contribution;
    struct survey_truth about;
    *out = (struct answer){0};
    survey_truth_of(lessons, count, &about);
    if (truth)
        *truth = about;
    TRY(answer_about(channel, &about, stream, &contribution));
    enum status status = through_record(&contribution, out);
    contribution_free(&contribution);
    return status;
}

/* --- likelihoods --- */

struct drawing {
    const struct channel *channel;
    size_t draws;
};

/* One topic's row. */
static enum status draw_row(void *context, size_t topic, struct random random, double *out)
{
    const struct drawing *drawing = context;
    const struct survey_truth truth = {.topic = (uint32_t)topic};
    struct dp_stream *stream = NULL;
    struct answer answer;
    enum status status = dp_stream_new(random, &stream);
    for (uint32_t point = 0; point < drawing->channel->terms.vote.points; point++)
        out[point] = 0;
    for (size_t i = 0; i < drawing->draws && status == OK; i++) {
        status = channel_draw(drawing->channel, &truth, stream, &answer);
        if (status == OK)
            out[answer.point]++;
    }
    dp_stream_free(stream);
    return status;
}

enum status channel_table(const struct audit_scope *scope, const struct channel *channel, const char *name,
                          size_t draws, double **out)
{
    struct drawing drawing = {channel, draws};
    const struct trials trials = {.name = name,
                                  .count = CODEBOOK_TOPICS,
                                  .numbers = channel->terms.vote.points,
                                  .parameters = channel->terms.epsilon.micro * 1000003 + draws,
                                  .run = draw_row,
                                  .context = &drawing};
    return trials_run(scope, &trials, out, NULL);
}

double channel_vote_score(const struct channel *channel, const double *table, uint32_t topic, uint32_t point)
{
    return log(table[(size_t)topic * channel->terms.vote.points + point] + .5); /* half a draw more: none is no proof */
}

double channel_number_score(const struct channel *channel, const struct survey_truth *truth,
                            const struct answer *answer)
{
    double rate = (double)channel->terms.rate.numerator / (double)channel->terms.rate.denominator, sum = 0;
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        sum -= rate * fabs((double)answer->numbers[kind] - truth->lessons[kind]);
    return sum;
}
