/* Rollback: a ledger that is older than the log, or another one, is told from one that agrees; blocked it charges no
 * round; what was lost is charged again, never less than it was. */
#include "tests/ledger/ledger_fixture.h"

static struct ledger_anchor last(struct book *book)
{
    struct ledger_anchor anchor;
    assert_int_equal(ledger_last_anchor(book->ledger, &anchor), OK);
    return anchor;
}

static struct dp_zcdp replay(struct book *book, const struct ledger_anchor *anchor, uint64_t shared, uint64_t size)
{
    struct dp_zcdp added = {99, 99};
    assert_int_equal(ledger_replay(book->ledger, anchor, shared, size, NOW, &added, NULL), OK);
    return added;
}

static void one_that_agrees_goes_on(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 1000);
    assert_int_equal(ledger_compare(book.ledger, NULL, NULL), OK);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    const struct ledger_anchor anchor = last(&book);
    assert_int_equal(ledger_compare(book.ledger, &anchor, NULL), OK);
    assert_int_equal(book_charge(&book, acme, 1, 10, NOW), OK); /* not in the log before the next round */
    assert_int_equal(ledger_compare(book.ledger, &anchor, NULL), OK);
    assert_int_equal(ledger_check(book.ledger, NULL), OK);
}

static void one_of_yesterday_is_told(void **state)
{
    (void)state;
    struct why why = {0};
    SCOPED_BOOK struct book book = book_of(1000, 0), old = book_of(1000, 0);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    assert_int_equal(book_round(&old, 1, 10, NOW), OK);
    assert_int_equal(book_round(&book, 2, 20, NOW), OK);
    const struct ledger_anchor anchor = last(&book);
    assert_int_equal(ledger_compare(old.ledger, &anchor, &why), ERR_POLICY);
    assert_string_equal(why.what, "charges are missing that the log knows: the ledger is older than it");
    assert_int_equal(book_round(&old, 2, 20, NOW), ERR_POLICY);
    assert_int_equal(book_rho(&old, acme), 10);
    assert_int_equal(replay(&old, &anchor, 1, 0).rho, 20);
    assert_int_equal(book_rho(&old, acme), 30);
    const struct ledger_anchor now = last(&old);
    assert_int_equal(ledger_compare(old.ledger, &now, NULL), OK);
    assert_int_equal(book_round(&old, 3, 20, NOW), OK);
}

static void lost_charges_of_devices_are_told(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(0, 1000), old = book_of(0, 1000);
    assert_int_equal(book_charge(&book, acme, 1, 1000, NOW), OK);
    struct ledger_terms terms = book_terms(1000, 1000);
    ledger_close(book.ledger);
    assert_int_equal(ledger_open(book.db, &terms, &book.ledger, NULL), OK);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    const struct ledger_anchor anchor = last(&book);
    assert_int_equal(ledger_compare(old.ledger, &anchor, NULL), ERR_POLICY);
    /* Whose they were is not known: everybody is charged. */
    assert_int_equal(replay(&old, &anchor, 0, 0).rho, 10 + anchor.locals.rho);
    assert_int_equal(book_rho(&old, brook), 10 + anchor.locals.rho);
}

static void another_history_is_told(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0), other = book_of(1000, 0);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    assert_int_equal(book_round(&other, 1, 11, NOW), OK);
    const struct ledger_anchor anchor = last(&book);
    assert_int_equal(ledger_compare(other.ledger, &anchor, NULL), ERR_POLICY);
    assert_int_equal(ledger_compare(other.ledger, NULL, NULL), ERR_POLICY); /* the log lost it */
    assert_int_equal(replay(&other, &anchor, 0, 0).rho, 10);
    assert_int_equal(book_rho(&other, acme), 21);
    assert_int_equal(replay(&other, &anchor, 0, 0).rho, 0); /* once */
    assert_int_equal(book_rho(&other, acme), 21);
}

static void blocked_until_it_is_whole(void **state)
{
    (void)state;
    struct why why = {0};
    SCOPED_BOOK struct book book = book_of(1000, 1000), lost = book_of(1000, 1000);
    for (uint64_t round = 1; round <= 3; round++)
        assert_int_equal(book_round(&lost, round, 10 * round, NOW), OK);
    const struct ledger_anchor anchor = last(&lost);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK); /* the backup has the first of them */
    assert_int_equal(ledger_block(book.ledger, LEDGER_RESTORED, 50, NOW), OK);
    assert_int_equal(ledger_check(book.ledger, &why), ERR_POLICY);
    assert_string_equal(why.what, "charges may be missing: this state comes from a backup; see chathamd budget replay");
    assert_int_equal(book_round(&book, 2, 1, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, acme, 1, 10, NOW), OK); /* what devices send again is taken */
    assert_int_equal(replay(&book, &anchor, 1, 49).rho, 50);    /* but the log went further */
    assert_int_equal(ledger_check(book.ledger, NULL), ERR_POLICY);
    assert_int_equal(replay(&book, &anchor, 0, 50).rho, 0);
    assert_int_equal(ledger_check(book.ledger, NULL), OK);
    assert_int_equal(book_rho(&book, brook), 60);
    assert_int_equal(book_round(&book, 2, 1, NOW), OK);
}

/* That a ledger comes from a backup does not show that the backup is of the same history. */
static void nothing_is_in_common_unless_it_is_proved(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0), lost = book_of(1000, 0);
    for (uint64_t round = 1; round <= 3; round++)
        assert_int_equal(book_round(&lost, round, 10 * round, NOW), OK);
    const struct ledger_anchor anchor = last(&lost);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    assert_int_equal(book_round(&book, 2, 11, NOW), OK);
    assert_int_equal(ledger_block(book.ledger, LEDGER_RESTORED, 50, NOW), OK);
    assert_int_equal(replay(&book, &anchor, 0, 0).rho, 60);
    assert_int_equal(ledger_check(book.ledger, NULL), ERR_POLICY); /* of no log that was lost */
    assert_int_equal(replay(&book, &anchor, 0, 50).rho, 0);
    assert_int_equal(ledger_check(book.ledger, NULL), OK);
}

static void one_block_is_enough(void **state)
{
    (void)state;
    int64_t rows = 0;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    static const uint64_t sizes[] = {9, 9, 8, 10};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        assert_int_equal(ledger_block(book.ledger, LEDGER_CONTRADICTED, sizes[i], NOW), OK);
    assert_int_equal(ledger_block(book.ledger, LEDGER_RESTORED, 9, NOW), OK);
    assert_int_equal(db_row(book.db, "SELECT count(*) FROM ledger_block", ":i", &rows), OK);
    assert_int_equal(rows, 3);
}

static void a_charge_is_found_by_its_head(void **state)
{
    (void)state;
    uint64_t number = 9;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    const struct ledger_anchor first = last(&book);
    assert_int_equal(book_round(&book, 2, 10, NOW), OK);
    assert_int_equal(ledger_number_of(book.ledger, first.head, &number), OK);
    assert_int_equal(number, 1);
    assert_int_equal(ledger_number_of(book.ledger, (const uint8_t[HASH_BYTES]){1}, &number), ERR_NOT_FOUND);
    assert_int_equal(number, 0);
}

/* What was charged since the rollback went unseen can't be told from what was lost: both count. */
static void a_rollback_that_went_unseen(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0), lost = book_of(1000, 0);
    assert_int_equal(book_round(&lost, 1, 10, NOW), OK);
    assert_int_equal(book_round(&lost, 2, 20, NOW), OK);
    const struct ledger_anchor anchor = last(&lost);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    assert_int_equal(book_round(&book, 2, 400, NOW), OK);
    assert_int_equal(ledger_block(book.ledger, LEDGER_CONTRADICTED, 9, NOW), OK);
    assert_int_equal(replay(&book, &anchor, 0, 9).rho, 30);
    assert_int_equal(book_rho(&book, acme), 440);
    assert_int_equal(ledger_check(book.ledger, NULL), OK);
}

/* It was spent, so it is charged, and nothing more is. */
static void over_the_cap_if_need_be(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(100, 0), lost = book_of(1000, 0);
    assert_int_equal(book_round(&lost, 1, 900, NOW), OK);
    const struct ledger_anchor anchor = last(&lost);
    assert_int_equal(ledger_block(book.ledger, LEDGER_RESTORED, 9, NOW), OK);
    assert_int_equal(replay(&book, &anchor, 0, 9).rho, 900);
    assert_int_equal(book_rho(&book, acme), 900);
    assert_int_equal(book_round(&book, 1, 1, NOW), ERR_POLICY);
}

static void a_block_outlives_reopening(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(100, 0);
    assert_int_equal(ledger_block(book.ledger, LEDGER_CONTRADICTED, 9, NOW), OK);
    assert_int_equal(ledger_block(book.ledger, LEDGER_REASONS, 9, NOW), ERR_USAGE);
    ledger_close(book.ledger);
    assert_int_equal(ledger_open(book.db, &book.terms, &book.ledger, NULL), OK);
    assert_int_equal(ledger_check(book.ledger, NULL), ERR_POLICY);
}

static void every_write_of_a_replay_may_fail(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(100, 0), lost = book_of(1000, 0);
    struct dp_zcdp added;
    size_t failures = 0;
    assert_int_equal(book_round(&lost, 1, 50, NOW), OK);
    const struct ledger_anchor anchor = last(&lost);
    assert_int_equal(ledger_block(book.ledger, LEDGER_RESTORED, 9, NOW), OK);
    for (;; failures++) {
        db_fail_after(book.db, failures + 1);
        enum status status = ledger_replay(book.ledger, &anchor, 0, 9, NOW, &added, NULL);
        db_fail_after(book.db, 0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_IO);
        assert_int_equal(added.rho, 0);
        assert_int_equal(book_rho(&book, acme), 0);
        assert_int_equal(ledger_check(book.ledger, NULL), ERR_POLICY);
    }
    assert_int_equal(failures, 5);
    assert_int_equal(added.rho, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_agrees_goes_on),
        cmocka_unit_test(one_of_yesterday_is_told),
        cmocka_unit_test(lost_charges_of_devices_are_told),
        cmocka_unit_test(another_history_is_told),
        cmocka_unit_test(blocked_until_it_is_whole),
        cmocka_unit_test(a_rollback_that_went_unseen),
        cmocka_unit_test(over_the_cap_if_need_be),
        cmocka_unit_test(a_block_outlives_reopening),
        cmocka_unit_test(every_write_of_a_replay_may_fail),
        cmocka_unit_test(nothing_is_in_common_unless_it_is_proved),
        cmocka_unit_test(one_block_is_enough),
        cmocka_unit_test(a_charge_is_found_by_its_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
