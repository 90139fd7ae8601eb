/* Look-alikes: harmless lines that resemble what the scrubber looks for, made from a fixed seed by the templates of
 * tests/cases/redaction/lookalikes.txt. Nothing of them is stored.
 *
 * The file: "== around NAME" and "== kind NAME [AROUND]" begin lists of templates, one a line ("⏎" is a new line). A
 * template holds slots: {{uuid:4}}, {{hex:40}}, {{int:1:65535}}, {{time:%H:%M}}, {{pick:a|b}}; {{it}} in a surrounding
 * is the kind's own template. A line's item is one template in one surrounding. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/random.h"

#define LOOKALIKE_LISTS 80
#define LOOKALIKE_NEW_LINE "\xe2\x8f\x8e"

struct lookalike_list {
    struct bytes name, around; /* around: empty for none, and for surroundings themselves */
    bool kind;
    struct bytes templates[64];
    size_t count;
};

struct lookalikes {
    struct buf file;
    struct lookalike_list lists[LOOKALIKE_LISTS];
    size_t count;
};

/* --- what slots make --- */

static inline void lookalike_chars(struct random random, const char *from, size_t size, struct buf *out)
{
    size_t letters = strlen(from);
    for (size_t i = 0; i < size; i++)
        buf_add_byte(out, (uint8_t)from[random_below(random, letters)]);
}

#define DIGITS "0123456789"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* A slot that is a run of characters of one alphabet: its argument is the length. */
struct lookalike_alphabet {
    const char *slot, *letters;
};
static const struct lookalike_alphabet lookalike_alphabets[] = {
    {"hex", DIGITS "abcdef"},
    {"HEX", DIGITS "ABCDEF"},
    {"b64", UPPER LOWER DIGITS "+/"},
    {"b64url", UPPER LOWER DIGITS "-_"},
    {"base36", LOWER DIGITS},
    {"BASE36", UPPER DIGITS},
    {"alnum", UPPER LOWER DIGITS},
    {"k8s", "bcdfghjklmnpqrstvwxz2456789"}, /* the safe alphabet of k8s.io/apimachinery */
    {"lower", LOWER},
    {"UPPER", UPPER},
    {"bits", "01"},
    {"digits", DIGITS},
};

static const char *const lookalike_words[] = {
    "buffer",  "cache",    "queue",    "worker",   "shard",   "index",   "batch",    "cursor",  "parser",  "lexer",
    "bucket",  "stream",   "socket",   "handler",  "filter",  "vector",  "matrix",   "kernel",  "module",  "schema",
    "column",  "replica",  "snapshot", "segment",  "payload", "gateway", "ingress",  "metric",  "counter", "sampler",
    "encoder", "decoder",  "resolver", "adapter",  "builder", "factory", "registry", "session", "widget",  "layout",
    "theme",   "renderer", "compiler", "linker",   "runtime", "thread",  "mutex",    "signal",  "timer",   "router",
    "proxy",   "balancer", "pipeline", "artifact", "image",   "volume",  "mount",    "journal", "ledger",  "epoch",
};

static inline const char *lookalike_word(struct random random)
{
    return lookalike_words[random_below(random, sizeof lookalike_words / sizeof lookalike_words[0])];
}

/* RFC 9562, versions 1, 4 and 7: 60 or 48 bits of time or none, then random. */
static inline void lookalike_uuid(struct random random, unsigned version, struct buf *out)
{
    uint64_t high = random_u64(random), low = random_u64(random);
    if (version == 7)
        high = (0x0190u + random_below(random, 16)) << 52 | high >> 12;
    if (version == 1)
        high = (high & ~0xffffull) | 0x11e0u | (high & 0xf);
    high = (high & ~0xf000ull) | (uint64_t)version << 12;
    low = (low >> 2) | 1ull << 63;
    buf_addf(out, "%08llx-%04llx-%04llx-%04llx-%012llx", (unsigned long long)(high >> 32),
             (unsigned long long)(high >> 16 & 0xffff), (unsigned long long)(high & 0xffff),
             (unsigned long long)(low >> 48), (unsigned long long)(low & 0xffffffffffffull));
}

/* The argument is a format of strftime; the time is one between 2015 and 2030. */
static inline void lookalike_time(struct random random, struct bytes format, struct buf *out)
{
    char plain[128], text[256];
    time_t at = (time_t)(1420070400 + random_below(random, 15ull * 365 * 86400));
    struct tm parts;
    assert_true(format.size < sizeof plain && gmtime_r(&at, &parts));
    snprintf(plain, sizeof plain, "%.*s", (int)format.size, (const char *)format.data);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    size_t size = strftime(text, sizeof text, plain, &parts);
#pragma GCC diagnostic pop
    assert_true(size > 0);
    buf_add(out, bytes_of(text, size));
}

/* Seconds since 1970 in `digits` digits: 10 seconds, 13 milli, 16 micro, 19 nano. */
static inline void lookalike_epoch(struct random random, size_t digits, struct buf *out)
{
    buf_addf(out, "%llu", 1420070400ull + (unsigned long long)random_below(random, 15ull * 365 * 86400));
    lookalike_chars(random, DIGITS, digits > 10 ? digits - 10 : 0, out);
}

/* Sixteen digits of an issuer, but for the check digit, which is off by one to nine (ISO/IEC 7812). */
static inline void lookalike_no_card(struct random random, struct buf *out)
{
    unsigned sum = 0;
    size_t first = out->size;
    buf_add_byte(out, (uint8_t)('4' + random_below(random, 2)));
    buf_add_byte(out, (uint8_t)('1' + random_below(random, 5)));
    lookalike_chars(random, DIGITS, 13, out);
    assert_int_equal(buf_status(out), OK);
    for (size_t i = 0; i < 15; i++) {
        unsigned digit = (out->data[first + i] - '0') * (i % 2 ? 1u : 2u);
        sum += digit > 9 ? digit - 9 : digit;
    }
    buf_add_byte(out, (uint8_t)('0' + (20 - sum % 10 - 1 - random_below(random, 9)) % 10));
}

static inline void lookalike_pick(struct random random, struct bytes of, struct buf *out)
{
    size_t choices = 1;
    for (size_t i = 0; i < of.size; i++)
        choices += of.data[i] == '|';
    size_t skip = (size_t)random_below(random, choices), at = 0;
    for (; skip > 0; at++)
        skip -= of.data[at] == '|';
    size_t size = bytes_find(bytes_part(of, at, SIZE_MAX), bytes_str("|"));
    buf_add(out, bytes_part(of, at, size));
}

static inline uint64_t lookalike_number(struct bytes text, size_t *used)
{
    uint64_t value = 0;
    for (*used = 0; *used < text.size && text.data[*used] >= '0' && text.data[*used] <= '9'; ++*used)
        value = value * 10 + (text.data[*used] - '0');
    return value;
}

static inline void lookalike_range(struct random random, struct bytes of, struct buf *out)
{
    size_t used, more;
    uint64_t low = lookalike_number(of, &used), high = lookalike_number(bytes_part(of, used + 1, SIZE_MAX), &more);
    assert_true(high >= low);
    buf_addf(out, "%llu", (unsigned long long)(low + random_below(random, high - low + 1)));
}

/* One slot without its braces. */
static inline void lookalike_slot(struct random random, struct bytes slot, struct buf *out)
{
    size_t colon = bytes_find(slot, bytes_str(":")), ignored;
    struct bytes name = bytes_part(slot, 0, colon);
    struct bytes of = colon == SIZE_MAX ? BYTES_NONE : bytes_part(slot, colon + 1, SIZE_MAX);
    for (size_t i = 0; i < sizeof lookalike_alphabets / sizeof lookalike_alphabets[0]; i++)
        if (bytes_is(name, lookalike_alphabets[i].slot)) {
            lookalike_chars(random, lookalike_alphabets[i].letters, (size_t)lookalike_number(of, &ignored), out);
            return;
        }
    if (bytes_is(name, "int"))
        lookalike_range(random, of, out);
    else if (bytes_is(name, "word"))
        buf_add_str(out, lookalike_word(random));
    else if (bytes_is(name, "uuid"))
        lookalike_uuid(random, (unsigned)lookalike_number(of, &ignored), out);
    else if (bytes_is(name, "time"))
        lookalike_time(random, of, out);
    else if (bytes_is(name, "epoch"))
        lookalike_epoch(random, (size_t)lookalike_number(of, &ignored), out);
    else if (bytes_is(name, "nocard"))
        lookalike_no_card(random, out);
    else if (bytes_is(name, "pick"))
        lookalike_pick(random, of, out);
    else
        fail_msg("lookalikes.txt: no such slot: %.*s", (int)slot.size, (const char *)slot.data);
}

/* --- templates --- */

static inline void lookalike_expand(struct random random, struct bytes text, struct bytes it, struct buf *out)
{
    for (size_t at = 0; at < text.size;) {
        struct bytes rest = bytes_part(text, at, SIZE_MAX);
        bool opens = bytes_starts(rest, "{{") && !bytes_starts(rest, "{{{"); /* the last two of several braces */
        size_t end = opens ? bytes_find(rest, bytes_str("}}")) : SIZE_MAX;
        if (end != SIZE_MAX) {
            struct bytes slot = bytes_part(rest, 2, end - 2);
            if (bytes_is(slot, "it"))
                lookalike_expand(random, it, BYTES_NONE, out);
            else
                lookalike_slot(random, slot, out);
            at += end + 2;
        } else if (bytes_starts(rest, LOOKALIKE_NEW_LINE)) {
            buf_add_byte(out, '\n');
            at += sizeof LOOKALIKE_NEW_LINE - 1;
        } else {
            buf_add_byte(out, text.data[at++]);
        }
    }
}

static inline const struct lookalike_list *lookalike_list(const struct lookalikes *all, struct bytes name, bool kind)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->lists[i].kind == kind && bytes_equal(all->lists[i].name, name))
            return &all->lists[i];
    fail_msg("lookalikes.txt: no list %.*s", (int)name.size, (const char *)name.data);
    return NULL;
}

/* One item of a kind, appended to out. */
static inline void lookalike_make(const struct lookalikes *all, const struct lookalike_list *kind, struct random random,
                                  struct buf *out)
{
    struct bytes it = kind->templates[random_below(random, kind->count)];
    if (kind->around.size == 0) {
        lookalike_expand(random, it, BYTES_NONE, out);
        return;
    }
    const struct lookalike_list *around = lookalike_list(all, kind->around, false);
    lookalike_expand(random, around->templates[random_below(random, around->count)], it, out);
}

/* "kind NAME AROUND" behind "== " */
static inline void lookalike_begin(struct lookalikes *all, struct bytes head)
{
    assert_true(all->count < LOOKALIKE_LISTS);
    struct lookalike_list *list = &all->lists[all->count++];
    list->kind = bytes_starts(head, "kind ");
    assert_true(list->kind || bytes_starts(head, "around "));
    struct bytes rest = bytes_part(head, list->kind ? 5 : 7, SIZE_MAX);
    size_t blank = bytes_find(rest, bytes_str(" "));
    list->name = bytes_part(rest, 0, blank);
    list->around = blank == SIZE_MAX ? BYTES_NONE : bytes_part(rest, blank + 1, SIZE_MAX);
}

static inline void lookalike_line(struct lookalikes *all, struct bytes line)
{
    if (line.size == 0 || bytes_starts(line, "# "))
        return;
    if (bytes_starts(line, "== ")) {
        lookalike_begin(all, bytes_part(line, 3, SIZE_MAX));
        return;
    }
    assert_true(all->count > 0);
    struct lookalike_list *list = &all->lists[all->count - 1];
    assert_true(list->count < sizeof list->templates / sizeof list->templates[0]);
    list->templates[list->count++] = line;
}

static inline void lookalikes_load(struct lookalikes *out)
{
    const char *root = getenv("CHATHAM_SOURCE");
    char path[4096];
    assert_non_null(root);
    snprintf(path, sizeof path, "%s/tests/cases/redaction/lookalikes.txt", root);
    assert_int_equal(file_read(path, 1 << 20, &out->file), OK);
    struct bytes text = buf_bytes(&out->file);
    for (size_t at = 0; at < text.size;) {
        size_t size = bytes_find(bytes_part(text, at, SIZE_MAX), bytes_str("\n"));
        size = size == SIZE_MAX ? text.size - at : size;
        lookalike_line(out, bytes_part(text, at, size));
        at += size + 1;
    }
}
