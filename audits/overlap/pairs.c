/* Measuring pairs. Hides the rows of the measures, and how pairs become clusters. */
#include "audits/overlap/pairs.h"

#include <math.h>
#include <stdlib.h>

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

static int largest_first(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left < right) - (left > right);
}

/* The mean largest of `drawn` of the values, over all ways to draw so many. Sorts them. */
static double largest_of_some(double *values, size_t count, size_t drawn)
{
    double sum = 0, is_largest = (double)drawn / (double)count; /* C(count - 1 - i, drawn - 1) / C(count, drawn) */
    qsort(values, count, sizeof *values, largest_first);
    for (size_t i = 0; i + drawn <= count; i++) {
        sum += is_largest * values[i];
        if (i + drawn < count)
            is_largest *= (double)(count - drawn - i) / (double)(count - 1 - i);
    }
    return sum;
}

static enum status value_at(const struct measuring *measuring, const struct view *view, size_t source, double *out)
{
    double *kept = &measuring->row[source];
    if (isnan(*kept))
        TRY(measures[measuring->measure].pair(view, &measuring->ground->references[measuring->kind][source], kept));
    *out = *kept;
    return OK;
}

/* Marks the baseline's tasks of `own`; none is the document's. */
static size_t mark_peers(const struct measuring *measuring, const struct document *document, size_t own, bool *marked)
{
    const struct peers *peers = &measuring->ground->peers[measuring->kind][own];
    size_t count = 0;
    for (size_t i = 0; i < peers->count; i++)
        if (!document->own[peers->items[i]]) {
            marked[peers->items[i]] = true;
            count++;
        }
    return count;
}

/* Which sources are compared as the document's own, and as its baseline; own ones without a baseline are not. */
static void choose_sides(const struct measuring *measuring, const struct document *document, bool *own, bool *peer)
{
    for (size_t s = 0; s < measuring->ground->sources.count; s++)
        if (document->own[s] && measuring->ground->references[measuring->kind][s].tokens > 0)
            own[s] = mark_peers(measuring, document, s, peer) > 0;
}

static enum status values_of(const struct measuring *measuring, const struct view *view, const bool *side,
                             double *values, size_t *count)
{
    for (size_t s = 0; s < measuring->ground->sources.count; s++)
        if (side[s])
            TRY(value_at(measuring, view, s, &values[(*count)++]));
    return OK;
}

static enum status add_pairs(const struct measuring *measuring, const struct document *document,
                             const struct view *view, struct clusters *to)
{
    size_t sources = measuring->ground->sources.count, own = 0, peers = 0;
    SCOPED_MEM bool *sides = mem_new(2 * sources + 1, sizeof *sides);
    SCOPED_MEM double *values = mem_new(2 * sources + 1, sizeof *values);
    if (!sides || !values)
        return ERR_MEMORY;
    choose_sides(measuring, document, sides, sides + sources);
    TRY(values_of(measuring, view, sides, values, &own));
    TRY(values_of(measuring, view, sides + sources, values + sources, &peers));
    if (own == 0)
        return OK;
    size_t drawn = own < peers ? own : peers;
    to->own[document->cluster] += largest_of_some(values, own, drawn);
    to->other[document->cluster] += largest_of_some(values + sources, peers, drawn);
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

static enum status infer(const struct clusters *clusters, struct random random, struct audit_result *result)
{
    struct interval interval;
    double weight = total(clusters->weight, clusters->count);
    if (clusters->count < CLUSTERS_LEAST)
        return OK;
    TRY(stat_cluster_interval(clusters->difference, clusters->weight, clusters->count, ROUNDS, random, &interval));
    result->samples = clusters->count;
    result->kind = INTERVAL_RESAMPLED;
    result->value = total(clusters->difference, clusters->count) / weight;
    result->low = interval.low;
    result->high = interval.high;
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

/* Copies that are found in their own text, and nearly as much in others', are no blind search. */
void pairs_control(const struct audit_result *control, struct audit_result *result)
{
    if (control->samples == 0)
        return;
    audit_result_control(result, control->value, control->low, control->high, result->limit);
    if (result->control == CONTROL_FAILED && control->value + control->baseline > result->limit)
        result->control = CONTROL_UNDECIDED;
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
