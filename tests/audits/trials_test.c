/* Trials: the same outcome over however many processes, kept over a stop, and a failure is never passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "audits/kept.h"
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
    out[2] += (double)work->touched++;
    return OK;
}

static double *outcome(unsigned jobs, enum trial_place place, const struct kept *kept, size_t *ran)
{
    struct work work = {.fails_at = SIZE_MAX};
    struct audit_scope scope = {.seed = 7, .jobs = jobs, .kept = kept};
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

/* --- kept over a stop --- */

struct place {
    char folder[64], path[96];
    struct kept kept;
};

static void place_make(struct place *place)
{
    *place = (struct place){.folder = "/tmp/chatham-trials-XXXXXX", .kept = {.key = {1}}};
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->path, sizeof place->path, "%s/test.trials", place->folder);
    place->kept.folder = place->folder;
}

static void place_remove(const struct place *place)
{
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(rmdir(place->folder), 0);
}

static void kept(void **state)
{
    (void)state;
    struct place place;
    struct work work = {.fails_at = 120};
    struct audit_scope scope = {.seed = 7, .jobs = 2};
    struct trials trials = {.name = "test", .count = COUNT, .numbers = 3, .run = run, .context = &work};
    double *out = NULL;
    size_t ran = 0;
    place_make(&place);
    scope.kept = &place.kept;
    assert_int_equal(trials_run(&scope, &trials, &out, NULL), ERR_CORRUPT); /* stopped on its way */
    SCOPED_MEM double *rest = outcome(2, TRIAL_IN_WORKER, &place.kept, &ran);
    assert_true(ran > 0 && ran < COUNT);
    SCOPED_MEM double *none = outcome(2, TRIAL_IN_WORKER, &place.kept, &ran);
    assert_int_equal(ran, 0);
    SCOPED_MEM double *fresh = outcome(1, TRIAL_IN_WORKER, NULL, NULL);
    alike(rest, fresh);
    alike(none, fresh);
    work.fails_at = SIZE_MAX;
    trials.parameters = 1; /* what was kept belongs to other parameters */
    assert_int_equal(trials_run(&scope, &trials, &out, &ran), OK);
    assert_int_equal(ran, COUNT);
    mem_free(out);
    place_remove(&place);
}

/* The key is over the program, the policy and whatever else outcomes turn on. */
static void another_key_runs_them_again(void **state)
{
    (void)state;
    struct place place;
    size_t ran = 0;
    place_make(&place);
    SCOPED_MEM double *first = outcome(2, TRIAL_IN_WORKER, &place.kept, &ran);
    assert_int_equal(ran, COUNT);
    place.kept.key[HASH_BYTES - 1] ^= 1;
    SCOPED_MEM double *second = outcome(2, TRIAL_IN_WORKER, &place.kept, &ran);
    assert_int_equal(ran, COUNT);
    SCOPED_MEM double *third = outcome(2, TRIAL_IN_WORKER, &place.kept, &ran);
    assert_int_equal(ran, 0);
    place_remove(&place);
}

static void change(const char *path, off_t at, uint8_t by)
{
    uint8_t byte = 0;
    int file = open(path, O_RDWR | O_CLOEXEC);
    assert_true(file >= 0 && pread(file, &byte, 1, at) == 1);
    byte ^= by;
    assert_int_equal(pwrite(file, &byte, 1, at), 1);
    close(file);
}

/* Every byte of the file changed by itself, a few at a time: of no trial are changed numbers taken. */
static void what_was_changed_is_run_again(void **state)
{
    (void)state;
    struct place place;
    size_t ran = 0;
    place_make(&place);
    SCOPED_MEM double *fresh = outcome(1, TRIAL_IN_WORKER, &place.kept, NULL);
    int file = open(place.path, O_RDONLY | O_CLOEXEC);
    off_t size = lseek(file, 0, SEEK_END);
    close(file);
    assert_true(size > COUNT * 4 * 8);
    for (off_t at = 0; at < size; at += 61) {
        change(place.path, at, 0x40);
        SCOPED_MEM double *again = outcome(1, TRIAL_IN_WORKER, &place.kept, &ran);
        alike(again, fresh);
        assert_true(ran <= 1 || at < HASH_BYTES); /* in the key: all */
        assert_true(ran > 0 || at < size - COUNT * 4 * 8);
    }
    const off_t sizes[] = {0, 1, HASH_BYTES, size / 2, size - 1, size + 8};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_int_equal(truncate(place.path, sizes[i]), 0);
        SCOPED_MEM double *again = outcome(2, TRIAL_IN_WORKER, &place.kept, &ran);
        alike(again, fresh);
        assert_int_equal(ran, COUNT);
    }
    place_remove(&place);
}

/* --- workers that end --- */

struct ending {
    pid_t parent;
    atomic_bool *has_ended; /* shared: a worker took a trial and is about to end */
    bool by_signal;
};

/* The parent waits until another has a trial. */
static enum status end_or_wait(void *context, size_t trial, struct random random, double *out)
{
    const struct ending *ending = context;
    (void)trial, (void)random;
    if (getpid() != ending->parent) {
        *ending->has_ended = true;
        if (ending->by_signal)
            raise(SIGKILL); /* as where memory runs out */
        _exit(0);
    }
    while (!*ending->has_ended)
        sched_yield();
    out[0] = 1;
    return OK;
}

static void nothing_comes_of_a_worker_that_ends(void **state)
{
    (void)state;
    struct ending ending = {.parent = getpid()};
    struct audit_scope scope = {.seed = 7, .jobs = 2};
    struct trials trials = {.name = "test", .count = 20, .numbers = 1, .run = end_or_wait, .context = &ending};
    ending.has_ended = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(ending.has_ended != MAP_FAILED);
    for (unsigned i = 0; i < 4; i++) {
        double *out = NULL;
        ending.by_signal = i % 2;
        trials.place = i < 2 ? TRIAL_IN_WORKER : TRIAL_FORKED;
        *ending.has_ended = false;
        assert_int_equal(trials_run(&scope, &trials, &out, NULL), ERR_IO);
        assert_null(out);
    }
    munmap(ending.has_ended, 4096);
}

/* --- two runs of one folder --- */

static bool takes_lock(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool takes = flock(file, LOCK_EX | LOCK_NB) == 0;
    close(file);
    return takes;
}

static void a_second_run_is_told(void **state)
{
    (void)state;
    struct place place;
    struct work work = {.fails_at = SIZE_MAX};
    struct audit_scope scope = {.seed = 7, .jobs = 2, .kept = &place.kept};
    struct trials trials = {.name = "test", .count = COUNT, .numbers = 3, .run = run, .context = &work};
    double *out = NULL;
    place_make(&place);
    int other = open(place.path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(trials_run(&scope, &trials, &out, NULL), ERR_UNAVAILABLE);
    assert_null(out);
    close(other);
    assert_int_equal(trials_run(&scope, &trials, &out, NULL), OK);
    mem_free(out);
    assert_true(takes_lock(place.path));
    place_remove(&place);
}

static enum status never_ends(void *context, size_t trial, struct random random, double *out)
{
    atomic_size_t *begun = context;
    (void)trial, (void)random, (void)out;
    atomic_fetch_add(begun, 1);
    sleep(60);
    return ERR_BUG;
}

static pid_t start_one_that_never_ends(const struct place *place, enum trial_place where, atomic_size_t *begun)
{
    pid_t child = fork();
    if (child == 0) {
        struct audit_scope scope = {.seed = 7, .jobs = 3, .kept = &place->kept};
        struct trials trials = {
            .name = "test", .count = COUNT, .numbers = 3, .place = where, .run = never_ends, .context = begun};
        double *out = NULL;
        _exit((int)trials_run(&scope, &trials, &out, NULL));
    }
    return child;
}

/* The lock is held until the last of them has ended. */
static void workers_end_with_a_run_that_is_killed(void **state)
{
    (void)state;
    const struct timespec pause = {0, 20000000};
    atomic_size_t *begun = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(begun != MAP_FAILED);
    for (enum trial_place where = TRIAL_IN_WORKER; where <= TRIAL_FORKED; where++) {
        struct place place;
        place_make(&place);
        *begun = 0;
        pid_t child = start_one_that_never_ends(&place, where, begun);
        assert_true(child > 0);
        while (*begun < 3)
            sched_yield();
        assert_false(takes_lock(place.path));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        bool ended = false;
        for (size_t i = 0; i < 500 && !ended; i++, nanosleep(&pause, NULL))
            ended = takes_lock(place.path);
        assert_true(ended);
        place_remove(&place);
    }
    munmap(begun, 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_processes),
        cmocka_unit_test(failures),
        cmocka_unit_test(kept),
        cmocka_unit_test(another_key_runs_them_again),
        cmocka_unit_test(what_was_changed_is_run_again),
        cmocka_unit_test(nothing_comes_of_a_worker_that_ends),
        cmocka_unit_test(a_second_run_is_told),
        cmocka_unit_test(workers_end_with_a_run_that_is_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
