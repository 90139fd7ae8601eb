/* Copies and hashes of files of any size, a piece at a time. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/file.h"

#define PIECE 65536u

static void close_scoped(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}
#define SCOPED_FD __attribute__((cleanup(close_scoped)))

/* to: -1 to hash alone. */
static enum status run_through(int from, int to, uint8_t hash[static HASH_BYTES], uint64_t *size)
{
    uint8_t piece[PIECE];
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t got = read(from, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return ERR_IO;
        if (got == 0)
            break;
        crypto_hash_sha256_update(&state, piece, (size_t)got);
        *size += (uint64_t)got;
        if (to >= 0)
            TRY(fd_write_all(to, bytes_of(piece, (size_t)got)));
    }
    crypto_hash_sha256_final(&state, hash);
    return OK;
}

enum status file_hash(const char *path, uint8_t hash[static HASH_BYTES], uint64_t *size)
{
    *size = 0;
    SCOPED_FD int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return from < 0 ? file_status(errno) : run_through(from, -1, hash, size);
}

enum status file_copy(const char *path, const char *copy, uint8_t hash[static HASH_BYTES], uint64_t *size)
{
    *size = 0;
    SCOPED_FD int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (from < 0)
        return file_status(errno);
    SCOPED_FD int to = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        return file_status(errno);
    enum status status = run_through(from, to, hash, size);
    if (status == OK && fsync(to) != 0)
        status = ERR_IO;
    if (status != OK)
        unlink(copy);
    return status;
}
