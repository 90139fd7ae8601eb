/* Planted sentences: how often does a client send, or a library publish, four words in a row of a sentence that was put
 * into a trace? Each probe is drawn and placed for itself, so the interval is exact. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/overlap/plant.h"
#include "audits/trials.h"
#include "audits/world.h"
#include "base/hash.h"
#include "insight/overlap.h"

#define LIMIT 0.01
#define CONTROL_LEAST 0.9 /* of the probes must reach a trace, and be found where all is copied */
#define PROBES_QUICK 400  /* 368 that show nothing are a pass */
#define PROBES_FULL 4000
#define TRIALS_MOST 400
#define CONTROL_EVERY 4 /* trials: copies cost as much as all the rest */

#define PLANTED(id, where, what, who, designed)                                                                        \
    {                                                                                                                  \
        .name = "planted." id, .surface = where, .target = what, .threat = who, .knows = "the planted sentences",      \
        .metric = "sentences of which four words in a row, at most one exchanged, are found / planted",                \
        .unit = "sentence", .baseline = "",                                                                            \
        .control = "the same search in records of an extractor that copies, scrubber off", .needed = 368,              \
        .limit = LIMIT, .expected = designed                                                                           \
    }
enum place { PLACE_CONTRIBUTION, PLACE_RELEASE, PLACES };
/* By kind of words, then by place. */
static const struct audit_claim claims[PLANT_KINDS * PLACES + 1] = {
    PLANTED("contribution", SURFACE_CONTRIBUTIONS, "contributions", THREAT_CURIOUS_SERVER, false),
    PLANTED("release", SURFACE_LIBRARY, "the published library", THREAT_TENANT, false),
    PLANTED("contribution.common", SURFACE_CONTRIBUTIONS, "contributions", THREAT_CURIOUS_SERVER, false),
    PLANTED("release.common", SURFACE_LIBRARY, "the published library", THREAT_TENANT, false),
    PLANTED("contribution.turn", SURFACE_CONTRIBUTIONS, "contributions", THREAT_CURIOUS_SERVER, true),
    PLANTED("release.turn", SURFACE_LIBRARY, "the published library", THREAT_TENANT, false),
};
static const char *const notes[PLANT_KINDS] = {
    [PLANT_UNUSUAL] =
        "unusual words at random places in prose, every other one behind an error's report if there is one",
    [PLANT_COMMON] = "words of the public vocabulary, placed alike",
    [PLANT_TURN] = "words of the public vocabulary around one that says what went wrong, placed alike: of an error's "
                   "report the client sends two words on either side of it, and k alone holds them back",
};

/* What a trial gives: probes planted, and found in contributions and in the library; of some trials, found in copies of
 * how many. */
enum number { PLANTED_COUNT, FOUND_CONTRIBUTION, FOUND_RELEASE, FOUND_COPIES, COPIED_COUNT, NUMBERS };

static enum status count_found(const struct plants *plants, struct bytes text, double *out)
{
    struct overlap_text *searched = NULL;
    size_t found = 0;
    TRY(overlap_text_new(text, &searched));
    enum status status = OK;
    for (size_t i = 0; i < plants->count && status == OK; i++) {
        struct overlap_text *probe = NULL;
        struct overlap overlap = {0};
        status = overlap_text_new(buf_bytes(&plants->probes[i]), &probe);
        if (status == OK)
            status = overlap_measure(probe, searched, &overlap);
        found += overlap.windows > 0;
        overlap_text_free(probe);
    }
    overlap_text_free(searched);
    *out = (double)found;
    return status;
}

/* All that a tenant's records say, one after the other; what separates them is no word. */
static enum status records_text(const struct prepared *prepared, size_t tenants, struct buf *out)
{
    for (size_t t = 0; t < tenants; t++)
        for (size_t i = 0; i < prepared[t].count; i++) {
            const struct contribution *contribution = &prepared[t].items[i].contribution;
            for (size_t c = 0; c < contribution->candidate_count; c++) {
                TRY(candidate_render(&contribution->candidates[c], out));
                buf_add_byte(out, '\n');
            }
        }
    return buf_status(out);
}

static enum status search_copies(const struct plants *plants, double *out)
{
    out[COPIED_COUNT] = (double)plants->count;
    SCOPED_BUF struct buf text = {.secret = true};
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&plants->scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, NULL));
    enum status status = records_text(prepared, plants->scope.tenant_count, &text);
    if (status == OK)
        status = count_found(plants, buf_bytes(&text), &out[FOUND_COPIES]);
    world_prepared_free(prepared, plants->scope.tenant_count);
    return status;
}

static enum status search_release(const struct plants *plants, const struct prepared *prepared, double *out)
{
    SCOPED_BUF struct buf text = {0};
    struct world *world = NULL;
    struct library library = {0};
    enum status status = world_federate(&plants->scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL);
    for (size_t i = 0; i < library.insight_count && status == OK; i++) {
        status = insight_text(&library.insights[i], &text);
        buf_add_byte(&text, '\n');
    }
    if (status == OK)
        status = count_found(plants, buf_bytes(&text), out);
    library_free(&library);
    world_free(world);
    return status;
}

static enum status search_real(const struct plants *plants, double *out)
{
    SCOPED_BUF struct buf text = {.secret = true};
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&plants->scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL));
    enum status status = records_text(prepared, plants->scope.tenant_count, &text);
    if (status == OK)
        status = count_found(plants, buf_bytes(&text), &out[FOUND_CONTRIBUTION]);
    if (status == OK)
        status = search_release(plants, prepared, &out[FOUND_RELEASE]);
    world_prepared_free(prepared, plants->scope.tenant_count);
    return status;
}

struct planting {
    const struct audit_scope *scope;
    enum plant_words words;
};

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct planting *planting = context;
    struct plants plants;
    TRY(plants_make(planting->scope, planting->words, random, &plants));
    out[PLANTED_COUNT] = (double)plants.count;
    enum status status = search_real(&plants, out);
    if (status == OK && trial % CONTROL_EVERY == 0)
        status = search_copies(&plants, out);
    plants_free(&plants);
    return status;
}

/* --- results --- */

static enum status report(const double *sums, enum plant_words words, enum place place, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[(int)words * PLACES + (int)place]);
    size_t planted = (size_t)sums[PLANTED_COUNT];
    audit_result_count(&result, (size_t)sums[FOUND_CONTRIBUTION + place], planted);
    result.control_value = sums[FOUND_COPIES] / sums[COPIED_COUNT];
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = notes[words];
    return audit_results_add(out, &result);
}

/* What outcomes turn on beside the seed: traces and policy. */
static uint64_t parameters_of(const struct audit_scope *scope)
{
    struct policy policy;
    uint8_t hash[HASH_BYTES] = {0};
    world_policy(scope, &policy);
    uint64_t sum = policy_hash(&policy, hash) == OK ? hash_mix64(bytes_of(hash, sizeof hash), 0) : 0;
    for (size_t t = 0; t < scope->tenant_count; t++)
        for (size_t i = 0; i < scope->tenants[t].file_count; i++)
            sum = hash_mix64(buf_bytes(&scope->tenants[t].files[i]), sum + t);
    return sum;
}

/* How many times the traces are to be planted anew for as many probes. */
static enum status trials_wanted(const struct audit_scope *scope, size_t probes, size_t *out)
{
    struct random_seeded seeded;
    struct plants plants;
    TRY(plants_make(scope, PLANT_UNUSUAL, random_seeded_start(&seeded, scope->seed), &plants));
    size_t once = plants.count;
    plants_free(&plants);
    *out = once == 0 ? 0 : (probes + once - 1) / once;
    return OK;
}

static enum status run_words(const struct audit_scope *scope, enum plant_words words, size_t count,
                             struct audit_results *out)
{
    static const char *const names[PLANT_KINDS] = {"planted", "planted.common", "planted.turn"};
    SCOPED_MEM double *numbers = NULL;
    double sums[NUMBERS] = {0};
    struct planting planting = {scope, words};
    struct trials trials = {.name = names[words],
                            .count = count,
                            .numbers = NUMBERS,
                            .parameters = parameters_of(scope),
                            .run = run_trial,
                            .context = &planting};
    TRY(trials_run_worlds(scope, &trials, out, &numbers));
    for (size_t i = 0; i < trials.count; i++)
        for (size_t n = 0; n < NUMBERS; n++)
            sums[n] += numbers[i * NUMBERS + n];
    TRY(report(sums, words, PLACE_CONTRIBUTION, out));
    return report(sums, words, PLACE_RELEASE, out);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    const struct redactor *redactor = NULL;
    size_t trials = 0;
    TRY(trials_wanted(scope, scope->full ? PROBES_FULL : PROBES_QUICK, &trials));
    if (trials == 0)
        return audit_not_evaluated(out, claims, "the traces have no prose to plant a sentence in");
    if (trials > TRIALS_MOST)
        return audit_not_evaluated(out, claims, "too few traces to plant as many sentences as a pass takes");
    TRY(world_redactor(SCRUB_ON, &redactor, why)); /* compiled once, before the workers are forked */
    TRY(world_redactor(SCRUB_OFF, &redactor, why));
    TRY(run_words(scope, PLANT_UNUSUAL, trials, out));
    TRY(run_words(scope, PLANT_COMMON, trials, out));
    return run_words(scope, PLANT_TURN, trials, out);
}

const struct attack attack_planted = {
    .name = "planted",
    .summary = "Does a sentence that was put into a trace come out, word for word or nearly so?",
    .paper = "The Secret Sharer (Carlini et al. 2019), its canaries; exact interval of Clopper and Pearson (1934)",
    .family = FAMILY_OVERLAP,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 7,
    .claims = claims,
    .run = run,
};
