/* Planted sentences: how often does a client send, or a library publish, four words in a row of a sentence that was put
 * into a trace? Each probe is drawn and placed for itself, so the interval is exact. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/overlap/plant.h"
#include "audits/trials.h"
#include "audits/world.h"
#include "base/hash.h"

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
        .unit = "sentence", .baseline = "of as many, those that stood there before they were planted",                 \
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

/* What a trial gives: of each place, probes searched, found, and there by chance; of some trials, the same in copies;
 * and how many contributions the server refused. */
enum number {
    SEARCHED,
    FOUND,
    THERE,
    PLACE_NUMBERS,
    COPIES = PLACES * PLACE_NUMBERS,
    REFUSED = COPIES + PLACE_NUMBERS,
    NUMBERS
};

static enum status find(const struct plants *plants, const struct buf *there, const struct buf *text, double *out)
{
    struct plants_found found;
    TRY(plants_find(plants, buf_bytes(there), buf_bytes(text), &found));
    out[SEARCHED] = (double)found.searched;
    out[FOUND] = (double)found.found;
    out[THERE] = (double)found.there;
    return OK;
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
    static const struct buf nothing = {0};
    SCOPED_BUF struct buf text = {.secret = true};
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&plants->scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, NULL));
    enum status status = records_text(prepared, plants->scope.tenant_count, &text);
    if (status == OK)
        status = find(plants, &nothing, &text, out);
    world_prepared_free(prepared, plants->scope.tenant_count);
    return status;
}

static enum status released_text(const struct audit_scope *scope, const struct prepared *prepared, struct buf *out,
                                 size_t *refused)
{
    struct world *world = NULL;
    struct library library = {0};
    enum status status = world_federate(scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL);
    for (size_t i = 0; i < library.insight_count && status == OK; i++) {
        status = insight_text(&library.insights[i], out);
        buf_add_byte(out, '\n');
    }
    *refused = status == OK ? world_refused(world) : 0;
    library_free(&library);
    world_free(world);
    return status == OK ? buf_status(out) : status;
}

/* What the real clients of a scope send, and what a real round makes of it. */
static enum status shared_texts(const struct audit_scope *scope, struct buf out[static PLACES], size_t *refused)
{
    struct prepared *prepared = NULL;
    *refused = 0;
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL));
    enum status status = records_text(prepared, scope->tenant_count, &out[PLACE_CONTRIBUTION]);
    if (status == OK)
        status = released_text(scope, prepared, &out[PLACE_RELEASE], refused);
    world_prepared_free(prepared, scope->tenant_count);
    return status;
}

static void texts_free(struct buf texts[static PLACES])
{
    for (int place = 0; place < PLACES; place++)
        buf_free(&texts[place]);
}

struct planting {
    const struct audit_scope *scope;
    const struct buf *there; /* of each place: what is shared of the traces as they are */
    enum plant_words words;
};

static enum status search_real(const struct planting *planting, const struct plants *plants, double *out)
{
    struct buf texts[PLACES] = {{.secret = true}};
    size_t refused = 0;
    enum status status = shared_texts(&plants->scope, texts, &refused);
    out[REFUSED] = (double)refused;
    for (int place = 0; place < PLACES && status == OK; place++)
        status = find(plants, &planting->there[place], &texts[place], out + place * PLACE_NUMBERS);
    texts_free(texts);
    return status;
}

static enum status run_trial(void *context, size_t trial, struct random random, double *out)
{
    const struct planting *planting = context;
    struct plants plants;
    TRY(plants_make(planting->scope, planting->words, random, &plants));
    enum status status = search_real(planting, &plants, out);
    if (status == OK && trial % CONTROL_EVERY == 0)
        status = search_copies(&plants, out + COPIES);
    plants_free(&plants);
    return status;
}

/* --- results --- */

/* What is planted in a contribution that the server refuses cannot come out; a sentence that did stays found. */
static void doubt(struct audit_result *result)
{
    result->note = "the server refused some of the contributions: what was planted there could not be released";
    if (result->control == CONTROL_PASSED)
        result->control = CONTROL_UNDECIDED;
}

static enum status report(const double *sums, enum plant_words words, enum place place, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[(int)words * PLACES + (int)place]);
    const double *found = sums + (int)place * PLACE_NUMBERS, *copies = sums + COPIES;
    result.note = place == PLACE_RELEASE ? "nothing was released that could be searched"
                                         : "no tenant had a lesson to send that could be searched";
    if (found[SEARCHED] == 0)
        return audit_results_add(out, &result);
    audit_result_count(&result, (size_t)found[FOUND], (size_t)found[SEARCHED]);
    result.baseline = found[THERE] / (found[THERE] + found[SEARCHED]);
    result.control_value = copies[SEARCHED] > 0 ? copies[FOUND] / copies[SEARCHED] : 0;
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = notes[words];
    if (place == PLACE_RELEASE && sums[REFUSED] > 0)
        doubt(&result);
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

static enum status run_words(struct planting *planting, size_t count, struct audit_results *out)
{
    static const char *const names[PLANT_KINDS] = {"planted", "planted.common", "planted.turn"};
    SCOPED_MEM double *numbers = NULL;
    double sums[NUMBERS] = {0};
    struct trials trials = {.name = names[planting->words],
                            .count = count,
                            .numbers = NUMBERS,
                            .parameters = parameters_of(planting->scope),
                            .run = run_trial,
                            .context = planting};
    TRY(trials_run_worlds(planting->scope, &trials, out, &numbers));
    for (size_t i = 0; i < trials.count; i++)
        for (size_t n = 0; n < NUMBERS; n++)
            sums[n] += numbers[i * NUMBERS + n];
    TRY(report(sums, planting->words, PLACE_CONTRIBUTION, out));
    return report(sums, planting->words, PLACE_RELEASE, out);
}

static enum status run_all(const struct audit_scope *scope, size_t trials, struct audit_results *out)
{
    struct buf there[PLACES] = {{.secret = true}};
    size_t refused;
    enum status status = shared_texts(scope, there, &refused);
    for (int words = 0; words < PLANT_KINDS && status == OK; words++) {
        struct planting planting = {scope, there, (enum plant_words)words};
        status = run_words(&planting, trials, out);
    }
    texts_free(there);
    return status;
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
    return run_all(scope, trials, out);
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
