/* Surrogates: their shapes, check digits and consistency; that they are nobody's who is in the text, and that they
 * stay. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/hash.h"
#include "redaction/pattern.h"
#include "redaction/redactor.h"

static struct redactor *redactor;

static void make(void *state, struct bytes value, uint8_t *out, size_t size)
{
    uint8_t digest[HASH_BYTES];
    hash_keyed(bytes_str(state), value, digest, sizeof digest);
    memcpy(out, digest, size);
}

static struct redactor *redactor_of(const char *policy, char *key)
{
    const struct redact_pseudonyms pseudonyms = {.make = make, .state = key};
    struct redactor *made = NULL;
    assert_int_equal(redactor_new(bytes_str(policy), &pseudonyms, &made, NULL), OK);
    return made;
}

static struct redact_session *session_new(void)
{
    struct redact_session *session = NULL;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    return session;
}

static void operate_on(struct redact_session *session, enum redact_type type, struct bytes value, struct buf *out)
{
    static const struct recognizer row = {.rule = "test"};
    const struct find find = {0, value.size, &row, type, false, 1, NULL};
    const struct operand operand = {&find, value, value};
    assert_int_equal(operate(session, &operand, out), OK);
}

static enum redact_type type_of(struct bytes name)
{
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        if (bytes_is(name, redact_type_name(type)))
            return type;
    fail_msg("no such type");
    return REDACT_CUSTOM;
}

static struct bytes field(struct bytes *line)
{
    size_t size = bytes_find(*line, bytes_str("\t"));
    struct bytes part = bytes_part(*line, 0, size);
    *line = bytes_part(*line, size == SIZE_MAX ? line->size : size + 1, SIZE_MAX);
    return part;
}

static bool fits(struct bytes wanted, struct bytes text)
{
    struct pattern *pattern = NULL;
    bool alive;
    assert_int_equal(pattern_new(wanted, "case", &pattern, NULL), OK);
    bool same = pattern_start(pattern, text, 0, text.size, &alive) == 0;
    pattern_free(pattern);
    return same;
}

static int case_run(size_t number, struct bytes line)
{
    struct buf out SCOPED_BUF = {0}, again SCOPED_BUF = {0};
    struct redact_session *session = session_new();
    enum redact_type type = type_of(field(&line));
    struct bytes value = field(&line), wanted = field(&line);
    operate_on(session, type, value, &out);
    operate_on(session, type, value, &again);
    int bad = !fits(wanted, buf_bytes(&out)) || !bytes_equal(buf_bytes(&out), buf_bytes(&again)) ||
              bytes_equal(buf_bytes(&out), value);
    if (bad)
        printf("surrogate.txt:%zu: %s, %s\n", number, buf_text(&out), buf_text(&again));
    redact_session_free(session);
    return bad;
}

static void shapes_stay(void **state)
{
    (void)state;
    char path[4096];
    struct buf content SCOPED_BUF = {0};
    int bad = 0;
    assert_non_null(getenv("CHATHAM_SOURCE"));
    snprintf(path, sizeof path, "%s/tests/cases/redaction/operators/surrogate.txt", getenv("CHATHAM_SOURCE"));
    assert_int_equal(file_read(path, 1 << 20, &content), OK);
    struct bytes left = buf_bytes(&content);
    for (size_t number = 1; left.size; number++) {
        size_t size = bytes_find(left, bytes_str("\n"));
        struct bytes line = bytes_part(left, 0, size);
        left = bytes_part(left, size == SIZE_MAX ? left.size : size + 1, SIZE_MAX);
        if (line.size && line.data[0] != '#')
            bad += case_run(number, line);
    }
    assert_int_equal(bad, 0);
}

/* --- check digits, computed here in another way than there --- */

static bool luhn_holds(const char *text)
{
    unsigned sum = 0, place = 0;
    for (size_t i = strlen(text); i-- > 0;) {
        if (text[i] < '0' || text[i] > '9')
            continue;
        unsigned digit = (unsigned)(text[i] - '0') * (place++ % 2 ? 2 : 1);
        sum += digit / 10 + digit % 10;
    }
    return sum % 10 == 0;
}

static bool iban_holds(const char *text)
{
    char moved[64] = "";
    unsigned rest = 0;
    snprintf(moved, sizeof moved, "%s%.4s", text + 4, text);
    for (const char *at = moved; *at; at++) {
        bool letter = *at >= 'A';
        rest = (rest * (letter ? 100 : 10) + (unsigned)(letter ? *at - 'A' + 10 : *at - '0')) % 97;
    }
    return rest == 1;
}

static void check_digits_hold(void **state)
{
    (void)state;
    static const char *const cards[] = {"4111 1111 1111 1111", "378282246310005", "5555-5555-5555-4444",
                                        "6011000990139424"};
    static const char *const ibans[] = {"DE89370400440532013000", "GB29NWBK60161331926819", "NO9386011117947",
                                        "FR1420041010050500013M02606"};
    struct redact_session *session = session_new();
    for (size_t i = 0; i < 4; i++) {
        struct buf card SCOPED_BUF = {0}, iban SCOPED_BUF = {0};
        operate_on(session, REDACT_CARD, bytes_str(cards[i]), &card);
        assert_true(luhn_holds(buf_text(&card)));
        operate_on(session, REDACT_IBAN, bytes_str(ibans[i]), &iban);
        assert_true(iban_holds(buf_text(&iban)));
    }
    redact_session_free(session);
}

/* An id whose rule checks digits keeps them, whatever the rule. */
static void rules_prove_ids(void **state)
{
    (void)state;
    struct redact_session *session = session_new();
    struct buf out SCOPED_BUF = {0}, again SCOPED_BUF = {0};
    struct redact_findings found = {0}, refound = {0};
    const char *text = "IMEI: 490154203237518";
    assert_int_equal(redact_text(session, bytes_str(text), &out, &found), OK);
    redact_session_free(session);
    session = session_new();
    assert_int_equal(redact_text(session, buf_bytes(&out), &again, &refound), OK);
    redact_session_free(session);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].type, REDACT_DEVICE);
    assert_true(luhn_holds(buf_text(&out) + 6));
    assert_int_equal(refound.count, 1);
    assert_string_equal(refound.items[0].rule, found.items[0].rule);
    redact_findings_free(&found);
    redact_findings_free(&refound);
}

/* --- consistency --- */

static void names_and_addresses_agree(void **state)
{
    (void)state;
    struct redact_session *session = session_new();
    struct buf whole SCOPED_BUF = {0}, first SCOPED_BUF = {0}, mail SCOPED_BUF = {0}, other SCOPED_BUF = {0};
    operate_on(session, REDACT_NAME, bytes_str("Mia Lindqvist"), &whole);
    operate_on(session, REDACT_NAME, bytes_str("Mia"), &first);
    operate_on(session, REDACT_EMAIL, bytes_str("mia.lindqvist@corp.test"), &mail);
    operate_on(session, REDACT_EMAIL, bytes_str("sales@corp.test"), &other);
    assert_memory_equal(buf_text(&whole), buf_text(&first), first.size);
    assert_int_equal(whole.data[first.size], ' ');
    for (size_t i = 0; i < whole.size; i++)
        assert_int_equal(mail.data[i], whole.data[i] == ' ' ? '.' : whole.data[i] | 32);
    assert_string_equal(strchr(buf_text(&mail), '@'), strchr(buf_text(&other), '@'));
    redact_session_free(session);
}

/* Through the whole scrubber, twice: the second pass changes nothing, nor does a text that quotes the first's output.
 */
static void surrogates_come_back_unharmed(void **state)
{
    (void)state;
    static const char text[] =
        "Mia Lindqvist <mia.lindqvist@corp.test>, 10.1.2.3, card 4111 1111 1111 1111, SSN 078-05-1120, "
        "call (415) 555-2671. Then Mia wrote. PASSWORD=hunter22!";
    struct redact_session *session = session_new();
    struct buf once SCOPED_BUF = {0}, twice SCOPED_BUF = {0};
    assert_int_equal(redact_text(session, bytes_str(text), &once, NULL), OK);
    assert_int_equal(redact_text(session, buf_bytes(&once), &twice, NULL), OK);
    assert_string_equal(buf_text(&twice), buf_text(&once));
    static const char *const gone[] = {"Mia",      "Lindqvist", "lindqvist", "corp.test",
                                       "10.1.2.3", "1111",      "1120",      "hunter"};
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++)
        if (strstr(buf_text(&once), gone[i]))
            fail_msg("%s is still in %s", gone[i], buf_text(&once));
    redact_session_free(session);
}

/* All 762 documentation addresses are asked for; those that stand in the text are nobody else's surrogate. */
static void no_surrogate_is_a_real_value(void **state)
{
    (void)state;
    struct redact_session *session = session_new();
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    struct redact_findings found = {0};
    for (unsigned i = 1; i < 250; i++)
        buf_addf(&text, "192.0.2.%u\n198.51.100.%u\n10.7.0.%u\n", i, i, i);
    assert_int_equal(redact_text(session, buf_bytes(&text), &out, &found), OK);
    assert_true(found.count >= 700);
    struct bytes in = buf_bytes(&text), left = buf_bytes(&out);
    while (left.size) {
        size_t size = bytes_find(left, bytes_str("\n"));
        char line[64];
        snprintf(line, sizeof line, "\n%.*s\n", (int)size, (const char *)left.data);
        if (bytes_find(in, bytes_str(line)) != SIZE_MAX)
            fail_msg("a real value stands for another: %s", line);
        left = bytes_part(left, size + 1, SIZE_MAX);
    }
    redact_findings_free(&found);
    redact_session_free(session);
}

/* The key decides: another one draws others, the same one the same in every session. */
static void the_key_decides(void **state)
{
    (void)state;
    struct redactor *mine = redactor;
    char key[] = "another";
    struct buf one SCOPED_BUF = {0}, same SCOPED_BUF = {0}, other SCOPED_BUF = {0};
    struct redact_session *sessions[3] = {session_new(), session_new(), NULL};
    redactor =
        redactor_of("{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"tagger\":false,\"default\":\"surrogate\"}", key);
    sessions[2] = session_new();
    operate_on(sessions[0], REDACT_ACCOUNT, bytes_str("W3561391"), &one);
    operate_on(sessions[1], REDACT_ACCOUNT, bytes_str("W3561391"), &same);
    operate_on(sessions[2], REDACT_ACCOUNT, bytes_str("W3561391"), &other);
    assert_string_equal(buf_text(&one), buf_text(&same));
    assert_string_not_equal(buf_text(&one), buf_text(&other));
    for (size_t i = 0; i < 3; i++)
        redact_session_free(sessions[i]);
    redactor_free(redactor);
    redactor = mine;
}

static void failed_allocations_leave_nothing(void **state)
{
    (void)state;
    static const char text[] = "Mia Lindqvist <mia.lindqvist@corp.test>, 10.1.2.3, card 4111 1111 1111 1111";
    size_t failed = 0;
    for (size_t n = 1; n < 120; n++) {
        struct redact_session *session = NULL;
        struct buf out = {0};
        mem_fail_after(n);
        enum status status = redact_session_new(redactor, &session);
        if (status == OK)
            status = redact_text(session, bytes_str(text), &out, NULL);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
        assert_true(status == OK || out.size == 0);
        failed += status != OK;
        buf_free(&out);
        redact_session_free(session);
    }
    assert_true(failed > 20);
}

int main(void)
{
    char key[] = "key";
    redactor =
        redactor_of("{\"version\":1,\"name\":\"x\",\"threshold\":0.5,\"tagger\":false,\"default\":\"surrogate\"}", key);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_stay),
        cmocka_unit_test(check_digits_hold),
        cmocka_unit_test(rules_prove_ids),
        cmocka_unit_test(names_and_addresses_agree),
        cmocka_unit_test(surrogates_come_back_unharmed),
        cmocka_unit_test(no_surrogate_is_a_real_value),
        cmocka_unit_test(the_key_decides),
        cmocka_unit_test(failed_allocations_leave_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
