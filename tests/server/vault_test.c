/* Founding, opening, enrolment and the operator's commands. */
#include "tests/server/house_fixture.h"

static void founded_in_memory(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf body = {0};
    struct federation federation;
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_READY, BYTES_NONE, NULL), OK);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_FEDERATION, BYTES_NONE, &body), OK);
    assert_int_equal(federation_decode(buf_bytes(&body), &federation, NULL), OK);
    assert_string_equal(federation.name, "Test federation");
    federation_free(&federation);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), 1); /* genesis */
    house_free(&house);
}

static void a_folder_is_founded_once_and_opens_again(void **state)
{
    (void)state;
    struct house house;
    struct vault *first;
    uint8_t id[FEDERATION_ID_BYTES];
    house_new(&house, HOUSE_FOLDER);
    memcpy(id, house.vault->federation.id, sizeof id);
    first = house.vault;
    assert_int_equal(house_found(&house, NULL), ERR_EXISTS);
    assert_null(house.vault);
    house.vault = first;
    house_reopen(&house);
    assert_memory_equal(id, house.vault->federation.id, sizeof id);
    house_free(&house);
}

static void the_wrong_root_key_opens_nothing(void **state)
{
    (void)state;
    struct house house;
    struct vault *vault = NULL;
    struct why why = {0};
    struct root_provider *other = house_root_new();
    house_new(&house, HOUSE_FOLDER);
    vault_close(house.vault);
    house.vault = NULL;
    struct vault_options options = house_options(&house);
    options.root = other;
    assert_int_equal(vault_open(&options, &vault, &why), ERR_DENIED);
    assert_null(vault);
    assert_non_null(why.hint);
    root_provider_close(other);
    house_free(&house);
}

static void an_empty_folder_holds_no_federation(void **state)
{
    (void)state;
    struct house house;
    house_prepare(&house, HOUSE_FOLDER);
    struct vault_options options = house_options(&house);
    assert_int_equal(vault_open(&options, &house.vault, NULL), ERR_NOT_FOUND);
    assert_int_equal(house_found(&house, NULL), OK); /* and can still become one */
    house_free(&house);
}

/* A founding that was cut off before its last file is as if it had not been. */
static void half_a_founding_is_none(void **state)
{
    (void)state;
    struct house house;
    char path[300];
    house_new(&house, HOUSE_FOLDER);
    vault_close(house.vault);
    house.vault = NULL;
    snprintf(path, sizeof path, "%s/intermediate.key", house.folder);
    assert_int_equal(remove(path), 0);
    assert_int_equal(house_found(&house, NULL), OK);
    house_free(&house);
}

static void damaged_state_is_refused(void **state)
{
    (void)state;
    static const char *const files[] = {"intermediate.key", "federation.db"};
    for (size_t i = 0; i < 2; i++) {
        struct house house;
        char path[300];
        house_new(&house, HOUSE_FOLDER);
        vault_close(house.vault);
        house.vault = NULL;
        snprintf(path, sizeof path, "%s/%s", house.folder, files[i]);
        FILE *file = fopen(path, "r+b");
        assert_non_null(file);
        assert_int_equal(fseek(file, 40, SEEK_SET), 0);
        assert_int_equal(fputc(0x5a, file), 0x5a);
        assert_int_equal(fputc(0xa5, file), 0xa5);
        fclose(file);
        struct vault_options options = house_options(&house);
        assert_int_not_equal(vault_open(&options, &house.vault, NULL), OK);
        assert_null(house.vault);
        house_free(&house);
    }
}

static void foundings_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    struct house house;
    struct why why = {0};
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.mode = RELEASE_DP;
    house.policy.dp_epsilon_micro = 1000000;
    house.policy.dp_delta_pico = 10000000;
    house.policy.dp_statements = 16;
    assert_int_equal(house_found(&house, &why), ERR_POLICY);
    assert_non_null(why.hint);
    struct vault_options options = house_options(&house);
    struct vault_founding founding = {"", &house.policy, NULL, 0};
    assert_int_equal(vault_found(&options, &founding, &house.vault, NULL), ERR_USAGE);
    house_free(&house);
}

/* --- the gate's messages at the start --- */

static void the_gate_gets_its_identity(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    struct bytes key, certificate, ca;
    struct cert_facts facts;
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(vault_start(house.vault, &out), OK);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.items[0].type, MESSAGE_IDENTITY);
    assert_true(out.items[0].payload.secret);
    struct cursor cursor = {buf_bytes(&out.items[0].payload)};
    assert_int_equal(cursor_lp(&cursor, &key), OK);
    assert_int_equal(cursor_lp(&cursor, &certificate), OK);
    assert_int_equal(cursor_lp(&cursor, &ca), OK);
    assert_int_equal(cursor_end(&cursor), OK);
    assert_int_equal(cert_check(ca, certificate, house.ms / 1000, NULL), OK);
    assert_int_equal(cert_read(certificate, &facts), OK);
    assert_true(facts.server);
    assert_int_equal(out.items[1].type, MESSAGE_REVOKED);
    assert_int_equal(out.items[1].payload.size, 0);
    outbox_free(&out);
    house_free(&house);
}

static void what_is_no_rule_is_not_answered(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf reply = {0};
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(house_ask(house.vault, &house.distiller, ROLE_GATE, MESSAGE_ADMIN, bytes_str("{}"), &reply), OK);
    assert_int_equal(reply.size, 0);
    assert_int_equal(house_ask(house.vault, &house.distiller, ROLE_GATE, MESSAGE_LIBRARY,
                               bytes_str("a payload that is too long"), &reply),
                     OK);
    assert_int_equal(reply.size, 0);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_LIBRARY, bytes_str("short"), NULL), ERR_INPUT);
    house_free(&house);
}

/* --- enrolment --- */

static enum status enrol(struct house *house, struct bytes request)
{
    return house_get(house, ROLE_GATE, MESSAGE_ENROL, request, NULL);
}

static void a_token_is_for_one_use_and_one_day(void **state)
{
    (void)state;
    struct house house;
    struct member member = {0};
    SCOPED_BUF struct buf token = {0}, first = {0}, second = {0}, last = {0}, late = {0};
    house_new(&house, HOUSE_MEMORY);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &first);
    assert_int_equal(enrol(&house, buf_bytes(&first)), OK);
    assert_int_equal(enrol(&house, buf_bytes(&first)), ERR_DENIED);
    house_enrol_request(&house, buf_bytes(&token), &member, &second);
    assert_int_equal(enrol(&house, buf_bytes(&second)), ERR_DENIED);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "devices"), 1);

    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &last);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &late);
    house.ms += 86399 * 1000LL;
    assert_int_equal(enrol(&house, buf_bytes(&last)), OK);
    house.ms += 1000;
    assert_int_equal(enrol(&house, buf_bytes(&late)), ERR_DENIED);
    secret_free(&member.seed);
    house_free(&house);
}

static void altered_and_foreign_requests_are_refused_alike(void **state)
{
    (void)state;
    struct house house, other;
    struct member member = {0};
    struct enrol_token forged;
    SCOPED_BUF struct buf token = {0}, request = {0}, foreign = {0}, text = {0};
    house_new(&house, HOUSE_MEMORY);
    house_new(&other, HOUSE_MEMORY);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &request);
    for (size_t i = 0; i < request.size; i += 7) {
        request.data[i] ^= 1;
        assert_int_equal(enrol(&house, buf_bytes(&request)), ERR_DENIED);
        request.data[i] ^= 1;
    }
    for (size_t size = 0; size < request.size; size += 11)
        assert_int_equal(enrol(&house, bytes_of(request.data, size)), ERR_DENIED);
    house_enrol_request(&other, buf_bytes(&token), &member, &foreign);
    assert_int_equal(enrol(&house, buf_bytes(&foreign)), ERR_DENIED);
    /* the right token id, another secret */
    assert_int_equal(enrol_token_decode(buf_bytes(&token), &forged), OK);
    forged.secret[0] ^= 1;
    assert_int_equal(enrol_token_encode(&forged, &text), OK);
    buf_clear(&foreign);
    house_enrol_request(&house, buf_bytes(&text), &member, &foreign);
    assert_int_equal(enrol(&house, buf_bytes(&foreign)), ERR_DENIED);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "devices"), 0);
    assert_int_equal(enrol(&house, buf_bytes(&request)), OK); /* none of it used the token up */
    secret_free(&member.seed);
    house_free(&house);
    house_free(&other);
}

static void a_device_gets_a_certificate_of_its_tenant(void **state)
{
    (void)state;
    struct house house;
    struct member member = {0};
    struct enrol_reply reply;
    struct cert_facts facts;
    SCOPED_BUF struct buf token = {0}, request = {0}, body = {0};
    house_new(&house, HOUSE_MEMORY);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &request);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), &body), OK);
    assert_int_equal(enrol_reply_decode(buf_bytes(&body), &reply, NULL), OK);
    struct bytes certificate = bytes_str(reply.certificate_pem);
    assert_int_equal(cert_check(bytes_str(house.vault->federation.ca_pem), certificate, house.ms / 1000, NULL), OK);
    assert_int_equal(cert_read(certificate, &facts), OK);
    assert_string_equal(facts.organisation, "acme");
    assert_true(facts.client);
    assert_false(facts.authority);
    enrol_reply_free(&reply);
    secret_free(&member.seed);
    house_free(&house);
}

/* Every write of an enrolment failing in turn: there is a device and the token is used, or neither. */
static void an_enrolment_is_whole_or_nothing(void **state)
{
    (void)state;
    struct house house;
    struct member member = {0};
    SCOPED_BUF struct buf token = {0}, request = {0};
    house_new(&house, HOUSE_FOLDER);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &request);
    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    enum status status = ERR_IO;
    size_t n = 1;
    for (; status != OK; n++) {
        db_fail_after(store_federation(house.vault->store), n);
        status = enrol(&house, buf_bytes(&request));
        db_fail_after(store_federation(house.vault->store), 0);
        assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "devices"), status == OK);
        assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree + (status == OK));
    }
    assert_true(n > 4);
    secret_free(&member.seed);
    house_free(&house);
}

static void a_founding_survives_failing_allocations(void **state)
{
    (void)state;
    struct house house;
    house_prepare(&house, HOUSE_FOLDER);
    enum status status = ERR_MEMORY;
    size_t n = 1;
    for (; status != OK; n += 7) { /* a founding takes milliseconds: every seventh */
        mem_fail_after(n);
        status = house_found(&house, NULL);
        mem_fail_after(0);
        assert_true(status == OK || house.vault == NULL);
    }
    assert_true(n > 50);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    house_reopen(&house);
    house_free(&house);
}

/* --- commands --- */

static void commands_are_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
    } cases[] = {
        {"", ERR_INPUT},
        {"[]", ERR_INPUT},
        {"{}", ERR_INPUT},
        {"{\"command\":\"nonsense\"}", ERR_USAGE},
        {"{\"command\":\"status\",\"extra\":1}", ERR_INPUT},
        {"{\"command\":\"tenant.add\"}", ERR_INPUT},
        {"{\"command\":\"tenant.add\",\"name\":\"\"}", ERR_INPUT},
        {"{\"command\":\"tenant.add\",\"name\":\"two\\nlines\"}", ERR_INPUT},
        {"{\"command\":\"tenant.add\",\"name\":\"00112233445566778899aabbccddeeff\"}", ERR_INPUT},
        {"{\"command\":\"tenant.token\",\"tenant\":\"nobody\"}", ERR_NOT_FOUND},
        {"{\"command\":\"tenant.suspend\",\"tenant\":\"nobody\"}", ERR_NOT_FOUND},
        {"{\"command\":\"library\"}", ERR_NOT_FOUND},
        {"{\"command\":\"log\",\"from\":-1}", ERR_INPUT},
        {"{\"command\":\"evidence\",\"audit\":3}", ERR_INPUT},
    };
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(house_command_status(&house, cases[i].text), cases[i].status);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tenants"), 0);
    house_free(&house);
}

static void names_are_unique_and_listed(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    house_member(&house, "globex");
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}"), ERR_EXISTS);
    SCOPED_JSON struct json *reply = house_command(&house, "{\"command\":\"tenant.list\"}");
    const struct json *list = json_get(reply, "tenants");
    assert_int_equal(json_count(list), 2);
    assert_string_equal(json_string_text(json_get(json_at(list, 1), "name")), "globex");
    assert_int_equal(json_integer_value(json_get(json_at(list, 1), "devices")), 1);
    house_free(&house);
}

/* Suspension tells the gate at once, and can be taken back. */
static void suspension_reaches_the_gate(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    house_member(&house, "globex");
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = 5};
    buf_add_str(&in.payload, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}");
    assert_int_equal(vault_handle(house.vault, &in, &out), OK);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.items[0].type, MESSAGE_REVOKED);
    assert_int_equal(out.items[0].peer, ROLE_GATE);
    assert_int_equal(out.items[0].payload.size, CERT_SERIAL_BYTES);
    assert_int_equal(out.items[1].type, MESSAGE_REPLY);
    message_free(&in);
    outbox_free(&out);
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}"), ERR_POLICY);
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.resume\",\"tenant\":\"acme\"}"), OK);
    assert_int_equal(vault_start(house.vault, &out), OK);
    assert_int_equal(out.items[1].payload.size, 0);
    outbox_free(&out);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.verify\"}"), OK);
    house_free(&house);
}

/* A list that is cut short would let in whom it leaves out. */
static void the_gate_gets_the_whole_list_or_none(void **state)
{
    (void)state;
    struct house house;
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = 1};
    bool whole = false;
    house_new(&house, HOUSE_MEMORY);
    (void)house_member(&house, "acme");
    buf_add_str(&in.payload, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}");
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}"), OK);
    for (size_t n = 1; n < 200; n++) {
        struct outbox out = {0};
        mem_fail_after(n);
        enum status status = vault_handle(house.vault, &in, &out);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
        whole = false;
        for (size_t i = 0; i < out.count; i++) {
            if (out.items[i].type != MESSAGE_REVOKED)
                continue;
            whole = out.items[i].payload.size == 16;
            assert_true(whole);
        }
        outbox_free(&out);
    }
    assert_true(whole); /* as soon as nothing fails any more */
    message_free(&in);
    house_free(&house);
}

static void every_command_answers(void **state)
{
    (void)state;
    static const char *const commands[] = {"policy",    "status", "log",      "log.verify", "ledger",
                                           "guarantee", "budget", "evidence", "tenant.list"};
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        char text[64];
        snprintf(text, sizeof text, "{\"command\":\"%s\"}", commands[i]);
        json_free(house_command(&house, text));
    }
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(founded_in_memory),
        cmocka_unit_test(a_folder_is_founded_once_and_opens_again),
        cmocka_unit_test(the_wrong_root_key_opens_nothing),
        cmocka_unit_test(an_empty_folder_holds_no_federation),
        cmocka_unit_test(half_a_founding_is_none),
        cmocka_unit_test(damaged_state_is_refused),
        cmocka_unit_test(foundings_that_make_no_sense_are_refused),
        cmocka_unit_test(the_gate_gets_its_identity),
        cmocka_unit_test(what_is_no_rule_is_not_answered),
        cmocka_unit_test(a_token_is_for_one_use_and_one_day),
        cmocka_unit_test(altered_and_foreign_requests_are_refused_alike),
        cmocka_unit_test(a_device_gets_a_certificate_of_its_tenant),
        cmocka_unit_test(an_enrolment_is_whole_or_nothing),
        cmocka_unit_test(a_founding_survives_failing_allocations),
        cmocka_unit_test(commands_are_strict),
        cmocka_unit_test(names_are_unique_and_listed),
        cmocka_unit_test(suspension_reaches_the_gate),
        cmocka_unit_test(the_gate_gets_the_whole_list_or_none),
        cmocka_unit_test(every_command_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
