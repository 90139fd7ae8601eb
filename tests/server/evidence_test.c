/* Evidence bundles: made by the vault, checked offline, and refused once anything in them was touched. */
#include "protocol/evidence.h"
#include "tests/server/house_fixture.h"

static void federation_with_library(struct house *house)
{
    house_new(house, HOUSE_MEMORY);
    struct member *acme = house_member(house, "acme"), *globex = house_member(house, "globex");
    assert_int_equal(house_share(house, acme, 1, "a total is wrong", "add the parts again", 1), OK);
    assert_int_equal(house_share(house, globex, 1, "a total is wrong", "add the parts again", 2), OK);
    json_free(house_command(house, "{\"command\":\"round\"}"));
}

static void bundle_of(struct house *house, const char *command, struct buf *out)
{
    SCOPED_JSON struct json *reply = house_command(house, command);
    assert_int_equal(json_canonical(reply, out), OK);
}

static enum status check_text(struct bytes text, const uint8_t *keys_hash, struct evidence_facts *facts,
                              struct why *why)
{
    struct evidence evidence;
    enum status status = evidence_decode(text, &evidence, why);
    if (status == OK)
        status = evidence_check(&evidence, keys_hash, facts, why);
    evidence_free(&evidence);
    return status;
}

static void a_bundle_proves_itself(void **state)
{
    (void)state;
    struct house house;
    struct evidence_facts facts;
    struct why why = {0};
    uint8_t keys_hash[HASH_BYTES];
    SCOPED_BUF struct buf bundle = {0};
    federation_with_library(&house);
    bundle_of(&house, "{\"command\":\"evidence\"}", &bundle);
    assert_int_equal(federation_keys_hash(&house.vault->federation, keys_hash), OK);
    enum status status = check_text(buf_bytes(&bundle), keys_hash, &facts, &why);
    if (status != OK)
        print_error("%s\n", why.what ? why.what : status_text(status));
    assert_int_equal(status, OK);
    assert_true(facts.pinned);
    assert_true(facts.has_library);
    assert_false(facts.has_audit);
    assert_int_equal(facts.library.version, 1);
    assert_int_equal(facts.entries[LOGGED_GENESIS], 1);
    assert_int_equal(facts.entries[LOGGED_ENROLMENT], 2);
    assert_int_equal(facts.entries[LOGGED_INTAKE], 2);
    assert_int_equal(facts.entries[LOGGED_RELEASE], 1);
    evidence_facts_free(&facts);
    assert_int_equal(check_text(buf_bytes(&bundle), NULL, &facts, NULL), OK);
    assert_false(facts.pinned);
    evidence_facts_free(&facts);
    keys_hash[0] ^= 1;
    assert_int_equal(check_text(buf_bytes(&bundle), keys_hash, &facts, NULL), ERR_DENIED);
    assert_int_equal(bytes_find(buf_bytes(&bundle), bytes_str("acme")), SIZE_MAX); /* no member is named */
    house_free(&house);
}

static void a_young_federation_has_evidence_too(void **state)
{
    (void)state;
    struct house house;
    struct evidence_facts facts;
    SCOPED_BUF struct buf bundle = {0};
    house_new(&house, HOUSE_MEMORY);
    bundle_of(&house, "{\"command\":\"evidence\"}", &bundle);
    assert_int_equal(check_text(buf_bytes(&bundle), NULL, &facts, NULL), OK);
    assert_false(facts.has_library);
    evidence_facts_free(&facts);
    house_free(&house);
}

static void an_audit_is_embedded_and_logged(void **state)
{
    (void)state;
    struct house house;
    struct evidence_facts facts;
    SCOPED_BUF struct buf bundle = {0};
    federation_with_library(&house);
    bundle_of(&house, "{\"audit\":{\"attacks\":[{\"name\":\"overlap\",\"value\":0.25}]},\"command\":\"evidence\"}",
              &bundle);
    assert_int_equal(check_text(buf_bytes(&bundle), NULL, &facts, NULL), OK);
    assert_true(facts.has_audit);
    assert_int_equal(facts.entries[LOGGED_AUDIT], 1);
    evidence_facts_free(&facts);
    house_free(&house);
}

/* --- touched bundles: only the server's evidence key could make these hold --- */

static void no_altered_byte_passes(void **state)
{
    (void)state;
    struct house house;
    struct evidence_facts facts;
    SCOPED_BUF struct buf bundle = {0};
    federation_with_library(&house);
    bundle_of(&house, "{\"audit\":{\"attacks\":[]},\"command\":\"evidence\"}", &bundle);
    for (size_t i = 0; i < bundle.size; i += 13) {
        bundle.data[i] ^= 1;
        assert_int_not_equal(check_text(buf_bytes(&bundle), NULL, &facts, NULL), OK);
        bundle.data[i] ^= 1;
    }
    for (size_t size = 0; size < bundle.size; size += 101)
        assert_int_not_equal(check_text(bytes_of(bundle.data, size), NULL, &facts, NULL), OK);
    house_free(&house);
}

/* Signed by the right key, but not true: each is seen by its own check. */
typedef void (*touch)(struct json *document, const struct json *from);

/* A copy of an object without one member. */
static struct json *without(const struct json *object, const char *member)
{
    struct json *copy = json_object();
    for (size_t i = 0; i < json_count(object); i++) {
        const char *key = NULL;
        const struct json *value = json_member(object, i, &key);
        if (strcmp(key, member) != 0)
            json_set(copy, key, json_share(value));
    }
    return copy;
}

static void drop_library(struct json *document, const struct json *from)
{
    (void)document, (void)from;
}

static void drop_entry(struct json *document, const struct json *from)
{
    const struct json *log = json_get(from, "log"), *entries = json_get(log, "entries");
    struct json *less = json_array(), *changed = without(log, "entries");
    for (size_t i = 0; i + 1 < json_count(entries); i++)
        json_push(less, json_share(json_at(entries, i)));
    json_set(changed, "entries", less);
    json_set(document, "log", changed);
}

static void swap_entries(struct json *document, const struct json *from)
{
    const struct json *log = json_get(from, "log"), *entries = json_get(log, "entries");
    struct json *swapped = json_array(), *changed = without(log, "entries");
    for (size_t i = 0; i < json_count(entries); i++)
        json_push(swapped, json_share(json_at(entries, i == 1 ? 2 : i == 2 ? 1 : i)));
    json_set(changed, "entries", swapped);
    json_set(document, "log", changed);
}

static void other_leaf(struct json *document, const struct json *from)
{
    const struct json *library = json_get(from, "library");
    struct json *changed = without(library, "leaf");
    json_set(changed, "leaf", json_integer(1));
    json_set(document, "library", changed);
}

static void other_salt(struct json *document, const struct json *from)
{
    uint8_t salt[32] = {1};
    struct json *changed = without(json_get(from, "library"), "salt");
    json_set(changed, "salt", json_hex(bytes_of(salt, sizeof salt)));
    json_set(document, "library", changed);
}

static void other_library(struct json *document, const struct json *from)
{
    const struct json *library = json_get(from, "library");
    struct json *inner = without(json_get(library, "document"), "k"), *changed = without(library, "document");
    json_set(inner, "k", json_integer(7));
    json_set(changed, "document", inner);
    json_set(document, "library", changed);
}

static void other_audit(struct json *document, const struct json *from)
{
    struct json *changed = without(json_get(from, "audit"), "results");
    json_set(changed, "results", json_object());
    json_set(document, "audit", changed);
}

static void unknown_field(struct json *document, const struct json *from)
{
    (void)from;
    json_set(document, "more", json_integer(1));
}

static void what_is_signed_must_also_be_true(void **state)
{
    (void)state;
    static const struct {
        const char *part;
        touch change;
        const char *reason;
    } cases[] = {
        {"library", drop_library, "the library of the last release is missing"},
        {"log", drop_entry, "the log's entries are not those of the checkpoint"},
        {"log", swap_entries, "the log's entries are not those of the checkpoint"},
        {"library", other_leaf, "the library is not the last release of the log"},
        {"library", other_salt, "the log commits to another library"},
        {"library", other_library, "the library's signature does not hold"},
        {"audit", other_audit, "the audit is not the one that was hashed"},
        {"", unknown_field, "unknown field"},
    };
    struct house house;
    struct evidence evidence;
    SCOPED_BUF struct buf bundle = {0};
    federation_with_library(&house);
    bundle_of(&house, "{\"audit\":{\"attacks\":[]},\"command\":\"evidence\"}", &bundle);
    assert_int_equal(evidence_decode(buf_bytes(&bundle), &evidence, NULL), OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct evidence_facts facts;
        struct why why = {0};
        SCOPED_BUF struct buf touched = {0};
        SCOPED_JSON struct json *document = without(evidence.document, cases[i].part);
        cases[i].change(document, evidence.document);
        const struct secret *seed = &house.vault->keys[SERVER_EVIDENCE];
        SCOPED_JSON struct json *signed_again = json_object();
        assert_int_equal(evidence_sign(document, house.vault->federation.id, seed, signed_again), OK);
        assert_int_equal(json_canonical(signed_again, &touched), OK);
        assert_int_not_equal(check_text(buf_bytes(&touched), NULL, &facts, &why), OK);
        assert_non_null(why.what);
        assert_string_equal(why.what, cases[i].reason);
    }
    evidence_free(&evidence);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bundle_proves_itself),           cmocka_unit_test(a_young_federation_has_evidence_too),
        cmocka_unit_test(an_audit_is_embedded_and_logged),  cmocka_unit_test(no_altered_byte_passes),
        cmocka_unit_test(what_is_signed_must_also_be_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
