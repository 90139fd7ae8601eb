/* Values hidden from the scrubber: in the forms that it is said to see, in those that a search finds, and whether what
 * it passes leaves the device. */
#include "audits/evasion/evasion.h"

#include "audits/attacks.h"
#include "audits/world.h"

#define ALL_LIMIT 0.02   /* of all kinds and forms together */
#define WORST_LIMIT 0.05 /* of the kind or form that fares worst */

#define SCRUBBED(id, adversary_knows, of_what, least, most, stated)                                                    \
    {                                                                                                                  \
        .name = "evasion." id, .surface = SURFACE_SCRUBBED, .target = "scrubbed text", .threat = THREAT_EXTRACTOR,     \
        .knows = adversary_knows, .metric = of_what, .unit = "value",                                                  \
        .baseline = (stated) ? "" : "the same values as they are", .control = "with the scrubber off all are left",    \
        .needed = least, .limit = most, .tolerated = (stated) ? 0 : (most), .expected = stated                         \
    }
enum { CLAIM_LISTED, CLAIM_NESTED, CLAIM_KIND, CLAIM_FORM, CLAIM_PROMISED, CLAIM_CLIMBED, CLAIM_SENT, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_LISTED] = SCRUBBED("listed", "the published list of hidden forms", "hidden values that are left / hidden",
                              183, ALL_LIMIT, false),
    [CLAIM_NESTED] = SCRUBBED("nested", "the steps of the published list, up to three in one another by lot",
                              "hidden values that are left / hidden", 183, ALL_LIMIT, false),
    [CLAIM_KIND] = SCRUBBED("kind", "the list, and of which kind most is left", "values of that kind left / hidden", 72,
                            WORST_LIMIT, false),
    [CLAIM_FORM] = SCRUBBED("form", "the list, and which form leaves most", "values in that form left / hidden", 72,
                            WORST_LIMIT, false),
    [CLAIM_PROMISED] = SCRUBBED("promised", "the scrubber as an oracle, and the steps of the published list",
                                "values for which a way was found to leave them whole / values", 0, ALL_LIMIT, true),
    [CLAIM_CLIMBED] = SCRUBBED("climbed", "the scrubber as an oracle, and steps that nobody promised to see",
                               "values for which a way was found to leave them whole / values", 0, ALL_LIMIT, true),
    [CLAIM_SENT] = {.name = "evasion.sent",
                    .surface = SURFACE_CONTRIBUTIONS,
                    .target = "records before they are sealed",
                    .threat = THREAT_CURIOUS_SERVER,
                    .knows = "the disguises that the scrubber does not see, and writes them into traces",
                    .metric = "hidden values that leave the device / written into traces",
                    .unit = "value",
                    .baseline = "",
                    .control = "an extractor that copies lets them leave",
                    .needed = 183,
                    .limit = ALL_LIMIT},
};

struct sizes {
    size_t listed, look, worst, climbed, sent;
};
static const struct sizes quick = {400, 4, 80, 183, 183}, full = {20000, 200, 2000, 900, 1000};

static enum status measure(struct evasion *run, const struct sizes *sizes, struct audit_results *texts,
                           struct audit_result *results, struct why *why)
{
    TRY(evasion_listed(run, EVASION_ROWS, sizes->listed, &results[CLAIM_LISTED]));
    TRY(evasion_listed(run, EVASION_NESTED, sizes->listed, &results[CLAIM_NESTED]));
    TRY(evasion_worst(run, EVASION_KIND, sizes->look, sizes->worst, texts, &results[CLAIM_KIND]));
    TRY(evasion_worst(run, EVASION_ROW, sizes->look, sizes->worst, texts, &results[CLAIM_FORM]));
    TRY(evasion_climb(run, FORMS_PROMISED, sizes->climbed, &results[CLAIM_PROMISED]));
    results[CLAIM_PROMISED].note = "the worst of some twenty tries at each value: no form is seen without fail";
    TRY(evasion_climb(run, FORMS_ALL, sizes->climbed, &results[CLAIM_CLIMBED]));
    results[CLAIM_CLIMBED].note =
        "no scrubber sees through a cipher; behind it stand extraction by templates and two scans";
    return evasion_sent(run, sizes->sent, &results[CLAIM_SENT], why);
}

static enum status run_evasion(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct evasion run = {.scope = scope, .random = random_seeded_start(&seeded, scope->seed ^ 0xe5)};
    struct audit_result results[CLAIMS];
    for (size_t i = 0; i < CLAIMS; i++)
        results[i] = audit_result_start(&claims[i]);
    TRY(world_redactor(SCRUB_ON, &run.redactor, why));
    TRY(world_redactor(SCRUB_OFF, &run.off, why));
    enum status status = measure(&run, scope->full ? &full : &quick, out, results, why);
    mem_free(run.hideouts);
    TRY(status);
    for (size_t i = 0; i < CLAIMS; i++)
        TRY(audit_results_add(out, &results[i]));
    return OK;
}

const struct attack attack_evasion = {
    .name = "evasion",
    .summary = "Can values be hidden so that the scrubber passes them, and do they then leave?",
    .paper = "Boucher et al. 2022 (arXiv 2106.09898), Li et al. 2019 (arXiv 1812.05271), "
             "Yuan et al. 2024 (arXiv 2308.06463)",
    .family = FAMILY_EVASION,
    .quick = true,
    .quick_seconds = 2,
    .full_seconds = 26,
    .claims = claims,
    .run = run_evasion,
};
