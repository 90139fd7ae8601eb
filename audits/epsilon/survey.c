/* The empirical ε of the survey as its operator sees it: answers are sealed, sent and admitted as a device's are, and
 * after each of them the server's own sums are asked for.
 *
 * The adversary has the sums and the answers of all other devices. Its own answers, which come first, make it see all
 * there is: they vote for both topics, so that both stand among those that are shown, and their numbers are as high as
 * the server lets count, so that no sum is shown as none. What a sum grew by is then one answer's part of it. Answers
 * come one after the other, each with noise of its own, so that each is a run. */
#include <stdio.h>
#include <stdlib.h>

#include "audits/attacks.h"
#include "audits/epsilon/bound.h"
#include "audits/epsilon/local.h"
#include "audits/trials.h"
#include "audits/world.h"
#include "base/hash.h"

#define ANSWERS 100 /* of a world, half of them on either input */
#define COLLUDING 100
#define MEMBERS 4 /* on whose account answers go, of either: no budget is at its end */
#define WORLDS_QUICK 80
#define WORLDS_FULL 160
#define WORLDS_CONTROL 10
#define BUDGET_MICRO 1000000000

static const struct audit_claim claims[] = {
    {.name = "epsilon.survey.server",
     .surface = SURFACE_ANSWERS,
     .target = "the sums that the server shows its operator",
     .threat = THREAT_COLLUDERS,
     .knows = "the sums after every answer, and the answers of all devices but one",
     .metric = "lower bound of epsilon at 97.5 %",
     .unit = "run",
     .baseline = "",
     .control = "the same attack finds an epsilon of at least 3 where devices draw no noise",
     .needed = 2000},
    {0},
};

struct shown { /* to the operator; of the input with the unit in, and of the other */
    int64_t topics[2], lessons[2];
};
struct survey_attack {
    struct policy policy;
    struct local local;
    struct world *base; /* members who answer, then those who collude; whose answers are in */
    struct shown first; /* what is shown before anybody else answers */
};

/* --- sending --- */

static enum status send(struct survey_attack *attack, size_t member, const struct contribution *answer,
                        struct random random)
{
    struct prepared_item item = {0};
    bool accepted = false;
    random_fill(random, item.id, sizeof item.id);
    enum status status = contribution_encode(answer, &item.record);
    if (status == OK)
        status = world_share_item(attack->base, member, &item, &accepted);
    buf_free(&item.record);
    return status == OK && !accepted ? ERR_BUG : status; /* the policy was made to take all of them */
}

/* An answer that counts for both topics. */
static uint32_t code_of_both(const struct dp_projective *space)
{
    for (uint32_t code = 0; code < space->points; code++)
        if (dp_projective_count(space, &code, 1, local_topic(true)) &&
            dp_projective_count(space, &code, 1, local_topic(false)))
            return code;
    return 0;
}

static enum status collude(struct survey_attack *attack, struct random random)
{
    struct noised_vote vote = {code_of_both(&attack->local.terms.vote), 1};
    int32_t numbers[CANDIDATE_KINDS];
    const struct contribution answer = {.class = CLASS_NOISED,
                                        .noised = {.codebook = CODEBOOK_VERSION,
                                                   .epsilon_micro = attack->local.epsilon.micro,
                                                   .vote_count = 1,
                                                   .votes = &vote,
                                                   .feature_count = CANDIDATE_KINDS,
                                                   .features = numbers,
                                                   .scale = 1}};
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        numbers[kind] = INT32_MAX;
    for (size_t i = 0; i < COLLUDING; i++)
        TRY(send(attack, MEMBERS + i % MEMBERS, &answer, random));
    return OK;
}

/* --- what the operator is shown --- */

static int64_t estimate_of(const struct json *item)
{
    return json_integer_value(json_get(item, "estimate"));
}

static enum status look(struct survey_attack *attack, struct shown *out)
{
    SCOPED_JSON struct json *reply = NULL;
    *out = (struct shown){0};
    TRY(world_survey(attack->base, &reply));
    const struct json *topics = json_get(reply, "topics"), *lessons = json_get(reply, "lessons");
    for (size_t side = 0; side < 2; side++) {
        const char *name = codebook_topic(local_topic(side == 0));
        for (size_t i = 0; i < json_count(topics); i++)
            if (strcmp(json_string_text(json_get(json_at(topics, i), "topic")), name) == 0)
                out->topics[side] = estimate_of(json_at(topics, i));
        out->lessons[side] = estimate_of(json_get(lessons, candidate_kind_name(local_kind_of_lessons(side == 0))));
    }
    return OK;
}

/* --- one answer, from what the sums grew by --- */

struct adversary {
    struct shown before;
    uint64_t votes[2], answers; /* that count for either topic; of all */
};

static int64_t shown_as(const struct local *local, uint64_t votes, uint64_t answers)
{
    double value = dp_projective_estimate(&local->terms.vote, votes, answers).value;
    return value < 0 ? 0 : (int64_t)(value + .5);
}

/* Whether the newest answer counts for that topic: what is shown is nearer to that than to the contrary. */
static bool counts_for(const struct local *local, const struct adversary *adversary, size_t side, int64_t shown)
{
    int64_t with = shown_as(local, adversary->votes[side] + 1, adversary->answers);
    int64_t without = shown_as(local, adversary->votes[side], adversary->answers);
    return llabs(shown - with) < llabs(shown - without);
}

static double score(const struct local *local, struct adversary *adversary, const struct shown *now)
{
    bool votes[2];
    int64_t lessons[2];
    adversary->answers++;
    for (size_t side = 0; side < 2; side++) {
        votes[side] = counts_for(local, adversary, side, now->topics[side]);
        adversary->votes[side] += votes[side];
        lessons[side] = now->lessons[side] - adversary->before.lessons[side];
    }
    adversary->before = *now;
    return local_score_sums(local, votes[0] - votes[1], lessons[0], lessons[1]);
}

/* --- a world --- */

static enum status answer_and_look(struct survey_attack *attack, struct dp_stream *stream, size_t number, bool in,
                                   struct random random, struct shown *out)
{
    struct contribution answer;
    TRY(local_answer(&attack->local, stream, in, &answer));
    enum status status = send(attack, number % MEMBERS, &answer, random);
    contribution_free(&answer);
    return status == OK ? look(attack, out) : status;
}

/* The inputs come in any order: that one input comes later must not tell it from the other. */
static void shuffle(struct random random, size_t places[static ANSWERS])
{
    for (size_t i = 0; i < ANSWERS; i++) {
        size_t other = (size_t)random_below(random, i + 1);
        places[i] = places[other];
        places[other] = i;
    }
}

static enum status run_answers(struct survey_attack *attack, struct dp_stream *stream, struct random random,
                               double *out)
{
    struct adversary adversary = {.before = attack->first, .votes = {COLLUDING, COLLUDING}, .answers = COLLUDING};
    size_t places[ANSWERS] = {0};
    shuffle(random, places);
    for (size_t i = 0; i < ANSWERS; i++) {
        struct shown now;
        TRY(answer_and_look(attack, stream, i, places[i] < ANSWERS / 2, random, &now));
        out[places[i]] = score(&attack->local, &adversary, &now);
    }
    return OK;
}

/* Scores of ANSWERS, the first half of them with the unit in. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct survey_attack *attack = context;
    struct dp_stream *stream = NULL;
    TRY(world_branch(attack->base, random));
    TRY(dp_stream_new(random, &stream));
    enum status status = run_answers(attack, stream, random, out);
    dp_stream_free(stream);
    return status;
}

/* --- many --- */

static enum status bound(const double *scores, size_t worlds, struct random random, struct many_run *out)
{
    size_t each = worlds * ANSWERS / 2;
    SCOPED_MEM double *sides = mem_new(2 * each + 1, sizeof *sides);
    double unused;
    *out = (struct many_run){0};
    if (!sides)
        return ERR_MEMORY;
    for (size_t w = 0; w < worlds; w++)
        for (size_t i = 0; i < ANSWERS / 2; i++) {
            sides[w * ANSWERS / 2 + i] = scores[w * ANSWERS + i];
            sides[each + w * ANSWERS / 2 + i] = scores[w * ANSWERS + ANSWERS / 2 + i];
        }
    const struct many_scores both = {sides, sides + each, each, each};
    return many_run_bound(&both, MANY_SPLIT, 0, BOUND_ALPHA, random, &unused, out);
}

static enum status run_worlds(const struct audit_scope *scope, struct survey_attack *attack, const char *name,
                              size_t worlds, struct many_run *out, struct audit_results *results)
{
    const uint64_t parameters[] = {attack->local.epsilon.micro, attack->local.terms.rate.numerator, COLLUDING};
    const struct trials trials = {.name = name,
                                  .count = worlds,
                                  .numbers = ANSWERS,
                                  .parameters = hash_mix64(bytes_of(parameters, sizeof parameters), 1),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = attack};
    struct random_seeded seeded;
    SCOPED_MEM double *scores = NULL;
    TRY(trials_run_worlds(scope, &trials, results, &scores));
    return bound(scores, worlds, random_seeded_start(&seeded, scope->seed ^ 0xe3), out);
}

static enum status report(const struct audit_scope *scope, struct survey_attack *attack, struct audit_results *out)
{
    const struct stated stated = {(double)attack->local.epsilon.micro / DP_EPSILON_ONE, 0};
    struct audit_result result = audit_result_start(claims);
    struct many_run run;
    TRY(run_worlds(scope, attack, "epsilon.survey.server", scope->full ? WORLDS_FULL : WORLDS_QUICK, &run, out));
    bound_pure(&result, run, stated);
    TRY(local_open(LOCAL_SUMS, &attack->policy, LOCAL_NOISE_OFF, &attack->local, NULL));
    TRY(run_worlds(scope, attack, "epsilon.survey.server.control", WORLDS_CONTROL, &run, out));
    bound_control(&result, many_run_epsilon(run, 0, BOUND_ALPHA));
    return audit_results_add(out, &result);
}

/* --- the run --- */

static void survey_policy(const struct audit_scope *scope, struct policy *out)
{
    world_policy(scope, out);
    out->cosigners = 0;
    out->budget_epsilon_micro = BUDGET_MICRO;
}

static enum status found(struct survey_attack *attack, const struct audit_scope *scope, struct why *why)
{
    struct random_seeded seeded;
    TRY(world_new(&attack->policy, scope->seed, &attack->base, why));
    for (size_t i = 0, number; i < 2 * MEMBERS; i++) {
        char name[32];
        snprintf(name, sizeof name, "member %zu", i + 1);
        TRY(world_tenant(attack->base, name, &number));
    }
    TRY(collude(attack, random_seeded_start(&seeded, scope->seed ^ 0xe4)));
    return look(attack, &attack->first);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct survey_attack attack = {.base = NULL};
    survey_policy(scope, &attack.policy);
    enum status status = local_open(LOCAL_SUMS, &attack.policy, LOCAL_NOISE_STATED, &attack.local, NULL);
    if (status == ERR_POLICY)
        return audit_not_evaluated(out, claims, "not applicable: the policy takes no noised answers");
    if (status == OK)
        status = found(&attack, scope, why);
    if (status == OK)
        status = report(scope, &attack, out);
    world_free(attack.base);
    return status;
}

const struct attack attack_epsilon_survey = {
    .name = "epsilon-survey",
    .summary = "Do the sums that a server shows of many devices' answers keep the epsilon of one?",
    .paper = "Jagielski, Ullman, Oprea 2020 (arXiv 2006.07709)",
    .family = FAMILY_EPSILON,
    .quick = false,
    .full_seconds = 57,
    .claims = claims,
    .run = run,
};
