/* Tags a text: one walk gathers what the document says of its words, a second scores and decodes line by line. Hides
 * the pool of work space and that most words are never decoded. */
#include "redaction/tag.h"

#include <stdatomic.h>

#include "base/hash.h"
#include "base/secret.h"
#include "redaction/tag_document.h"
#include "redaction/tag_report.h"

#define SPARE 8
#define KEPT                                                                                                           \
    32768        /* words of a text that the second walk has from the first; of a larger one it reads each line again */
#define AROUND 2 /* words on either side of those with a chance that are decoded with them */

struct work {
    struct tag_table table;
    struct tag_document document;
    struct tag_lattice lattice;
    struct tag_word words[KEPT];
    struct tag_entry *entries[KEPT];
    uint16_t counts[KEPT]; /* of each line's words */
    size_t lines, used;    /* used: words and entries that were written to */
    bool kept;
    const struct tag_kind *kinds[TAG_LINE]; /* of the line's words */
    int16_t sums[TAG_LINE][TAG_LANES];
};

/* What decodes texts of one genre. */
struct reader {
    struct tag_model model;
    struct tag_gate gate;
    struct tag_chain chain;
};
struct tagger {
    struct reader readers[TAG_GENRES];
    uint8_t hash[32];
    _Atomic(struct work *) spare[SPARE];
};

static enum status reader_open(struct reader *reader, struct bytes model, struct why *why)
{
    TRY(tag_model_open(model, &reader->model, why));
    tag_gate_init(&reader->gate, &reader->model);
    tag_chain_init(&reader->chain, reader->model.follow, reader->model.first);
    return OK;
}

enum status tagger_new(struct bytes model, struct tagger **out, struct why *why)
{
    *out = NULL;
    struct bytes models[TAG_GENRES], ends[TAG_GENRES];
    if (model.size)
        TRY(tag_model_check(model, why));
    struct tagger *tagger = mem_new(1, sizeof *tagger);
    if (!tagger)
        return ERR_MEMORY;
    enum status status = OK;
    for (unsigned genre = 0; genre < TAG_GENRES && status == OK; genre++) {
        models[genre] = model.size ? model : tag_built_in(genre);
        status = reader_open(&tagger->readers[genre], models[genre], why);
        ends[genre] = bytes_part(models[genre], models[genre].size - HASH_BYTES, HASH_BYTES);
    }
    if (status != OK) {
        tagger_free(tagger);
        return status;
    }
    hash_sha256_parts(ends, TAG_GENRES, tagger->hash);
    *out = tagger;
    return OK;
}

void tagger_free(struct tagger *tagger)
{
    if (!tagger)
        return;
    for (size_t i = 0; i < SPARE; i++)
        mem_free(atomic_load(&tagger->spare[i]));
    for (size_t genre = 0; genre < TAG_GENRES; genre++)
        tag_model_close(&tagger->readers[genre].model);
    mem_free(tagger);
}

void tagger_hash(const struct tagger *tagger, uint8_t out[static 32])
{
    memcpy(out, tagger->hash, 32);
}

/* --- work space --- */

static struct work *work_take(struct tagger *tagger)
{
    for (size_t i = 0; i < SPARE; i++) {
        struct work *spare = atomic_exchange(&tagger->spare[i], NULL);
        if (spare)
            return spare;
    }
    return mem_new(1, sizeof(struct work));
}

/* What it holds of the text is wiped: but for hashes of common words. */
static void work_give(struct tagger *tagger, struct work *work)
{
    tag_table_forget(&work->table);
    tag_document_forget(&work->document);
    secret_wipe(work->words, work->used * sizeof work->words[0]);
    work->used = 0;
    for (size_t i = 0; i < SPARE; i++) {
        struct work *none = NULL;
        if (atomic_compare_exchange_strong(&tagger->spare[i], &none, work))
            return;
    }
    mem_free(work);
}

/* --- lines --- */

struct line {
    const struct tag_word *words;
    struct tag_entry *const *entries;
    size_t count;
};

/* Read the line at `at` into words and entries from `from` on. */
static struct line line_read(const struct tagger *tagger, struct work *work, struct bytes text, size_t at, size_t from,
                             size_t *next)
{
    size_t count = tag_line(text, at, work->words + from, next);
    if (!tag_table_has_room(&work->table, count)) {
        tag_table_forget(&work->table);
        work->kept = false;
    }
    for (size_t i = from; i < from + count; i++) {
        work->entries[i] = tag_table_find(&work->table, &tagger->readers[0].model.lists, text, &work->words[i]);
        work->kinds[i - from] = &work->entries[i]->kind;
    }
    work->used = work->used > from + count ? work->used : from + count;
    return (struct line){work->words + from, work->entries + from, count};
}

/* Gather what the whole text says, and keep its words if they are not too many. */
static void read_through(const struct tagger *tagger, struct work *work, struct bytes text)
{
    size_t from = 0;
    work->kept = true;
    work->lines = 0;
    for (size_t at = 0; at < text.size;) {
        work->kept &= from + TAG_LINE <= KEPT;
        from = work->kept ? from : 0;
        struct line line = line_read(tagger, work, text, at, from, &at);
        tag_document_add(&work->document, work->kinds, line.words, line.count);
        if (line.count && work->kept)
            work->counts[work->lines++] = (uint16_t)line.count;
        from += line.count;
    }
}

/* --- scores --- */

struct context {
    const struct reader *reader;
    struct work *work;
    struct scan *scan;
    struct tag_levels levels;
    tag_types bars;
    unsigned genre;
    uint64_t above; /* of the heading */
};

/* What each word's surroundings say by themselves. */
static void sum_words(struct work *work, const struct line *line)
{
    memset(work->sums, 0, line->count * sizeof work->sums[0]);
    for (size_t p = 0; p < TAG_PLACES; p++) {
        size_t first = p < TAG_BESIDE ? TAG_BESIDE - p : 0; /* the first word with one at that place */
        for (size_t i = first; i < line->count && i + p < line->count + TAG_BESIDE; i++)
            tag_add_sums(work->sums[i], line->entries[i + p - TAG_BESIDE]->sums[p]);
    }
}

/* Add to words [from, to) what place and document say. */
static void sum_places(const struct context *context, const struct line *line, unsigned line_kind, size_t from,
                       size_t to)
{
    struct work *work = context->work;
    for (size_t at = from; at < to; at++) {
        uint64_t features[TAG_PLACE_FEATURES];
        unsigned seen = tag_document_seen(&work->document, work->kinds[at]);
        const struct tag_place place = {work->kinds, line->words, line->count,    at,
                                        seen,        line_kind,   context->above, context->genre};
        size_t count = tag_place_features(&place, features);
        for (size_t f = 0; f < count; f++)
            tag_add_feature(&context->reader->model, features[f], work->sums[at]);
    }
}

static void decode(const struct context *context, const struct line *line, size_t from, size_t to)
{
    struct work *work = context->work;
    for (size_t i = from; i < to; i++)
        for (size_t k = 0; k < TAG_LANES; k++)
            work->lattice.score[i][k] = k < TAG_LABELS ? (float)work->sums[i][k] * context->reader->model.step : 0;
    tag_decode(&context->reader->chain, &work->lattice, from, to, line->count);
    const struct tag_read read = {line->words, work->kinds, (const float(*)[TAG_LANES])work->lattice.chance,
                                  context->genre};
    tag_report(context->scan, &read, from, to, &context->levels);
}

/* --- from the words that have a chance to those that are decoded --- */

struct stretch {
    size_t from, to;
};

/* Mark the stretches of open words in [from, to) in which something may be reported, and the words around them. */
static void mark_wide(const struct context *context, const struct line *line, const uint8_t *open, struct stretch in,
                      bool wide[static TAG_LINE])
{
    memset(wide, 0, TAG_LINE * sizeof *wide);
    for (size_t at = in.from; at < in.to; at++) {
        size_t end = at;
        bool may = false;
        for (; end < in.to && open[end]; end++)
            may |= tag_report_may(context->scan->text, &line->words[end], context->work->kinds[end], context->genre,
                                  open[end]);
        size_t first = at - in.from < AROUND ? in.from : at - AROUND;
        size_t last = in.to - end < AROUND ? in.to : end + AROUND;
        for (size_t i = first; may && i < last; i++)
            wide[i] = true;
        at = end;
    }
}

/* The next stretch of marked words from `from` on; empty if there is none. */
static struct stretch next_wide(const bool *wide, size_t from, size_t to)
{
    while (from < to && !wide[from])
        from++;
    size_t end = from;
    while (end < to && wide[end])
        end++;
    return (struct stretch){from, end};
}

/* Words [from, to) may hold a find, by their sums: score them, and decode what still may. */
static void look_closer(const struct context *context, const struct line *line, unsigned line_kind, struct stretch in)
{
    struct work *work = context->work;
    uint8_t open[TAG_LINE];
    bool wide[TAG_LINE];
    sum_places(context, line, line_kind, in.from, in.to);
    tag_gate_open(&context->reader->gate, (const int16_t(*)[TAG_LANES])work->sums, in.from, in.to, context->bars, open);
    mark_wide(context, line, open, in, wide);
    for (struct stretch next = next_wide(wide, in.from, in.to); next.from < next.to;
         next = next_wide(wide, next.to, in.to))
        decode(context, line, next.from, next.to);
}

static void tag_one(struct context *context, const struct line *line)
{
    struct work *work = context->work;
    uint8_t open[TAG_LINE];
    bool wide[TAG_LINE];
    tag_heading(work->kinds, line->words, line->count, &context->above);
    for (size_t i = 0; i < line->count; i++)
        if (line->entries[i]->genre != context->genre + 1)
            tag_entry_weigh(line->entries[i], &context->reader->model,
                            bytes_part(context->scan->text, line->words[i].at, line->words[i].size), context->genre);
    sum_words(work, line);
    tag_gate_open(&context->reader->gate, (const int16_t(*)[TAG_LANES])work->sums, 0, line->count, context->bars, open);
    mark_wide(context, line, open, (struct stretch){0, line->count}, wide);
    struct stretch next = next_wide(wide, 0, line->count);
    unsigned line_kind = next.from < next.to ? tag_line_kind(work->kinds, line->words, line->count) : 0;
    for (; next.from < next.to; next = next_wide(wide, next.to, line->count))
        look_closer(context, line, line_kind, next);
}

/* --- the second walk --- */

static void tag_kept(struct context *context)
{
    struct work *work = context->work;
    struct line line = {work->words, work->entries, 0};
    for (size_t n = 0; n < work->lines && context->scan->status == OK; n++) {
        line.count = work->counts[n];
        for (size_t i = 0; i < line.count; i++)
            work->kinds[i] = &line.entries[i]->kind;
        tag_one(context, &line);
        line.words += line.count;
        line.entries += line.count;
    }
}

static void tag_again(const struct tagger *tagger, struct context *context, struct bytes text)
{
    for (size_t at = 0; at < text.size && context->scan->status == OK;) {
        struct line line = line_read(tagger, context->work, text, at, 0, &at);
        if (line.count)
            tag_one(context, &line);
    }
}

static void scan_all(const struct tagger *tagger, struct work *work, struct scan *scan, const struct tag_levels *levels)
{
    struct bytes text = bytes_part(scan->text, 0, UINT32_MAX);
    read_through(tagger, work, text);
    unsigned genre = tag_document_genre(&work->document);
    const struct reader *reader = &tagger->readers[genre];
    struct context context = {.reader = reader, .work = work, .scan = scan, .levels = *levels, .genre = genre};
    tag_report_bars(&reader->model, scan->types, genre, levels->flag, context.bars);
    if (work->kept)
        tag_kept(&context);
    else
        tag_again(tagger, &context, text);
}

void tagger_scan(struct tagger *tagger, struct scan *scan, float withhold, float flag)
{
    const struct tag_levels levels = {withhold, flag};
    struct work *work = work_take(tagger);
    if (!work) {
        scan->status = ERR_MEMORY;
        return;
    }
    scan_all(tagger, work, scan, &levels);
    work_give(tagger, work);
}
