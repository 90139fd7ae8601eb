/* Never quadratic, and never far from the ordinary, without a clock: what is counted is how many blocks of the
 * scrubber's code run, which the compiler makes each of them tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_lex.h"
#include "tests/redaction/shapes.h"
#include "tests/redaction/tiers.h"

enum { SMALL = 16 << 10, TIMES = 4, SLACK = 5, ORDINARY_TIMES = 5 };

static struct redactor *redactor;
static uint64_t blocks;

void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
    blocks++;
}

static void repeat(const char *unit, size_t size, bool json, struct buf *out)
{
    struct buf inside SCOPED_BUF = {0};
    buf_add_str(&inside, unit);
    if (json)
        buf_add_str(out, "[\"");
    while (out->size < size && json)
        json_escape(buf_bytes(&inside), out);
    while (out->size < size)
        buf_add(out, buf_bytes(&inside));
    if (json)
        buf_add_str(out, "\"]");
    assert_int_equal(buf_status(out), OK);
}

static uint64_t work_on(const char *unit, size_t size, bool json)
{
    struct redact_session *session = NULL;
    struct buf text SCOPED_BUF = {0}, out SCOPED_BUF = {0};
    repeat(unit, size, json, &text);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    uint64_t before = blocks;
    enum status status =
        json ? redact_json(session, buf_bytes(&text), &out, NULL) : redact_text(session, buf_bytes(&text), &out, NULL);
    assert_int_equal(status, OK);
    redact_session_free(session);
    return blocks - before;
}

/* Four times the text is at most five times the work. */
static void work_grows_as_the_text_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHAPES; i++)
        for (int json = 0; json < 2; json++) {
            uint64_t small = work_on(shapes[i].unit, SMALL, json), large = work_on(shapes[i].unit, TIMES * SMALL, json);
            if (large > SLACK * small)
                fail_msg("%s: %llu blocks, of four times the text %llu", shapes[i].name, (unsigned long long)small,
                         (unsigned long long)large);
        }
}

/* What traces are made of, with values that are found and with more that look like some. */
static const char ordinary[] =
    "user: Hi, I'd like to change my flight from Denver to Houston, the quickest one on May 27, please. It is "
    "mia_li_3668.\n"
    "assistant: Could you please provide the reservation ID? The payment goes to the certificate certificate_7504069.\n"
    "tool: {\"status\": \"available\", \"prices\": {\"economy\": 112, \"business\": 438}, \"name\": {\"first_name\": "
    "\"Mia\", "
    "\"last_name\": \"Li\"}, \"email\": \"mia.li3818@example.com\", \"dob\": \"1990-04-05\", \"id\": \"SDZQKO\"}\n";

static void no_shape_takes_much_more_than_the_ordinary(void **state)
{
    (void)state;
    for (int json = 0; json < 2; json++) {
        uint64_t usual = work_on(ordinary, SMALL, json);
        for (size_t i = 0; i < SHAPES; i++) {
            uint64_t work = work_on(shapes[i].unit, SMALL, json);
            if (work > ORDINARY_TIMES * usual)
                fail_msg("%s: %llu blocks, of ordinary text %llu", shapes[i].name, (unsigned long long)work,
                         (unsigned long long)usual);
        }
    }
}

int main(void)
{
    if (tiers_redactor("default", false, &redactor) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_grows_as_the_text_does),
        cmocka_unit_test(no_shape_takes_much_more_than_the_ordinary),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(redactor);
    return failed;
}
