/* Requests to the vault and the renewal of the certificate. Hides that they go without a certificate: the signature
 * inside proves the device, and the certificate may be what has ended. */
#include "client/ask.h"

#include "base/encode.h"
#include "client/remote_internal.h"

#define RENEW_SECONDS (30LL * 86400)

/* --- asking --- */

struct question {
    struct secret reply_private;
    struct buf envelope;
};

static void question_free(struct question *question)
{
    secret_free(&question->reply_private);
    buf_free(&question->envelope);
}

static enum status question_seal(struct home *home, struct request *request, struct question *out)
{
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    char epoch[CLOCK_EPOCH];
    SCOPED_BUF struct buf record;
    buf_init_secret(&record);
    random_fill(random_system(), id, sizeof id);
    clock_epoch(clock_seconds(home->clock), epoch);
    TRY(hpke_keypair(&out->reply_private, request->reply_key));
    TRY(request_encode(request, &record));
    TRY(remote_header(home, ENVELOPE_REQUEST, id, epoch, &header));
    return envelope_seal(&header, home->federation.sealing_key, &home->sign_seed, buf_bytes(&record), &out->envelope);
}

static enum status question_send(const struct home *home, const struct question *question, struct buf *sealed,
                                 struct why *why)
{
    const struct http_identity identity = {.ca_pem = bytes_str(home->federation.ca_pem)};
    struct http *http = NULL;
    struct http_reply reply = {0};
    TRY(http_new(home->server, &identity, &http, why));
    enum status status = http_post(http, "/v1/requests", "application/octet-stream", buf_bytes(&question->envelope),
                                   REPLY_TEXT_MAX, &reply, why);
    if (status == OK && reply.status == 403)
        status = why_hint(why, ERR_DENIED, "this device may not ask that", NULL,
                          "its role does not allow it, or it was revoked: ask your operator");
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK) {
        buf_add(sealed, buf_bytes(&reply.body));
        status = buf_status(sealed);
    }
    http_reply_free(&reply);
    http_free(http);
    return status;
}

static enum status answer_open(const struct question *question, struct bytes sealed, struct json **answer,
                               struct why *why)
{
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    struct bytes header = bytes_part(buf_bytes(&question->envelope), 0, ENVELOPE_HEADER_BYTES);
    if (request_reply_open(&question->reply_private, header, sealed, &text) != OK)
        return why_set(why, ERR_DENIED, "the answer is not from the vault", "answer", 0);
    return json_parse(buf_bytes(&text), REPLY_TEXT_MAX, answer, why);
}

enum status remote_ask(struct home *home, struct request *request, struct json **answer, struct why *why)
{
    struct question question = {0};
    SCOPED_BUF struct buf sealed = {0};
    *answer = NULL;
    TRY(home_require_enrolled(home, why));
    enum status status = question_seal(home, request, &question);
    if (status == OK)
        status = question_send(home, &question, &sealed, why);
    if (status == OK)
        status = answer_open(&question, buf_bytes(&sealed), answer, why);
    question_free(&question);
    return status;
}

/* --- renewal --- */

enum status remote_certificate(const struct home *home, struct cert_facts *facts)
{
    enum status status = cert_read(bytes_str(home->certificate_pem), facts);
    return status == ERR_INPUT ? ERR_CORRUPT : status;
}

bool remote_renewal_is_due(const struct home *home)
{
    struct cert_facts facts;
    return home->enrolled && remote_certificate(home, &facts) == OK &&
           facts.not_after - clock_seconds(home->clock) < RENEW_SECONDS;
}

/* What the vault answered is a certificate of ours: of the federation's authority, and of this device. */
static enum status certificate_check(const struct home *home, struct bytes pem, struct why *why)
{
    struct cert_facts facts;
    char name[2 * ID_BYTES + 1];
    encode_hex_text(home->device, ID_BYTES, name);
    TRY(cert_check(bytes_str(home->federation.ca_pem), pem, clock_seconds(home->clock), why));
    if (cert_read(pem, &facts) != OK || !facts.client || strcmp(facts.name, name) != 0)
        return why_set(why, ERR_DENIED, "the certificate is not this device's", "answer", 0);
    return OK;
}

enum status remote_renew(struct home *home, struct why *why)
{
    SCOPED_BUF struct buf csr = {0};
    SCOPED_JSON struct json *answer = NULL;
    struct request request = {.command = REQUEST_RENEW};
    TRY(home_require_enrolled(home, why));
    TRY(csr_create(&home->tls_key, "device", &csr));
    request.csr_pem = mem_copy(buf_bytes(&csr));
    if (!request.csr_pem)
        return ERR_MEMORY;
    enum status status = remote_ask(home, &request, &answer, why);
    request_free(&request);
    TRY(status);
    struct bytes pem = json_string_bytes(json_get(answer, "certificate"));
    TRY(certificate_check(home, pem, why));
    char *kept = mem_copy(pem);
    if (!kept)
        return ERR_MEMORY;
    mem_free(home->certificate_pem);
    home->certificate_pem = kept;
    return home_save(home);
}
