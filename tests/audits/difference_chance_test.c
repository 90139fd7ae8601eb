/* Where nothing is to be told nothing is: what changes is drawn by chance, or nothing has to go. */
/* replaces: worlds_begin lessons_of_lost */
#include "tests/audits/traces.h"

#include "audits/linkage/lessons.h"
#include "dp/proportion.h"

static const char *const tools[] = {"get_order_details", "find_invoice", "track_parcel",
                                    "book_slot",         "read_meter",   "close_account"};
#define TOOLS (sizeof tools / sizeof *tools)

static bool is_by_chance;
static struct random_seeded seeded;
static struct random chance;

enum status __real_worlds_begin(struct worlds *worlds, struct random random);
enum status __wrap_worlds_begin(struct worlds *worlds, struct random random);
enum status __wrap_worlds_begin(struct worlds *worlds, struct random random)
{
    if (is_by_chance)
        chance = random_seeded_start(&seeded, random_u64(random));
    return __real_worlds_begin(worlds, random);
}

enum status __real_lessons_of_lost(const struct library *library, const struct library *other, struct lessons *out);
enum status __wrap_lessons_of_lost(const struct library *library, const struct library *other, struct lessons *out);
enum status __wrap_lessons_of_lost(const struct library *library, const struct library *other, struct lessons *out)
{
    char tool[32];
    struct candidate changed = {.kind = CANDIDATE_RECOVERY, .tool = tool};
    if (!is_by_chance)
        return __real_lessons_of_lost(library, other, out);
    snprintf(tool, sizeof tool, "%s", tools[random_below(chance, TOOLS)]);
    *out = (struct lessons){0};
    return lessons_add(out, &changed);
}

/* Every tenant has a task of each tool. Who has more known of it than the other would be named more often. */
static void nobody_is_told(void **state)
{
    (void)state;
    static const char *const rows[] = {"difference.enrolment.who", "difference.suspension.who",
                                       "difference.erasure.who", "difference.withdrawal.who"};
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct audit_results results = {0};
    size_t hits = 0, samples = 0;
    for (size_t tenant = 0; tenant < TRACES_TENANTS; tenant++) {
        char name[32];
        SCOPED_BUF struct buf file = {0};
        snprintf(name, sizeof name, "merchant-%zu", tenant);
        assert_int_equal(audit_scope_tenant(&scope, name), OK);
        for (size_t task = 0; task < TOOLS; task++) {
            traces_run(&file, tools[task], tenant, task, true);
            traces_run(&file, tools[task], tenant, task, false);
        }
        assert_int_equal(audit_scope_file(&scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
    is_by_chance = true;
    assert_int_equal(attack_difference.run(&scope, &results, NULL), OK);
    is_by_chance = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        hits += traces_result(&results, rows[i])->hits;
        samples += traces_result(&results, rows[i])->samples;
    }
    struct interval named = dp_proportion_interval(hits, samples);
    printf("%zu of %zu named\n", hits, samples);
    assert_true(samples > 80 && named.low < .5 && named.high > .5);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

/* All teach the same, and any two are enough: nothing has to go. That is no failure of the search. */
static void nothing_has_to_go(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_difference.run(&scope, &results, NULL), OK);
    const struct audit_result *remains = traces_result(&results, "difference.erasure.remains");
    assert_int_equal(remains->samples, 0);
    assert_string_equal(remains->note, "in no world was anything released that had to go");
    traces_controls(&results, CONTROL_PASSED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_told),
        cmocka_unit_test(nothing_has_to_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
