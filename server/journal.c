/* Hides the two files, in which order they stand, and what is a torn end and what is damage.
 *
 * Whole batches are found in both files. The one with the highest number is the last; all between the drained ones and
 * it must be there. Only the last may be torn, because each was synced before the next was begun. */
#include "server/journal.h"

#include <stdio.h>

#include "base/file.h"
#include "server/journal_file.h"

#define JOURNAL_PATH_MAX 4096

struct journal {
    struct journal_file files[JOURNAL_FILES];
    unsigned active;
    struct journal_batch batch;
    struct buf gathered;
    bool broken;
};

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    for (unsigned i = 0; i < JOURNAL_FILES; i++)
        journal_file_close(&journal->files[i]);
    buf_free(&journal->gathered);
    mem_free(journal);
}

unsigned journal_active(const struct journal *journal)
{
    return journal->active;
}

uint64_t journal_size(const struct journal *journal, unsigned file)
{
    return journal->files[file].size;
}

uint64_t journal_number(const struct journal *journal)
{
    return journal->batch.number;
}

/* --- finding batches --- */

/* What a file holds: whole batches from `first` to `last`, which end at `end`. */
struct content {
    struct buf bytes;
    uint64_t first, last; /* 0: none */
    size_t start, end;    /* where the batches after the drained ones begin; where the last whole one ends */
    size_t last_size;     /* of the last one */
    uint64_t highest;     /* number of any closing frame, also of a batch that is damaged */
};

static enum status batches_find(struct content *content, uint64_t drained, struct why *why)
{
    struct journal_extent extent;
    struct bytes all = buf_bytes(&content->bytes);
    for (size_t at = 0; journal_batch_read(bytes_part(all, at, all.size), &extent) == OK; at += extent.size) {
        if (content->last && extent.number != content->last + 1)
            return why_set(why, ERR_CORRUPT, "a batch is missing", "intake journal", 0);
        if (!content->first)
            content->first = extent.number;
        content->last = content->highest = extent.number;
        content->last_size = extent.size;
        content->end = at + extent.size;
        if (extent.number <= drained)
            content->start = content->end;
    }
    for (size_t at = content->end; journal_closing_find(bytes_part(all, at, all.size), &extent) == OK;
         at += extent.size)
        if (extent.number > content->highest)
            content->highest = extent.number;
    return OK;
}

static bool is_torn(const struct content *content)
{
    return content->end < content->bytes.size;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* Everything acknowledged is there: all batches after the drained ones but, perhaps, the last that was begun. */
static enum status batches_check(const struct content *contents, uint64_t drained, struct why *why)
{
    uint64_t highest = larger(drained, larger(contents[0].highest, contents[1].highest)), whole = drained;
    for (int pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < JOURNAL_FILES; i++)
            if (contents[i].first && contents[i].first <= whole + 1)
                whole = larger(whole, contents[i].last);
    bool both_torn = is_torn(&contents[0]) && is_torn(&contents[1]); /* one is begun when the other is whole */
    if (both_torn || whole + 1 < highest || larger(contents[0].last, contents[1].last) > whole)
        return why_set(why, ERR_CORRUPT, "damaged: something acknowledged cannot be read", "intake journal", 0);
    return OK;
}

/* --- opening --- */

static enum status files_open(struct journal *journal, const char *folder)
{
    for (unsigned i = 0; i < JOURNAL_FILES; i++) {
        char name[32], path[JOURNAL_PATH_MAX];
        bool fresh = false;
        snprintf(name, sizeof name, "intake-%u.journal", i);
        if (folder)
            TRY(path_join(path, sizeof path, folder, name));
        TRY(journal_file_open(&journal->files[i], folder ? path : NULL, &fresh));
        if (fresh)
            TRY(folder_sync_of(path));
    }
    return OK;
}

/* A sync that failed before a crash may have left the last batch in the cache alone, where it looks written. */
static enum status last_written_again(struct journal_file *file, const struct content *content)
{
    if (content->last_size == 0)
        return OK;
    size_t at = content->end - content->last_size;
    TRY(journal_file_write(file, at, bytes_part(buf_bytes(&content->bytes), at, content->last_size)));
    return journal_file_sync(file);
}

/* Leave whole batches that are not drained, and nothing else. */
static enum status file_settle(struct journal *journal, unsigned i, const struct content *content, uint64_t drained,
                               uint64_t *cut)
{
    struct journal_file *file = &journal->files[i];
    size_t keep = content->last > drained ? content->end : 0;
    *cut += file->size - content->end;
    if (file->size > keep)
        TRY(journal_file_cut(file, keep));
    return keep ? last_written_again(file, content) : OK;
}

static enum status file_visit_frames(unsigned file, const struct content *content, journal_visit visit, void *context)
{
    struct cursor cursor = {bytes_part(buf_bytes(&content->bytes), content->start, content->end - content->start)};
    struct journal_frame frame;
    struct bytes closing;
    while (cursor.left.size) {
        struct journal_place place = {file, content->end - cursor.left.size, 0};
        if (journal_frame_read(&cursor, &frame) != OK) { /* the batch was found whole: it is the one that closes it */
            TRY(cursor_bytes(&cursor, JOURNAL_CLOSING_BYTES, &closing));
            continue;
        }
        place.size = content->end - cursor.left.size - (size_t)place.at;
        TRY(visit(context, &frame, &place));
    }
    return OK;
}

static enum status journal_load(struct journal *journal, struct content *contents, uint64_t drained,
                                journal_visit visit, void *context, uint64_t *cut, struct why *why)
{
    for (unsigned i = 0; i < JOURNAL_FILES; i++) {
        TRY(journal_file_read(&journal->files[i], 0, (size_t)journal->files[i].size, &contents[i].bytes));
        TRY(batches_find(&contents[i], drained, why));
    }
    TRY(batches_check(contents, drained, why));
    for (unsigned i = 0; i < JOURNAL_FILES; i++)
        TRY(file_settle(journal, i, &contents[i], drained, cut));
    journal->active = contents[1].last > contents[0].last;
    journal->batch.number = larger(drained, larger(contents[0].last, contents[1].last)) + 1;
    for (unsigned i = 0; i < JOURNAL_FILES; i++) {
        unsigned file = i == 0 ? !journal->active : journal->active; /* the older one first */
        TRY(file_visit_frames(file, &contents[file], visit, context));
    }
    return OK;
}

enum status journal_open(const char *folder, uint64_t drained, journal_visit visit, void *context, struct journal **out,
                         uint64_t *cut, struct why *why)
{
    struct content contents[JOURNAL_FILES] = {0};
    struct journal *journal = mem_new(1, sizeof *journal);
    *out = NULL;
    *cut = 0;
    if (!journal)
        return ERR_MEMORY;
    for (unsigned i = 0; i < JOURNAL_FILES; i++)
        journal->files[i].fd = -1;
    enum status status = files_open(journal, folder);
    if (status == OK)
        status = journal_load(journal, contents, drained, visit, context, cut, why);
    for (unsigned i = 0; i < JOURNAL_FILES; i++)
        buf_free(&contents[i].bytes);
    if (status != OK) {
        journal_close(journal);
        return why_set(why, status, "cannot be read", "intake journal", 0);
    }
    *out = journal;
    return OK;
}

/* --- writing --- */

void journal_begin(struct journal *journal)
{
    buf_clear(&journal->gathered);
    journal->batch.count = 0;
}

enum status journal_add(struct journal *journal, const uint8_t tenant[static ID_BYTES], uint32_t key_version,
                        const struct secret *key, struct bytes plaintext, struct journal_place *place)
{
    *place =
        (struct journal_place){journal->active, journal_size(journal, journal->active) + journal->gathered.size, 0};
    return journal_batch_add(&journal->batch, tenant, key_version, key, plaintext, &journal->gathered, &place->size);
}

enum status journal_commit(struct journal *journal)
{
    struct journal_file *file = &journal->files[journal->active];
    uint64_t before = file->size;
    if (journal->broken)
        return ERR_IO;
    TRY(journal_batch_close(&journal->batch, &journal->gathered));
    enum status status = journal_file_write(file, before, buf_bytes(&journal->gathered));
    if (status == OK)
        status = journal_file_sync(file);
    journal_begin(journal);
    if (status == OK) {
        journal->batch.number++;
        return OK;
    }
    journal->broken = journal_file_cut(file, before) != OK;
    return journal->broken ? ERR_IO : ERR_UNAVAILABLE;
}

enum status journal_read(const struct journal *journal, const struct journal_place *place, const struct secret *key,
                         struct buf *plaintext)
{
    SCOPED_BUF struct buf bytes = {0};
    struct journal_frame frame;
    TRY(journal_file_read(&journal->files[place->file], place->at, place->size, &bytes));
    struct cursor cursor = {buf_bytes(&bytes)};
    if (journal_frame_read(&cursor, &frame) != OK || journal_frame_open(&frame, key, plaintext) != OK)
        return ERR_CORRUPT;
    return OK;
}

void journal_swap(struct journal *journal)
{
    INVARIANT(journal->batch.count == 0 && journal->files[!journal->active].size == 0);
    journal->active = !journal->active;
}

enum status journal_clear(struct journal *journal, unsigned file)
{
    return journal->files[file].size ? journal_file_cut(&journal->files[file], 0) : OK;
}
