/* Folders and paths. Hides directory streams, and that one path buffer serves a whole walk. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static enum status make_folder(const char *path, unsigned mode)
{
    struct stat info;
    if (mkdir(path, mode) != 0) {
        int error = errno;
        if (error == EEXIST)
            return stat(path, &info) == 0 && S_ISDIR(info.st_mode) ? OK : ERR_EXISTS;
        return file_status(error);
    }
    enum status status = folder_sync_of(path);
    if (status != OK)
        rmdir(path); /* not made after all: whoever tries again must not take it for another's */
    return status;
}

enum status folder_create(const char *path, unsigned mode)
{
    SCOPED_MEM char *copy = mem_copy(bytes_str(path));
    if (!copy)
        return ERR_MEMORY;
    for (char *slash = copy; (slash = strchr(slash + 1, '/'));) {
        *slash = 0;
        enum status status = slash[-1] ? make_folder(copy, mode) : OK; /* "//" makes an empty name */
        *slash = '/';
        TRY(status);
    }
    return make_folder(copy, mode);
}

enum status path_join(char *out, size_t size, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    const char *between = length && folder[length - 1] == '/' ? "" : "/";
    int written = snprintf(out, size, "%s%s%s", folder, between, name);
    return written >= 0 && (size_t)written < size ? OK : ERR_TOO_LARGE;
}

/* --- walking --- */

struct walk {
    char path[PATH_MAX];
    int (*wanted)(const struct dirent *entry);
    file_visit visit;
    void *context;
    enum status unread; /* ERR_IO once something could not be read; the walk goes on */
};

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static bool is_among(const struct dirent *entry, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(entry->d_name, names[i]) == 0)
            return true;
    return false;
}

static int is_entry(const struct dirent *entry)
{
    static const char *const passed[] = {".", ".."};
    return !is_among(entry, passed, sizeof passed / sizeof *passed);
}

static int is_ours(const struct dirent *entry)
{
    static const char *const passed[] = {".git", ".hg", ".svn"};
    return is_entry(entry) && !is_among(entry, passed, sizeof passed / sizeof *passed);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static enum status walk_folder(struct walk *walk, size_t length);

/* Visit the one name at the end of walk->path. */
static enum status walk_entry(struct walk *walk, size_t length)
{
    struct stat itself, target;
    if (lstat(walk->path, &itself) != 0 || stat(walk->path, &target) != 0) {
        walk->unread = ERR_IO; /* a dangling link, no right to look, or gone meanwhile */
        return OK;
    }
    if (S_ISDIR(itself.st_mode))
        return walk_folder(walk, length);
    return S_ISREG(target.st_mode) ? walk->visit(walk->context, walk->path) : OK;
}

static enum status walk_names(struct walk *walk, size_t length, struct dirent **names, int count)
{
    const char *between = length && walk->path[length - 1] == '/' ? "" : "/";
    enum status status = OK;
    for (int i = 0; i < count && status == OK; i++) {
        size_t room = sizeof walk->path - length;
        int added = snprintf(walk->path + length, room, "%s%s", between, names[i]->d_name);
        if (added < 0 || (size_t)added >= room)
            walk->unread = ERR_IO;
        else
            status = walk_entry(walk, length + (size_t)added);
    }
    walk->path[length] = 0;
    return status;
}

static enum status walk_folder(struct walk *walk, size_t length)
{
    struct dirent **names = NULL;
    int count = scandir(walk->path, &names, walk->wanted, by_bytes);
    if (count < 0) {
        walk->unread = ERR_IO;
        return OK;
    }
    enum status status = walk_names(walk, length, names, count);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return status;
}

static enum status walk_from(const char *path, int (*wanted)(const struct dirent *), file_visit visit, void *context)
{
    struct walk walk = {.wanted = wanted, .visit = visit, .context = context, .unread = OK};
    struct stat info;
    size_t length = strlen(path);
    if (length >= sizeof walk.path)
        return ERR_IO;
    memcpy(walk.path, path, length);
    if (stat(path, &info) != 0)
        return file_status(errno);
    if (S_ISREG(info.st_mode) || S_ISFIFO(info.st_mode) || S_ISCHR(info.st_mode))
        return visit(context, path);
    if (!S_ISDIR(info.st_mode))
        return ERR_INPUT;
    enum status status = walk_folder(&walk, length);
    return status != OK ? status : walk.unread;
}

enum status folder_walk(const char *path, file_visit visit, void *context)
{
    return walk_from(path, is_shown, visit, context);
}

enum status folder_walk_all(const char *path, file_visit visit, void *context)
{
    return walk_from(path, is_ours, visit, context);
}

enum status folder_walk_whole(const char *path, file_visit visit, void *context)
{
    return walk_from(path, is_entry, visit, context);
}
