/* survey: one private answer a month. Hides that an answer is drawn once: what was drawn is what is sent, however often
 * it is asked for, since a second draw about the same lessons would tell more than the first. */
#include <inttypes.h>
#include <unistd.h>

#include "base/secret.h"
#include "client/command.h"
#include "client/outbox.h"
#include "client/print.h"
#include "client/remote.h"
#include "insight/survey.h"

/* Candidates of all contributions that the traces would make; moved out. */
static enum status gather(struct prepared *prepared, struct candidate_list *out)
{
    for (size_t i = 0; i < prepared->count; i++) {
        struct contribution *contribution = &prepared->items[i].contribution;
        for (size_t k = 0; k < contribution->candidate_count; k++)
            TRY(candidate_list_add(out, &contribution->candidates[k]));
    }
    return OK;
}

static enum status read_truth(const struct arguments *arguments, const struct home *home, struct survey_truth *truth,
                              struct why *why)
{
    struct policy reading; /* what is read for the survey need not be allowed to leave as text */
    struct prepared prepared = {0};
    struct candidate_list list = {0};
    if (home->enrolled)
        reading = home->federation.policy;
    else
        policy_default(&reading);
    reading.allow_text = true;
    enum status status = prepare_paths(arguments, home, &reading, &prepared, why);
    if (status == OK)
        status = gather(&prepared, &list);
    if (status == OK)
        survey_truth_of(list.items, list.count, truth); /* of none, too: that a device has nothing to say is not told */
    candidate_list_free(&list);
    prepared_free(&prepared);
    return status;
}

/* The largest ε that policy, noise floor and --epsilon allow; what is asked for over that is refused. */
static enum status take_terms(const struct arguments *arguments, const struct home *home, struct survey_terms *terms,
                              struct why *why)
{
    struct policy policy;
    struct dp_epsilon epsilon;
    policy_default(&policy);
    if (home->enrolled)
        policy = home->federation.policy;
    if (!policy.allow_noised)
        return why_set(why, ERR_POLICY, "the federation's policy takes no noised contributions", "policy", 0);
    const struct dp_floor floor = policy_floor(&policy);
    epsilon = survey_epsilon_within(&floor, (struct dp_epsilon){policy.noise_epsilon_max_micro});
    if (arguments->epsilon && dp_epsilon_parse(bytes_str(arguments->epsilon), &epsilon) != OK)
        return why_set(why, ERR_USAGE, "wants a number above 0, with at most six decimals", "--epsilon", 0);
    if (epsilon.micro > policy.noise_epsilon_max_micro)
        return why_set(why, ERR_POLICY, "less noise than the federation's policy asks for", "--epsilon", 0);
    return survey_terms_for(epsilon, &floor, terms, why);
}

/* One answer a device and month, whatever its lessons. */
static void answer_id(const struct home *home, char epoch[static EPOCH_TEXT], uint8_t id[static ID_BYTES])
{
    char identity[32 + EPOCH_TEXT];
    clock_epoch(clock_seconds(home->clock), epoch);
    snprintf(identity, sizeof identity, "chatham/v1 survey %s", epoch);
    home_task_tag((void *)home, bytes_str(identity), id);
}

/* The seed of a month's draw: a pseudonym, by the device's key, of the month, ε and the true answer. A home that was
 * put back from a copy draws the same about the same, where fresh noise would be a second loss. */
struct draw {
    const struct home *home;
    char identity[256];
};

static void fill_seed(void *state, uint8_t *out, size_t size)
{
    struct draw *draw = state;
    for (size_t at = 0; at < size; at += ID_BYTES) {
        uint8_t part[ID_BYTES];
        char identity[sizeof draw->identity + 24];
        int length = snprintf(identity, sizeof identity, "%s %zu", draw->identity, at);
        home_task_tag((void *)draw->home, bytes_of(identity, (size_t)length), part);
        memcpy(out + at, part, size - at < ID_BYTES ? size - at : ID_BYTES);
        secret_wipe(part, sizeof part);
        secret_wipe(identity, sizeof identity); /* it spells the true answer */
    }
}

static void draw_of(const struct home *home, const char *epoch, const struct survey_terms *terms,
                    const struct survey_truth *truth, struct draw *out)
{
    *out = (struct draw){.home = home};
    int at = snprintf(out->identity, sizeof out->identity, "chatham/v1 survey draw %s %" PRIu64 " %u", epoch,
                      terms->epsilon.micro, truth->topic);
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        at += snprintf(out->identity + at, sizeof out->identity - (size_t)at, " %u", truth->lessons[kind]);
}

static enum status queue_answer(struct home *home, const char *epoch, const struct survey_terms *terms,
                                const struct survey_truth *truth, const uint8_t id[static ID_BYTES],
                                struct contribution *answer, bool *fresh)
{
    struct dp_stream *stream = NULL;
    struct draw draw;
    SCOPED_BUF struct buf record = {0};
    draw_of(home, epoch, terms, truth, &draw);
    enum status seeded = dp_stream_new((struct random){fill_seed, &draw}, &stream);
    secret_wipe(&draw, sizeof draw);
    TRY(seeded);
    *answer = (struct contribution){.class = CLASS_NOISED};
    enum status status = survey_answer(terms, truth, stream, &answer->noised);
    dp_stream_free(stream);
    TRY(status);
    TRY(contribution_encode(answer, &record));
    return outbox_put(home, ENVELOPE_CONTRIBUTION, id, buf_bytes(&record), fresh);
}

static void show_truth(const struct survey_terms *terms, const struct survey_truth *truth)
{
    char epsilon[DP_EPSILON_TEXT];
    dp_epsilon_text(terms->epsilon, epsilon);
    printf("stays here  the topic of most lessons: %s; lessons by kind:", codebook_topic(truth->topic));
    for (size_t kind = 0; kind < CANDIDATE_KINDS; kind++)
        if (truth->lessons[kind])
            printf(" %u %s", truth->lessons[kind], candidate_kind_name((enum candidate_kind)kind));
    printf(
        "\nleaves      one answer of class noised, epsilon %s for these lessons: a point of %u that is likelier for\n"
        "            some topics than for others, and a noisy number a kind\n",
        epsilon, terms->vote.points);
}

static void show_answer(const struct noised_record *record)
{
    printf("drawn       point %u; numbers", record->votes[0].code);
    for (size_t kind = 0; kind < record->feature_count; kind++)
        printf(" %d", record->features[kind]);
    printf("\n");
}

static bool confirmed(const struct arguments *arguments)
{
    char answer[8] = "";
    if (arguments_have(arguments, OPTION_YES) || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return true;
    printf("Draw this month's answer and send it? [y/N] ");
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static enum status send_answer(struct home *home, bool drawn, bool json, struct why *why)
{
    struct send_report sent = {0};
    enum status status = remote_flush(home, json ? NULL : print_progress, &sent, why);
    if (json)
        printf("{\"drawn\":%s,\"left\":%zu,\"refused\":%zu,\"sent\":%zu}\n", drawn ? "true" : "false", sent.left,
               sent.refused, sent.sent);
    else
        printf("sent        %zu; %zu refused, %zu left in the outbox\n", sent.sent, sent.refused, sent.left);
    if (status == OK && sent.refused)
        return why_hint(why, ERR_POLICY, "the federation refused an answer", NULL, "chatham budget tells what is left");
    return status;
}

static enum status answer(const struct arguments *arguments, struct home *home, struct why *why)
{
    struct survey_terms terms = {0};
    struct survey_truth truth = {0};
    struct contribution drawn = {0};
    char epoch[EPOCH_TEXT];
    uint8_t id[ID_BYTES];
    bool json = arguments_have(arguments, OPTION_JSON), dry = arguments_have(arguments, OPTION_DRY_RUN);
    TRY(take_terms(arguments, home, &terms, why));
    TRY(read_truth(arguments, home, &truth, why));
    if (dry || (!json && isatty(STDOUT_FILENO))) /* what stays here is not for a timer's log */
        show_truth(&terms, &truth);
    if (dry)
        return OK;
    answer_id(home, epoch, id);
    enum status held = outbox_holds(home, id);
    if (held == OK && !json)
        printf("answered    for %s already: nothing new is drawn\n", epoch);
    if (held != OK && held != ERR_NOT_FOUND)
        return held;
    if (held == ERR_NOT_FOUND && !confirmed(arguments))
        return why_set(why, ERR_POLICY, "nothing was sent, as you wished", NULL, 0);
    bool fresh = false;
    enum status status = held == OK ? OK : queue_answer(home, epoch, &terms, &truth, id, &drawn, &fresh);
    if (status == OK && fresh && !json)
        show_answer(&drawn.noised);
    contribution_free(&drawn);
    return status == OK ? send_answer(home, fresh, json, why) : status;
}

enum status command_survey(const struct arguments *arguments, struct why *why)
{
    struct home home;
    bool dry = arguments_have(arguments, OPTION_DRY_RUN);
    if (arguments->count == 0)
        return why_set(why, ERR_USAGE, "name files or folders with traces", "PATH", 0);
    TRY(arguments_home(arguments, &home, why));
    enum status status = dry ? OK : home_require_enrolled(&home, why);
    if (status == OK)
        status = answer(arguments, &home, why);
    home_close(&home);
    return status;
}
