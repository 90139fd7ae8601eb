/* The offline check of a bundle: one that holds, and one altered in each of its parts. */
#include "audits/report/report.h"
#include "tests/audits/bundle_fixture.h"

#define AUDIT "{\"results\":[],\"v\":1,\"void\":false}"

static void a_whole_bundle_is_explained(void **state)
{
    (void)state;
    struct fixture fixture = {.audit = AUDIT};
    char key[2 * SIGN_PUBLIC_BYTES + 1];
    SCOPED_BUF struct buf bundle = {0}, summary = {0};
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    ok(report_verify(buf_bytes(&bundle), &summary, NULL));
    encode_hex_text(fixture.federation.evidence_key, SIGN_PUBLIC_BYTES, key);
    assert_non_null(strstr(buf_text(&summary), key));
    assert_non_null(strstr(buf_text(&summary), "not compared"));
    assert_non_null(strstr(buf_text(&summary), "all 4 entries"));
    assert_non_null(strstr(buf_text(&summary), "version 2, 2 insights"));
    assert_non_null(strstr(buf_text(&summary), "audit       embedded"));
    fixture_end(&fixture);
}

static void the_federation_can_be_pinned(void **state)
{
    (void)state;
    struct fixture fixture = {0};
    struct why why = {0};
    uint8_t hash[HASH_BYTES];
    SCOPED_BUF struct buf bundle = {0}, summary = {0};
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    ok(federation_keys_hash(&fixture.federation, hash));
    ok(report_verify_expected(buf_bytes(&bundle), hash, &summary, NULL));
    assert_non_null(strstr(buf_text(&summary), "keys that were expected"));
    assert_null(strstr(buf_text(&summary), "not compared"));
    hash[31] ^= 1;
    buf_clear(&summary);
    assert_int_equal(report_verify_expected(buf_bytes(&bundle), hash, &summary, &why), ERR_DENIED);
    assert_string_equal(why.what, "of another federation than the one that is expected");
    assert_int_equal(summary.size, 0); /* nothing is said of what was refused */
    fixture_end(&fixture);
}

static void each_altered_part_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        enum spoil_kind spoil;
        const char *reason;
    } cases[] = {
        {OTHER_SIGNER, "signature does not hold"},
        {OTHER_CHECKPOINT, "checkpoint of the log does not hold"},
        {LESS_LOG, "the log's entries are not those of the checkpoint"},
        {OTHER_ENTRY, "the log's entries are not those of the checkpoint"},
        {OTHER_LIBRARY, "the library's signature does not hold"},
        {OTHER_SALT, "the log commits to another library"},
        {OTHER_LEAF, "the library is not the last release of the log"},
        {NO_LIBRARY, "the library of the last release is missing"},
        {OTHER_AUDIT, "the audit is not the one that was hashed"},
        {UNLOGGED_AUDIT, "the audit is not in the log"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture fixture = {.spoil = cases[i].spoil, .audit = AUDIT};
        struct why why = {0};
        SCOPED_BUF struct buf bundle = {0}, summary = {0};
        fixture_start(&fixture);
        fixture_bundle(&fixture, &bundle);
        assert_int_equal(report_verify(buf_bytes(&bundle), &summary, &why), ERR_DENIED);
        assert_string_equal(why.what, cases[i].reason);
        assert_int_equal(summary.size, 0);
        fixture_end(&fixture);
    }
}

static void no_altered_byte_passes(void **state)
{
    (void)state;
    struct fixture fixture = {.audit = AUDIT};
    SCOPED_BUF struct buf bundle = {0}, summary = {0};
    fixture_start(&fixture);
    fixture_bundle(&fixture, &bundle);
    for (size_t i = 0; i < bundle.size; i += 7) {
        bundle.data[i] ^= 1;
        assert_int_not_equal(report_verify(buf_bytes(&bundle), &summary, NULL), OK);
        bundle.data[i] ^= 1;
    }
    for (size_t size = 0; size < bundle.size; size += 53)
        assert_int_not_equal(report_verify(bytes_of(bundle.data, size), &summary, NULL), OK);
    assert_int_equal(summary.size, 0);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_bundle_is_explained),
        cmocka_unit_test(the_federation_can_be_pinned),
        cmocka_unit_test(each_altered_part_is_refused_with_its_reason),
        cmocka_unit_test(no_altered_byte_passes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
