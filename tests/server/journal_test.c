/* The journal's files: what is read back, what is cut off as never acknowledged, and what is damage. */
#include "server/journal.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static char folder[64];
static struct secret key;
static const uint8_t tenant[ID_BYTES] = {7, 7, 7};

/* --- what is in it --- */

struct seen {
    size_t count;
    uint64_t batches[64];
    char texts[64][16];
};

static enum status see(void *context, const struct journal_frame *frame, const struct journal_place *place)
{
    struct seen *seen = context;
    SCOPED_BUF struct buf text = {0};
    assert_memory_equal(frame->tenant, tenant, ID_BYTES);
    assert_int_equal(frame->key_version, 3);
    assert_int_equal(journal_frame_open(frame, &key, &text), OK);
    assert_true(place->size > 0 && text.size < 16 && seen->count < 64);
    seen->batches[seen->count] = frame->batch;
    memcpy(seen->texts[seen->count++], text.data, text.size);
    return OK;
}

static enum status open_journal(uint64_t drained, struct journal **journal, struct seen *seen, uint64_t *cut)
{
    memset(seen, 0, sizeof *seen);
    return journal_open(folder[0] ? folder : NULL, drained, see, seen, journal, cut, NULL);
}

static void append(struct journal *journal, const char *const *texts)
{
    journal_begin(journal);
    for (; *texts; texts++) {
        struct journal_place place;
        SCOPED_BUF struct buf back = {0};
        assert_int_equal(journal_add(journal, tenant, 3, &key, bytes_str(*texts), &place), OK);
    }
    assert_int_equal(journal_commit(journal), OK);
}

/* What an opening finds, as one text: "1:a 1:b 2:c". The journal is closed again. */
static enum status found(uint64_t drained, char out[static 256], uint64_t *cut)
{
    struct journal *journal;
    struct seen seen;
    enum status status = open_journal(drained, &journal, &seen, cut);
    size_t at = 0;
    out[0] = 0;
    for (size_t i = 0; status == OK && i < seen.count; i++)
        at += (size_t)snprintf(out + at, 256 - at, "%s%d:%s", i ? " " : "", (int)seen.batches[i], seen.texts[i]);
    journal_close(journal);
    return status;
}

/* --- files --- */

static void path_of(unsigned file, char out[static 128])
{
    snprintf(out, 128, "%s/intake-%u.journal", folder, file);
}

static void load(unsigned file, struct buf *out)
{
    char path[128];
    path_of(file, path);
    buf_clear(out);
    assert_int_equal(file_read(path, 1 << 20, out), OK);
}

static void store(unsigned file, struct bytes content)
{
    char path[128];
    path_of(file, path);
    assert_int_equal(file_write(path, content, 0600), OK);
}

static int fresh_folder(void **state)
{
    (void)state;
    const char *place =
        access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* thousands of syncs: in memory if we can */
    snprintf(folder, sizeof folder, "%s/chatham-journal-XXXXXX", place);
    return mkdtemp(folder) && secret_random(&key, KEY_BYTES) == OK ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[128];
    for (unsigned file = 0; file < JOURNAL_FILES; file++) {
        path_of(file, path);
        unlink(path);
    }
    secret_free(&key);
    return rmdir(folder);
}

/* Two batches, "1:a 1:b 2:c", in the file 0; *second: where the second begins. */
static void two_batches(struct buf *content, size_t *second)
{
    struct journal *journal;
    struct seen seen;
    uint64_t cut;
    assert_int_equal(open_journal(0, &journal, &seen, &cut), OK);
    append(journal, (const char *[]){"a", "b", NULL});
    *second = (size_t)journal_size(journal, 0);
    append(journal, (const char *[]){"c", NULL});
    journal_close(journal);
    load(0, content);
}

/* --- tests --- */

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct journal *journal;
    struct seen seen;
    char text[256], path[128];
    struct stat info;
    uint64_t cut;
    SCOPED_BUF struct buf back = {0};
    struct journal_place place;
    assert_int_equal(open_journal(0, &journal, &seen, &cut), OK);
    append(journal, (const char *[]){"a", "b", NULL});
    journal_begin(journal);
    assert_int_equal(journal_add(journal, tenant, 3, &key, bytes_str("lost"), &place), OK);
    journal_begin(journal); /* never written */
    assert_int_equal(journal_add(journal, tenant, 3, &key, bytes_str("c"), &place), OK);
    assert_int_equal(journal_commit(journal), OK);
    assert_int_equal(journal_read(journal, &place, &key, &back), OK);
    assert_string_equal(buf_text(&back), "c");
    journal_close(journal);
    assert_int_equal(found(0, text, &cut), OK);
    assert_string_equal(text, "1:a 1:b 2:c");
    assert_int_equal(cut, 0);
    assert_int_equal(found(1, text, &cut), OK); /* the first is in the databases */
    assert_string_equal(text, "2:c");
    assert_int_equal(found(2, text, &cut), OK);
    assert_string_equal(text, "");
    path_of(0, path);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, 0); /* nothing was left to keep */
}

static void the_files_take_turns(void **state)
{
    (void)state;
    struct journal *journal;
    struct seen seen;
    char text[256];
    uint64_t cut;
    assert_int_equal(open_journal(0, &journal, &seen, &cut), OK);
    append(journal, (const char *[]){"a", NULL});
    journal_swap(journal);
    append(journal, (const char *[]){"b", NULL});
    journal_close(journal);
    assert_int_equal(open_journal(0, &journal, &seen, &cut), OK);
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.batches[0], 1);
    assert_int_equal(journal_active(journal), 1);
    assert_int_equal(journal_clear(journal, 0), OK);
    journal_swap(journal);
    append(journal, (const char *[]){"c", NULL});
    journal_close(journal);
    assert_int_equal(found(1, text, &cut), OK);
    assert_string_equal(text, "2:b 3:c");
    assert_int_equal(found(0, text, &cut), ERR_CORRUPT); /* the first is not in the databases, and gone */
}

static void in_memory_it_is_the_same(void **state)
{
    (void)state;
    struct journal *journal;
    struct seen seen;
    uint64_t cut;
    struct journal_place place;
    SCOPED_BUF struct buf back = {0};
    assert_int_equal(journal_open(NULL, 0, see, &seen, &journal, &cut, NULL), OK);
    append(journal, (const char *[]){"a", NULL});
    journal_swap(journal);
    journal_begin(journal);
    assert_int_equal(journal_add(journal, tenant, 3, &key, bytes_str("b"), &place), OK);
    assert_int_equal(journal_commit(journal), OK);
    assert_int_equal(journal_read(journal, &place, &key, &back), OK);
    assert_string_equal(buf_text(&back), "b");
    assert_int_equal(journal_clear(journal, 0), OK);
    assert_int_equal(journal_size(journal, 0), 0);
    journal_close(journal);
}

/* Short by any number of bytes, with or without garbage behind: cut off at the last whole batch, and then it goes on.
 */
static void a_torn_end_is_cut_off(void **state)
{
    (void)state;
    SCOPED_BUF struct buf content = {0};
    size_t second;
    char text[256];
    uint64_t cut;
    two_batches(&content, &second);
    for (size_t size = 0; size < content.size; size++) {
        for (int garbage = 0; garbage < 2; garbage++) {
            SCOPED_BUF struct buf torn = {0};
            struct journal *journal;
            struct seen seen;
            buf_add(&torn, bytes_of(content.data, size));
            if (garbage)
                buf_add(&torn, bytes_of("CHcl\0\0\0\0garbage", 15));
            store(0, buf_bytes(&torn));
            bool first = size >= second;
            assert_int_equal(open_journal(0, &journal, &seen, &cut), OK);
            assert_int_equal(cut, torn.size - (first ? second : 0));
            append(journal, (const char *[]){"d", NULL});
            journal_close(journal);
            assert_int_equal(found(0, text, &cut), OK);
            assert_string_equal(text, first ? "1:a 1:b 2:d" : "1:d");
            assert_int_equal(cut, 0);
        }
    }
}

/* A byte that is not what it was: in the last batch it may be one that a power cut tore, before that it is damage. */
static void a_damaged_middle_is_never_passed_over(void **state)
{
    (void)state;
    SCOPED_BUF struct buf content = {0};
    size_t second;
    char text[256];
    uint64_t cut;
    two_batches(&content, &second);
    for (size_t at = 0; at < content.size; at++) {
        content.data[at] ^= 0x20;
        store(0, buf_bytes(&content));
        assert_int_equal(found(0, text, &cut), at < second ? ERR_CORRUPT : OK);
        if (at >= second)
            assert_string_equal(text, "1:a 1:b");
        content.data[at] ^= 0x20;
    }
    SCOPED_BUF struct buf without = {0};
    buf_add(&without, bytes_part(buf_bytes(&content), second, content.size)); /* its first batch is gone */
    store(0, buf_bytes(&without));
    assert_int_equal(found(0, text, &cut), ERR_CORRUPT);
    assert_int_equal(found(1, text, &cut), OK);
    assert_string_equal(text, "2:c");
}

/* The older file was whole before the newer was begun: nothing of it can be torn. */
static void the_older_file_is_whole(void **state)
{
    (void)state;
    SCOPED_BUF struct buf older = {0}, newer = {0};
    struct journal *journal;
    struct seen seen;
    char text[256];
    uint64_t cut;
    assert_int_equal(open_journal(0, &journal, &seen, &cut), OK);
    append(journal, (const char *[]){"a", NULL});
    append(journal, (const char *[]){"b", NULL});
    journal_swap(journal);
    append(journal, (const char *[]){"c", NULL});
    journal_close(journal);
    load(0, &older);
    load(1, &newer);
    for (size_t size = 0; size < older.size; size += 5) {
        store(0, bytes_of(older.data, size));
        store(1, buf_bytes(&newer));
        assert_int_equal(found(0, text, &cut), ERR_CORRUPT);
        if (size == 0)
            continue;
        store(1, bytes_of(newer.data, newer.size - 3)); /* torn, but begun */
        enum status status = found(0, text, &cut);
        bool whole = strcmp(text, "1:a") == 0; /* the file ends where its first batch does: as if no second had been */
        assert_true(status == ERR_CORRUPT || whole);
    }
    store(0, buf_bytes(&older));
    for (size_t size = 0; size < newer.size; size++) {
        store(1, bytes_of(newer.data, size));
        assert_int_equal(found(0, text, &cut), OK);
        assert_string_equal(text, "1:a 2:b");
        assert_int_equal(cut, size);
    }
}

/* A frame is bound to its place: whoever moves one and mends the checks has not got the key. */
static void a_frame_works_in_no_other_place(void **state)
{
    (void)state;
    struct journal_batch batch = {.number = 5};
    struct journal_frame frame;
    SCOPED_BUF struct buf bytes = {0}, text = {0};
    SCOPED_SECRET struct secret other = {0};
    size_t size;
    assert_int_equal(journal_batch_add(&batch, tenant, 3, &key, bytes_str("a"), &bytes, &size), OK);
    struct cursor cursor = {buf_bytes(&bytes)};
    assert_int_equal(journal_frame_read(&cursor, &frame), OK);
    assert_int_equal(journal_frame_open(&frame, &key, &text), OK);
    assert_int_equal(secret_random(&other, KEY_BYTES), OK);
    assert_int_equal(journal_frame_open(&frame, &other, &text), ERR_DENIED);
    for (size_t at = 0; at < JOURNAL_HEAD_BYTES; at++) {
        bytes.data[at] ^= 1; /* the head that the box is bound to */
        assert_int_equal(journal_frame_open(&frame, &key, &text), ERR_DENIED);
        bytes.data[at] ^= 1;
    }
    assert_int_equal(journal_frame_open(&frame, &key, &text), OK);
}

static void a_batch_is_bounded(void **state)
{
    (void)state;
    static uint8_t large[ENVELOPE_MAX + 1];
    struct journal_batch batch = {.number = 1};
    struct journal_extent extent;
    SCOPED_BUF struct buf bytes = {0};
    size_t size;
    assert_int_equal(journal_batch_add(&batch, tenant, 1, &key, bytes_of(large, sizeof large), &bytes, &size),
                     ERR_TOO_LARGE);
    for (size_t i = 0; i < JOURNAL_BATCH_MAX; i++)
        assert_int_equal(journal_batch_add(&batch, tenant, 1, &key, bytes_str("a"), &bytes, &size), OK);
    assert_int_equal(journal_batch_add(&batch, tenant, 1, &key, bytes_str("a"), &bytes, &size), ERR_TOO_LARGE);
    assert_int_equal(journal_batch_close(&batch, &bytes), OK);
    assert_int_equal(journal_batch_read(buf_bytes(&bytes), &extent), OK);
    assert_int_equal(extent.count, JOURNAL_BATCH_MAX);
    assert_int_equal(extent.size, bytes.size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_files_take_turns, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(in_memory_it_is_the_same, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_torn_end_is_cut_off, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_damaged_middle_is_never_passed_over, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_older_file_is_whole, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_frame_works_in_no_other_place, fresh_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_batch_is_bounded, fresh_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
