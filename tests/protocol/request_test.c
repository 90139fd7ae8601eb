/* Requests: what is read is what was written, and nothing else is read. */
#include "protocol/request.h"
#include "protocol/federation.h"
#include "tests/protocol/samples.h"

static struct request sample(enum request_command command)
{
    struct request request = {.command = command};
    for (size_t i = 0; i < sizeof request.reply_key; i++)
        request.reply_key[i] = (uint8_t)(0x40 + i);
    if (command == REQUEST_RENEW)
        request.csr_pem = mem_copy(bytes_str("-----BEGIN CERTIFICATE REQUEST-----\nMA==\n"));
    if (command == REQUEST_DEVICE_REVOKE || command == REQUEST_TOKEN_REVOKE)
        memset(request.subject, 0x61, ID_BYTES);
    if (command == REQUEST_TOKEN_NEW)
        request.role = MEMBER_ADMINISTRATOR;
    if (command == REQUEST_TRAIL)
        request.from = 4711;
    return request;
}

static void each_command_is_read_as_written(void **state)
{
    (void)state;
    for (unsigned command = 0; command < REQUEST_COMMANDS; command++) {
        struct request request = sample((enum request_command)command), read;
        SCOPED_BUF struct buf text = {0}, again = {0};
        ok(request_encode(&request, &text));
        ok(request_decode(buf_bytes(&text), &read, NULL));
        ok(request_encode(&read, &again));
        assert_true(bytes_equal(buf_bytes(&text), buf_bytes(&again)));
        assert_int_equal(read.command, request.command);
        assert_memory_equal(read.subject, request.subject, ID_BYTES);
        assert_int_equal(read.role, request.role);
        assert_int_equal(read.from, request.from);
        request_free(&request);
        request_free(&read);
    }
}

#define KEY "\"reply_key\":\"404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\""

static void what_is_no_request_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
    } cases[] = {
        {"{\"command\":\"device.list\"," KEY ",\"v\":1}", OK},
        {"{\"command\":\"device.list\"," KEY ",\"v\":2}", ERR_VERSION},
        {"{\"command\":\"device.list\",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"tenant.list\"," KEY ",\"v\":1}", ERR_INPUT}, /* the operator's */
        {"{\"command\":\"device.list\",\"extra\":1," KEY ",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"device.list\",\"from\":1," KEY ",\"v\":1}", ERR_INPUT}, /* another command's field */
        {"{\"command\": \"device.list\"," KEY ",\"v\":1}", ERR_INPUT},
        {"{" KEY ",\"command\":\"device.list\",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"token.new\"," KEY ",\"role\":\"king\",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"token.new\"," KEY ",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"trail\",\"from\":-1," KEY ",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"device.revoke\",\"device\":\"61\"," KEY ",\"v\":1}", ERR_INPUT},
        {"{\"command\":\"renew\",\"csr\":\"\"," KEY ",\"v\":1}", ERR_INPUT},
        {"", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct request request;
        enum status status = request_decode(bytes_str(cases[i].text), &request, NULL);
        if (status != cases[i].status)
            fail_msg("%s: %s", cases[i].text, status_text(status));
        assert_null(request.csr_pem);
    }
}

static void a_request_fits_its_envelope(void **state)
{
    (void)state;
    struct request request = {.command = REQUEST_RENEW, .csr_pem = mem_new(PEM_MAX + 1, 1)};
    SCOPED_BUF struct buf text = {0};
    assert_non_null(request.csr_pem);
    memset(request.csr_pem, 'A', PEM_MAX);
    for (size_t i = 64; i < PEM_MAX; i += 65) /* each line's end becomes two characters */
        request.csr_pem[i] = '\n';
    ok(request_encode(&request, &text));
    assert_true(text.size <= REQUEST_MAX);
    assert_true(ENVELOPE_LEAST + padme(SIGN_BYTES + 4 + text.size) <= REQUEST_ENVELOPE_MAX);
    assert_true(ENVELOPE_LEAST + padme(SIGN_BYTES + 4 + REQUEST_MAX) <= REQUEST_ENVELOPE_MAX);
    request_free(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_command_is_read_as_written),
        cmocka_unit_test(what_is_no_request_is_refused),
        cmocka_unit_test(a_request_fits_its_envelope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
