/* Detection: the anchors' database in block mode over a text, beside it the walk over words, a pool of scratch spaces,
 * and what hands each hit to its row. Hides the running of Vectorscan. */
#include "redaction/detect.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <hs/hs.h>

#include "base/hash.h"
#include "base/secret.h"
#include "redaction/anchor_words.h"

#define SCRATCH_SPARE 8
#define PART (1u << 30)         /* Vectorscan counts bytes in 32 bits */
#define PART_OVERLAP (64 << 10) /* as far as any match looks */

struct detector {
    hs_database_t *database;
    hs_scratch_t *prototype;
    struct anchors anchors;
    struct anchor_words *words;
    struct numbers *numbers;
    _Atomic(hs_scratch_t *) spare[SCRATCH_SPARE];
};

const struct recognizers *const recognizer_tables[] = {
    &recognizers_contact,        &recognizers_finance,  &recognizers_account,     &recognizers_technical,
    &recognizers_secret,         &recognizers_assign,   &recognizers_capability,  &recognizers_file,
    &recognizers_seed,           &recognizers_token,    &recognizers_name,        &recognizers_place,
    &recognizers_address,        &recognizers_date,     &recognizers_demographic, &recognizers_organisation,
    &recognizers_quantity,       &recognizers_key,      &recognizers_hidden,      &recognizers_national,
    &recognizers_national_world, &recognizers_crypto,   &recognizers_device,      &recognizers_document,
    &recognizers_host,           &recognizers_position, &recognizers_vendor,      &recognizers_street,
    &recognizers_command,        &recognizers_call,     &recognizers_setting,     &recognizers_letter,
    &recognizers_phrase,
};
const size_t recognizer_table_count = sizeof recognizer_tables / sizeof recognizer_tables[0];

/* --- finds --- */

void finds_free(struct finds *finds)
{
    mem_free(finds->items);
    *finds = (struct finds){0};
}

enum status finds_add(struct finds *finds, struct find find)
{
    if (finds->count == finds->room) {
        size_t room = finds->room ? finds->room * 2 : 32;
        struct find *grown = mem_grow(finds->items, finds->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        finds->items = grown;
        finds->room = room;
    }
    finds->items[finds->count++] = find;
    return OK;
}

void finds_drop_flagged(struct finds *finds)
{
    size_t kept = 0;
    for (size_t i = 0; i < finds->count; i++)
        if (!finds->items[i].flagged)
            finds->items[kept++] = finds->items[i];
    finds->count = kept;
}

struct bytes scan_text(const struct scan *scan)
{
    return scan->text;
}

const struct names *scan_names(const struct scan *scan)
{
    return scan->names;
}

size_t scan_count(const struct scan *scan)
{
    return scan->finds->count;
}

void scan_found(struct scan *scan, const struct recognizer *row, size_t start, size_t end)
{
    if (scan->status != OK || start >= end || !(scan->types >> row->type & 1))
        return;
    if (placeholder_only(bytes_part(scan->text, start, end - start)))
        return;
    scan->status = finds_add(scan->finds, (struct find){start, end, row, row->type, false, row->score, NULL});
}

#define BARE_AHEAD 4096

bool scan_is_strict(const struct scan *scan)
{
    return scan->want & ROW_STRICT;
}

bool scan_has_digits(struct scan *scan, size_t at, size_t within, size_t least)
{
    if (at >= scan->bare_from && at + within <= scan->bare_to)
        return false;
    size_t digits = chars_digits(scan->text, at, within, least);
    if (digits == 0) {
        scan->bare_from = at;
        scan->bare_to = at + within;
        if (chars_digits(scan->text, scan->bare_to, BARE_AHEAD, 1) == 0)
            scan->bare_to += BARE_AHEAD;
    }
    return digits >= least;
}

/* --- the database --- */

enum status detector_new(struct detector **out, struct why *why)
{
    *out = NULL;
    if (hs_valid_platform() != HS_SUCCESS)
        return why_set(why, ERR_UNAVAILABLE, "this processor lacks what Vectorscan needs", "scrubber", 0);
    struct detector *detector = mem_new(1, sizeof *detector);
    if (!detector)
        return ERR_MEMORY;
    enum status status = anchors_new(&detector->anchors);
    if (status == OK)
        status = anchors_database(&detector->anchors, &detector->database, why);
    if (status == OK && hs_alloc_scratch(detector->database, &detector->prototype) != HS_SUCCESS)
        status = ERR_MEMORY;
    if (status == OK)
        status = anchor_words_new(&detector->anchors, &detector->words);
    if (status == OK)
        status = numbers_new(&detector->numbers);
    if (status != OK) {
        detector_free(detector);
        return status;
    }
    *out = detector;
    return OK;
}

void detector_free(struct detector *detector)
{
    if (!detector)
        return;
    for (size_t i = 0; i < SCRATCH_SPARE; i++)
        hs_free_scratch(atomic_load(&detector->spare[i]));
    hs_free_scratch(detector->prototype);
    hs_free_database(detector->database);
    numbers_free(detector->numbers);
    anchor_words_free(detector->words);
    anchors_free(&detector->anchors);
    mem_free(detector);
}

void detector_hash(uint8_t out[static 32])
{
    struct bytes parts[3];
    memset(out, 0, 32);
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++) {
            const struct recognizer *row = &recognizer_tables[t]->rows[i];
            uint8_t before[32];
            memcpy(before, out, 32);
            parts[0] = bytes_of(before, 32);
            parts[1] = bytes_str(row->rule);
            parts[2] = bytes_str(row->anchor ? row->anchor : row->shape);
            hash_sha256_parts(parts, 3, out);
        }
}

/* --- running --- */

static hs_scratch_t *scratch_take(struct detector *detector)
{
    for (size_t i = 0; i < SCRATCH_SPARE; i++) {
        hs_scratch_t *spare = atomic_exchange(&detector->spare[i], NULL);
        if (spare)
            return spare;
    }
    hs_scratch_t *fresh = NULL;
    return hs_clone_scratch(detector->prototype, &fresh) == HS_SUCCESS ? fresh : NULL;
}

static void scratch_give(struct detector *detector, hs_scratch_t *scratch)
{
    for (size_t i = 0; i < SCRATCH_SPARE; i++) {
        hs_scratch_t *none = NULL;
        if (atomic_compare_exchange_strong(&detector->spare[i], &none, scratch))
            return;
    }
    hs_free_scratch(scratch);
}

/* Whether the item that ends at `end` stands as the row's flags want; the end with a plural's s, or 0. */
static size_t item_stands(const struct anchor *anchor, struct bytes text, size_t end)
{
    if (anchor->row->flags & ROW_LOOSE)
        return end;
    bool joined = anchor->row->flags & ROW_JOINED;
    size_t start = end - anchor->size;
    if (char_is((uint8_t)anchor->item[0], C_WORD) && !chars_word_starts(text, start) &&
        !(joined && text.data[start - 1] == '_'))
        return 0;
    if (!char_is(text.data[end - 1], C_WORD))
        return end;
    size_t stop = end + (char_at(text, end) == 's' || char_at(text, end) == 'S');
    return chars_word_ends(text, stop) || (joined && text.data[stop] == '_') ? stop : 0;
}

struct hits {
    const struct detector *detector;
    struct scan *scan;
    size_t base;             /* of the part that Vectorscan sees */
    struct anchor_walk walk; /* the words' anchors, up to where Vectorscan is */
};

/* An anchor ends at `end`: its row looks. */
static void meet(struct hits *hits, size_t index, size_t end)
{
    struct scan *scan = hits->scan;
    const struct anchor *anchor = &hits->detector->anchors.items[index];
    const struct recognizer *row = anchor->row;
    size_t *seen = &scan->seen[anchor->index];
    if (end <= *seen || (row->flags & scan->want) != scan->want)
        return;
    if (anchor->item) {
        end = item_stands(anchor, scan->text, end);
        if (!end)
            return;
    }
    size_t understood = row->match(scan, row, end);
    *seen = understood > end ? understood : end;
}

static void meet_words(struct hits *hits, size_t limit)
{
    struct anchor_place place;
    while (hits->scan->status == OK && anchor_walk_next(&hits->walk, limit, &place))
        meet(hits, place.index, place.end);
}

static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)from, (void)flags;
    struct hits *hits = context;
    size_t end = hits->base + (size_t)to;
    meet_words(hits, end);
    if (hits->scan->status == OK)
        meet(hits, id, end);
    return hits->scan->status != OK;
}

static enum status run_parts(struct detector *detector, struct scan *scan, hs_scratch_t *scratch)
{
    struct hits hits = {.detector = detector, .scan = scan};
    anchor_walk_start(&hits.walk, detector->words, scan->text);
    for (; hits.base < scan->text.size; hits.base += PART - PART_OVERLAP) {
        struct bytes part = bytes_part(scan->text, hits.base, PART);
        hs_error_t error =
            hs_scan(detector->database, (const char *)part.data, (unsigned)part.size, 0, scratch, on_hit, &hits);
        if (scan->status != OK)
            return scan->status;
        if (error != HS_SUCCESS)
            return ERR_BUG;
    }
    meet_words(&hits, SIZE_MAX);
    return scan->status;
}

enum status detector_run(struct detector *detector, struct scan *scan)
{
    size_t seen[1024] = {0};
    INVARIANT(detector->anchors.rows <= sizeof seen / sizeof seen[0]);
    hs_scratch_t *scratch = scratch_take(detector);
    if (!scratch)
        return ERR_MEMORY;
    scan->seen = seen;
    enum status status = run_parts(detector, scan, scratch);
    if (status == OK)
        numbers_run(detector->numbers, scan);
    status = status == OK ? scan->status : status;
    scan->seen = NULL;
    scratch_give(detector, scratch);
    return status;
}
