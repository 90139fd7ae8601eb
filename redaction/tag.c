/* Tags a text: one walk gathers what the document says of its words, a second decodes line by line. Hides the table of
 * kinds of words, whose summed weights are kept from text to text, and the pool of work space. */
#include "redaction/tag.h"

#include <stdatomic.h>

#include "redaction/tag_decode.h"
#include "redaction/tag_document.h"

#define SPARE 8
#define KINDS 4096 /* kinds of words whose weights are kept; the table starts again when three quarters are taken */

static const struct recognizer rows[] = {
    {.rule = "tagger.name", .type = REDACT_NAME, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.place", .type = REDACT_PLACE, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.organisation",
     .type = REDACT_ORGANISATION,
     .flags = ROW_LEARN,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.date", .type = REDACT_DATE, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.demographic", .type = REDACT_DEMOGRAPHIC, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.quantity", .type = REDACT_QUANTITY, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.case", .type = REDACT_CASE, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.misc", .type = REDACT_MISC, .flags = ROW_LEARN, .source = "redaction/model/CARD.md"},
};
_Static_assert(sizeof rows / sizeof rows[0] == TAG_TYPES, "a row a type");

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

struct tagger {
    struct tag_model model;
    struct tag_chain chain;
    uint8_t hash[32];
    _Atomic(struct work *) spare[SPARE];
};

extern const uint8_t tag_built_in[], tag_built_in_end[];

enum status tagger_new(struct bytes bytes, struct tagger **out, struct why *why)
{
    *out = NULL;
    if (bytes.size == 0)
        bytes = bytes_of(tag_built_in, (size_t)(tag_built_in_end - tag_built_in));
    else
        TRY(tag_model_check(bytes, why));
    struct tagger *tagger = mem_new(1, sizeof *tagger);
    if (!tagger)
        return ERR_MEMORY;
    enum status status = tag_model_open(bytes, &tagger->model, why);
    if (status != OK) {
        mem_free(tagger);
        return status;
    }
    tag_chain_init(&tagger->chain, tagger->model.follow, tagger->model.first);
    memcpy(tagger->hash, bytes.data + bytes.size - sizeof tagger->hash, sizeof tagger->hash);
    *out = tagger;
    return OK;
}

void tagger_free(struct tagger *tagger)
{
    if (!tagger)
        return;
    for (size_t i = 0; i < SPARE; i++)
        mem_free(atomic_load(&tagger->spare[i]));
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
    for (size_t k = 0; weights && k < TAG_LABELS; k++)
        sums[k] = (int16_t)(sums[k] + weights[k]);
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
    uint64_t key = tag_mix(word->hash, word->shape | inert << 8 | (uint64_t)genre << 16 |
                                           (word->shape == SHAPE_CODE ? (uint64_t)text.data[word->at] << 24 : 0));
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
    for (size_t k = 0; k < TAG_LANES; k++)
        to[k] = (int16_t)(to[k] + from[k]);
}

struct context {
    const struct tag_model *model;
    struct work *work;
    unsigned line, genre;
    uint64_t above;
    size_t count;
};

static void score(const struct context *context, size_t at)
{
    struct work *work = context->work;
    int16_t sums[TAG_LANES] = {0};
    for (size_t p = 0; p < TAG_PLACES; p++) {
        size_t beside = at + p - TAG_BESIDE;
        if (beside < context->count) /* one before the first wraps */
            add_sums(sums, work->entries[beside]->sums[p]);
    }
    uint64_t features[TAG_PLACE_FEATURES];
    const struct tag_place place = {
        work->kinds,   work->words,    context->count, at, tag_document_seen(&work->document, work->kinds[at]),
        context->line, context->above, context->genre};
    size_t count = tag_place_features(&place, features);
    for (size_t f = 0; f < count; f++)
        add_weights(context->model, features[f], sums);
    for (size_t k = 0; k < TAG_LANES; k++)
        work->lattice.score[at][k] = (float)sums[k] * context->model->step;
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
    if (from == to || scan->status != OK || !(scan->types >> rows[type].type & 1))
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

static void report_line(struct scan *scan, const struct work *work, size_t count, const struct levels *levels)
{
    size_t from = 0;
    struct report_kind now = {0};
    for (size_t i = 0; i <= count; i++) {
        struct report_kind here = {0};
        if (i < count)
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

static void tag_one(const struct tagger *tagger, struct work *work, struct scan *scan, const struct levels *levels,
                    struct context *context)
{
    tag_heading(work->kinds, work->words, context->count, &context->above);
    context->line = tag_line_kind(work->kinds, work->words, context->count);
    for (size_t i = 0; i < context->count; i++)
        if (!work->entries[i]->weighed)
            weigh(&tagger->model, work->entries[i], bytes_part(scan->text, work->words[i].at, work->words[i].size),
                  context->genre);
    for (size_t i = 0; i < context->count; i++)
        score(context, i);
    tag_decode(&tagger->chain, &work->lattice, context->count);
    report_line(scan, work, context->count, levels);
}

static void scan_all(const struct tagger *tagger, struct work *work, struct scan *scan, const struct levels *levels)
{
    struct context context = {.model = &tagger->model, .work = work};
    struct bytes text = bytes_part(scan->text, 0, UINT32_MAX);
    tag_document_begin(&work->document);
    for (size_t at = 0; at < text.size;) {
        size_t count = line_at(context.model, work, text, at, 0, &at);
        tag_document_add(&work->document, work->kinds, work->words, count);
    }
    context.genre = tag_document_genre(&work->document);
    for (size_t at = 0; at < text.size && scan->status == OK;) {
        context.count = line_at(context.model, work, text, at, context.genre, &at);
        if (context.count)
            tag_one(tagger, work, scan, levels, &context);
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
