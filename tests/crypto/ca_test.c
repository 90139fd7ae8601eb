/* The certificate authority: what it issues, what it refuses to issue, what it refuses to believe.
 * cert_cli_test.sh has OpenSSL's own command line judge the same certificates. */
#include "crypto/ca.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/crypto/hex.h"

#define NOW INT64_C(1780000000)
#define YEAR INT64_C(31536000)
#define DAY INT64_C(86400)

struct authority {
    struct secret key;
    struct buf cert;
};

static void authority_free(struct authority *authority)
{
    secret_free(&authority->key);
    buf_free(&authority->cert);
}
#define SCOPED_AUTHORITY __attribute__((cleanup(authority_free)))

static struct authority authority_new(void)
{
    struct authority made = {0};
    assert_int_equal(ca_key_new(&made.key), OK);
    assert_int_equal(ca_create(&made.key, "0123456789abcdef", NOW, 10 * YEAR, &made.cert), OK);
    return made;
}

static enum status issue(struct authority *ca, const char *tenant, const char *device, struct buf *cert,
                         uint8_t serial[static CERT_SERIAL_BYTES])
{
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf request = {0};
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(csr_create(&key, "whatever the device says", &request), OK);
    return ca_issue_device(&ca->key, buf_bytes(&ca->cert), buf_bytes(&request), tenant, NULL, device, NOW, 90 * DAY,
                           cert, serial);
}

static void authority_facts(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    struct cert_facts facts;
    assert_int_equal(cert_read(buf_bytes(&ca.cert), &facts), OK);
    assert_string_equal(facts.organisation, "0123456789abcdef");
    assert_true(facts.authority);
    assert_false(facts.client || facts.server);
    assert_true(facts.not_before <= NOW && facts.not_before > NOW - DAY);
    assert_int_equal(facts.not_after, NOW + 10 * YEAR);
    assert_int_equal(cert_check(buf_bytes(&ca.cert), buf_bytes(&ca.cert), NOW, NULL), OK);
}

static void device_facts(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    SCOPED_BUF struct buf cert = {0}, other = {0};
    uint8_t serial[CERT_SERIAL_BYTES], other_serial[CERT_SERIAL_BYTES], print[32], other_print[32];
    struct cert_facts facts;
    assert_int_equal(issue(&ca, "acme", "00ff", &cert, serial), OK);
    assert_int_equal(issue(&ca, "acme", "00ff", &other, other_serial), OK);
    assert_int_equal(cert_read(buf_bytes(&cert), &facts), OK);
    assert_string_equal(facts.organisation, "acme");
    assert_string_equal(facts.name, "00ff");
    assert_memory_equal(facts.serial, serial, sizeof serial);
    assert_memory_not_equal(serial, other_serial, sizeof serial);
    assert_true(facts.client);
    assert_false(facts.server || facts.authority);
    assert_int_equal(facts.not_after, NOW + 90 * DAY);
    assert_int_equal(cert_fingerprint(buf_bytes(&cert), print), OK);
    assert_int_equal(cert_fingerprint(buf_bytes(&other), other_print), OK);
    assert_memory_not_equal(print, other_print, sizeof print);
}

static void server_facts(void **state)
{
    (void)state;
    static const char *const names[] = {"localhost", "127.0.0.1", "::1", "chatham.example"};
    SCOPED_AUTHORITY struct authority ca = authority_new();
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf cert = {0};
    struct cert_facts facts;
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(ca_issue_server(&ca.key, buf_bytes(&ca.cert), &key, names, 4, NOW, YEAR, &cert), OK);
    assert_int_equal(cert_read(buf_bytes(&cert), &facts), OK);
    assert_true(facts.server);
    assert_false(facts.client || facts.authority);
    assert_int_equal(cert_check(buf_bytes(&ca.cert), buf_bytes(&cert), NOW, NULL), OK);
    SCOPED_BUF struct buf none = {0};
    const char *const bad[] = {"localhost", ""};
    assert_int_equal(ca_issue_server(&ca.key, buf_bytes(&ca.cert), &key, bad, 2, NOW, YEAR, &none), ERR_INPUT);
    assert_int_equal(ca_issue_server(&ca.key, buf_bytes(&ca.cert), &key, names, 0, NOW, YEAR, &none), ERR_INPUT);
    assert_int_equal(none.size, 0);
}

static void judged(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new(), stranger = authority_new();
    SCOPED_BUF struct buf cert = {0};
    uint8_t serial[CERT_SERIAL_BYTES];
    assert_int_equal(issue(&ca, "acme", "00ff", &cert, serial), OK);
    struct bytes pem = buf_bytes(&cert);
    const struct {
        struct authority *by;
        int64_t at;
        enum status want;
        const char *what;
    } rows[] = {
        {&ca, NOW, OK, NULL},
        {&ca, NOW + 90 * DAY - 1, OK, NULL},
        {&ca, NOW + 90 * DAY + 1, ERR_DENIED, "certificate has expired"},
        {&ca, NOW - DAY, ERR_DENIED, "certificate is not valid yet"},
        {&stranger, NOW, ERR_DENIED, "certificate is from another authority"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct why why = {0};
        assert_int_equal(cert_check(buf_bytes(&rows[i].by->cert), pem, rows[i].at, &why), rows[i].want);
        if (rows[i].what)
            assert_string_equal(why.what, rows[i].what);
    }
    assert_int_equal(cert_check(pem, pem, NOW, NULL), ERR_DENIED); /* a device is no authority */
    assert_int_equal(cert_check(buf_bytes(&ca.cert), bytes_str("junk"), NOW, NULL), ERR_DENIED);
}

static void a_device_cannot_issue(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf request = {0}, mine = {0}, forged = {0};
    uint8_t serial[CERT_SERIAL_BYTES];
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(csr_create(&key, "x", &request), OK);
    assert_int_equal(
        ca_issue_device(&ca.key, buf_bytes(&ca.cert), buf_bytes(&request), "acme", NULL, "1", NOW, DAY, &mine, serial),
        OK);
    assert_int_equal(
        ca_issue_device(&key, buf_bytes(&mine), buf_bytes(&request), "other", NULL, "2", NOW, DAY, &forged, serial),
        OK); /* it can write the bytes, but nobody believes them */
    assert_int_equal(cert_check(buf_bytes(&ca.cert), buf_bytes(&forged), NOW, NULL), ERR_DENIED);
    assert_int_equal(cert_check(buf_bytes(&mine), buf_bytes(&forged), NOW, NULL), ERR_DENIED);
}

static void refused_requests(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf request = {0}, cert = {0};
    uint8_t serial[CERT_SERIAL_BYTES];
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(csr_create(&key, "x", &request), OK);
    struct bytes ca_pem = buf_bytes(&ca.cert), whole = buf_bytes(&request);
    for (size_t i = 0; i < whole.size; i++)
        assert_int_equal(
            ca_issue_device(&ca.key, ca_pem, bytes_part(whole, 0, i), "acme", NULL, "1", NOW, DAY, &cert, serial),
            i == whole.size - 1 ? OK : ERR_INPUT); /* only the last newline may be missing */
    size_t accepted = 0;
    buf_clear(&cert);
    for (size_t i = 40; i + 40 < whole.size; i++) {
        uint8_t was = request.data[i];
        request.data[i] = was == 'A' ? 'B' : 'A';
        accepted += ca_issue_device(&ca.key, ca_pem, whole, "acme", NULL, "1", NOW, DAY, &cert, serial) == OK;
        request.data[i] = was;
    }
    assert_int_equal(accepted, 0);
    assert_int_equal(cert.size, 0);
    static const char long_name[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    assert_int_equal(ca_issue_device(&ca.key, ca_pem, whole, long_name, NULL, "1", NOW, DAY, &cert, serial), ERR_INPUT);
    assert_int_equal(ca_issue_device(&ca.key, ca_pem, whole, "", NULL, "1", NOW, DAY, &cert, serial), ERR_INPUT);
    assert_int_equal(ca_issue_device(&ca.key, ca_pem, whole, "acme", NULL, "1", NOW, 0, &cert, serial), ERR_INPUT);
    assert_int_equal(ca_issue_device(&ca.key, ca_pem, whole, "acme", NULL, "1", INT64_MAX, DAY, &cert, serial),
                     ERR_INPUT);
    assert_int_equal(ca_issue_device(&key, ca_pem, whole, "acme", NULL, "1", NOW, DAY, &cert, serial), ERR_INPUT);
    assert_int_equal(ca_issue_device(&ca.key, ca_pem, ca_pem, "acme", NULL, "1", NOW, DAY, &cert, serial), ERR_INPUT);
}

/* Requests that are well formed but of another key type: openssl genpkey -algorithm ed25519 | openssl req -new, and
 * secp384r1 likewise. */
static const char ed25519_request[] = "-----BEGIN CERTIFICATE REQUEST-----\n"
                                      "MIGLMD8CAQAwDDEKMAgGA1UEAwwBeDAqMAUGAytlcAMhAAefr0LrhsAqolF3psbg\n"
                                      "Gpe9gkhKcBY4lDICcLaunkzaoAAwBQYDK2VwA0EAgdljZI62YSdR+QBvPiy9d0qr\n"
                                      "Cm2/U7c2eQ2o1DDRoK/u9PpQ4QQ4IkAc2JCASKzCtFmETfFEO7qufGt8A2WWDQ==\n"
                                      "-----END CERTIFICATE REQUEST-----\n";
static const char p384_request[] = "-----BEGIN CERTIFICATE REQUEST-----\n"
                                   "MIIBBDCBiwIBADAMMQowCAYDVQQDDAF4MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE\n"
                                   "ucW+OtEK/rfc/LJ8m6lAmeqcLDd79p3a93STPQspdh4kHPpSbPbHa0ZdInO/Xu8u\n"
                                   "LSEuWy0+riMjR6qs3wGm33bRKg1oAJ7LYvNcT55SS7+EE4uLcfMEnrACfnVr0net\n"
                                   "oAAwCgYIKoZIzj0EAwIDaAAwZQIxAJEvTB7NoqyATqef5G/lK5rLbTOUFI8+aSbz\n"
                                   "1jrJCrf2f5rNr8hfnozkovCH0c4JhAIwJf0+D9weWTcWsE0gf1OV/SDK5wf8sbkJ\n"
                                   "rxzXV0b7gvPeBekLS2kInxwVUSPA9zRc\n"
                                   "-----END CERTIFICATE REQUEST-----\n";

static void other_key_types_are_refused(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    SCOPED_BUF struct buf cert = {0};
    uint8_t serial[CERT_SERIAL_BYTES];
    const char *const requests[] = {ed25519_request, p384_request};
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(ca_issue_device(&ca.key, buf_bytes(&ca.cert), bytes_str(requests[i]), "acme", NULL, "1", NOW,
                                         DAY, &cert, serial),
                         ERR_INPUT);
    assert_int_equal(cert.size, 0);
}

static void only_one_certificate_is_read(void **state)
{
    (void)state;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    struct cert_facts facts;
    uint8_t print[32];
    SCOPED_BUF struct buf two = {0}, text = {0}, tail = {0};
    buf_add(&two, buf_bytes(&ca.cert));
    buf_add(&two, buf_bytes(&ca.cert));
    buf_add_str(&text, "some words before\n");
    buf_add(&text, buf_bytes(&ca.cert));
    buf_add(&tail, buf_bytes(&ca.cert));
    buf_add_str(&tail, "some words after");
    const struct bytes bad[] = {buf_bytes(&two), buf_bytes(&text), buf_bytes(&tail), BYTES_NONE, bytes_str("x")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(cert_read(bad[i], &facts), ERR_INPUT);
        assert_int_equal(cert_fingerprint(bad[i], print), ERR_INPUT);
    }
}

static void key_as_pem(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf pem, request = {0};
    buf_init_secret(&pem);
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(key_to_pem(&key, &pem), OK);
    assert_true(bytes_starts(buf_bytes(&pem), "-----BEGIN PRIVATE KEY-----\n"));
    assert_int_equal(csr_create(&key, "", &request), ERR_INPUT);
    key.data[key.size - 1] ^= 1; /* no longer a matching pair, or no key at all */
    key.size--;
    assert_int_equal(csr_create(&key, "x", &request), ERR_INPUT);
    key.size++;
    assert_int_equal(request.size, 0);
}

/* For cert_cli_test.sh: writes what OpenSSL's command line is to judge into a folder. */
static void put(const char *folder, const char *name, struct bytes content)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content.data, 1, content.size, file), content.size);
    assert_int_equal(fclose(file), 0);
}

static void write_samples(void **state)
{
    (void)state;
    static const char *const names[] = {"localhost", "127.0.0.1", "::1"};
    const char *folder = getenv("CHATHAM_CERT_SAMPLES");
    if (!folder)
        return;
    SCOPED_AUTHORITY struct authority ca = authority_new();
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf device = {0}, server = {0}, request = {0}, pem;
    uint8_t serial[CERT_SERIAL_BYTES];
    buf_init_secret(&pem);
    assert_int_equal(issue(&ca, "acme", "00ff", &device, serial), OK);
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(ca_issue_server(&ca.key, buf_bytes(&ca.cert), &key, names, 3, NOW, YEAR, &server), OK);
    assert_int_equal(csr_create(&key, "a device", &request), OK);
    assert_int_equal(key_to_pem(&key, &pem), OK);
    put(folder, "ca.pem", buf_bytes(&ca.cert));
    put(folder, "device.pem", buf_bytes(&device));
    put(folder, "server.pem", buf_bytes(&server));
    put(folder, "server.key", buf_bytes(&pem));
    put(folder, "request.pem", buf_bytes(&request));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authority_facts),
        cmocka_unit_test(device_facts),
        cmocka_unit_test(server_facts),
        cmocka_unit_test(judged),
        cmocka_unit_test(a_device_cannot_issue),
        cmocka_unit_test(refused_requests),
        cmocka_unit_test(other_key_types_are_refused),
        cmocka_unit_test(only_one_certificate_is_read),
        cmocka_unit_test(key_as_pem),
        cmocka_unit_test(write_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
