/* Sealed memory files. Hides which seals make a stranger's file safe to map: without F_SEAL_SHRINK its writer could cut
 * it under our reader, without F_SEAL_WRITE change what was checked already. */
#include "transport/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

enum status memfd_make(struct bytes content, int *fd)
{
    *fd = memfd_create("frame", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (*fd < 0)
        return errno == ENOMEM ? ERR_MEMORY : ERR_IO;
    enum status status = fd_write_all(*fd, content);
    if (status == OK && fcntl(*fd, F_ADD_SEALS, SEALS | F_SEAL_SEAL) != 0)
        status = ERR_IO;
    if (status == OK)
        return OK;
    close(*fd);
    *fd = -1;
    return status;
}

enum status memfd_check(int fd, size_t size)
{
    struct stat facts;
    int seals = fcntl(fd, F_GET_SEALS); /* fails on all that is not a memory file */
    if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &facts) != 0 || facts.st_size < 0)
        return ERR_INPUT;
    return (uint64_t)facts.st_size == size ? OK : ERR_INPUT;
}

enum status memfd_map(int fd, size_t size, struct bytes *out)
{
    void *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    *out = memory == MAP_FAILED ? BYTES_NONE : bytes_of(memory, size);
    return memory == MAP_FAILED ? ERR_MEMORY : OK;
}

void memfd_unmap(struct bytes *mapped)
{
    if (mapped->data)
        munmap((void *)(uintptr_t)mapped->data, mapped->size);
    *mapped = BYTES_NONE;
}
