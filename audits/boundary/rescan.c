/* The published library scanned again for personal data and secrets, by the strict scan that admission uses and by the
 * full detection that clients use. The control scans texts in which some were planted. */
#include "audits/boundary/rescan.h"

#include "audits/attacks.h"
#include "base/clock.h"

#define RESCAN_LIMIT 0.05

static const char *const planted[] = {
    "When a refund is asked for, write to jane.whitfield@example.com first.",
    "Avoid retrying with the card 4111 1111 1111 1111 because it was refused.",
    "When the login fails, call +1 415 555 0134 and ask for a reset.",
    "Set DATABASE_PASSWORD=hT7-vQ2x.Lm9sK before the deploy is started.",
    "When the query is refused, connect to postgres://ops:Zk4mT9qLw2@db.example.com/main instead.",
    "Look up the transfer to DE89 3704 0044 0532 0130 00 before charging again.",
};
#define PLANTED (sizeof planted / sizeof *planted)

struct rescan {
    const struct redactor *redactor;
    struct redact_session *session; /* one for all: a name found once is looked for everywhere */
};

static enum status text_has(struct rescan *rescan, const char *text, bool *has)
{
    struct redact_finding found;
    struct redact_findings all = {0};
    enum status status = redact_scan(rescan->redactor, bytes_str(text), &found);
    *has = status == OK;
    if (status != OK && status != ERR_NOT_FOUND)
        return status;
    TRY(redact_detect(rescan->session, bytes_str(text), &all));
    *has = *has || all.count > 0;
    redact_findings_free(&all);
    return OK;
}

static enum status count_planted(struct rescan *rescan, size_t *hits)
{
    *hits = 0;
    for (size_t i = 0; i < PLANTED; i++) {
        bool has = false;
        TRY(text_has(rescan, planted[i], &has));
        *hits += has;
    }
    return OK;
}

static enum status count_insights(struct rescan *rescan, const struct library *library, size_t *hits)
{
    *hits = 0;
    for (size_t i = 0; i < library->insight_count; i++) {
        SCOPED_BUF struct buf text = {0};
        bool has = false;
        TRY(insight_text(&library->insights[i], &text));
        TRY(text_has(rescan, buf_text(&text), &has));
        *hits += has;
    }
    return OK;
}

enum status rescan_library(const struct library *library, struct audit_result *result, struct why *why)
{
    struct rescan rescan = {0};
    size_t hits = 0, control = 0, wanted = PLANTED;
    TRY(world_redactor(SCRUB_ON, &rescan.redactor, why));
    TRY(redact_session_new(rescan.redactor, &rescan.session));
    enum status status = count_insights(&rescan, library, &hits);
    if (status == OK)
        status = count_planted(&rescan, &control);
    redact_session_free(rescan.session);
    TRY(status);
    audit_result_census(result, hits, library->insight_count);
    result->control = control == wanted ? CONTROL_PASSED : CONTROL_FAILED;
    result->control_value = (double)control / (double)wanted;
    return OK;
}

const struct audit_claim rescan_claim[] = {
    {.name = "rescan.release",
     .surface = SURFACE_LIBRARY,
     .target = "the published library",
     .threat = THREAT_TENANT,
     .knows = "the library",
     .metric = "insights with personal data or a secret / insights",
     .unit = "insight",
     .baseline = "",
     .control = "six sentences with planted values are all found",
     .limit = RESCAN_LIMIT},
    {0},
};

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library = {0};
    struct audit_result result = audit_result_start(rescan_claim);
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = world_federate(scope, prepared, WORLD_IN_MEMORY, &world, &library, why);
    audit_results_worlds(out, 1, started);
    if (status == OK)
        status = rescan_library(&library, &result, why);
    result.note = library.insight_count ? "every insight was scanned, with the detectors that clients scrub with: what "
                                          "they cannot see is not counted"
                                        : "nothing was released: nothing to scan";
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, scope->tenant_count);
    return status == OK ? audit_results_add(out, &result) : status;
}

const struct attack attack_rescan = {
    .name = "rescan",
    .summary = "Do the detectors find personal data or secrets in the published library?",
    .paper = "",
    .family = FAMILY_BOUNDARY,
    .quick = true,
    .claims = rescan_claim,
    .run = run,
};
