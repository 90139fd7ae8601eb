/* Devices and tokens: several a tenant, their roles, and their end. */
#include "server/members.h"
#include "tests/server/house_fixture.h"

#define WHEN "an upload of a file fails"
#define ACT "split the file into parts"

static void to_hex(const uint8_t id[static ID_BYTES], char out[static 2 * ID_BYTES + 1])
{
    encode_hex_text(id, ID_BYTES, out);
}

static enum status revoke_device(struct house *house, const uint8_t device[static ID_BYTES], struct outbox *out)
{
    char hex[2 * ID_BYTES + 1];
    struct reply reply = {.status = ERR_BUG};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = 1};
    to_hex(device, hex);
    buf_addf(&in.payload, "{\"command\":\"device.revoke\",\"device\":\"%s\"}", hex);
    assert_int_equal(vault_handle(house->vault, &in, out), OK);
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].type == MESSAGE_REPLY)
            assert_int_equal(reply_read(buf_bytes(&out->items[i].payload), &reply), OK);
    message_free(&in);
    return reply.status;
}

static size_t revoked_serials(struct house *house)
{
    struct outbox out = {0};
    assert_int_equal(vault_start(house->vault, &out), OK);
    size_t size = out.items[1].payload.size;
    outbox_free(&out);
    return size / CERT_SERIAL_BYTES;
}

/* --- roles --- */

static void the_token_carries_the_role(void **state)
{
    (void)state;
    struct house house;
    struct cert_facts facts;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    for (int role = 0; role < MEMBER_ROLES; role++) {
        enum member_role read;
        struct device device;
        const struct member *member = house_device(&house, "acme", member_role_name((enum member_role)role), &facts);
        assert_string_equal(facts.unit, member_role_name((enum member_role)role));
        assert_int_equal(member_role_of_unit(facts.unit, &read), OK);
        assert_int_equal(read, role);
        assert_int_equal(device_find(house.vault->store, member->device, &device), OK);
        assert_int_equal(device.role, role);
    }
    SCOPED_JSON struct json *reply = house_command(&house, "{\"command\":\"device.list\",\"tenant\":\"acme\"}");
    assert_int_equal(json_count(json_get(reply, "devices")), 5);
    assert_false(json_is_true(json_get(reply, "more")));
    assert_int_equal(
        house_command_status(&house, "{\"command\":\"tenant.token\",\"role\":\"king\",\"tenant\":\"acme\"}"),
        ERR_USAGE);
    house_free(&house);
}

static void words_for_roles_are_strict(void **state)
{
    (void)state;
    enum member_role role;
    assert_int_equal(member_role_parse(bytes_str("auditor"), &role), OK);
    assert_int_equal(role, MEMBER_AUDITOR);
    assert_int_equal(member_role_parse(bytes_str("Auditor"), &role), ERR_INPUT);
    assert_int_equal(role, MEMBER_READER);
    assert_int_equal(member_role_parse(BYTES_NONE, &role), ERR_INPUT);
    assert_int_equal(member_role_of(MEMBER_ROLES, &role), ERR_CORRUPT);
    assert_int_equal(member_role_of(-1, &role), ERR_CORRUPT);
    assert_int_equal(member_role_of_unit("", &role), OK); /* certificates from before there were roles */
    assert_int_equal(role, MEMBER_DEVICE);
    assert_int_equal(member_role_of_unit("king", &role), ERR_INPUT);
}

/* --- devices --- */

static void a_revoked_device_is_out(void **state)
{
    (void)state;
    struct house house;
    struct cert_facts facts;
    struct outbox out = {0}, again = {0};
    house_new(&house, HOUSE_MEMORY);
    const struct member *first = house_member(&house, "acme");
    const struct member *second = house_device(&house, "acme", "device", &facts);
    assert_int_equal(house_share(&house, second, 1, WHEN, ACT, 1), OK);
    assert_int_equal(revoked_serials(&house), 0);
    assert_int_equal(revoke_device(&house, second->device, &out), OK);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.items[0].type, MESSAGE_REVOKED); /* before the answer: what the operator reads is true */
    assert_int_equal(out.items[0].peer, ROLE_GATE);
    assert_int_equal(out.items[0].payload.size, CERT_SERIAL_BYTES);
    assert_memory_equal(out.items[0].payload.data, facts.serial, CERT_SERIAL_BYTES);
    assert_int_equal(house_share(&house, second, 2, WHEN, ACT, 2), ERR_DENIED);
    assert_int_equal(house_withdraw(&house, second, 3, 1, NULL), ERR_DENIED);
    assert_int_equal(house_share(&house, first, 1, WHEN, ACT, 2), OK);

    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    assert_int_equal(revoke_device(&house, second->device, &again), OK); /* twice is once */
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree);
    json_free(house_command(&house, "{\"command\":\"trail.verify\"}"));
    outbox_free(&again);
    outbox_free(&out);
    house_free(&house);
}

static void nobody_is_revoked_who_is_not_there(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    uint8_t nobody[ID_BYTES] = {7};
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(revoke_device(&house, nobody, &out), ERR_NOT_FOUND);
    assert_int_equal(house_command_status(&house, "{\"command\":\"device.revoke\",\"device\":\"xy\"}"), ERR_INPUT);
    assert_int_equal(members_revoke_device(house.vault, acme->tenant, globex->device), ERR_NOT_FOUND);
    assert_int_equal(revoked_serials(&house), 0);
    assert_int_equal(members_revoke_device(house.vault, globex->tenant, globex->device), OK);
    assert_int_equal(revoked_serials(&house), 1);
    outbox_free(&out);
    house_free(&house);
}

/* Certificates that have expired need no list: it stays as short as it can be. */
static void the_list_forgets_what_has_expired(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme");
    assert_int_equal(members_revoke_device(house.vault, NULL, acme->device), OK);
    house.ms += 20LL * 86400 * 1000;
    for (int month = 0; month < 12; month++) {
        assert_int_equal(revoked_serials(&house), 1);
        house.ms += 29LL * 86400 * 1000;
        (void)house_number(&house, "{\"command\":\"status\"}", "devices");
    }
    assert_int_equal(revoked_serials(&house), 0);
    house_free(&house);
}

static void a_revocation_is_whole_or_nothing(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    house_new(&house, HOUSE_FOLDER);
    const struct member *acme = house_member(&house, "acme");
    int64_t tree = house_number(&house, "{\"command\":\"status\"}", "tree");
    enum status status = ERR_IO;
    size_t n = 1;
    for (; status != OK; n++) {
        db_fail_after(store_federation(house.vault->store), n);
        status = revoke_device(&house, acme->device, &out);
        db_fail_after(store_federation(house.vault->store), 0);
        bool is_out = revoked_serials(&house) == 1;
        assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), tree + is_out);
        assert_true(is_out || status != OK);
        if (n % 2)
            house_reopen(&house);
    }
    assert_true(n > 4);
    outbox_free(&out);
    house_free(&house);
}

/* --- tokens --- */

static const struct json *only_token(const struct json *reply)
{
    assert_int_equal(json_count(json_get(reply, "tokens")), 1);
    return json_at(json_get(reply, "tokens"), 0);
}

static void tokens_are_listed_and_revoked(void **state)
{
    (void)state;
    struct house house;
    struct member member = {0};
    char command[128];
    SCOPED_BUF struct buf token = {0}, request = {0};
    house_new(&house, HOUSE_MEMORY);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\",\"role\":\"reader\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &member, &request);
    {
        SCOPED_JSON struct json *reply = house_command(&house, "{\"command\":\"token.list\"}");
        SCOPED_BUF struct buf text = {0};
        assert_string_equal(json_string_text(json_get(only_token(reply), "state")), "unused");
        assert_string_equal(json_string_text(json_get(only_token(reply), "role")), "reader");
        assert_int_equal(json_canonical(reply, &text), OK);
        assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("chatham-token")), SIZE_MAX); /* ids, no secrets */
        snprintf(command, sizeof command, "{\"command\":\"token.revoke\",\"id\":\"%s\"}",
                 json_string_text(json_get(only_token(reply), "id")));
    }
    json_free(house_command(&house, command));
    assert_int_equal(house_command_status(&house, command), ERR_NOT_FOUND);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), ERR_DENIED);
    SCOPED_JSON struct json *after = house_command(&house, "{\"command\":\"token.list\",\"tenant\":\"acme\"}");
    assert_string_equal(json_string_text(json_get(only_token(after), "state")), "revoked");
    secret_free(&member.seed);
    house_free(&house);
}

static void tokens_expire_from_the_list(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf token = {0};
    house_new(&house, HOUSE_MEMORY);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &token);
    house.ms += 86399 * 1000LL;
    SCOPED_JSON struct json *before = house_command(&house, "{\"command\":\"token.list\"}");
    assert_int_equal(json_count(json_get(before, "tokens")), 1);
    house.ms += 1000;
    SCOPED_JSON struct json *after = house_command(&house, "{\"command\":\"token.list\"}");
    assert_int_equal(json_count(json_get(after, "tokens")), 0);
    house_free(&house);
}

static void a_used_token_cannot_be_revoked(void **state)
{
    (void)state;
    struct house house;
    struct enrol_token token;
    char command[128], hex[2 * ID_BYTES + 1];
    struct member member = {0};
    SCOPED_BUF struct buf text = {0}, request = {0};
    house_new(&house, HOUSE_MEMORY);
    house_token(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}", &text);
    assert_int_equal(enrol_token_decode(buf_bytes(&text), &token), OK);
    house_enrol_request(&house, buf_bytes(&text), &member, &request);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), OK);
    to_hex(token.id, hex);
    snprintf(command, sizeof command, "{\"command\":\"token.revoke\",\"id\":\"%s\"}", hex);
    assert_int_equal(house_command_status(&house, command), ERR_NOT_FOUND);
    secret_wipe(&token, sizeof token);
    secret_free(&member.seed);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_carries_the_role),        cmocka_unit_test(words_for_roles_are_strict),
        cmocka_unit_test(a_revoked_device_is_out),           cmocka_unit_test(nobody_is_revoked_who_is_not_there),
        cmocka_unit_test(the_list_forgets_what_has_expired), cmocka_unit_test(a_revocation_is_whole_or_nothing),
        cmocka_unit_test(tokens_are_listed_and_revoked),     cmocka_unit_test(tokens_expire_from_the_list),
        cmocka_unit_test(a_used_token_cannot_be_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
