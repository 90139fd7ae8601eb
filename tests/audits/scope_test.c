/* What attacks work on is read strictly: a manifest with a fault names its row, and folders become tenants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "audits/audit.h"
#include "base/file.h"

static void manifests(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        size_t probes;
    } cases[] = {
        {"{\"v\":1,\"probes\":[]}", OK, 0},
        {"{\"v\":1,\"probes\":[{\"organisation\":\"acme\",\"file\":\"a\",\"type\":\"EMAIL\",\"value\":\"a@b.example\"}]"
         "}",
         OK, 1},
        {"{\"v\":1,\"probes\":[{\"organisation\":\"else\",\"file\":\"a\",\"type\":\"EMAIL\",\"value\":\"a@b.example\"}]"
         "}",
         OK, 0},
        {"{\"v\":1,\"probes\":[{\"organisation\":\"acme\",\"file\":\"a\",\"type\":\"EMAIL\",\"value\":\"short\"}]}",
         ERR_INPUT, 0},
        {"{\"v\":1,\"probes\":[{\"organisation\":\"acme\",\"type\":\"EMAIL\",\"value\":\"a@b.example\"}]}", ERR_INPUT,
         0},
        {"{\"v\":1,\"probes\":[{\"organisation\":\"acme\",\"file\":\"a\",\"type\":\"X\",\"value\":\"a@b.example\","
         "\"z\":1}]}",
         ERR_INPUT, 0},
        {"{\"v\":2,\"probes\":[]}", ERR_VERSION, 0},
        {"{\"probes\":[]}", ERR_INPUT, 0},
        {"{\"v\":1,\"probes\":[7]}", ERR_INPUT, 0},
        {"[]", ERR_INPUT, 0},
        {"{\"v\":1,", ERR_INPUT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct audit_scope scope = {0};
        struct why why = {0};
        assert_int_equal(audit_scope_tenant(&scope, "acme"), OK);
        enum status status = audit_scope_manifest(&scope, bytes_str(cases[i].text), &why);
        if (status != cases[i].status || scope.probe_count != cases[i].probes)
            fail_msg("case %zu: %d", i, (int)status);
        audit_scope_free(&scope);
    }
}

static void folders(void **state)
{
    (void)state;
    char folder[] = "/tmp/chatham-scope-XXXXXX", tenant[64], path[96];
    assert_non_null(mkdtemp(folder));
    snprintf(tenant, sizeof tenant, "%s/acme/", folder);
    snprintf(path, sizeof path, "%s/acme/a.txt", folder);
    assert_int_equal(folder_create(tenant, 0700), OK);
    assert_int_equal(file_write(path, bytes_str("user: hello"), 0600), OK);
    const char *const names[] = {tenant};
    struct audit_scope scope = {0};
    struct why why = {0};
    assert_int_equal(audit_scope_load(names, 1, NULL, &scope, &why), OK);
    assert_string_equal(scope.tenants[0].name, "acme");
    assert_int_equal(scope.tenants[0].file_count, 1);
    assert_string_equal(scope.tenants[0].file_names[0], "a.txt");
    audit_scope_free(&scope);
    assert_int_equal(audit_scope_load(names, 1, "/no/manifest", &scope, &why), ERR_NOT_FOUND);
    assert_string_equal(why.where, "--manifest");
    unlink(path);
    rmdir(tenant);
    assert_int_equal(audit_scope_load(names, 1, NULL, &scope, &why), ERR_NOT_FOUND);
    rmdir(folder);
}

/* Any allocation may fail: nothing is half there, nothing leaks (under the sanitizers). */
static void without_memory(void **state)
{
    (void)state;
    static const char text[] = "{\"v\":1,\"probes\":[{\"organisation\":\"acme\",\"file\":\"a\",\"type\":\"EMAIL\","
                               "\"value\":\"a@b.example\"}]}";
    for (size_t n = 1; n < 40; n++) {
        struct audit_scope scope = {0};
        mem_fail_after(n);
        enum status status = audit_scope_tenant(&scope, "acme");
        if (status == OK)
            status = audit_scope_file(&scope, 0, "a.txt", bytes_str("content"));
        if (status == OK)
            status = audit_scope_manifest(&scope, bytes_str(text), NULL);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
        audit_scope_free(&scope);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(manifests),
        cmocka_unit_test(folders),
        cmocka_unit_test(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
