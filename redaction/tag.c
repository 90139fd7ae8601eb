/* Tags a text: one walk gathers what the document says of its words, a second decodes line by line. Hides the table of
 * kinds of words, whose summed weights are kept from text to text, and the pool of work space. */
#include "redaction/tag.h"

#include <math.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "redaction/tag_decode.h"
#include "redaction/tag_document.h"

#define SPARE 8
#define KINDS 4096 /* kinds of words whose weights are kept; the table starts again when three quarters are taken */

static const struct recognizer rows[] = {
    {.rule = "tagger.name", .type = REDACT_NAME, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.place",
     .type = REDACT_PLACE,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.organisation",
     .type = REDACT_ORGANISATION,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.date", .type = REDACT_DATE, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.demographic",
     .type = REDACT_DEMOGRAPHIC,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.quantity",
     .type = REDACT_QUANTITY,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.case", .type = REDACT_CASE, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.misc", .type = REDACT_MISC, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
};
_Static_assert(sizeof rows / sizeof rows[0] == TAG_TYPES, "a row a type");

#define EARLY -1.0f /* what place and document may still add to a word's lead */
#define AROUND 2
#define SURE 0.9f
#define RIVALS 8 /* labels that share what speaks for withholding */

typedef int16_t eight __attribute__((vector_size(16)));
typedef int8_t eight_small __attribute__((vector_size(8)));

struct entry {
    uint64_t key; /* of word, shape and genre */
    struct tag_kind kind;
    bool taken, weighed;
    int16_t sums[TAG_PLACES][TAG_LANES];
};

struct work {
    struct entry table[KINDS];
    size_t taken;
    struct tag_document document;
    struct tag_lattice lattice;
    struct tag_word words[TAG_LINE];
    struct entry *entries[TAG_LINE];
    const struct tag_kind *kinds[TAG_LINE];
};

/* What decodes texts of one genre. */
struct reader {
    struct tag_model model;
    float gain; /* most that a chain of labels gains over staying outside */
    struct tag_chain chain;
};
struct tagger {
    struct reader readers[TAG_GENRES];
    uint8_t hash[32];
    _Atomic(struct work *) spare[SPARE];
};

static float gain_of(const struct tag_model *model)
{
    float outside = model->follow[TAG_OUTSIDE][TAG_OUTSIDE], in = 0, out = 0, within = 0;
    for (size_t a = 1; a < TAG_LABELS; a++) {
        in = fmaxf(in, fmaxf(model->follow[TAG_OUTSIDE][a] - outside, model->first[a] - model->first[TAG_OUTSIDE]));
        out = fmaxf(out, model->follow[a][TAG_OUTSIDE] - outside);
        for (size_t b = 1; b < TAG_LABELS; b++)
            if (tag_may_follow(a, b))
                within = fmaxf(within, model->follow[a][b] - outside);
    }
    return fmaxf(in + out, within);
}

/* Steps by which each label to withhold may fall behind before a word need not be decoded: it can't come to `flag`. */
static int quiet_of(const struct reader *reader, float flag)
{
    float chance = fminf(fmaxf(flag, 0.01f), 0.99f);
    return (int)((reader->gain + logf(RIVALS * (1 - chance) / chance)) / reader->model.step);
}

static enum status reader_open(struct reader *reader, struct bytes model, struct why *why)
{
    TRY(tag_model_open(model, &reader->model, why));
    reader->gain = gain_of(&reader->model);
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

static void work_give(struct tagger *tagger, struct work *work)
{
    for (size_t i = 0; i < SPARE; i++) {
        struct work *none = NULL;
        if (atomic_compare_exchange_strong(&tagger->spare[i], &none, work))
            return;
    }
    mem_free(work);
}

static void work_empty(struct work *work)
{
    for (size_t i = 0; i < KINDS; i++)
        work->table[i].taken = false;
    work->taken = 0;
}

/* --- kinds of words --- */

static void add_weights(const struct tag_model *model, uint64_t feature, int16_t sums[static TAG_LANES])
{
    const int8_t *weights = tag_model_find(model, feature);
    if (!weights)
        return;
    for (size_t k = 0; k < TAG_LANES; k += 8) {
        eight_small from;
        eight to;
        memcpy(&from, weights + k, sizeof from);
        memcpy(&to, sums + k, sizeof to);
        to += __builtin_convertvector(from, eight);
        memcpy(sums + k, &to, sizeof to);
    }
}

/* Sum the weights of all features of a kind of word, for each place that it can be seen from. */
static void weigh(const struct tag_model *model, struct entry *entry, struct bytes word, unsigned genre)
{
    struct tag_feature features[TAG_WORD_FEATURES];
    size_t count = tag_word_features(&entry->kind, word, genre, features);
    memset(entry->sums, 0, sizeof entry->sums);
    for (size_t f = 0; f < count; f++)
        for (int p = 0; p < TAG_PLACES; p++)
            if (features[f].places >> p & 1)
                add_weights(model, tag_feature_at(features[f].hash, p - TAG_BESIDE), entry->sums[p]);
    entry->weighed = true;
}

static struct entry *entry_of(const struct tag_model *model, struct work *work, struct bytes text,
                              const struct tag_word *word, unsigned genre)
{
    unsigned inert = word->marks & WORD_INERT;
    uint64_t key = tag_mix(tag_word_hash(text, word), word->shape | inert << 8 | (uint64_t)genre << 16);
    size_t slot = (size_t)(key % KINDS);
    for (; work->table[slot].taken; slot = (slot + 1) % KINDS)
        if (work->table[slot].key == key)
            return &work->table[slot];
    struct entry *entry = &work->table[slot];
    entry->key = key;
    entry->taken = true;
    entry->weighed = false;
    entry->kind = tag_kind_of(&model->lists, text, word);
    work->taken++;
    return entry;
}

/* Words, entries and kinds of the next line; their count. */
static size_t line_at(const struct tag_model *model, struct work *work, struct bytes text, size_t at, unsigned genre,
                      size_t *next)
{
    size_t count = tag_line(text, at, work->words, next);
    if (work->taken + count > KINDS / 4 * 3)
        work_empty(work);
    for (size_t i = 0; i < count; i++) {
        work->entries[i] = entry_of(model, work, text, &work->words[i], genre);
        work->kinds[i] = &work->entries[i]->kind;
    }
    return count;
}

/* --- scores --- */

static void add_sums(int16_t to[static TAG_LANES], const int16_t from[static TAG_LANES])
{
    for (size_t k = 0; k < TAG_LANES; k += 8) {
        eight a, b;
        memcpy(&a, to + k, sizeof a);
        memcpy(&b, from + k, sizeof b);
        a += b;
        memcpy(to + k, &a, sizeof a);
    }
}

struct context {
    const struct tag_model *model;
    struct work *work;
    int quiet, early; /* in steps */
    unsigned line, genre;
    uint64_t above;
    size_t count;
};

/* Sum up what the words around say of the word at `at`. */
static void sum_words(const struct context *context, size_t at, int16_t sums[static TAG_LANES])
{
    memset(sums, 0, TAG_LANES * sizeof *sums);
    for (size_t p = 0; p < TAG_PLACES; p++) {
        size_t beside = at + p - TAG_BESIDE;
        if (beside < context->count) /* one before the first wraps */
            add_sums(sums, context->work->entries[beside]->sums[p]);
    }
}

/* By how many steps the best label to withhold is ahead of staying outside. */
static int lead_of(const int16_t sums[static TAG_LANES])
{
    int most = INT16_MIN;
    for (size_t k = 1; k < TAG_STAYS; k++)
        most = sums[k] > most ? sums[k] : most;
    return most - sums[TAG_OUTSIDE];
}

/* Fill the word's scores; its lead. */
static int score(const struct context *context, size_t at)
{
    struct work *work = context->work;
    int16_t sums[TAG_LANES];
    uint64_t features[TAG_PLACE_FEATURES];
    const struct tag_place place = {
        work->kinds,   work->words,    context->count, at, tag_document_seen(&work->document, work->kinds[at]),
        context->line, context->above, context->genre};
    sum_words(context, at, sums);
    size_t count = tag_place_features(&place, features);
    for (size_t f = 0; f < count; f++)
        add_weights(context->model, features[f], sums);
    for (size_t k = 0; k < TAG_LANES; k++)
        work->lattice.score[at][k] = k < TAG_LABELS ? (float)sums[k] * context->model->step : 0;
    return lead_of(sums);
}

/* Mark the words that have a chance, and those around them: only they are decoded. Marks and inert words have none of
 * their own, and most others are out of the question by what the words alone say. */
static void find_loud(const struct context *context, bool loud[static TAG_LINE])
{
    bool scored[TAG_LINE] = {false};
    size_t count = context->count, next = 0;
    for (size_t i = 0; i < count; i++) {
        int16_t sums[TAG_LANES];
        const struct tag_word *word = &context->work->words[i];
        if (word->shape == SHAPE_MARK || word->marks & WORD_INERT)
            continue;
        sum_words(context, i, sums);
        if (lead_of(sums) < -context->quiet - context->early)
            continue;
        scored[i] = true;
        if (score(context, i) < -context->quiet)
            continue;
        for (next = next > i - (i < AROUND ? i : AROUND) ? next : i - (i < AROUND ? i : AROUND);
             next < count && next <= i + AROUND; next++)
            loud[next] = true;
    }
    for (size_t i = 0; i < count; i++)
        if (loud[i] && !scored[i])
            score(context, i);
}

/* --- from probabilities to finds --- */

struct levels {
    float withhold, flag;
};

static float withheld(const float chance[static TAG_LANES])
{
    return 1 - chance[TAG_OUTSIDE] - chance[TAG_STAYS] - chance[TAG_STAYS + 1];
}

static size_t type_of(const float chance[static TAG_LANES], bool *begins)
{
    size_t best = 0;
    float most = -1;
    for (size_t type = 0; type < TAG_TYPES; type++) {
        float both = chance[1 + 2 * type] + chance[2 + 2 * type];
        if (both > most) {
            most = both;
            best = type;
        }
    }
    *begins = chance[1 + 2 * best] > chance[2 + 2 * best];
    return best;
}

/* A word that can be a name of something: no number, no well-known technology, not "GjBJ" between two commas or in a
 * base64 text, nor what no list knows and is written small or of two letters. */
static bool is_nameable(const struct work *work, struct bytes text, size_t at)
{
    const struct tag_word *word = &work->words[at];
    unsigned classes = work->kinds[at]->classes;
    uint8_t before = char_at(text, word->at - 1);
    if (word->shape >= SHAPE_NUMBER || classes & CLASS_TECH)
        return false;
    if (word->shape == SHAPE_LOWER)
        return classes & CLASS_GIVEN && !(classes & CLASS_COMMON);
    if (classes & (CLASS_GIVEN | CLASS_FAMILY | CLASS_CITY | CLASS_COUNTRY | CLASS_PART))
        return word->size > 2 || word->shape != SHAPE_UPPER;
    return word->shape != SHAPE_MIXED && word->size > 2 && before != ',' && before != ';';
}

/* Records of courts are what the model knows best. Elsewhere dates, quantities and numbers are found by pattern and
 * label, and a trait must be sure. */
static bool is_credible(const struct work *work, struct bytes text, size_t from, size_t to, size_t type, float sure)
{
    enum redact_type kind = rows[type].type;
    if (tag_document_genre(&work->document) == TAG_GENRE_LAW)
        return true;
    if (kind == REDACT_CASE || kind == REDACT_DATE || kind == REDACT_QUANTITY || kind == REDACT_MISC ||
        (kind == REDACT_DEMOGRAPHIC && sure < SURE))
        return false;
    for (size_t i = from; i < to; i++)
        if (is_nameable(work, text, i))
            return true;
    return kind == REDACT_DEMOGRAPHIC;
}

/* Report words [from, to) of the line without marks at their ends. */
static void report(struct scan *scan, const struct work *work, size_t from, size_t to, size_t type)
{
    while (from < to && work->words[from].shape == SHAPE_MARK)
        from++;
    while (to > from && work->words[to - 1].shape == SHAPE_MARK)
        to--;
    float sum = 0;
    for (size_t i = from; i < to; i++)
        sum += withheld(work->lattice.chance[i]);
    if (from == to || scan->status != OK || !(scan->types >> rows[type].type & 1) ||
        !is_credible(work, scan->text, from, to, type, sum / (float)(to - from)))
        return;
    size_t start = work->words[from].at, end = work->words[to - 1].at + work->words[to - 1].size;
    if (placeholder_only(bytes_part(scan->text, start, end - start)))
        return;
    const struct recognizer *row = &rows[type];
    scan->status = finds_add(
        scan->finds,
        (struct find){.start = start, .end = end, .row = row, .type = row->type, .score = sum / (float)(to - from)});
}

/* What a word is reported as: its type in the upper of the two bands or in the lower, or nothing. */
struct report_kind {
    size_t type;
    int band; /* 0: nothing */
    bool begins;
};

static struct report_kind kind_of(const struct work *work, size_t at, const struct levels *levels)
{
    const float *chance = work->lattice.chance[at];
    float most = withheld(chance);
    struct report_kind kind = {.band = most >= levels->withhold ? 2 : most >= levels->flag ? 1 : 0};
    if (work->words[at].marks & WORD_INERT)
        kind.band = 0;
    kind.type = type_of(chance, &kind.begins);
    return kind;
}

static void report_words(struct scan *scan, const struct work *work, size_t from, size_t to,
                         const struct levels *levels)
{
    struct report_kind now = {0};
    for (size_t i = from; i <= to; i++) {
        struct report_kind here = {0};
        if (i < to)
            here = kind_of(work, i, levels);
        if (here.band == now.band && (here.band == 0 || (here.type == now.type && !here.begins)))
            continue;
        if (now.band)
            report(scan, work, from, i, now.type);
        from = i;
        now = here;
    }
}

/* --- the two walks --- */

static void tag_one(const struct tag_chain *chain, struct scan *scan, const struct levels *levels,
                    struct context *context)
{
    struct work *work = context->work;
    tag_heading(work->kinds, work->words, context->count, &context->above);
    context->line = tag_line_kind(work->kinds, work->words, context->count);
    for (size_t i = 0; i < context->count; i++)
        if (!work->entries[i]->weighed)
            weigh(context->model, work->entries[i], bytes_part(scan->text, work->words[i].at, work->words[i].size),
                  context->genre);
    bool loud[TAG_LINE] = {false};
    find_loud(context, loud);
    for (size_t from = 0, to; from < context->count; from = to + 1) {
        to = from;
        while (to < context->count && loud[to])
            to++;
        if (to == from)
            continue;
        tag_decode(chain, &work->lattice, from, to, context->count);
        report_words(scan, work, from, to, levels);
    }
}

/* Gather what the whole text says; its genre. */
static unsigned read_through(const struct tagger *tagger, struct work *work, struct bytes text)
{
    tag_document_begin(&work->document);
    for (size_t at = 0; at < text.size;) {
        size_t count = line_at(&tagger->readers[0].model, work, text, at, 0, &at);
        tag_document_add(&work->document, work->kinds, work->words, count);
    }
    return tag_document_genre(&work->document);
}

static void scan_all(const struct tagger *tagger, struct work *work, struct scan *scan, const struct levels *levels)
{
    struct bytes text = bytes_part(scan->text, 0, UINT32_MAX);
    unsigned genre = read_through(tagger, work, text);
    const struct reader *reader = &tagger->readers[genre];
    struct context context = {.model = &reader->model,
                              .work = work,
                              .quiet = quiet_of(reader, levels->flag),
                              .early = (int)(EARLY / reader->model.step),
                              .genre = genre};
    for (size_t at = 0; at < text.size && scan->status == OK;) {
        context.count = line_at(context.model, work, text, at, genre, &at);
        if (context.count)
            tag_one(&reader->chain, scan, levels, &context);
    }
}

void tagger_scan(struct tagger *tagger, struct scan *scan, float withhold, float flag)
{
    const struct levels levels = {withhold, flag};
    struct work *work = work_take(tagger);
    if (!work) {
        scan->status = ERR_MEMORY;
        return;
    }
    scan_all(tagger, work, scan, &levels);
    work_give(tagger, work);
}
