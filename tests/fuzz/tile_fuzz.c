/* Tile names and bundles: a name that is taken is the one that we would write; a bundle's entries, written again, are
 * its beginning. */
#include "crypto/tile.h"

static void check_name(struct bytes input)
{
    struct tile tile;
    char name[TILE_PATH_MAX];
    if (tile_path_parse(input, &tile) != OK)
        return;
    tile_path(&tile, name);
    INVARIANT(bytes_is(input, name));
    INVARIANT(tile.width >= 1 && tile.width <= TILE_WIDTH && tile.index <= TILE_INDEX_MAX);
}

static void check_bundle(struct bytes input)
{
    struct cursor cursor = {input};
    struct bytes entry;
    SCOPED_BUF struct buf again = {0};
    while (tile_bundle_next(&cursor, &entry) == OK)
        INVARIANT(tile_bundle_add(&again, entry) == OK);
    INVARIANT(again.size <= input.size && bytes_equal(buf_bytes(&again), bytes_part(input, 0, again.size)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_name(bytes_of(data, size));
    check_bundle(bytes_of(data, size));
    return 0;
}
