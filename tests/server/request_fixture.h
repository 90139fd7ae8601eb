/* A device's half of a request, for tests. */
#pragma once

#include "protocol/request.h"
#include "tests/server/house_fixture.h"

struct asking {
    struct request request;
    struct secret reply_private;
    struct buf envelope;
};
static inline void asking_free(struct asking *asking)
{
    request_free(&asking->request);
    secret_free(&asking->reply_private);
    buf_free(&asking->envelope);
}

/* Seal a request; its fields other than the reply key are the caller's. */
static inline void asking_seal(const struct house *house, const struct member *member, uint8_t id,
                               struct asking *asking)
{
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0};
    secret_free(&asking->reply_private);
    assert_int_equal(hpke_keypair(&asking->reply_private, asking->request.reply_key), OK);
    assert_int_equal(request_encode(&asking->request, &record), OK);
    house_header(house, member, ENVELOPE_REQUEST, id, &header);
    house_seal(house, member, &header, buf_bytes(&record), &asking->envelope);
}

static inline enum status asking_send(struct house *house, const struct asking *asking, struct buf *sealed)
{
    return house_get(house, ROLE_GATE, MESSAGE_REQUEST, buf_bytes(&asking->envelope), sealed);
}

/* The answer's inside. */
static inline struct json *asking_open(const struct asking *asking, const struct buf *sealed)
{
    struct json *answer = NULL;
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    struct bytes header = bytes_part(buf_bytes(&asking->envelope), 0, ENVELOPE_HEADER_BYTES);
    assert_int_equal(request_reply_open(&asking->reply_private, header, buf_bytes(sealed), &text), OK);
    assert_int_equal(json_parse(buf_bytes(&text), SIZE_MAX, &answer, NULL), OK);
    assert_int_equal(json_integer_value(json_get(answer, "v")), 1);
    return answer;
}

/* Send `request` (its csr is taken); the status and, if it went well, the answer (NULL: not wanted). */
static inline enum status ask(struct house *house, const struct member *member, uint8_t id, struct request request,
                              struct json **answer)
{
    struct asking asking = {.request = request};
    SCOPED_BUF struct buf sealed = {0};
    asking_seal(house, member, id, &asking);
    enum status status = asking_send(house, &asking, &sealed);
    if (status == OK) {
        struct json *opened = asking_open(&asking, &sealed);
        if (answer)
            *answer = opened;
        else
            json_free(opened);
    }
    asking_free(&asking);
    return status;
}

static inline char *a_csr(void)
{
    SCOPED_SECRET struct secret key = {0};
    SCOPED_BUF struct buf csr = {0};
    assert_int_equal(ca_key_new(&key), OK);
    assert_int_equal(csr_create(&key, "device", &csr), OK);
    char *text = mem_copy(buf_bytes(&csr));
    assert_non_null(text);
    return text;
}
