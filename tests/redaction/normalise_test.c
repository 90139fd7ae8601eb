/* Normalisation and shapes: folds, the offset map in both directions, formats that must match whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "redaction/block.h"
#include "redaction/chars.h"
#include "redaction/keys.h"
#include "redaction/names.h"
#include "redaction/normalise.h"
#include "redaction/shape.h"

static void folds_to(const char *from, const char *want)
{
    struct normal normal = {0};
    assert_int_equal(normalise(bytes_str(from), &normal), OK);
    assert_int_equal(normal.text.size, strlen(want));
    assert_memory_equal(normal.text.data, want, strlen(want));
    normal_free(&normal);
}

static void characters_fold(void **state)
{
    (void)state;
    folds_to("plain", "plain");
    folds_to("caf\xc3\xa9 \xc5\x81\xc3\xb3"
             "d\xc5\xba",
             "cafe Lodz");
    folds_to("cafe\xcc\x81", "cafe");                        /* combining acute */
    folds_to("\xef\xbc\xa1\xef\xbc\x91\xef\xbc\xa0", "A1@"); /* full width */
    folds_to("p\xd0\xb0"
             "ypal",
             "paypal"); /* Cyrillic a */
    folds_to("a\xe2\x80\x8b\xe2\x80\xae"
             "b\xc2\xad",
             "ab"); /* zero width, right-to-left override, soft hyphen */
    folds_to("\xe2\x80\x9cx\xe2\x80\x9d\xc2\xa0\xe2\x80\x93", "\"x\" -");
    folds_to("\xf0\x9d\x9f\x8f\xf0\x9d\x9f\x8e", "10"); /* mathematical digits */
    folds_to("\xe4\xb8\xad \xf0\x9f\x98\x80", "\xe4\xb8\xad \xf0\x9f\x98\x80");
    folds_to("a\xff\xc3", "a\x1a\x1a");
}

/* One line an alphabet: each must read as the ASCII behind it. */
static void other_alphabets_fold(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
    } cases[] = {
        {u8"\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u04cf",
         "aeopcyxsijhdqwl"},                                                                     /* Cyrillic */
        {u8"\u0451\u0457\u0401", "eiE"},                                                         /* with marks */
        {u8"\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u03b1\u03bd\u03bf\u03c1", "ABEZHIKavop"}, /* Greek */
        {u8"\u0585\u057d\u0570\u0578\u0581\u054f", "ouhngS"},                                    /* Armenian */
        {u8"\u13a0\u13a1\u13a2\u13cb\u13de\u13df\u13e2", u8"DRT\u13cbLCP"},                      /* Cherokee */
        {u8"\u1d00\u0299\u1d04\u1d05\u1d07\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280",
         "abcdeghijklmnopr"},                                                                    /* small capitals */
        {u8"\U0001d400\U0001d41a\U0001d44e\U0001d4ea\U0001d504\U0001d68a\U0001d7d0", "AaaaAa2"}, /* mathematical */
        {u8"\U0001d6a8\U0001d6d0\U0001d6fc", "Aoa"},                                      /* mathematical Greek */
        {u8"\u2460\u24ea\u2474\u2488\u24b6\u24d0\u249c\u2776\u24ff\u278a", "1011Aaa101"}, /* enclosed */
        {u8"\U0001f130\U0001f150\U0001f170\U0001f1e6", "AAAA"},                           /* squared, circled, flags */
        {u8"\u00b9\u00b2\u00b3\u2070\u2074\u2079\u2080\u2089\u207f", "12304909n"},        /* raised and lowered */
        {u8"\u0664\u06f5\u096b\u0e55\u1815\ua625\U00010d35\U0001fbf9", "45555559"},       /* digits of other scripts */
        {u8"\ufe6b\uff20\u3002\uff61\ufe52\u2024", "@@...."},                             /* marks of an address */
        {u8"a\u20dd\u1ab0\u3164\u180e\ufff9b", "ab"},                             /* invisible ones and frames */
        {u8"\U000e006d\U000e0069\U000e0061", "mia"},                              /* tags */
        {u8"\u0431\u0436\u05d0\u4e2d\ud55c", u8"\u0431\u0436\u05d0\u4e2d\ud55c"}, /* what looks like nothing Latin */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        folds_to(cases[i].from, cases[i].to);
}

static void plain_text_is_not_copied(void **state)
{
    (void)state;
    const char *text = "nothing but ASCII";
    struct normal normal = {0};
    assert_int_equal(normalise(bytes_str(text), &normal), OK);
    assert_ptr_equal(normal.text.data, text);
    assert_int_equal(normal_origin(&normal, 7), 7);
    normal_free(&normal);
}

static void offsets_map_back(void **state)
{
    (void)state;
    static const char text[] = "a\xe2\x80\x8b"
                               "b\xc3\xa9"
                               "c\xef\xbc\x91"
                               "d";
    static const size_t origins[] = {0, 4, 5, 7, 8, 11, 12}; /* a b e c 1 d and the end */
    struct normal normal = {0};
    assert_int_equal(normalise(bytes_str(text), &normal), OK);
    assert_int_equal(normal.text.size, 6);
    for (size_t i = 0; i <= normal.text.size; i++)
        assert_int_equal(normal_origin(&normal, i), origins[i]);
    normal_free(&normal);
}

static void shapes_match_whole(void **state)
{
    (void)state;
    static const struct {
        const char *shape, *text;
        size_t end;
    } cases[] = {
        {"ab%d{3}", "ab123", 5},
        {"ab%d{3}", "ab1234", 0},
        {"ab%d{3}", "ab12", 0},
        {"%h{2}-%w{1,3}", "0f-a_-", 6},
        {"%h{2}-%w{1,3}", "0g-a", 0},
        {"x%a{2,}.", "xabc.", 5},
        {"x%a{2,}.", "xa.", 0},
        {"%u%d", "A1", 2},
        {"%u%d", "a1", 0},
        {"", "abc", 0},
        {"abc", "ab", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(shape_match(cases[i].shape, bytes_str(cases[i].text), 0), cases[i].end);
    assert_int_equal(shape_literal("ghp_%a{36}"), 4);
    assert_int_equal(shape_literal("%a"), 0);
}

static void shapes_that_are_cut_off_match(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t end;
    } cases[] = {
        {"ghp_aB3dE6gH", 12},     {"ghp_aB3dE6gH... more", 12}, {"ghp_aB3dE6gH[truncated]", 12},
        {"ghp_aB3dE6gH\x1e", 12}, {"ghp_aB3dE6gH ", 0}, /* it ends by itself */
        {"ghp_aB3dE6g", 0},                             /* too little of it */
        {"ghp_abcdefghijkl", 0},                        /* a word */
        {"ghp_12345678", 0},                            /* a number */
        {"ghp_aB3d.6gH", 0},      {"ghq_aB3dE6gH", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(shape_cut("ghp_%a{36}", bytes_str(cases[i].text), 0), cases[i].end);
    assert_int_equal(shape_cut("SK-%h{8}-%h{20}", bytes_str("SK-0123abcd-89ab"), 0), 16);
}

static void blocks_class_each_byte(void **state)
{
    (void)state;
    uint8_t all[256 + 7]; /* every byte, and a block that is cut off */
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (uint8_t)(i * 37);
    struct bytes text = bytes_of(all, sizeof all);
    for (size_t base = 0; base < text.size; base += 64) {
        struct block block = block_at(text, base);
        uint64_t alnum = block_alnum(&block), upper = block_between(&block, 'A', 'Z'), at = block_are(&block, '@'),
                 high = block_between(&block, 0xf0, 0xff);
        for (size_t i = 0; i < 64; i++) {
            uint8_t byte = char_at(text, base + i);
            assert_int_equal(alnum >> i & 1, char_is(byte, C_ALNUM));
            assert_int_equal(upper >> i & 1, char_is(byte, C_UPPER));
            assert_int_equal(at >> i & 1, byte == '@');
            assert_int_equal(high >> i & 1, byte >= 0xf0);
        }
    }
}

static void keys_are_known_in_any_spelling(void **state)
{
    (void)state;
    struct keys *keys = NULL;
    assert_int_equal(keys_new(&keys), OK);
    static const char *const telling[] = {"first_name",
                                          "firstName",
                                          "First-Name",
                                          "FIRST NAME",
                                          "address1",
                                          "zip",
                                          "x-api-key",
                                          "aws_secret_access_key",
                                          "awsSecretAccessKey",
                                          "accesskey",
                                          "zipcode",
                                          "pwd",
                                          "webhookUrl",
                                          "customer_ssn",
                                          "shippingCity",
                                          "primary-phone",
                                          "emergencyContactFirstName"};
    static const char *const silent[] = {"",           "a",          "first",          "nameless",
                                         "product_id", "item_id",    "description",    "password_policy_hint_text_x",
                                         "max_age",    "table_cell", "memory_address", "page_token",
                                         "avg_lat",    "file_name_x"};
    for (size_t i = 0; i < sizeof telling / sizeof telling[0]; i++)
        assert_true(key_tells(keys, bytes_str(telling[i])));
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++)
        assert_false(key_tells(keys, bytes_str(silent[i])));
    keys_free(keys);
}

static void values_under_keys_must_be_values(void **state)
{
    (void)state;
    struct names *names = NULL;
    struct keys *keys = NULL;
    assert_int_equal(names_new(&names), OK);
    assert_int_equal(keys_new(&keys), OK);
    assert_non_null(key_row(keys, names, bytes_str("password"), bytes_str("x1")));
    assert_null(key_row(keys, names, bytes_str("password"), bytes_str("string")));
    assert_null(key_row(keys, names, bytes_str("token"), bytes_str("the")));
    assert_non_null(key_row(keys, names, bytes_str("token"), bytes_str("abc123def")));
    assert_null(key_row(keys, names, bytes_str("name"), bytes_str("get_user_details")));
    assert_null(key_row(keys, names, bytes_str("name"), bytes_str("Wall Clock")));
    assert_non_null(key_row(keys, names, bytes_str("name"), bytes_str("Sofia")));
    assert_null(key_row(keys, names, bytes_str("order_id"), bytes_str("unknown id")));
    assert_non_null(key_row(keys, names, bytes_str("order_id"), bytes_str("#W1234567")));
    names_free(names);
    keys_free(keys);
}

static void name_lists_hold_no_doubt(void **state)
{
    (void)state;
    struct names *names = NULL;
    assert_int_equal(names_new(&names), OK);
    assert_int_equal(names_class(names, bytes_str("Sofia")) & 7, NAME_GIVEN);
    assert_int_equal(names_class(names, bytes_str("HERNANDEZ")) & 7, NAME_FAMILY);
    static const char *const doubtful[] = {"will",      "may",    "mark",   "grant", "april",
                                           "charlotte", "austin", "jordan", "summer"};
    for (size_t i = 0; i < sizeof doubtful / sizeof doubtful[0]; i++)
        assert_true(names_class(names, bytes_str(doubtful[i])) & NAME_COMMON);
    assert_int_equal(names_class(names, bytes_str("qwertz")), 0);
    assert_int_equal(names_class(names, bytes_str("")), 0);
    names_free(names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_fold),
        cmocka_unit_test(other_alphabets_fold),
        cmocka_unit_test(plain_text_is_not_copied),
        cmocka_unit_test(offsets_map_back),
        cmocka_unit_test(shapes_match_whole),
        cmocka_unit_test(shapes_that_are_cut_off_match),
        cmocka_unit_test(blocks_class_each_byte),
        cmocka_unit_test(keys_are_known_in_any_spelling),
        cmocka_unit_test(values_under_keys_must_be_values),
        cmocka_unit_test(name_lists_hold_no_doubt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
