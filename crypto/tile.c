/* Tiles. Hides the grammar of their names and the way from a node's number to its tile. */
#include "crypto/tile.h"

#include <stdio.h>

/* --- names --- */

void tile_path(const struct tile *tile, char out[static TILE_PATH_MAX])
{
    unsigned groups[8];
    size_t count = 0;
    uint64_t index = tile->index;
    int at = tile->level == TILE_ENTRIES ? snprintf(out, TILE_PATH_MAX, "entries")
                                         : snprintf(out, TILE_PATH_MAX, "%u", tile->level);
    do {
        groups[count++] = (unsigned)(index % 1000);
        index /= 1000;
    } while (index > 0 && count < 8);
    while (count-- > 0)
        at += snprintf(out + at, TILE_PATH_MAX - (size_t)at, count > 0 ? "/x%03u" : "/%03u", groups[count]);
    if (tile->width < TILE_WIDTH)
        snprintf(out + at, TILE_PATH_MAX - (size_t)at, ".p/%u", tile->width);
}

/* One to three digits without leading zeros. */
static enum status small_number(struct bytes digits, unsigned *out)
{
    *out = 0;
    if (digits.size == 0 || digits.size > 3 || (digits.size > 1 && digits.data[0] == '0'))
        return ERR_INPUT;
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return ERR_INPUT;
        *out = *out * 10 + (digits.data[i] - '0');
    }
    return OK;
}

/* "x001/x234/067" */
static enum status index_parse(struct bytes text, uint64_t *index)
{
    *index = 0;
    for (bool first = true;; first = false) {
        bool more = bytes_starts(text, "x");
        struct bytes digits = bytes_part(text, more, 3);
        unsigned group = 0;
        if (digits.size != 3 || (first && more && memcmp(digits.data, "000", 3) == 0))
            return ERR_INPUT;
        for (size_t i = 0; i < 3; i++) {
            if (digits.data[i] < '0' || digits.data[i] > '9')
                return ERR_INPUT;
            group = group * 10 + (digits.data[i] - '0');
        }
        if (*index > (TILE_INDEX_MAX - group) / 1000)
            return ERR_INPUT;
        *index = *index * 1000 + group;
        text = bytes_part(text, 3u + more, SIZE_MAX);
        if (!more)
            return text.size == 0 ? OK : ERR_INPUT;
        if (!bytes_starts(text, "/"))
            return ERR_INPUT;
        text = bytes_part(text, 1, SIZE_MAX);
    }
}

static enum status level_parse(struct bytes text, unsigned *level)
{
    if (bytes_is(text, "entries")) {
        *level = TILE_ENTRIES;
        return OK;
    }
    TRY(small_number(text, level));
    return *level < TILE_LEVELS ? OK : ERR_INPUT;
}

static enum status width_parse(struct bytes text, unsigned *width)
{
    TRY(small_number(text, width));
    return *width > 0 && *width < TILE_WIDTH ? OK : ERR_INPUT;
}

static enum status parse(struct bytes path, struct tile *tile)
{
    size_t slash = bytes_find(path, bytes_str("/"));
    if (path.size >= TILE_PATH_MAX || slash == SIZE_MAX)
        return ERR_INPUT;
    TRY(level_parse(bytes_part(path, 0, slash), &tile->level));
    struct bytes rest = bytes_part(path, slash + 1, SIZE_MAX);
    size_t partial = bytes_find(rest, bytes_str(".p/"));
    tile->width = TILE_WIDTH;
    if (partial != SIZE_MAX)
        TRY(width_parse(bytes_part(rest, partial + 3, SIZE_MAX), &tile->width));
    return index_parse(bytes_part(rest, 0, partial), &tile->index);
}

enum status tile_path_parse(struct bytes path, struct tile *out)
{
    struct tile tile = {0};
    *out = tile;
    TRY(parse(path, &tile));
    *out = tile;
    return OK;
}

unsigned tile_width(const struct tile *tile, uint64_t size)
{
    uint64_t nodes = tile->level == TILE_ENTRIES ? size : size >> (TILE_HEIGHT * tile->level);
    uint64_t before = tile->index * TILE_WIDTH;
    if (nodes <= before)
        return 0;
    return nodes - before < TILE_WIDTH ? (unsigned)(nodes - before) : TILE_WIDTH;
}

/* --- bundles of entries --- */

enum status tile_bundle_add(struct buf *bundle, struct bytes entry)
{
    if (entry.size > UINT16_MAX)
        return ERR_TOO_LARGE;
    buf_add_u16(bundle, (uint16_t)entry.size);
    buf_add(bundle, entry);
    return buf_status(bundle);
}

enum status tile_bundle_next(struct cursor *bundle, struct bytes *entry)
{
    uint16_t size = 0;
    *entry = BYTES_NONE;
    TRY(cursor_u16(bundle, &size));
    return cursor_bytes(bundle, size, entry);
}

/* --- a tree out of tiles --- */

/* The root of `count` hashes, a power of two, which are overwritten. */
static void fold(uint8_t *hashes, size_t count)
{
    for (; count > 1; count /= 2)
        for (size_t i = 0; i < count / 2; i++)
            merkle_node(hashes + 2 * i * MERKLE_BYTES, hashes + (2 * i + 1) * MERKLE_BYTES, hashes + i * MERKLE_BYTES);
}

void tile_root(const uint8_t hashes[static TILE_WIDTH * MERKLE_BYTES], uint8_t out[static MERKLE_BYTES])
{
    uint8_t copy[TILE_WIDTH * MERKLE_BYTES];
    memcpy(copy, hashes, sizeof copy);
    fold(copy, TILE_WIDTH);
    memcpy(out, copy, MERKLE_BYTES);
}

static enum status node_read(void *state, unsigned level, uint64_t index, uint8_t out[static MERKLE_BYTES])
{
    const struct tile_reader *reader = state;
    unsigned rest = level % TILE_HEIGHT;
    uint64_t first = index << rest; /* of 2^rest nodes at the tile's own height */
    struct tile tile = {.level = level / TILE_HEIGHT, .index = first / TILE_WIDTH};
    size_t at = (size_t)(first % TILE_WIDTH), count = (size_t)1 << rest;
    SCOPED_BUF struct buf hashes = {0};
    tile.width = tile_width(&tile, reader->size);
    if (at + count > tile.width)
        return ERR_CORRUPT;
    TRY(reader->read(reader->state, &tile, &hashes));
    if (hashes.size != (size_t)tile.width * MERKLE_BYTES)
        return ERR_CORRUPT;
    fold(hashes.data + at * MERKLE_BYTES, count);
    memcpy(out, hashes.data + at * MERKLE_BYTES, MERKLE_BYTES);
    return OK;
}

struct merkle_source tile_source(const struct tile_reader *reader)
{
    return (struct merkle_source){node_read, (void *)reader};
}
