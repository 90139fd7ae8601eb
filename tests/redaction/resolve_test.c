/* Overlapping finds: nothing that a rule found survives, whoever gives the type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "redaction/redactor.h"

static const struct recognizer tagger = {.rule = "tagger.name", .type = REDACT_NAME, .flags = ROW_TAGGED};
static const struct recognizer email = {.rule = "email", .type = REDACT_EMAIL};
static const struct recognizer phone = {.rule = "phone.national", .type = REDACT_PHONE};
static const struct recognizer address = {.rule = "ip.v4", .type = REDACT_IP};
static const struct recognizer token = {.rule = "token.key", .type = REDACT_TOKEN};

static struct find find_of(const struct recognizer *row, size_t start, size_t end, float score)
{
    return (struct find){.start = start, .end = end, .row = row, .type = row->type, .score = score};
}

static struct find resolved(struct find one, struct find other)
{
    struct finds finds SCOPED_FINDS = {0};
    assert_int_equal(finds_add(&finds, one), OK);
    assert_int_equal(finds_add(&finds, other), OK);
    finds_resolve(&finds);
    assert_int_equal(finds.count, 1);
    return finds.items[0];
}

static void must_be(struct find find, enum redact_type type, size_t start, size_t end)
{
    assert_int_equal(find.type, type);
    assert_int_equal(find.start, start);
    assert_int_equal(find.end, end);
}

/* "Mia Quistorpe mia@fjordhus.example" taken whole for a name: the words before the address must not stay. */
static void what_the_tagger_took_beside_a_form_goes_too(void **state)
{
    (void)state;
    must_be(resolved(find_of(&tagger, 0, 34, 0.7f), find_of(&email, 14, 34, 0.95f)), REDACT_EMAIL, 0, 34);
    must_be(resolved(find_of(&email, 0, 20, 0.6f), find_of(&tagger, 0, 34, 0.99f)), REDACT_EMAIL, 0, 34);
    must_be(resolved(find_of(&email, 0, 20, 0.6f), find_of(&tagger, 10, 34, 0.99f)), REDACT_EMAIL, 0, 34);
}

/* "10.20.30.40" reads as groups of a telephone number too. */
static void of_one_span_the_likelier_gives_the_type(void **state)
{
    (void)state;
    must_be(resolved(find_of(&phone, 0, 11, 0.7f), find_of(&address, 0, 11, 0.9f)), REDACT_IP, 0, 11);
    must_be(resolved(find_of(&address, 0, 11, 0.9f), find_of(&phone, 0, 11, 0.7f)), REDACT_IP, 0, 11);
    must_be(resolved(find_of(&phone, 0, 15, 0.7f), find_of(&address, 0, 11, 0.9f)), REDACT_PHONE, 0, 15);
    must_be(resolved(find_of(&address, 0, 11, 0.9f), find_of(&token, 0, 11, 0.5f)), REDACT_TOKEN, 0, 11);
    must_be(resolved(find_of(&phone, 0, 11, 0.7f), find_of(&tagger, 0, 11, 0.99f)), REDACT_PHONE, 0, 11);
    must_be(resolved(find_of(&tagger, 0, 11, 0.99f), find_of(&phone, 0, 11, 0.7f)), REDACT_PHONE, 0, 11);
}

static void what_is_only_flagged_uncovers_nothing(void **state)
{
    (void)state;
    struct find flagged = find_of(&email, 14, 34, 0.5f);
    flagged.flagged = true;
    struct find left = resolved(find_of(&tagger, 0, 34, 0.7f), flagged);
    must_be(left, REDACT_NAME, 0, 34);
    assert_false(left.flagged);
}

static void those_apart_stay_apart(void **state)
{
    (void)state;
    struct finds finds SCOPED_FINDS = {0};
    assert_int_equal(finds_add(&finds, find_of(&email, 14, 34, 0.95f)), OK);
    assert_int_equal(finds_add(&finds, find_of(&tagger, 0, 13, 0.7f)), OK);
    finds_resolve(&finds);
    assert_int_equal(finds.count, 2);
    must_be(finds.items[0], REDACT_NAME, 0, 13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_tagger_took_beside_a_form_goes_too),
        cmocka_unit_test(of_one_span_the_likelier_gives_the_type),
        cmocka_unit_test(what_is_only_flagged_uncovers_nothing),
        cmocka_unit_test(those_apart_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
