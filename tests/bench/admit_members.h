/* Members for the bench of admission: made in the state folder by one program, used by another. The file holds what a
 * client would: lp CA | lp certificate | lp TLS key | lp federation document | u32 count | tenant, device, seed each.
 */
#pragma once

#include "base/file.h"
#include "crypto/ca.h"
#include "protocol/federation.h"
#include "tests/bench/bench.h"

struct bench_member {
    uint8_t tenant[ID_BYTES], device[ID_BYTES];
    uint8_t seed[32]; /* of a federation that lives for a minute */
};
struct bench_members {
    struct buf file;
    struct bytes ca, certificate, key;
    struct federation federation;
    size_t count;
    struct bench_member *items;
};

static inline void members_add(struct buf *out, const struct bench_member *member)
{
    buf_add(out, bytes_of(member->tenant, ID_BYTES));
    buf_add(out, bytes_of(member->device, ID_BYTES));
    buf_add(out, bytes_of(member->seed, sizeof member->seed));
}

static inline void members_read(const char *path, struct bench_members *out)
{
    struct bytes document, part;
    uint32_t count = 0;
    *out = (struct bench_members){0};
    bench_must(file_read(path, 64u << 20, &out->file));
    struct cursor cursor = {buf_bytes(&out->file)};
    bench_must(cursor_lp(&cursor, &out->ca));
    bench_must(cursor_lp(&cursor, &out->certificate));
    bench_must(cursor_lp(&cursor, &out->key));
    bench_must(cursor_lp(&cursor, &document));
    bench_must(federation_decode(document, &out->federation, NULL));
    bench_must(cursor_u32(&cursor, &count));
    out->count = count;
    out->items = mem_new(count, sizeof *out->items);
    for (size_t i = 0; out->items && i < count; i++) {
        bench_must(cursor_bytes(&cursor, ID_BYTES, &part));
        memcpy(out->items[i].tenant, part.data, ID_BYTES);
        bench_must(cursor_bytes(&cursor, ID_BYTES, &part));
        memcpy(out->items[i].device, part.data, ID_BYTES);
        bench_must(cursor_bytes(&cursor, sizeof out->items[i].seed, &part));
        memcpy(out->items[i].seed, part.data, part.size);
    }
}

static inline void members_free(struct bench_members *members)
{
    federation_free(&members->federation);
    mem_free(members->items);
    buf_free(&members->file);
}
