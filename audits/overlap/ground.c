/* Reads a scope into documents and references. Hides which tasks an insight comes from: those that proposed one of its
 * phrases. */
#include "audits/overlap/ground.h"

#include "base/clock.h"

#define COPIES_MOST 150

const struct buf *reference_text(const struct source *source, enum reference kind)
{
    switch (kind) {
    case REFERENCE_PROMPT:
        return &source->prompt;
    case REFERENCE_SYSTEM:
        return &source->system;
    case REFERENCE_SPEECH:
    case REFERENCES:
        break;
    }
    return &source->speech;
}

/* --- texts --- */

enum status comparable_make(struct buf *text, struct comparable *out)
{
    *out = (struct comparable){0};
    enum status status = overlap_tokenise(buf_bytes(text), &out->words, &out->tokens);
    if (status == OK)
        status = overlap_text_new(buf_bytes(text), &out->runs);
    if (status == OK)
        status = features_of_text(buf_text(text), &out->features);
    if (status != OK)
        comparable_free(out);
    return status;
}

void comparable_free(struct comparable *comparable)
{
    mem_free(comparable->words);
    overlap_text_free(comparable->runs);
    features_free(&comparable->features);
    *comparable = (struct comparable){0};
}

/* --- documents --- */

void documents_free(struct documents *documents)
{
    for (size_t i = 0; i < documents->count; i++) {
        comparable_free(&documents->items[i].text);
        buf_free(&documents->items[i].said);
        mem_free(documents->items[i].own);
    }
    mem_free(documents->items);
    *documents = (struct documents){0};
}

enum status documents_add(struct documents *documents, struct buf *text, size_t cluster, size_t sources,
                          struct document **out)
{
    *out = NULL;
    if (documents->count == documents->room) {
        size_t room = documents->room ? documents->room * 2 : 32;
        struct document *grown = mem_grow(documents->items, documents->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        documents->items = grown;
        documents->room = room;
    }
    struct document document = {
        .cluster = cluster, .said = {.secret = true}, .own = mem_new(sources + 1, sizeof *document.own)};
    buf_add(&document.said, buf_bytes(text));
    enum status status = document.own ? buf_status(&document.said) : ERR_MEMORY;
    if (status == OK)
        status = comparable_make(text, &document.text);
    if (status != OK) {
        buf_free(&document.said);
        mem_free(document.own);
        return status;
    }
    if (cluster >= documents->clusters)
        documents->clusters = cluster + 1;
    documents->items[documents->count] = document;
    *out = &documents->items[documents->count++];
    return OK;
}

static enum status add_contribution(struct ground *ground, size_t tenant, const struct contribution *from,
                                    struct documents *to)
{
    SCOPED_BUF struct buf text = {.secret = true};
    struct document *document = NULL;
    if (from->candidate_count == 0)
        return OK;
    const struct source *source = sources_find(&ground->sources, tenant, from->candidates[0].task);
    if (!source)
        return OK;
    for (size_t i = 0; i < from->candidate_count; i++) {
        TRY(candidate_render(&from->candidates[i], &text));
        buf_add_byte(&text, '\n');
    }
    TRY(buf_status(&text));
    size_t cluster = (size_t)(source - ground->sources.items);
    TRY(documents_add(to, &text, cluster, ground->sources.count, &document));
    document->own[cluster] = true;
    return OK;
}

static enum status add_contributions(struct ground *ground, const struct prepared *prepared, size_t most,
                                     struct documents *to)
{
    size_t total = 0, seen = 0;
    for (size_t t = 0; t < ground->scope->tenant_count; t++)
        total += prepared[t].count;
    size_t step = total > most ? total / most : 1;
    for (size_t t = 0; t < ground->scope->tenant_count; t++)
        for (size_t i = 0; i < prepared[t].count; i++)
            if (seen++ % step == 0)
                TRY(add_contribution(ground, t, &prepared[t].items[i].contribution, to));
    return OK;
}

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

static void mark_supporters(const struct ground *ground, const struct prepared *prepared,
                            const struct candidate *insight, bool *own)
{
    for (size_t t = 0; t < ground->scope->tenant_count; t++)
        for (size_t i = 0; i < prepared[t].count; i++)
            for (size_t c = 0; c < prepared[t].items[i].contribution.candidate_count; c++) {
                const struct candidate *candidate = &prepared[t].items[i].contribution.candidates[c];
                const struct source *source = sources_find(&ground->sources, t, candidate->task);
                if (source && share_phrase(insight, candidate))
                    own[source - ground->sources.items] = true;
            }
}

static enum status add_insights(struct ground *ground, const struct prepared *prepared, const struct library *library)
{
    for (size_t i = 0; i < library->insight_count; i++) {
        SCOPED_BUF struct buf text = {0};
        struct document *document = NULL;
        TRY(insight_text(&library->insights[i], &text));
        TRY(documents_add(&ground->insights, &text, i, ground->sources.count, &document));
        mark_supporters(ground, prepared, &library->insights[i].text, document->own);
    }
    return OK;
}

/* --- the whole --- */

static enum status read_references(struct ground *ground)
{
    for (int kind = 0; kind < REFERENCES; kind++) {
        ground->references[kind] = mem_new(ground->sources.count + 1, sizeof **ground->references);
        if (!ground->references[kind])
            return ERR_MEMORY;
        for (size_t i = 0; i < ground->sources.count; i++) {
            SCOPED_BUF struct buf text = {.secret = true};
            buf_add(&text, buf_bytes(reference_text(&ground->sources.items[i], (enum reference)kind)));
            if (text.size > 0)
                TRY(comparable_make(&text, &ground->references[kind][i]));
        }
    }
    return OK;
}

static enum status read_real(struct ground *ground, struct audit_results *out, struct why *why)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library = {0};
    TRY(world_prepare_all(ground->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = world_federate(ground->scope, prepared, WORLD_IN_MEMORY, &world, &library, why);
    audit_results_worlds(out, 1, started);
    if (status == OK)
        status = add_contributions(ground, prepared, SIZE_MAX, &ground->contributions);
    if (status == OK)
        status = add_insights(ground, prepared, &library);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, ground->scope->tenant_count);
    return status;
}

static enum status read_copies(struct ground *ground, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(ground->scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, why));
    enum status status = add_contributions(ground, prepared, COPIES_MOST, &ground->copies);
    world_prepared_free(prepared, ground->scope->tenant_count);
    return status;
}

enum status ground_open(const struct audit_scope *scope, struct audit_results *out, struct ground *ground,
                        struct why *why)
{
    *ground = (struct ground){.scope = scope};
    enum status status = sources_read(scope, &ground->sources);
    if (status == OK)
        status = read_references(ground);
    if (status == OK)
        status = peers_find(ground);
    if (status == OK)
        status = read_real(ground, out, why);
    if (status == OK)
        status = read_copies(ground, why);
    if (status != OK)
        ground_close(ground);
    return status;
}

void ground_close(struct ground *ground)
{
    for (int kind = 0; kind < REFERENCES; kind++) {
        for (size_t i = 0; ground->references[kind] && i < ground->sources.count; i++)
            comparable_free(&ground->references[kind][i]);
        mem_free(ground->references[kind]);
        mem_free(ground->peers[kind]);
    }
    documents_free(&ground->contributions);
    documents_free(&ground->insights);
    documents_free(&ground->copies);
    sources_free(&ground->sources);
    *ground = (struct ground){0};
}
