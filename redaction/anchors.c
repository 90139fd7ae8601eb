/* Anchors. Hides how rows become patterns, and which databases are packed for which processors. */
#include "redaction/anchors.h"

#include <stdlib.h>

#include <hs/hs.h>

#include "base/hash.h"
#include "redaction/anchor_words.h"
#include "redaction/normalise.h"
#include "redaction/shape.h"

static bool is_anchored(const struct recognizer *row)
{
    return row->match && row->digits.lengths == 0;
}

struct bytes anchor_literal(const struct anchor *anchor)
{
    const struct recognizer *row = anchor->row;
    if (anchor->item)
        return bytes_of(anchor->item, anchor->size);
    return row->anchor ? BYTES_NONE : bytes_of(row->shape, shape_literal(row->shape));
}

static void add(struct anchors *anchors, struct anchor anchor, bool by_word)
{
    if (anchor_has_word(&anchor) != by_word)
        return;
    if (anchors->items)
        anchors->items[anchors->count] = anchor;
    anchors->count++;
}

static void add_row(struct anchors *anchors, const struct recognizer *row, bool by_word)
{
    if (!(row->flags & ROW_LIST)) {
        add(anchors, (struct anchor){row, anchors->rows, NULL, 0}, by_word);
        return;
    }
    for (const char *item = row->anchor;; item++) {
        size_t size = strcspn(item, "|");
        add(anchors, (struct anchor){row, anchors->rows, item, size}, by_word);
        item += size;
        if (!*item)
            return;
    }
}

static void add_rows(struct anchors *anchors, bool by_word)
{
    anchors->rows = 0;
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++) {
            const struct recognizer *row = &recognizer_tables[t]->rows[i];
            if (!is_anchored(row))
                continue;
            add_row(anchors, row, by_word);
            anchors->rows++;
        }
}

/* Only counted as long as there is no room for them. */
static void add_all(struct anchors *anchors)
{
    anchors->count = 0;
    add_rows(anchors, false);
    anchors->scanned = anchors->count;
    add_rows(anchors, true);
}

enum status anchors_new(struct anchors *out)
{
    *out = (struct anchors){0};
    add_all(out);
    out->items = mem_new(out->count, sizeof *out->items);
    if (!out->items)
        return ERR_MEMORY;
    add_all(out);
    return OK;
}

void anchors_free(struct anchors *anchors)
{
    mem_free(anchors->items);
    *anchors = (struct anchors){0};
}

/* --- patterns --- */

/* The anchor as a Vectorscan pattern: given, or made of its item, or of the literal front of its row's shape. */
static char *pattern_of(const struct anchor *anchor)
{
    struct bytes plain = anchor_literal(anchor);
    if (plain.size == 0)
        return mem_copy(bytes_str(anchor->row->anchor));
    INVARIANT(plain.size >= 2);
    struct normal normal SCOPED_NORMAL = {0}; /* as the text is that it is sought in */
    if (normalise(plain, &normal) != OK)
        return NULL;
    INVARIANT(plain.data[0] >= 0x80 ||
              normal.text.size == plain.size); /* else its start in the text would be another */
    struct buf out SCOPED_BUF = {0};
    buf_add_str(&out, anchor->item && !(anchor->row->flags & ROW_CASED) ? "(?i)" : "");
    for (size_t i = 0; i < normal.text.size; i++) {
        static const char digits[] = "0123456789abcdef";
        uint8_t byte = normal.text.data[i];
        const char escape[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
        buf_add(&out, bytes_of(escape, sizeof escape));
    }
    buf_text(&out);
    size_t ignored;
    return (char *)buf_take(&out, &ignored);
}

static void patterns_free(char **patterns, size_t count)
{
    for (size_t i = 0; patterns && i < count; i++)
        mem_free(patterns[i]);
    mem_free(patterns);
}

static enum status patterns_new(const struct anchors *anchors, char ***out)
{
    char **patterns = *out = mem_new(anchors->scanned, sizeof *patterns);
    for (size_t i = 0; patterns && i < anchors->scanned; i++)
        if (!(patterns[i] = pattern_of(&anchors->items[i]))) {
            patterns_free(patterns, i);
            patterns = *out = NULL;
        }
    return patterns ? OK : ERR_MEMORY;
}

static void patterns_hash(char **patterns, size_t count, uint8_t out[static HASH_BYTES])
{
    struct buf all SCOPED_BUF = {0};
    for (size_t i = 0; i < count; i++)
        buf_add_lp(&all, bytes_str(patterns[i]));
    hash_sha256(buf_bytes(&all), out);
}

/* --- compiling --- */

static enum status compile(char **patterns, size_t count, const hs_platform_info_t *platform, hs_database_t **out,
                           struct why *why)
{
    unsigned *flags = mem_new(count * 2, sizeof *flags), *ids = flags + count;
    if (!flags)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        ids[i] = (unsigned)i;
    hs_compile_error_t *error = NULL;
    hs_error_t failed = hs_compile_multi((const char *const *)patterns, flags, ids, (unsigned)count, HS_MODE_BLOCK,
                                         platform, out, &error);
    int at = error ? error->expression : -1; /* negative: not about a pattern */
    hs_free_compile_error(error);
    mem_free(flags);
    if (failed == HS_SUCCESS)
        return OK;
    if (at < 0)
        return why_set(why, ERR_UNAVAILABLE, "Vectorscan knows no such processor", "scrubber", 0);
    return why_set(why, ERR_BUG, "an anchor does not compile", "recognizers", (size_t)at);
}

enum status anchors_database(const struct anchors *anchors, struct hs_database **out, struct why *why)
{
    enum status status = anchors_load(anchors, anchors_packed(), out);
    if (status != ERR_NOT_FOUND)
        return status;
    char **patterns = NULL;
    TRY(patterns_new(anchors, &patterns));
    status = compile(patterns, anchors->scanned, NULL, out, why);
    patterns_free(patterns, anchors->scanned);
    return status;
}

/* --- packing --- */

/* What a database may be made for. Never "this processor": the same sources give the same bytes everywhere. */
static const unsigned long long features[] = {HS_CPU_FEATURES_AVX2, 0};

static enum status pack_one(char **patterns, size_t count, unsigned long long cpu, struct buf *out, struct why *why)
{
    const hs_platform_info_t platform = {.tune = HS_TUNE_FAMILY_GENERIC, .cpu_features = cpu};
    hs_database_t *database = NULL;
    char *content = NULL;
    size_t size = 0;
    struct why reason = {0};
    enum status status = compile(patterns, count, &platform, &database, &reason);
    if (status == ERR_UNAVAILABLE)
        return OK; /* nor is this a machine that could need it */
    if (status != OK)
        return why_set(why, status, reason.what, reason.where, reason.at);
    hs_error_t failed = hs_serialize_database(database, &content, &size);
    hs_free_database(database);
    if (failed != HS_SUCCESS)
        return ERR_MEMORY;
    buf_add_lp(out, bytes_of(content, size));
    free(content);
    return buf_status(out);
}

enum status anchors_pack(const struct anchors *anchors, struct buf *out, struct why *why)
{
    char **patterns = NULL;
    uint8_t hash[HASH_BYTES];
    TRY(patterns_new(anchors, &patterns));
    patterns_hash(patterns, anchors->scanned, hash);
    buf_add(out, bytes_of(hash, sizeof hash));
    enum status status = OK;
    for (size_t i = 0; i < sizeof features / sizeof features[0] && status == OK; i++)
        status = pack_one(patterns, anchors->scanned, features[i], out, why);
    patterns_free(patterns, anchors->scanned);
    return status;
}

static enum status is_of(const struct anchors *anchors, struct bytes wanted)
{
    char **patterns = NULL;
    uint8_t hash[HASH_BYTES];
    TRY(patterns_new(anchors, &patterns));
    patterns_hash(patterns, anchors->scanned, hash);
    patterns_free(patterns, anchors->scanned);
    return bytes_equal(wanted, bytes_of(hash, sizeof hash)) ? OK : ERR_NOT_FOUND;
}

enum status anchors_load(const struct anchors *anchors, struct bytes packed, struct hs_database **out)
{
    struct cursor from = {packed};
    struct bytes part;
    *out = NULL;
    if (cursor_bytes(&from, HASH_BYTES, &part) != OK)
        return ERR_NOT_FOUND;
    TRY(is_of(anchors, part));
    while (cursor_lp(&from, &part) == OK) {
        hs_error_t failed = hs_deserialize_database((const char *)part.data, part.size, out);
        if (failed == HS_SUCCESS)
            return OK;
        *out = NULL;
        if (failed == HS_NOMEM)
            return ERR_MEMORY;
    }
    return ERR_NOT_FOUND;
}
