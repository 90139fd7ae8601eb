/* Enrolment: the token that a person carries, the sealed request of a device, the reply. Hides what is proved by what:
 * the token's secret by the MAC, the signing key by the proof, both over the request for a certificate. */
#include "protocol/federation.h"

#include "base/encode.h"
#include "protocol/record.h"

#define TOKEN_FAMILY "chatham-token-"
#define TOKEN_FIRST TOKEN_FAMILY "1."
#define TOKEN_SECOND TOKEN_FAMILY "2."
#define TOKEN_PREFIX_BYTES (sizeof TOKEN_FIRST - 1)
#define TOKEN_BYTES (ID_BYTES + 32 + HASH_BYTES)
#define TOKEN_SERIAL_BYTES 4
#define ENROL_INFO "chatham/v1 enrol"
#define AAD_BYTES (FEDERATION_ID_BYTES + ID_BYTES)

/* --- token --- */

/* A token of the second kind vouches for the authority, and the authority for the keys. */
static enum status vouched(uint32_t serial, const struct federation *federation, uint8_t out[static HASH_BYTES])
{
    if (serial == 0)
        return federation_keys_hash(federation, out);
    federation_anchor(federation, out);
    return OK;
}

enum status enrol_token_name(struct enrol_token *token, const struct federation *federation)
{
    if (federation->serial > UINT32_MAX)
        return ERR_TOO_LARGE;
    token->serial = (uint32_t)federation->serial;
    return vouched(token->serial, federation, token->hash);
}

enum status enrol_token_check(const struct enrol_token *token, const struct federation *federation)
{
    uint8_t hash[HASH_BYTES];
    TRY(vouched(token->serial, federation, hash));
    if (!secret_equal(bytes_of(hash, sizeof hash), bytes_of(token->hash, sizeof hash)))
        return ERR_DENIED;
    if (token->serial == 0)
        return OK;
    return federation->serial >= token->serial ? federation_check(federation, federation->ca_pem) : ERR_DENIED;
}

enum status enrol_token_encode(const struct enrol_token *token, struct buf *out)
{
    SCOPED_BUF struct buf raw;
    buf_init_secret(&raw);
    buf_add(&raw, bytes_of(token->id, ID_BYTES));
    buf_add(&raw, bytes_of(token->secret, 32));
    buf_add(&raw, bytes_of(token->hash, HASH_BYTES));
    if (token->serial)
        buf_add_u32(&raw, token->serial);
    TRY(buf_status(&raw));
    buf_add_str(out, token->serial ? TOKEN_SECOND : TOKEN_FIRST);
    encode_base64url(buf_bytes(&raw), out);
    return buf_status(out);
}

static enum status token_read(struct bytes raw, bool has_serial, struct enrol_token *out)
{
    struct cursor from = {bytes_part(raw, TOKEN_BYTES, SIZE_MAX)};
    if (raw.size != TOKEN_BYTES + (has_serial ? TOKEN_SERIAL_BYTES : 0))
        return ERR_INPUT;
    memcpy(out->id, raw.data, ID_BYTES);
    memcpy(out->secret, raw.data + ID_BYTES, 32);
    memcpy(out->hash, raw.data + ID_BYTES + 32, HASH_BYTES);
    if (!has_serial)
        return OK;
    TRY(cursor_u32(&from, &out->serial));
    return out->serial ? OK : ERR_INPUT;
}

enum status enrol_token_decode(struct bytes text, struct enrol_token *out)
{
    SCOPED_BUF struct buf raw;
    buf_init_secret(&raw);
    secret_wipe(out, sizeof *out);
    bool is_second = bytes_starts(text, TOKEN_SECOND);
    if (!is_second && !bytes_starts(text, TOKEN_FIRST))
        return bytes_starts(text, TOKEN_FAMILY) ? ERR_VERSION : ERR_INPUT;
    struct bytes code = bytes_part(text, TOKEN_PREFIX_BYTES, text.size);
    if (code.size > 2 * TOKEN_BYTES)
        return ERR_INPUT;
    TRY(decode_base64url(code, &raw));
    enum status status = token_read(buf_bytes(&raw), is_second, out);
    if (status != OK)
        secret_wipe(out, sizeof *out);
    return status;
}

/* --- request --- */

void enrol_request_free(struct enrol_request *request)
{
    mem_free(request->csr_pem);
    *request = (struct enrol_request){0};
}

void enrol_mac(const uint8_t secret[static 32], struct bytes csr_pem, const uint8_t sign_key[static SIGN_PUBLIC_BYTES],
               uint8_t out[static 32])
{
    uint8_t message[HASH_BYTES + SIGN_PUBLIC_BYTES];
    hash_sha256(csr_pem, message);
    memcpy(message + HASH_BYTES, sign_key, SIGN_PUBLIC_BYTES);
    hash_hmac_sha256(bytes_of(secret, 32), bytes_of(message, sizeof message), out);
}

static void proof_message(const struct enrol_request *request, struct buf *out)
{
    buf_add(out, bytes_of(request->token, sizeof request->token));
    buf_add(out, bytes_of(request->mac, sizeof request->mac));
    buf_add_str(out, request->csr_pem);
}

static void aad_write(const uint8_t federation[static FEDERATION_ID_BYTES], const uint8_t token[static ID_BYTES],
                      uint8_t out[static AAD_BYTES])
{
    memcpy(out, federation, FEDERATION_ID_BYTES);
    memcpy(out + FEDERATION_ID_BYTES, token, ID_BYTES);
}

static enum status request_encode(const struct enrol_request *request, const uint8_t proof[static SIGN_BYTES],
                                  struct buf *out)
{
    struct json *object = record_new();
    json_set(object, "csr", json_text(request->csr_pem));
    json_set(object, "mac", json_hex(bytes_of(request->mac, sizeof request->mac)));
    json_set(object, "proof", json_hex(bytes_of(proof, SIGN_BYTES)));
    json_set(object, "sign_key", json_hex(bytes_of(request->sign_key, sizeof request->sign_key)));
    json_set(object, "token", json_hex(bytes_of(request->token, sizeof request->token)));
    return record_close(object, out);
}

static enum status request_seal(const struct federation *federation, const struct secret *sign_seed,
                                const struct enrol_request *request, struct buf *out)
{
    SCOPED_BUF struct buf message, record, sealed;
    buf_init(&message);
    buf_init_secret(&record);
    buf_init(&sealed);
    uint8_t proof[SIGN_BYTES], enc[HPKE_ENC_BYTES], aad[AAD_BYTES];
    proof_message(request, &message);
    TRY(buf_status(&message));
    TRY(sign_make(sign_seed, SIGN_ENROLMENT, federation->id, buf_bytes(&message), proof));
    TRY(request_encode(request, proof, &record));
    aad_write(federation->id, request->token, aad);
    TRY(hpke_seal(federation->sealing_key, bytes_str(ENROL_INFO), bytes_of(aad, sizeof aad), buf_bytes(&record), enc,
                  &sealed));
    buf_reserve(out, ID_BYTES + sizeof enc + sealed.size);
    TRY(buf_status(out));
    buf_add(out, bytes_of(request->token, ID_BYTES));
    buf_add(out, bytes_of(enc, sizeof enc));
    buf_add(out, buf_bytes(&sealed));
    return buf_status(out);
}

enum status enrol_request_seal(const struct federation *federation, const struct enrol_token *token,
                               const struct secret *sign_seed, struct bytes csr_pem, struct buf *out)
{
    if (csr_pem.size == 0 || csr_pem.size > PEM_MAX)
        return ERR_USAGE;
    struct enrol_request request = {.csr_pem = mem_copy(csr_pem)};
    enum status status = request.csr_pem ? sign_public(sign_seed, request.sign_key) : ERR_MEMORY;
    if (status == OK) {
        memcpy(request.token, token->id, ID_BYTES);
        enrol_mac(token->secret, csr_pem, request.sign_key, request.mac);
        status = request_seal(federation, sign_seed, &request, out);
    }
    enrol_request_free(&request);
    return status;
}

enum status enrol_request_peek(struct bytes sealed, uint8_t token[static ID_BYTES])
{
    memset(token, 0, ID_BYTES);
    if (sealed.size > ENROL_REQUEST_MAX)
        return ERR_TOO_LARGE;
    if (sealed.size < ID_BYTES + HPKE_ENC_BYTES + HPKE_TAG_BYTES)
        return ERR_INPUT;
    memcpy(token, sealed.data, ID_BYTES);
    return OK;
}

static enum status request_decode(struct bytes record, struct enrol_request *out, uint8_t proof[static SIGN_BYTES])
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    TRY(record_open(record, ENROL_REQUEST_MAX, "enrolment", &json, &fields, NULL));
    record_take_copy(&fields, "csr", PEM_MAX, &out->csr_pem);
    record_take_hex(&fields, "mac", out->mac, sizeof out->mac);
    record_take_hex(&fields, "proof", proof, SIGN_BYTES);
    record_take_hex(&fields, "sign_key", out->sign_key, sizeof out->sign_key);
    record_take_hex(&fields, "token", out->token, sizeof out->token);
    return json_fields_end(&fields);
}

static enum status request_open(struct bytes sealed, const uint8_t federation[static FEDERATION_ID_BYTES],
                                const struct secret *sealing_private, struct enrol_request *out)
{
    SCOPED_BUF struct buf record, message;
    buf_init_secret(&record);
    buf_init(&message);
    uint8_t token[ID_BYTES], proof[SIGN_BYTES], aad[AAD_BYTES];
    TRY(enrol_request_peek(sealed, token));
    aad_write(federation, token, aad);
    TRY(hpke_open(sealing_private, sealed.data + ID_BYTES, bytes_str(ENROL_INFO), bytes_of(aad, sizeof aad),
                  bytes_part(sealed, ID_BYTES + HPKE_ENC_BYTES, sealed.size), &record));
    TRY(request_decode(buf_bytes(&record), out, proof));
    if (memcmp(out->token, token, ID_BYTES) != 0)
        return ERR_DENIED;
    proof_message(out, &message);
    TRY(buf_status(&message));
    return sign_check(out->sign_key, SIGN_ENROLMENT, federation, buf_bytes(&message), proof);
}

enum status enrol_request_open(struct bytes sealed, const uint8_t federation[static FEDERATION_ID_BYTES],
                               const struct secret *sealing_private, struct enrol_request *out)
{
    *out = (struct enrol_request){0};
    enum status status = request_open(sealed, federation, sealing_private, out);
    if (status == OK)
        return OK;
    enrol_request_free(out);
    return status == ERR_MEMORY ? ERR_MEMORY : ERR_DENIED;
}

/* --- reply --- */

void enrol_reply_free(struct enrol_reply *reply)
{
    mem_free(reply->certificate_pem);
    *reply = (struct enrol_reply){0};
}

enum status enrol_reply_encode(const struct enrol_reply *reply, struct buf *out)
{
    struct json *object = record_new();
    json_set(object, "certificate", json_text(reply->certificate_pem ? reply->certificate_pem : ""));
    json_set(object, "device", json_hex(bytes_of(reply->device, ID_BYTES)));
    json_set(object, "policy", policy_to_json(&reply->policy));
    json_set(object, "tenant", json_hex(bytes_of(reply->tenant, ID_BYTES)));
    return record_close(object, out);
}

enum status enrol_reply_decode(struct bytes text, struct enrol_reply *out, struct why *why)
{
    SCOPED_JSON struct json *json = NULL;
    struct json_fields fields;
    *out = (struct enrol_reply){0};
    TRY(record_open(text, ENROL_REQUEST_MAX, "enrolment reply", &json, &fields, why));
    record_take_copy(&fields, "certificate", PEM_MAX, &out->certificate_pem);
    record_take_hex(&fields, "device", out->device, ID_BYTES);
    record_take_hex(&fields, "tenant", out->tenant, ID_BYTES);
    const struct json *policy = json_take_object(&fields, "policy");
    if (fields.status == OK)
        fields.status = policy_from_json(policy, &out->policy, why);
    enum status status = json_fields_end(&fields);
    if (status != OK)
        enrol_reply_free(out);
    return status;
}
