/* Trials over forked workers. Hides where outcomes are put (shared memory, or a file of the work folder mapped shared)
 * and how workers take the next one (a counter that they share): a worker that is slow holds up nobody. */
#include "audits/trials.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/kept.h"
#include "base/clock.h"
#include "base/file.h"

#define WORKERS_MAX 64
#define TRIALS_BYTES_MAX (1u << 30)

/* At the head of the shared bytes; then a check a trial, and it is done where that agrees with its numbers; then the
 * numbers. A file whose pages were not all written, or that somebody changed, has trials that do not agree. */
struct board {
    uint8_t key[HASH_BYTES]; /* what the outcomes turn on */
    atomic_size_t next;
    atomic_size_t done;
    atomic_int failed; /* enum status of the first trial that failed */
};
struct run {
    const struct audit_scope *scope;
    const struct trials *trials;
    struct board *board;
    size_t size;
    int file; /* whose lock says that its trials are being run; -1: none */
    uint8_t key[HASH_BYTES];
    atomic_uint_least64_t *checks;
    double *numbers;
};

unsigned trials_jobs(const struct audit_scope *scope)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned jobs = scope->jobs ? scope->jobs : cores < 1 ? 1 : (unsigned)cores;
    return jobs > WORKERS_MAX ? WORKERS_MAX : jobs;
}

/* --- the board --- */

static void key_of(const struct run *run, uint8_t key[static HASH_BYTES])
{
    const struct trials *trials = run->trials;
    const struct kept *kept = run->scope->kept;
    uint64_t numbers[] = {2, run->scope->seed, trials->count, trials->numbers, trials->parameters};
    const struct bytes parts[] = {kept ? bytes_of(kept->key, HASH_BYTES) : BYTES_NONE,
                                  bytes_of(numbers, sizeof numbers), bytes_str(trials->name)};
    hash_sha256_parts(parts, 3, key);
}

static double *numbers_of(const struct run *run, size_t trial)
{
    return &run->numbers[trial * run->trials->numbers];
}

static uint64_t check_of(const struct run *run, size_t trial)
{
    uint64_t seed = 0;
    memcpy(&seed, run->key, sizeof seed);
    return hash_mix64(bytes_of(numbers_of(run, trial), run->trials->numbers * sizeof(double)), seed + trial);
}

static bool is_done(const struct run *run, size_t trial)
{
    return run->checks[trial] == check_of(run, trial);
}

static size_t count_done(const struct run *run)
{
    size_t done = 0;
    for (size_t i = 0; i < run->trials->count; i++)
        done += is_done(run, i);
    return done;
}

static enum status map_board(struct run *run, int file)
{
    int flags = file < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
    void *at = mmap(NULL, run->size, PROT_READ | PROT_WRITE, flags, file, 0);
    if (at == MAP_FAILED)
        return errno == ENOMEM ? ERR_MEMORY : ERR_IO;
    run->board = at;
    return OK;
}

static enum status open_kept(struct run *run)
{
    char path[4096], name[128];
    struct stat info;
    snprintf(name, sizeof name, "%s.trials", run->trials->name);
    TRY(path_join(path, sizeof path, run->scope->kept->folder, name));
    int file = run->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return ERR_IO;
    if (flock(file, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? ERR_UNAVAILABLE : ERR_IO;
    /* with its blocks: on a full disk a write to a mapped page would end the process */
    bool sized = fstat(file, &info) == 0 && ((size_t)info.st_size == run->size || ftruncate(file, 0) == 0) &&
                 posix_fallocate(file, 0, (off_t)run->size) == 0;
    return sized ? map_board(run, file) : ERR_IO;
}

static enum status open_board(struct run *run)
{
    const struct trials *trials = run->trials;
    if (trials->numbers == 0 || trials->count > TRIALS_BYTES_MAX / 16 / trials->numbers)
        return ERR_TOO_LARGE;
    size_t checks = trials->count * sizeof *run->checks;
    run->size = sizeof *run->board + checks + trials->count * trials->numbers * sizeof(double);
    TRY(run->scope->kept ? open_kept(run) : map_board(run, -1));
    key_of(run, run->key);
    if (memcmp(run->board->key, run->key, sizeof run->key) != 0) {
        memset(run->board, 0, run->size);
        memcpy(run->board->key, run->key, sizeof run->key);
    }
    uint8_t *start = (uint8_t *)(run->board + 1);
    run->checks = (atomic_uint_least64_t *)(void *)start;
    run->numbers = (double *)(void *)(start + checks);
    run->board->next = 0;
    run->board->done = count_done(run);
    run->board->failed = OK;
    return OK;
}

/* --- a trial --- */

static enum status run_trial(const struct run *run, size_t trial)
{
    struct random_seeded seeded;
    uint8_t digest[HASH_BYTES];
    uint64_t numbers[] = {run->scope->seed, trial}, seed = 0;
    const struct bytes parts[] = {bytes_of(numbers, sizeof numbers), bytes_str(run->trials->name)};
    hash_sha256_parts(parts, 2, digest);
    memcpy(&seed, digest, sizeof seed);
    double *out = numbers_of(run, trial);
    memset(out, 0, run->trials->numbers * sizeof *out); /* one that was stopped on its way may have left some */
    TRY(run->trials->run(run->trials->context, trial, random_seeded_start(&seeded, seed), out));
    run->checks[trial] = check_of(run, trial);
    return OK;
}

static enum status wait_for(pid_t child)
{
    int code = 0;
    while (waitpid(child, &code, 0) != child)
        if (errno != EINTR)
            return ERR_IO;
    if (!WIFEXITED(code) || WEXITSTATUS(code) > ERR_BUG)
        return ERR_IO;
    return (enum status)WEXITSTATUS(code);
}

/* A child that ends with its parent, also where that is killed: it would go on with trials that the next run does. By a
 * signal that lets it remove its temporary folders (audits/scratch.h). */
static pid_t fork_child(void)
{
    pid_t parent = getpid(), child = fork();
    if (child == 0 && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent))
        _exit(ERR_IO);
    return child;
}

static enum status fork_trial(const struct run *run, size_t trial)
{
    pid_t child = fork_child();
    if (child < 0)
        return ERR_IO;
    if (child == 0)
        _exit((int)run_trial(run, trial));
    return wait_for(child);
}

/* --- workers --- */

static enum status work(const struct run *run, bool shows)
{
    struct board *board = run->board;
    while (board->failed == OK) {
        size_t trial = atomic_fetch_add(&board->next, 1);
        if (trial >= run->trials->count)
            return OK;
        if (is_done(run, trial))
            continue;
        enum status status = run->trials->place == TRIAL_FORKED ? fork_trial(run, trial) : run_trial(run, trial);
        if (status != OK) {
            int none = OK;
            atomic_compare_exchange_strong(&board->failed, &none, (int)status);
            return status;
        }
        size_t done = atomic_fetch_add(&board->done, 1) + 1;
        if (shows)
            audit_progress(run->scope, run->trials->name, done, run->trials->count);
    }
    return (enum status)board->failed;
}

static enum status work_all(const struct run *run)
{
    unsigned workers = trials_jobs(run->scope);
    pid_t children[WORKERS_MAX] = {0};
    for (unsigned i = 1; i < workers; i++) {
        children[i] = fork_child();
        if (children[i] == 0)
            _exit((int)work(run, false));
    }
    enum status status = work(run, true);
    for (unsigned i = 1; i < workers; i++) {
        enum status other = children[i] > 0 ? wait_for(children[i]) : OK; /* one that did not start took nothing */
        if (status == OK)
            status = other;
    }
    return status;
}

static enum status run_all(const struct run *run, double **out, size_t *ran)
{
    size_t kept = run->board->done, all = run->trials->count * run->trials->numbers;
    enum status status = work_all(run);
    if (ran)
        *ran = run->trials->count - kept;
    TRY(status);
    if (count_done(run) < run->trials->count) /* whoever took one ended without a word of it */
        return ERR_IO;
    *out = mem_new(all + 1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    memcpy(*out, run->numbers, all * sizeof **out);
    return OK;
}

enum status trials_run(const struct audit_scope *scope, const struct trials *trials, double **out, size_t *ran)
{
    struct run run = {.scope = scope, .trials = trials, .file = -1};
    *out = NULL;
    enum status status = open_board(&run);
    if (status == OK)
        status = run_all(&run, out, ran);
    if (run.board)
        munmap(run.board, run.size);
    if (run.file >= 0)
        close(run.file);
    return status;
}

enum status trials_run_worlds(const struct audit_scope *scope, const struct trials *trials,
                              struct audit_results *results, double **out)
{
    uint64_t started = clock_ticks();
    size_t ran = 0;
    TRY(trials_run(scope, trials, out, &ran));
    audit_results_worlds(results, ran, started);
    return OK;
}
