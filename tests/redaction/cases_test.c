/* Case folders: what must go, exactly as marked; what must stay; and that every row of the tables is exercised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "redaction/recognizer.h"

#define SPANS 32
#define NEW_LINE "\xe2\x8f\x8e"

struct line_case {
    struct buf text;
    size_t starts[SPANS], ends[SPANS], count;
};

static const struct redactor *redactor;
static char seen[1024][48]; /* rules that found something */
static size_t seen_count;

static void case_parse(struct bytes line, struct line_case *out)
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

static void remember(const char *rule)
{
    for (size_t i = 0; i < seen_count; i++)
        if (strcmp(seen[i], rule) == 0)
            return;
    assert_true(seen_count < sizeof seen / sizeof seen[0]);
    snprintf(seen[seen_count++], sizeof seen[0], "%s", rule);
}

/* One case; returns how many complaints it prints. */
static int case_run(const char *path, size_t number, struct bytes line)
{
    struct line_case wanted = {0};
    struct redact_findings found = {0}, again = {0};
    struct redact_session *session = NULL, *fresh = NULL;
    struct buf out SCOPED_BUF = {0};
    int bad = 0;
    case_parse(line, &wanted);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_session_new(redactor, &fresh), OK);
    assert_int_equal(redact_text(session, buf_bytes(&wanted.text), &out, &found), OK);
    bool same = found.count == wanted.count;
    for (size_t i = 0; same && i < found.count; i++)
        same = found.items[i].start == wanted.starts[i] && found.items[i].end == wanted.ends[i];
    for (size_t i = 0; i < found.count; i++)
        remember(found.items[i].rule);
    if (!same) {
        printf("%s:%zu: found", path, number);
        for (size_t i = 0; i < found.count; i++)
            printf(" %s[%.*s]", found.items[i].rule, (int)(found.items[i].end - found.items[i].start),
                   (const char *)wanted.text.data + found.items[i].start);
        printf("\n");
        bad++;
    }
    assert_int_equal(redact_detect(fresh, buf_bytes(&out), &again), OK);
    if (again.count) {
        printf("%s:%zu: a second pass finds %s in: %s\n", path, number, again.items[0].rule, buf_text(&out));
        bad++;
    }
    redact_findings_free(&found);
    redact_findings_free(&again);
    redact_session_free(session);
    redact_session_free(fresh);
    buf_free(&wanted.text);
    return bad;
}

static enum status file_run(void *context, const char *path)
{
    int *bad = context;
    struct buf content SCOPED_BUF = {0};
    TRY(file_read(path, 1 << 20, &content));
    struct bytes text = buf_bytes(&content);
    for (size_t at = 0, number = 1; at < text.size; number++) {
        size_t size = bytes_find(bytes_part(text, at, SIZE_MAX), bytes_str("\n"));
        size = size == SIZE_MAX ? text.size - at : size;
        struct bytes line = bytes_part(text, at, size);
        if (line.size && !bytes_starts(line, "# "))
            *bad += case_run(path, number, line);
        at += size + 1;
    }
    return OK;
}

static void run_folder(const char *name)
{
    const char *root = getenv("CHATHAM_SOURCE");
    char path[4096];
    int bad = 0;
    assert_non_null(root);
    snprintf(path, sizeof path, "%s/tests/cases/redaction/%s", root, name);
    assert_int_equal(folder_walk(path, file_run, &bad), OK);
    assert_int_equal(bad, 0);
}

static void must_redact(void **state)
{
    (void)state;
    run_folder("must_redact");
}

static void must_keep(void **state)
{
    (void)state;
    run_folder("must_keep");
}

static bool was_seen(const char *rule)
{
    for (size_t i = 0; i < seen_count; i++)
        if (strcmp(seen[i], rule) == 0)
            return true;
    return false;
}

/* A row without a case could be broken unseen. Rows that only hand on to others, or that no key leads to, are named
 * here. */
static void every_row_has_a_case(void **state)
{
    (void)state;
    static const char *const indirect[] = {"key.member", "key.path", "key.token", "key.quantity",
                                           "key.misc",   "key.seed", "key.custom"};
    int missing = 0;
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++) {
            const char *rule = recognizer_tables[t]->rows[i].rule;
            bool excused = false;
            for (size_t k = 0; k < sizeof indirect / sizeof indirect[0]; k++)
                excused |= strcmp(indirect[k], rule) == 0;
            if (!excused && !was_seen(rule)) {
                printf("no case finds %s\n", rule);
                missing++;
            }
        }
    assert_int_equal(missing, 0);
}

int main(void)
{
    struct redactor *made = NULL;
    if (redactor_new(BYTES_NONE, NULL, &made, NULL) != OK)
        return 1;
    redactor = made;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(must_redact),
        cmocka_unit_test(must_keep),
        cmocka_unit_test(every_row_has_a_case),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(made);
    return failed;
}
