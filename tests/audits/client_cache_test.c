/* A client half is prepared once for what it turns on, and again for anything else; a copy is as good as the first. */
#include "tests/audits/traces.h"

#include "audits/client_cache.h"
#include "audits/world.h"

static size_t prepared_so_far(const struct audit_scope *scope)
{
    size_t clients;
    double seconds;
    client_cache_count(scope->clients, &clients, &seconds);
    return clients;
}

/* How many halves a preparation of the whole scope had to make. */
static size_t made_by(const struct audit_scope *scope)
{
    struct prepared *prepared = NULL;
    size_t before = prepared_so_far(scope);
    assert_int_equal(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, NULL), OK);
    world_prepared_free(prepared, scope->tenant_count);
    return prepared_so_far(scope) - before;
}

static void anything_else_is_prepared_again(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct policy policy;
    traces_scope(&scope);
    assert_int_equal(made_by(&scope), TRACES_TENANTS);
    assert_int_equal(made_by(&scope), 0);
    scope.k++;
    assert_int_equal(made_by(&scope), TRACES_TENANTS);
    scope.k--;
    scope.seed++;
    assert_int_equal(made_by(&scope), TRACES_TENANTS);
    scope.seed--;
    world_policy(&scope, &policy);
    policy.overlap_tokens = 2;
    scope.policy = &policy;
    assert_int_equal(made_by(&scope), TRACES_TENANTS);
    scope.policy = NULL;
    buf_add(&scope.tenants[1].files[0], bytes_str("\n"));
    assert_int_equal(made_by(&scope), 1);
    scope.tenants[2].file_names[0][0] = 'R';
    assert_int_equal(made_by(&scope), 1);
    assert_int_equal(made_by(&scope), 0);
    audit_scope_free(&scope);
}

static void a_copy_is_the_same(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct prepared *first = NULL, *second = NULL;
    traces_scope(&scope);
    assert_int_equal(world_prepare_all(&scope, SCRUB_ON, EXTRACT_REAL, &first, NULL), OK);
    assert_int_equal(world_prepare_all(&scope, SCRUB_ON, EXTRACT_REAL, &second, NULL), OK);
    for (size_t t = 0; t < scope.tenant_count; t++) {
        assert_true(first[t].count > 0 && first[t].count == second[t].count);
        assert_memory_equal(&first[t].report, &second[t].report, sizeof first[t].report);
        for (size_t i = 0; i < first[t].count; i++) {
            const struct prepared_item *one = &first[t].items[i], *other = &second[t].items[i];
            SCOPED_BUF struct buf again = {0};
            assert_memory_equal(one->id, other->id, ID_BYTES);
            assert_true(bytes_equal(buf_bytes(&one->record), buf_bytes(&other->record)));
            assert_int_equal(contribution_encode(&other->contribution, &again), OK);
            assert_true(bytes_equal(buf_bytes(&one->record), buf_bytes(&again)));
        }
    }
    world_prepared_free(first, scope.tenant_count);
    world_prepared_free(second, scope.tenant_count);
    audit_scope_free(&scope);
}

/* More halves than there is room for: the one longest unused has gone, and nothing else. */
static void bounded(void **state)
{
    (void)state;
    struct client_cache *cache = NULL;
    struct prepared none = {0}, out;
    uint8_t key[HASH_BYTES] = {0};
    assert_int_equal(client_cache_new(&cache), OK);
    assert_int_equal(client_cache_get(cache, key, &out), ERR_NOT_FOUND);
    for (uint8_t i = 0; i < CLIENT_CACHE_MAX; i++) {
        key[0] = i;
        client_cache_put(cache, key, &none, 1);
    }
    key[0] = 0;
    assert_int_equal(client_cache_get(cache, key, &out), OK);
    prepared_free(&out);
    key[0] = 255;
    client_cache_put(cache, key, &none, 1);
    key[0] = 1;
    assert_int_equal(client_cache_get(cache, key, &out), ERR_NOT_FOUND);
    for (uint8_t i = 2; i < CLIENT_CACHE_MAX; i++) {
        key[0] = i;
        assert_int_equal(client_cache_get(cache, key, &out), OK);
        prepared_free(&out);
    }
    client_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(anything_else_is_prepared_again),
        cmocka_unit_test(a_copy_is_the_same),
        cmocka_unit_test(bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
