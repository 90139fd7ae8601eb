/* Files. Hides short reads and writes, the temporary beside the target, and the order of fsyncs. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/random.h"

#define CHUNK 65536

enum status file_status(int error)
{
    switch (error) {
    case ENOENT:
    case ENOTDIR:
        return ERR_NOT_FOUND;
    case EEXIST:
        return ERR_EXISTS;
    case EISDIR:
        return ERR_INPUT;
    case ENOMEM:
        return ERR_MEMORY;
    default:
        return ERR_IO;
    }
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define SCOPED_FD __attribute__((cleanup(close_fd)))

/* One read, repeated when interrupted: -1 on failure, 0 at the end. */
static ssize_t read_some(int fd, void *out, size_t size)
{
    ssize_t got;
    do
        got = read(fd, out, size);
    while (got < 0 && errno == EINTR);
    return got;
}

/* --- reading --- */

static enum status read_all(int fd, size_t most, struct buf *out)
{
    size_t before = out->size;
    for (;;) {
        buf_reserve(out, CHUNK);
        TRY(buf_status(out));
        ssize_t got = read_some(fd, out->data + out->size, out->room - out->size);
        if (got < 0)
            return file_status(errno);
        if (got == 0)
            return OK;
        out->size += (size_t)got;
        if (out->size - before > most)
            return ERR_TOO_LARGE;
    }
}

enum status file_read(const char *path, size_t most, struct buf *out)
{
    SCOPED_FD int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0)
        return file_status(errno);
    if (S_ISDIR(info.st_mode))
        return ERR_INPUT;
    if (S_ISREG(info.st_mode) && (uint64_t)info.st_size > most)
        return ERR_TOO_LARGE;
    if (S_ISREG(info.st_mode))
        buf_reserve(out, (size_t)info.st_size + CHUNK); /* at once, with the room in which the end is found */
    size_t before = out->size;
    enum status status = read_all(fd, most, out);
    if (status != OK)
        out->size = before;
    return status;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* --- writing --- */

enum status fd_write_all(int fd, struct bytes content)
{
    while (content.size) {
        ssize_t done = write(fd, content.data, content.size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return ERR_IO;
        content = bytes_part(content, (size_t)done, content.size);
    }
    return OK;
}

/* The folder part of path: "." when there is none. */
static enum status folder_of(const char *path, struct buf *folder)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        buf_add_str(folder, ".");
    else
        buf_add(folder, bytes_of(path, slash == path ? 1 : (size_t)(slash - path)));
    buf_text(folder);
    return buf_status(folder);
}

/* A hidden name beside path that nobody else has: left behind only by a crash, and then no folder_walk sees it. */
static enum status temporary_of(const char *path, struct buf *temporary)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash ? (size_t)(slash - path) + 1 : 0;
    uint8_t unique[8];
    random_fill(random_system(), unique, sizeof unique);
    buf_add(temporary, bytes_of(path, folder));
    buf_addf(temporary, ".%s.", path + folder);
    encode_hex(bytes_of(unique, sizeof unique), temporary);
    buf_text(temporary);
    return buf_status(temporary);
}

static enum status write_synced(const char *path, struct bytes content, unsigned mode)
{
    SCOPED_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return file_status(errno);
    TRY(fd_write_all(fd, content));
    return fchmod(fd, mode) == 0 && fsync(fd) == 0 ? OK : ERR_IO;
}

static enum status folder_sync(const char *folder)
{
    SCOPED_FD int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? OK : ERR_IO;
}

/* link(2) is the rename that does not replace; the temporary's own name then goes. */
static enum status place_new(const char *temporary, const char *path)
{
    if (link(temporary, path) != 0)
        return file_status(errno);
    return unlink(temporary) == 0 ? OK : ERR_IO;
}

static enum status place_over(const char *temporary, const char *path)
{
    return rename(temporary, path) == 0 ? OK : file_status(errno);
}

enum status folder_sync_of(const char *path)
{
    SCOPED_BUF struct buf folder = {0};
    TRY(folder_of(path, &folder));
    return folder_sync(buf_text(&folder));
}

enum status file_remove(const char *path)
{
    return unlink(path) == 0 || errno == ENOENT ? OK : ERR_IO;
}

static enum status write_placed(const char *path, struct bytes content, unsigned mode,
                                enum status (*place)(const char *temporary, const char *path))
{
    SCOPED_BUF struct buf temporary = {0}, folder = {0};
    TRY(temporary_of(path, &temporary));
    TRY(folder_of(path, &folder)); /* before: nothing that needs memory may fail once the file is in its place */
    enum status status = write_synced(buf_text(&temporary), content, mode);
    if (status == OK)
        status = place(buf_text(&temporary), path);
    if (status != OK) {
        unlink(buf_text(&temporary));
        return status;
    }
    return folder_sync(buf_text(&folder));
}

enum status file_write(const char *path, struct bytes content, unsigned mode)
{
    return write_placed(path, content, mode, place_over);
}

enum status file_create(const char *path, struct bytes content, unsigned mode)
{
    return write_placed(path, content, mode, place_new);
}
