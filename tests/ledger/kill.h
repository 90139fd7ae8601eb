/* A process that charges is killed with SIGKILL at random moments, over and over, on one file: whatever it was told yes
 * for is charged, at most what it had begun is charged beside it, and the ledger agrees with what was put into the log
 * in the same transaction. */
#pragma once

#include "base/random.h"
#include "tests/ledger/ledger_fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define KILL_TENANTS 3
#define KILL_BATCH 10 /* charges of devices in one commit */
#define KILL_EPSILON 3

static const char *const kill_migrations[] = {LEDGER_MIGRATION, LEDGER_MIGRATION_FILTER,
                                              "CREATE TABLE told (number INTEGER PRIMARY KEY, content BLOB);", NULL};
static const struct db_schema kill_schema = {"ledger store", kill_migrations};

struct kill_done { /* what the child was told yes for, once it had been */
    uint32_t rounds, batches;
};

struct kill_book {
    char path[64];
    struct secret key;
    struct db *db;
    struct ledger *ledger;
    struct random random;
    struct kill_done promised;
    size_t cut; /* kills that left something begun */
};

static inline enum status kill_tell(void *context, const struct ledger_anchor *anchor)
{
    struct kill_book *book = context;
    SCOPED_BUF struct buf content = {0};
    TRY(ledger_anchor_encode(anchor, &content));
    return db_exec(book->db, "INSERT INTO told (number, content) VALUES (?, ?)", "ib", (int64_t)anchor->number,
                   buf_bytes(&content));
}

static inline void kill_open(struct kill_book *book)
{
    struct ledger_terms terms = book_terms(LEDGER_MOST, LEDGER_MOST);
    terms.anchor = kill_tell;
    terms.context = book;
    assert_int_equal(db_open(book->path, &book->key, &kill_schema, &book->db, NULL), OK);
    assert_int_equal(ledger_open(book->db, &terms, &book->ledger, NULL), OK);
}

static inline void kill_close(struct kill_book *book)
{
    ledger_close(book->ledger);
    db_close(book->db);
}

/* --- the child --- */

static inline enum status kill_batch(struct kill_book *book, uint32_t number)
{
    for (uint8_t i = 0; i < KILL_BATCH; i++) {
        uint8_t tenant = i % KILL_TENANTS;
        struct ledger_local local =
            book_local(bytes_of(&tenant, 1), bytes_of(&i, 1), 0, ledger_loss_of_pure(EPSILON(KILL_EPSILON)));
        memcpy(local.key, &number, sizeof number);
        TRY(ledger_queue(book->ledger, &local, NOW, NULL));
    }
    return ledger_flush(book->ledger);
}

__attribute__((noreturn)) static inline void kill_charge(struct kill_book *book, struct kill_done done, int out)
{
    struct ledger_round round;
    kill_open(book);
    for (;;) {
        uint64_t last = 0;
        if (ledger_last_round(book->ledger, &last) != OK ||
            ledger_charge_round(book->ledger, last + 1, ledger_loss_of_zcdp(RHO(5)), NOW, &round, NULL) != OK)
            _exit(1);
        done.rounds++;
        if (write(out, &done, sizeof done) != sizeof done ||
            kill_batch(book, done.batches + 1000000 * done.rounds) != OK)
            _exit(1);
        done.batches++;
        if (write(out, &done, sizeof done) != sizeof done)
            _exit(1);
    }
}

/* --- the parent --- */

static inline void kill_one(struct kill_book *book)
{
    int ends[2];
    struct kill_done done;
    const struct timespec wait = {0, (long)random_below(book->random, 12000000)};
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        kill_charge(book, book->promised, ends[1]);
    close(ends[1]);
    nanosleep(&wait, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status)); /* it ended by us */
    while (read(ends[0], &done, sizeof done) == (ssize_t)sizeof done)
        book->promised = done;
    close(ends[0]);
}

static inline int64_t kill_number(struct kill_book *book, const char *sql)
{
    int64_t number = -1;
    assert_int_equal(db_row(book->db, sql, ":i", &number), OK);
    return number;
}

/* Everything that was promised is charged; what is charged beside it was begun. Then all of it counts as promised. */
static inline void kill_check(struct kill_book *book)
{
    struct ledger_anchor told;
    SCOPED_BUF struct buf content = {0};
    kill_open(book);
    int64_t rounds = kill_number(book, "SELECT count(*) FROM ledger_round");
    int64_t charges = kill_number(book, "SELECT local_count FROM ledger_state");
    int64_t pure = kill_number(book, "SELECT ifnull(sum(epsilon), 0) FROM ledger_member");
    assert_in_range(rounds, book->promised.rounds, book->promised.rounds + 1);
    assert_in_range(charges, KILL_BATCH * book->promised.batches, KILL_BATCH * (book->promised.batches + 1));
    assert_int_equal(charges % KILL_BATCH, 0); /* whole batches */
    assert_int_equal(pure, KILL_EPSILON * charges);
    assert_int_equal(book_rho(&(struct book){.ledger = book->ledger}, acme), 5 * rounds);
    enum status status = db_row(book->db, "SELECT content FROM told ORDER BY number DESC LIMIT 1", ":b", &content);
    assert_true(status == OK || (status == ERR_NOT_FOUND && rounds == 0));
    if (status == OK)
        assert_int_equal(ledger_anchor_decode(buf_bytes(&content), &told), OK);
    assert_int_equal(ledger_compare(book->ledger, status == OK ? &told : NULL, NULL), OK);
    book->cut += rounds > book->promised.rounds || charges > KILL_BATCH * book->promised.batches;
    book->promised = (struct kill_done){(uint32_t)rounds, (uint32_t)(charges / KILL_BATCH)};
    kill_close(book);
}

static inline void kill_run(size_t kills, uint64_t seed)
{
    char command[160];
    struct random_seeded seeded;
    struct kill_book book = {0};
    snprintf(book.path, sizeof book.path, "%s/chatham-ledger-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    int fd = mkstemp(book.path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(secret_new(&book.key, 32), OK);
    book.random = random_seeded_start(&seeded, seed);
    for (size_t i = 0; i < kills; i++) {
        kill_one(&book);
        kill_check(&book);
    }
    print_message("%zu kills: %u rounds and %u batches charged; %zu kills after the commit, before its answer\n", kills,
                  book.promised.rounds, book.promised.batches, book.cut);
    assert_true(book.promised.rounds > kills / 10); /* it got to charge at all */
    snprintf(command, sizeof command, "rm -f '%s' '%s'-*", book.path, book.path);
    assert_int_equal(system(command), 0);
    secret_free(&book.key);
}
