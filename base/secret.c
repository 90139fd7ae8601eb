/* Secret memory over libsodium's guarded heap. Hides the lock check that sodium_malloc leaves out. */
#include "base/secret.h"

#include <errno.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/resource.h>

enum status secret_new(struct secret *secret, size_t size)
{
    *secret = (struct secret){0};
    if (sodium_init() < 0)
        return ERR_MEMORY;
    uint8_t *data = sodium_malloc(size ? size : 1);
    if (!data)
        return ERR_MEMORY;
    /* sodium_malloc ignores a failed mlock: lock again and believe only that. */
    if (sodium_mlock(data, size ? size : 1) != 0) {
        sodium_free(data);
        return ERR_MEMORY;
    }
    memset(data, 0, size ? size : 1);
    *secret = (struct secret){data, size};
    return OK;
}

enum status secret_copy(struct secret *secret, struct bytes from)
{
    TRY(secret_new(secret, from.size));
    if (from.size)
        memcpy(secret->data, from.data, from.size);
    return OK;
}

enum status secret_random(struct secret *secret, size_t size)
{
    TRY(secret_new(secret, size));
    randombytes_buf(secret->data, size);
    return OK;
}

void secret_free(struct secret *secret)
{
    if (secret->data)
        sodium_free(secret->data);
    *secret = (struct secret){0};
}

void secret_wipe(void *memory, size_t size)
{
    if (size)
        sodium_memzero(memory, size);
}

bool secret_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || sodium_memcmp(a.data, b.data, a.size) == 0);
}

enum status secret_start(size_t locked, struct why *why)
{
    if (sodium_init() < 0)
        return why_set(why, ERR_BUG, "libsodium does not start", NULL, 0);
    if (locked == 0)
        return OK;
    void *probe = mmap(NULL, locked, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED)
        return why_set(why, ERR_MEMORY, "out of memory", "locked memory", 0);
    int failed = mlock(probe, locked);
    munmap(probe, locked);
    if (failed)
        return why_hint(why, ERR_MEMORY, "secrets cannot be locked in memory", NULL,
                        "raise RLIMIT_MEMLOCK (ulimit -l, LimitMEMLOCK=) to 8 MiB or more");
    return OK;
}

#define WIPE_OF(n)                                                                                                     \
    void secret_wipe_##n(void *p)                                                                                      \
    {                                                                                                                  \
        sodium_memzero(p, n);                                                                                          \
    }
WIPE_OF(16)
WIPE_OF(32)
WIPE_OF(64)
WIPE_OF(128)
