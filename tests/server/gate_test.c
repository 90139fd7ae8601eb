/* The gate as a process: what it lets through, what it refuses, and that no client, garbled or revoked, and no vault
 * that breaks the rules, gets further than it may. Of crowds and slow ones: gate_crowd_test.c. */
#include "tests/server/gate_fixture.h"

static void without_a_certificate_only_the_public_routes_answer(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_true(client_open(&client, house.port, NULL, TLS1_3_VERSION));
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    client_send(&client, GET("/v1/federation"));
    vault_answers(&house, MESSAGE_FEDERATION, OK, NULL, bytes_str("{\"f\":1}"));
    assert_true(client_answer(&client, &answer));
    assert_non_null(strstr(buf_text(&answer), "\r\n\r\n{\"f\":1}"));
    assert_int_equal(ask(&client, GET("/v1/library"), &answer), 403);
    assert_true(client_is_cut_off(&client, &answer)); /* closed */
    client_close(&client);
    house_end(&house);
}

static void other_tls_and_foreign_certificates_are_refused(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    const struct buf *const bad[] = {&pki.stranger, &pki.expired};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_false(client_open(&client, house.port, NULL, TLS1_2_VERSION));
    client_close(&client);
    for (size_t i = 0; i < 2; i++) { /* in TLS 1.3 the client hears of it when it reads */
        if (client_open(&client, house.port, bad[i], TLS1_3_VERSION)) {
            SSL_write(client.ssl, GET("/livez"), (int)strlen(GET("/livez")));
            assert_true(client_is_cut_off(&client, &answer));
        }
        client_close(&client);
    }
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    client_close(&client);
    house_end(&house);
}

static void a_library_has_an_etag(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    struct message asked, reply = {0};
    SCOPED_BUF struct buf answer = {0}, numbers = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    client_send(&client, "GET /v1/library?tree=9 HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"4.9\"\r\n\r\n");
    assert_int_equal(next_message(&house.vault, &asked), OK);
    buf_add_u64(&numbers, 9);
    buf_add_u64(&numbers, 4);
    assert_true(bytes_equal(buf_bytes(&asked.payload), buf_bytes(&numbers)));
    assert_int_equal(reply_write(&reply, OK, "not modified", BYTES_NONE), OK);
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    message_free(&asked);
    message_free(&reply);
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 304);
    assert_non_null(strstr(buf_text(&answer), "ETag: \"4.9\"\r\n"));
    client_send(&client, GET("/v1/library"));
    vault_answers(&house, MESSAGE_LIBRARY, OK, "5.12", bytes_str("{}"));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 200);
    assert_non_null(strstr(buf_text(&answer), "ETag: \"5.12\"\r\n"));
    client_close(&client);
    house_end(&house);
}

static void large_answers_and_bodies_arrive_whole(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    struct message asked;
    SCOPED_BUF struct buf body = {0}, answer = {0}, request = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    for (size_t i = 0; i < 5u * 1024 * 1024; i++)
        buf_add_byte(&body, (uint8_t)(i * 31 >> 4));
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/library"));
    vault_answers(&house, MESSAGE_LIBRARY, OK, "1.1", buf_bytes(&body));
    assert_true(client_answer(&client, &answer));
    assert_true(bytes_find(buf_bytes(&answer), bytes_str("\r\n\r\n")) + 4 + body.size == answer.size);
    assert_memory_equal(answer.data + answer.size - body.size, body.data, body.size);

    const size_t most = message_rule(ROLE_GATE, ROLE_VAULT, MESSAGE_CONTRIBUTE, PHASE_SERVE)->limit;
    buf_addf(&request,
             "POST /v1/contributions HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
             "Content-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n",
             most);
    client_send(&client, buf_text(&request));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 100);
    assert_int_equal(SSL_write(client.ssl, body.data, (int)most), (int)most);
    assert_int_equal(next_message(&house.vault, &asked), OK);
    assert_true(bytes_equal(buf_bytes(&asked.payload), bytes_of(body.data, most)));
    message_free(&asked);
    client_close(&client);
    house_end(&house);
}

static void what_is_no_request_is_refused_and_closed(void **state)
{
    (void)state;
    struct house house = {0};
    SCOPED_BUF struct buf huge = {0}, answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    buf_add_str(&huge, "GET /livez HTTP/1.1\r\nHost: h\r\nX: ");
    while (huge.size < 40000)
        buf_add_byte(&huge, 'x');
    const struct {
        const char *text;
        int http;
    } cases[] = {
        {"\x16\x03\x01 no HTTP at all\r\n\r\n", 400},
        {"GET /livez HTTP/1.1\nHost: h\n\n", 400},
        {buf_text(&huge), 431},
        {"POST /v1/enrol HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\nContent-Length: "
         "1073741824\r\n\r\n",
         413},
        {"POST /v1/enrol HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 501},
        {"DELETE /v1/library HTTP/1.1\r\nHost: h\r\n\r\n", 405},
        {"GET /../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", 404},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct client client;
        client_open_member(&client, &house);
        SSL_write(client.ssl, cases[i].text, (int)strlen(cases[i].text));
        assert_true(client_answer(&client, &answer));
        assert_int_equal(status_of(&answer), cases[i].http);
        assert_non_null(strstr(buf_text(&answer), "application/problem+json"));
        assert_null(strstr(buf_text(&answer), "passwd")); /* nothing echoed */
        assert_true(client_is_cut_off(&client, &answer));
        client_close(&client);
    }
    house_end(&house);
}

static void requests_in_a_row_are_answered_in_a_row(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint") GET("/v1/federation"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&client, &answer));
    assert_non_null(strstr(buf_text(&answer), "note"));
    vault_answers(&house, MESSAGE_FEDERATION, ERR_POLICY, "no room", BYTES_NONE);
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 422);
    assert_non_null(strstr(buf_text(&answer), "no room"));
    client_close(&client);
    house_end(&house);
}

static void a_revoked_device_is_cut_off(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    uint8_t serials[3 * CERT_SERIAL_BYTES];
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    memset(serials, 0xff, sizeof serials);
    memset(serials + CERT_SERIAL_BYTES, 0, CERT_SERIAL_BYTES);
    memcpy(serials + 2 * CERT_SERIAL_BYTES, pki.serial, CERT_SERIAL_BYTES);
    send_message(&house.vault, MESSAGE_REVOKED, 0, bytes_of(serials, sizeof serials));
    assert_true(client_is_cut_off(&client, &answer)); /* the live connection ends */
    client_close(&client);
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/v1/checkpoint"), &answer), 403);
    client_close(&client);
    send_message(&house.vault, MESSAGE_REVOKED, 0, BYTES_NONE);
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&client, &answer));
    client_close(&client);
    house_end(&house);
}

/* What a certificate's role may not do is refused before its body is read. */
static void a_reader_may_read_and_no_more(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_true(client_open(&client, house.port, &pki.reader, TLS1_3_VERSION));
    client_send(&client, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, OK, NULL, bytes_str("note"));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 200);
    assert_int_equal(ask(&client,
                         "POST /v1/contributions HTTP/1.1\r\nHost: h\r\nContent-Type: application/octet-stream\r\n"
                         "Content-Length: 70000\r\n\r\n",
                         &answer),
                     403);
    client_close(&client);
    assert_true(client_open(&client, house.port, &pki.king, TLS1_3_VERSION)); /* a role that nobody knows */
    assert_int_equal(ask(&client, GET("/v1/checkpoint"), &answer), 403);
    client_close(&client);
    house_end(&house);
}

static void metrics_count_without_names(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    char text[4096] = "";
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    assert_int_equal(ask(&client, GET("/livez"), &answer), 200);
    int fd = connect_port(house.metrics);
    const char request[] = "GET /metrics HTTP/1.0\r\nHost: h\r\n\r\n";
    assert_int_equal(write(fd, request, sizeof request - 1), (ssize_t)sizeof request - 1);
    for (size_t size = 0, got = 1; got > 0 && size < sizeof text - 1; size += got)
        got = (size_t)read(fd, text + size, sizeof text - 1 - size);
    assert_non_null(strstr(text, "chatham_answers_total{status=\"2xx\"} 1\n"));
    assert_non_null(strstr(text, "chatham_connections_open 1\n"));
    close(fd);
    client_close(&client);
    house_end(&house);
}

static void a_stop_waits_for_the_answer_under_way(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client, idle;
    struct message asked, reply = {0};
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    client_open_member(&client, &house);
    client_open_member(&idle, &house);
    client_send(&client, GET("/v1/checkpoint"));
    assert_int_equal(next_message(&house.vault, &asked), OK);
    send_message(&house.supervisor, MESSAGE_STOP, 0, BYTES_NONE);
    assert_int_equal(reply_write(&reply, OK, NULL, bytes_str("note")), OK);
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 200);
    client_close(&client);
    client_close(&idle);
    assert_int_equal(exit_code(&house), 0);
    message_free(&asked);
    message_free(&reply);
    process_link_close(&house.supervisor);
    process_link_close(&house.vault);
}

static void a_vault_that_breaks_the_rules_ends_it(void **state)
{
    (void)state;
    const struct {
        uint16_t type;
        const char *payload;
    } cases[] = {{MESSAGE_DISTIL, "x"}, {MESSAGE_REVOKED, "not serials"}, {MESSAGE_IDENTITY, "again"}, {999, "x"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct house house = {0};
        house_start(&house, 0, 0);
        introduce(&house);
        assert_int_equal(frame_send(house.vault.frames, &(struct frame){cases[i].type, 0, bytes_str(cases[i].payload)}),
                         OK);
        (void)!process_link_pump(&house.vault);
        assert_int_not_equal(exit_code(&house), 0);
        process_link_close(&house.supervisor);
        process_link_close(&house.vault);
    }
}

static void answers_nobody_waits_for_are_dropped(void **state)
{
    (void)state;
    struct house house = {0};
    struct client client;
    struct message asked, reply = {0};
    SCOPED_BUF struct buf answer = {0};
    house_start(&house, 0, 0);
    introduce(&house);
    assert_int_equal(reply_write(&reply, OK, NULL, bytes_str("note")), OK);
    send_message(&house.vault, MESSAGE_REPLY, 12345, buf_bytes(&reply.payload));
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint"));
    assert_int_equal(next_message(&house.vault, &asked), OK);
    client_close(&client); /* before its answer */
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    send_message(&house.vault, MESSAGE_REPLY, asked.request, buf_bytes(&reply.payload));
    client_open_member(&client, &house);
    client_send(&client, GET("/v1/checkpoint"));
    vault_answers(&house, MESSAGE_CHECKPOINT, (enum status)99, NULL, BYTES_NONE); /* no status of ours */
    assert_true(client_answer(&client, &answer));
    assert_int_equal(status_of(&answer), 500);
    client_close(&client);
    message_free(&asked);
    message_free(&reply);
    house_end(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_certificate_only_the_public_routes_answer),
        cmocka_unit_test(other_tls_and_foreign_certificates_are_refused),
        cmocka_unit_test(a_library_has_an_etag),
        cmocka_unit_test(large_answers_and_bodies_arrive_whole),
        cmocka_unit_test(what_is_no_request_is_refused_and_closed),
        cmocka_unit_test(requests_in_a_row_are_answered_in_a_row),
        cmocka_unit_test(a_revoked_device_is_cut_off),
        cmocka_unit_test(a_reader_may_read_and_no_more),
        cmocka_unit_test(metrics_count_without_names),
        cmocka_unit_test(a_stop_waits_for_the_answer_under_way),
        cmocka_unit_test(a_vault_that_breaks_the_rules_ends_it),
        cmocka_unit_test(answers_nobody_waits_for_are_dropped),
    };
    return cmocka_run_group_tests(tests, make_pki, NULL);
}
