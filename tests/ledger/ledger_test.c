/* The ledger: charged before it says yes, never over the cap, never backwards, nothing lost by failures or reopening.
 */
#include "ledger/ledger.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const migrations[] = {LEDGER_MIGRATION, NULL};
static const struct db_schema schema = {"ledger store", migrations};
static const struct bytes acme = {(const uint8_t *)"acme", 4}, brook = {(const uint8_t *)"brook", 5};

#define NOW INT64_C(1780000000)
#define DAY INT64_C(86400)
#define EPSILON(n) ((struct dp_epsilon){(n)})

struct book {
    struct db *db;
    struct ledger *ledger;
};

static void book_close(struct book *book)
{
    ledger_close(book->ledger);
    db_close(book->db);
}
#define SCOPED_BOOK __attribute__((cleanup(book_close)))

static struct book book_open(const char *path, uint64_t cap)
{
    struct book book = {0};
    SCOPED_SECRET struct secret key = {0};
    assert_int_equal(secret_new(&key, 32), OK);
    assert_int_equal(db_open(path, path ? &key : NULL, &schema, &book.db, NULL), OK);
    assert_int_equal(ledger_open(book.db, &book.ledger), OK);
    assert_int_equal(ledger_limit(book.ledger, EPSILON(cap), 30 * DAY), OK);
    return book;
}

static uint64_t spent(struct book *book, struct bytes tenant, enum ledger_span span, int64_t now)
{
    struct dp_epsilon out = {99};
    assert_int_equal(ledger_spent(book->ledger, tenant, span, now, &out), OK);
    return out.micro;
}

static uint64_t lifetime(struct book *book, struct bytes tenant)
{
    return spent(book, tenant, LEDGER_LIFETIME, NOW);
}

static enum status charge(struct book *book, struct bytes tenant, int64_t round, uint64_t micro, int64_t now)
{
    return ledger_charge(book->ledger, tenant, round, EPSILON(micro), now, NULL);
}

static void charges_add_up_to_the_cap(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000000);
    struct why why = {0};
    assert_int_equal(lifetime(&book, acme), 0);
    assert_int_equal(charge(&book, acme, 1, 600000, NOW), OK);
    assert_int_equal(charge(&book, acme, 2, 400001, NOW), ERR_POLICY);
    assert_int_equal(lifetime(&book, acme), 600000);
    assert_int_equal(charge(&book, acme, 2, 400000, NOW), OK);
    assert_int_equal(ledger_charge(book.ledger, acme, 3, EPSILON(1), NOW, &why), ERR_POLICY);
    assert_non_null(why.what);
    assert_int_equal(lifetime(&book, acme), 1000000);
    assert_int_equal(charge(&book, brook, 3, 1, NOW), OK); /* each member has its own */
}

static void nothing_without_a_limit(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = {0};
    assert_int_equal(db_open(NULL, NULL, &schema, &book.db, NULL), OK);
    assert_int_equal(ledger_open(book.db, &book.ledger), OK);
    assert_int_equal(charge(&book, acme, 1, 1, NOW), ERR_POLICY);
    assert_int_equal(ledger_limit(book.ledger, EPSILON(UINT64_MAX), DAY), ERR_USAGE);
    assert_int_equal(ledger_limit(book.ledger, EPSILON(5), 0), ERR_USAGE);
}

static void what_makes_no_sense(void **state)
{
    (void)state;
    static const uint8_t large[LEDGER_TENANT_MAX + 1];
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    assert_int_equal(charge(&book, acme, 1, 0, NOW), ERR_POLICY);
    assert_int_equal(charge(&book, acme, 1, UINT64_MAX, NOW), ERR_POLICY);
    assert_int_equal(charge(&book, BYTES_NONE, 1, 1, NOW), ERR_USAGE);
    assert_int_equal(charge(&book, bytes_of(large, sizeof large), 1, 1, NOW), ERR_USAGE);
    assert_int_equal(lifetime(&book, acme), 0);
}

static void a_round_is_charged_once(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    assert_int_equal(charge(&book, acme, 1, 10, NOW), OK);
    assert_int_equal(charge(&book, acme, 1, 10, NOW), ERR_EXISTS);
    assert_int_equal(lifetime(&book, acme), 10);
}

static void all_members_or_none(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    const struct bytes both[] = {acme, brook};
    assert_int_equal(ledger_charge_all(book.ledger, both, 2, 1, EPSILON(300), NOW, NULL), OK);
    assert_int_equal(charge(&book, brook, 2, 500, NOW), OK);
    assert_int_equal(ledger_charge_all(book.ledger, both, 2, 3, EPSILON(300), NOW, NULL), ERR_POLICY);
    assert_int_equal(lifetime(&book, acme), 300);
    assert_int_equal(lifetime(&book, brook), 800);
}

static void time_does_not_run_backwards(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    assert_int_equal(charge(&book, acme, 1, 1, NOW), OK);
    assert_int_equal(charge(&book, brook, 2, 1, NOW - 1), ERR_POLICY);
    assert_int_equal(lifetime(&book, brook), 0);
    assert_int_equal(charge(&book, brook, 2, 1, NOW), OK);
    /* A refused charge in the future doesn't move the ledger's time. */
    assert_int_equal(charge(&book, brook, 3, 100000, NOW + DAY), ERR_POLICY);
    assert_int_equal(charge(&book, brook, 3, 1, NOW + 1), OK);
}

static void periods(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    int64_t start = NOW - NOW % (30 * DAY);
    assert_int_equal(charge(&book, acme, 1, 5, start - 1), OK);
    assert_int_equal(charge(&book, acme, 2, 7, start), OK);
    assert_int_equal(spent(&book, acme, LEDGER_PERIOD, start), 7);
    assert_int_equal(spent(&book, acme, LEDGER_PERIOD, start + 30 * DAY), 0);
    assert_int_equal(spent(&book, acme, LEDGER_LIFETIME, start + 30 * DAY), 12);
}

static void charges_are_never_changed(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    assert_int_equal(charge(&book, acme, 1, 10, NOW), OK);
    assert_int_not_equal(db_exec(book.db, "DELETE FROM ledger_charge", ""), OK);
    assert_int_not_equal(db_exec(book.db, "UPDATE ledger_charge SET micro = 1", ""), OK);
    assert_int_equal(lifetime(&book, acme), 10);
}

static void its_own_transaction(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    assert_int_equal(db_begin(book.db), OK);
    assert_int_not_equal(charge(&book, acme, 1, 10, NOW), OK);
    db_rollback(book.db);
    assert_int_equal(lifetime(&book, acme), 0);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    const struct bytes both[] = {acme, brook};
    size_t failures = 0;
    for (;; failures++) {
        db_fail_after(book.db, failures + 1);
        enum status status = ledger_charge_all(book.ledger, both, 2, 1, EPSILON(10), NOW, NULL);
        db_fail_after(book.db, 0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_IO);
        assert_int_equal(lifetime(&book, acme) + lifetime(&book, brook), 0);
    }
    assert_int_equal(failures, 5); /* begin, time, two charges, commit */
    assert_int_equal(lifetime(&book, acme), 10);
    assert_int_equal(lifetime(&book, brook), 10);
}

static void survives_reopening(void **state)
{
    (void)state;
    char path[] = "/tmp/chatham-ledger-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    {
        SCOPED_BOOK struct book book = book_open(path, 1000);
        assert_int_equal(charge(&book, acme, 1, 10, NOW), OK);
    }
    {
        SCOPED_BOOK struct book book = book_open(path, 1000);
        assert_int_equal(lifetime(&book, acme), 10);
        assert_int_equal(charge(&book, acme, 2, 10, NOW - 1), ERR_POLICY);
        assert_int_equal(charge(&book, acme, 2, 991, NOW), ERR_POLICY);
    }
    unlink(path);
}

static void an_account_of_another_kind(void **state)
{
    (void)state;
    struct ledger *ledger;
    SCOPED_BOOK struct book book = book_open(NULL, 1000);
    assert_int_equal(db_exec(book.db, "UPDATE ledger_state SET account = 'zcdp'", ""), OK);
    assert_int_equal(ledger_open(book.db, &ledger), ERR_VERSION);
    assert_null(ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charges_add_up_to_the_cap),
        cmocka_unit_test(nothing_without_a_limit),
        cmocka_unit_test(what_makes_no_sense),
        cmocka_unit_test(a_round_is_charged_once),
        cmocka_unit_test(all_members_or_none),
        cmocka_unit_test(time_does_not_run_backwards),
        cmocka_unit_test(periods),
        cmocka_unit_test(charges_are_never_changed),
        cmocka_unit_test(its_own_transaction),
        cmocka_unit_test(every_write_may_fail),
        cmocka_unit_test(survives_reopening),
        cmocka_unit_test(an_account_of_another_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
