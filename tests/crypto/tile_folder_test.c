/* A log as static files: written once, checked whole, and every altered byte found. */
#include "crypto/tile_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/crypto/hex.h"

#define SIZE 600u
#define LEVELS 11

static char folder[64];
static uint8_t nodes[LEVELS][SIZE][MERKLE_BYTES];
static size_t asked; /* tiles */

static enum status read_node(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    (void)state;
    memcpy(out, nodes[level][index], MERKLE_BYTES);
    return OK;
}

static enum status store_node(void *state, unsigned level, uint64_t index, const uint8_t hash[static MERKLE_BYTES])
{
    (void)state;
    memcpy(nodes[level][index], hash, MERKLE_BYTES);
    return OK;
}

static const struct merkle_source tree = {read_node, NULL};

static size_t entry_of(uint64_t leaf, char out[static 16])
{
    return (size_t)snprintf(out, 16, "entry %u", (unsigned)leaf);
}

static enum status fetch(void *state, const struct tile *tiles, size_t count, struct buf *contents)
{
    (void)state;
    assert_true(count > 0 && count <= TILE_BATCH);
    for (size_t i = 0; i < count; i++) {
        for (unsigned k = 0; k < tiles[i].width; k++) {
            uint64_t number = tiles[i].index * TILE_WIDTH + k;
            char entry[16];
            if (tiles[i].level == TILE_ENTRIES)
                TRY(tile_bundle_add(&contents[i], bytes_of(entry, entry_of(number, entry))));
            else
                buf_add(&contents[i], bytes_of(nodes[TILE_HEIGHT * tiles[i].level][number], MERKLE_BYTES));
        }
    }
    asked += count;
    return OK;
}

static struct checkpoint checkpoint_of(uint64_t size)
{
    struct checkpoint checkpoint = {.size = size};
    assert_int_equal(merkle_root(tree, size, checkpoint.root), OK);
    return checkpoint;
}

static int make_tree(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < SIZE; i++) {
        uint8_t leaf[MERKLE_BYTES];
        char entry[16];
        merkle_leaf(bytes_of(entry, entry_of(i, entry)), leaf);
        if (merkle_append(tree, store_node, NULL, i, leaf) != OK)
            return -1;
    }
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/chatham-tiles-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void write_to(uint64_t size, struct tile_folder_report *report)
{
    asked = 0;
    assert_int_equal(tile_folder_write(folder, size, fetch, NULL, report), OK);
    assert_int_equal(asked, report->written);
}

static void what_is_full_is_written_once(void **state)
{
    (void)state;
    struct tile_folder_report report;
    struct checkpoint first = checkpoint_of(300), second = checkpoint_of(SIZE), wrong = second;
    write_to(300, &report);
    assert_int_equal(report.written, 5); /* two bundles, two tiles of leaves, one above */
    assert_int_equal(tile_folder_check(folder, &first), OK);
    write_to(SIZE, &report);
    assert_int_equal(report.kept, 2);
    assert_int_equal(report.written, 5);
    assert_int_equal(tile_folder_check(folder, &second), OK);
    assert_int_equal(tile_folder_check(folder, &first), OK); /* partial tiles of before are still there */
    wrong.root[0] ^= 1;
    assert_int_equal(tile_folder_check(folder, &wrong), ERR_CORRUPT);
    wrong = checkpoint_of(SIZE - 1);
    assert_int_equal(tile_folder_check(folder, &wrong), ERR_CORRUPT); /* no partial tile of that width */
}

static enum status alter(const char *name, size_t at, size_t cut)
{
    char path[128];
    SCOPED_BUF struct buf content = {0}, altered = {0};
    struct checkpoint checkpoint = checkpoint_of(SIZE);
    snprintf(path, sizeof path, "%s/tile/%s", folder, name);
    assert_int_equal(file_read(path, 1 << 20, &content), OK);
    buf_add(&altered, bytes_part(buf_bytes(&content), 0, content.size - cut));
    if (!cut)
        altered.data[at % altered.size] ^= 1;
    assert_int_equal(file_write(path, buf_bytes(&altered), 0644), OK);
    enum status status = tile_folder_check(folder, &checkpoint);
    assert_int_equal(file_write(path, buf_bytes(&content), 0644), OK);
    return status;
}

static void every_altered_file_is_found(void **state)
{
    (void)state;
    static const char *const names[] = {"entries/000", "entries/002.p/88", "0/000", "0/001", "0/002.p/88", "1/000.p/2"};
    struct tile_folder_report report;
    struct checkpoint checkpoint = checkpoint_of(SIZE);
    write_to(SIZE, &report);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t at = 0; at < 9000; at += 1499)
            if (alter(names[i], at, 0) != ERR_CORRUPT || alter(names[i], 0, 1) != ERR_CORRUPT)
                fail_msg("not found: %s, byte %zu", names[i], at);
    assert_int_equal(tile_folder_check(folder, &checkpoint), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_full_is_written_once, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(every_altered_file_is_found, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, make_tree, NULL);
}
