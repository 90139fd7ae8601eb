/* A world is the whole way: enrol, seal, admit, round, pull; the same seed gives the same library, and what crosses a
 * boundary is kept. */
#include "tests/audits/traces.h"

#include "audits/world.h"
#include "base/file.h"

static void whole_way(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library;
    struct why why = {0};
    traces_scope(&scope);
    assert_int_equal(world_prepare_all(&scope, SCRUB_ON, EXTRACT_REAL, &prepared, &why), OK);
    assert_true(prepared[0].count > 0);
    assert_int_equal(world_federate(&scope, prepared, WORLD_ON_DISK, &world, &library, &why), OK);
    const struct world_bytes *seen = world_seen(world);
    assert_true(library.insight_count > 0);
    assert_true(seen->sent.size > 0 && seen->plain.size > 0 && seen->answered.size > 0 && seen->stored.size > 0);
    assert_true(bytes_find(buf_bytes(&seen->logged), bytes_str("admit.accepted")) != SIZE_MAX);
    assert_true(bytes_find(buf_bytes(&seen->published), bytes_str("\"insights\"")) != SIZE_MAX);
    char folder[64];
    snprintf(folder, sizeof folder, "%s", world_folder(world));
    assert_true(file_exists(folder));
    library_free(&library);
    world_free(world);
    assert_false(file_exists(folder));
    world_prepared_free(prepared, scope.tenant_count);
    audit_scope_free(&scope);
}

/* A file that a crash left under a hidden name is among the stored bytes, and bytes that were lost are no look. */
static void a_look_is_at_everything(void **state)
{
    (void)state;
    static const char left[] = "left by a crash";
    struct policy policy;
    struct world *world = NULL;
    char path[128];
    policy_default(&policy);
    assert_int_equal(world_new_on_disk(&policy, 1, &world, NULL), OK);
    snprintf(path, sizeof path, "%s/.settings.0011223344556677", world_folder(world));
    assert_int_equal(file_write(path, bytes_str(left), 0600), OK);
    assert_int_equal(world_look(world), OK);
    struct world_bytes *seen = (struct world_bytes *)(uintptr_t)world_seen(world);
    assert_true(bytes_find(buf_bytes(&seen->stored), bytes_str(left)) != SIZE_MAX);
    struct buf *const kept[] = {&seen->sent, &seen->plain, &seen->answered, &seen->published};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        kept[i]->failed = true;
        assert_int_equal(world_look(world), ERR_MEMORY);
        kept[i]->failed = false;
        assert_int_equal(world_look(world), OK);
    }
    world_free(world);
}

static void published_of(const struct audit_scope *scope, struct buf *out)
{
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library;
    assert_int_equal(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL), OK);
    assert_int_equal(world_federate(scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL), OK);
    for (size_t i = 0; i < library.insight_count; i++)
        assert_int_equal(insight_text(&library.insights[i], out), OK);
    assert_int_equal(world_seen(world)->stored.size, 0);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, scope->tenant_count);
}

static void same_seed_same_library(void **state)
{
    (void)state;
    struct audit_scope scope;
    SCOPED_BUF struct buf one = {0}, other = {0};
    traces_scope(&scope);
    published_of(&scope, &one);
    published_of(&scope, &other);
    assert_true(one.size > 0 && bytes_equal(buf_bytes(&one), buf_bytes(&other)));
    audit_scope_free(&scope);
}

/* Nobody holds an insight with k tenants: an empty library is no failure. */
static void nothing_released(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct prepared *prepared = NULL;
    struct world *world = NULL;
    struct library library;
    traces_scope(&scope);
    scope.k = 9;
    assert_int_equal(world_prepare_all(&scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL), OK);
    assert_int_equal(world_federate(&scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL), OK);
    assert_int_equal(library.insight_count, 0);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, scope.tenant_count);
    audit_scope_free(&scope);
}

/* What the copying extractor makes is refused at the door: the vault scans what arrives. */
static void copies_are_refused(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct prepared *prepared = NULL;
    struct policy policy;
    struct world *world = NULL;
    size_t tenant, refused = 0;
    traces_scope(&scope);
    world_policy(&scope, &policy);
    assert_int_equal(world_prepare_all(&scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, NULL), OK);
    assert_int_equal(world_new(&policy, 1, &world, NULL), OK);
    assert_int_equal(world_tenant(world, "one", &tenant), OK);
    assert_int_equal(world_share(world, tenant, &prepared[0], &refused), OK);
    assert_true(refused > 0);
    world_free(world);
    world_prepared_free(prepared, scope.tenant_count);
    audit_scope_free(&scope);
}

/* The clock stands still: what a policy limits by the minute or by the month refuses nothing. What is refused for
 * another reason is counted. */
static void time_limits_nothing(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct prepared *prepared = NULL;
    struct policy policy;
    struct world *world = NULL;
    struct library library;
    size_t all = 0;
    traces_scope(&scope);
    world_policy(&scope, &policy);
    policy.rate_per_minute = policy.max_contributions = 1;
    scope.policy = &policy;
    assert_int_equal(world_prepare_all(&scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL), OK);
    for (size_t t = 0; t < scope.tenant_count; t++)
        all += prepared[t].count;
    assert_true(all > 2 * scope.tenant_count);
    assert_int_equal(world_federate(&scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL), OK);
    assert_int_equal(world_refused(world), 0);
    assert_true(library.insight_count > 0);
    library_free(&library);
    world_free(world);
    policy.allow_text = false;
    assert_int_equal(world_federate(&scope, prepared, WORLD_IN_MEMORY, &world, &library, NULL), OK);
    assert_int_equal(world_refused(world), all);
    library_free(&library);
    world_free(world);
    world_prepared_free(prepared, scope.tenant_count);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_way),
        cmocka_unit_test(a_look_is_at_everything),
        cmocka_unit_test(same_seed_same_library),
        cmocka_unit_test(nothing_released),
        cmocka_unit_test(copies_are_refused),
        cmocka_unit_test(time_limits_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
