/* The gate as a process, when there is too much: full queues, too many connections, greetings and bodies in pieces, and
 * senders that are slow. Who waits, who makes room, and who is let go. */
#include "tests/server/gate_fixture.h"

static void a_full_queue_is_said_so(void **state)
{
    (void)state;
    enum { PENDING = 256 };
    static struct client clients[PENDING + 1];
    struct house house = {0};
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    for (int i = 0; i <= PENDING; i++) {
        struct message asked;
        client_open_one_of_many(&clients[i], &house, (unsigned)i);
        client_send(&clients[i], GET("/v1/checkpoint"));
        if (i < PENDING)
            assert_int_equal(next_message(&house.vault, &asked), OK);
        if (i < PENDING)
            message_free(&asked);
    }
    assert_true(client_answer(&clients[PENDING], &answer));
    assert_int_equal(status_of(&answer), 503);
    assert_non_null(strstr(buf_text(&answer), "Retry-After: "));
    for (int i = 0; i <= PENDING; i++)
        client_close(&clients[i]);
    house_end(&house);
}

static void hold_a_question(struct house *house, struct client *client, const char *question)
{
    struct message asked;
    client_send(client, question);
    assert_int_equal(next_message(&house->vault, &asked), OK);
    message_free(&asked);
}

static void strangers_wait_in_one_half_of_the_queue(void **state)
{
    (void)state;
    enum { HALF = 128 };
    static struct client strangers[HALF + 1];
    struct house house = {0};
    struct client member;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    for (int i = 0; i <= HALF; i++)
        assert_true(client_open(&strangers[i], house.port, NULL, TLS1_3_VERSION));
    for (int i = 0; i < HALF; i++)
        hold_a_question(&house, &strangers[i], GET("/v1/federation"));
    assert_int_equal(ask(&strangers[HALF], GET("/v1/federation"), &answer), 503);
    client_open_member(&member, &house);
    client_send(&member, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&member, &answer));
    assert_int_equal(status_of(&answer), 200);
    for (int i = 0; i <= HALF; i++)
        client_close(&strangers[i]);
    client_close(&member);
    house_end(&house);
}

/* The longest unused of the same device makes room, nobody else's; if all are at work the newcomer goes. */
static void a_device_has_few_connections(void **state)
{
    (void)state;
    static struct client clients[DEVICE_CONNECTIONS];
    struct house house = {0};
    struct client other, more, too_many;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_one_of_many(&other, &house, 0);
    assert_int_equal(ask(&other, GET("/livez"), &answer), 200);
    for (int i = 0; i < DEVICE_CONNECTIONS; i++) {
        client_open_member(&clients[i], &house);
        if (i > 0)
            hold_a_question(&house, &clients[i], GET("/v1/checkpoint"));
    }
    assert_int_equal(ask(&clients[0], GET("/livez"), &answer), 200);
    client_open_member(&more, &house);
    assert_true(client_is_cut_off(&clients[0], &answer));
    hold_a_question(&house, &more, GET("/v1/checkpoint"));
    client_open_member(&too_many, &house); /* in TLS 1.3 the client hears of it when it reads */
    assert_true(client_is_cut_off(&too_many, &answer));
    assert_int_equal(ask(&other, GET("/livez"), &answer), 200);
    for (int i = 0; i < DEVICE_CONNECTIONS; i++)
        client_close(&clients[i]);
    client_close(&other);
    client_close(&more);
    client_close(&too_many);
    house_end(&house);
}

static void the_longest_unused_makes_room(void **state)
{
    (void)state;
    struct house house = {0};
    struct client first, second, third;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 2, 0);
    introduce(&house);
    client_open_member(&first, &house);
    client_open_member(&second, &house);
    assert_int_equal(ask(&second, GET("/livez"), &answer), 200);
    assert_int_equal(ask(&first, GET("/livez"), &answer), 200);
    client_open_member(&third, &house);
    assert_int_equal(ask(&third, GET("/livez"), &answer), 200);
    assert_int_equal(ask(&first, GET("/livez"), &answer), 200);
    assert_true(client_is_cut_off(&second, &answer));
    client_close(&first);
    client_close(&second);
    client_close(&third);
    house_end(&house);
}

/* Half a greeting, a stranger, and one who only connected go before a member does. */
static void strangers_make_room_before_members(void **state)
{
    (void)state;
    struct house house = {0};
    struct client member, stranger;
    char byte;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 3, 0);
    introduce(&house);
    client_open_member(&member, &house);
    assert_int_equal(ask(&member, GET("/livez"), &answer), 200);
    assert_true(client_open(&stranger, house.port, NULL, TLS1_3_VERSION));
    assert_int_equal(ask(&stranger, GET("/livez"), &answer), 200);
    int half = connect_port(house.port);
    assert_int_equal(write(half, "\x16\x03\x01", 3), 3);
    int newer = connect_port(house.port);
    assert_true(read(half, &byte, 1) <= 0); /* reset: it has said something that nobody read */
    close(half);
    struct client other;
    client_open_member(&other, &house); /* the one who only connected goes */
    assert_int_equal(ask(&other, GET("/livez"), &answer), 200);
    assert_int_equal(read(newer, &byte, 1), 0);
    close(newer);
    struct client third;
    client_open_member(&third, &house);
    assert_int_equal(ask(&third, GET("/livez"), &answer), 200);
    assert_true(client_is_cut_off(&stranger, &answer));
    assert_int_equal(ask(&member, GET("/livez"), &answer), 200);
    client_close(&member);
    client_close(&stranger);
    client_close(&other);
    client_close(&third);
    house_end(&house);
}

static void when_all_are_at_work_newcomers_wait(void **state)
{
    (void)state;
    struct house house = {0};
    struct client first, second, third;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 2, 0);
    introduce(&house);
    client_open_member(&first, &house);
    client_open_member(&second, &house);
    client_send(&first, GET("/v1/checkpoint"));
    struct message asked;
    assert_int_equal(next_message(&house.vault, &asked), OK);
    client_send(&second, GET("/v1/checkpoint"));
    int waiting = connect_port(house.port); /* in the backlog: nobody shakes hands with it */
    struct pollfd silent = {.fd = waiting, .events = POLLIN};
    assert_int_equal(write(waiting, "GET / HTTP/1.1\r\n\r\n", 18), 18);
    assert_int_equal(poll(&silent, 1, 50), 0);
    close(waiting);
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("second"));
    assert_true(client_answer(&second, &answer)); /* and is idle from here on */
    client_open_member(&third, &house);
    assert_int_equal(ask(&third, GET("/livez"), &answer), 200);
    struct message reply = {0};
    assert_int_equal(reply_write(&reply, OK, NULL, bytes_str("first")), OK);
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    assert_true(client_answer(&first, &answer));
    message_free(&asked);
    message_free(&reply);
    client_close(&first);
    client_close(&second);
    client_close(&third);
    house_end(&house);
}

/* A greeting byte by byte is one all the same. */
static void a_greeting_in_pieces_is_heard(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client = {0};
    uint8_t hello[4096];
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client.fd = connect_port(house.port);
    client.context = SSL_CTX_new(TLS_client_method());
    use_certificate(client.context, &pki.device);
    client.ssl = SSL_new(client.context);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
    SSL_set_bio(client.ssl, in, out);
    assert_int_equal(SSL_connect(client.ssl), -1);
    int size = BIO_read(out, hello, sizeof hello);
    assert_true(size > 100);
    for (int i = 0; i < size; i++)
        assert_int_equal(write(client.fd, hello + i, 1), 1);
    BIO_up_ref(out);
    SSL_set_fd(client.ssl, client.fd);
    BIO_free(out);
    assert_int_equal(SSL_connect(client.ssl), 1);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    client_close(&client);
    house_end(&house);
}

static void what_is_no_greeting_ends_at_once(void **state)
{
    (void)state;
    static const char *const bad[] = {"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\xff\xff", "\x15\x03\x01"};
    struct house house = {0};
    char byte;
    house_start(&house, 0, 0);
    introduce(&house);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int fd = connect_port(house.port);
        assert_int_equal(write(fd, bad[i], strlen(bad[i])), (ssize_t)strlen(bad[i]));
        assert_true(read(fd, &byte, 1) <= 0);
        assert_int_not_equal(errno, EAGAIN);
        close(fd);
    }
    house_end(&house);
}

/* Bodies that are announced are room that is taken: over 64 MiB the next is asked to come later. */
static void bodies_on_their_way_have_a_limit(void **state)
{
    (void)state;
    enum { FULL = 256 };
    static struct client clients[FULL + 1];
    struct house house = {0};
    SCOPED_BUF struct buf answer = {0}, head = {0};
    const size_t most = message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_CONTRIBUTE, PHASE_SERVE)->limit;
    assert_int_equal(most * FULL, 64 * 1024 * 1024);
    house_start(&house, FULL + 8, 600);
    introduce(&house);
    buf_addf(&head,
             "POST /v1/contributions HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
             "Content-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n",
             most);
    for (int i = 0; i <= FULL; i++) {
        client_open_one_of_many(&clients[i], &house, (unsigned)i);
        assert_int_equal(ask(&clients[i], buf_text(&head), &answer), i < FULL ? 100 : 503);
    }
    assert_non_null(strstr(buf_text(&answer), "\r\nRetry-After: "));
    client_close(&clients[FULL]);
    client_close(&clients[0]);
    client_open_member(&clients[0], &house);
    while (ask(&clients[0], buf_text(&head), &answer) == 503) { /* until the gate has heard that the first is gone */
        client_close(&clients[0]);
        client_open_member(&clients[0], &house);
    }
    assert_int_equal(status_of(&answer), 100);
    for (int i = 0; i < FULL; i++)
        client_close(&clients[i]);
    house_end(&house);
}

static void a_slow_sender_is_let_go(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 1);
    introduce(&house);
    client_open_member(&client, &house);
    client_send(&client, "GET /livez HTT");
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 408);
    client_close(&client);
    int silent = connect_port(house.port); /* not even a handshake */
    char byte;
    assert_int_equal(read(silent, &byte, 1), 0);
    close(silent);
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_queue_is_said_so),
        cmocka_unit_test(strangers_wait_in_one_half_of_the_queue),
        cmocka_unit_test(a_device_has_few_connections),
        cmocka_unit_test(the_longest_unused_makes_room),
        cmocka_unit_test(strangers_make_room_before_members),
        cmocka_unit_test(when_all_are_at_work_newcomers_wait),
        cmocka_unit_test(a_greeting_in_pieces_is_heard),
        cmocka_unit_test(what_is_no_greeting_ends_at_once),
        cmocka_unit_test(bodies_on_their_way_have_a_limit),
        cmocka_unit_test(a_slow_sender_is_let_go),
    };
    return cmocka_run_group_tests(tests, make_pki, NULL);
}
