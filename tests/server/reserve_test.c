/* The disk's reserve: who is refused when it is nearly full, and that nothing else is. */
#include "server/reserve.h"

#include "tests/server/house_fixture.h"

#define WHEN "a search finds nothing"
#define ACT "widen the dates"

static uint64_t left;
static size_t asked;

static uint64_t disk(void *context)
{
    (void)context;
    asked++;
    return left;
}

static void it_is_asked_once_a_second(void **state)
{
    (void)state;
    struct reserve reserve;
    left = RESERVE_BYTES;
    asked = 0;
    assert_int_equal(reserve_open(&reserve, NULL, disk, NULL), OK);
    assert_int_equal(reserve_check(&reserve, 5000, NULL), OK);
    left = RESERVE_BYTES - 1;
    assert_int_equal(reserve_check(&reserve, 5999, NULL), OK);
    assert_int_equal(asked, 1);
    assert_int_equal(reserve_check(&reserve, 6000, NULL), ERR_UNAVAILABLE);
    left = RESERVE_BYTES;
    assert_int_equal(reserve_check(&reserve, 6500, NULL), ERR_UNAVAILABLE);
    assert_int_equal(reserve_check(&reserve, 5000, NULL), OK); /* a clock that went back */
    assert_int_equal(asked, 3);
    reserve_close(&reserve);
}

static void the_real_disk_answers(void **state)
{
    (void)state;
    struct reserve reserve;
    assert_int_equal(reserve_open(&reserve, "/proc", NULL, NULL), OK); /* has no room at all */
    assert_int_equal(reserve_check(&reserve, 0, NULL), ERR_UNAVAILABLE);
    reserve_close(&reserve);
    assert_int_equal(reserve_open(&reserve, "/nowhere", NULL, NULL), ERR_IO);
    assert_int_equal(reserve_open(&reserve, NULL, NULL, NULL), OK);
    assert_int_equal(reserve_check(&reserve, 0, NULL), OK);
    reserve_close(&reserve);
}

static void a_full_disk_refuses_members_and_nobody_else(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf body = {0};
    left = UINT64_MAX;
    house_prepare(&house, HOUSE_FOLDER);
    house.disk_free = disk;
    assert_int_equal(house_found(&house, NULL), OK);
    struct member *acme = house_member(&house, "acme");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    left = RESERVE_BYTES - 1;
    house.ms += 1000;
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 1), ERR_UNAVAILABLE);
    assert_int_equal(house_withdraw(&house, acme, 3, 1, NULL), ERR_UNAVAILABLE);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree); /* nothing was written */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, &body), OK);
    assert_int_equal(house_number(&house, "{\"command\":\"round.preview\"}", "candidates"), 1);
    json_free(house_command(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}"));
    json_free(house_command(&house, "{\"command\":\"tenant.resume\",\"tenant\":\"acme\"}"));
    left = RESERVE_BYTES;
    house.ms += 1000;
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 1), OK);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_asked_once_a_second),
        cmocka_unit_test(the_real_disk_answers),
        cmocka_unit_test(a_full_disk_refuses_members_and_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
