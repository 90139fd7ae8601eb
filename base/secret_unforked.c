/* Secret memory that no child inherits. Hides the pages: a guard before and behind, locked, not dumped, wiped in a
 * child. libsodium's heap cannot be used here, its canary would be wiped with the rest. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/secret.h"

static size_t whole_pages(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    return (size / page + 1) * page; /* one too many at times: never none */
}

static enum status prepare(uint8_t *data, size_t size)
{
    if (mprotect(data, size, PROT_READ | PROT_WRITE) != 0 || mlock(data, size) != 0)
        return ERR_MEMORY;
    if (madvise(data, size, MADV_WIPEONFORK) != 0 || madvise(data, size, MADV_DONTDUMP) != 0)
        return ERR_UNAVAILABLE;
    return OK;
}

enum status secret_unforked_new(struct secret *secret, size_t size)
{
    *secret = (struct secret){0};
    if (size > SIZE_MAX / 2)
        return ERR_MEMORY;
    size_t page = whole_pages(0), inner = whole_pages(size), outer = inner + 2 * page;
    uint8_t *guard = mmap(NULL, outer, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (guard == MAP_FAILED)
        return ERR_MEMORY;
    enum status status = prepare(guard + page, inner);
    if (status != OK) {
        munmap(guard, outer);
        return status;
    }
    *secret = (struct secret){guard + page, size};
    return OK;
}

void secret_unforked_free(struct secret *secret)
{
    if (secret->data) {
        size_t page = whole_pages(0);
        secret_wipe(secret->data, secret->size);
        munmap(secret->data - page, whole_pages(secret->size) + 2 * page);
    }
    *secret = (struct secret){0};
}
