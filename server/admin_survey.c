/* What the noised answers of devices say. Topics and numbers are worked out from answers that were private when they
 * left their devices, and cost nothing more; how many answers there are is what the operator knows anyway. */
#include "insight/survey.h"
#include "protocol/record.h"
#include "server/admin.h"

/* 256 topics and six kinds are looked at together: intervals hold for all of them at once with 95 % (Bonferroni), at
 * 3.75 standard errors of a nearly normal sum. */
#define DEVIATIONS 3.75

struct asked_for {
    char epoch[EPOCH_TEXT];
    struct survey *survey;
    size_t left_out;
};

static enum status add_tenant(struct vault *vault, const struct tenant *tenant, struct asked_for *asked)
{
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    TRY(store_tenant(vault->store, tenant, &db));
    enum status status =
        db_query(db, &rows, "SELECT record FROM admission WHERE record IS NOT NULL AND class = ? AND epoch = ?", "it",
                 (int64_t)CLASS_NOISED, asked->epoch);
    while (status == OK && (status = db_next(rows)) == OK) {
        struct contribution contribution = {0};
        status = contribution_decode(db_bytes(rows, 0), &contribution, NULL);
        if (status == OK)
            status = survey_add(asked->survey, &contribution.noised);
        contribution_free(&contribution);
        asked->left_out += status != OK && status != ERR_MEMORY; /* of another codebook, or of far more noise */
        status = status == ERR_MEMORY ? status : OK;
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status add_all(struct vault *vault, struct asked_for *asked)
{
    struct tenant tenant = {0};
    enum status status;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        if (tenant.state == TENANT_ACTIVE)
            TRY(add_tenant(vault, &tenant, asked));
    return status == ERR_NOT_FOUND ? OK : status;
}

static int64_t whole(double value)
{
    return (int64_t)(value < 0 ? 0 : value + 0.5);
}

static void put_estimate(struct json *object, struct dp_estimate estimate)
{
    json_set(object, "estimate", json_integer(whole(estimate.value)));
    json_set(object, "low", json_integer(whole(estimate.value - DEVIATIONS * estimate.standard_error)));
    json_set(object, "high", json_integer(whole(estimate.value + DEVIATIONS * estimate.standard_error)));
}

/* Topics that some device surely has: of the others the answers tell nothing. */
static void put_topics(const struct survey *survey, struct json *reply)
{
    struct json *list = json_array();
    for (uint32_t topic = 0; topic < CODEBOOK_TOPICS; topic++) {
        struct dp_estimate estimate = survey_topic(survey, topic);
        if (estimate.value < DEVIATIONS * estimate.standard_error || survey_answers(survey) == 0)
            continue;
        struct json *item = json_object();
        json_set(item, "topic", json_text(codebook_topic(topic)));
        put_estimate(item, estimate);
        json_push(list, item);
    }
    json_set(reply, "topics", list);
}

static void put_kinds(const struct survey *survey, struct json *reply)
{
    struct json *object = json_object();
    for (enum candidate_kind kind = 0; kind < CANDIDATE_KINDS; kind++) {
        struct json *item = json_object();
        put_estimate(item, survey_lessons(survey, kind));
        json_set(object, candidate_kind_name(kind), item);
    }
    json_set(reply, "lessons", object);
}

/* Half of the largest ε that an answer may have. */
static struct dp_epsilon least_epsilon(const struct policy *policy)
{
    const struct dp_floor floor = policy_floor(policy);
    struct dp_epsilon most = survey_epsilon_within(&floor, (struct dp_epsilon){policy->noise_epsilon_max_micro});
    return (struct dp_epsilon){most.micro / 2};
}

/* {"epoch"?}: of a month; of the present one. */
enum status admin_survey(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    struct asked_for asked = {.left_out = 0};
    clock_epoch(vault_now(vault), asked.epoch);
    if (json_has(fields, "epoch"))
        record_take_epoch(fields, "epoch", asked.epoch);
    TRY(json_fields_end(fields));
    TRY(survey_new(least_epsilon(&vault->federation.policy), &asked.survey));
    enum status status = add_all(vault, &asked);
    if (status == OK) {
        json_set(reply, "epoch", json_text(asked.epoch));
        json_set(reply, "answers", json_integer((int64_t)survey_answers(asked.survey)));
        json_set(reply, "left_out", json_integer((int64_t)asked.left_out));
        json_set(reply, "codebook", json_integer(CODEBOOK_VERSION));
        put_topics(asked.survey, reply);
        put_kinds(asked.survey, reply);
    }
    survey_free(asked.survey);
    return status;
}
