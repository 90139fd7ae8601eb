/* What the noised answers of devices say. Everything here is worked out from answers that were private when they left
 * their devices: it costs nothing more, and may be told. */
#include "insight/survey.h"
#include "server/admin.h"

/* 256 topics and six kinds are looked at together: intervals hold for all of them at once with 95 % (Bonferroni), at
 * 3.75 standard errors of a nearly normal sum. */
#define DEVIATIONS 3.75

static enum status add_tenant(struct vault *vault, const struct tenant *tenant, struct survey *survey, size_t *unread)
{
    struct db *db = NULL;
    struct db_rows *rows = NULL;
    TRY(store_tenant(vault->store, tenant, &db));
    enum status status = db_query(db, &rows, "SELECT record FROM admission WHERE record IS NOT NULL AND class = ?", "i",
                                  (int64_t)CLASS_NOISED);
    while (status == OK && (status = db_next(rows)) == OK) {
        struct contribution contribution = {0};
        status = contribution_decode(db_bytes(rows, 0), &contribution, NULL);
        if (status == OK)
            status = survey_add(survey, &contribution.noised);
        contribution_free(&contribution);
        *unread += status != OK && status != ERR_MEMORY; /* of another codebook, or of a time without surveys */
        status = status == ERR_MEMORY ? status : OK;
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status add_all(struct vault *vault, struct survey *survey, size_t *unread)
{
    struct tenant tenant = {0};
    enum status status;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        if (tenant.state == TENANT_ACTIVE)
            TRY(add_tenant(vault, &tenant, survey, unread));
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

enum status admin_survey(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    struct survey *survey = NULL;
    size_t unread = 0;
    TRY(json_fields_end(fields));
    TRY(survey_new(&survey));
    enum status status = add_all(vault, survey, &unread);
    if (status == OK) {
        json_set(reply, "answers", json_integer((int64_t)survey_answers(survey)));
        json_set(reply, "not_answers", json_integer((int64_t)unread));
        json_set(reply, "codebook", json_integer(CODEBOOK_VERSION));
        put_topics(survey, reply);
        put_kinds(survey, reply);
    }
    survey_free(survey);
    return status;
}
