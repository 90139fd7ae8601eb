/* Exposure of planted secrets (Carlini et al. 2019): secrets of known form are put into runs beside the tenants' own
 * traces, and each is ranked among decoys by what the records and the library have of it. Hides which bytes are read
 * and the control, which copies everything. */
#include "audits/exposure/exposure.h"

#include <stdio.h>

#include "audits/attacks.h"
#include "audits/exposure/rank.h"
#include "audits/statistics/statistics.h"
#include "audits/world.h"
#include "base/clock.h"

#define SECRETS_QUICK 400 /* of each place */
#define SECRETS_FULL 2000
#define LIMIT 0.02
#define TOLERATED 0.005
#define CONTROL_LEAST 0.9

enum exposed { IN_RECORDS, IN_LIBRARY, IN_COPIES, EXPOSED };
enum claim { VALUE_RECORDS, VALUE_LIBRARY, NAME_RECORDS, NAME_LIBRARY, CLAIMS };

#define EXPOSURE(id, where, what, who, is_expected)                                                                    \
    {                                                                                                                  \
        .name = "exposure." id, .surface = where, .target = what, .threat = who,                                       \
        .knows = "the form of a secret and 1,024 candidates, one of which is it",                                      \
        .metric = "secrets that rank first of 1,024 / planted", .unit = "secret",                                      \
        .baseline = "a rank by chance: 1 / 1,024", .control = "records of an extractor that copies, scrubber off",     \
        .needed = SECRETS_QUICK, .limit = LIMIT, .tolerated = TOLERATED, .expected = is_expected                       \
    }
static const struct audit_claim claims[CLAIMS + 1] = {
    [VALUE_RECORDS] = EXPOSURE("value.records", SURFACE_CONTRIBUTIONS, "records before they are sealed",
                               THREAT_CURIOUS_SERVER, false),
    [VALUE_LIBRARY] = EXPOSURE("value.library", SURFACE_LIBRARY, "the published library", THREAT_TENANT, false),
    [NAME_RECORDS] =
        EXPOSURE("name.records", SURFACE_CONTRIBUTIONS, "records before they are sealed", THREAT_CURIOUS_SERVER, true),
    [NAME_LIBRARY] = EXPOSURE("name.library", SURFACE_LIBRARY, "the published library", THREAT_TENANT, false),
};
static const struct asked {
    enum secret_place place;
    enum exposed where;
    const char *note;
} asked[CLAIMS] = {
    [VALUE_RECORDS] = {SECRET_VALUE, IN_RECORDS, "planted in messages, arguments, errors and results of runs"},
    [VALUE_LIBRARY] = {SECRET_VALUE, IN_LIBRARY, "planted in messages, arguments, errors and results of runs"},
    [NAME_RECORDS] = {SECRET_NAME, IN_RECORDS,
                      "planted in the names of tools: lessons are about tools, and the server reads their names"},
    [NAME_LIBRARY] = {SECRET_NAME, IN_LIBRARY, "planted in the names of tools, each of which one tenant has"},
};

/* --- what is read --- */

struct shown {
    struct text_runs *texts[EXPOSED]; /* owned; NULL: there is none */
    const char *doubt;                /* why the library could show none of the secrets; NULL: it could */
};

static enum status read_records(const struct prepared *prepared, size_t tenants, struct text_runs **out)
{
    SCOPED_BUF struct buf all = {0};
    for (size_t t = 0; t < tenants; t++)
        for (size_t i = 0; i < prepared[t].count; i++) {
            buf_add(&all, buf_bytes(&prepared[t].items[i].record));
            buf_add_byte(&all, '\n');
        }
    TRY(buf_status(&all));
    return text_runs_new(buf_bytes(&all), out);
}

static bool has_lesson(const struct library *library)
{
    for (size_t i = 0; i < library->insight_count; i++) {
        const char *tool = library->insights[i].text.tool;
        if (tool && strcmp(tool, SECRET_TOOL) == 0)
            return true;
    }
    return false;
}

/* A library that shows no secret says something only if it could have: if all contributions were taken, and what the
 * planted runs have in common was released. */
static const char *doubt_of(const struct world *world, const struct library *library)
{
    if (world_refused(world) > 0)
        return "the server refused some of the contributions: secrets that were planted there could not be released";
    return has_lesson(library) ? NULL
                               : "the lesson of the planted runs, which all tenants share, was not released: neither "
                                 "could the secrets in it";
}

/* ERR_POLICY: mode dp, and too few tenants for a round. */
static enum status read_library(const struct planted *planted, const struct prepared *prepared, struct shown *out,
                                struct why *why)
{
    struct world *world = NULL;
    struct library library;
    TRY(world_federate(&planted->scope, prepared, WORLD_IN_MEMORY, &world, &library, why));
    enum status status = text_runs_new(buf_bytes(&world_seen(world)->published), &out->texts[IN_LIBRARY]);
    out->doubt = doubt_of(world, &library);
    library_free(&library);
    world_free(world);
    return status;
}

static enum status read_released(const struct planted *planted, struct shown *shown, struct audit_results *out,
                                 struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&planted->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = read_records(prepared, planted->scope.tenant_count, &shown->texts[IN_RECORDS]);
    if (status == OK)
        status = read_library(planted, prepared, shown, why);
    audit_results_worlds(out, status == OK, started);
    world_prepared_free(prepared, planted->scope.tenant_count);
    return status == ERR_POLICY ? OK : status;
}

static enum status read_copies(const struct planted *planted, struct text_runs **out, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&planted->scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, why));
    enum status status = read_records(prepared, planted->scope.tenant_count, out);
    world_prepared_free(prepared, planted->scope.tenant_count);
    return status;
}

/* --- ranks --- */

/* How many secrets have which rank, and how many are exposed by at least b bits, b from 0 to RANK_BITS. */
struct exposures {
    size_t count, at_least[RANK_BITS + 1], ranks[RANK_CANDIDATES + 1];
};

static void rank_all(const struct planted *planted, enum secret_place place, const struct text_runs *text,
                     struct random random, struct exposures *out)
{
    *out = (struct exposures){.count = planted->count};
    for (size_t i = 0; i < planted->count; i++) {
        size_t rank = secret_rank(text, place, i, &planted->secrets[place][i], random);
        out->ranks[rank]++;
        for (size_t bits = 0; bits <= RANK_BITS; bits++)
            out->at_least[bits] += rank <= RANK_CANDIDATES >> bits;
    }
}

/* Each point with its exact interval. */
static enum status draw_exposures(const struct exposures *exposures, struct audit_plot *out)
{
    *out = (struct audit_plot){.kind = PLOT_FRONTIER,
                               .x = "exposure, bits",
                               .y = "share of secrets exposed by so much",
                               .points = RANK_BITS + 1};
    out->rows = mem_new(4 * out->points, sizeof *out->rows);
    if (!out->rows)
        return ERR_MEMORY;
    for (size_t bits = 0; bits <= RANK_BITS; bits++) {
        struct interval band = dp_proportion_interval(exposures->at_least[bits], exposures->count);
        double *row = &out->rows[4 * bits];
        row[0] = (double)bits;
        row[1] = (double)exposures->at_least[bits] / (double)exposures->count;
        row[2] = band.low;
        row[3] = band.high;
    }
    return OK;
}

static const char *write_note(const struct exposures *found, const char *where, struct audit_results *texts)
{
    char note[240];
    struct rank_median median = rank_median_of(found->ranks, found->count);
    snprintf(note, sizeof note, "%s; the median secret is exposed by %.1f of %d bits [%.1f, %.1f] (1.0 by chance)",
             where, median.bits, RANK_BITS, median.low, median.high);
    return audit_results_text(texts, note);
}

/* A secret that was found all the same stays found. */
static void doubt_library(const struct shown *shown, struct audit_result *result)
{
    if (!shown->doubt)
        return;
    result->note = shown->doubt;
    if (result->control == CONTROL_PASSED)
        result->control = CONTROL_UNDECIDED;
}

static enum status add_claim(const struct planted *planted, enum claim which, const struct shown *shown,
                             struct random random, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[which]);
    struct exposures found, control;
    rank_all(planted, asked[which].place, shown->texts[asked[which].where], random, &found);
    rank_all(planted, asked[which].place, shown->texts[IN_COPIES], random, &control);
    size_t first = found.at_least[RANK_BITS];
    audit_result_count(&result, first, found.count);
    result.baseline = 1. / RANK_CANDIDATES;
    result.p = stat_binomial_tail(first, found.count, result.baseline);
    result.control_value = (double)control.at_least[RANK_BITS] / (double)control.count;
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = write_note(&found, asked[which].note, out);
    if (!result.note)
        return ERR_MEMORY;
    if (asked[which].where == IN_LIBRARY)
        doubt_library(shown, &result);
    TRY(draw_exposures(&found, &result.plot));
    return audit_results_add(out, &result);
}

static enum status run_planted(const struct planted *planted, struct random random, struct audit_results *out,
                               struct why *why)
{
    struct shown shown = {0};
    enum status status = read_released(planted, &shown, out, why);
    if (status == OK)
        status = read_copies(planted, &shown.texts[IN_COPIES], why);
    for (int i = 0; i < CLAIMS && status == OK; i++) {
        audit_progress(&planted->scope, "exposure", (size_t)i, CLAIMS);
        if (shown.texts[asked[i].where])
            status = add_claim(planted, (enum claim)i, &shown, random, out);
    }
    if (status == OK)
        status = audit_not_evaluated(out, claims, "the federation is too small for a round of its mode dp");
    for (int i = 0; i < EXPOSED; i++)
        text_runs_free(shown.texts[i]);
    return status;
}

enum status exposure_attack(const struct audit_scope *scope, size_t secrets, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x6578706f73757265);
    struct planted planted;
    if (scope->tenant_count == 0)
        return audit_not_evaluated(out, claims, "no tenant to plant a secret with");
    TRY(planted_new(scope, secrets, random, &planted));
    enum status status = run_planted(&planted, random, out, why);
    planted_free(&planted);
    return status;
}

static enum status run_exposure(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return exposure_attack(scope, scope->full ? SECRETS_FULL : SECRETS_QUICK, out, why);
}

const struct attack attack_exposure = {
    .name = "exposure",
    .summary = "How strongly do records and library point to secrets that were planted in traces?",
    .paper = "Carlini et al. 2019, The Secret Sharer (arXiv 1802.08232)",
    .family = FAMILY_EXPOSURE,
    .quick = true,
    .quick_seconds = 4,
    .full_seconds = 19,
    .claims = claims,
    .run = run_exposure,
};
