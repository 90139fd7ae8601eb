/* A tenant's next key: the data move to a file under it, nothing else changes, and a crash between any two steps leaves
 * a federation that works. */
#include "tests/server/house_fixture.h"

#define ROTATE "{\"command\":\"tenant.rotate\",\"tenant\":\"acme\"}"

static void start(struct house *house, enum house_place place)
{
    house_new(house, place);
    house_sharer(house, "acme");
    house_sharer(house, "globex");
}

/* What is stored is still there, is known again, and more can come. */
static void check_works(struct house *house, uint8_t fresh)
{
    assert_int_equal(house_number(house, "{\"command\":\"round.preview\"}", "released"), 1);
    assert_int_equal(house_share(house, &house->members[0], 1, HOUSE_WHEN, HOUSE_ACT, 1), OK);
    assert_int_equal(house_share(house, &house->members[0], 1, "a search finds nothing", "something else", 1),
                     ERR_EXISTS);
    assert_int_equal(house_share(house, &house->members[0], fresh, "a page is empty", "load it again", 1), OK);
}

static void data_move_under_a_new_key(void **state)
{
    (void)state;
    struct house house;
    start(&house, HOUSE_FOLDER);
    struct tenant before = house_tenant(&house, "acme");
    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    assert_int_equal(house_number(&house, ROTATE, "key_version"), 2);
    struct tenant after = house_tenant(&house, "acme");
    assert_int_equal(after.key_version, 2);
    assert_memory_not_equal(before.wrapped, after.wrapped, KEY_WRAPPED_BYTES);
    assert_false(house_has_database(&house, &before, 1));
    assert_true(house_has_database(&house, &before, 2));
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree + 1);
    check_works(&house, 3);
    house_reopen(&house);
    check_works(&house, 4);
    assert_int_equal(house_number(&house, ROTATE, "key_version"), 3);
    check_works(&house, 5);
    house_free(&house);
}

static void the_old_key_opens_nothing_new(void **state)
{
    (void)state;
    struct house house;
    struct db *db = NULL;
    start(&house, HOUSE_FOLDER);
    struct tenant old = house_tenant(&house, "acme");
    house_number(&house, ROTATE, "key_version");
    old.key_version = 2; /* the old wrapped key for the new file */
    store_release(house.vault->store, &old);
    assert_int_equal(store_tenant(house.vault->store, &old, &db), ERR_DENIED);
    house_free(&house);
}

static void a_tenant_without_data_has_a_key_too(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    house_member(&house, "acme");
    assert_int_equal(house_number(&house, ROTATE, "key_version"), 2);
    assert_int_equal(house_share(&house, &house.members[0], 1, HOUSE_WHEN, HOUSE_ACT, 1), OK);
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.rotate\",\"tenant\":\"nobody\"}"),
                     ERR_NOT_FOUND);
    house_free(&house);
}

static void in_memory_the_version_counts(void **state)
{
    (void)state;
    struct house house;
    start(&house, HOUSE_MEMORY);
    assert_int_equal(house_number(&house, ROTATE, "key_version"), 2);
    check_works(&house, 3);
    house_free(&house);
}

/* --- crashes --- */

static void a_crash_before_the_switch_changes_nothing(void **state)
{
    (void)state;
    struct house house;
    struct tenant next;
    start(&house, HOUSE_FOLDER);
    struct tenant tenant = house_tenant(&house, "acme");
    assert_int_equal(tenant_rotate_begin(house.vault->store, &tenant, &next, NULL), OK);
    assert_true(house_has_database(&house, &tenant, 1) && house_has_database(&house, &tenant, 2));
    house_reopen(&house);
    assert_true(house_has_database(&house, &tenant, 1));
    assert_false(house_has_database(&house, &tenant, 2));
    check_works(&house, 3);
    assert_int_equal(house_number(&house, ROTATE, "key_version"), 2);
    check_works(&house, 4);
    house_free(&house);
}

static void a_crash_after_the_switch_ends_it(void **state)
{
    (void)state;
    struct house house;
    struct tenant next;
    start(&house, HOUSE_FOLDER);
    struct tenant tenant = house_tenant(&house, "acme");
    assert_int_equal(tenant_rotate_begin(house.vault->store, &tenant, &next, NULL), OK);
    assert_int_equal(tenant_rotate_switch(house.vault->store, &next), OK);
    house_reopen(&house);
    assert_false(house_has_database(&house, &tenant, 1));
    assert_true(house_has_database(&house, &tenant, 2));
    check_works(&house, 3);
    house_free(&house);
}

static void the_only_file_is_never_swept(void **state)
{
    (void)state;
    struct house house;
    start(&house, HOUSE_FOLDER);
    struct tenant tenant = house_tenant(&house, "acme"), next = tenant;
    next.key_version = 7; /* a row that names a file that is not there */
    assert_int_equal(tenant_rotate_switch(house.vault->store, &next), OK);
    house_reopen(&house);
    assert_true(house_has_database(&house, &tenant, 1));
    house_free(&house);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    struct house house;
    size_t failures = 0;
    start(&house, HOUSE_FOLDER);
    struct db *db = store_federation(house.vault->store);
    struct tenant tenant = house_tenant(&house, "acme");
    for (size_t n = 1;; n++, failures++) {
        db_fail_after(db, n);
        enum status status = house_command_status(&house, ROTATE);
        db_fail_after(db, 0);
        for (uint32_t version = 1; version < 8; version++) /* whether it came to it or not: the row's file alone */
            assert_int_equal(house_has_database(&house, &tenant, version),
                             version == house_tenant(&house, "acme").key_version);
        check_works(&house, (uint8_t)(10 + n));
        if (status == OK)
            break;
        assert_int_equal(status, ERR_IO);
    }
    assert_true(failures >= 4);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_move_under_a_new_key),
        cmocka_unit_test(the_old_key_opens_nothing_new),
        cmocka_unit_test(a_tenant_without_data_has_a_key_too),
        cmocka_unit_test(in_memory_the_version_counts),
        cmocka_unit_test(a_crash_before_the_switch_changes_nothing),
        cmocka_unit_test(a_crash_after_the_switch_ends_it),
        cmocka_unit_test(the_only_file_is_never_swept),
        cmocka_unit_test(every_write_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
