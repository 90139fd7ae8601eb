/* The library before and after something happened to a member: whatever is left is held by k of those who are left, and
 * who it was is not told by how much is known of whom. */
#include "tests/audits/traces.h"

#include "audits/difference/story.h"

/* Two tenants share a lesson and the third has one of its own: when one of the two goes, theirs must, too. */
static void nothing_remains(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope_of(&scope, (const char *const[]){"get_order_details", "get_order_details", "track_parcel"});
    assert_int_equal(attack_difference.run(&scope, &results, NULL), OK);
    assert_int_equal(results.count, 11);
    traces_controls(&results, CONTROL_PASSED);
    const struct audit_result *remains = traces_result(&results, "difference.erasure.remains");
    assert_true(remains->samples > 10 && remains->hits == 0);
    assert_int_equal(traces_result(&results, "difference.suspension.remains")->hits, 0);
    assert_int_equal(traces_result(&results, "difference.withdrawal.remains")->hits, 0);
    assert_true(remains->samples < 40); /* in some worlds there was nothing that had to go */
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* As much is known of the member that it happened to as of any other. */
static void as_much_is_known(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct worlds worlds;
    struct random_seeded drawn;
    struct random random = random_seeded_start(&drawn, 1);
    size_t of_who = 0, of_other = 0;
    traces_scope(&scope);
    assert_int_equal(worlds_open(&scope, NULL, 0, &worlds, NULL), OK);
    for (int i = 0; i < 4000; i++) {
        struct story story = {.event = (enum event)(i % EVENTS)};
        assert_int_equal(story_draw(&worlds, random, &story), OK);
        for (size_t t = 0; t < story.known.count; t++) {
            of_who += story.known.in[t] && worlds.tasks[t].tenant == story.who;
            of_other += story.known.in[t] && worlds.tasks[t].tenant == story.other;
        }
        story_free(&story);
    }
    /* both 6,000 on average, with a deviation of 67 each */
    assert_true(of_who > 5600 && of_who < 6400 && of_other > 5600 && of_other < 6400);
    worlds_close(&worlds);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_remains),
        cmocka_unit_test(as_much_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
