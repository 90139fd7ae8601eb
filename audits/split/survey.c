/* Inversion of the survey's answers, the one vector that a contribution of class `noised` carries: its topic over the
 * whole codebook, its label (the kind of lessons), and the device's own lessons among those of others. Each attack has
 * the client's program and is the best there is: the likelihoods are drawn by the client's own code, so that noise that
 * is weaker than declared, or none, is seen as what it is. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/split/answers.h"
#include "audits/statistics/statistics.h"
#include "audits/trials.h"
#include "audits/world.h"

#define PARTS 32 /* of the targets, a trial each */
#define TARGETS_QUICK (PARTS * 125)
#define TARGETS_FULL (PARTS * 1250)
#define TARGETS_CONTROL (PARTS * 16)
#define DRAWS_QUICK 400 /* of each topic */
#define DRAWS_FULL 4000
#define DEVICES 256
#define DEVICE_ITEMS 6 /* contributions behind a device's answer, at most */

enum survey_case { CASE_TOPIC, CASE_LABEL, CASE_DEVICE, CASES };

struct device { /* real lessons, borrowed */
    size_t count;
    struct candidate *lessons; /* owned array of borrowed candidates */
    struct survey_truth truth;
};
struct attack_survey {
    const struct audit_scope *scope;
    struct channel channel;
    double *table;
    size_t targets; /* of the case at hand */
    enum survey_case which;
    struct device devices[DEVICES];
};

/* --- guesses and targets --- */

static size_t guess_device(const struct attack_survey *run, const struct answer *answer, struct random random)
{
    struct pick guess = {0};
    for (size_t i = 0; i < DEVICES; i++) {
        const struct survey_truth *truth = &run->devices[i].truth;
        pick_add(&guess, i,
                 channel_vote_score(&run->channel, run->table, truth->topic, answer->point) +
                     channel_number_score(&run->channel, truth, answer),
                 random);
    }
    return guess.input;
}

static enum status try_made(const struct attack_survey *run, enum answer_aim aim, struct random random,
                            struct dp_stream *stream, bool *hit)
{
    struct answer answer;
    size_t input = (size_t)random_below(random, answer_inputs(aim));
    TRY(answer_made(&run->channel, aim, input, stream, &answer));
    *hit = answer_guess(&run->channel, run->table, aim, &answer, random) == input;
    return OK;
}

static enum status try_topic(const struct attack_survey *run, struct random random, struct dp_stream *stream, bool *hit)
{
    return try_made(run, AIM_TOPIC, random, stream, hit);
}

static enum status try_label(const struct attack_survey *run, struct random random, struct dp_stream *stream, bool *hit)
{
    return try_made(run, AIM_KIND, random, stream, hit);
}

static enum status try_device(const struct attack_survey *run, struct random random, struct dp_stream *stream,
                              bool *hit)
{
    struct answer answer;
    size_t input = (size_t)random_below(random, DEVICES);
    const struct device *device = &run->devices[input];
    TRY(channel_answer(&run->channel, device->lessons, device->count, stream, NULL, &answer));
    *hit = guess_device(run, &answer, random) == input;
    return OK;
}

static enum status (*const tries[CASES])(const struct attack_survey *, struct random, struct dp_stream *, bool *) = {
    [CASE_TOPIC] = try_topic, [CASE_LABEL] = try_label, [CASE_DEVICE] = try_device};

static enum status try_part(void *context, size_t trial, struct random random, double *out)
{
    const struct attack_survey *run = context;
    struct dp_stream *stream = NULL;
    (void)trial;
    *out = 0;
    enum status status = dp_stream_new(random, &stream);
    for (size_t i = 0; i < run->targets / PARTS && status == OK; i++) {
        bool hit = false;
        status = tries[run->which](run, random, stream, &hit);
        *out += hit;
    }
    dp_stream_free(stream);
    return status;
}

static enum status try_all(struct attack_survey *run, enum survey_case which, const char *name, size_t targets,
                           size_t *hits)
{
    double *parts = NULL;
    const struct trials trials = {.name = name,
                                  .count = PARTS,
                                  .numbers = 1,
                                  .parameters = run->channel.terms.epsilon.micro * 1000003 + targets,
                                  .run = try_part,
                                  .context = run};
    run->which = which;
    run->targets = targets;
    TRY(trials_run(run->scope, &trials, &parts, NULL));
    *hits = 0;
    for (size_t i = 0; i < PARTS; i++)
        *hits += (size_t)parts[i];
    mem_free(parts);
    return OK;
}

/* --- devices made of the scope's own lessons --- */

static enum status fill_device(const struct prepared *prepared, struct random random, struct device *device)
{
    const size_t most = (size_t)DEVICE_ITEMS * CONTRIBUTION_CANDIDATES_MAX;
    device->lessons = mem_new(most, sizeof *device->lessons);
    if (!device->lessons)
        return ERR_MEMORY;
    size_t items = 1 + (size_t)random_below(random, DEVICE_ITEMS);
    for (size_t i = 0; i < items; i++) {
        const struct contribution *from = &prepared->items[random_below(random, prepared->count)].contribution;
        memcpy(device->lessons + device->count, from->candidates, from->candidate_count * sizeof *from->candidates);
        device->count += from->candidate_count;
    }
    survey_truth_of(device->lessons, device->count, &device->truth);
    return OK;
}

/* *found false: no tenant has a lesson. */
static enum status fill_devices(struct attack_survey *run, const struct prepared *prepared, bool *found)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, run->scope->seed ^ 0x5041);
    size_t with = 0;
    for (size_t t = 0; t < run->scope->tenant_count; t++)
        with += prepared[t].count > 0;
    *found = with > 0;
    for (size_t i = 0; i < DEVICES && *found; i++) {
        size_t tenant = (size_t)random_below(random, run->scope->tenant_count);
        while (prepared[tenant].count == 0)
            tenant = (tenant + 1) % run->scope->tenant_count;
        TRY(fill_device(&prepared[tenant], random, &run->devices[i]));
    }
    return OK;
}

/* --- results --- */

#define ANSWER_CLAIM(id, of, which, knowing, chance)                                                                   \
    {                                                                                                                  \
        .name = "split.survey." id, .surface = SURFACE_FEATURES, .target = "a survey's answer",                        \
        .threat = THREAT_CURIOUS_SERVER, .knows = knowing, .metric = which, .unit = "answer", .baseline = chance,      \
        .control = "the same search where the client's noise is off", .needed = of, .limit = 1, .tolerated = 1         \
    }

static const struct audit_claim claims[CASES + 1] = {
    [CASE_TOPIC] = ANSWER_CLAIM("topic", 1000, "right topics of 256 / answers; limit: what epsilon allows",
                                "the client's program, and that every topic is as likely", "one in 256"),
    [CASE_LABEL] =
        ANSWER_CLAIM("label", 1000, "right kinds of lessons of six / answers; limit: what epsilon allows",
                     "the client's program, and that all of a device's lessons are of one kind", "one in six"),
    [CASE_DEVICE] =
        ANSWER_CLAIM("device", 1000, "right devices of 256 / answers; limit: what epsilon allows",
                     "the client's program, and the lessons of 256 devices, one of which answered", "one in 256"),
};

static const struct {
    const char *name, *control, *note;
    size_t inputs;
} cases[CASES] = {
    [CASE_TOPIC] = {"split.survey.topic", "split.survey.topic-bare",
                    "the likeliest topic under the vote; two thirds of epsilon are the vote's", CODEBOOK_TOPICS},
    [CASE_LABEL] = {"split.survey.label", "split.survey.label-bare",
                    "the likeliest kind under the six numbers; a third of epsilon is theirs", CANDIDATE_KINDS},
    [CASE_DEVICE] = {"split.survey.device", "split.survey.device-bare",
                     "the likeliest device under vote and numbers; devices of like lessons cannot be told apart",
                     DEVICES},
};

static struct dp_epsilon part_of(const struct survey_terms *terms, enum survey_case which)
{
    if (which == CASE_DEVICE)
        return terms->epsilon;
    return answer_epsilon(terms, which == CASE_TOPIC ? AIM_TOPIC : AIM_KIND);
}

static enum status run_case(struct attack_survey *noised, struct attack_survey *bare, enum survey_case which,
                            struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[which]);
    size_t targets = noised->scope->full ? TARGETS_FULL : TARGETS_QUICK, hits, control;
    TRY(try_all(noised, which, cases[which].name, targets, &hits));
    TRY(try_all(bare, which, cases[which].control, TARGETS_CONTROL, &control));
    audit_result_count(&result, hits, targets);
    result.limit = result.tolerated = channel_bound(part_of(&noised->channel.terms, which), cases[which].inputs);
    result.baseline = 1 / (double)cases[which].inputs;
    result.p = stat_binomial_tail(hits, targets, result.baseline);
    struct interval bare_hits = dp_proportion_interval(control, TARGETS_CONTROL);
    audit_result_control(&result, (double)control / TARGETS_CONTROL, bare_hits.low, bare_hits.high, result.limit);
    result.note = cases[which].note;
    return audit_results_add(out, &result);
}

/* Who answered cannot be found among devices that would answer alike, whatever the noise. */
static bool devices_differ(const struct attack_survey *run)
{
    size_t different = 0;
    for (size_t i = 0; i < DEVICES; i++) {
        size_t first = 0;
        while (memcmp(&run->devices[first].truth, &run->devices[i].truth, sizeof run->devices[i].truth) != 0)
            first++;
        different += first == i;
    }
    return (double)different / DEVICES > channel_bound(part_of(&run->channel.terms, CASE_DEVICE), DEVICES);
}

static enum status run_cases(struct attack_survey *noised, struct attack_survey *bare, bool devices,
                             struct audit_results *out)
{
    size_t draws = noised->scope->full ? DRAWS_FULL : DRAWS_QUICK;
    TRY(channel_table(noised->scope, &noised->channel, "split.survey.table", draws, &noised->table));
    TRY(channel_table(bare->scope, &bare->channel, "split.survey.table-bare", 8, &bare->table));
    TRY(run_case(noised, bare, CASE_TOPIC, out));
    TRY(run_case(noised, bare, CASE_LABEL, out));
    if (devices && devices_differ(noised))
        return run_case(noised, bare, CASE_DEVICE, out);
    struct audit_result none = audit_result_start(&claims[CASE_DEVICE]);
    none.note = devices ? "made of these lessons, too many devices have the same to say: nobody to be told from"
                        : "no tenant has a lesson to answer from";
    return audit_results_add(out, &none);
}

static enum status prepare_and_run(struct attack_survey *noised, struct attack_survey *bare, struct audit_results *out,
                                   struct why *why)
{
    struct prepared *prepared = NULL;
    bool devices = false;
    TRY(world_prepare_all(noised->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    enum status status = fill_devices(noised, prepared, &devices);
    memcpy(bare->devices, noised->devices, sizeof bare->devices);
    if (status == OK)
        status = run_cases(noised, bare, devices, out);
    for (size_t i = 0; i < DEVICES; i++)
        mem_free(noised->devices[i].lessons);
    mem_free(noised->table);
    mem_free(bare->table);
    world_prepared_free(prepared, noised->scope->tenant_count);
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct attack_survey noised = {.scope = scope}, bare = {.scope = scope};
    world_policy(scope, &policy);
    if (channel_of(&policy, CHANNEL_NOISED, &noised.channel) != OK)
        return audit_not_evaluated(out, claims, "not applicable: under this policy no noised contribution leaves");
    TRY(channel_of(&policy, CHANNEL_BARE, &bare.channel));
    return prepare_and_run(&noised, &bare, out, why);
}

const struct attack attack_split_survey = {
    .name = "split-survey",
    .summary = "Does the survey's noisy answer give away what it is about?",
    .paper = "after arXiv 2409.08503; bound: Bayes' rule on the definition of local differential privacy",
    .family = FAMILY_SPLIT,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 9,
    .claims = claims,
    .run = run,
};
