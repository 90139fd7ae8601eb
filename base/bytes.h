/* Views, growing buffers and the one allocator.
 *
 * `struct bytes` is a borrowed view: pointer and length travel together, no terminator is promised.
 * `struct buf` grows; a failed allocation makes it sticky-failed, so that a writer appends freely and asks once
 * at the end (buf_status). A failed buf ignores appends and keeps what it had. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/status.h"

struct bytes {
    const uint8_t *data;
    size_t size;
};

#define BYTES_NONE ((struct bytes){NULL, 0})

static inline struct bytes bytes_of(const void *data, size_t size)
{
    return (struct bytes){(const uint8_t *)data, size};
}
static inline struct bytes bytes_str(const char *text)
{
    return bytes_of(text, text ? strlen(text) : 0);
}
static inline bool bytes_equal(struct bytes a, struct bytes b) /* not constant time: for public values */
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
static inline bool bytes_is(struct bytes a, const char *text)
{
    return bytes_equal(a, bytes_str(text));
}
/* The part [from, from + size) clipped to the view. */
struct bytes bytes_part(struct bytes from, size_t at, size_t size);
/* Offset of the first occurrence of needle, or SIZE_MAX. */
size_t bytes_find(struct bytes haystack, struct bytes needle);
bool bytes_starts(struct bytes text, const char *prefix);
bool bytes_is_utf8(struct bytes text); /* well-formed per Unicode 15 table 3-7: no surrogates, no overlong forms */

/* --- the allocator: zeroed, overflow-checked; NULL when out of memory. mem_free takes NULL. --- */
void *mem_new(size_t count, size_t size);
void *mem_grow(void *old, size_t old_count, size_t new_count,
               size_t size);       /* the new part is zeroed; old stays valid on NULL */
char *mem_copy(struct bytes from); /* terminated copy */
void mem_free(void *memory);
/* Tests: let the n-th allocation from now fail (0: never), once. Returns how many were asked for since the last call.
 */
size_t mem_fail_after(size_t n);

/* --- buf --- */
struct buf {
    uint8_t *data;
    size_t size, room;
    bool failed; /* an append was lost: the content is not to be used */
    bool secret; /* wiped on growth and free */
};

void buf_init(struct buf *buf);
void buf_init_secret(struct buf *buf); /* wiped whenever memory is given back. For plaintext, not for keys */
void buf_free(struct buf *buf);        /* also resets: safe twice */
void buf_clear(struct buf *buf);       /* size 0, keeps room, forgets failure; wipes if secret */
void buf_add(struct buf *buf, struct bytes more);
void buf_add_str(struct buf *buf, const char *text);
void buf_add_byte(struct buf *buf, uint8_t byte);
void buf_add_u16(struct buf *buf, uint16_t value); /* big endian, as all of ours */
void buf_add_u32(struct buf *buf, uint32_t value);
void buf_add_u64(struct buf *buf, uint64_t value);
void buf_add_lp(struct buf *buf, struct bytes more); /* u32 length, then the bytes */
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *buf, size_t more); /* room for more; data[size..] may then be written and size raised */
MUST_USE enum status buf_status(const struct buf *buf); /* OK or ERR_MEMORY */
static inline struct bytes buf_bytes(const struct buf *buf)
{
    return bytes_of(buf->data, buf->size);
}
/* Terminated text of the buf, valid until the next append; "" if failed or empty. */
const char *buf_text(struct buf *buf);
/* Take the memory out (caller frees with mem_free); the buf is empty after. NULL if it had failed. */
uint8_t *buf_take(struct buf *buf, size_t *size);

#define SCOPED_BUF __attribute__((cleanup(buf_free)))
void mem_free_scoped(void *pointer_to_pointer);
#define SCOPED_MEM __attribute__((cleanup(mem_free_scoped)))

/* --- reading what buf wrote: a cursor that never runs over. Each returns ERR_INPUT when too little is left. --- */
struct cursor {
    struct bytes left;
};
MUST_USE enum status cursor_u8(struct cursor *from, uint8_t *out);
MUST_USE enum status cursor_u16(struct cursor *from, uint16_t *out);
MUST_USE enum status cursor_u32(struct cursor *from, uint32_t *out);
MUST_USE enum status cursor_u64(struct cursor *from, uint64_t *out);
MUST_USE enum status cursor_bytes(struct cursor *from, size_t size, struct bytes *out);
MUST_USE enum status cursor_lp(struct cursor *from, struct bytes *out);
MUST_USE enum status cursor_end(const struct cursor *from); /* ERR_INPUT unless all was read */
