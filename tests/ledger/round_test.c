/* Rounds: charged to every member alike, at most once, within the cap, before the log knows of them; a member with no
 * room is spared and not covered; failures leave all or nothing. */
#include "tests/ledger/ledger_fixture.h"

static enum status charge(struct book *book, uint64_t round, uint64_t rho, struct ledger_round *out)
{
    return ledger_charge_round(book->ledger, round, ledger_loss_of_zcdp(RHO(rho)), NOW, out, NULL);
}

static bool covers(struct book *book, struct bytes tenant, uint64_t number)
{
    bool covers = false;
    assert_int_equal(ledger_covers(book->ledger, tenant, number, &covers), OK);
    return covers;
}

static void charges_add_up_to_the_cap(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    struct ledger_round out;
    struct why why = {0};
    assert_int_equal(charge(&book, 1, 600, &out), OK);
    assert_int_equal(out.number, 1);
    assert_int_equal(charge(&book, 2, 401, &out), ERR_POLICY);
    assert_int_equal(book_rho(&book, acme), 600);
    assert_int_equal(charge(&book, 2, 400, &out), OK);
    assert_int_equal(ledger_charge_round(book.ledger, 3, ledger_loss_of_zcdp(RHO(1)), NOW, &out, &why), ERR_POLICY);
    assert_string_equal(why.what, "the lifetime budget does not allow it");
    assert_int_equal(book_rho(&book, acme), 1000);
    assert_int_equal(book_rho(&book, brook), 1000); /* whoever was not entered was always there */
}

static void delta_has_its_own_cap(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    struct ledger_round out;
    const struct dp_zcdp half = {1, DP_DELTA_ONE / 2000}, more = {1, 1};
    assert_int_equal(ledger_charge_round(book.ledger, 1, ledger_loss_of_zcdp(half), NOW, &out, NULL), OK);
    assert_int_equal(ledger_charge_round(book.ledger, 2, ledger_loss_of_zcdp(half), NOW, &out, NULL), OK);
    assert_int_equal(ledger_charge_round(book.ledger, 3, ledger_loss_of_zcdp(more), NOW, &out, NULL), ERR_POLICY);
    assert_int_equal(ledger_charge_round(book.ledger, 3, ledger_loss_of_zcdp(RHO(1)), NOW, &out, NULL), OK);
}

static void what_makes_no_sense(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    struct ledger_round out;
    assert_int_equal(charge(&book, 0, 1, &out), ERR_USAGE);
    assert_int_equal(charge(&book, UINT64_MAX, 1, &out), ERR_USAGE);
    assert_int_equal(charge(&book, 1, 0, &out), ERR_POLICY);
    assert_int_equal(charge(&book, 1, UINT64_MAX, &out), ERR_POLICY);
    assert_int_equal(charge(&book, 1, INT64_MAX, &out), ERR_POLICY);
    assert_int_equal(book_rho(&book, acme), 0);
}

static void a_round_is_charged_once(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    struct ledger_round out;
    uint64_t last = 9;
    assert_int_equal(ledger_last_round(book.ledger, &last), OK);
    assert_int_equal(last, 0);
    assert_int_equal(charge(&book, 7, 10, &out), OK);
    assert_int_equal(charge(&book, 7, 10, &out), ERR_EXISTS);
    assert_int_equal(out.number, 0);
    assert_int_equal(book_rho(&book, acme), 10);
    assert_int_equal(ledger_last_round(book.ledger, &last), OK);
    assert_int_equal(last, 7);
}

static void who_joins_later_is_charged_from_then_on(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    struct ledger_round first, second;
    struct ledger_loss all;
    uint64_t rounds = 0;
    assert_int_equal(ledger_enrol(book.ledger, acme), OK);
    assert_int_equal(charge(&book, 1, 600, &first), OK);
    assert_int_equal(ledger_enrol(book.ledger, brook), OK);
    assert_int_equal(ledger_enrol(book.ledger, brook), OK);
    assert_int_equal(ledger_enrol(book.ledger, acme), OK); /* again: still there from the beginning */
    assert_int_equal(charge(&book, 2, 300, &second), OK);
    assert_int_equal(book_rho(&book, acme), 900);
    assert_int_equal(book_rho(&book, brook), 300);
    assert_true(covers(&book, acme, first.number) && covers(&book, acme, second.number));
    assert_false(covers(&book, brook, first.number));
    assert_true(covers(&book, brook, second.number));
    assert_false(covers(&book, acme, 3)); /* nothing was charged yet */
    assert_int_equal(ledger_spent_rounds(book.ledger, LEDGER_LIFETIME, NOW, &all, &rounds), OK);
    assert_int_equal(all.zcdp.rho, 900);
    assert_int_equal(rounds, 2);
}

static void whoever_has_no_room_is_spared(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(DP_RHO_ONE, 0);
    struct ledger_round out;
    assert_int_equal(ledger_enrol(book.ledger, acme), OK);
    assert_int_equal(ledger_enrol(book.ledger, brook), OK);
    assert_int_equal(book_charge(&book, acme, 1, 1300000, NOW), OK); /* ρ about 0.74 */
    uint64_t locals = book_rho(&book, acme);
    assert_int_equal(charge(&book, 1, DP_RHO_ONE - locals, &out), OK); /* just fits */
    assert_int_equal(out.spared, 0);
    assert_int_equal(charge(&book, 2, 1, &out), OK);
    assert_int_equal(out.spared, 1);
    assert_int_equal(book_rho(&book, acme), DP_RHO_ONE);
    assert_int_equal(book_rho(&book, brook), DP_RHO_ONE - locals + 1);
    assert_true(covers(&book, acme, 1));
    assert_false(covers(&book, acme, 2));
    assert_true(covers(&book, brook, 2));
    assert_int_equal(book_charge(&book, acme, 2, 2000, NOW), ERR_POLICY); /* none of its own either */
    assert_int_equal(book_charge(&book, brook, 2, 2000, NOW), OK);
}

/* A few large ones go further by their ε than by ρ; whoever had Gaussian noise of its own can't go by ε, and is spared.
 */
static void rounds_may_go_by_epsilon(void **state)
{
    (void)state;
    struct ledger_terms terms = book_terms(0, 0);
    struct ledger_round out;
    assert_int_equal(ledger_cap_of(EPSILON(3000000), DP_DELTA_ONE / 1000000, &terms.cap), OK);
    const struct ledger_loss one = ledger_loss_of_approximate(EPSILON(1000000), 1000);
    SCOPED_BOOK struct book book = book_open(NULL, &terms);
    const struct ledger_local noise = book_local(acme, BYTES_NONE, 1, ledger_loss_of_zcdp(RHO(terms.cap.zcdp.rho / 2)));
    assert_int_equal(ledger_enrol(book.ledger, acme), OK);
    assert_int_equal(ledger_enrol(book.ledger, brook), OK);
    assert_true(terms.cap.zcdp.rho < one.zcdp.rho);
    assert_int_equal(ledger_charge(book.ledger, &noise, NOW, NULL), OK);
    for (uint64_t round = 1; round <= 3; round++) {
        assert_int_equal(ledger_charge_round(book.ledger, round, one, NOW, &out, NULL), OK);
        assert_int_equal(out.spared, 1);
        assert_false(covers(&book, acme, out.number));
        assert_true(covers(&book, brook, out.number));
    }
    assert_int_equal(ledger_charge_round(book.ledger, 4, one, NOW, &out, NULL), ERR_POLICY);
    assert_int_equal(book_spent(&book, brook, LEDGER_LIFETIME, NOW).epsilon.micro, 3000000);
    assert_int_equal(book_rho(&book, acme), noise.loss.zcdp.rho);
}

static void time_does_not_run_backwards(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    assert_int_equal(book_round(&book, 1, 1, NOW), OK);
    assert_int_equal(book_round(&book, 2, 1, NOW - 1), ERR_POLICY);
    assert_int_equal(book_rho(&book, brook), 1);
    /* A refused charge in the future does not move the ledger's time. */
    assert_int_equal(book_round(&book, 2, 100000, NOW + DAY), ERR_POLICY);
    assert_int_equal(book_round(&book, 2, 1, NOW + 1), OK);
}

static void periods(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    int64_t start = NOW - NOW % LEDGER_PERIOD_SECONDS;
    assert_int_equal(book_round(&book, 1, 5, start - 1), OK);
    assert_int_equal(book_round(&book, 2, 7, start), OK);
    assert_int_equal(book_spent(&book, acme, LEDGER_PERIOD, start).zcdp.rho, 7);
    assert_int_equal(book_spent(&book, acme, LEDGER_PERIOD, start + LEDGER_PERIOD_SECONDS).zcdp.rho, 0);
    assert_int_equal(book_spent(&book, acme, LEDGER_LIFETIME, start).zcdp.rho, 12);
}

static void its_own_transaction(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(1000, 0);
    assert_int_equal(db_begin(book.db), OK);
    assert_int_not_equal(book_round(&book, 1, 10, NOW), OK);
    db_rollback(book.db);
    assert_int_equal(book_rho(&book, acme), 0);
}

/* --- the log --- */

struct log {
    size_t count;
    enum status answer;
    struct ledger_anchor last;
};

static enum status take(void *context, const struct ledger_anchor *anchor)
{
    struct log *log = context;
    log->count++;
    log->last = *anchor;
    return log->answer;
}

static void every_charge_is_told_to_the_log(void **state)
{
    (void)state;
    struct log log = {0};
    struct ledger_anchor last;
    struct ledger_terms terms = book_terms(1000, 1000);
    terms.anchor = take;
    terms.context = &log;
    SCOPED_BOOK struct book book = book_open(NULL, &terms);
    assert_int_equal(ledger_last_anchor(book.ledger, &last), ERR_NOT_FOUND);
    assert_int_equal(book_charge(&book, acme, 1, 10, NOW), OK);
    assert_int_equal(log.count, 0); /* goes along with the next round */
    assert_int_equal(book_round(&book, 4, 10, NOW), OK);
    assert_int_equal(log.count, 1);
    assert_int_equal(log.last.number, 1);
    assert_int_equal(log.last.round, 4);
    assert_int_equal(log.last.local_count, 1);
    assert_int_equal(log.last.total.zcdp.rho, 10);
    assert_int_equal(book_round(&book, 5, 20, NOW), OK);
    assert_int_equal(log.last.total.zcdp.rho, 30);
    assert_int_equal(ledger_last_anchor(book.ledger, &last), OK);
    assert_memory_equal(last.head, log.last.head, HASH_BYTES);
    log.answer = ERR_IO; /* what the log does not take is not charged */
    assert_int_equal(book_round(&book, 6, 20, NOW), ERR_IO);
    assert_int_equal(book_rho(&book, brook), 30);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    SCOPED_BOOK struct book book = book_of(DP_RHO_ONE, 0);
    size_t failures = 0;
    assert_int_equal(ledger_enrol(book.ledger, acme), OK);
    assert_int_equal(ledger_enrol(book.ledger, brook), OK);
    assert_int_equal(book_charge(&book, acme, 1, 1300000, NOW), OK);
    uint64_t before = book_rho(&book, acme);
    for (;; failures++) {
        struct ledger_round out;
        db_fail_after(book.db, failures + 1);
        enum status status = charge(&book, 1, DP_RHO_ONE - before + 1, &out);
        db_fail_after(book.db, 0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_IO);
        assert_int_equal(book_rho(&book, acme), before);
        assert_int_equal(book_rho(&book, brook), 0);
    }
    assert_int_equal(failures, 6); /* begin, the row, time, who is spared, twice, commit */
    assert_int_equal(book_rho(&book, acme), before);
    assert_int_equal(book_rho(&book, brook), DP_RHO_ONE - before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(charges_add_up_to_the_cap),
        cmocka_unit_test(delta_has_its_own_cap),
        cmocka_unit_test(what_makes_no_sense),
        cmocka_unit_test(a_round_is_charged_once),
        cmocka_unit_test(who_joins_later_is_charged_from_then_on),
        cmocka_unit_test(whoever_has_no_room_is_spared),
        cmocka_unit_test(rounds_may_go_by_epsilon),
        cmocka_unit_test(time_does_not_run_backwards),
        cmocka_unit_test(periods),
        cmocka_unit_test(its_own_transaction),
        cmocka_unit_test(every_charge_is_told_to_the_log),
        cmocka_unit_test(every_write_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
