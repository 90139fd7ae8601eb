/* Hidden forms against their definitions; and that what leaves and what does not are told apart. */
#include "tests/audits/traces.h"

#include "audits/evasion/forms.h"

static void hides(const char *name, const char *plain, const char *expected)
{
    for (size_t i = 0; i < form_count; i++) {
        SCOPED_BUF struct buf out = {0};
        if (strcmp(forms[i].name, name) != 0)
            continue;
        const struct disguise disguise = {1, {i}};
        assert_int_equal(disguise_hide(&disguise, bytes_str(plain), &out), OK);
        assert_string_equal(buf_text(&out), expected);
        return;
    }
    fail_msg("no form %s", name);
}

/* RFC 3986, 2.1; HTML, 13.1.4; RFC 8259, 7; RFC 4648, 10; characters are escaped whole, bytes one by one. */
static void forms_are_spelled(void **state)
{
    (void)state;
    hides("percent", "a@\xc2\xad", "%61%40%C2%AD");
    hides("HTML, decimal", "a\xc2\xad", "&#97;&#173;");
    hides("HTML, hexadecimal", "\xe2\x80\x8b", "&#x200b;");
    hides("JSON", "a\xe2\x80\x8b", "\\u0061\\u200b");
    hides("JavaScript", "\xc2\xad", "\\u{ad}");
    hides("C", "a\n", "\\x61\\x0a");
    hides("octal", "a", "\\141");
    hides("base64", "foobar", "Zm9vYmFy");
    hides("hex", "foo", "666f6f");
    hides("soft hyphens", "ab",
          "a\xc2\xad"
          "b");
    hides("joined strings", "abcd", "ab\" + \"cd");
    hides("backwards", "ab\xc2\xad",
          "\xc2\xad"
          "ba");
    hides("rotated", "Nz5", "Am0");
    hides("binary", "a", "01100001 ");
    hides("spelled", "a7", "alfa seven ");
    hides("spelled",
          "\xc2\xad"
          "a",
          "\xc2\xad"
          "alfa ");
}

static void listed_ones_come_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < form_count; i++)
        assert_int_equal(forms[i].listed, i < form_listed);
}

static void steps_stay_in_bounds(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, 5);
    struct disguise disguise;
    disguise_draw(random, form_count, &disguise);
    for (int i = 0; i < 10000; i++) {
        disguise_step(random, form_count, &disguise);
        assert_true(disguise.count >= 1 && disguise.count <= FORM_STEPS);
        for (size_t k = 0; k < disguise.count; k++)
            assert_true(disguise.steps[k] < form_count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_spelled),
        cmocka_unit_test(listed_ones_come_first),
        cmocka_unit_test(steps_stay_in_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
