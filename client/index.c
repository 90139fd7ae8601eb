/* Hides search.db: where it is, under which key, and that a file which does not open is thrown away. */
#include "client/index.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/keys.h"

#define INDEX_NAME "search.db"

static enum status index_open(const struct home *home, struct search_index **index, struct why *why)
{
    char path[HOME_PATH_MAX];
    SCOPED_SECRET struct secret key = {0};
    TRY(path_join(path, sizeof path, home->folder, INDEX_NAME));
    TRY(key_derive(&home->device_key, KEY_DATABASE, &key));
    return search_open(path, &key, index, why);
}

static bool is_damage(enum status status)
{
    return status == ERR_DENIED || status == ERR_CORRUPT;
}

static enum status index_remove(const struct home *home)
{
    static const char *const names[] = {INDEX_NAME, INDEX_NAME "-wal", INDEX_NAME "-shm"};
    char path[HOME_PATH_MAX];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        TRY(path_join(path, sizeof path, home->folder, names[i]));
        if (file_exists(path) && unlink(path) != 0)
            return ERR_IO;
    }
    return OK;
}

static enum status build_once(const struct home *home, const struct library *library, struct why *why)
{
    struct search_index *index = NULL;
    TRY(index_open(home, &index, why));
    enum status status = search_build(index, library);
    search_close(index);
    return status;
}

enum status index_build(const struct home *home, const struct library *library, struct why *why)
{
    enum status status = build_once(home, library, why);
    if (!is_damage(status))
        return status;
    TRY(index_remove(home));
    return build_once(home, library, why);
}

static bool index_exists(const struct home *home)
{
    char path[HOME_PATH_MAX];
    return path_join(path, sizeof path, home->folder, INDEX_NAME) == OK && file_exists(path);
}

/* An index of another version of the library, as a crash between the two leaves it, is as good as a damaged one: its
 * numbers mean other insights. */
static enum status check_version(struct search_index *index, const struct library *library)
{
    uint64_t version = 0;
    enum status status = search_version(index, &version);
    if (status == ERR_NOT_FOUND || (status == OK && version != library->version))
        return ERR_CORRUPT;
    return status;
}

static enum status search_once(const struct home *home, const struct library *library, const char *words,
                               struct search_hit *hits, size_t most, size_t *found, struct why *why)
{
    struct search_index *index = NULL;
    TRY(index_open(home, &index, why));
    enum status status = check_version(index, library);
    if (status == OK)
        status = search_query(index, words, hits, most, found);
    search_close(index);
    return status;
}

enum status index_search(const struct home *home, const struct library *library, const char *words,
                         struct search_hit *hits, size_t most, size_t *found, struct why *why)
{
    *found = 0;
    if (!index_exists(home))
        TRY(index_build(home, library, why));
    enum status status = search_once(home, library, words, hits, most, found, why);
    if (!is_damage(status))
        return status;
    TRY(index_remove(home));
    TRY(build_once(home, library, why));
    return search_once(home, library, words, hits, most, found, why);
}
