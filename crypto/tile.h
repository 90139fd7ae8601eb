/* Tiles of the Merkle log (C2SP tlog-tiles, height 8): how a tile is named in a path, how many hashes a tree gives it,
 * and how a tree is read back from tiles.
 *
 * Tile (level, index) holds the tree's nodes at height 8 · level, numbers [256 · index, 256 · index + width). A bundle
 * of entries has the numbers of the level-0 tile of its leaf hashes. Names, relative to "tile/":
 * "<level>/<index>[.p/<width>]" and "entries/<index>[.p/<width>]", the index in groups of three digits, "x001/234". */
#pragma once

#include "crypto/merkle.h"

#define TILE_HEIGHT 8u
#define TILE_WIDTH 256u
#define TILE_LEVELS 8u /* of a tree of up to 2^63 leaves */
#define TILE_ENTRIES 0xffu
#define TILE_INDEX_MAX ((UINT64_C(1) << 55) - 1)
#define TILE_PATH_MAX 64 /* of a name, with its end */

struct tile {
    unsigned level; /* 0 to TILE_LEVELS - 1, or TILE_ENTRIES: a bundle of entries */
    uint64_t index; /* to TILE_INDEX_MAX */
    unsigned width; /* 1 to TILE_WIDTH; less than that: partial */
};

void tile_path(const struct tile *tile, char out[static TILE_PATH_MAX]);
/* The inverse, strictly: each tile has one name. ERR_INPUT. */
MUST_USE enum status tile_path_parse(struct bytes path, struct tile *out);
/* How many hashes or entries a tree of that size has for the tile's level and index, 0 to TILE_WIDTH. */
unsigned tile_width(const struct tile *tile, uint64_t size);
/* Append one entry to a bundle: u16 length, then its bytes. ERR_TOO_LARGE for one that is longer than that can say. */
MUST_USE enum status tile_bundle_add(struct buf *bundle, struct bytes entry);
/* The next entry of a bundle. ERR_INPUT. */
MUST_USE enum status tile_bundle_next(struct cursor *bundle, struct bytes *entry);

/* The root of a full tile's hashes: one hash of the tile above. */
void tile_root(const uint8_t hashes[static TILE_WIDTH * MERKLE_BYTES], uint8_t out[static MERKLE_BYTES]);

/* Where a tree is read back from: `read` gives the hashes of a tile, width · MERKLE_BYTES bytes, into an emptied buf.
 */
struct tile_reader {
    enum status (*read)(void *state, const struct tile *tile, struct buf *hashes);
    void *state;
    uint64_t size; /* of the tree */
};
/* The nodes that a tree of reader->size has; ERR_CORRUPT where a tile is not of its width. Borrows the reader. */
struct merkle_source tile_source(const struct tile_reader *reader);
