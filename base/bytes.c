/* Views, buffers and the allocator. Hides growth, the sticky failure and the test hook for failing allocations. */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"

/* --- the allocator --- */

static atomic_size_t allocations;
static atomic_size_t fail_at; /* 0: never */

size_t mem_fail_after(size_t n)
{
    size_t seen = atomic_exchange(&allocations, 0);
    atomic_store(&fail_at, n);
    return seen;
}

static bool refuse(size_t count, size_t size, size_t *total)
{
    size_t nth = atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed) + 1;
    if (nth == atomic_load_explicit(&fail_at, memory_order_relaxed))
        return true;
    return __builtin_mul_overflow(count, size, total);
}

void *mem_new(size_t count, size_t size)
{
    size_t total;
    if (refuse(count, size, &total))
        return NULL;
    return calloc(1, total ? total : 1);
}

void *mem_grow(void *old, size_t old_count, size_t new_count, size_t size)
{
    size_t total;
    if (refuse(new_count, size, &total))
        return NULL;
    uint8_t *grown = realloc(old, total ? total : 1);
    if (grown && new_count > old_count)
        memset(grown + old_count * size, 0, (new_count - old_count) * size);
    return grown;
}

char *mem_copy(struct bytes from)
{
    if (from.size == SIZE_MAX)
        return NULL;
    char *copy = mem_new(from.size + 1, 1);
    if (copy && from.size)
        memcpy(copy, from.data, from.size);
    return copy;
}

void mem_free(void *memory)
{
    free(memory);
}

void mem_free_scoped(void *pointer_to_pointer)
{
    free(*(void **)pointer_to_pointer);
}

/* --- views --- */

struct bytes bytes_part(struct bytes from, size_t at, size_t size)
{
    if (at >= from.size)
        return BYTES_NONE;
    size_t left = from.size - at;
    return bytes_of(from.data + at, size < left ? size : left);
}

size_t bytes_find(struct bytes haystack, struct bytes needle)
{
    if (needle.size == 0)
        return 0;
    if (haystack.size < needle.size)
        return SIZE_MAX;
    const uint8_t *hit = memmem(haystack.data, haystack.size, needle.data, needle.size);
    return hit ? (size_t)(hit - haystack.data) : SIZE_MAX;
}

bool bytes_starts(struct bytes text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && memcmp(text.data, prefix, size) == 0;
}

/* Length of the well-formed sequence at p (n bytes left), or 0. */
static size_t utf8_step(const uint8_t *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    size_t need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n < need)
        return 0;
    uint8_t low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    uint8_t high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
    if (p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < need; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return need;
}

bool bytes_is_utf8(struct bytes text)
{
    for (size_t i = 0; i < text.size;) {
        uint64_t eight;
        if (text.size - i >= 8 && (memcpy(&eight, text.data + i, 8), (eight & 0x8080808080808080u) == 0)) {
            i += 8;
            continue;
        }
        size_t step = utf8_step(text.data + i, text.size - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

/* --- buf --- */

void buf_init(struct buf *buf)
{
    *buf = (struct buf){0};
}

void buf_init_secret(struct buf *buf)
{
    *buf = (struct buf){.secret = true};
}

void buf_free(struct buf *buf)
{
    if (buf->secret && buf->data)
        secret_wipe(buf->data, buf->room);
    free(buf->data);
    *buf = (struct buf){.secret = buf->secret};
}

void buf_clear(struct buf *buf)
{
    if (buf->secret && buf->data)
        secret_wipe(buf->data, buf->size); /* not the room: a scratch buf that was large once would stay slow */
    buf->size = 0;
    buf->failed = false;
}

static bool grow(struct buf *buf, size_t room)
{
    if (!buf->secret) {
        uint8_t *grown = mem_grow(buf->data, buf->size, room, 1);
        if (grown)
            buf->data = grown;
        return grown != NULL;
    }
    uint8_t *fresh = mem_new(room, 1);
    if (!fresh)
        return false;
    if (buf->size)
        memcpy(fresh, buf->data, buf->size);
    if (buf->data)
        secret_wipe(buf->data, buf->room);
    free(buf->data);
    buf->data = fresh;
    return true;
}

void buf_reserve(struct buf *buf, size_t more)
{
    size_t need;
    if (buf->failed || __builtin_add_overflow(buf->size, more, &need) || need > SIZE_MAX / 4) {
        buf->failed = true;
        return;
    }
    if (need <= buf->room)
        return;
    size_t room = buf->room ? buf->room * 2 : 64;
    if (room < need)
        room = need;
    if (!grow(buf, room)) {
        buf->failed = true;
        return;
    }
    buf->room = room;
}

void buf_add(struct buf *buf, struct bytes more)
{
    if (more.size == 0)
        return;
    buf_reserve(buf, more.size);
    if (buf->failed)
        return;
    memcpy(buf->data + buf->size, more.data, more.size);
    buf->size += more.size;
}

void buf_add_str(struct buf *buf, const char *text)
{
    buf_add(buf, bytes_str(text));
}

void buf_add_byte(struct buf *buf, uint8_t byte)
{
    buf_add(buf, bytes_of(&byte, 1));
}

static void add_big_endian(struct buf *buf, uint64_t value, size_t size)
{
    uint8_t be[8];
    for (size_t i = 0; i < size; i++)
        be[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    buf_add(buf, bytes_of(be, size));
}

void buf_add_u16(struct buf *buf, uint16_t value)
{
    add_big_endian(buf, value, 2);
}

void buf_add_u32(struct buf *buf, uint32_t value)
{
    add_big_endian(buf, value, 4);
}

void buf_add_u64(struct buf *buf, uint64_t value)
{
    add_big_endian(buf, value, 8);
}

void buf_add_lp(struct buf *buf, struct bytes more)
{
    INVARIANT(more.size <= UINT32_MAX);
    buf_add_u32(buf, (uint32_t)more.size);
    buf_add(buf, more);
}

void buf_addf(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    INVARIANT(size >= 0);
    buf_reserve(buf, (size_t)size + 1);
    if (buf->failed)
        return;
    va_start(args, format);
    vsnprintf((char *)buf->data + buf->size, (size_t)size + 1, format, args);
    va_end(args);
    buf->size += (size_t)size;
}

enum status buf_status(const struct buf *buf)
{
    return buf->failed ? ERR_MEMORY : OK;
}

const char *buf_text(struct buf *buf)
{
    buf_reserve(buf, 1);
    if (buf->failed)
        return "";
    buf->data[buf->size] = 0;
    return (const char *)buf->data;
}

uint8_t *buf_take(struct buf *buf, size_t *size)
{
    *size = 0;
    if (buf->failed) {
        buf_free(buf);
        return NULL;
    }
    buf_text(buf); /* so that an empty buf gives memory, not NULL */
    uint8_t *data = buf->data;
    if (data)
        *size = buf->size;
    *buf = (struct buf){.secret = buf->secret};
    return data;
}

/* --- cursor --- */

enum status cursor_bytes(struct cursor *from, size_t size, struct bytes *out)
{
    *out = BYTES_NONE;
    if (from->left.size < size)
        return ERR_INPUT;
    *out = bytes_of(from->left.data, size);
    from->left.data += size;
    from->left.size -= size;
    return OK;
}

static enum status big_endian(struct cursor *from, size_t size, uint64_t *out)
{
    struct bytes raw;
    *out = 0;
    TRY(cursor_bytes(from, size, &raw));
    for (size_t i = 0; i < size; i++)
        *out = *out << 8 | raw.data[i];
    return OK;
}

enum status cursor_u8(struct cursor *from, uint8_t *out)
{
    uint64_t value;
    enum status status = big_endian(from, 1, &value);
    *out = (uint8_t)value;
    return status;
}

enum status cursor_u16(struct cursor *from, uint16_t *out)
{
    uint64_t value;
    enum status status = big_endian(from, 2, &value);
    *out = (uint16_t)value;
    return status;
}

enum status cursor_u32(struct cursor *from, uint32_t *out)
{
    uint64_t value;
    enum status status = big_endian(from, 4, &value);
    *out = (uint32_t)value;
    return status;
}

enum status cursor_u64(struct cursor *from, uint64_t *out)
{
    return big_endian(from, 8, out);
}

enum status cursor_lp(struct cursor *from, struct bytes *out)
{
    uint32_t size;
    *out = BYTES_NONE;
    TRY(cursor_u32(from, &size));
    return cursor_bytes(from, size, out);
}

enum status cursor_end(const struct cursor *from)
{
    return from->left.size == 0 ? OK : ERR_INPUT;
}
