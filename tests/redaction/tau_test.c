/* Real agent trajectories of a shop and an airline: every customer's record is known, so what survives the scrubber can
 * be counted. E-mails, street lines, zips, birth dates, payment ids and user ids: none; names: counted and reported. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/inflate.h"
#include "base/json.h"
#include "redaction/chars.h"
#include "redaction/redaction.h"

#define MOST (64u << 20)

enum kind { EMAIL, STREET, ZIP, BIRTH, PAYMENT, USER, FULL_NAME, FIRST, LAST, KINDS };
static const char *const kind_names[KINDS] = {"e-mail",  "street",    "zip",        "birth date", "payment id",
                                              "user id", "full name", "first name", "last name"};

struct value {
    struct bytes text;
    enum kind kind;
};
static struct value values[16384];
static size_t value_count;
static struct json *records[2]; /* the values point into them or into names */
static char full_names[4096][64];
static size_t full_count;
static size_t before[KINDS], after[KINDS];

static bool load(const char *name, struct buf *out)
{
    const char *shared = getenv("CHATHAM_SHARED");
    char path[4096];
    struct buf packed SCOPED_BUF = {0};
    snprintf(path, sizeof path, "%s/data/traces/tau-bench/%s", shared ? shared : "../shared", name);
    return file_read(path, MOST, &packed) == OK && inflate_gzip(buf_bytes(&packed), MOST, out) == OK;
}

static void add(struct bytes text, enum kind kind)
{
    assert_true(value_count < sizeof values / sizeof values[0]);
    if (text.size > 1)
        values[value_count++] = (struct value){text, kind};
}

static void add_person(const struct json *person)
{
    struct bytes first = json_string_bytes(json_get(person, "first_name")),
                 last = json_string_bytes(json_get(person, "last_name"));
    add(first, FIRST);
    add(last, LAST);
    assert_true(full_count < sizeof full_names / sizeof full_names[0]);
    char *full = full_names[full_count++];
    snprintf(full, sizeof full_names[0], "%.*s %.*s", (int)first.size, (const char *)first.data, (int)last.size,
             (const char *)last.data);
    add(bytes_str(full), FULL_NAME);
    add(json_string_bytes(json_get(person, "dob")), BIRTH);
}

static void add_customers(const struct json *users)
{
    for (size_t i = 0; i < json_count(users); i++) {
        const char *id = NULL, *payment = NULL;
        const struct json *user = json_member(users, i, &id);
        const struct json *address = json_get(user, "address"), *payments = json_get(user, "payment_methods");
        const struct json *others = json_get(user, "saved_passengers");
        add(bytes_str(id), USER);
        add(json_string_bytes(json_get(user, "email")), EMAIL);
        add(json_string_bytes(json_get(user, "dob")), BIRTH);
        add(json_string_bytes(json_get(address, "address1")), STREET);
        add(json_string_bytes(json_get(address, "zip")), ZIP);
        add_person(json_get(user, "name"));
        for (size_t p = 0; p < json_count(payments); p++) {
            json_member(payments, p, &payment);
            add(bytes_str(payment), PAYMENT);
        }
        for (size_t p = 0; p < json_count(others); p++)
            add_person(json_at(others, p));
    }
}

/* Sorted by text, so that each word of a text costs one search. */
static int by_text(const void *a, const void *b)
{
    const struct value *x = a, *y = b;
    size_t size = x->text.size < y->text.size ? x->text.size : y->text.size;
    int order = memcmp(x->text.data, y->text.data, size);
    return order ? order : (x->text.size > y->text.size) - (x->text.size < y->text.size);
}

/* Count the values that stand as words in text. */
static void count(struct bytes text, size_t out[static KINDS])
{
    for (size_t at = 0; at < text.size; at++) {
        if (at > 0 && char_is(text.data[at - 1], C_ALNUM))
            continue;
        for (size_t size = 2; size < 48 && size <= text.size - at; size++) {
            if (at + size < text.size && char_is(text.data[at + size], C_ALNUM))
                continue;
            struct value wanted = {bytes_part(text, at, size), EMAIL};
            const struct value *hit = bsearch(&wanted, values, value_count, sizeof values[0], by_text);
            if (hit)
                out[hit->kind]++;
        }
    }
}

static void scrub_lines(const struct redactor *redactor, struct bytes lines, size_t *texts)
{
    for (size_t at = 0; at < lines.size;) {
        size_t size = bytes_find(bytes_part(lines, at, SIZE_MAX), bytes_str("\n"));
        size = size == SIZE_MAX ? lines.size - at : size;
        struct redact_session *session = NULL;
        struct json *line = NULL;
        struct buf plain SCOPED_BUF = {0}, out SCOPED_BUF = {0};
        if (size && json_parse(bytes_part(lines, at, size), MOST, &line, NULL) == OK) {
            const struct json *messages = json_get(line, "messages"), *display = json_get(line, "messages_display");
            assert_int_equal(json_canonical(messages ? messages : display, &plain), OK);
            count(buf_bytes(&plain), before);
            assert_int_equal(redact_session_new(redactor, &session), OK);
            assert_int_equal(redact_json(session, buf_bytes(&plain), &out, NULL), OK);
            count(buf_bytes(&out), after);
            ++*texts;
        }
        json_free(line);
        redact_session_free(session);
        at += size + 1;
    }
}

static void no_customer_survives(void **state)
{
    (void)state;
    static const char *const users[2] = {"airline.users.json.gz", "retail.users.json.gz"};
    static const char *const traces[] = {"airline.chat.jsonl.gz", "airline.transcripts.jsonl.gz",
                                         "retail.transcripts.jsonl.gz"};
    struct redactor *redactor = NULL;
    size_t texts = 0;
    assert_int_equal(redactor_new(BYTES_NONE, NULL, &redactor, NULL), OK);
    for (size_t i = 0; i < 2; i++) {
        struct buf text SCOPED_BUF = {0};
        if (!load(users[i], &text)) {
            redactor_free(redactor);
            skip();
        }
        assert_int_equal(json_parse(buf_bytes(&text), MOST, &records[i], NULL), OK);
        add_customers(records[i]);
    }
    qsort(values, value_count, sizeof values[0], by_text);
    for (size_t i = 0; i < sizeof traces / sizeof traces[0]; i++) {
        struct buf lines SCOPED_BUF = {0};
        assert_true(load(traces[i], &lines));
        scrub_lines(redactor, buf_bytes(&lines), &texts);
    }
    printf("%zu trajectories\n", texts);
    for (int kind = 0; kind < KINDS; kind++) {
        printf("  %-12s %5zu of %5zu survive\n", kind_names[kind], after[kind], before[kind]);
        assert_true(before[kind] > 0);
        if (kind < FULL_NAME)
            assert_int_equal(after[kind], 0);
    }
    assert_true(after[FULL_NAME] * 100 <= before[FULL_NAME]); /* under 1 %: the tagger will do better than lists */
    for (size_t i = 0; i < 2; i++)
        json_free(records[i]);
    redactor_free(redactor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_customer_survives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
