/* Tiles: names as C2SP tlog-tiles writes them, widths of every size, bundles, and roots read back from tiles whose
 * hashes were computed by the definition of RFC 9162 alone. */
#include "crypto/tile.h"

#include "tests/crypto/hex.h"

/* --- names --- */

static void names_and_their_tiles(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct tile tile;
    } cases[] = {
        {"0/000", {0, 0, 256}},
        {"0/000.p/1", {0, 0, 1}},
        {"1/999.p/255", {1, 999, 255}},
        {"0/x001/000", {0, 1000, 256}},
        {"0/x001/x234/067", {0, 1234067, 256}}, /* the specification's own example */
        {"7/x123/x456/x789/012.p/40", {7, 123456789012, 40}},
        {"entries/x001/x234/067.p/8", {TILE_ENTRIES, 1234067, 8}},
        {"entries/000", {TILE_ENTRIES, 0, 256}},
        {"0/x036/x028/x797/x018/x963/967", {0, TILE_INDEX_MAX, 256}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[TILE_PATH_MAX];
        struct tile tile;
        tile_path(&cases[i].tile, name);
        assert_string_equal(name, cases[i].name);
        assert_int_equal(tile_path_parse(bytes_str(name), &tile), OK);
        assert_int_equal(tile.level, cases[i].tile.level);
        assert_int_equal(tile.index, cases[i].tile.index);
        assert_int_equal(tile.width, cases[i].tile.width);
    }
}

static void other_spellings_are_no_tiles(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "0",
        "0/",
        "/000",
        "8/000",
        "00/000",
        "01/000",
        "-1/000",
        "entry/000",
        "entries",
        "data/000",
        "0/0",
        "0/00",
        "0/0000",
        "0/1000",
        "0/001/000",
        "0/x000/001",
        "0/x000/x001/000",
        "0/x001",
        "0/x001/",
        "0/x01/000",
        "0/x0001/000",
        "0/X001/000",
        "0/x001//000",
        "0/ 00",
        "0/+00",
        "0/0a0",
        "0/000/",
        "0/000.p",
        "0/000.p/",
        "0/000.p/0",
        "0/000.p/01",
        "0/000.p/256",
        "0/000.p/1000",
        "0/000.p/-1",
        "0/000.p/1/",
        "0/000.p/1.p/1",
        "0/x036/x028/x797/x018/x963/968",
        "0/x018/x446/x744/x073/x709/x552/000", /* 384 modulo 2^64 */
        "0/x999/x999/x999/x999/x999/x999/999",
        "0/000?",
        "entries/../000",
        "0/%30%30%30",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct tile tile = {1, 1, 1};
        if (tile_path_parse(bytes_str(names[i]), &tile) != ERR_INPUT)
            fail_msg("taken: %s", names[i]);
        assert_int_equal(tile.width, 0);
    }
    assert_int_equal(tile_path_parse(bytes_of("0/000\0", 6), &(struct tile){0}), ERR_INPUT);
}

static void widths(void **state)
{
    (void)state;
    static const struct {
        struct tile tile;
        uint64_t size;
        unsigned width;
    } cases[] = {
        {{0, 0, 0}, 0, 0},           {{0, 0, 0}, 1, 1},
        {{0, 0, 0}, 255, 255},       {{0, 0, 0}, 256, 256},
        {{0, 0, 0}, 257, 256},       {{0, 1, 0}, 256, 0},
        {{0, 1, 0}, 257, 1},         {{1, 0, 0}, 255, 0},
        {{1, 0, 0}, 256, 1},         {{1, 0, 0}, 65535, 255},
        {{2, 0, 0}, 65536, 1},       {{TILE_ENTRIES, 1, 0}, 300, 44},
        {{7, 0, 0}, INT64_MAX, 127}, {{0, TILE_INDEX_MAX, 0}, INT64_MAX, 255},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(tile_width(&cases[i].tile, cases[i].size), cases[i].width);
}

/* --- bundles --- */

static void bundles(void **state)
{
    (void)state;
    static const uint8_t long_entry[UINT16_MAX + 1];
    struct bytes entry;
    SCOPED_BUF struct buf bundle = {0};
    assert_int_equal(tile_bundle_add(&bundle, bytes_str("abc")), OK);
    assert_int_equal(tile_bundle_add(&bundle, BYTES_NONE), OK);
    assert_int_equal(tile_bundle_add(&bundle, bytes_of(long_entry, UINT16_MAX + 1)), ERR_TOO_LARGE);
    assert_hex(buf_bytes(&bundle), "00036162630000");
    struct cursor cursor = {buf_bytes(&bundle)};
    assert_int_equal(tile_bundle_next(&cursor, &entry), OK);
    assert_true(bytes_is(entry, "abc"));
    assert_int_equal(tile_bundle_next(&cursor, &entry), OK);
    assert_int_equal(entry.size, 0);
    assert_int_equal(cursor_end(&cursor), OK);
    assert_int_equal(tile_bundle_next(&cursor, &entry), ERR_INPUT);
    cursor = (struct cursor){bytes_of(bundle.data, 4)};
    assert_int_equal(tile_bundle_next(&cursor, &entry), ERR_INPUT);
}

/* --- a tree out of tiles --- */

#define SIZES 66000u

static uint8_t leaves[SIZES][MERKLE_BYTES];

/* MTH of RFC 9162, 2.1.1, over leaf hashes, by its definition. */
static void mth(size_t first, size_t n, uint8_t *out)
{
    uint8_t left[MERKLE_BYTES], right[MERKLE_BYTES];
    size_t k = 1;
    if (n == 1) {
        memcpy(out, leaves[first], MERKLE_BYTES);
        return;
    }
    while (2 * k < n)
        k *= 2;
    mth(first, k, left);
    mth(first + k, n - k, right);
    merkle_node(left, right, out);
}

/* A tile's hashes by definition; state: a tile whose first hash is to be altered, or NULL. */
static enum status read_tile(void *state, const struct tile *tile, struct buf *hashes)
{
    const struct tile *altered = state;
    size_t span = (size_t)1 << (TILE_HEIGHT * tile->level);
    for (unsigned i = 0; i < tile->width; i++) {
        uint8_t hash[MERKLE_BYTES];
        mth((size_t)(tile->index * TILE_WIDTH + i) * span, span, hash);
        if (altered && i == 0 && altered->level == tile->level && altered->index == tile->index)
            hash[31] ^= 1;
        buf_add(hashes, bytes_of(hash, sizeof hash));
    }
    return buf_status(hashes);
}

static int make_leaves(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SIZES; i++)
        merkle_leaf(bytes_of(&i, sizeof i), leaves[i]);
    return 0;
}

static const uint64_t sizes[] = {1, 2, 3, 255, 256, 257, 511, 512, 700, 4096, 65535, 65536, 65537, SIZES};

static void roots_of_trees_read_from_tiles(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct tile_reader reader = {read_tile, NULL, sizes[i]};
        uint8_t root[MERKLE_BYTES], naive[MERKLE_BYTES];
        mth(0, (size_t)sizes[i], naive);
        assert_int_equal(merkle_root(tile_source(&reader), sizes[i], root), OK);
        assert_memory_equal(root, naive, MERKLE_BYTES);
    }
}

static void proofs_from_tiles_hold(void **state)
{
    (void)state;
    struct tile_reader reader = {read_tile, NULL, 700};
    uint8_t root[MERKLE_BYTES], old[MERKLE_BYTES];
    struct merkle_proof proof;
    mth(0, 700, root);
    mth(0, 300, old);
    assert_int_equal(merkle_prove_inclusion(tile_source(&reader), 299, 700, &proof), OK);
    assert_int_equal(merkle_check_inclusion(leaves[299], 299, 700, &proof, root), OK);
    assert_int_equal(merkle_prove_consistency(tile_source(&reader), 300, 700, &proof), OK);
    assert_int_equal(merkle_check_consistency(300, old, 700, root, &proof), OK);
}

static void an_altered_tile_gives_another_root(void **state)
{
    (void)state;
    static struct tile altered[] = {{0, 2, 0}, {1, 0, 0}};
    uint8_t root[MERKLE_BYTES], naive[MERKLE_BYTES];
    mth(0, 700, naive);
    for (size_t i = 0; i < 2; i++) {
        struct tile_reader reader = {read_tile, &altered[i], 700};
        assert_int_equal(merkle_root(tile_source(&reader), 700, root), OK);
        assert_memory_not_equal(root, naive, MERKLE_BYTES);
    }
}

static enum status read_short(void *state, const struct tile *tile, struct buf *hashes)
{
    TRY(read_tile(state, tile, hashes));
    hashes->size--;
    return OK;
}

static void tiles_that_are_short_or_missing(void **state)
{
    (void)state;
    struct tile_reader reader = {read_short, NULL, 300};
    uint8_t root[MERKLE_BYTES];
    assert_int_equal(merkle_root(tile_source(&reader), 300, root), ERR_CORRUPT);
    reader = (struct tile_reader){read_tile, NULL, 300};
    assert_int_equal(merkle_root(tile_source(&reader), 301, root), ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_their_tiles),
        cmocka_unit_test(other_spellings_are_no_tiles),
        cmocka_unit_test(widths),
        cmocka_unit_test(bundles),
        cmocka_unit_test(roots_of_trees_read_from_tiles),
        cmocka_unit_test(proofs_from_tiles_hold),
        cmocka_unit_test(an_altered_tile_gives_another_root),
        cmocka_unit_test(tiles_that_are_short_or_missing),
    };
    return cmocka_run_group_tests(tests, make_leaves, NULL);
}
