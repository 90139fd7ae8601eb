/* A network beside Bayes' best guess: what an attacker gets who only learns from answers. Both guess the same answers.
 * Nothing is right more often than the likeliest input, so that each is a check of the other: a network that beats it
 * says that the likelihoods by which split-survey goes are wrong, and the control fails. */
#include "audits/attacks.h"
#include "audits/split/answer_network.h"
#include "audits/statistics/statistics.h"
#include "audits/trials.h"
#include "audits/world.h"

#define TARGETS_QUICK 4000
#define TARGETS_FULL 40000
#define LEARN_QUICK 40000
#define LEARN_FULL 400000
#define LEARN_BARE 4    /* a part of it where every answer is the truth */
#define DRAWS_QUICK 400 /* of each topic, for the likelihoods */
#define DRAWS_FULL 4000
#define BEATS 1e-4 /* chance of as many more right guesses than Bayes' if the network is no better */

enum setting { SETTING_NOISED, SETTING_BARE, SETTINGS };
enum { HITS, HITS_BAYES, NETWORK_ALONE, BAYES_ALONE, NUMBERS };
struct contest {
    const struct audit_scope *scope;
    struct channel channel[SETTINGS];
    double *table[SETTINGS]; /* owned */
    size_t targets, learn;
};

static enum status guess_both(const struct contest *contest, size_t setting, enum answer_aim aim,
                              struct answer_network *network, struct random random, double *out)
{
    const struct channel *channel = &contest->channel[setting];
    struct dp_stream *stream = NULL;
    enum status status = dp_stream_new(random, &stream);
    for (size_t i = 0; i < contest->targets && status == OK; i++) {
        struct answer answer;
        size_t input = (size_t)random_below(random, answer_inputs(aim));
        status = answer_made(channel, aim, input, stream, &answer);
        if (status != OK)
            break;
        bool right = answer_network_guess(network, &answer) == input;
        bool bayes = answer_guess(channel, contest->table[setting], aim, &answer, random) == input;
        out[HITS] += right;
        out[HITS_BAYES] += bayes;
        out[NETWORK_ALONE] += right && !bayes;
        out[BAYES_ALONE] += bayes && !right;
    }
    dp_stream_free(stream);
    return status;
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct contest *contest = context;
    size_t setting = trial % SETTINGS;
    enum answer_aim aim = (enum answer_aim)(trial / SETTINGS);
    struct answer_network network;
    memset(out, 0, NUMBERS * sizeof *out);
    size_t learn = setting == SETTING_BARE ? contest->learn / LEARN_BARE : contest->learn;
    TRY(answer_network_learn(&contest->channel[setting], aim, learn, random, &network));
    enum status status = guess_both(contest, setting, aim, &network, random, out);
    answer_network_free(&network);
    return status;
}

/* --- results --- */

#define NETWORK_CLAIM(id, which)                                                                                       \
    {                                                                                                                  \
        .name = "split.survey." id ".network", .surface = SURFACE_FEATURES, .target = "a survey's answer",             \
        .threat = THREAT_CURIOUS_SERVER,                                                                               \
        .knows = "the client's program, to learn from, and that each is as likely; not the law of the noise",          \
        .metric = "right " which " / answers; limit: what epsilon allows", .unit = "answer",                           \
        .baseline = "Bayes' best guess of the same answers, which nothing beats",                                      \
        .control = "the same network on answers without noise; and Bayes' guess is not beaten", .needed = 1000,        \
        .limit = 1, .tolerated = 1                                                                                     \
    }
static const struct audit_claim claims[AIMS + 1] = {
    [AIM_TOPIC] = NETWORK_CLAIM("topic", "topics of 256"),
    [AIM_KIND] = NETWORK_CLAIM("label", "kinds of lessons of six"),
};

static enum status report(const struct contest *contest, const double *numbers, enum answer_aim aim,
                          struct audit_results *out)
{
    const double *noised = numbers + (aim * SETTINGS + SETTING_NOISED) * NUMBERS;
    const double *bare = numbers + (aim * SETTINGS + SETTING_BARE) * NUMBERS;
    struct audit_result result = audit_result_start(&claims[aim]);
    struct interval control = dp_proportion_interval((uint64_t)bare[HITS], contest->targets);
    size_t alone = (size_t)noised[NETWORK_ALONE];
    audit_result_count(&result, (size_t)noised[HITS], contest->targets);
    result.limit = result.tolerated =
        channel_bound(answer_epsilon(&contest->channel[SETTING_NOISED].terms, aim), answer_inputs(aim));
    result.baseline = noised[HITS_BAYES] / (double)contest->targets;
    result.p = stat_binomial_tail(alone, alone + (size_t)noised[BAYES_ALONE], .5);
    audit_result_control(&result, bare[HITS] / (double)contest->targets, control.low, control.high, result.limit);
    result.note = "a network that learned from answers to lessons of its own making; nothing beats the baseline";
    if (result.p < BEATS) {
        result.control = CONTROL_FAILED;
        result.note = "the network beats Bayes' best guess: the likelihoods that split-survey goes by are wrong";
    }
    return audit_results_add(out, &result);
}

static enum status run_contest(struct contest *contest, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    const struct trials trials = {.name = "split.survey.network",
                                  .count = (size_t)AIMS * SETTINGS,
                                  .numbers = NUMBERS,
                                  .parameters =
                                      contest->channel[SETTING_NOISED].terms.epsilon.micro * 1000003 + contest->targets,
                                  .run = run_trial,
                                  .context = contest};
    size_t draws = contest->scope->full ? DRAWS_FULL : DRAWS_QUICK;
    TRY(channel_table(contest->scope, &contest->channel[SETTING_NOISED], "split.survey.table", draws,
                      &contest->table[SETTING_NOISED]));
    TRY(channel_table(contest->scope, &contest->channel[SETTING_BARE], "split.survey.table-bare", 8,
                      &contest->table[SETTING_BARE]));
    TRY(trials_run(contest->scope, &trials, &numbers, NULL));
    for (enum answer_aim aim = 0; aim < AIMS; aim++)
        TRY(report(contest, numbers, aim, out));
    return OK;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct contest contest = {.scope = scope,
                              .targets = scope->full ? TARGETS_FULL : TARGETS_QUICK,
                              .learn = scope->full ? LEARN_FULL : LEARN_QUICK};
    (void)why;
    world_policy(scope, &policy);
    if (channel_of(&policy, CHANNEL_NOISED, &contest.channel[SETTING_NOISED]) != OK)
        return audit_not_evaluated(out, claims, "not applicable: under this policy no noised contribution leaves");
    TRY(channel_of(&policy, CHANNEL_BARE, &contest.channel[SETTING_BARE]));
    enum status status = run_contest(&contest, out);
    for (size_t i = 0; i < SETTINGS; i++)
        mem_free(contest.table[i]);
    return status;
}

const struct attack attack_split_network = {
    .name = "split-survey-network",
    .summary = "Could a network that learned from answers tell what a survey's answer is about?",
    .paper = "arXiv 2409.08503; He, Zhang, Lee 2019",
    .family = FAMILY_SPLIT,
    .quick = true,
    .quick_seconds = 3,
    .full_seconds = 30,
    .claims = claims,
    .run = run,
};
