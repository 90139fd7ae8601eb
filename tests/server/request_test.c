/* Requests of devices: renewal, and what a tenant's administrators and auditors may ask; done once, answered under
 * seal, refused to everybody else. */
#include "server/request.h"
#include "server/roles.h"
#include "tests/server/request_fixture.h"

#define WHEN "an upload of a file fails"
#define ACT "split the file into parts"
#define DAY (86400 * INT64_C(1000))

static int64_t entered(struct house *house, const char *act, const char *outcome)
{
    int64_t count = -1;
    assert_int_equal(trail_flush(house->vault), OK);
    assert_int_equal(db_row(store_federation(house->vault->store),
                            "SELECT coalesce(sum(count), 0) FROM trail WHERE act = ? AND outcome = ?", "tt:i", act,
                            outcome, &count),
                     OK);
    return count;
}

/* Later, in steps that the vault believes. */
static void days(struct house *house, int count)
{
    for (; count > 0; count -= 20) {
        struct outbox out = {0};
        struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
        house->ms += (count < 20 ? count : 20) * DAY;
        assert_int_equal(vault_handle(house->vault, &in, &out), OK);
        outbox_free(&out);
    }
}

static enum status renew(struct house *house, const struct member *member, uint8_t id)
{
    return ask(house, member, id, (struct request){.command = REQUEST_RENEW, .csr_pem = a_csr()}, NULL);
}

/* --- renewal --- */

static void a_device_renews_its_certificate(void **state)
{
    (void)state;
    struct house house;
    struct cert_facts facts;
    struct json *answer = NULL;
    char device[2 * ID_BYTES + 1];
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    const struct member *member = house_device(&house, "acme", "reader", &facts);
    int64_t before = facts.not_after;
    days(&house, 340);
    struct request request = {.command = REQUEST_RENEW, .csr_pem = a_csr()};
    assert_int_equal(ask(&house, member, 1, request, &answer), OK);
    struct bytes pem = json_string_bytes(json_get(answer, "certificate"));
    assert_int_equal(cert_check(bytes_str(house.vault->federation.ca_pem), pem, house.ms / 1000, NULL), OK);
    assert_int_equal(cert_read(pem, &facts), OK);
    encode_hex_text(member->device, ID_BYTES, device);
    assert_string_equal(facts.organisation, "acme"); /* all of it ours, nothing of the request's */
    assert_string_equal(facts.unit, "reader");
    assert_string_equal(facts.name, device);
    assert_int_equal(facts.not_after, before + 340 * 86400);
    assert_int_equal(entered(&house, "renew", "done"), 1);
    json_free(answer);
    house_free(&house);
}

/* The old certificate and the new one are both the device's: a revocation lists both. */
static void a_revocation_lists_every_certificate(void **state)
{
    (void)state;
    struct house house;
    struct outbox out = {0};
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme");
    days(&house, 340);
    assert_int_equal(renew(&house, acme, 1), OK);
    char command[128], hex[2 * ID_BYTES + 1];
    encode_hex_text(acme->device, ID_BYTES, hex);
    snprintf(command, sizeof command, "{\"command\":\"device.revoke\",\"device\":\"%s\"}", hex);
    json_free(house_command(&house, command));
    assert_int_equal(vault_start(house.vault, &out), OK);
    assert_int_equal(out.items[1].payload.size, 2 * CERT_SERIAL_BYTES);
    outbox_free(&out);
    days(&house, 30); /* the first has ended */
    assert_int_equal(vault_start(house.vault, &out), OK);
    assert_int_equal(out.items[1].payload.size, CERT_SERIAL_BYTES);
    assert_int_equal(renew(&house, acme, 2), ERR_DENIED);
    outbox_free(&out);
    house_free(&house);
}

static void an_expired_device_may_still_renew_for_a_while(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    const struct member *late = house_member(&house, "acme"), *later = house_member(&house, "globex");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    days(&house, 365 + 89);
    assert_int_equal(ask(&house, chief, 1, (struct request){.command = REQUEST_DEVICE_LIST}, NULL), ERR_DENIED);
    assert_int_equal(renew(&house, late, 1), OK);
    assert_int_equal(renew(&house, chief, 2), OK);
    assert_int_equal(ask(&house, chief, 3, (struct request){.command = REQUEST_DEVICE_LIST}, NULL), OK);
    days(&house, 1);
    assert_int_equal(renew(&house, later, 1), ERR_DENIED);
    house_free(&house);
}

static void a_device_cannot_pile_up_certificates(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme");
    for (uint8_t i = 1; i < REQUEST_CERTIFICATES; i++)
        assert_int_equal(renew(&house, acme, i), OK);
    assert_int_equal(renew(&house, acme, 77), ERR_LIMIT);
    house_free(&house);
}

static void requests_for_nonsense_change_nothing(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme");
    struct request request = {.command = REQUEST_RENEW, .csr_pem = mem_copy(bytes_str("no certificate request"))};
    assert_int_equal(ask(&house, acme, 1, request, NULL), ERR_INPUT);
    assert_int_equal(renew(&house, acme, 1), OK); /* its id is not used up */
    assert_int_equal(entered(&house, "renew", "malformed input"), 1);
    house_free(&house);
}

/* --- once --- */

static void a_repeated_request_gets_the_same_answer(void **state)
{
    (void)state;
    struct house house;
    struct asking asking = {.request = {.command = REQUEST_TOKEN_NEW, .role = MEMBER_READER}};
    SCOPED_BUF struct buf first = {0}, again = {0}, later = {0};
    house_new(&house, HOUSE_FOLDER);
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    asking_seal(&house, chief, 9, &asking);
    assert_int_equal(asking_send(&house, &asking, &first), OK);
    assert_int_equal(asking_send(&house, &asking, &again), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
    house_reopen(&house);
    assert_int_equal(asking_send(&house, &asking, &later), OK);
    assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&later)));
    {
        SCOPED_JSON struct json *tokens = house_command(&house, "{\"command\":\"token.list\"}");
        assert_int_equal(json_count(json_get(tokens, "tokens")), 3); /* two of the enrolments, one new */
    }
    /* the id for something else, and the same long after */
    assert_int_equal(ask(&house, chief, 9, (struct request){.command = REQUEST_TOKEN_NEW}, NULL), ERR_EXISTS);
    days(&house, 41);
    assert_int_equal(asking_send(&house, &asking, &later), ERR_POLICY);
    asking_free(&asking);
    house_free(&house);
}

static void an_answer_opens_for_its_request_alone(void **state)
{
    (void)state;
    struct house house;
    struct asking one = {.request = {.command = REQUEST_TOKEN_NEW}},
                  other = {.request = {.command = REQUEST_TOKEN_NEW}};
    SCOPED_BUF struct buf sealed = {0}, text;
    buf_init_secret(&text);
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    asking_seal(&house, chief, 1, &one);
    asking_seal(&house, chief, 2, &other);
    assert_int_equal(asking_send(&house, &one, &sealed), OK);
    assert_int_equal(bytes_find(buf_bytes(&sealed), bytes_str("chatham-token")), SIZE_MAX); /* the gate reads nothing */
    struct bytes header = bytes_part(buf_bytes(&one.envelope), 0, ENVELOPE_HEADER_BYTES);
    struct bytes wrong = bytes_part(buf_bytes(&other.envelope), 0, ENVELOPE_HEADER_BYTES);
    assert_int_equal(request_reply_open(&other.reply_private, header, buf_bytes(&sealed), &text), ERR_DENIED);
    assert_int_equal(request_reply_open(&one.reply_private, wrong, buf_bytes(&sealed), &text), ERR_DENIED);
    for (size_t i = 0; i < sealed.size; i += 5) {
        sealed.data[i] ^= 1;
        assert_int_equal(request_reply_open(&one.reply_private, header, buf_bytes(&sealed), &text), ERR_DENIED);
        sealed.data[i] ^= 1;
    }
    assert_int_equal(text.size, 0);
    assert_int_equal(request_reply_open(&one.reply_private, header, buf_bytes(&sealed), &text), OK);
    asking_free(&one);
    asking_free(&other);
    house_free(&house);
}

/* Every write failing in turn: the token with its kept answer and its row in the trail, or nothing. */
static void a_request_is_whole_or_nothing(void **state)
{
    (void)state;
    struct house house;
    struct asking asking = {.request = {.command = REQUEST_TOKEN_NEW}};
    SCOPED_BUF struct buf sealed = {0};
    house_new(&house, HOUSE_FOLDER);
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    asking_seal(&house, chief, 1, &asking);
    enum status status = ERR_IO;
    size_t n = 1;
    for (; status != OK; n++) {
        db_fail_after(store_federation(house.vault->store), n);
        status = asking_send(&house, &asking, &sealed);
        db_fail_after(store_federation(house.vault->store), 0);
        SCOPED_JSON struct json *tokens = house_command(&house, "{\"command\":\"token.list\"}");
        assert_int_equal(json_count(json_get(tokens, "tokens")), 2 + (status == OK));
        assert_int_equal(entered(&house, "token.new", "done"), status == OK);
    }
    assert_true(n > 5);
    asking_free(&asking);
    house_free(&house);
}

static void changes_are_bounded(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    for (int i = 0; i < REQUESTS_KEPT; i++)
        assert_int_equal(ask(&house, chief, (uint8_t)i, (struct request){.command = REQUEST_TOKEN_NEW}, NULL), OK);
    assert_int_equal(ask(&house, chief, 255, (struct request){.command = REQUEST_TOKEN_NEW}, NULL), ERR_LIMIT);
    assert_int_equal(ask(&house, chief, 254, (struct request){.command = REQUEST_DEVICE_LIST}, NULL), OK);
    days(&house, 42);
    assert_int_equal(ask(&house, chief, 255, (struct request){.command = REQUEST_TOKEN_NEW}, NULL), OK);
    house_free(&house);
}

/* --- an administrator and its own tenant --- */

static void an_administrator_manages_its_own_tenant(void **state)
{
    (void)state;
    struct house house;
    struct json *answer = NULL;
    struct member late = {0};
    SCOPED_BUF struct buf enrolment = {0};
    house_new(&house, HOUSE_MEMORY);
    const struct member *other = house_member(&house, "globex");
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    /* a token of the role that was asked for, which enrols */
    assert_int_equal(
        ask(&house, chief, 1, (struct request){.command = REQUEST_TOKEN_NEW, .role = MEMBER_AUDITOR}, &answer), OK);
    assert_string_equal(json_string_text(json_get(answer, "role")), "auditor");
    house_enrol_request(&house, json_string_bytes(json_get(answer, "token")), &late, &enrolment);
    json_free(answer);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&enrolment), NULL), OK);
    /* its devices, nobody else's */
    assert_int_equal(ask(&house, chief, 2, (struct request){.command = REQUEST_DEVICE_LIST}, &answer), OK);
    assert_int_equal(json_count(json_get(answer, "devices")), 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(json_string_text(json_get(json_at(json_get(answer, "devices"), i), "name")), "acme");
    json_free(answer);
    struct request revoke = {.command = REQUEST_DEVICE_REVOKE};
    memcpy(revoke.subject, other->device, ID_BYTES);
    assert_int_equal(ask(&house, chief, 3, revoke, NULL), ERR_NOT_FOUND);
    assert_int_equal(house_share(&house, other, 1, WHEN, ACT, 1), OK);
    memcpy(revoke.subject, house.members[1].device, ID_BYTES);
    assert_int_equal(ask(&house, chief, 4, revoke, NULL), OK);
    assert_int_equal(house_share(&house, &house.members[1], 1, WHEN, ACT, 1), ERR_DENIED);
    assert_int_equal(entered(&house, "device.revoke", "done"), 1);
    secret_free(&late.seed);
    house_free(&house);
}

static void tokens_of_others_are_not_there(void **state)
{
    (void)state;
    struct house house;
    struct json *answer = NULL;
    struct enrol_token token;
    SCOPED_BUF struct buf text = {0};
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "globex");
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"globex\"}", &text);
    assert_int_equal(enrol_token_decode(buf_bytes(&text), &token), OK);
    struct request revoke = {.command = REQUEST_TOKEN_REVOKE};
    memcpy(revoke.subject, token.id, ID_BYTES);
    assert_int_equal(ask(&house, chief, 1, revoke, NULL), ERR_NOT_FOUND);
    assert_int_equal(ask(&house, chief, 2, (struct request){.command = REQUEST_TOKEN_LIST}, &answer), OK);
    for (size_t i = 0; i < json_count(json_get(answer, "tokens")); i++)
        assert_string_equal(json_string_text(json_get(json_at(json_get(answer, "tokens"), i), "name")), "acme");
    json_free(answer);
    secret_wipe(&token, sizeof token);
    house_free(&house);
}

static void an_auditor_reads_its_own_tenants_trail(void **state)
{
    (void)state;
    struct house house;
    struct json *answer = NULL;
    char own[2 * ID_BYTES + 1];
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "globex");
    house_member(&house, "acme");
    const struct member *auditor = house_device(&house, "acme", "auditor", NULL);
    json_free(house_command(&house, "{\"command\":\"round\"}"));
    assert_int_equal(ask(&house, auditor, 1, (struct request){.command = REQUEST_TRAIL}, &answer), OK);
    const struct json *list = json_get(answer, "rows");
    assert_true(json_count(list) > 4);
    encode_hex_text(auditor->tenant, ID_BYTES, own);
    for (size_t i = 0; i < json_count(list); i++)
        assert_string_equal(json_string_text(json_get(json_at(list, i), "tenant")), own);
    json_free(answer);
    assert_int_equal(entered(&house, "trail", "done"), 1); /* that was a read, too */
    house_free(&house);
}

/* --- everybody else --- */

/* Every command by every role, as the table of roles says. */
static void each_role_asks_what_it_may(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    for (unsigned role = 0; role < MEMBER_ROLES; role++) {
        const struct member *member = house_device(&house, "acme", member_role_name((enum member_role)role), NULL);
        for (unsigned command = 0; command < REQUEST_COMMANDS; command++) {
            const char *call = request_command_name((enum request_command)command);
            struct request request = {.command = (enum request_command)command};
            if (command == REQUEST_RENEW)
                request.csr_pem = a_csr();
            enum status status = ask(&house, member, (uint8_t)(command + 1), request, NULL);
            bool may = role_may(caller_of((enum member_role)role), call);
            if ((status != ERR_DENIED) != may)
                fail_msg("%s by %s: %s", call, member_role_name((enum member_role)role), status_text(status));
            assert_true(!may || status == OK || status == ERR_NOT_FOUND);
        }
    }
    house_free(&house);
}

static void altered_requests_are_refused_alike(void **state)
{
    (void)state;
    struct house house;
    struct asking asking = {.request = {.command = REQUEST_TOKEN_NEW}};
    SCOPED_BUF struct buf sealed = {0};
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    const struct member *chief = house_device(&house, "acme", "administrator", NULL);
    asking_seal(&house, chief, 1, &asking);
    for (size_t i = 13; i < asking.envelope.size; i++) { /* behind magic, version, kind and suite */
        asking.envelope.data[i] ^= 1;
        enum status status = asking_send(&house, &asking, &sealed);
        bool is_epoch = i >= ENVELOPE_HEADER_BYTES - 8 && i < ENVELOPE_HEADER_BYTES;
        assert_true(status == ERR_DENIED || (is_epoch && status == ERR_INPUT));
        asking.envelope.data[i] ^= 1;
    }
    /* a request is no contribution, and a contribution no request */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&asking.envelope), NULL), ERR_INPUT);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_WITHDRAW, buf_bytes(&asking.envelope), NULL), ERR_INPUT);
    asking.envelope.data[6] = ENVELOPE_CONTRIBUTION;
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CONTRIBUTE, buf_bytes(&asking.envelope), NULL), ERR_DENIED);
    asking.envelope.data[6] = ENVELOPE_REQUEST;
    assert_true(entered(&house, "request", "not authorised") > 200);
    assert_int_equal(asking_send(&house, &asking, &sealed), OK);
    asking_free(&asking);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_renews_its_certificate),
        cmocka_unit_test(a_revocation_lists_every_certificate),
        cmocka_unit_test(an_expired_device_may_still_renew_for_a_while),
        cmocka_unit_test(a_device_cannot_pile_up_certificates),
        cmocka_unit_test(requests_for_nonsense_change_nothing),
        cmocka_unit_test(a_repeated_request_gets_the_same_answer),
        cmocka_unit_test(an_answer_opens_for_its_request_alone),
        cmocka_unit_test(a_request_is_whole_or_nothing),
        cmocka_unit_test(changes_are_bounded),
        cmocka_unit_test(an_administrator_manages_its_own_tenant),
        cmocka_unit_test(tokens_of_others_are_not_there),
        cmocka_unit_test(an_auditor_reads_its_own_tenants_trail),
        cmocka_unit_test(each_role_asks_what_it_may),
        cmocka_unit_test(altered_requests_are_refused_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
