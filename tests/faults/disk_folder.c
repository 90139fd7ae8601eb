/* Real folders: walking, copying, removing; what is changed lies outside of the watched one. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/faults/disk_inside.h"

_Noreturn void disk_broken(const char *what, const char *path)
{
    fprintf(stderr, "simulated disk: %s: %s\n", what, path);
    abort();
}

bool disk_is_shared_memory(const char *path)
{
    static const char end[] = "-shm";
    size_t size = strlen(path);
    return size >= sizeof end - 1 && strcmp(path + size - (sizeof end - 1), end) == 0;
}

void disk_walk(const char *folder, disk_visit visit, void *context)
{
    DIR *stream = opendir(folder);
    if (!stream)
        return;
    for (struct dirent *entry; (entry = readdir(stream));) {
        char path[DISK_PATH];
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (path_join(path, sizeof path, folder, entry->d_name) != OK || lstat(path, &info) != 0)
            disk_broken("cannot be looked at", folder);
        visit(path, &info, context);
        if (S_ISDIR(info.st_mode))
            disk_walk(path, visit, context);
    }
    closedir(stream);
}

void disk_put_file(const char *path, struct bytes content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || fd_write_all(fd, content) != OK)
        disk_broken("cannot be written", path);
    close(fd);
}

static void remove_entries(const char *folder)
{
    DIR *stream = opendir(folder);
    if (!stream)
        return;
    for (struct dirent *entry; (entry = readdir(stream));) {
        char path[DISK_PATH];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            path_join(path, sizeof path, folder, entry->d_name) != OK)
            continue;
        if (entry->d_type == DT_DIR)
            disk_remove(path);
        else
            unlink(path);
    }
    closedir(stream);
}

void disk_remove(const char *folder)
{
    remove_entries(folder);
    rmdir(folder);
}

struct copying {
    const char *from, *to;
};

static void copy_entry(const char *path, const struct stat *info, void *context)
{
    const struct copying *copying = context;
    char target[DISK_PATH];
    SCOPED_BUF struct buf content = {0};
    snprintf(target, sizeof target, "%s%s", copying->to, path + strlen(copying->from));
    if (S_ISDIR(info->st_mode))
        mkdir(target, 0700);
    if (!S_ISREG(info->st_mode) || disk_is_shared_memory(path))
        return;
    if (file_read(path, SIZE_MAX / 2, &content) != OK)
        disk_broken("cannot be read", path);
    disk_put_file(target, buf_bytes(&content));
}

void disk_copy(const char *from, const char *to)
{
    struct copying copying = {from, to};
    disk_remove(to);
    mkdir(to, 0700);
    disk_walk(from, copy_entry, &copying);
}
