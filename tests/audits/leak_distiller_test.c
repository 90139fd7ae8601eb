/* A seeded leak: a distiller that quotes one candidate instead of saying what a group has in common, behind clients
 * that copy errors. The recount publishes nothing of it; where it forgets to count tenants, planted sentences are in
 * the library and found. */
/* replaces: error_words check_phrase check_candidate distiller_embedded release_recount */
#include "tests/audits/traces.h"

#include "insight/check.h"
#include "insight/phrases.h"
#include "insight/release_internal.h"

static bool forgets;

/* --- clients that copy --- */

bool __wrap_error_words(const char *result, char out[static SLOT_MAX]);
bool __wrap_error_words(const char *result, char out[static SLOT_MAX])
{
    snprintf(out, SLOT_MAX, "%.*s", (int)strcspn(result, "\n"), result);
    return *out != 0;
}

enum status __wrap_check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason);
enum status __wrap_check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason)
{
    (void)index;
    (void)phrase;
    (void)reason;
    return OK;
}

enum status __wrap_check_candidate(const struct check_index *index, const struct candidate *candidate,
                                   enum drop_reason *reason);
enum status __wrap_check_candidate(const struct check_index *index, const struct candidate *candidate,
                                   enum drop_reason *reason)
{
    (void)index;
    (void)candidate;
    (void)reason;
    return OK;
}

/* --- a distiller that quotes --- */

static enum status quote(void *state, const struct candidate *candidates, size_t count,
                         const struct distil_options *options, struct proposals *out)
{
    (void)state;
    (void)options;
    *out = (struct proposals){.items = mem_new(count + 1, sizeof *out->items)};
    assert_non_null(out->items);
    for (; out->count < count; out->count++) {
        struct proposal *proposal = &out->items[out->count];
        assert_int_equal(candidate_copy(&candidates[out->count], &proposal->text), OK);
        memset(proposal->text.task, 0, sizeof proposal->text.task);
        proposal->support = mem_new(1, sizeof *proposal->support);
        assert_non_null(proposal->support);
        proposal->support[0] = (uint32_t)out->count;
        proposal->support_count = 1;
    }
    return OK;
}

struct distiller __wrap_distiller_embedded(void);
struct distiller __wrap_distiller_embedded(void)
{
    return (struct distiller){.name = "quotes/1", .distil = quote};
}

/* --- a recount that forgets --- */

enum status __real_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason);
enum status __wrap_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason);
enum status __wrap_release_recount(const struct release_input *input, const struct phrase_table *table,
                                   const struct proposal *proposal, struct selected *out, size_t *phrases_dropped,
                                   enum withheld_reason *reason)
{
    struct policy lax = *input->policy;
    struct release_input as_lax = *input;
    lax.k = 1;
    as_lax.policy = &lax;
    return __real_release_recount(forgets ? &as_lax : input, table, proposal, out, phrases_dropped, reason);
}

static void expect(enum verdict release)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_planted.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "planted.contribution")->verdict, VERDICT_LEAK);
    assert_int_equal(traces_result(&results, "planted.release")->verdict, release);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void found_when_seeded(void **state)
{
    (void)state;
    forgets = false;
    expect(VERDICT_NO_LEAK_ABOVE);
    forgets = true;
    expect(VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(found_when_seeded)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
