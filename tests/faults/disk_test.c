/* The simulated disk: what it keeps, what it loses, and that nothing goes past it; and how file_write and the encrypted
 * database stand on it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/db.h"
#include "tests/faults/disk.h"
#include "tests/faults/memory.h"

static char folder[64], image[80], path[96], image_path[96];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/chatham-disk-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(image, sizeof image, "%s.image", folder);
    snprintf(path, sizeof path, "%s/file", folder);
    snprintf(image_path, sizeof image_path, "%s/file", image);
    disk_watch(folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    disk_watch(NULL);
    disk_remove(folder);
    disk_remove(image);
    return 0;
}

static bool image_holds(const char *content)
{
    SCOPED_BUF struct buf found = {0};
    return file_read(image_path, 1 << 20, &found) == OK && bytes_is(buf_bytes(&found), content);
}

static int open_file(int flags)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    assert_true(fd >= 0);
    return fd;
}

static void write_text(int fd, const char *text)
{
    assert_int_equal(fd_write_all(fd, bytes_str(text)), OK);
}

static void sync_folder(void)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_equal(fsync(fd), 0);
    close(fd);
}

/* --- what a power cut leaves --- */

static void content_and_name_are_synced_apart(void **state)
{
    (void)state;
    int fd = open_file(O_CREAT);
    write_text(fd, "one");
    disk_image(image, CUT_KEPT, 0);
    assert_true(image_holds("one"));
    assert_int_equal(fsync(fd), 0);
    disk_image(image, CUT_DROPPED, 0);
    assert_false(file_exists(image_path)); /* nobody has synced its folder */
    sync_folder();
    write_text(fd, "two");
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("one"));
    disk_image(image, CUT_KEPT, 0);
    assert_true(image_holds("onetwo"));
    assert_int_equal(ftruncate(fd, 2), 0);
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("one"));
    assert_int_equal(fdatasync(fd), 0);
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("on"));
    close(fd);
    assert_int_equal(unlink(path), 0);
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("on"));
    sync_folder();
    disk_image(image, CUT_DROPPED, 0);
    assert_false(file_exists(image_path));
}

static void some_sectors_may_be_torn(void **state)
{
    (void)state;
    enum { SECTORS = 8, SIZE = SECTORS * 512 };
    static uint8_t data[SIZE];
    size_t kept = 0, dropped = 0;
    int fd = open_file(O_CREAT);
    memset(data, 'a', SIZE);
    assert_int_equal(pwrite(fd, data, SIZE, 0), SIZE);
    assert_int_equal(fsync(fd), 0);
    sync_folder();
    memset(data, 'b', SIZE);
    assert_int_equal(pwrite(fd, data, SIZE, 0), SIZE);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        SCOPED_BUF struct buf found = {0};
        disk_image(image, CUT_TORN, seed);
        assert_int_equal(file_read(image_path, SIZE, &found), OK);
        assert_int_equal(found.size, SIZE);
        for (size_t i = 0; i < SECTORS; i++) {
            *(found.data[i * 512] == 'b' ? &kept : &dropped) += 1;
            for (size_t j = 0; j < 512; j++)
                assert_int_equal(found.data[i * 512 + j], found.data[i * 512]);
        }
    }
    assert_true(kept > 20 && dropped > 20);
    close(fd);
}

/* What had been written before an fsync that failed is lost, though a later one says that all is well. */
static void a_failed_sync_is_not_made_good_by_the_next(void **state)
{
    (void)state;
    int fd = open_file(O_CREAT);
    write_text(fd, "one");
    assert_int_equal(fsync(fd), 0);
    sync_folder();
    write_text(fd, "two");
    disk_arm(&(struct disk_plan){.fault = DISK_FAILS, .at = 1});
    assert_int_equal(fsync(fd), -1);
    assert_int_equal(disk_mend(), 1);
    assert_int_equal(fsync(fd), 0);
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("one"));
    assert_int_equal(pwrite(fd, "2", 1, 3), 1); /* written anew, it is kept; what is between is lost */
    assert_int_equal(fsync(fd), 0);
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("one2"));
    close(fd);
}

static void nothing_is_written_past_it(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        int fd = open_file(O_CREAT);
        int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
        if (syscall(SYS_write, fd, "unseen", 6) == 6 && dup2(silence, STDERR_FILENO) >= 0)
            disk_image(image, CUT_KEPT, 0);
        _exit(0);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
}

/* --- file_write on it --- */

static const enum disk_cut cuts[] = {CUT_DROPPED, CUT_KEPT, CUT_TORN};

static void a_file_is_the_old_or_the_new_one(void **state)
{
    (void)state;
    size_t steps = 0;
    assert_int_equal(file_write(path, bytes_str("old"), 0600), OK);
    for (size_t cut = 0; cut < sizeof cuts / sizeof *cuts; cut++) {
        for (size_t n = 1; n <= steps || n == 1; n++) {
            assert_int_equal(file_write(path, bytes_str("old"), 0600), OK);
            disk_arm(&(struct disk_plan){.at = n, .image = image, .cut = cuts[cut], .seed = n});
            assert_int_equal(file_write(path, bytes_str("new"), 0600), OK);
            steps = disk_mend();
            assert_true(image_holds("old") || image_holds("new"));
            disk_image(image, cuts[cut], n);
            assert_true(image_holds("new"));
        }
    }
    assert_int_equal(steps, 5); /* create, write, sync, rename, sync the folder */
}

static void each_failing_step_of_a_file_is_told(void **state)
{
    (void)state;
    static const enum disk_fault faults[] = {DISK_FAILS, DISK_TEARS, DISK_FULL};
    assert_int_equal(file_write(path, bytes_str("old"), 0600), OK);
    for (size_t fault = 0; fault < sizeof faults / sizeof *faults; fault++) {
        for (size_t n = 1; n <= (faults[fault] == DISK_FULL ? 4u : 5u); n++) {
            disk_arm(&(struct disk_plan){.fault = faults[fault], .at = n});
            assert_int_not_equal(file_write(path, bytes_str("new"), 0600), OK);
            disk_mend();
            disk_image(image, CUT_DROPPED, 0);
            assert_true(image_holds("old") || (n == 5 && image_holds("new")));
            assert_int_equal(file_write(path, bytes_str("old"), 0600), OK);
        }
    }
    disk_arm(&(struct disk_plan){.fault = DISK_SHORT, .at = 1});
    assert_int_equal(file_write(path, bytes_str("a longer text in many parts"), 0600), OK);
    assert_true(disk_mend() > 5);
    disk_image(image, CUT_DROPPED, 0);
    assert_true(image_holds("a longer text in many parts"));
}

static void a_disk_that_lies_is_found_out(void **state)
{
    (void)state;
    disk_arm(&(struct disk_plan){.fault = DISK_LIES});
    assert_int_equal(file_write(path, bytes_str("new"), 0600), OK);
    disk_mend();
    disk_image(image, CUT_DROPPED, 0);
    assert_false(file_exists(image_path));
}

/* --- the database on it --- */

static const char *const migrations[] = {"CREATE TABLE t (x INTEGER PRIMARY KEY)", NULL};
static const struct db_schema schema = {"test store", migrations};

static int64_t rows_in(const char *file, const struct secret *key)
{
    struct db *db = NULL;
    int64_t count = -1;
    assert_int_equal(db_open(file, key, &schema, &db, NULL), OK);
    assert_int_equal(db_row(db, "SELECT count(*) FROM t", ":i", &count), OK);
    db_close(db);
    return count;
}

/* The fifth row is committed at last, on a disk that loses what it was not told to keep. */
static void a_commit_outlives_a_power_cut(void **state)
{
    (void)state;
    struct db *db = NULL;
    SCOPED_SECRET struct secret key = {0};
    assert_int_equal(secret_random(&key, 32), OK);
    assert_int_equal(db_open(path, &key, &schema, &db, NULL), OK);
    for (int64_t x = 1; x <= 5; x++) {
        assert_int_equal(db_exec(db, "INSERT INTO t (x) VALUES (?)", "i", x), OK);
        for (size_t cut = 0; cut < sizeof cuts / sizeof *cuts; cut++) {
            disk_image(image, cuts[cut], (uint64_t)x);
            assert_int_equal(rows_in(image_path, &key), x);
        }
    }
    disk_arm(&(struct disk_plan){.fault = DISK_LIES});
    assert_int_equal(db_exec(db, "INSERT INTO t (x) VALUES (6)", ""), OK);
    disk_mend();
    disk_image(image, CUT_DROPPED, 0);
    assert_int_equal(rows_in(image_path, &key), 5);
    db_close(db);
    assert_int_equal(rows_in(path, &key), 6);
}

/* A commit whose fsync failed was not promised to anybody, and may have happened. */
static void a_failing_commit_is_told(void **state)
{
    (void)state;
    struct db *db = NULL;
    size_t failures = 0;
    SCOPED_SECRET struct secret key = {0};
    assert_int_equal(secret_random(&key, 32), OK);
    assert_int_equal(db_open(path, &key, &schema, &db, NULL), OK);
    enum status status = ERR_IO;
    for (size_t n = 1; status != OK; n++) {
        disk_arm(&(struct disk_plan){.fault = n % 2 ? DISK_FAILS : DISK_FULL, .at = (n + 1) / 2});
        status = db_exec(db, "INSERT INTO t (x) VALUES (1)", "");
        disk_mend();
        disk_image(image, CUT_KEPT, 0);
        assert_in_range(rows_in(image_path, &key), status == OK, 1);
        failures += status != OK;
    }
    assert_true(failures >= 4); /* WAL header, frame, sync */
    disk_image(image, CUT_DROPPED, 0);
    assert_int_equal(rows_in(image_path, &key), 1);
    db_close(db);
}

/* Its name and its WAL's have to be durable before anything in it is: each step of making it failing in turn. */
static void a_new_database_is_not_lost_by_its_name(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = {0};
    assert_int_equal(secret_random(&key, 32), OK);
    size_t n = 0;
    for (bool is_hit = true; is_hit;) {
        struct db *db = NULL;
        disk_watch(NULL);
        disk_remove(folder);
        assert_int_equal(mkdir(folder, 0700), 0);
        disk_watch(folder);
        disk_arm(&(struct disk_plan){.fault = DISK_FAILS, .at = ++n});
        enum status status = db_open(path, &key, &schema, &db, NULL);
        if (status == OK)
            status = db_exec(db, "INSERT INTO t (x) VALUES (1)", "");
        is_hit = disk_mend() >= n;
        disk_image(image, CUT_DROPPED, 0);
        if (status == OK)
            assert_int_equal(rows_in(image_path, &key), 1);
        db_close(db);
    }
    assert_true(n > 20);
}

/* --- memory --- */

static void a_new_folder_is_not_lost_with_its_parents(void **state)
{
    (void)state;
    char inner[300], kept[300];
    snprintf(inner, sizeof inner, "%s/outer/inner", folder);
    snprintf(kept, sizeof kept, "%s/outer/inner", image);
    disk_watch(folder);
    disk_arm(&(struct disk_plan){.fault = DISK_SOUND});
    assert_int_equal(folder_create(inner, 0700), OK);
    disk_mend();
    disk_image(image, CUT_DROPPED, 0);
    assert_true(file_exists(kept));
}

static void a_new_folder_that_cannot_be_kept_is_not_there(void **state)
{
    (void)state;
    char new_one[300];
    snprintf(new_one, sizeof new_one, "%s/new", folder);
    disk_watch(folder);
    disk_arm(&(struct disk_plan){.fault = DISK_FAILS, .at = 2});
    assert_int_equal(folder_create(new_one, 0700), ERR_IO);
    disk_mend();
    assert_false(file_exists(new_one));
    assert_int_equal(folder_create(new_one, 0700), OK);
}

static void every_allocation_can_fail(void **state)
{
    (void)state;
    SCOPED_BUF struct buf text = {0};
    memory_arm(1);
    buf_add_str(&text, "more than nothing");
    assert_true(memory_mend() >= 1);
    assert_int_equal(buf_status(&text), ERR_MEMORY);
    memory_arm(0);
    buf_clear(&text);
    buf_add_str(&text, "more than nothing");
    memory_mend();
    assert_int_equal(buf_status(&text), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(content_and_name_are_synced_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(some_sectors_may_be_torn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failed_sync_is_not_made_good_by_the_next, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_written_past_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_is_the_old_or_the_new_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_failing_step_of_a_file_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_disk_that_lies_is_found_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_outlives_a_power_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failing_commit_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_database_is_not_lost_by_its_name, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_folder_is_not_lost_with_its_parents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_folder_that_cannot_be_kept_is_not_there, set_up, tear_down),
        cmocka_unit_test(every_allocation_can_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
