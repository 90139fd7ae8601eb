/* Operators: a case file each of what is written for which value, twice over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "redaction/redactor.h"

/* Digests whose first bytes draw four weeks on. */
static void make_seven(void *state, struct bytes value, uint8_t *out, size_t size)
{
    (void)state, (void)value;
    memset(out, 0, size);
    out[0] = 7;
}

static enum redact_type type_of(struct bytes name)
{
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        if (bytes_is(name, redact_type_name(type)))
            return type;
    fail_msg("no such type");
    return REDACT_CUSTOM;
}

static struct redactor *redactor_for(const char *operator_json, const char *types)
{
    const struct redact_pseudonyms pseudonyms = {.make = make_seven};
    struct redactor *redactor = NULL;
    char policy[256];
    snprintf(policy, sizeof policy, "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":%s,\"types\":{%s}}",
             operator_json, types);
    assert_int_equal(redactor_new(bytes_str(policy), &pseudonyms, &redactor, NULL), OK);
    return redactor;
}

static void operate_on(const struct redactor *redactor, enum redact_type type, struct bytes value, struct buf *out)
{
    static const struct recognizer row = {.rule = "test"};
    struct redact_session *session = NULL;
    const struct find find = {0, value.size, &row, type, false, 1, NULL};
    const struct operand operand = {&find, value, value};
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(operate(session, &operand, out), OK);
    redact_session_free(session);
}

static struct bytes field(struct bytes *line)
{
    size_t size = bytes_find(*line, bytes_str("\t"));
    struct bytes part = bytes_part(*line, 0, size);
    *line = bytes_part(*line, size == SIZE_MAX ? line->size : size + 1, SIZE_MAX);
    return part;
}

/* One case; what was written is operated on again, and stays, unless it is a placeholder. */
static int case_run(const struct redactor *redactor, const char *path, size_t number, struct bytes line)
{
    struct buf once SCOPED_BUF = {0}, twice SCOPED_BUF = {0};
    enum redact_type type = type_of(field(&line));
    struct bytes value = field(&line), want = field(&line);
    operate_on(redactor, type, value, &once);
    int bad = !bytes_equal(buf_bytes(&once), want);
    if (bad)
        printf("%s:%zu: %s\n", path, number, buf_text(&once));
    if (strstr(path, "generalise") && !placeholder_only(buf_bytes(&once))) {
        operate_on(redactor, type, buf_bytes(&once), &twice);
        bool same = bytes_equal(buf_bytes(&once), buf_bytes(&twice)) || bytes_starts(buf_bytes(&twice), "<");
        if (!same)
            printf("%s:%zu: twice: %s\n", path, number, buf_text(&twice));
        bad += !same;
    }
    return bad;
}

static void run_file(const char *name, const char *operator_json, const char *types)
{
    char path[4096];
    struct buf content SCOPED_BUF = {0};
    struct redactor *redactor = redactor_for(operator_json, types);
    int bad = 0;
    assert_non_null(getenv("CHATHAM_SOURCE"));
    snprintf(path, sizeof path, "%s/tests/cases/redaction/operators/%s", getenv("CHATHAM_SOURCE"), name);
    assert_int_equal(file_read(path, 1 << 20, &content), OK);
    struct bytes left = buf_bytes(&content);
    for (size_t number = 1; left.size; number++) {
        size_t size = bytes_find(left, bytes_str("\n"));
        struct bytes line = bytes_part(left, 0, size);
        left = bytes_part(left, size == SIZE_MAX ? left.size : size + 1, SIZE_MAX);
        if (line.size && line.data[0] != '#')
            bad += case_run(redactor, path, number, line);
    }
    assert_int_equal(bad, 0);
    redactor_free(redactor);
}

static void masking(void **state)
{
    (void)state;
    run_file("mask.txt", "\"mask\"", "");
    run_file("mask-4.txt", "{\"operator\":\"mask\",\"last\":4}", "");
}

static void dropping(void **state)
{
    (void)state;
    run_file("drop.txt", "\"drop\"", "");
}

static void generalising(void **state)
{
    (void)state;
    run_file("generalise.txt", "\"generalise\"", "");
}

static void shifting(void **state)
{
    (void)state;
    run_file("shift.txt", "\"keep\"", "\"DATE\":\"shift\",\"BIRTH_DATE\":{\"operator\":\"shift\",\"weeks\":52}");
}

/* One subject, one distance; another subject, another. */
static void hash_subject(void *state, struct bytes value, uint8_t *out, size_t size)
{
    (void)state;
    memset(out, 0, size);
    for (size_t i = 0; i < value.size; i++)
        out[0] = (uint8_t)(out[0] + value.data[i]);
}

static void subjects_shift_apart(void **state)
{
    (void)state;
    static const char *const subjects[] = {"a", "b", "a"};
    static const struct recognizer row = {.rule = "test"};
    const struct redact_pseudonyms pseudonyms = {.make = hash_subject};
    struct redactor *redactor = NULL;
    struct redact_session *session = NULL;
    struct buf out[3] = {{0}};
    const char *policy =
        "{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"default\":\"keep\",\"types\":{\"DATE\":\"shift\"}}";
    assert_int_equal(redactor_new(bytes_str(policy), NULL, &redactor, NULL), ERR_USAGE);
    assert_int_equal(redactor_new(bytes_str(policy), &pseudonyms, &redactor, NULL), OK);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    const struct find find = {0, 10, &row, REDACT_DATE, false, 1, NULL};
    const struct operand operand = {&find, bytes_str("2024-03-05"), bytes_str("2024-03-05")};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(redact_session_subject(session, bytes_str(subjects[i])), OK);
        assert_int_equal(operate(session, &operand, &out[i]), OK);
    }
    assert_string_equal(buf_text(&out[0]), buf_text(&out[2]));
    assert_string_not_equal(buf_text(&out[0]), buf_text(&out[1]));
    for (size_t i = 0; i < 3; i++)
        buf_free(&out[i]);
    redact_session_free(session);
    redactor_free(redactor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(masking),
        cmocka_unit_test(dropping),
        cmocka_unit_test(generalising),
        cmocka_unit_test(shifting),
        cmocka_unit_test(subjects_shift_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
