/* The sweep. Hides where the folders lie, and how a vault is opened on a copy of another's. */
#include "tests/server/noised.h"
#include "tests/faults/trial.h"

#include <signal.h>
#include <unistd.h>

#include "tests/faults/memory.h"

#define WHEN "a booking is refused because payments do not add up"
#define ACT "recompute bags and insurance before charging more"

/* What is being tried: for the line that a failure prints, also when the process is aborting. */
static char where[200];

int trial_end(void **state)
{
    (void)state;
    if (where[0])
        print_error("%s", where);
    where[0] = 0;
    return 0;
}

static void on_abort(int number)
{
    if (write(STDERR_FILENO, where, strlen(where)) > 0)
        signal(number, SIG_DFL);
}

/* --- asking --- */

enum status trial_ask(struct trial *trial, struct house *house, enum role from, enum message_type type,
                      struct bytes payload)
{
    SCOPED_BUF struct buf reply = {0};
    struct reply read;
    enum status status = house_ask(house->vault, &house->distiller, from, type, payload, &reply);
    trial->must_stop = status != OK || house->vault->must_stop;
    TRY(status);
    assert_int_equal(reply_read(buf_bytes(&reply), &read), OK);
    if (read.status != OK)
        return read.status;
    buf_clear(&trial->answer);
    buf_add(&trial->answer, read.body);
    return OK;
}

enum status trial_command(struct trial *trial, struct house *house, const char *command)
{
    return trial_ask(trial, house, ROLE_SUPERVISOR, MESSAGE_ADMIN, bytes_str(command));
}

/* --- the faults --- */

enum fault_kind { FAULT_CUT, FAULT_DISK, FAULT_MEMORY };
static const struct fault {
    const char *name;
    enum fault_kind kind;
    enum disk_fault disk; /* of FAULT_DISK */
    enum disk_cut cut;    /* of FAULT_CUT */
} faults[] = {
    {"the power is cut, nothing unsynced is kept", FAULT_CUT, DISK_SOUND, CUT_DROPPED},
    {"the power is cut, sectors are torn", FAULT_CUT, DISK_SOUND, CUT_TORN},
    {"the process is killed", FAULT_CUT, DISK_SOUND, CUT_KEPT},
    {"an operation on the disk fails", FAULT_DISK, DISK_FAILS, CUT_KEPT},
    {"an operation on the disk fails half done", FAULT_DISK, DISK_TEARS, CUT_KEPT},
    {"the disk is full", FAULT_DISK, DISK_FULL, CUT_KEPT},
    {"an allocation fails", FAULT_MEMORY, DISK_SOUND, CUT_KEPT},
};

#define FAULTS (sizeof faults / sizeof *faults)

/* --- the common house: three members, a library, a withdrawal, a charge --- */

static void share(struct trial *trial, size_t member, uint8_t id)
{
    SCOPED_BUF struct buf record = {0}, receipt = {0};
    house_record(WHEN, ACT, (uint8_t)(10 * member + id), &record);
    assert_int_equal(house_send(&trial->house, &trial->house.members[member], id, buf_bytes(&record), &receipt), OK);
    book_enter(&trial->book, &trial->house, member, id, ENVELOPE_CONTRIBUTION, buf_bytes(&receipt));
    book_checkpoint(&trial->book, &trial->house);
}

static void withdraw(struct trial *trial, size_t member, uint8_t id, uint8_t target)
{
    SCOPED_BUF struct buf receipt = {0};
    assert_int_equal(house_withdraw(&trial->house, &trial->house.members[member], id, target, &receipt), OK);
    book_enter(&trial->book, &trial->house, member, id, ENVELOPE_WITHDRAWAL, buf_bytes(&receipt));
    book_find(&trial->book, member, target)->is_gone = true;
}

static void share_noised(struct trial *trial, size_t member, uint8_t id)
{
    struct contribution noised = {.class = CLASS_NOISED, .noised = NOISED(1000)};
    SCOPED_BUF struct buf record = {0}, receipt = {0};
    assert_int_equal(contribution_encode(&noised, &record), OK);
    assert_int_equal(house_send(&trial->house, &trial->house.members[member], id, buf_bytes(&record), &receipt), OK);
    book_enter(&trial->book, &trial->house, member, id, ENVELOPE_CONTRIBUTION, buf_bytes(&receipt));
    trial->book.charged_micro[member] += noised.noised.epsilon_micro;
}

static void furnish(struct trial *trial)
{
    static const char *const names[] = {"acme", "globex", "initech"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        house_member(&trial->house, names[i]);
    for (size_t member = 0; member < 2; member++)
        for (uint8_t id = 1; id <= 2; id++)
            share(trial, member, id);
    json_free(house_command(&trial->house, "{\"command\":\"round\"}"));
    book_library(&trial->book, &trial->house);
    withdraw(trial, 1, 9, 2);
    share(trial, 2, 1);
    share_noised(trial, 2, 2);
    book_checkpoint(&trial->book, &trial->house);
}

/* --- folders --- */

static void open_house(struct house *house)
{
    struct vault_options options = house_options(house);
    struct why why = {0};
    enum status status = vault_open(&options, &house->vault, &why);
    if (status != OK)
        print_error("does not open: %s\n", why.what ? why.what : status_text(status));
    assert_int_equal(status, OK);
}

static void close_house(struct house *house)
{
    vault_close(house->vault);
    house->vault = NULL;
}

/* SQLCipher starts anew when the last database was closed, and its start takes every allocation for granted: this one
 * stays open meanwhile. */
static void keep_started(struct trial *trial)
{
    static const char *const migrations[] = {NULL};
    static const struct db_schema schema = {"kept open", migrations};
    SCOPED_SECRET struct secret key = {0};
    snprintf(trial->kept, sizeof trial->kept, "%s.kept", trial->house.folder);
    assert_int_equal(secret_random(&key, 32), OK);
    assert_int_equal(db_open(trial->kept, &key, &schema, &trial->kept_open, NULL), OK);
}

/* The prepared folder is what kill -9 leaves of a running house: what was not checkpointed is in the WAL. */
static void trial_prepare(struct trial *trial, const struct scenario *scenario)
{
    *trial = (struct trial){.book.leaving = HOUSE_MEMBERS};
    house_prepare(&trial->house, HOUSE_FOLDER);
    snprintf(trial->prepared, sizeof trial->prepared, "%s.prepared", trial->house.folder);
    snprintf(trial->image, sizeof trial->image, "%s.image", trial->house.folder);
    keep_started(trial);
    trial->house.policy.allow_noised = true;
    trial->house.policy.noise_epsilon_max_micro = 1000000;
    trial->house.policy.budget_epsilon_micro = 100000000;
    assert_int_equal(house_found(&trial->house, NULL), OK);
    furnish(trial);
    if (scenario->prepare)
        scenario->prepare(trial);
    disk_copy(trial->house.folder, trial->prepared);
    close_house(&trial->house);
}

static void trial_free(struct trial *trial)
{
    disk_watch(NULL);
    disk_remove(trial->prepared);
    disk_remove(trial->image);
    buf_free(&trial->message);
    buf_free(&trial->answer);
    db_close(trial->kept_open);
    unlink(trial->kept);
    house_free(&trial->house);
}

/* The disk is not simulated where allocations are counted: it makes its own. */
static void begin(struct trial *trial, const struct fault *fault)
{
    disk_watch(NULL);
    disk_copy(trial->prepared, trial->house.folder);
    if (fault->kind != FAULT_MEMORY)
        disk_watch(trial->house.folder);
    open_house(&trial->house);
}

/* --- what must hold --- */

/* OK, or what a repetition may be told. */
static void act_again(struct trial *trial, const struct scenario *scenario, struct house *house)
{
    enum status status = scenario->act(trial, house);
    if (status != OK && status != scenario->repeated)
        print_error("repeated: %s\n", status_text(status));
    assert_true(status == OK || status == scenario->repeated);
    if (status != OK)
        return;
    struct book book = trial->book;
    book.rows_in_flight = 0;
    book.micro_in_flight = 0;
    if (scenario->acknowledged)
        scenario->acknowledged(trial, &book);
    book_check(&book, house);
    if (scenario->holds)
        scenario->holds(trial, house);
}

static void open_image(const struct trial *trial, struct house *after)
{
    *after = trial->house;
    after->vault = NULL;
    snprintf(after->folder, sizeof after->folder, "%.255s", trial->image);
    open_house(after);
}

/* A vault on the image: the book is kept, and the operation can be done (again). */
static void check_image(struct trial *trial, const struct scenario *scenario, const struct book *book)
{
    struct house after;
    open_image(trial, &after);
    book_check(book, &after);
    if (book != &trial->book && scenario->holds)
        scenario->holds(trial, &after);
    act_again(trial, scenario, &after);
    close_house(&after);
}

static void check_cut(struct trial *trial, const struct scenario *scenario, const struct book *book, enum disk_cut cut)
{
    SCOPED_BUF struct buf answer = {0}; /* a repetition has its own */
    bool must_stop = trial->must_stop;
    buf_add(&answer, buf_bytes(&trial->answer));
    disk_image(trial->image, cut, trial->n);
    check_image(trial, scenario, book);
    buf_clear(&trial->answer);
    buf_add(&trial->answer, buf_bytes(&answer));
    trial->must_stop = must_stop;
}

/* The process is killed, or the power cut, right behind the answer. */
static void check_after(struct trial *trial, const struct scenario *scenario, enum status status)
{
    struct book book = trial->book;
    if (status == OK && scenario->acknowledged)
        scenario->acknowledged(trial, &book);
    const struct book *now = status == OK ? &book : &trial->book;
    check_cut(trial, scenario, now, status == OK ? CUT_DROPPED : CUT_KEPT);
    check_cut(trial, scenario, now, CUT_TORN);
}

/* The vault goes on where it can, and the operation succeeds now. */
static void go_on(struct trial *trial, const struct scenario *scenario)
{
    if (trial->must_stop) {
        close_house(&trial->house);
        open_house(&trial->house);
    }
    act_again(trial, scenario, &trial->house);
}

static void check_going_on(struct trial *trial, const struct scenario *scenario)
{
    go_on(trial, scenario);
    struct book book = trial->book;
    if (scenario->acknowledged)
        scenario->acknowledged(trial, &book);
    check_cut(trial, scenario, &book, CUT_DROPPED);
    close_house(&trial->house);
}

/* --- the sweep --- */

/* Whether there was an n-th to be hit. */
static bool try_cut(struct trial *trial, const struct scenario *scenario, const struct fault *fault, size_t n)
{
    begin(trial, fault);
    disk_arm(&(struct disk_plan){.at = n, .image = trial->image, .cut = fault->cut, .seed = n});
    enum status status = scenario->act(trial, &trial->house);
    bool is_hit = disk_mend() >= n;
    assert_int_equal(status, OK);
    if (!is_hit)
        disk_image(trial->image, fault->cut, n); /* right behind the answer */
    struct book book = trial->book;
    if (!is_hit && scenario->acknowledged)
        scenario->acknowledged(trial, &book);
    check_image(trial, scenario, is_hit ? &trial->book : &book);
    close_house(&trial->house);
    return is_hit;
}

static bool try_disk(struct trial *trial, const struct scenario *scenario, const struct fault *fault, size_t n)
{
    begin(trial, fault);
    disk_arm(&(struct disk_plan){.fault = fault->disk, .at = n});
    enum status status = scenario->act(trial, &trial->house);
    bool is_hit = disk_mend() >= n;
    assert_true(is_hit || status == OK);
    check_after(trial, scenario, status);
    check_going_on(trial, scenario);
    return is_hit;
}

static void note(struct trial *trial, const struct scenario *scenario, const struct fault *fault, size_t n)
{
    snprintf(where, sizeof where, "under \"%s\": %s, n = %zu\n", scenario->name, fault->name, n);
    trial->n = n;
    trial->must_stop = false;
    buf_clear(&trial->answer);
}

/* Which n are tried: from the first on, until one hits nothing or there were enough. */
struct span {
    size_t first, stride, most;
};

static size_t sweep_disk(struct trial *trial, const struct scenario *scenario, const struct fault *fault,
                         const struct span *span)
{
    bool (*try)(struct trial *, const struct scenario *, const struct fault *, size_t) =
        fault->kind == FAULT_CUT ? try_cut : try_disk;
    size_t hits = 0;
    for (size_t n = span->first; hits < span->most; n += span->stride) {
        note(trial, scenario, fault, n);
        if (!try(trial, scenario, fault, n))
            break;
        hits++;
    }
    return hits;
}

/* Whatever was refused meanwhile: the operation succeeds in this vault, and the next one on the folder knows of it. */
static void check_memory(struct trial *trial, const struct scenario *scenario)
{
    go_on(trial, scenario);
    struct book book = trial->book;
    if (scenario->acknowledged)
        scenario->acknowledged(trial, &book);
    close_house(&trial->house);
    open_house(&trial->house);
    book_check(&book, &trial->house);
    close_house(&trial->house);
}

#define CHECK_EVERY 40

/* What the disk holds is the business of the others: one vault goes on from failure to failure, and is looked at when
 * an operation succeeded although something had failed, and now and then. */
static size_t sweep_memory(struct trial *trial, const struct scenario *scenario, const struct fault *fault,
                           const struct span *span)
{
    size_t hits = 0;
    bool is_fresh = true;
    begin(trial, fault);
    for (size_t n = span->first;;) {
        note(trial, scenario, fault, n);
        memory_arm(n);
        enum status status = scenario->act(trial, &trial->house);
        bool is_hit = memory_mend() >= n, ends = !is_hit && is_fresh;
        bool is_done = status == OK || (status == scenario->repeated && !is_fresh);
        assert_true(is_hit || is_done);
        hits += is_hit;
        is_fresh = is_done || hits % CHECK_EVERY == 1;
        if (is_fresh)
            check_memory(trial, scenario);
        else if (trial->must_stop || hits == span->most)
            close_house(&trial->house);
        if (ends || hits == span->most)
            return hits;
        if (is_fresh)
            begin(trial, fault);
        else if (trial->must_stop)
            open_house(&trial->house);
        n += is_hit ? span->stride : 0; /* a vault that has opened and prepared things already asks for less */
    }
}

/* How many of a fault's occasions the operation has: so that a sample is spread over them. */
static size_t count(struct trial *trial, const struct scenario *scenario, const struct fault *fault)
{
    begin(trial, fault);
    if (fault->kind == FAULT_MEMORY)
        memory_arm(0);
    disk_arm(&(struct disk_plan){0});
    enum status status = scenario->act(trial, &trial->house);
    size_t occasions = disk_mend();
    if (fault->kind == FAULT_MEMORY)
        occasions = memory_mend();
    assert_int_equal(status, OK);
    close_house(&trial->house);
    return occasions;
}

/* A sample is one n of each fault, another for each; of a power cut also the one right behind the answer. */
static struct span span_of(const struct fault *fault, enum trial_depth depth, size_t occasions)
{
    size_t number = (size_t)(fault - faults), first = 1 + occasions * number / FAULTS;
    if (depth == TRIAL_ALL)
        return (struct span){.first = 1, .stride = 1, .most = SIZE_MAX};
    return (struct span){.first = first, .stride = occasions, .most = fault->kind == FAULT_CUT ? 2 : 1};
}

static size_t run_fault(struct trial *trial, const struct scenario *scenario, const struct fault *fault,
                        enum trial_depth depth)
{
    size_t occasions = count(trial, scenario, fault);
    struct span span = span_of(fault, depth, occasions);
    size_t met = fault->kind == FAULT_MEMORY ? sweep_memory(trial, scenario, fault, &span)
                                             : sweep_disk(trial, scenario, fault, &span);
    print_message("%s: %s: %zu of %zu\n", scenario->name, fault->name, met, occasions);
    return met;
}

size_t trial_run(const struct scenario *scenario, enum trial_depth depth)
{
    struct trial trial;
    size_t hits = 0;
    signal(SIGABRT, on_abort);
    trial_prepare(&trial, scenario);
    for (size_t i = 0; i < FAULTS; i++)
        hits += run_fault(&trial, scenario, &faults[i], depth);
    trial_free(&trial);
    where[0] = 0;
    return hits;
}

bool trial_finds_a_loss(void)
{
    static const struct fault lies = {"fsync does nothing", FAULT_DISK, DISK_LIES, CUT_DROPPED};
    const struct scenario *contribute = &scenarios[0];
    struct trial trial;
    trial_prepare(&trial, contribute);
    note(&trial, contribute, &lies, 0);
    begin(&trial, &lies);
    disk_arm(&(struct disk_plan){.fault = DISK_LIES});
    assert_int_equal(contribute->act(&trial, &trial.house), OK);
    disk_mend();
    disk_image(trial.image, CUT_DROPPED, 0);
    struct book book = trial.book;
    contribute->acknowledged(&trial, &book);
    struct house after;
    open_image(&trial, &after);
    bool is_kept = book_is_stored(&book.receipts[book.receipt_count - 1], &after);
    bool others = book_is_stored(&book.receipts[0], &after);
    close_house(&after);
    close_house(&trial.house);
    trial_free(&trial);
    where[0] = 0;
    return others && !is_kept;
}
