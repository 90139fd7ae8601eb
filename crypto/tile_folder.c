/* Tiles as files. Hides paths and the order of writing. */
#include "crypto/tile_folder.h"

#include <stdio.h>

#include "base/file.h"

#define PATH_BYTES 4096
#define HASHES_MAX ((size_t)TILE_WIDTH * MERKLE_BYTES)
#define BUNDLE_MAX ((size_t)TILE_WIDTH * (2 + UINT16_MAX))
#define FILE_MODE 0644u
#define FOLDER_MODE 0755u

static enum status path_of(const char *folder, const struct tile *tile, char out[static PATH_BYTES])
{
    char name[TILE_PATH_MAX];
    tile_path(tile, name);
    int size = snprintf(out, PATH_BYTES, "%s/tile/%s", folder, name);
    return size > 0 && size < PATH_BYTES ? OK : ERR_TOO_LARGE;
}

/* --- walking over the tiles of a tree --- */

typedef enum status (*tile_visit)(void *context, const struct tile *tile);

static enum status visit_level(unsigned level, uint64_t size, tile_visit visit, void *context)
{
    struct tile tile = {.level = level};
    for (; (tile.width = tile_width(&tile, size)) > 0; tile.index++)
        TRY(visit(context, &tile));
    return OK;
}

static enum status visit_all(uint64_t size, tile_visit visit, void *context)
{
    TRY(visit_level(TILE_ENTRIES, size, visit, context));
    for (unsigned level = 0; level < TILE_LEVELS; level++)
        TRY(visit_level(level, size, visit, context));
    return OK;
}

/* --- writing --- */

struct writer {
    const char *folder;
    tile_fetch fetch;
    void *state;
    struct tile_folder_report *report;
    size_t count;
    struct tile tiles[TILE_BATCH];
};

static enum status write_file(const struct writer *writer, const struct tile *tile, struct bytes content)
{
    char path[PATH_BYTES], parent[PATH_BYTES];
    TRY(path_of(writer->folder, tile, path));
    memcpy(parent, path, sizeof parent);
    *strrchr(parent, '/') = 0;
    TRY(folder_create(parent, FOLDER_MODE));
    writer->report->written++;
    return file_write(path, content, FILE_MODE);
}

static enum status flush(struct writer *writer)
{
    struct buf contents[TILE_BATCH] = {{0}};
    enum status status = OK;
    if (writer->count > 0)
        status = writer->fetch(writer->state, writer->tiles, writer->count, contents);
    for (size_t i = 0; i < writer->count; i++) {
        if (status == OK)
            status = write_file(writer, &writer->tiles[i], buf_bytes(&contents[i]));
        buf_free(&contents[i]);
    }
    writer->count = 0;
    return status;
}

static enum status want(void *context, const struct tile *tile)
{
    struct writer *writer = context;
    char path[PATH_BYTES];
    TRY(path_of(writer->folder, tile, path));
    if (tile->width == TILE_WIDTH && file_exists(path)) {
        writer->report->kept++;
        return OK;
    }
    writer->tiles[writer->count++] = *tile;
    return writer->count == TILE_BATCH ? flush(writer) : OK;
}

enum status tile_folder_write(const char *folder, uint64_t size, tile_fetch fetch, void *state,
                              struct tile_folder_report *report)
{
    struct writer writer = {.folder = folder, .fetch = fetch, .state = state, .report = report};
    *report = (struct tile_folder_report){0};
    TRY(folder_create(folder, FOLDER_MODE));
    TRY(visit_all(size, want, &writer));
    return flush(&writer);
}

enum status tile_folder_note(const char *folder, struct bytes note)
{
    char path[PATH_BYTES];
    TRY(path_join(path, sizeof path, folder, "checkpoint"));
    return file_write(path, note, FILE_MODE);
}

/* --- checking --- */

static enum status read_tile(const char *folder, const struct tile *tile, struct buf *content)
{
    char path[PATH_BYTES];
    buf_clear(content);
    TRY(path_of(folder, tile, path));
    enum status status = file_read(path, tile->level == TILE_ENTRIES ? BUNDLE_MAX : HASHES_MAX, content);
    if (status == ERR_NOT_FOUND || status == ERR_TOO_LARGE)
        return ERR_CORRUPT;
    TRY(status);
    return tile->level == TILE_ENTRIES || content->size == (size_t)tile->width * MERKLE_BYTES ? OK : ERR_CORRUPT;
}

static enum status read_hashes(void *state, const struct tile *tile, struct buf *hashes)
{
    return read_tile(state, tile, hashes);
}

/* A bundle's entries hash to the tile of its leaves. */
static enum status check_bundle(const char *folder, const struct tile *tile)
{
    const struct tile leaves = {.index = tile->index, .width = tile->width};
    SCOPED_BUF struct buf bundle = {0}, hashes = {0};
    TRY(read_tile(folder, tile, &bundle));
    TRY(read_tile(folder, &leaves, &hashes));
    struct cursor cursor = {buf_bytes(&bundle)};
    for (size_t i = 0; i < tile->width; i++) {
        struct bytes entry;
        uint8_t hash[MERKLE_BYTES];
        if (tile_bundle_next(&cursor, &entry) != OK)
            return ERR_CORRUPT;
        merkle_leaf(entry, hash);
        if (memcmp(hash, hashes.data + i * MERKLE_BYTES, MERKLE_BYTES) != 0)
            return ERR_CORRUPT;
    }
    return cursor.left.size == 0 ? OK : ERR_CORRUPT;
}

/* A tile's hashes are the roots of the full tiles below. */
static enum status check_above(const char *folder, const struct tile *tile)
{
    SCOPED_BUF struct buf above = {0}, below = {0};
    TRY(read_tile(folder, tile, &above));
    for (size_t i = 0; i < tile->width; i++) {
        const struct tile lower = {tile->level - 1, tile->index * TILE_WIDTH + i, TILE_WIDTH};
        uint8_t root[MERKLE_BYTES];
        TRY(read_tile(folder, &lower, &below));
        tile_root(below.data, root);
        if (memcmp(root, above.data + i * MERKLE_BYTES, MERKLE_BYTES) != 0)
            return ERR_CORRUPT;
    }
    return OK;
}

static enum status check_tile(void *context, const struct tile *tile)
{
    const char *folder = context;
    if (tile->level == TILE_ENTRIES)
        return check_bundle(folder, tile);
    return tile->level > 0 ? check_above(folder, tile) : OK;
}

enum status tile_folder_check(const char *folder, const struct checkpoint *checkpoint)
{
    const struct tile_reader reader = {read_hashes, (void *)folder, checkpoint->size};
    uint8_t root[MERKLE_BYTES];
    TRY(visit_all(checkpoint->size, check_tile, (void *)folder));
    TRY(merkle_root(tile_source(&reader), checkpoint->size, root));
    return memcmp(root, checkpoint->root, MERKLE_BYTES) == 0 ? OK : ERR_CORRUPT;
}
