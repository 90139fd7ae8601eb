/* The case files: tests/cases/redaction/must_redact and must_keep, one case a line. What must go stands in {{ }}, "~~"
 * is nothing (it breaks secrets, so that no scanner takes them for real), "⏎" a new line. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "redaction/redaction.h"

#define SPANS 32
#define NEW_LINE "\xe2\x8f\x8e"

/* The policy of the cases in must_redact_strict: the strict one by its rules alone. */
#define CASES_DEFAULT                                                                                                  \
    "{\"version\":1,\"name\":\"patterns\",\"threshold\":0.6,\"tagger\":false,\"default\":\"placeholder\","             \
    "\"types\":{\"MISC\":\"keep\",\"QUANTITY\":\"keep\"},\"rules\":{\"date.machine\":\"keep\"}}"
#define CASES_STRICT "{\"version\":1,\"name\":\"rules\",\"threshold\":0.4,\"tagger\":false,\"default\":\"placeholder\"}"

struct line_case {
    struct buf text;
    size_t starts[SPANS], ends[SPANS], count;
};

static inline void case_parse(struct bytes line, struct line_case *out)
{
    buf_init(&out->text);
    out->count = 0;
    out->starts[0] = SIZE_MAX;
    for (size_t at = 0; at < line.size;) {
        struct bytes rest = bytes_part(line, at, SIZE_MAX);
        if (bytes_starts(rest, "{{") && out->count < SPANS) {
            out->starts[out->count] = out->text.size;
            at += 2;
        } else if (bytes_starts(rest, "}}") && out->count < SPANS && out->starts[out->count] < out->text.size) {
            out->ends[out->count++] = out->text.size;
            at += 2;
            out->starts[out->count < SPANS ? out->count : 0] = SIZE_MAX;
        } else if (bytes_starts(rest, "~~")) {
            at += 2;
        } else if (bytes_starts(rest, NEW_LINE)) {
            buf_add_byte(&out->text, '\n');
            at += sizeof NEW_LINE - 1;
        } else {
            buf_add_byte(&out->text, line.data[at++]);
        }
    }
    assert_int_equal(buf_status(&out->text), OK);
}

/* Whether exactly what is marked was found. */
static inline bool case_holds(const struct line_case *wanted, const struct redact_findings *found)
{
    if (found->count != wanted->count)
        return false;
    for (size_t i = 0; i < found->count; i++)
        if (found->items[i].start != wanted->starts[i] || found->items[i].end != wanted->ends[i])
            return false;
    return true;
}

/* Rows that have no case: they only hand on to others, no key leads to them, or the default policy leaves their type.
 */
static inline bool case_excused(const char *rule)
{
    static const char *const indirect[] = {"key.member", "key.path", "key.token", "key.quantity",
                                           "key.misc",   "key.seed", "key.custom"};
    for (size_t i = 0; i < sizeof indirect / sizeof indirect[0]; i++)
        if (strcmp(indirect[i], rule) == 0)
            return true;
    return false;
}

struct cases_reader {
    void (*each)(void *context, const char *path, size_t number, struct bytes line);
    void *context;
};

static inline enum status cases_file(void *context, const char *path)
{
    const struct cases_reader *reader = context;
    struct buf content SCOPED_BUF = {0};
    TRY(file_read(path, 1 << 20, &content));
    struct bytes text = buf_bytes(&content);
    for (size_t at = 0, number = 1; at < text.size; number++) {
        size_t size = bytes_find(bytes_part(text, at, SIZE_MAX), bytes_str("\n"));
        size = size == SIZE_MAX ? text.size - at : size;
        struct bytes line = bytes_part(text, at, size);
        if (line.size && !bytes_starts(line, "# "))
            reader->each(reader->context, path, number, line);
        at += size + 1;
    }
    return OK;
}

/* All cases of a folder. */
static inline void cases_walk(const char *folder,
                              void (*each)(void *context, const char *path, size_t number, struct bytes line),
                              void *context)
{
    const char *root = getenv("CHATHAM_SOURCE");
    char path[4096];
    struct cases_reader reader = {each, context};
    assert_non_null(root);
    snprintf(path, sizeof path, "%s/tests/cases/redaction/%s", root, folder);
    assert_int_equal(folder_walk(path, cases_file, &reader), OK);
}
