/* Hides the folder. */
#include "audits/split/homes.h"

#include "base/file.h"

enum status homes_open(struct homes *out, struct why *why)
{
    return scratch_open(out->folder, why);
}

void homes_close(struct homes *homes)
{
    scratch_remove(homes->folder);
    homes->folder[0] = 0;
}

enum status homes_path(const struct homes *homes, const char *name, char out[static HOME_PATH_MAX])
{
    return path_join(out, HOME_PATH_MAX, homes->folder, name);
}

static enum status copy_one(void *context, const char *path)
{
    char copy[HOME_PATH_MAX];
    uint8_t hash[HASH_BYTES];
    uint64_t size;
    const char *name = strrchr(path, '/');
    TRY(path_join(copy, sizeof copy, context, name ? name + 1 : path));
    return file_copy(path, copy, hash, &size);
}

enum status homes_copy(const struct homes *homes, const char *from, const char *to)
{
    char here[HOME_PATH_MAX], there[HOME_PATH_MAX];
    TRY(homes_path(homes, from, here));
    TRY(homes_path(homes, to, there));
    scratch_remove(there);
    TRY(folder_create(there, 0700));
    return folder_walk_all(here, copy_one, there);
}
