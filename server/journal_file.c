/* Hides descriptors and short writes. */
#include "server/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum status journal_file_open(struct journal_file *file, const char *path, bool *fresh)
{
    struct stat info;
    *file = (struct journal_file){.fd = -1};
    *fresh = false;
    buf_init_secret(&file->memory);
    if (!path)
        return OK;
    file->fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file->fd < 0 && errno == ENOENT) {
        file->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        *fresh = true;
    }
    if (file->fd < 0 || fstat(file->fd, &info) != 0 || !S_ISREG(info.st_mode))
        return ERR_IO;
    file->size = (uint64_t)info.st_size;
    return OK;
}

void journal_file_close(struct journal_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    buf_free(&file->memory);
    *file = (struct journal_file){.fd = -1};
}

enum status journal_file_read(const struct journal_file *file, uint64_t at, size_t size, struct buf *out)
{
    size_t before = out->size;
    if (at > file->size || size > file->size - at)
        return ERR_CORRUPT;
    buf_reserve(out, size);
    TRY(buf_status(out));
    while (file->fd >= 0 && out->size - before < size) {
        size_t done = out->size - before;
        ssize_t got = pread(file->fd, out->data + out->size, size - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            out->size = before;
            return ERR_IO;
        }
        out->size += (size_t)got;
    }
    if (file->fd < 0)
        buf_add(out, bytes_part(buf_bytes(&file->memory), (size_t)at, size));
    return buf_status(out);
}

static enum status write_memory(struct journal_file *file, uint64_t at, struct bytes content)
{
    file->memory.size = (size_t)at;
    buf_add(&file->memory, content);
    enum status status = buf_status(&file->memory);
    file->memory.failed = false; /* it keeps what it had */
    return status;
}

static enum status write_disk(const struct journal_file *file, uint64_t at, struct bytes content)
{
    while (content.size) {
        ssize_t done = pwrite(file->fd, content.data, content.size, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ERR_IO;
        at += (uint64_t)done;
        content = bytes_part(content, (size_t)done, content.size);
    }
    return OK;
}

enum status journal_file_write(struct journal_file *file, uint64_t at, struct bytes content)
{
    INVARIANT(at <= file->size);
    enum status status = file->fd < 0 ? write_memory(file, at, content) : write_disk(file, at, content);
    if (status == OK && at + content.size > file->size)
        file->size = at + content.size;
    return status;
}

enum status journal_file_sync(const struct journal_file *file)
{
    return file->fd < 0 || fdatasync(file->fd) == 0 ? OK : ERR_IO;
}

enum status journal_file_cut(struct journal_file *file, uint64_t size)
{
    if (file->fd < 0)
        file->memory.size = (size_t)size;
    else if (ftruncate(file->fd, (off_t)size) != 0 || fsync(file->fd) != 0)
        return ERR_IO;
    file->size = size;
    return OK;
}
