/* Operators and the names of types. Hides how a replacement is spelled. */
#include "base/encode.h"
#include "redaction/redactor.h"
#include "redaction/session.h"
#include "redaction/surrogate.h"

#define PSEUDONYM_BYTES 8
#define SURROGATE_WEEKS 52

static const struct {
    const char *name;
    bool secret;
} types[REDACT_TYPES] = {
    [REDACT_NAME] = {"NAME", false},
    [REDACT_EMAIL] = {"EMAIL", false},
    [REDACT_PHONE] = {"PHONE", false},
    [REDACT_ADDRESS] = {"ADDRESS", false},
    [REDACT_PLACE] = {"PLACE", false},
    [REDACT_ORGANISATION] = {"ORGANISATION", false},
    [REDACT_DATE] = {"DATE", false},
    [REDACT_BIRTH_DATE] = {"BIRTH_DATE", false},
    [REDACT_AGE] = {"AGE", false},
    [REDACT_DEMOGRAPHIC] = {"DEMOGRAPHIC", false},
    [REDACT_QUANTITY] = {"QUANTITY", false},
    [REDACT_CASE] = {"CASE", false},
    [REDACT_MISC] = {"MISC", false},
    [REDACT_IP] = {"IP", false},
    [REDACT_MAC] = {"MAC", false},
    [REDACT_HOST] = {"HOST", false},
    [REDACT_COORDINATES] = {"COORDINATES", false},
    [REDACT_DEVICE] = {"DEVICE", false},
    [REDACT_VEHICLE] = {"VEHICLE", false},
    [REDACT_URL_USER] = {"URL_USER", true},
    [REDACT_CARD] = {"CARD", false},
    [REDACT_IBAN] = {"IBAN", false},
    [REDACT_BANK] = {"BANK", false},
    [REDACT_CRYPTO] = {"CRYPTO", false},
    [REDACT_SSN] = {"SSN", false},
    [REDACT_NATIONAL_ID] = {"NATIONAL_ID", false},
    [REDACT_TAX_ID] = {"TAX_ID", false},
    [REDACT_PASSPORT] = {"PASSPORT", false},
    [REDACT_LICENCE] = {"LICENCE", false},
    [REDACT_MEDICAL] = {"MEDICAL", false},
    [REDACT_ACCOUNT] = {"ACCOUNT", false},
    [REDACT_USERNAME] = {"USERNAME", false},
    [REDACT_PATH] = {"PATH", false},
    [REDACT_KEY] = {"KEY", true},
    [REDACT_TOKEN] = {"TOKEN", true},
    [REDACT_PASSWORD] = {"PASSWORD", true},
    [REDACT_CONNECTION] = {"CONNECTION", true},
    [REDACT_SEED] = {"SEED", true},
    [REDACT_CUSTOM] = {"CUSTOM", false},
};

const char *redact_type_name(enum redact_type type)
{
    return (unsigned)type < REDACT_TYPES ? types[type].name : "CUSTOM";
}

bool redact_type_is_secret(enum redact_type type)
{
    return (unsigned)type < REDACT_TYPES && types[type].secret;
}

/* "<EMAIL_1" */
static enum status placeholder_start(struct redact_session *session, enum redact_type type, struct bytes value,
                                     struct buf *out)
{
    uint32_t index;
    TRY(session_index(session, type, value, &index));
    char digits[12];
    size_t at = sizeof digits;
    for (; index; index /= 10)
        digits[--at] = (char)('0' + index % 10);
    buf_add_byte(out, '<');
    buf_add_str(out, types[type].name);
    buf_add_byte(out, '_');
    buf_add(out, bytes_of(digits + at, sizeof digits - at));
    return OK;
}

static enum status placeholder(struct redact_session *session, enum redact_type type, struct bytes value,
                               struct buf *out)
{
    TRY(placeholder_start(session, type, value, out));
    buf_add_byte(out, '>');
    return OK;
}

/* The input's own bytes are sealed, so that they come back as they were. */
static enum status encrypt(struct redact_session *session, const struct operand *operand, struct buf *out)
{
    const struct redact_pseudonyms *make = &session->redactor->pseudonyms;
    enum redact_type type = operand->find->type;
    SCOPED_BUF struct buf sealed = {0};
    TRY(placeholder_start(session, type, operand_value(operand), out));
    TRY(make->seal(make->state, bytes_str(types[type].name), operand->raw, &sealed));
    buf_add_byte(out, ':');
    encode_base64url(buf_bytes(&sealed), out);
    buf_add_byte(out, '>');
    return OK;
}

static void pseudonym(const struct redact_pseudonyms *make, enum redact_type type, struct bytes value, struct buf *out)
{
    uint8_t digest[PSEUDONYM_BYTES];
    char text[2 * PSEUDONYM_BYTES + 1];
    make->make(make->state, value, digest, sizeof digest);
    encode_hex_text(digest, sizeof digest, text);
    buf_addf(out, "<%s_%s>", types[type].name, text);
}

/* The last letters and digits may stay, if at least as many go. */
static void mask(struct bytes value, size_t last, struct buf *out)
{
    size_t all = 0, from = value.size;
    for (size_t i = 0; i < value.size; i++)
        all += char_is(value.data[i], C_ALNUM);
    buf_add_str(out, "****");
    if (last == 0 || all < 2 * last)
        return;
    for (size_t left = last; left;)
        left -= char_is(value.data[--from], C_ALNUM);
    for (; from < value.size; from++)
        if (char_is(value.data[from], C_ALNUM))
            buf_add_byte(out, value.data[from]);
}

/* Whole weeks, so that days of the week stay true; never none. */
static bool shift(struct redact_session *session, struct bytes value, uint16_t most, struct buf *out)
{
    if (session->shift == 0) {
        const struct redact_pseudonyms *make = &session->redactor->pseudonyms;
        uint8_t digest[8];
        uint64_t draw;
        make->make(make->state, buf_bytes(&session->subject), digest, sizeof digest);
        memcpy(&draw, digest, sizeof draw);
        session->shift = draw;
    }
    int64_t weeks = 1 + (int64_t)((session->shift >> 1) % most);
    return date_shift(value, 7 * (session->shift & 1 ? weeks : -weeks), out);
}

/* Dates move as they do for `shift`. */
static enum status surrogate(struct redact_session *session, const struct operand *operand, struct buf *out)
{
    enum redact_type type = operand->find->type;
    struct bytes value = operand_value(operand);
    bool date = type == REDACT_DATE || type == REDACT_BIRTH_DATE;
    if (date && shift(session, value, SURROGATE_WEEKS, out))
        return OK;
    enum status status = date ? ERR_NOT_FOUND : surrogate_write(session, operand, out);
    return status == ERR_NOT_FOUND ? placeholder(session, type, value, out) : status;
}

bool operate_lacks(unsigned how, const struct redact_pseudonyms *given)
{
    if (how == OPERATE_ENCRYPT)
        return !given->seal;
    return (how == OPERATE_HASH || how == OPERATE_SHIFT || how == OPERATE_SURROGATE) && !given->make;
}

enum status operate(struct redact_session *session, const struct operand *operand, struct buf *out)
{
    const struct redactor *redactor = session->redactor;
    enum redact_type type = operand->find->type;
    struct operation operation = redactor->policy.operations[type];
    struct bytes value = operand_value(operand);
    session->done[type]++;
    switch ((enum redact_operator)operation.how) {
    case OPERATE_PLACEHOLDER:
        return placeholder(session, type, value, out);
    case OPERATE_MASK:
        mask(value, operation.parameter, out);
        return OK;
    case OPERATE_HASH:
        pseudonym(&redactor->pseudonyms, type, value, out);
        return OK;
    case OPERATE_DROP:
        return OK;
    case OPERATE_KEEP:
        buf_add(out, operand->raw);
        return OK;
    case OPERATE_GENERALISE:
        return generalise(type, value, out) ? OK : placeholder(session, type, value, out);
    case OPERATE_SHIFT:
        return shift(session, value, operation.parameter, out) ? OK : placeholder(session, type, value, out);
    case OPERATE_ENCRYPT:
        return encrypt(session, operand, out);
    case OPERATE_SURROGATE:
        return surrogate(session, operand, out);
    case OPERATORS:
        break;
    }
    return ERR_BUG;
}
