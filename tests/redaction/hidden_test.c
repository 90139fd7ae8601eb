/* Hidden values: one value is one placeholder however it is written; what hides is learned and sought; policies hold
 * inside too; what is no text costs little; depth and size are bounded; every failed allocation is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"
#include "base/inflate.h"
#include "base/random.h"
#include "redaction/hidden_forms.h"
#include "redaction/redaction.h"

static struct redactor *redactor;

static void scrub_with(const struct redactor *by, const char *text, const char *want)
{
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    assert_int_equal(redact_session_new(by, &session), OK);
    assert_int_equal(redact_text(session, bytes_str(text), &out, NULL), OK);
    assert_string_equal(buf_text(&out), want);
    redact_session_free(session);
}

/* Encode `times` over. */
static void nest(const char *plain, int times, struct buf *out)
{
    struct buf now SCOPED_BUF = {0};
    buf_add_str(out, plain);
    for (int i = 0; i < times; i++) {
        buf_clear(&now);
        encode_base64(buf_bytes(out), &now);
        buf_clear(out);
        buf_add(out, buf_bytes(&now));
    }
}

static void one_value_is_one_placeholder(void **state)
{
    (void)state;
    scrub_with(redactor, "ann@example.com mia%40example.com mia@example.com m\\u0069a@example.com",
               "<EMAIL_2> <EMAIL_1> <EMAIL_1> <EMAIL_1>");
    scrub_with(redactor, "\"mia@\" + \"example.com\" is mia@example.com", "\"<EMAIL_1>\" is <EMAIL_1>");
}

/* UTF-16 of letters of any script, in hex; and sixteen-bit numbers that are no text. */
static void wide_text_is_read(void **state)
{
    static const uint16_t mail[] = {'t', 'o', ' ', 'm', 0x200b, 'i', 'a', '@', 0xff45, 0x200b, 'x', 'a', 'm',
                                    'p', 'l', 'e', '.', 'c',    'o', 'm', ' ', 'o',    'r',    ' ', 0xe9},
                          numbers[] = {'t', 0x8a11, 0xd812, 0x7711, 0x9102, 0, 0x4411, 0x3307, 0x81f2, 0x1203};
    (void)state;
    struct buf wide SCOPED_BUF = {0}, text SCOPED_BUF = {0};
    for (size_t i = 0; i < sizeof mail / sizeof *mail; i++) {
        buf_add_byte(&wide, (uint8_t)mail[i]);
        buf_add_byte(&wide, (uint8_t)(mail[i] >> 8));
    }
    encode_hex(buf_bytes(&wide), &text);
    scrub_with(redactor, buf_text(&text), "<EMAIL_1>");
    buf_clear(&wide);
    buf_clear(&text);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buf_add_byte(&wide, (uint8_t)numbers[i]);
        buf_add_byte(&wide, (uint8_t)(numbers[i] >> 8));
    }
    encode_hex(buf_bytes(&wide), &text);
    struct buf same SCOPED_BUF = {0};
    buf_add(&same, buf_bytes(&text));
    scrub_with(redactor, buf_text(&text), buf_text(&same));
}

static void what_hides_is_learned_and_sought(void **state)
{
    (void)state;
    struct buf told SCOPED_BUF = {0}, text SCOPED_BUF = {0};
    nest("My reservation ID is QX7ZZ9.", 1, &told);
    buf_addf(&text, "QX7ZZ9 first, then %s", buf_text(&told));
    scrub_with(redactor, buf_text(&text), "<ACCOUNT_1> first, then <ACCOUNT_2>");
    buf_clear(&text);
    buf_clear(&told);
    nest("we spoke with Qwertzu about it", 2, &told);
    buf_addf(&text, "My name is Qwertzu Asdfgh: %s", buf_text(&told));
    scrub_with(redactor, buf_text(&text), "My name is <NAME_1>: <NAME_2>");
}

static void policies_hold_inside(void **state)
{
    (void)state;
    struct redactor *own = NULL;
    const char *policy =
        "{\"version\": 1, \"name\": \"own\", \"threshold\": 0.6, \"default\": \"placeholder\", "
        "\"types\": {\"IP\": \"keep\"}, \"allow\": [\"help@example.org\"], \"custom\": [\"Falcon X\"]}";
    assert_int_equal(redactor_new(bytes_str(policy), NULL, &own, NULL), OK);
    scrub_with(own, "help%40example.org mia%40example.org", "help%40example.org <EMAIL_1>");
    scrub_with(own, "from 10%2E20%2E30%2E40", "from 10%2E20%2E30%2E40");
    scrub_with(own, "Falcon%20X", "<CUSTOM_1>");
    redactor_free(own);
}

static void scans_look_inside(void **state)
{
    (void)state;
    struct buf text SCOPED_BUF = {0};
    struct redact_finding found;
    nest("mia.li@example.com", 2, &text);
    assert_int_equal(redact_scan(redactor, buf_bytes(&text), &found), OK);
    assert_int_equal(found.type, REDACT_EMAIL);
    assert_int_equal(found.end - found.start, text.size);
    assert_int_equal(redact_scan(redactor, bytes_str("nothing%20here"), &found), ERR_NOT_FOUND);
}

/* What explains a hidden find names the form in which it hid, and the rule that knew it. */
static void both_rules_are_named(void **state)
{
    (void)state;
    struct redact_findings found = {0};
    struct redact_session *session = NULL;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, bytes_str("mia%2Eli%40example%2Eorg, ann@example.org"), &found), OK);
    assert_int_equal(found.count, 2);
    assert_string_equal(found.items[0].rule, "hidden.escape");
    assert_string_equal(found.items[0].inner, "email");
    assert_string_equal(found.items[1].rule, "email");
    assert_null(found.items[1].inner);
    redact_findings_free(&found);
    redact_session_free(session);
}

static size_t pieces_of(struct bytes text)
{
    struct view view;
    view_init(&view, SIZE_MAX);
    blocks_collect(text, &view);
    size_t count = view.count;
    view_free(&view);
    return count;
}

/* A hundred images of random bytes. One run in a million looks like text for long enough. */
static void images_stay(void **state)
{
    (void)state;
    struct random_seeded seeded;
    struct random source = random_seeded_start(&seeded, 7);
    uint8_t image[100000];
    for (int i = 0; i < 100; i++) {
        struct buf text SCOPED_BUF = {0};
        random_fill(source, image, sizeof image);
        encode_base64(bytes_of(image, sizeof image), &text);
        assert_int_equal(pieces_of(buf_bytes(&text)), 0);
    }
    assert_int_equal(pieces_of(bytes_str("ZGVjb2RlcyB0byB0ZXh0")), 1);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    struct buf six SCOPED_BUF = {0}, seven SCOPED_BUF = {0};
    nest("mia.li@example.com", 6, &six);
    nest("mia.li@example.com", 7, &seven);
    scrub_with(redactor, buf_text(&six), "<EMAIL_1>");
    scrub_with(redactor, buf_text(&seven), buf_text(&seven));
}

/* 64 MiB of one letter in 64 KiB of gzip, a thousand times: only as much is inflated as the view may hold. */
static void size_is_bounded(void **state)
{
    (void)state;
    struct buf plain SCOPED_BUF = {0}, packed SCOPED_BUF = {0}, text SCOPED_BUF = {0};
    for (int i = 0; i < 1 << 20; i++)
        buf_add_byte(&plain, 'a');
    assert_int_equal(deflate_gzip(buf_bytes(&plain), &packed), OK);
    for (int i = 0; i < 100; i++) {
        encode_base64(buf_bytes(&packed), &text);
        buf_add_byte(&text, '\n');
    }
    struct view view;
    view_init(&view, 2 << 20);
    blocks_collect(buf_bytes(&text), &view);
    assert_int_equal(view.status, OK);
    assert_true(view.text.size <= (2 << 20) + 1);
    assert_true(view.count > 0 && view.count < 100);
    view_free(&view);
}

static void failed_allocations_leave_nothing(void **state)
{
    (void)state;
    struct buf text SCOPED_BUF = {0};
    nest("mail mia%40example.com, \"ann@exam\" + \"ple.com\"", 2, &text);
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        struct redact_session *session = NULL;
        struct buf out SCOPED_BUF = {0};
        assert_int_equal(redact_session_new(redactor, &session), OK);
        mem_fail_after(n);
        status = redact_text(session, buf_bytes(&text), &out, NULL);
        mem_fail_after(0);
        assert_true(status == OK ? strcmp(buf_text(&out), "<EMAIL_1>") == 0 : status == ERR_MEMORY && out.size == 0);
        redact_session_free(session);
    }
}

int main(void)
{
    if (redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_value_is_one_placeholder),
        cmocka_unit_test(wide_text_is_read),
        cmocka_unit_test(what_hides_is_learned_and_sought),
        cmocka_unit_test(policies_hold_inside),
        cmocka_unit_test(scans_look_inside),
        cmocka_unit_test(both_rules_are_named),
        cmocka_unit_test(images_stay),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(size_is_bounded),
        cmocka_unit_test(failed_allocations_leave_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
