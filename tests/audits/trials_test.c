/* Trials: the same outcome over however many processes, kept over a stop, and a failure is never passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "audits/trials.h"

#define COUNT 200

struct work {
    size_t fails_at; /* SIZE_MAX: none */
    size_t touched;  /* by trials that ran in this process or one that it became */
};

static enum status run(void *context, size_t trial, struct random random, double *out)
{
    struct work *work = context;
    if (trial == work->fails_at)
        return ERR_CORRUPT;
    out[0] = (double)trial;
    out[1] = random_unit(random);
    out[2] = (double)work->touched++;
    return OK;
}

static double *outcome(unsigned jobs, enum trial_place place, const char *folder, size_t *ran)
{
    struct work work = {.fails_at = SIZE_MAX};
    struct audit_scope scope = {.seed = 7, .jobs = jobs, .work = folder};
    struct trials trials = {.name = "test", .count = COUNT, .numbers = 3, .place = place, .run = run, .context = &work};
    double *out = NULL;
    assert_int_equal(trials_run(&scope, &trials, &out, ran), OK);
    return out;
}

static void alike(const double *one, const double *other)
{
    for (size_t i = 0; i < COUNT; i++)
        assert_true(one[3 * i] == (double)i && one[3 * i] == other[3 * i] && one[3 * i + 1] == other[3 * i + 1]);
}

static void any_number_of_processes(void **state)
{
    (void)state;
    SCOPED_MEM double *one = outcome(1, TRIAL_IN_WORKER, NULL, NULL);
    SCOPED_MEM double *three = outcome(3, TRIAL_IN_WORKER, NULL, NULL);
    SCOPED_MEM double *forked = outcome(2, TRIAL_FORKED, NULL, NULL);
    alike(one, three);
    alike(one, forked);
    assert_true(one[3 * (COUNT - 1) + 2] == COUNT - 1);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(forked[3 * i + 2] == 0); /* none saw what another had changed */
}

static void failures(void **state)
{
    (void)state;
    struct work work = {.fails_at = 120};
    double *out = NULL;
    for (unsigned jobs = 1; jobs <= 3; jobs += 2) {
        struct audit_scope scope = {.seed = 7, .jobs = jobs};
        struct trials trials = {.name = "test", .count = COUNT, .numbers = 3, .run = run, .context = &work};
        assert_int_equal(trials_run(&scope, &trials, &out, NULL), ERR_CORRUPT);
        trials.place = TRIAL_FORKED;
        assert_int_equal(trials_run(&scope, &trials, &out, NULL), ERR_CORRUPT);
    }
}

static void kept(void **state)
{
    (void)state;
    char folder[] = "/tmp/chatham-trials-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    struct work work = {.fails_at = 120};
    struct audit_scope scope = {.seed = 7, .jobs = 2, .work = folder};
    struct trials trials = {.name = "test", .count = COUNT, .numbers = 3, .run = run, .context = &work};
    double *out = NULL;
    size_t ran = 0;
    assert_int_equal(trials_run(&scope, &trials, &out, NULL), ERR_CORRUPT); /* stopped on its way */
    SCOPED_MEM double *rest = outcome(2, TRIAL_IN_WORKER, folder, &ran);
    assert_true(ran > 0 && ran < COUNT);
    SCOPED_MEM double *none = outcome(2, TRIAL_IN_WORKER, folder, &ran);
    assert_int_equal(ran, 0);
    SCOPED_MEM double *fresh = outcome(1, TRIAL_IN_WORKER, NULL, NULL);
    alike(rest, fresh);
    alike(none, fresh);
    work.fails_at = SIZE_MAX;
    trials.parameters = 1; /* what was kept belongs to other parameters */
    assert_int_equal(trials_run(&scope, &trials, &out, &ran), OK);
    assert_int_equal(ran, COUNT);
    mem_free(out);
    snprintf(path, sizeof path, "%s/test.trials", folder);
    unlink(path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_processes),
        cmocka_unit_test(failures),
        cmocka_unit_test(kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
