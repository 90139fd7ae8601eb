/* The course of a round: asked for by an operator or the clock, one question to distil, one answer, then release. */
#include "server/round.h"

#include "base/log.h"
#include "server/freeze.h"
#include "server/round_message.h"
#include "transport/frame.h"

/* Records of a round: the question to distil, a little larger than these, must fit into one frame. */
#define ROUND_BYTES_MAX (FRAME_MAX / 8 * 7)

static enum status next_number(struct vault *vault, uint64_t *number)
{
    int64_t last = 0;
    uint64_t charged = 0; /* also by a round that was charged and then failed */
    TRY(db_row(store_federation(vault->store), "SELECT coalesce(max(number), 0) FROM round", ":i", &last));
    TRY(ledger_last_round(vault->ledger, &charged));
    *number = ((uint64_t)last > charged ? (uint64_t)last : charged) + 1;
    return OK;
}

static enum status ask_distil(struct vault *vault, const struct round *round, struct outbox *out, struct why *why)
{
    const struct policy *policy = &vault->federation.policy;
    struct distil_question question = {.near_milli = policy->near_milli,
                                       .related_milli = policy->related_milli,
                                       .count = round->count,
                                       .candidates = round->candidates};
    SCOPED_BUF struct buf payload = {0};
    memcpy(question.nonce, round->nonce, sizeof question.nonce);
    TRY(distil_question_encode(&question, &payload));
    if (payload.size > FRAME_MAX)
        return why_set(why, ERR_TOO_LARGE, "more candidates than one round can hold", NULL, 0);
    struct message *message = outbox_add(out, ROLE_DISTIL, MESSAGE_DISTIL, round->request);
    if (!message)
        return ERR_MEMORY;
    message->payload = payload;
    payload = (struct buf){0};
    return OK;
}

static enum status count_withdrawals(struct vault *vault, int64_t *count)
{
    return db_row(store_federation(vault->store), "SELECT coalesce(sum(count), 0) FROM intake_count WHERE kind = ?",
                  "i:i", (int64_t)ENVELOPE_WITHDRAWAL, count);
}

static enum status prepare(struct vault *vault, struct round *round, struct outbox *out, struct why *why)
{
    round->request = ++vault->next_request;
    random_fill(vault->random, round->nonce, sizeof round->nonce);
    TRY(next_number(vault, &round->number));
    TRY(count_withdrawals(vault, &round->withdrawals));
    TRY(round_collect(vault, round, ROUND_BYTES_MAX));
    TRY(log_size(vault->store, &round->tree));
    return ask_distil(vault, round, out, why);
}

static struct round *round_new(struct vault *vault, enum round_purpose purpose, const struct message *asker)
{
    struct round *round = mem_new(1, sizeof *round);
    if (!round)
        return NULL;
    round->purpose = purpose;
    round->started = vault_now(vault);
    round->ticks = clock_ticks();
    if (asker) {
        round->asked = true;
        round->peer = asker->peer;
        round->asker_request = asker->request;
    }
    return round;
}

/* Distil is asked, and the round goes on with its answer. */
static enum status begin_threshold(struct vault *vault, struct round *round, struct outbox *out, struct why *why)
{
    TRY(prepare(vault, round, out, why));
    vault->round = round;
    return OK;
}

/* Over when this returns. */
static enum status run_private(struct vault *vault, struct round *round, struct outbox *out, struct why *why)
{
    SCOPED_BUF struct buf report = {0};
    TRY(next_number(vault, &round->number));
    TRY(count_withdrawals(vault, &round->withdrawals));
    enum status status = round_private(vault, round, &report, why);
    if (status != OK && round->charge) { /* what was published is entered with it */
        enum status entered = round_enter(vault, round, status);
        return entered == OK ? status : entered;
    }
    TRY(status);
    return round->asked ? vault_reply(out, round->peer, round->asker_request, OK, NULL, buf_bytes(&report)) : OK;
}

enum status round_start(struct vault *vault, enum round_purpose purpose, const struct message *asker,
                        struct outbox *out, struct why *why)
{
    bool private = vault->federation.policy.mode == RELEASE_DP;
    if (vault->round)
        return why_set(why, ERR_UNAVAILABLE, "a round is under way", NULL, 0);
    if (purpose == ROUND_PUBLISH)
        TRY(freeze_check(vault->store, why));
    struct round *round = round_new(vault, purpose, asker);
    if (!round)
        return ERR_MEMORY;
    enum status status = private ? run_private(vault, round, out, why) : begin_threshold(vault, round, out, why);
    log_event(status == OK ? LOG_ROUND_STARTED : LOG_ROUND_FAILED,
              (struct log_fields){.count = round->count, .status = status});
    if (vault->round != round)
        round_free(round);
    return status;
}

/* --- the clock --- */

#define REST_SECONDS 60 /* after a scheduled round failed */

/* Rounds fall into slots of round_seconds since the founding, whatever was contributed. */
static enum status is_due(struct vault *vault, bool *due)
{
    int64_t interval = vault->federation.policy.round_seconds, last = 0;
    *due = false;
    bool private = vault->federation.policy.mode == RELEASE_DP;
    if (interval == 0 || vault->round || vault_now(vault) < vault->round_rest ||
        (private && round_private_waits(vault)))
        return OK;
    enum status frozen = freeze_check(vault->store, NULL);
    if (frozen != OK)
        return frozen == ERR_POLICY ? OK : frozen;
    TRY(db_row(store_federation(vault->store), "SELECT coalesce(max(started), 0) FROM round", ":i", &last));
    if (private) { /* one that was charged and failed was this slot's */
        int64_t charged = 0;
        TRY(round_private_last(vault, &charged));
        last = charged > last ? charged : last;
    }
    if (last < vault->founded)
        last = vault->founded;
    *due = (vault_now(vault) - vault->founded) / interval > (last - vault->founded) / interval;
    return OK;
}

/* A scheduled round of mode dp takes place whatever came: that it was left out would tell. Another one waits for its
 * next slot while the log has nothing new to draw on; a head of the trail is nothing, nor is what a round itself has
 * charged and released. */
static enum status has_news(struct vault *vault, bool *news)
{
    int64_t leaf = 0;
    *news = vault->federation.policy.mode == RELEASE_DP;
    if (*news)
        return OK;
    enum status status = db_row(store_federation(vault->store),
                                "SELECT leaf FROM log WHERE leaf >="
                                " (SELECT coalesce((SELECT tree FROM round ORDER BY number DESC LIMIT 1), 0))"
                                " AND leaf NOT IN (SELECT leaf FROM opening WHERE kind IN (?, ?))"
                                " AND leaf NOT IN (SELECT leaf FROM release) LIMIT 1",
                                "tt:i", log_kind_name(LOGGED_TRAIL), log_kind_name(LOGGED_CHARGE), &leaf);
    *news = status == OK;
    return status == ERR_NOT_FOUND ? OK : status;
}

/* Since the last round. Before the first one nothing was released that could disappear. */
enum status round_check_unhurried(struct vault *vault, struct why *why)
{
    int64_t tree = 0, known = 0, withdrawals = 0, erasures = 0;
    struct db *db = store_federation(vault->store);
    enum status status =
        db_row(db, "SELECT tree, withdrawals FROM round ORDER BY number DESC LIMIT 1", ":ii", &tree, &known);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    TRY(count_withdrawals(vault, &withdrawals));
    TRY(db_row(db, "SELECT count(*) FROM opening WHERE leaf >= ? AND kind = ?", "it:i", tree,
               log_kind_name(LOGGED_ERASURE), &erasures));
    if (withdrawals == known && erasures == 0)
        return OK;
    return why_set(why, ERR_POLICY,
                   "withdrawals or erasures wait for the scheduled round; --with-erasures takes them now", NULL, 0);
}

/* A round of 100,000 candidates takes a minute; but members choose what is compared with what. */
#define ROUND_MICROS_MAX (UINT64_C(30) * 60 * 1000000)

enum status round_tick(struct vault *vault, struct outbox *out)
{
    bool due = false, news = false;
    if (vault->round && clock_ticks() - vault->round->ticks > ROUND_MICROS_MAX) {
        log_event(LOG_ROUND_FAILED, (struct log_fields){.count = vault->round->count, .status = ERR_UNAVAILABLE});
        return ERR_UNAVAILABLE; /* ends the vault, and with it, all restarting together, the distil that is stuck */
    }
    enum status status = is_due(vault, &due);
    if (status == OK && due)
        status = vault_settle(vault);
    if (status == OK && due)
        status = has_news(vault, &news);
    if (status == OK && news)
        status = round_start(vault, ROUND_PUBLISH, NULL, out, NULL);
    if (status != OK) {
        log_event(LOG_STORE_FAILED, (struct log_fields){.status = status});
        vault->round_rest = vault_now(vault) + REST_SECONDS;
    }
    return OK;
}

/* --- the answer --- */

static enum status conclude(struct vault *vault, const struct round *round, const struct message *in,
                            struct buf *report, struct why *why)
{
    struct distil_answer answer;
    enum status status = distil_answer_decode(buf_bytes(&in->payload), round->count, &answer);
    if (status == ERR_MEMORY)
        return status;
    if (status != OK || memcmp(answer.nonce, round->nonce, sizeof round->nonce) != 0)
        status = why_set(why, ERR_INPUT, "distil gave an answer that makes no sense", NULL, 0);
    else
        status = round_publish(vault, round, &answer.proposals, report, why);
    distil_answer_free(&answer);
    return status;
}

enum status round_enter(struct vault *vault, const struct round *round, enum status outcome)
{
    return trail_add(vault, &(struct trail_act){.actor = round->asked ? TRAIL_OPERATOR : TRAIL_CLOCK,
                                                .act = round->purpose == ROUND_PREVIEW ? "round.preview" : "round",
                                                .outcome = outcome,
                                                .count = round->count});
}

enum status round_distilled(struct vault *vault, const struct message *in, struct outbox *out)
{
    struct round *round = vault->round;
    if (!round || in->request != round->request) {
        log_event(LOG_FRAME_REFUSED, (struct log_fields){.count = in->type, .status = ERR_DENIED});
        trail_refuse(vault, "frame", ERR_DENIED, NULL, NULL);
        return OK;
    }
    struct why why = {0};
    SCOPED_BUF struct buf report = {0};
    enum status status = vault_settle(vault);
    if (status == OK)
        status = conclude(vault, round, in, &report, &why);
    if (status != OK) {
        log_event(LOG_ROUND_FAILED, (struct log_fields){.status = status});
        vault->round_rest = vault_now(vault) + REST_SECONDS;
    }
    if (status != OK || round->purpose == ROUND_PREVIEW) { /* what was published is entered with it */
        enum status entered = round_enter(vault, round, status);
        if (status == OK)
            status = entered;
    }
    vault->round = NULL;
    if (round->asked)
        status = vault_reply(out, round->peer, round->asker_request, status, &why, buf_bytes(&report));
    else
        status = OK;
    round_free(round);
    return status;
}
