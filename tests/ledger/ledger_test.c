/* The ledger's state: whose it is, how an account of before goes over, that nothing in it is ever taken back, and that
 * nothing is lost by failures or reopening. */
#include "tests/ledger/ledger_fixture.h"

static void nothing_without_a_cap(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(0, 0);
    assert_int_equal(book_charge(&book, acme, 1, 1, NOW), ERR_POLICY);
    assert_int_equal(book_round(&book, 1, 1, NOW), ERR_POLICY);
    assert_int_equal(book_rho(&book, acme), 0);
}

static void caps_out_of_range(void **state)
{
    (void)state;
    struct ledger *ledger = NULL;
    SCOPED_BOOK struct book book = book_of(5, 5);
    struct ledger_terms terms = book_terms(LEDGER_MOST + 1, 0);
    assert_int_equal(ledger_open(book.db, &terms, &ledger, NULL), ERR_USAGE);
    terms = book_terms(1, LEDGER_MOST + 1);
    assert_int_equal(ledger_open(book.db, &terms, &ledger, NULL), ERR_USAGE);
    terms = book_terms(1, 1);
    terms.unit = LEDGER_UNITS;
    assert_int_equal(ledger_open(book.db, &terms, &ledger, NULL), ERR_USAGE);
    assert_null(ledger);
}

static void of_another_federation_or_unit(void **state)
{
    (void)state;
    struct ledger *ledger = NULL;
    struct why why = {0};
    SCOPED_BOOK struct book book = book_of(5, 5);
    struct ledger_terms terms = book.terms;
    terms.federation[0] ^= 1;
    assert_int_equal(ledger_open(book.db, &terms, &ledger, &why), ERR_DENIED);
    assert_string_equal(why.what, "is of another federation");
    terms = book.terms;
    terms.unit = LEDGER_TRACE;
    why = (struct why){0};
    assert_int_equal(ledger_open(book.db, &terms, &ledger, &why), ERR_DENIED);
    assert_string_equal(why.what, "adds up another unit of privacy");
    assert_null(ledger);
}

static void an_account_of_another_kind(void **state)
{
    (void)state;
    struct ledger *ledger;
    SCOPED_BOOK struct book book = book_of(5, 5);
    assert_int_equal(db_exec(book.db, "UPDATE ledger_state SET account = 'rdp'", ""), OK);
    assert_int_equal(ledger_open(book.db, &book.terms, &ledger, NULL), ERR_VERSION);
    assert_null(ledger);
}

/* --- an account of pure ε --- */

static void charge_of_before(struct db *db, struct bytes tenant, int64_t round, int64_t micro, int64_t at)
{
    assert_int_equal(db_exec(db, "INSERT INTO ledger_charge(tenant, round, micro, at) VALUES(?, ?, ?, ?)", "biii",
                             tenant, round, micro, at),
                     OK);
}

static void an_account_of_before_goes_over(void **state)
{
    (void)state;
    static const char *const migrations_of_before[] = {LEDGER_MIGRATION, NULL};
    static const struct db_schema schema_of_before = {"ledger store", migrations_of_before};
    char path[] = "/tmp/chatham-ledger-XXXXXX";
    int fd = mkstemp(path);
    SCOPED_SECRET struct secret key = {0};
    struct db *db = NULL;
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(secret_new(&key, 32), OK);
    assert_int_equal(db_open(path, &key, &schema_of_before, &db, NULL), OK);
    charge_of_before(db, acme, 1, 500001, NOW - 40 * DAY);
    charge_of_before(db, acme, 2, 3000000, NOW);
    charge_of_before(db, brook, 1, 1, NOW);
    db_close(db);
    const struct ledger_terms terms = book_terms(DP_RHO_ONE, 4000000);
    SCOPED_BOOK struct book book = book_open(path, &terms);
    /* ε = 0.500001: ρ <= ε² / 2 = 0.1250005..., up; ε = 3: ρ <= 3. */
    assert_int_equal(book_rho(&book, acme), 125000501 + 3 * DP_RHO_ONE);
    assert_int_equal(book_pure(&book, acme), 3500001);
    assert_int_equal(book_spent(&book, acme, LEDGER_PERIOD, NOW).epsilon.micro, 3000000);
    assert_int_equal(book_rho(&book, brook), 1);
    assert_int_equal(book_charge(&book, acme, 1, 500000, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, acme, 1, 499999, NOW), OK);
    assert_int_equal(book_charge(&book, brook, 1, 1, NOW), OK);
    book_close(&book); /* or its journal would outlive the file */
    unlink(path);
}

/* --- what stays --- */

static void charges_are_never_changed(void **state)
{
    (void)state;
    static const char *const attempts[] = {
        "DELETE FROM ledger_round",
        "UPDATE ledger_round SET rho = 1",
        "DELETE FROM ledger_member",
        "UPDATE ledger_member SET rho = rho - 1",
        "UPDATE ledger_member SET epsilon = 0",
        "UPDATE ledger_member SET base_rho = base_rho + 1",
        "DELETE FROM ledger_bucket",
        "UPDATE ledger_bucket SET rho = rho - 1",
    };
    SCOPED_BOOK struct book book = book_of(DP_RHO_ONE, 0);
    assert_int_equal(book_charge(&book, acme, 1, 10000, NOW), OK);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    uint64_t before = book_rho(&book, acme);
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        assert_int_not_equal(db_exec(book.db, attempts[i], ""), OK);
    assert_int_equal(book_rho(&book, acme), before);
}

static void survives_reopening(void **state)
{
    (void)state;
    char path[] = "/tmp/chatham-ledger-XXXXXX";
    const struct ledger_terms terms = book_terms(1000, 1000);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    {
        SCOPED_BOOK struct book book = book_open(path, &terms);
        assert_int_equal(book_round(&book, 1, 10, NOW), OK);
        assert_int_equal(book_round(&book, 2, 20, NOW), OK);
    }
    {
        SCOPED_BOOK struct book book = book_open(path, &terms);
        assert_int_equal(book_rho(&book, acme), 30);
        assert_int_equal(book_round(&book, 3, 10, NOW - 1), ERR_POLICY);
        assert_int_equal(book_round(&book, 3, 971, NOW), ERR_POLICY);
        assert_int_equal(book_round(&book, 3, 970, NOW), OK);
    }
    unlink(path);
}

/* Rows that were put in, taken out or altered by somebody who goes round the triggers. */
static void a_broken_chain_is_refused(void **state)
{
    (void)state;
    static const char *const attacks[] = {
        "UPDATE ledger_round SET rho = 9, total_rho = 9 WHERE number = 1",
        "UPDATE ledger_round SET total_rho = 1 WHERE number = 2",
        "UPDATE ledger_round SET at = at + 1 WHERE number = 2",
        "DELETE FROM ledger_round WHERE number = 1",
        "UPDATE ledger_round SET head = x'00' WHERE number = 2",
        "UPDATE ledger_round SET local_count = 1 WHERE number = 2",
    };
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct ledger *ledger = NULL;
        SCOPED_BOOK struct book book = book_of(1000, 0);
        assert_int_equal(book_round(&book, 1, 10, NOW), OK);
        assert_int_equal(book_round(&book, 2, 20, NOW), OK);
        assert_int_equal(ledger_open(book.db, &book.terms, &ledger, NULL), OK);
        ledger_close(ledger);
        assert_int_equal(db_exec(book.db, "DROP TRIGGER ledger_round_stays", ""), OK);
        assert_int_equal(db_exec(book.db, "DROP TRIGGER ledger_round_as_is", ""), OK);
        assert_int_equal(db_exec(book.db, attacks[i], ""), OK);
        assert_int_equal(ledger_open(book.db, &book.terms, &ledger, NULL), ERR_CORRUPT);
        assert_null(ledger);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_without_a_cap),
        cmocka_unit_test(caps_out_of_range),
        cmocka_unit_test(of_another_federation_or_unit),
        cmocka_unit_test(an_account_of_another_kind),
        cmocka_unit_test(an_account_of_before_goes_over),
        cmocka_unit_test(charges_are_never_changed),
        cmocka_unit_test(survives_reopening),
        cmocka_unit_test(a_broken_chain_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
