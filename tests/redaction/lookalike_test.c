/* A hundred thousand look-alikes under the default policy: with 95 % confidence fewer than 1 in 10,000 is touched. Each
 * goes alone, as a document, and again among others in documents of forty lines, where one line's labels stand near the
 * next one's numbers. Touched in either counts. */
#include <math.h>

#include "redaction/redaction.h"
#include "tests/redaction/lookalikes.h"

enum { A_DOCUMENT = 40 };

struct item {
    const struct lookalike_list *kind;
    struct buf text;
    bool touched;
};

struct tally {
    size_t items, touched;
};

/* Largest rate that would show `touched` or fewer of `items` in one run of twenty: Clopper and Pearson 1934, one-sided,
 * by bisection over the exact binomial. */
static double rate_bound(size_t touched, size_t items)
{
    double low = 0, high = 1, n = (double)items;
    for (int step = 0; step < 60; step++) {
        double rate = (low + high) / 2, below = 0;
        for (size_t k = 0; k <= touched; k++)
            below += exp(lgamma(n + 1) - lgamma((double)k + 1) - lgamma(n - (double)k + 1) + (double)k * log(rate) +
                         (n - (double)k) * log1p(-rate));
        if (below > 0.05)
            low = rate;
        else
            high = rate;
    }
    return high;
}

static void show(const struct item *item, const struct redact_finding *finding, struct bytes text)
{
    printf("  %.*s: %s takes [%.*s] in: %.*s\n", (int)item->kind->name.size, (const char *)item->kind->name.data,
           finding->rule, (int)(finding->end - finding->start), (const char *)text.data + finding->start,
           (int)item->text.size, (const char *)item->text.data);
}

/* One document of `count` items, a line each; those with a finding are touched. */
static void scrub_document(const struct redactor *redactor, struct item *items, size_t count)
{
    struct redact_session *session = NULL;
    struct redact_findings found = {0};
    struct buf text SCOPED_BUF = {0};
    for (size_t i = 0; i < count; i++) {
        buf_add(&text, buf_bytes(&items[i].text));
        buf_add_byte(&text, '\n');
    }
    assert_int_equal(buf_status(&text), OK);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, buf_bytes(&text), &found), OK);
    for (size_t i = 0, at = 0, f = 0; i < count; at += items[i++].text.size + 1)
        for (; f < found.count && found.items[f].start < at + items[i].text.size + 1; f++) {
            if (!items[i].touched)
                show(&items[i], &found.items[f], buf_bytes(&text));
            items[i].touched = true;
        }
    redact_findings_free(&found);
    redact_session_free(session);
}

static void report(const struct lookalikes *all, const struct item *items, size_t count, struct tally *whole)
{
    printf("%-20s %7s %8s %24s\n", "kind", "items", "touched", "at most, of 10,000 (95 %)");
    for (size_t k = 0; k < all->count; k++) {
        struct tally tally = {0};
        for (size_t i = 0; i < count; i++)
            if (items[i].kind == &all->lists[k]) {
                tally.items++;
                tally.touched += items[i].touched;
            }
        if (tally.items > 0)
            printf("%-20.*s %7zu %8zu %24.2f\n", (int)all->lists[k].name.size, (const char *)all->lists[k].name.data,
                   tally.items, tally.touched, 1e4 * rate_bound(tally.touched, tally.items));
        whole->items += tally.items;
        whole->touched += tally.touched;
    }
    printf("%-20s %7zu %8zu %24.2f\n", "all", whole->items, whole->touched,
           1e4 * rate_bound(whole->touched, whole->items));
}

/* Make `count` items, all kinds in turn, and count. */
static struct tally count_touched(uint64_t seed, size_t count)
{
    struct lookalikes all = {0};
    struct tally whole = {0};
    struct redactor *redactor = NULL;
    struct random_seeded state;
    struct random random = random_seeded_start(&state, seed);
    struct item *items = mem_new(count, sizeof *items);
    assert_non_null(items);
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    lookalikes_load(&all);
    for (size_t i = 0, list = 0; i < count; list++) {
        const struct lookalike_list *kind = &all.lists[list % all.count];
        if (!kind->kind)
            continue;
        items[i].kind = kind;
        lookalike_make(&all, kind, random, &items[i++].text);
    }
    for (size_t i = 0; i < count; i++)
        scrub_document(redactor, &items[i], 1);
    for (size_t i = 0; i < count; i += A_DOCUMENT)
        scrub_document(redactor, &items[i], count - i < A_DOCUMENT ? count - i : A_DOCUMENT);
    report(&all, items, count, &whole);
    for (size_t i = 0; i < count; i++)
        buf_free(&items[i].text);
    mem_free(items);
    buf_free(&all.file);
    redactor_free(redactor);
    return whole;
}

static void fewer_than_one_in_ten_thousand(void **state)
{
    (void)state;
    struct tally tally = count_touched(1, 100000);
    assert_true(rate_bound(tally.touched, tally.items) <= 1e-4);
}

/* The count counts: an item that holds what must go is touched. */
static void what_must_go_is_counted(void **state)
{
    (void)state;
    struct redactor *redactor = NULL;
    struct lookalike_list kind = {.name = bytes_str("own"), .kind = true};
    struct item items[2] = {{.kind = &kind}, {.kind = &kind}};
    buf_add_str(&items[0].text, "the worker is ready");
    buf_add_str(&items[1].text, "mail to ann.bell@example.com");
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    scrub_document(redactor, items, 2);
    assert_false(items[0].touched);
    assert_true(items[1].touched);
    buf_free(&items[0].text);
    buf_free(&items[1].text);
    redactor_free(redactor);
}

/* None of n: 1 - 0.05^(1/n); one of a hundred: 4.66 %; four of 100,000 pass, five do not. */
static void the_bound_is_the_known_one(void **state)
{
    (void)state;
    assert_true(fabs(rate_bound(0, 81137) - (1 - pow(0.05, 1.0 / 81137))) < 1e-9);
    assert_true(fabs(rate_bound(1, 100) - 0.0466) < 1e-4);
    assert_true(rate_bound(4, 100000) < 1e-4 && rate_bound(5, 100000) > 1e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_than_one_in_ten_thousand),
        cmocka_unit_test(what_must_go_is_counted),
        cmocka_unit_test(the_bound_is_the_known_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
