/* Measuring pairs. Hides the rows of the measures, and how pairs become clusters. */
#include "audits/overlap/pairs.h"

#include <math.h>

#include "audits/statistics/statistics.h"

#define ROUNDS 2000
#define CLUSTERS_LEAST 5

/* --- one pair --- */

struct view { /* a document as its measure wants it */
    const struct comparable *text;
    struct sequence *sequence; /* PAIR_SUBSEQUENCE; owned */
};

static enum status runs_of(const struct view *view, const struct comparable *reference, double *out)
{
    struct overlap overlap;
    TRY(overlap_measure(view->text->runs, reference->runs, &overlap));
    *out = (double)overlap.exact;
    return OK;
}

static enum status subsequence_of(const struct view *view, const struct comparable *reference, double *out)
{
    *out = (double)sequence_common(view->sequence, reference->words, reference->tokens);
    return OK;
}

static enum status features_of(const struct view *view, const struct comparable *reference, double *out)
{
    *out = features_cosine(&view->text->features, &reference->features);
    return OK;
}

/* What a document's value is divided by; 0: it is too short. */
static double runs_in(const struct comparable *text)
{
    return text->tokens < OVERLAP_SHINGLE ? 0 : (double)(text->tokens - OVERLAP_SHINGLE + 1);
}

static double tokens_in(const struct comparable *text)
{
    return (double)(text->tokens < SEQUENCE_TOKENS_MAX ? text->tokens : SEQUENCE_TOKENS_MAX);
}

static double one(const struct comparable *text)
{
    return text->tokens > 0;
}

static const struct {
    enum status (*pair)(const struct view *view, const struct comparable *reference, double *out);
    double (*weight)(const struct comparable *text);
} measures[PAIR_MEASURES] = {
    [PAIR_RUNS] = {runs_of, runs_in},
    [PAIR_SUBSEQUENCE] = {subsequence_of, tokens_in},
    [PAIR_FEATURES] = {features_of, one},
};

/* --- one document --- */

struct clusters {
    double *own, *other, *weight; /* sums over the documents of a cluster */
    double *difference;
    size_t count;
};
struct measuring {
    const struct ground *ground;
    enum pair_measure measure;
    enum reference kind;
    double *row; /* of each source, the document's value; NAN: not compared yet */
};

static enum status value_at(const struct measuring *measuring, const struct view *view, size_t source, double *out)
{
    double *kept = &measuring->row[source];
    if (isnan(*kept))
        TRY(measures[measuring->measure].pair(view, &measuring->ground->references[measuring->kind][source], kept));
    *out = *kept;
    return OK;
}

/* The mean over the baseline's tasks of `own`; NAN when there is none. */
static enum status mismatched(const struct measuring *measuring, const struct document *document,
                              const struct view *view, size_t own, double *out)
{
    const struct peers *peers = &measuring->ground->peers[measuring->kind][own];
    double sum = 0, value = 0;
    size_t count = 0;
    for (size_t i = 0; i < peers->count; i++)
        if (!document->own[peers->items[i]]) {
            TRY(value_at(measuring, view, peers->items[i], &value));
            sum += value;
            count++;
        }
    *out = count ? sum / (double)count : NAN;
    return OK;
}

static enum status add_pairs(const struct measuring *measuring, const struct document *document,
                             const struct view *view, struct clusters *to)
{
    double own = 0, other = 0, value = 0, mismatch = 0;
    size_t pairs = 0;
    for (size_t s = 0; s < measuring->ground->sources.count; s++) {
        if (!document->own[s] || measuring->ground->references[measuring->kind][s].tokens == 0)
            continue;
        TRY(mismatched(measuring, document, view, s, &mismatch));
        if (isnan(mismatch))
            continue;
        TRY(value_at(measuring, view, s, &value));
        own += value;
        other += mismatch;
        pairs++;
    }
    if (pairs == 0)
        return OK;
    to->own[document->cluster] += own / (double)pairs;
    to->other[document->cluster] += other / (double)pairs;
    to->weight[document->cluster] += measures[measuring->measure].weight(&document->text);
    return OK;
}

static enum status add_document(const struct measuring *measuring, const struct document *document, struct clusters *to)
{
    struct view view = {.text = &document->text};
    if (measures[measuring->measure].weight(&document->text) == 0)
        return OK;
    for (size_t s = 0; s < measuring->ground->sources.count; s++)
        measuring->row[s] = NAN;
    if (measuring->measure == PAIR_SUBSEQUENCE)
        TRY(sequence_new(document->text.words, document->text.tokens, &view.sequence));
    enum status status = add_pairs(measuring, document, &view, to);
    sequence_free(view.sequence);
    return status;
}

/* --- all of them --- */

/* Clusters without a pair are taken out. */
static void clusters_close(struct clusters *clusters)
{
    size_t kept = 0;
    for (size_t i = 0; i < clusters->count; i++) {
        if (clusters->weight[i] == 0)
            continue;
        clusters->own[kept] = clusters->own[i];
        clusters->other[kept] = clusters->other[i];
        clusters->weight[kept] = clusters->weight[i];
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
 * exact one on the share of tasks that show something: a task counts at most wholly. */
static double upper_bound(const struct clusters *clusters, const struct interval *bootstrap)
{
    for (size_t i = 0; i < clusters->count; i++)
        if (clusters->difference[i] != 0)
            return bootstrap->high;
    return dp_proportion_interval(0, clusters->count).high;
}

static enum status infer(const struct clusters *clusters, struct random random, struct audit_result *result)
{
    struct interval interval;
    double weight = total(clusters->weight, clusters->count);
    if (clusters->count < CLUSTERS_LEAST)
        return OK;
    TRY(stat_cluster_bootstrap(clusters->difference, clusters->weight, clusters->count, ROUNDS, random, &interval));
    result->samples = clusters->count;
    result->kind = INTERVAL_RESAMPLED;
    result->value = total(clusters->difference, clusters->count) / weight;
    result->low = interval.low;
    result->high = upper_bound(clusters, &interval);
    result->baseline = total(clusters->other, clusters->count) / weight;
    result->p = stat_sign_flip(clusters->difference, clusters->count, ROUNDS, random);
    return OK;
}

enum status pairs_measure(const struct ground *ground, enum pair_measure measure, enum reference kind,
                          const struct documents *documents, struct random random, struct audit_result *result)
{
    size_t room = documents->clusters + 1;
    SCOPED_MEM double *sums = mem_new(4 * room, sizeof *sums);
    SCOPED_MEM double *row = mem_new(ground->sources.count + 1, sizeof *row);
    if (!sums || !row)
        return ERR_MEMORY;
    struct clusters clusters = {sums, sums + room, sums + 2 * room, sums + 3 * room, documents->clusters};
    struct measuring measuring = {ground, measure, kind, row};
    for (size_t i = 0; i < documents->count; i++)
        TRY(add_document(&measuring, &documents->items[i], &clusters));
    clusters_close(&clusters);
    return infer(&clusters, random, result);
}

/* --- what gives a text away without copying it whole --- */

#define QUOTE_WORDS 512

static size_t split_words(struct bytes text, struct bytes words[static QUOTE_WORDS])
{
    size_t count = 0;
    for (size_t at = 0, end; at < text.size && count < QUOTE_WORDS; at = end + 1) {
        for (end = at; end < text.size && text.data[end] > ' '; end++)
            ;
        if (end > at)
            words[count++] = bytes_part(text, at, end - at);
    }
    return count;
}

static void write_quote(struct bytes text, enum pair_measure measure, struct buf *out)
{
    struct bytes words[QUOTE_WORDS];
    size_t count = split_words(text, words);
    for (size_t i = 0; i < count; i++) {
        if (measure == PAIR_SUBSEQUENCE && i % 4 == 3)
            continue;
        buf_add(out, words[measure == PAIR_FEATURES ? count - 1 - i : i]);
        buf_add_byte(out, ' ');
    }
}

enum status pairs_quote(const struct ground *ground, enum pair_measure measure, enum reference kind,
                        struct documents *out)
{
    for (size_t i = 0; i < ground->sources.count; i++) {
        SCOPED_BUF struct buf text = {.secret = true};
        struct document *document = NULL;
        write_quote(buf_bytes(reference_text(&ground->sources.items[i], kind)), measure, &text);
        TRY(buf_status(&text));
        if (text.size == 0)
            continue;
        TRY(documents_add(out, &text, i, ground->sources.count, &document));
        document->own[i] = true;
    }
    return OK;
}
