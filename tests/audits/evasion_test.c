/* Hidden forms against their definitions; kinds that the scrubber knows; and that what is left and what is not are told
 * apart, by a scrubber and by none. */
#include "tests/audits/traces.h"

#include "audits/evasion/evasion.h"
#include "audits/world.h"

#define DRAWS 40

static void hides(const char *steps, const char *plain, const char *expected)
{
    SCOPED_BUF struct buf out = {0};
    struct disguise disguise;
    disguise_of(steps, &disguise);
    assert_int_equal(disguise_hide(&disguise, bytes_str(plain), &out), OK);
    assert_string_equal(buf_text(&out), expected);
}

/* RFC 3986, 2.1; HTML, 13.1.4; RFC 8259, 7; RFC 2045, 6.7; RFC 4648, 10; ITU-R M.1677-1; Unicode 15, chapter 23.
 * Characters are escaped whole, bytes one by one. */
static void forms_are_spelled(void **state)
{
    (void)state;
    hides("p", "a@b", "a%40b");
    hides("P", "a@\xc2\xad", "%61%40%C2%AD");
    hides("pp", "@", "%2540");
    hides("d", "a\xc2\xad", "&#97;&#173;");
    hides("x", "\xe2\x80\x8b", "&#x200b;");
    hides("n", "a@b", "a&commat;b");
    hides("u", "a\xe2\x80\x8b", "\\u0061\\u200b");
    hides("u", "\xf0\x9d\x9f\x8e", "\\ud835\\udfce");
    hides("j", "\xc2\xad", "\\u{ad}");
    hides("c", "a\n", "\\x61\\x0a");
    hides("o", "a", "\\141");
    hides("q", "a=b", "a=3Db");
    hides("b", "foobar", "Zm9vYmFy");
    hides("h", "foo", "666f6f");
    hides("wh", "a\xe2\x80\x8b", "61000b20");
    hides("wh", "\xf0\x9d\x9f\x8e", "35d8cedf");
    hides("F", "a7", "\xef\xbd\x81\xef\xbc\x97");
    hides("B", "A", "\xf0\x9d\x90\x80");
    hides("D", "a7", "a\xd9\xa7");
    hides("-", "ab",
          "a\xc2\xad"
          "b");
    hides("+", "abcd", "ab\" + \"cd");
    hides(" ", "12-3", "1 2 - 3");
    hides("R", "ab\xc2\xad",
          "\xc2\xad"
          "ba");
    hides(">", "ab",
          "\xe2\x80\xae"
          "ba\xe2\x80\xac");
    hides("3", "Nz5", "Am0");
    hides("Z", "xY9", "aB2");
    hides("T", "aZ9", "zA9");
    hides("5", "foob", "MZXW6YQ=");
    hides("8", "Man ", "9jqo^");
    hides("m", "e1", ". .---- ");
    hides("s", "a7", "alfa seven ");
    hides("2", "a", "01100001 ");
    hides("t", "a", "\xf3\xa0\x81\xa1");
    hides("V", "a", "x\xf3\xa0\x85\x91");
    hides("a", "ab", "['a', 'b']");
    hides("v", "abcd", "a='abc'; b='d'; ");
    hides("X", "ab", "ax\bb");
}

static void the_list_is_promised(void **state)
{
    (void)state;
    for (size_t i = 0; i < form_count; i++) {
        assert_int_equal(forms[i].listed, i < form_listed);
        for (size_t k = 0; k < i; k++)
            assert_int_not_equal(forms[i].letter, forms[k].letter);
    }
    for (size_t row = 0; row < form_row_count; row++) {
        struct disguise disguise;
        size_t kind = 0;
        disguise_of(form_rows[row].steps, &disguise);
        while (kind < kind_count && !disguise_is_promised(&disguise, &kinds[kind]))
            kind++;
        assert_true(kind < kind_count);
    }
}

static bool promised(const char *steps, const char *kind)
{
    struct disguise disguise;
    size_t k = 0;
    disguise_of(steps, &disguise);
    while (strcmp(kinds[k].name, kind) != 0)
        k++;
    return disguise_is_promised(&disguise, &kinds[k]);
}

static void what_is_promised(void **state)
{
    (void)state;
    assert_true(promised("W", "card") && promised("Wb", "card") && !promised("Wd", "card") && !promised("dW", "card"));
    assert_true(promised("c+", "card") && !promised("++", "card") && !promised("\\+", "card") &&
                !promised(" +", "card"));
    assert_true(promised("gb", "card") && !promised("g", "card") && !promised("gp", "card") && !promised("gz", "card"));
    assert_true(promised("@", "email") && !promised("@", "card") && !promised("d@", "email"));
    assert_true(promised("!", "github") && !promised("!d", "github") && !promised("!", "card"));
    assert_false(promised("R", "card"));
    assert_false(promised("W", "plate")); /* too short */
}

static void steps_suit(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    for (int i = 0; i < 5000; i++) {
        const struct kind *kind = &kinds[(size_t)i % kind_count];
        struct disguise disguise, other;
        disguise_draw(random, FORMS_PROMISED, kind, &disguise);
        disguise_draw(random, FORMS_ALL, kind, &other);
        assert_true(disguise_is_promised(&disguise, kind) && disguise_suits(&other, kind));
        disguise_step(random, FORMS_PROMISED, kind, &disguise, &disguise);
        assert_true(disguise_is_promised(&disguise, kind));
        disguise_step(random, FORMS_ALL, kind, &disguise, &other);
        assert_true(disguise_suits(&other, kind) && other.count <= FORM_STEPS);
    }
}

/* Every type that has a shape has a kind; every value as it is goes, and none where nothing is scrubbed. */
static void kinds_are_known(void **state)
{
    static const enum redact_type shapeless[] = {REDACT_PLACE, REDACT_DEMOGRAPHIC, REDACT_QUANTITY,
                                                 REDACT_MISC,  REDACT_AGE,         REDACT_CUSTOM};
    static const struct disguise none = {0};
    (void)state;
    const struct redactor *on = NULL, *off = NULL;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 3);
    size_t of_type[REDACT_TYPES] = {0};
    assert_int_equal(world_redactor(SCRUB_ON, &on, NULL), OK);
    assert_int_equal(world_redactor(SCRUB_OFF, &off, NULL), OK);
    for (size_t k = 0; k < kind_count; k++) {
        size_t left = 0;
        of_type[kinds[k].type]++;
        for (int i = 0; i < DRAWS; i++) {
            char value[KIND_VALUE_MAX] = "";
            double share = 0;
            kind_draw(&kinds[k], random, value);
            bool has_words = strchr(value, ' ') && !(kinds[k].traits & (KIND_NUMBER | KIND_LINES));
            if (has_words != ((kinds[k].traits & KIND_WORDS) != 0) ||
                (strlen(value) < 9 && !(kinds[k].traits & (KIND_SHORT | KIND_WORDS))))
                fail_msg("%s: traits of '%s'", kinds[k].name, value);
            assert_int_equal(evasion_try(off, &none, &kinds[k], value, &share), OK);
            assert_true(share == 1);
            assert_int_equal(evasion_try(on, &none, &kinds[k], value, &share), OK);
            left += share >= .5;
        }
        if (left > 1)
            fail_msg("%s: %zu of %d are left as they are", kinds[k].name, left, DRAWS);
    }
    for (size_t i = 0; i < sizeof shapeless / sizeof *shapeless; i++)
        of_type[shapeless[i]]++;
    for (int type = 0; type < REDACT_TYPES; type++)
        if (of_type[type] == 0)
            fail_msg("no kind of type %s", redact_type_name((enum redact_type)type));
}

/* A run may begin anywhere; what is shorter than six bytes counts only as a whole. */
static void what_is_left(void **state)
{
    static const struct {
        const char *value, *text;
        double left;
    } cases[] = {{"490154203237518", "IMEI 90154203237518.", 14. / 15},
                 {"490154203237518", "IMEI 4901x203237518.", 9. / 15},
                 {"490154203237518", "IMEI 49015420323751", 14. / 15},
                 {"490154203237518", "37518 and 49015", 0},
                 {"AB12", "(AB12)", 1},
                 {"AB12", "AB1", 0},
                 {"", "x", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_true(evasion_share_left(bytes_str(cases[i].value), bytes_str(cases[i].text)) == cases[i].left);
}

/* Where the policy lets no text leave, that nothing left is no pass. */
static void nothing_can_leave(void **state)
{
    static const struct audit_claim claim = {.name = "x", .limit = .05};
    (void)state;
    struct policy policy;
    struct random_seeded seeded;
    struct hideout hideouts[8] = {0};
    policy_default(&policy);
    policy.min_tasks = 1;
    for (int text = 0; text < 2; text++) {
        struct audit_scope scope = {.seed = 1, .k = 2, .policy = &policy};
        struct audit_result result = audit_result_start(&claim);
        struct evasion run = {
            .scope = &scope, .random = random_seeded_start(&seeded, 2), .found = 1, .hideouts = hideouts};
        policy.allow_text = text;
        assert_int_equal(evasion_sent(&run, 20, &result, NULL), OK);
        assert_int_equal(result.samples, text ? 20 : 0);
    }
}

/* A scrubber that misses one kind: the look finds which. */
static void the_worst_is_named(void **state)
{
    static const char blind[] = "{\"version\":1,\"name\":\"blind\",\"threshold\":0.6,\"tagger\":false,"
                                "\"default\":\"placeholder\",\"types\":{\"CARD\":\"keep\",\"IBAN\":\"keep\"}}";
    static const struct audit_claim claim = {.name = "x", .limit = .05, .tolerated = .05};
    (void)state;
    struct redactor *redactor = NULL;
    struct random_seeded seeded;
    struct audit_results texts = {0};
    struct audit_result result = audit_result_start(&claim);
    struct evasion run = {.random = random_seeded_start(&seeded, 9)};
    assert_int_equal(redactor_new(bytes_str(blind), NULL, &redactor, NULL), OK);
    assert_int_equal(world_redactor(SCRUB_OFF, &run.off, NULL), OK);
    run.redactor = redactor;
    assert_int_equal(evasion_worst(&run, EVASION_KIND, 4, 40, &texts, &result), OK);
    assert_true(strstr(result.note, "kind: card") || strstr(result.note, "kind: iban"));
    assert_true(result.value > .9 && result.control == CONTROL_PASSED && result.baseline > .9);
    result = audit_result_start(&claim);
    assert_int_equal(evasion_listed(&run, EVASION_ROWS, kind_count, &result), OK);
    assert_true(result.hits >= 2 && result.hits <= 12);
    redactor_free(redactor);
    audit_results_free(&texts);
}

static void attack(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 1};
    struct audit_results results = {0};
    assert_int_equal(attack_evasion.run(&scope, &results, NULL), OK);
    assert_int_equal(traces_result(&results, "evasion.listed")->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(traces_result(&results, "evasion.climbed")->verdict, VERDICT_EXPECTED);
    assert_int_equal(traces_result(&results, "evasion.sent")->verdict, VERDICT_NO_LEAK_ABOVE);
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_spelled), cmocka_unit_test(the_list_is_promised), cmocka_unit_test(what_is_promised),
        cmocka_unit_test(steps_suit),        cmocka_unit_test(kinds_are_known),      cmocka_unit_test(what_is_left),
        cmocka_unit_test(nothing_can_leave), cmocka_unit_test(the_worst_is_named),   cmocka_unit_test(attack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
