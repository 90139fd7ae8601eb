/* Secret memory: one type, one allocator, one death.
 *
 * A `struct secret` lives in guarded, locked pages that are not dumped (libsodium). Where locking fails secret_new
 * fails: it never hands out unlocked memory. Short-lived copies on the stack are declared with WIPED. */
#pragma once

#include "base/bytes.h"

struct secret {
    uint8_t *data; /* NULL when empty */
    size_t size;
};

MUST_USE enum status secret_new(struct secret *secret, size_t size);        /* zeroed; ERR_MEMORY */
MUST_USE enum status secret_copy(struct secret *secret, struct bytes from); /* does not wipe `from` */
MUST_USE enum status secret_random(struct secret *secret, size_t size);
void secret_free(struct secret *secret); /* wipes; takes an empty one; safe twice */
/* As secret_new, between guard pages of its own, and a forked child finds it zeroed (MADV_WIPEONFORK): for state that
 * must not run on in two processes. What lies there holds its own mark of being alive. ERR_UNAVAILABLE: the kernel
 * cannot wipe. Given back by secret_unforked_free alone. */
MUST_USE enum status secret_unforked_new(struct secret *secret, size_t size);
void secret_unforked_free(struct secret *secret); /* wipes; takes an empty one; safe twice */
static inline struct bytes secret_bytes(const struct secret *secret)
{
    return bytes_of(secret->data, secret->size);
}

void secret_wipe(void *memory, size_t size);       /* not optimised away */
bool secret_equal(struct bytes a, struct bytes b); /* constant time in content; false when sizes differ */

/* Start the library behind all this (idempotent) and check that at least `locked` bytes can be locked in memory.
 * ERR_MEMORY with a hint that names the limit to raise. */
MUST_USE enum status secret_start(size_t locked, struct why *why);

#define SCOPED_SECRET __attribute__((cleanup(secret_free)))

/* uint8_t key[32] WIPED_32 = {0}: wiped when the scope ends, on every path. */
void secret_wipe_16(void *p);
void secret_wipe_32(void *p);
void secret_wipe_64(void *p);
void secret_wipe_128(void *p);
#define WIPED_16 __attribute__((cleanup(secret_wipe_16)))
#define WIPED_32 __attribute__((cleanup(secret_wipe_32)))
#define WIPED_64 __attribute__((cleanup(secret_wipe_64)))
#define WIPED_128 __attribute__((cleanup(secret_wipe_128)))
