/* The gate's check of joints: whom it protects, and whom it does not let take anything away. */
#include "tests/insight/release_scene.h"

/* Two phrases that side by side spell what one tenant wrote in one: they go if one of those whom they need is that
 * tenant. */
static const struct spec halves = {.when = "the order is late",
                                   .act = "open the blue drawer of|the third desk and take it"};
static const struct spec whole = {.when = "we need the money", .act = "go and open the blue drawer of the third desk"};

static void test_joints(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 2);
    add(&scene, 0, halves);
    add(&scene, 1, halves);
    propose_all(&scene, halves);
    assert_int_equal(release(&scene), OK);
    assert_int_equal(scene.report.released, 1);
    add(&scene, 1, whole);
    assert_int_equal(release(&scene), OK);
    assert_int_equal(scene.report.released, 0);
    assert_int_equal(scene.report.withheld[WITHHELD_OVERLAP], 1);
    add(&scene, 3, whole); /* written by k tenants it is no one's, and an insight itself */
    assert_int_equal(release(&scene), OK);
    assert_int_equal(scene.report.withheld[WITHHELD_OVERLAP], 0);
    assert_int_equal(scene.report.released, 2);
    close_scene(&scene);
}

/* Tenant 1 wrote the whole; of the joint's phrases the second is said by two others, the first by one. */
static void test_joints_need_all_their_phrases(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 2);
    add(&scene, 0, halves);
    add(&scene, 1, halves);
    add(&scene, 1, whole);
    add(&scene, 2, (struct spec){.when = "the order is late", .act = "the third desk and take it"});
    propose_all(&scene, halves);
    assert_int_equal(release(&scene), OK);
    assert_int_equal(scene.report.withheld[WITHHELD_OVERLAP], 1);
    add(&scene, 3, (struct spec){.when = "the order is late", .act = "open the blue drawer of"});
    assert_int_equal(release(&scene), OK);
    assert_int_equal(scene.report.withheld[WITHHELD_OVERLAP], 0);
    close_scene(&scene);
}

/* What k - 1 tenants write, on purpose or not, does not take away what k others say. */
static void test_joints_of_strangers(void **state)
{
    (void)state;
    struct scene scene;
    open_scene(&scene, 3);
    for (uint32_t tenant = 0; tenant < 3; tenant++)
        add(&scene, tenant, halves);
    propose_all(&scene, halves);
    char *expected = release_text(&scene);
    add(&scene, 7, whole);
    add(&scene, 8, whole);
    char *got = release_text(&scene);
    assert_int_equal(scene.report.released, 1);
    assert_string_equal(got, expected);
    mem_free(expected);
    mem_free(got);
    close_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_joints),
        cmocka_unit_test(test_joints_need_all_their_phrases),
        cmocka_unit_test(test_joints_of_strangers),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
