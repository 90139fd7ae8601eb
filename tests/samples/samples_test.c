/* The sample traces hold what their manifest says: every planted value stands literally in its file, every type that
 * the scrubber knows is planted, every file is read by the readers, and there are runs that failed as well as runs that
 * didn't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "insight/reader.h"

#define MANIFEST_MAX (4u << 20)
#define PROBES_LEAST 120
#define TRACES_LEAST 15

static const struct {
    const char *name;
    enum trace_format format;
} organisations[] = {
    {"northwind-support", TRACE_OPENAI}, {"harbor-infra", TRACE_CLAUDE}, {"lumen-data", TRACE_TRANSCRIPT}};

static void sample_path(const char *organisation, const char *file, char out[static 512])
{
    const char *source = getenv("CHATHAM_SOURCE");
    int size =
        snprintf(out, 512, "%s/tests/samples/%s%s%s", source ? source : ".", organisation, *file ? "/" : "", file);
    assert_true(size > 0 && size < 512);
}

static struct json *read_manifest(void)
{
    char path[512];
    SCOPED_BUF struct buf text = {0};
    struct json *manifest = NULL;
    sample_path("manifest.json", "", path);
    assert_int_equal(file_read(path, MANIFEST_MAX, &text), OK);
    assert_int_equal(json_parse(buf_bytes(&text), MANIFEST_MAX, &manifest, NULL), OK);
    return manifest;
}

static struct bytes field(const struct json *probe, const char *name)
{
    return json_string_bytes(json_get(probe, name));
}

static void test_every_probe_is_in_its_file(void **state)
{
    (void)state;
    SCOPED_JSON struct json *manifest = read_manifest();
    const struct json *probes = json_get(manifest, "probes");
    assert_true(json_count(probes) >= PROBES_LEAST);
    for (size_t i = 0; i < json_count(probes); i++) {
        const struct json *probe = json_at(probes, i);
        char path[512];
        SCOPED_BUF struct buf content = {0};
        sample_path((const char *)field(probe, "organisation").data, (const char *)field(probe, "file").data, path);
        assert_int_equal(file_read(path, TRACE_FILE_MAX, &content), OK);
        assert_true(field(probe, "value").size >= 6);
        if (bytes_find(buf_bytes(&content), field(probe, "value")) == SIZE_MAX)
            fail_msg("probe %zu is not in %s", i + 1, path);
    }
}

static void test_every_type_is_planted(void **state)
{
    (void)state;
    static const enum redact_type expected[] = {
        REDACT_NAME,     REDACT_EMAIL,    REDACT_PHONE, REDACT_ADDRESS, REDACT_BIRTH_DATE, REDACT_IP,
        REDACT_MAC,      REDACT_URL_USER, REDACT_CARD,  REDACT_IBAN,    REDACT_SSN,        REDACT_ACCOUNT,
        REDACT_USERNAME, REDACT_PATH,     REDACT_KEY,   REDACT_TOKEN,   REDACT_PASSWORD,   REDACT_CONNECTION,
    };
    size_t planted[REDACT_TYPES] = {0};
    SCOPED_JSON struct json *manifest = read_manifest();
    const struct json *probes = json_get(manifest, "probes");
    for (size_t i = 0; i < json_count(probes); i++) {
        size_t known = 0;
        for (int type = 0; type < REDACT_TYPES; type++) {
            bool same = bytes_is(field(json_at(probes, i), "type"), redact_type_name((enum redact_type)type));
            planted[type] += same;
            known += same;
        }
        assert_int_equal(known, 1);
    }
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (planted[expected[i]] == 0)
            fail_msg("no %s is planted", redact_type_name(expected[i]));
}

struct counted {
    size_t traces, outcomes[OUTCOMES];
    enum trace_format format;
};

static enum status count_trace(void *context, struct trace *trace)
{
    struct counted *counted = context;
    counted->traces++;
    counted->outcomes[trace->outcome]++;
    assert_int_equal(trace->format, counted->format);
    return OK;
}

static enum status count_file(void *context, const char *path)
{
    SCOPED_BUF struct buf content = {0};
    struct read_report report;
    struct why why = {0};
    assert_int_equal(file_read(path, TRACE_FILE_MAX, &content), OK);
    assert_int_equal(traces_read(buf_bytes(&content), "sample", count_trace, context, &report, &why), OK);
    assert_int_equal(report.skipped, 0);
    return OK;
}

static void test_every_file_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof organisations / sizeof *organisations; i++) {
        struct counted counted = {.format = organisations[i].format};
        char path[512];
        sample_path(organisations[i].name, "", path);
        assert_int_equal(folder_walk(path, count_file, &counted), OK);
        assert_true(counted.traces >= TRACES_LEAST);
        assert_true(counted.outcomes[OUTCOME_SUCCESS] >= 5);
        assert_true(counted.outcomes[OUTCOME_FAILURE] >= 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_probe_is_in_its_file),
        cmocka_unit_test(test_every_type_is_planted),
        cmocka_unit_test(test_every_file_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
