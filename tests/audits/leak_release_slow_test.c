/* replaces: dp_gaussian worlds_round crowd_say_surely world_share_item */
/* Whole rounds of mode `dp` with half of their noise are found by the attack on the library; as they are, nothing is.
 * Where the worlds release nothing, or refuse what the attack counts on, there is nothing to guess from, and that is no
 * pass. */
#include "audits/epsilon/crowd.h"
#include "dp/gaussian.h"
#include "tests/audits/traces.h"

static bool leaks;
static enum { ALL_COME_OUT, NONE_COME_OUT, SURE_ONES_COME_OUT } server;
static bool is_sure; /* of a trial, which is a process of its own */
int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);
int64_t __real_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance);

int64_t __wrap_dp_gaussian(struct dp_stream *stream, struct dp_ratio variance)
{
    if (leaks && variance.numerator >= 4)
        variance.numerator /= 4;
    return __real_dp_gaussian(stream, variance);
}

enum status __wrap_crowd_say_surely(struct crowd *crowd, size_t *said);
enum status __real_crowd_say_surely(struct crowd *crowd, size_t *said);

enum status __wrap_crowd_say_surely(struct crowd *crowd, size_t *said)
{
    is_sure = true;
    return __real_crowd_say_surely(crowd, said);
}

enum status __wrap_worlds_round(struct worlds *worlds, struct library *out);
enum status __real_worlds_round(struct worlds *worlds, struct library *out);

enum status __wrap_worlds_round(struct worlds *worlds, struct library *out)
{
    enum status status = __real_worlds_round(worlds, out);
    if (server == NONE_COME_OUT || (server == SURE_ONES_COME_OUT && !is_sure)) {
        library_free(out);
        *out = (struct library){0};
    }
    return status;
}

static size_t refused = SIZE_MAX; /* member: targets come first, then the colluders */
enum status __wrap_world_share_item(struct world *world, size_t tenant, const struct prepared_item *item,
                                    bool *accepted);
enum status __real_world_share_item(struct world *world, size_t tenant, const struct prepared_item *item,
                                    bool *accepted);

enum status __wrap_world_share_item(struct world *world, size_t tenant, const struct prepared_item *item,
                                    bool *accepted)
{
    enum status status = __real_world_share_item(world, tenant, item, accepted);
    *accepted = *accepted && tenant != refused;
    return status;
}

static void measure(enum verdict verdict, enum control control)
{
    struct audit_scope scope = {.seed = 9, .k = 2};
    struct audit_results results = {0};
    assert_int_equal(attack_epsilon_release.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "epsilon.release");
    print_message("%s: %g of %g, %zu canaries\n", verdict_name(result->verdict), result->low, result->limit,
                  result->samples);
    assert_int_equal(result->verdict, verdict);
    assert_int_equal(result->control, control);
    audit_results_free(&results);
}

static void halved_noise_is_found(void **state)
{
    (void)state;
    measure(VERDICT_NO_LEAK_ABOVE, CONTROL_PASSED);
    leaks = true;
    measure(VERDICT_LEAK, CONTROL_PASSED);
    leaks = false;
}

static void an_empty_library_is_no_pass(void **state)
{
    (void)state;
    server = NONE_COME_OUT;
    measure(VERDICT_NOT_EVALUATED, CONTROL_FAILED);
    server = SURE_ONES_COME_OUT;
    measure(VERDICT_NOT_EVALUATED, CONTROL_UNDECIDED);
}

static void refused_is_no_pass(void **state)
{
    (void)state;
    enum { TARGET = 5, COLLUDER = 300 };
    server = ALL_COME_OUT;
    refused = TARGET;
    measure(VERDICT_NOT_EVALUATED, CONTROL_NONE);
    refused = COLLUDER;
    measure(VERDICT_NOT_EVALUATED, CONTROL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(halved_noise_is_found),
                                       cmocka_unit_test(an_empty_library_is_no_pass),
                                       cmocka_unit_test(refused_is_no_pass)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
