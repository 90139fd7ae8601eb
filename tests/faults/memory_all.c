/* The C library's allocator, counted: the linker prefers these, for every library of the program. */
#include "tests/faults/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/* The C library names its parameters in a way that is reserved to it. */
// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name)

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static size_t asked, fails_at;
static bool is_armed;

void memory_arm(size_t n)
{
    asked = 0;
    fails_at = n;
    is_armed = true;
}

size_t memory_mend(void)
{
    is_armed = false;
    return asked;
}

/* SQLCipher 4.6 copies a key's text of 67 bytes (behind SQLite's own 8) and, when there is no memory for the copy,
 * keeps the original's address in its place and frees it twice: that one allocation is let through. */
#define KEY_TEXT_BYTES (67 + 8)

static bool refuses(size_t size)
{
    if (!is_armed || size == KEY_TEXT_BYTES || ++asked != fails_at)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return refuses(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refuses(count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return refuses(size) ? NULL : __libc_realloc(old, size);
}

// NOLINTEND(readability-inconsistent-declaration-parameter-name)
