/* Allocations that fail: every malloc, calloc and realloc of this program, our own as well as those of SQLite, OpenSSL
 * and the others (memory_all.c); under a sanitizer, which needs these for itself, our own allocator's alone
 * (memory_ours.c). Memory that libsodium and mmap hand out is not counted. One thread. */
#pragma once

#include <stddef.h>

/* The n-th allocation from now fails, once; 0: none. */
void memory_arm(size_t n);
/* None fails any more. How many were asked for. */
size_t memory_mend(void);
