/* Verbatim overlap: do contributions and insights repeat more of their own tasks' prompts and traces than of others'?
 *
 * Four-token runs as FoT's checker counts them (insight/overlap.h). The baseline of a pair is the same document against
 * tasks of other tenants in the same band of length; pairs of one task are a cluster, by which the sign-flip test and
 * the bootstrap draw. The control measures records of the copying extractor, scrubber off. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/sources.h"
#include "audits/statistics/statistics.h"
#include "audits/world.h"
#include "base/clock.h"
#include "insight/overlap.h"

#define ROUNDS 2000
#define CLUSTERS_LEAST 5
#define CONTROL_DOCUMENTS 150
#define BAND 2 /* a mismatched reference has at least 1/2 and at most 2 times the tokens */

enum reference { REFERENCE_PROMPT, REFERENCE_SYSTEM, REFERENCE_SPEECH, REFERENCES };

struct document {
    struct overlap_text *text;
    size_t cluster; /* documents of one task, or an insight */
    bool *own;      /* of each source: it comes from this one */
};
struct documents {
    size_t count, room, clusters;
    struct document *items;
};
struct overlap_audit {
    const struct audit_scope *scope;
    struct sources sources;
    struct overlap_text **references[REFERENCES]; /* of each source; NULL: it has none */
    struct documents contributions, insights, copies;
    struct random random;
};

/* --- documents --- */

static void documents_free(struct documents *documents)
{
    for (size_t i = 0; i < documents->count; i++) {
        overlap_text_free(documents->items[i].text);
        mem_free(documents->items[i].own);
    }
    mem_free(documents->items);
}

static enum status document_add(struct documents *to, struct bytes text, size_t sources, struct document **out)
{
    if (to->count == to->room) {
        size_t room = to->room ? to->room * 2 : 32;
        struct document *grown = mem_grow(to->items, to->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        to->items = grown;
        to->room = room;
    }
    struct document document = {.own = mem_new(sources + 1, sizeof *document.own)};
    if (!document.own)
        return ERR_MEMORY;
    enum status status = overlap_text_new(text, &document.text);
    if (status != OK) {
        mem_free(document.own);
        return status;
    }
    to->items[to->count] = document;
    *out = &to->items[to->count++];
    return OK;
}

static enum status contribution_document(struct overlap_audit *audit, size_t tenant, const struct contribution *from,
                                         struct documents *to)
{
    SCOPED_BUF struct buf text = {.secret = true};
    struct document *document = NULL;
    if (from->candidate_count == 0)
        return OK;
    const struct source *source = sources_find(&audit->sources, tenant, from->candidates[0].task);
    if (!source)
        return OK;
    for (size_t i = 0; i < from->candidate_count; i++) {
        TRY(candidate_render(&from->candidates[i], &text));
        buf_add_byte(&text, '\n');
    }
    TRY(buf_status(&text));
    TRY(document_add(to, buf_bytes(&text), audit->sources.count, &document));
    document->cluster = (size_t)(source - audit->sources.items);
    document->own[document->cluster] = true;
    to->clusters = audit->sources.count;
    return OK;
}

static enum status contribution_documents(struct overlap_audit *audit, const struct prepared *prepared, size_t most,
                                          struct documents *to)
{
    size_t total = 0, seen = 0;
    for (size_t t = 0; t < audit->scope->tenant_count; t++)
        total += prepared[t].count;
    size_t step = total > most ? total / most : 1;
    for (size_t t = 0; t < audit->scope->tenant_count; t++)
        for (size_t i = 0; i < prepared[t].count; i++)
            if (seen++ % step == 0)
                TRY(contribution_document(audit, t, &prepared[t].items[i].contribution, to));
    return OK;
}

/* --- which tasks an insight comes from: those that proposed one of its phrases --- */

static bool share_phrase(const struct candidate *a, const struct candidate *b)
{
    const struct phrases *left[] = {&a->when, &a->act, &a->avoid}, *right[] = {&b->when, &b->act, &b->avoid};
    for (size_t l = 0; l < 3; l++)
        for (size_t i = 0; i < left[l]->count; i++)
            for (size_t k = 0; k < right[l]->count; k++) {
                uint8_t one[16], other[16];
                phrase_key(left[l]->items[i], one);
                phrase_key(right[l]->items[k], other);
                if (memcmp(one, other, sizeof one) == 0)
                    return true;
            }
    return false;
}

static void mark_supporters(const struct overlap_audit *audit, const struct prepared *prepared,
                            const struct candidate *insight, bool *own)
{
    for (size_t t = 0; t < audit->scope->tenant_count; t++)
        for (size_t i = 0; i < prepared[t].count; i++)
            for (size_t c = 0; c < prepared[t].items[i].contribution.candidate_count; c++) {
                const struct candidate *candidate = &prepared[t].items[i].contribution.candidates[c];
                const struct source *source = sources_find(&audit->sources, t, candidate->task);
                if (source && share_phrase(insight, candidate))
                    own[source - audit->sources.items] = true;
            }
}

static enum status insight_documents(struct overlap_audit *audit, const struct prepared *prepared,
                                     const struct library *library)
{
    for (size_t i = 0; i < library->insight_count; i++) {
        SCOPED_BUF struct buf text = {0};
        struct document *document = NULL;
        TRY(insight_text(&library->insights[i], &text));
        TRY(document_add(&audit->insights, buf_bytes(&text), audit->sources.count, &document));
        document->cluster = i;
        mark_supporters(audit, prepared, &library->insights[i].text, document->own);
    }
    audit->insights.clusters = library->insight_count;
    return OK;
}

/* --- measuring --- */

struct clusters {
    double *own, *other, *runs; /* sums over the documents of a cluster */
    double *difference;
    size_t count;
};

static size_t tokens_of(const struct overlap_text *text)
{
    return text ? overlap_tokens(text) : 0;
}

static bool in_band(const struct overlap_text *one, const struct overlap_text *other)
{
    size_t a = tokens_of(one), b = tokens_of(other);
    return a >= OVERLAP_SHINGLE && b >= OVERLAP_SHINGLE && a <= BAND * b && b <= BAND * a;
}

/* Runs that the document shares with every reference; NAN where there is none. */
static enum status measure_row(const struct overlap_audit *audit, enum reference kind, const struct document *document,
                               double *row)
{
    for (size_t s = 0; s < audit->sources.count; s++) {
        struct overlap overlap;
        row[s] = NAN;
        if (!audit->references[kind][s])
            continue;
        TRY(overlap_measure(document->text, audit->references[kind][s], &overlap));
        row[s] = (double)overlap.exact;
    }
    return OK;
}

static bool same_text(const struct overlap_audit *audit, enum reference kind, size_t a, size_t b)
{
    const struct source *one = &audit->sources.items[a], *other = &audit->sources.items[b];
    const struct buf *left[REFERENCES] = {&one->prompt, &one->system, &one->speech};
    const struct buf *right[REFERENCES] = {&other->prompt, &other->system, &other->speech};
    return bytes_equal(buf_bytes(left[kind]), buf_bytes(right[kind]));
}

/* The mean of the document's runs in tasks of other tenants and of like length; NAN when there is none. A text that
 * both have, a system prompt above all, is no baseline for itself. */
static double mismatched(const struct overlap_audit *audit, enum reference kind, const struct document *document,
                         const double *row, size_t own)
{
    double sum = 0;
    size_t count = 0;
    for (size_t s = 0; s < audit->sources.count; s++) {
        bool foreign = audit->sources.items[s].tenant != audit->sources.items[own].tenant && !document->own[s];
        if (foreign && in_band(audit->references[kind][own], audit->references[kind][s]) &&
            !same_text(audit, kind, own, s)) {
            sum += row[s];
            count++;
        }
    }
    return count ? sum / (double)count : NAN;
}

static void add_document(const struct overlap_audit *audit, enum reference kind, const struct document *document,
                         const double *row, struct clusters *to)
{
    double own = 0, other = 0;
    size_t pairs = 0, tokens = overlap_tokens(document->text);
    for (size_t s = 0; s < audit->sources.count; s++) {
        double mismatch = document->own[s] && !isnan(row[s]) ? mismatched(audit, kind, document, row, s) : NAN;
        if (isnan(mismatch))
            continue;
        own += row[s];
        other += mismatch;
        pairs++;
    }
    if (pairs == 0 || tokens < OVERLAP_SHINGLE)
        return;
    to->own[document->cluster] += own / (double)pairs;
    to->other[document->cluster] += other / (double)pairs;
    to->runs[document->cluster] += (double)(tokens - OVERLAP_SHINGLE + 1);
}

/* Clusters without a pair are taken out. */
static void clusters_close(struct clusters *clusters)
{
    size_t kept = 0;
    for (size_t i = 0; i < clusters->count; i++) {
        if (clusters->runs[i] == 0)
            continue;
        clusters->own[kept] = clusters->own[i];
        clusters->other[kept] = clusters->other[i];
        clusters->runs[kept] = clusters->runs[i];
        clusters->difference[kept] = clusters->own[i] - clusters->other[i];
        kept++;
    }
    clusters->count = kept;
}

static double total(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

/* Where no task shows anything every resample is alike, and a bootstrap would be sure of itself. The bound is then the
 * exact one on the share of tasks that show something: a task's runs count at most wholly. */
static double upper_bound(const struct clusters *clusters, const struct interval *bootstrap)
{
    for (size_t i = 0; i < clusters->count; i++)
        if (clusters->difference[i] != 0)
            return bootstrap->high;
    return dp_proportion_interval(0, clusters->count).high;
}

static enum status infer(struct overlap_audit *audit, const struct clusters *clusters, struct audit_result *result)
{
    struct interval interval;
    double runs = total(clusters->runs, clusters->count);
    if (clusters->count < CLUSTERS_LEAST)
        return OK;
    TRY(stat_cluster_bootstrap(clusters->difference, clusters->runs, clusters->count, ROUNDS, audit->random,
                               &interval));
    result->samples = clusters->count;
    result->kind = INTERVAL_RESAMPLED;
    result->value = total(clusters->difference, clusters->count) / runs;
    result->low = interval.low;
    result->high = upper_bound(clusters, &interval);
    result->baseline = total(clusters->other, clusters->count) / runs;
    result->p = stat_sign_flip(clusters->difference, clusters->count, ROUNDS, audit->random);
    return OK;
}

static enum status measure(struct overlap_audit *audit, enum reference kind, const struct documents *documents,
                           struct audit_result *result)
{
    size_t room = documents->clusters + 1;
    SCOPED_MEM double *sums = mem_new(4 * room, sizeof *sums);
    SCOPED_MEM double *row = mem_new(audit->sources.count + 1, sizeof *row);
    if (!sums || !row)
        return ERR_MEMORY;
    struct clusters clusters = {sums, sums + room, sums + 2 * room, sums + 3 * room, documents->clusters};
    for (size_t i = 0; i < documents->count; i++) {
        TRY(measure_row(audit, kind, &documents->items[i], row));
        add_document(audit, kind, &documents->items[i], row, &clusters);
    }
    clusters_close(&clusters);
    return infer(audit, &clusters, result);
}

/* --- results --- */

#define COMPARED(id, where, what, who, of, most)                                                                       \
    {                                                                                                                  \
        .name = "overlap." id, .surface = where, .target = what, .threat = who,                                        \
        .knows = "the texts that it is compared with",                                                                 \
        .metric = "four-word runs shared with one's own task, above those shared with others' / all runs", .unit = of, \
        .baseline = "tasks of other tenants of like length",                                                           \
        .control = "records of an extractor that copies, scrubber off", .limit = most, .tolerated = most               \
    }
#define CONTRIBUTED(id, what, most)                                                                                    \
    COMPARED("contribution." id, SURFACE_CONTRIBUTIONS, what, THREAT_CURIOUS_SERVER, "task", most)
#define RELEASED(id, what, most) COMPARED("release." id, SURFACE_LIBRARY, what, THREAT_TENANT, "insight", most)

/* Two rows a reference, in the order of enum reference: contributions', then releases'. */
static const struct audit_claim claims[2 * REFERENCES + 1] = {
    CONTRIBUTED("prompt", "contributions against their task prompts", .01),
    CONTRIBUTED("system", "contributions against their system prompts", .01),
    CONTRIBUTED("trace", "contributions against their traces", .05),
    RELEASED("prompt", "insights against the task prompts behind them", .01),
    RELEASED("system", "insights against the system prompts behind them", .01),
    RELEASED("trace", "insights against the traces behind them", .05),
};

static enum status run_row(struct overlap_audit *audit, size_t row, struct audit_results *out)
{
    enum reference kind = (enum reference)(row % REFERENCES);
    struct audit_result result = audit_result_start(&claims[row]), control = result;
    result.note = "too few pairs of like length and other tenants to compare with";
    TRY(measure(audit, kind, row < REFERENCES ? &audit->contributions : &audit->insights, &result));
    TRY(measure(audit, kind, &audit->copies, &control));
    if (control.samples > 0) {
        result.control = control.low > result.limit ? CONTROL_PASSED : CONTROL_FAILED;
        result.control_value = control.value;
    }
    if (result.samples > 0)
        result.note = "above the baseline of other tenants' tasks of like length; paraphrase is not measured here";
    return audit_results_add(out, &result);
}

static enum status read_references(struct overlap_audit *audit)
{
    for (int kind = 0; kind < REFERENCES; kind++) {
        audit->references[kind] = mem_new(audit->sources.count + 1, sizeof **audit->references);
        if (!audit->references[kind])
            return ERR_MEMORY;
        for (size_t i = 0; i < audit->sources.count; i++) {
            const struct source *source = &audit->sources.items[i];
            const struct buf *texts[REFERENCES] = {&source->prompt, &source->system, &source->speech};
            if (texts[kind]->size > 0)
                TRY(overlap_text_new(buf_bytes(texts[kind]), &audit->references[kind][i]));
        }
    }
    return OK;
}

static enum status read_real(struct overlap_audit *audit, struct audit_results *out, struct why *why)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library = {0};
    TRY(world_prepare_all(audit->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = world_federate(audit->scope, prepared, WORLD_IN_MEMORY, &world, &library, why);
    audit_results_worlds(out, 1, started);
    if (status == OK)
        status = contribution_documents(audit, prepared, SIZE_MAX, &audit->contributions);
    if (status == OK)
        status = insight_documents(audit, prepared, &library);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, audit->scope->tenant_count);
    return status;
}

static enum status read_copies(struct overlap_audit *audit, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(audit->scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, why));
    enum status status = contribution_documents(audit, prepared, CONTROL_DOCUMENTS, &audit->copies);
    world_prepared_free(prepared, audit->scope->tenant_count);
    return status;
}

static void overlap_audit_free(struct overlap_audit *audit)
{
    for (int kind = 0; kind < REFERENCES; kind++) {
        for (size_t i = 0; audit->references[kind] && i < audit->sources.count; i++)
            overlap_text_free(audit->references[kind][i]);
        mem_free(audit->references[kind]);
    }
    documents_free(&audit->contributions);
    documents_free(&audit->insights);
    documents_free(&audit->copies);
    sources_free(&audit->sources);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct overlap_audit audit = {.scope = scope, .random = random_seeded_start(&seeded, scope->seed ^ 0x07)};
    enum status status = sources_read(scope, &audit.sources);
    if (status == OK)
        status = read_references(&audit);
    if (status == OK)
        status = read_real(&audit, out, why);
    if (status == OK)
        status = read_copies(&audit, why);
    for (size_t i = 0; i < 2 * REFERENCES && status == OK; i++) {
        audit_progress(scope, "overlap", i, 2 * REFERENCES);
        status = run_row(&audit, i, out);
    }
    overlap_audit_free(&audit);
    return status;
}

const struct attack attack_overlap = {
    .name = "overlap",
    .summary = "Do contributions or insights repeat the words of the tasks that they come from?",
    .paper = "Federation over Text (arXiv 2604.16778), its privacy checker",
    .family = FAMILY_OVERLAP,
    .quick = true,
    .claims = claims,
    .run = run,
};
