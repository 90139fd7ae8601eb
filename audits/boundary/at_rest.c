/* The disk of the server in a thief's hands: is anything of a contribution, a tenant's name or a plain database on it?
 * The control is the content of a file such as a database without encryption leaves: it is never written. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/boundary/needles.h"
#include "audits/statistics/statistics.h"
#include "audits/world.h"
#include "base/clock.h"
#include "base/file.h"

#define PAGE_BYTES 4096
#define PAGE_ENTROPY_LEAST 7.8 /* bits a byte: 4096 random bytes have 7.95 */
#define PHRASE_LEAST 12        /* bytes: shorter ones occur by chance */
#define FILE_MOST (1u << 30)
#define AT_REST_LIMIT 0.05
#define SQLITE_HEADER "SQLite format 3"

struct scan {
    const struct needles *needles;
    bool *found;
    size_t files, plain_headers, pages, plain_pages;
};

static double entropy(struct bytes page)
{
    size_t counts[256] = {0};
    double bits = 0;
    for (size_t i = 0; i < page.size; i++)
        counts[page.data[i]]++;
    for (size_t i = 0; i < 256; i++)
        if (counts[i])
            bits -= (double)counts[i] / (double)page.size * log2((double)counts[i] / (double)page.size);
    return bits;
}

/* Of a database and its journal. The shared index of a journal (-shm) holds numbers of pages, none of their bytes. */
static bool has_pages(const char *path)
{
    size_t size = strlen(path);
    return size > 4 && (strcmp(path + size - 3, ".db") == 0 || strcmp(path + size - 4, "-wal") == 0);
}

static void scan_pages(struct scan *scan, struct bytes database)
{
    for (size_t at = 0; at + PAGE_BYTES <= database.size; at += PAGE_BYTES, scan->pages++)
        scan->plain_pages += entropy(bytes_part(database, at, PAGE_BYTES)) < PAGE_ENTROPY_LEAST;
}

static void scan_content(struct scan *scan, struct bytes content)
{
    scan->files++;
    scan->plain_headers += bytes_find(content, bytes_str(SQLITE_HEADER)) != SIZE_MAX;
    needles_find(scan->needles, content, scan->found);
}

static enum status scan_file(void *context, const char *path)
{
    SCOPED_BUF struct buf content = {0};
    TRY(file_read(path, FILE_MOST, &content));
    scan_content(context, buf_bytes(&content));
    if (has_pages(path))
        scan_pages(context, buf_bytes(&content));
    return OK;
}

/* --- what must not be there --- */

static enum status add_value(struct needles *needles, const char *text)
{
    enum status status = needles_add(needles, bytes_str(text));
    return status == ERR_INPUT ? OK : status; /* too short to say anything */
}

static enum status add_phrases(struct needles *needles, const struct candidate *candidate)
{
    const struct phrases *lists[] = {&candidate->when, &candidate->act, &candidate->avoid, &candidate->why};
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            if (strlen(lists[l]->items[i]) >= PHRASE_LEAST)
                TRY(add_value(needles, lists[l]->items[i]));
    return OK;
}

static enum status add_values(struct needles *needles, const struct audit_scope *scope, const struct prepared *prepared)
{
    for (size_t t = 0; t < scope->tenant_count; t++) {
        TRY(add_value(needles, scope->tenants[t].name));
        for (size_t i = 0; i < prepared[t].count; i++)
            for (size_t c = 0; c < prepared[t].items[i].contribution.candidate_count; c++)
                TRY(add_phrases(needles, &prepared[t].items[i].contribution.candidates[c]));
    }
    for (size_t i = 0; i < scope->probe_count; i++)
        TRY(add_value(needles, scope->probes[i].value));
    return needles_ready(needles);
}

/* --- the control --- */

/* What a database without encryption leaves: its header, rows of text, free space. */
static enum status plain_database(const struct audit_scope *scope, const struct prepared *prepared, struct buf *file)
{
    buf_add(file, bytes_of(SQLITE_HEADER, sizeof SQLITE_HEADER));
    for (size_t t = 0; t < scope->tenant_count; t++) {
        buf_add_str(file, scope->tenants[t].name);
        buf_add_byte(file, 0);
        for (size_t i = 0; i < prepared[t].count; i++)
            buf_add(file, buf_bytes(&prepared[t].items[i].record));
    }
    for (size_t i = 0; i < scope->probe_count; i++)
        buf_add_str(file, scope->probes[i].value);
    while (file->size % PAGE_BYTES != 0 && !file->failed)
        buf_add_byte(file, 0);
    return buf_status(file);
}

static enum status scan_control(const struct audit_scope *scope, const struct prepared *prepared, struct scan *scan)
{
    SCOPED_BUF struct buf file = {.secret = true};
    TRY(plain_database(scope, prepared, &file));
    scan_content(scan, buf_bytes(&file));
    scan_pages(scan, buf_bytes(&file));
    return OK;
}

/* --- results --- */

#define STORED(id, what, of)                                                                                           \
    {                                                                                                                  \
        .name = "at_rest." id, .surface = SURFACE_DISK, .target = "the server's state folder", .threat = THREAT_THIEF, \
        .knows = "the files, and no key", .metric = what, .unit = of, .baseline = "",                                  \
        .control = "a file such as a database without encryption leaves shows all of it", .limit = AT_REST_LIMIT       \
    }

enum { VALUES, HEADERS, PAGES_READ };
static const struct audit_claim claims[] = {
    [VALUES] = STORED("values", "phrases, names and planted values found / searched", "value"),
    [HEADERS] = STORED("headers", "files with the header of a plain database / files", "file"),
    [PAGES_READ] = STORED("pages", "pages of 4 KiB under 7.8 bits of entropy a byte / pages", "page"),
    {0},
};

static enum status add_result(const struct audit_claim *claim, size_t hits, size_t samples, double control,
                              struct audit_results *out)
{
    struct audit_result result = audit_result_start(claim);
    if (samples > 0) {
        result.control = control >= 1 ? CONTROL_PASSED : CONTROL_FAILED;
        result.control_value = control;
    }
    result.note = samples > 0 ? "keys and passphrases kept beside the folder are not part of it"
                              : "there was nothing of the kind to look for or at";
    audit_result_census(&result, hits, samples);
    return audit_results_add(out, &result);
}

static enum status add_results(const struct scan *real, const struct scan *control, size_t values,
                               struct audit_results *out)
{
    double found = values ? (double)needles_marked(control->found, values) / (double)values : 0;
    double pages = control->pages ? (double)control->plain_pages / (double)control->pages : 0;
    TRY(add_result(&claims[VALUES], needles_marked(real->found, values), real->files ? values : 0, found, out));
    TRY(add_result(&claims[HEADERS], real->plain_headers, real->files, (double)control->plain_headers, out));
    return add_result(&claims[PAGES_READ], real->plain_pages, real->pages, pages, out);
}

static enum status scan_both(const struct audit_scope *scope, const struct prepared *prepared, const char *folder,
                             struct audit_results *out)
{
    struct needles *needles = NULL;
    TRY(needles_new(&needles));
    enum status status = add_values(needles, scope, prepared);
    size_t values = needles_count(needles);
    SCOPED_MEM bool *found = mem_new(values + 1, sizeof *found);
    SCOPED_MEM bool *control_found = mem_new(values + 1, sizeof *control_found);
    struct scan real = {.needles = needles, .found = found}, control = {.needles = needles, .found = control_found};
    if (status == OK && (!found || !control_found))
        status = ERR_MEMORY;
    if (status == OK)
        status = folder_walk_whole(folder, scan_file, &real);
    if (status == OK)
        status = scan_control(scope, prepared, &control);
    if (status == OK)
        status = add_results(&real, &control, values, out);
    needles_free(needles);
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library = {0};
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    uint64_t started = clock_ticks();
    enum status status = OK;
    if (!scope->state) {
        status = world_federate_anyway(scope, prepared, WORLD_ON_DISK, &world, &library, why);
        audit_results_worlds(out, 1, started);
    }
    if (status == OK)
        status = scan_both(scope, prepared, scope->state ? scope->state : world_folder(world), out);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, scope->tenant_count);
    return status;
}

const struct attack attack_at_rest = {
    .name = "at-rest",
    .summary = "Can a thief read anything in the server's files?",
    .paper = "",
    .family = FAMILY_BOUNDARY,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run,
};
