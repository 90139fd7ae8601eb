/* The C library's calls that change files, defined here instead: the linker prefers these, for our own code and for
 * every library that is linked in. Each asks the model first, then does the real thing. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/faults/disk_inside.h"

/* The C library names its parameters in a way that is reserved to it; the analyser does not see these va_start. */
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name,clang-analyzer-valist.Uninitialized)

static int fail(int error)
{
    errno = error;
    return -1;
}

/* --- opening --- */

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
    char name[DISK_PATH];
    struct stat info;
    if (!(flags & (O_CREAT | O_TRUNC)) || !disk_knows(folder, path, name))
        return (int)syscall(SYS_openat, folder, path, flags, mode);
    bool is_new = lstat(name, &info) != 0;
    int error = is_new ? disk_step(STEP_CREATE, NULL) : 0;
    if (error)
        return fail(error);
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd >= 0 && is_new)
        disk_created(name, fd);
    else if (fd >= 0 && (flags & O_TRUNC))
        disk_sized(fd, 0);
    return fd;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_at(folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open_at(folder, path, flags, mode);
}

/* --- writing: at < 0 means at the file's own place --- */

static ssize_t write_at(int fd, const void *data, size_t size, off_t at)
{
    off_t place = at;
    bool known = disk_knows_fd(fd);
    size_t part = size;
    int error = known ? disk_step(STEP_WRITE, &part) : 0;
    if (error && part == 0)
        return fail(error);
    if (known && at < 0)
        place = fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
    ssize_t done = at < 0 ? syscall(SYS_write, fd, data, part) : syscall(SYS_pwrite64, fd, data, part, at);
    if (known && done > 0)
        disk_written(fd, data, (size_t)done, place);
    return error ? fail(error) : done;
}

ssize_t write(int fd, const void *data, size_t size)
{
    return write_at(fd, data, size, -1);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at)
{
    return write_at(fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at)
{
    return write_at(fd, data, size, at);
}

/* Part by part: a caller has to be able to live with that. */
static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t at)
{
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write_at(fd, parts[i].iov_base, parts[i].iov_len, at < 0 ? at : at + total);
        if (done < 0)
            return total > 0 ? total : done;
        total += done;
        if ((size_t)done < parts[i].iov_len)
            break;
    }
    return total;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return disk_knows_fd(fd) ? write_parts(fd, parts, count, -1) : syscall(SYS_writev, fd, parts, count);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at)
{
    return write_parts(fd, parts, count, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at)
{
    return write_parts(fd, parts, count, at);
}

/* --- sizes --- */

static int size_to(int fd, off_t size)
{
    bool known = disk_knows_fd(fd);
    int error = known ? disk_step(STEP_SIZE, NULL) : 0;
    if (error)
        return fail(error);
    int done = (int)syscall(SYS_ftruncate, fd, size);
    if (known && done == 0)
        disk_sized(fd, size);
    return done;
}

int ftruncate(int fd, off_t size)
{
    return size_to(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    return size_to(fd, size);
}

/* Reserving room beyond the end: the file grows, by zeros. */
static int reserve(int fd, off_t at, off_t size)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return -1;
    return at + size > info.st_size ? size_to(fd, at + size) : 0;
}

int fallocate(int fd, int mode, off_t at, off_t size)
{
    if (!disk_knows_fd(fd))
        return (int)syscall(SYS_fallocate, fd, mode, at, size);
    return mode == 0 ? reserve(fd, at, size) : fail(EOPNOTSUPP);
}

int posix_fallocate(int fd, off_t at, off_t size)
{
    return reserve(fd, at, size) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off64_t at, off64_t size)
{
    return reserve(fd, at, size) == 0 ? 0 : errno;
}

/* --- syncing: the real disk has nothing to do --- */

static int sync_fd(int fd)
{
    if (!disk_knows_fd(fd))
        return 0;
    int error = disk_step(STEP_SYNC, NULL);
    if (error) {
        disk_not_synced(fd);
        return fail(error);
    }
    disk_synced(fd);
    return 0;
}

int fsync(int fd)
{
    return sync_fd(fd);
}

int fdatasync(int fd)
{
    return sync_fd(fd);
}

/* --- names --- */

static int move(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    char old[DISK_PATH], new[DISK_PATH];
    bool known = disk_knows(from_folder, from, old) && disk_knows(to_folder, to, new);
    int error = known ? disk_step(STEP_NAME, NULL) : 0;
    if (error)
        return fail(error);
    int done = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    if (known && done == 0)
        disk_moved(old, new);
    return done;
}

int rename(const char *from, const char *to)
{
    return move(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    return move(from_folder, from, to_folder, to, 0);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    return move(from_folder, from, to_folder, to, flags);
}

int link(const char *from, const char *to)
{
    char old[DISK_PATH], new[DISK_PATH];
    bool known = disk_knows(AT_FDCWD, from, old) && disk_knows(AT_FDCWD, to, new);
    int error = known ? disk_step(STEP_NAME, NULL) : 0;
    if (error)
        return fail(error);
    int done = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
    if (known && done == 0)
        disk_linked(old, new);
    return done;
}

int mkdir(const char *path, mode_t mode)
{
    char name[DISK_PATH];
    struct stat info;
    bool known = disk_knows(AT_FDCWD, path, name) && lstat(name, &info) != 0;
    int error = known ? disk_step(STEP_NAME, NULL) : 0;
    if (error)
        return fail(error);
    int done = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (known && done == 0)
        disk_folder_made(name);
    return done;
}

static int remove_at(int folder, const char *path, int flags)
{
    char name[DISK_PATH];
    struct stat info;
    bool known = disk_knows(folder, path, name) && lstat(name, &info) == 0;
    int error = known ? disk_step(STEP_REMOVE, NULL) : 0;
    if (error)
        return fail(error);
    int done = (int)syscall(SYS_unlinkat, folder, path, flags);
    if (known && done == 0)
        disk_removed(name);
    return done;
}

int unlink(const char *path)
{
    return remove_at(AT_FDCWD, path, 0);
}

int unlinkat(int folder, const char *path, int flags)
{
    return remove_at(folder, path, flags);
}

int rmdir(const char *path)
{
    return remove_at(AT_FDCWD, path, AT_REMOVEDIR);
}

// NOLINTEND(readability-inconsistent-declaration-parameter-name,clang-analyzer-valist.Uninitialized)
