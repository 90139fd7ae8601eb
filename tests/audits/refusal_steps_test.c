/* By how many instructions the parts of a refusal differ that turn on who sent it, or on what was sent: a lookup of an
 * id that is there and of one that is not, an opening that succeeds and one that fails. No clock: a count repeats. */
#include "tests/server/house_fixture.h"

#include "audits/channel/steps.h"
#include "crypto/aead.h"

struct lookup {
    struct store *store;
    uint8_t id[ID_BYTES];
};

static void look_for_device(const void *context)
{
    const struct lookup *lookup = context;
    struct device device;
    (void)!device_find(lookup->store, lookup->id, &device);
}

static void look_for_tenant(const void *context)
{
    const struct lookup *lookup = context;
    struct tenant tenant;
    (void)!tenant_find(lookup->store, lookup->id, &tenant);
}

struct opening {
    struct aead key;
    struct buf sealed;
};

static void open_sealed(const void *context)
{
    const struct opening *opening = context;
    SCOPED_BUF struct buf out = {0};
    (void)!aead_open_to(&opening->key, BYTES_NONE, buf_bytes(&opening->sealed), &out);
}

struct pair {
    size_t steps[2]; /* 0: not counted */
};

#ifdef __SANITIZE_ADDRESS__
#define IS_COUNTED false /* a sanitizer's instructions are not ours */
#else
#define IS_COUNTED true
#endif

/* The first call of a kind prepares its statement, or fetches its cipher. No tracing here: not counted. */
static struct pair steps_of(void (*call)(const void *context), const void *one, const void *other)
{
    struct pair pair = {0};
    if (!IS_COUNTED)
        return pair;
    call(one);
    if (steps_count(call, one, &pair.steps[0]) != OK || steps_count(call, other, &pair.steps[1]) != OK)
        return (struct pair){0};
    return pair;
}

static void expect_near(const char *what, struct pair pair, size_t most)
{
    size_t one = pair.steps[0], other = pair.steps[1];
    if (one == 0)
        skip();
    if ((one > other ? one - other : other - one) > most)
        fail_msg("%s: %zu and %zu", what, one, other);
}

static void lookups_that_find_and_that_do_not(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme");
    struct lookup device = {.store = house.vault->store}, tenant = {.store = house.vault->store};
    const struct lookup nobody = {.store = house.vault->store, .id = {0x55}};
    memcpy(device.id, acme->device, ID_BYTES);
    memcpy(tenant.id, acme->tenant, ID_BYTES);
    struct pair devices = steps_of(look_for_device, &device, &nobody);
    struct pair tenants = steps_of(look_for_tenant, &tenant, &nobody);
    house_free(&house);
    expect_near("a device", devices, 1000);
    expect_near("a tenant", tenants, 2000);
}

static void openings_that_succeed_and_that_fail(void **state)
{
    (void)state;
    struct opening right = {.key = {.key = {1}}}, wrong = {.key = {.key = {2}}};
    assert_int_equal(aead_seal_to(&right.key, BYTES_NONE, bytes_str("a record"), &right.sealed), OK);
    buf_add(&wrong.sealed, buf_bytes(&right.sealed));
    struct pair openings = steps_of(open_sealed, &right, &wrong);
    buf_free(&right.sealed);
    buf_free(&wrong.sealed);
    expect_near("an opening", openings, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lookups_that_find_and_that_do_not),
        cmocka_unit_test(openings_that_succeed_and_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
