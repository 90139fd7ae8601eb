/* Which keys a device takes for its federation's: those that the authority certified after the ones it knows. A gate
 * that was taken over has the TLS key and says what it likes; it can neither hand out keys of its own nor bring back
 * old ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/remote_internal.h"

#define NOW 1795000000

static char folder[64];
static struct home home;
static struct secret ca, tls;

static void found(struct federation *federation, const struct secret *key)
{
    SCOPED_BUF struct buf pem = {0};
    struct secret private_key = {0};
    *federation = (struct federation){.name = "House", .serial = 4};
    memset(federation->id, 7, sizeof federation->id);
    policy_default(&federation->policy);
    assert_int_equal(hpke_keypair(&private_key, federation->sealing_key), OK);
    secret_free(&private_key);
    assert_int_equal(ca_create(key, "House", NOW, 86400, &pem), OK);
    federation->ca_pem = mem_copy(buf_bytes(&pem));
    assert_non_null(federation->ca_pem);
    assert_int_equal(federation_certify(federation, key), OK);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/chatham-keys-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(home_create(folder, BYTES_NONE, NULL), OK);
    assert_int_equal(home_open(folder, BYTES_NONE, &home, NULL), OK);
    assert_int_equal(ca_key_new(&ca), OK);
    assert_int_equal(ca_key_new(&tls), OK);
    found(&home.federation, &ca);
    home.enrolled = true;
    home.server = mem_copy(bytes_str("https://localhost:1"));
    home.certificate_pem = mem_copy(bytes_str(home.federation.ca_pem)); /* any will do here */
    assert_int_equal(home_save(&home), OK);
    return 0;
}

static int tear_down(void **state)
{
    char command[96];
    (void)state;
    home_close(&home);
    secret_free(&ca);
    secret_free(&tls);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* What is served: the pinned document with another sealing key and serial, certified by `key` (NULL: as it was). */
static struct federation served(uint64_t serial, const struct secret *key)
{
    struct federation now = home.federation;
    struct secret private_key = {0};
    now.ca_pem = mem_copy(bytes_str(home.federation.ca_pem));
    now.serial = serial;
    assert_int_equal(hpke_keypair(&private_key, now.sealing_key), OK);
    secret_free(&private_key);
    if (key)
        assert_int_equal(federation_certify(&now, key), OK);
    return now;
}

static void read_saved(struct federation *out)
{
    struct home again;
    assert_int_equal(home_open(folder, BYTES_NONE, &again, NULL), OK);
    *out = again.federation;
    again.federation = (struct federation){0};
    home_close(&again);
}

static void must_refuse(struct federation now)
{
    struct federation saved;
    struct why why = {0};
    bool changed = true;
    uint8_t before[HPKE_PUBLIC_BYTES];
    memcpy(before, home.federation.sealing_key, sizeof before);
    assert_int_equal(keys_follow(&home, &now, &changed, &why), ERR_DENIED);
    assert_false(changed);
    assert_non_null(why.hint);
    assert_memory_equal(home.federation.sealing_key, before, sizeof before);
    read_saved(&saved);
    assert_memory_equal(saved.sealing_key, before, sizeof before);
    federation_free(&saved);
    federation_free(&now);
}

static void a_gate_that_was_taken_over_cannot_hand_out_its_own_sealing_key(void **state)
{
    (void)state;
    must_refuse(served(5, &tls)); /* the key that it has */
    must_refuse(served(5, NULL)); /* the certification of the real document */
    must_refuse(served(4, NULL)); /* in the real document's place */
    must_refuse(served(0, NULL)); /* as if there were no certifications */
    struct federation other;      /* a whole house of its own */
    found(&other, &tls);
    other.serial = 9;
    assert_int_equal(federation_certify(&other, &tls), OK);
    must_refuse(other);
    struct federation mixed = served(5, &tls); /* its authority, our certificate's name */
    mem_free(mixed.ca_pem);
    SCOPED_BUF struct buf pem = {0};
    assert_int_equal(ca_create(&tls, "House", NOW, 86400, &pem), OK);
    mixed.ca_pem = mem_copy(buf_bytes(&pem));
    assert_int_equal(federation_certify(&mixed, &tls), OK);
    must_refuse(mixed);
}

static void a_certified_successor_is_taken_and_kept_but_not_its_policy(void **state)
{
    (void)state;
    struct federation now = served(6, &ca), old = served(5, &ca), saved;
    uint8_t fresh[HPKE_PUBLIC_BYTES];
    bool changed = false;
    memcpy(fresh, now.sealing_key, sizeof fresh);
    now.policy.k = home.federation.policy.k + 3;
    assert_int_equal(keys_follow(&home, &now, &changed, NULL), OK);
    assert_true(changed);
    assert_int_equal(now.policy.k, home.federation.policy.k + 3); /* for the caller to judge */
    federation_free(&now);
    assert_int_equal(home.federation.serial, 6);
    assert_memory_equal(home.federation.sealing_key, fresh, sizeof fresh);
    read_saved(&saved);
    assert_int_equal(saved.serial, 6);
    assert_memory_equal(saved.sealing_key, fresh, sizeof fresh);
    assert_int_equal(saved.policy.k, home.federation.policy.k);
    federation_free(&saved);
    must_refuse(old); /* although the authority certified it once */
    struct federation same = served(6, NULL);
    memcpy(same.sealing_key, fresh, sizeof fresh);
    assert_int_equal(keys_follow(&home, &same, &changed, NULL), OK);
    assert_false(changed);
    federation_free(&same);
}

int main(void)
{
    if (secret_start(0, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_gate_that_was_taken_over_cannot_hand_out_its_own_sealing_key, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_certified_successor_is_taken_and_kept_but_not_its_policy, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
