/* Two seeded leaks: ids in the library that name the tenant, and a release that shows how one tenant spells. Each is
 * found by the attack meant for it, and by no other; without them neither is. */
/* replaces: recount_write library_check worlds_begin worlds_round */
#include "tests/audits/traces.h"

#include "audits/worlds.h"
#include "insight/library_check.h"
#include "insight/release_internal.h"

static enum { LEAK_NONE, LEAK_IDS, LEAK_SPELLING } leak;

enum status __real_recount_write(const struct recount *recount, struct insight *out);
enum status __wrap_recount_write(const struct recount *recount, struct insight *out);

/* Of the supporters, sorted by tenant, the first: of those who are all alike the one that enrolled first. */
enum status __wrap_recount_write(const struct recount *recount, struct insight *out)
{
    enum status status = __real_recount_write(recount, out);
    if (status != OK)
        return status;
    const struct supporter *first = &recount->supporters[0];
    if (leak == LEAK_IDS)
        out->id[0] ^= (uint8_t)first->row->tenant;
    if (leak == LEAK_SPELLING) {
        phrases_free(&out->text.when);
        const struct phrases *own = &recount->input->candidates[first->candidate].when;
        for (size_t i = 0; i < own->count && status == OK; i++)
            status = phrases_add(&out->text.when, own->items[i]);
    }
    return status;
}

enum status __real_library_check(const struct library *library, const struct redactor *redactor,
                                 const char *const *canaries, struct library_check *out);
enum status __wrap_library_check(const struct library *library, const struct redactor *redactor,
                                 const char *const *canaries, struct library_check *out);

/* Before a release is signed its ids are computed again, so that this leak would stop a server: it is out of order,
 * too.
 */
enum status __wrap_library_check(const struct library *library, const struct redactor *redactor,
                                 const char *const *canaries, struct library_check *out)
{
    enum status status = __real_library_check(library, redactor, canaries, out);
    if (leak != LEAK_IDS)
        return status;
    assert_int_equal(status, ERR_POLICY);
    return OK;
}

/* In three worlds of four nothing is released. */
static bool is_rare, is_silent;
enum status __real_worlds_begin(struct worlds *worlds, struct random random);
enum status __wrap_worlds_begin(struct worlds *worlds, struct random random);
enum status __wrap_worlds_begin(struct worlds *worlds, struct random random)
{
    is_silent = is_rare && random_below(random, 4) > 0;
    return __real_worlds_begin(worlds, random);
}

enum status __real_worlds_round(struct worlds *worlds, struct library *out);
enum status __wrap_worlds_round(struct worlds *worlds, struct library *out);
enum status __wrap_worlds_round(struct worlds *worlds, struct library *out)
{
    enum status status = __real_worlds_round(worlds, out);
    if (is_silent)
        library_free(out);
    return status;
}

static void expect(enum verdict names, enum verdict style)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_names.run(&scope, &results, NULL), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    for (size_t i = 0; i < results.count; i++)
        assert_int_equal(results.items[i].control, CONTROL_PASSED);
    assert_int_equal(traces_result(&results, "linkage.names")->verdict == VERDICT_LEAK, names == VERDICT_LEAK);
    assert_int_equal(traces_result(&results, "linkage.style")->verdict == VERDICT_LEAK, style == VERDICT_LEAK);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void no_leak(void **state)
{
    (void)state;
    leak = LEAK_NONE;
    expect(VERDICT_NOT_EVALUATED, VERDICT_NOT_EVALUATED);
}

static void ids(void **state)
{
    (void)state;
    leak = LEAK_IDS;
    expect(VERDICT_LEAK, VERDICT_LEAK); /* an id tells however a text is spelled */
}

/* What is certain whenever there is a library is found, however seldom there is one. */
static void seldom_ids(void **state)
{
    (void)state;
    leak = LEAK_IDS;
    is_rare = true;
    expect(VERDICT_LEAK, VERDICT_LEAK);
    is_rare = false;
}

static void spelling(void **state)
{
    (void)state;
    leak = LEAK_SPELLING;
    expect(VERDICT_NOT_EVALUATED, VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_leak),
        cmocka_unit_test(ids),
        cmocka_unit_test(seldom_ids),
        cmocka_unit_test(spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
