/* The frame policy and the form of a reply. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "server/message.h"

static void gate_may_only_ask(void **state)
{
    (void)state;
    assert_non_null(message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_CONTRIBUTE, PHASE_SERVE));
    assert_null(message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_ADMIN, PHASE_SERVE));
    assert_null(message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_DISTILLED, PHASE_SERVE));
    assert_null(message_rule(ROLE_GATE, ROLE_DISTIL, MESSAGE_DISTIL, PHASE_SERVE));
    assert_null(message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_CONTRIBUTE, PHASE_START));
}

static void keys_go_to_the_gate_alone(void **state)
{
    (void)state;
    assert_non_null(message_rule(ROLE_VAULT, ROLE_GATE, MESSAGE_IDENTITY, PHASE_START));
    assert_non_null(message_rule(ROLE_VAULT, ROLE_GATE, MESSAGE_IDENTITY, PHASE_SERVE)); /* after a rotation */
    for (int to = 0; to < ROLES; to++)
        if (to != ROLE_GATE)
            assert_null(message_rule(ROLE_VAULT, (enum role)to, MESSAGE_IDENTITY, PHASE_START));
}

static void distil_answers_and_nothing_else(void **state)
{
    (void)state;
    size_t allowed = 0;
    for (int to = 0; to < ROLES; to++)
        for (int type = 0; type < MESSAGE_TYPES; type++)
            allowed += message_rule(ROLE_DISTIL, (enum role)to, (enum message_type)type, PHASE_SERVE) != NULL;
    assert_int_equal(allowed, 1);
}

static void every_type_has_a_name(void **state)
{
    (void)state;
    for (int type = 0; type < MESSAGE_TYPES; type++)
        assert_non_null(message_name((enum message_type)type));
    assert_string_equal(message_name(MESSAGE_TYPES), "unknown");
}

static void replies_come_back(void **state)
{
    (void)state;
    struct outbox outbox = {0};
    struct message *message = outbox_add(&outbox, ROLE_GATE, MESSAGE_REPLY, 7);
    assert_non_null(message);
    assert_int_equal(reply_write(message, ERR_POLICY, "too many", bytes_str("body")), OK);
    struct reply reply;
    assert_int_equal(reply_read(buf_bytes(&message->payload), &reply), OK);
    assert_int_equal(reply.status, ERR_POLICY);
    assert_string_equal(reply.detail, "too many");
    assert_true(bytes_is(reply.body, "body"));
    for (size_t size = 0; size < 2 + 4 + 8; size++)
        assert_int_equal(reply_read(bytes_of(message->payload.data, size), &reply), ERR_INPUT);
    outbox_free(&outbox);
}

static void foreign_replies_are_refused(void **state)
{
    (void)state;
    struct reply reply;
    static const uint8_t no_such_status[] = {0xff, 0xff, 0, 0, 0, 0};
    assert_int_equal(reply_read(bytes_of(no_such_status, sizeof no_such_status), &reply), ERR_INPUT);
    uint8_t long_detail[6 + 128] = {0, 0, 0, 0, 0, 128};
    assert_int_equal(reply_read(bytes_of(long_detail, sizeof long_detail), &reply), ERR_INPUT);
}

static void outbox_survives_a_failed_allocation(void **state)
{
    (void)state;
    struct outbox outbox = {0};
    mem_fail_after(1);
    assert_null(outbox_add(&outbox, ROLE_GATE, MESSAGE_REPLY, 1));
    for (uint64_t i = 0; i < 9; i++)
        assert_non_null(outbox_add(&outbox, ROLE_GATE, MESSAGE_REPLY, i));
    assert_int_equal(outbox.items[8].request, 8);
    outbox_free(&outbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gate_may_only_ask),
        cmocka_unit_test(keys_go_to_the_gate_alone),
        cmocka_unit_test(distil_answers_and_nothing_else),
        cmocka_unit_test(every_type_has_a_name),
        cmocka_unit_test(replies_come_back),
        cmocka_unit_test(foreign_replies_are_refused),
        cmocka_unit_test(outbox_survives_a_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
