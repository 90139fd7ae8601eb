/* What devices' noise costs: within the tenant's cap whichever of its devices asks, once for the same thing, many in
 * one commit, and by the sum of ε for whom nothing else was charged. */
#include "tests/ledger/ledger_fixture.h"

static const struct bytes phone = {(const uint8_t *)"phone", 5}, desk = {(const uint8_t *)"desk", 4};

static enum status queue(struct book *book, struct bytes tenant, struct bytes device, uint8_t key, uint64_t micro)
{
    const struct ledger_local local = book_local(tenant, device, key, ledger_loss_of_pure(EPSILON(micro)));
    return ledger_queue(book->ledger, &local, NOW, NULL);
}

static void pure_noise_adds_up_to_the_cap_of_epsilon(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 1000000);
    struct why why = {0};
    const struct ledger_local little = book_local(acme, BYTES_NONE, 4, ledger_loss_of_pure(EPSILON(1)));
    assert_int_equal(book_charge(&book, acme, 1, 600000, NOW), OK); /* far over the cap of ρ */
    assert_int_equal(book_charge(&book, acme, 2, 400001, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, acme, 3, 400000, NOW), OK);
    assert_int_equal(ledger_charge(book.ledger, &little, NOW, &why), ERR_POLICY);
    assert_string_equal(why.what, "the lifetime budget does not allow it");
    assert_int_equal(book_pure(&book, acme), 1000000);
    assert_int_equal(book_charge(&book, brook, 3, 1, NOW), OK); /* each member has its own */
}

/* Many small ones go further by ρ than by ε. */
static void many_small_ones_go_by_rho(void **state)
{
    (void)state;
    struct ledger_loss cap;
    assert_int_equal(ledger_cap_of(EPSILON(1000000), DP_DELTA_ONE / 1000000, &cap), OK);
    struct ledger_terms terms = book_terms(0, 0);
    terms.cap = cap;
    SCOPED_BOOK struct book book = book_open(NULL, &terms);
    size_t count = 0;
    while (book_charge(&book, acme, (uint8_t)count, 10000, NOW) == OK)
        count++;
    assert_in_range(count, 400, 500); /* 100 by ε alone */
    assert_true(book_spent(&book, acme, LEDGER_LIFETIME, NOW).zcdp.rho <= cap.zcdp.rho);
}

/* Charged for a round, a member has no pure account any more. */
static void a_round_ends_the_pure_account(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(DP_RHO_ONE, 5000000);
    assert_int_equal(book_charge(&book, acme, 1, 100000, NOW), OK);
    assert_int_equal(book_round(&book, 1, 10, NOW), OK);
    assert_int_equal(book_pure(&book, acme), LEDGER_NO_EPSILON.micro);
    assert_int_equal(book_charge(&book, acme, 2, 2000000, NOW), ERR_POLICY); /* ρ about 1.5 */
    assert_int_equal(book_charge(&book, acme, 2, 1000000, NOW), OK);         /* about 0.46 */
}

static void gaussian_noise_has_no_pure_account(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 5000000);
    const struct ledger_local noise = book_local(acme, phone, 1, ledger_loss_of_zcdp(RHO(900)));
    assert_int_equal(ledger_charge(book.ledger, &noise, NOW, NULL), OK);
    assert_int_equal(book_charge(&book, acme, 2, 100000, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, acme, 2, 100, NOW), OK);
    assert_int_equal(book_pure(&book, acme), LEDGER_NO_EPSILON.micro);
}

static void what_makes_no_sense(void **state)
{
    (void)state;
    static const uint8_t large[LEDGER_TENANT_MAX + 1];
    const struct bytes too_large = bytes_of(large, sizeof large);
    SCOPED_BOOK struct book book = book_of(1000, 1000);
    assert_int_equal(book_charge(&book, acme, 1, 0, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, acme, 1, INT64_MAX, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, acme, 1, UINT64_MAX, NOW), ERR_POLICY);
    assert_int_equal(book_charge(&book, BYTES_NONE, 1, 1, NOW), ERR_USAGE);
    assert_int_equal(book_charge(&book, too_large, 1, 1, NOW), ERR_USAGE);
    assert_int_equal(queue(&book, acme, too_large, 1, 1), ERR_USAGE);
    assert_int_equal(book_rho(&book, acme), 0);
}

/* Sent again after a crash it is paid; another device's key is its own. */
static void the_same_is_charged_once(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(DP_RHO_ONE, 1000);
    assert_int_equal(queue(&book, acme, phone, 1, 10), OK);
    assert_int_equal(queue(&book, acme, phone, 1, 10), OK);
    assert_int_equal(queue(&book, acme, desk, 1, 10), OK);
    assert_int_equal(ledger_flush(book.ledger), OK);
    assert_int_equal(book_pure(&book, acme), 20);
    assert_int_equal(queue(&book, acme, phone, 1, 10), OK);
    assert_int_equal(queue(&book, brook, phone, 1, 10), OK);
    assert_int_equal(ledger_flush(book.ledger), OK);
    assert_int_equal(book_pure(&book, acme), 20);
    assert_int_equal(book_pure(&book, brook), 10);
}

static void what_is_queued_counts(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(0, 1000);
    assert_int_equal(queue(&book, acme, phone, 1, 600), OK);
    assert_int_equal(queue(&book, acme, desk, 1, 401), ERR_POLICY);
    assert_int_equal(queue(&book, acme, desk, 1, 400), OK);
    assert_int_equal(book_pure(&book, acme), 0); /* nothing is charged yet, and nothing may be used */
    assert_int_equal(ledger_flush(book.ledger), OK);
    assert_int_equal(book_pure(&book, acme), 1000);
}

/* A round looks at what was queued before it. */
static void a_round_comes_after_what_is_queued(void **state)
{
    (void)state;
    struct ledger_round out;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    const struct ledger_local noise = book_local(acme, phone, 1, ledger_loss_of_zcdp(RHO(900)));
    assert_int_equal(ledger_enrol(book.ledger, acme), OK);
    assert_int_equal(ledger_queue(book.ledger, &noise, NOW, NULL), OK);
    assert_int_equal(ledger_charge_round(book.ledger, 1, ledger_loss_of_zcdp(RHO(101)), NOW, &out, NULL), OK);
    assert_int_equal(out.spared, 1);
    assert_int_equal(book_rho(&book, acme), 900);
}

static void time_does_not_run_backwards(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 1000);
    assert_int_equal(book_charge(&book, acme, 1, 1, NOW), OK);
    assert_int_equal(book_charge(&book, brook, 2, 1, NOW - 1), ERR_POLICY);
    assert_int_equal(book_pure(&book, brook), 0);
    assert_int_equal(book_charge(&book, brook, 2, 1, NOW), OK);
    assert_int_equal(book_charge(&book, brook, 3, 100000000, NOW + 40 * DAY), ERR_POLICY);
    assert_int_equal(book_charge(&book, brook, 3, 1, NOW + 1), OK);
    assert_int_equal(book_spent(&book, brook, LEDGER_PERIOD, NOW).epsilon.micro, 2);
}

static void periods(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(0, 1000);
    int64_t start = NOW - NOW % LEDGER_PERIOD_SECONDS;
    assert_int_equal(book_charge(&book, acme, 1, 5, start - 1), OK);
    assert_int_equal(book_charge(&book, acme, 2, 7, start), OK);
    assert_int_equal(book_spent(&book, acme, LEDGER_PERIOD, start).epsilon.micro, 7);
    assert_int_equal(book_spent(&book, acme, LEDGER_PERIOD, start + LEDGER_PERIOD_SECONDS).epsilon.micro, 0);
    assert_int_equal(book_pure(&book, acme), 12);
}

/* More devices than the queue holds, and few rows for many charges. */
static void many_are_few_rows(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(0, LEDGER_MOST);
    int64_t rows = 0;
    for (uint32_t i = 0; i < 3 * LEDGER_QUEUE; i++) {
        const struct bytes device = bytes_of(&i, sizeof i);
        enum status status = queue(&book, acme, device, 1, 10);
        if (status == ERR_UNAVAILABLE) {
            assert_int_equal(ledger_flush(book.ledger), OK);
            status = queue(&book, acme, device, 1, 10);
        }
        assert_int_equal(status, OK);
    }
    assert_int_equal(ledger_flush(book.ledger), OK);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(queue(&book, brook, phone, (uint8_t)i, 10), OK);
    assert_int_equal(ledger_flush(book.ledger), OK);
    assert_int_equal(book_pure(&book, acme), 3 * LEDGER_QUEUE * 10);
    assert_int_equal(book_pure(&book, brook), 10000);
    assert_int_equal(db_row(book.db, "SELECT count(*) FROM ledger_bucket", ":i", &rows), OK);
    assert_int_equal(rows, 3 * LEDGER_QUEUE + 1);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(0, 1000);
    size_t failures = 0;
    for (;; failures++) {
        assert_int_equal(queue(&book, acme, phone, 1, 10), OK);
        assert_int_equal(queue(&book, brook, phone, 1, 10), OK);
        db_fail_after(book.db, failures + 1);
        enum status status = ledger_flush(book.ledger);
        db_fail_after(book.db, 0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_IO);
        assert_int_equal(book_pure(&book, acme) + book_pure(&book, brook), 0);
    }
    assert_int_equal(failures, 7); /* begin, state, two members, two devices, commit */
    assert_int_equal(book_pure(&book, acme), 10);
    assert_int_equal(book_pure(&book, brook), 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pure_noise_adds_up_to_the_cap_of_epsilon),
        cmocka_unit_test(many_small_ones_go_by_rho),
        cmocka_unit_test(a_round_ends_the_pure_account),
        cmocka_unit_test(gaussian_noise_has_no_pure_account),
        cmocka_unit_test(what_makes_no_sense),
        cmocka_unit_test(the_same_is_charged_once),
        cmocka_unit_test(what_is_queued_counts),
        cmocka_unit_test(a_round_comes_after_what_is_queued),
        cmocka_unit_test(time_does_not_run_backwards),
        cmocka_unit_test(periods),
        cmocka_unit_test(many_are_few_rows),
        cmocka_unit_test(every_write_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
