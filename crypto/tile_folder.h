/* A log as a folder of static files, as C2SP tlog-tiles serves it: "checkpoint" and "tile/...". What others' tools
 * check, and what any web server can publish. */
#pragma once

#include "crypto/checkpoint.h"
#include "crypto/tile.h"

#define TILE_BATCH 32 /* tiles that are asked for at once */

/* The contents of tiles, in their order, into emptied bufs. */
typedef enum status (*tile_fetch)(void *state, const struct tile *tiles, size_t count, struct buf *contents);
struct tile_folder_report {
    uint64_t written, kept;
};
/* Write what a tree of that size has. Full tiles that are there already are kept: they never change. */
MUST_USE enum status tile_folder_write(const char *folder, uint64_t size, tile_fetch fetch, void *state,
                                       struct tile_folder_report *report);
/* Every entry against the tile of its hash, every tile against the one above it, the whole against the checkpoint's
 * root. ERR_CORRUPT. */
MUST_USE enum status tile_folder_check(const char *folder, const struct checkpoint *checkpoint);
/* The signed note; last, so that who reads it finds its tiles. */
MUST_USE enum status tile_folder_note(const char *folder, struct bytes note);
