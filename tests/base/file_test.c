/* file: reading within bounds, replacing whole, walking folders, streams of lines. */
#include "base/file.h"

#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/random.h"

static char folder[] = "/tmp/chatham-file-XXXXXX";

static const char *in_folder(const char *name)
{
    static char path[PATH_MAX];
    assert_int_equal(path_join(path, sizeof path, folder, name), OK);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static enum status remove_file(void *context, const char *path)
{
    (void)context;
    return unlink(path) == 0 ? OK : ERR_IO;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const folders[] = {"walk/.git", "walk/b/c", "walk/b", "walk", "a/b/c", "a/b", "a", ""};
    (void)unlink(in_folder("walk/.git/4"));
    (void)unlink(in_folder("walk/.hidden"));
    (void)unlink(in_folder("walk/folder-link"));
    (void)unlink(in_folder("walk/dangling"));
    (void)unlink(in_folder("walk/file-link"));
    (void)!folder_walk(folder, remove_file, NULL);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        (void)rmdir(in_folder(folders[i]));
    return access(folder, F_OK) == 0; /* no temporary was left behind */
}

static void expect_content(const char *path, const char *content)
{
    SCOPED_BUF struct buf out = {0};
    assert_int_equal(file_read(path, 100, &out), OK);
    assert_string_equal(buf_text(&out), content);
}

static void test_read_and_write(void **state)
{
    (void)state;
    SCOPED_BUF struct buf out = {0};
    const char *path = in_folder("one");
    assert_int_equal(file_read(path, 100, &out), ERR_NOT_FOUND);
    assert_int_equal(file_write(path, bytes_str("first"), 0640), OK);
    expect_content(path, "first");
    assert_int_equal(file_write(path, bytes_str("second"), 0600), OK);
    expect_content(path, "second");
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(file_create(path, bytes_str("third"), 0600), ERR_EXISTS);
    expect_content(path, "second");

    buf_add_str(&out, "kept");
    assert_int_equal(file_read(path, 5, &out), ERR_TOO_LARGE);
    assert_string_equal(buf_text(&out), "kept");
    assert_int_equal(file_read(path, 6, &out), OK);
    assert_string_equal(buf_text(&out), "keptsecond");
    assert_int_equal(file_read(folder, 100, &out), ERR_INPUT);

    assert_int_equal(file_create(in_folder("new"), BYTES_NONE, 0600), OK);
    expect_content(in_folder("new"), "");
    assert_int_equal(file_write(in_folder("no/such/folder"), bytes_str("x"), 0600), ERR_NOT_FOUND);
    assert_true(file_exists(in_folder("new")));
    assert_false(file_exists(in_folder("old")));
}

static void test_a_pipe_is_bounded(void **state)
{
    (void)state;
    int ends[2];
    char path[64];
    SCOPED_BUF struct buf out = {0};
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    assert_int_equal(fd_write_all(ends[1], bytes_str("0123456789")), OK);
    close(ends[1]);
    assert_int_equal(file_read(path, 9, &out), ERR_TOO_LARGE);
    assert_int_equal(out.size, 0);
    close(ends[0]);
}

static void test_folders_and_paths(void **state)
{
    (void)state;
    char path[8];
    assert_int_equal(folder_create(in_folder("a//b/c/"), 0700), OK);
    assert_int_equal(folder_create(in_folder("a/b/c"), 0700), OK);
    assert_int_equal(file_write(in_folder("plain"), bytes_str("x"), 0600), OK);
    assert_int_equal(folder_create(in_folder("plain"), 0700), ERR_EXISTS);
    assert_int_equal(path_join(path, sizeof path, "abc", "def"), OK);
    assert_string_equal(path, "abc/def");
    assert_int_equal(path_join(path, sizeof path, "abc/", "def"), OK);
    assert_string_equal(path, "abc/def");
    assert_int_equal(path_join(path, sizeof path, "abcd", "def"), ERR_TOO_LARGE);
}

static enum status list(void *context, const char *path)
{
    buf_addf(context, "%s ", strrchr(path, '/') + 1);
    return strstr(path, "stop") ? ERR_POLICY : OK;
}

static void test_walk(void **state)
{
    (void)state;
    SCOPED_BUF struct buf seen = {0};
    char target[PATH_MAX];
    static const char *const files[] = {"walk/b/c/3", "walk/b/2", "walk/1", "walk/.hidden", "walk/z"};
    assert_int_equal(folder_create(in_folder("walk/b/c"), 0700), OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        assert_int_equal(file_write(in_folder(files[i]), bytes_str("x"), 0600), OK);
    snprintf(target, sizeof target, "%s/walk/b", folder);
    assert_int_equal(symlink(target, in_folder("walk/folder-link")), 0);
    assert_int_equal(symlink("b/2", in_folder("walk/file-link")), 0);
    assert_int_equal(folder_walk(in_folder("walk"), list, &seen), OK);
    assert_string_equal(buf_text(&seen), "1 2 3 file-link z ");

    buf_clear(&seen);
    assert_int_equal(folder_create(in_folder("walk/.git"), 0700), OK);
    assert_int_equal(file_write(in_folder("walk/.git/4"), bytes_str("x"), 0600), OK);
    assert_int_equal(folder_walk_all(in_folder("walk"), list, &seen), OK);
    assert_string_equal(buf_text(&seen), ".hidden 1 2 3 file-link z ");
    buf_clear(&seen);
    assert_int_equal(folder_walk_whole(in_folder("walk"), list, &seen), OK);
    assert_string_equal(buf_text(&seen), "4 .hidden 1 2 3 file-link z ");

    buf_clear(&seen);
    assert_int_equal(folder_walk(in_folder("walk/1"), list, &seen), OK);
    assert_string_equal(buf_text(&seen), "1 ");
    assert_int_equal(folder_walk(in_folder("nothing"), list, &seen), ERR_NOT_FOUND);

    buf_clear(&seen);
    assert_int_equal(symlink("nowhere", in_folder("walk/dangling")), 0);
    assert_int_equal(folder_walk(in_folder("walk"), list, &seen), ERR_IO); /* and all the others were seen */
    assert_string_equal(buf_text(&seen), "1 2 3 file-link z ");

    buf_clear(&seen);
    assert_int_equal(file_write(in_folder("walk/b/stop"), bytes_str("x"), 0600), OK);
    assert_int_equal(folder_walk(in_folder("walk"), list, &seen), ERR_POLICY);
    assert_string_equal(buf_text(&seen), "1 2 3 stop ");
}

/* --- lines --- */

/* Reads all lines of a file with that content: "number:size " each, "number:! " for one too long. */
static void lines_of(struct bytes content, size_t most, struct buf *seen)
{
    assert_int_equal(file_write(in_folder("lines"), content, 0600), OK);
    int fd = open(in_folder("lines"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    struct line_reader reader;
    line_reader_start(&reader, fd, most);
    for (;;) {
        struct bytes line;
        enum status status = line_reader_next(&reader, &line);
        if (status == ERR_NOT_FOUND)
            break;
        assert_true(status == OK || status == ERR_TOO_LARGE);
        if (status == OK)
            buf_addf(seen, "%zu:%zu ", reader.number, line.size);
        else
            buf_addf(seen, "%zu:! ", reader.number);
    }
    line_reader_free(&reader);
    close(fd);
}

static void test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *content, *seen;
    } rows[] = {
        {"", ""},
        {"\n", "1:0 "},
        {"ab", "1:2 "},
        {"ab\n", "1:2 "},
        {"a\n\nb", "1:1 2:0 3:1 "},
        {"abcd\nabcde\nabc\n", "1:4 2:! 3:3 "},
        {"abcde", "1:! "},
        {"abcde\n", "1:! "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_BUF struct buf seen = {0};
        lines_of(bytes_str(rows[i].content), 4, &seen);
        assert_string_equal(buf_text(&seen), rows[i].seen);
    }
}

static void test_long_lines(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 7);
    SCOPED_BUF struct buf content = {0}, expected = {0}, seen = {0};
    for (size_t number = 1; number <= 60; number++) {
        size_t size = (size_t)random_below(source, 200000);
        for (size_t i = 0; i < size; i++)
            buf_add_byte(&content, 'x');
        buf_add_byte(&content, '\n');
        buf_addf(&expected, size > 100000 ? "%zu:! " : "%zu:%zu ", number, size);
    }
    lines_of(buf_bytes(&content), 100000, &seen);
    assert_string_equal(buf_text(&seen), buf_text(&expected));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_and_write),
        cmocka_unit_test(test_a_pipe_is_bounded),
        cmocka_unit_test(test_folders_and_paths),
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_long_lines),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
