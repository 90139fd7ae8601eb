/* Hides the memory of surrogates (in the session's table, under types that no value has), the draws that are tried
 * until one is free, and the proof that a drawn value still is what its rule finds: that keeps check digits of every
 * kind. */
#include "redaction/surrogate.h"

#define TRIES 256          /* draws for one value: check digits let one in 10, 11, 23 or 97 pass */
#define PROOFS_MOST 20000u /* in one session: after that shapes must do */
#define BEFORE 160         /* bytes of context that a rule may need */
#define BEHIND 48

#define WORD ((enum redact_type)(SESSION_MADE + 1)) /* entries of words that have a surrogate */

static const struct {
    surrogate_maker make;
    enum { FREE, WORDS, PROVEN } kind; /* made of words that are nobody else's; only what the same rule finds will do */
} makers[REDACT_TYPES] = {
    [REDACT_NAME] = {surrogate_name, WORDS},
    [REDACT_EMAIL] = {surrogate_email, WORDS},
    [REDACT_PHONE] = {surrogate_phone, FREE},
    [REDACT_ADDRESS] = {surrogate_address, WORDS},
    [REDACT_PLACE] = {surrogate_place, WORDS},
    [REDACT_ORGANISATION] = {surrogate_organisation, WORDS},
    [REDACT_AGE] = {surrogate_age, FREE},
    [REDACT_QUANTITY] = {surrogate_shape, FREE},
    [REDACT_CASE] = {surrogate_shape, PROVEN},
    [REDACT_IP] = {surrogate_ip, FREE},
    [REDACT_MAC] = {surrogate_mac, FREE},
    [REDACT_HOST] = {surrogate_host, WORDS},
    [REDACT_COORDINATES] = {surrogate_coordinates, FREE},
    [REDACT_DEVICE] = {surrogate_shape, PROVEN},
    [REDACT_VEHICLE] = {surrogate_shape, PROVEN},
    [REDACT_CARD] = {surrogate_card, FREE},
    [REDACT_IBAN] = {surrogate_iban, FREE},
    [REDACT_BANK] = {surrogate_shape, PROVEN},
    [REDACT_CRYPTO] = {surrogate_shape, FREE},
    [REDACT_SSN] = {surrogate_ssn, FREE},
    [REDACT_NATIONAL_ID] = {surrogate_shape, PROVEN},
    [REDACT_TAX_ID] = {surrogate_shape, PROVEN},
    [REDACT_PASSPORT] = {surrogate_shape, PROVEN},
    [REDACT_LICENCE] = {surrogate_shape, PROVEN},
    [REDACT_MEDICAL] = {surrogate_shape, PROVEN},
    [REDACT_ACCOUNT] = {surrogate_login, WORDS},
    [REDACT_USERNAME] = {surrogate_login, WORDS},
    [REDACT_PATH] = {surrogate_path, WORDS},
};

/* --- drawing --- */

/* The random stream of a value and an attempt. */
static enum status draw_start(const struct redact_session *session, const char *kind, struct bytes value,
                              uint32_t attempt, struct random_seeded *state, struct random *out)
{
    const struct redact_pseudonyms *make = &session->redactor->pseudonyms;
    SCOPED_BUF struct buf input = {.secret = true};
    uint8_t digest[8];
    uint64_t seed;
    buf_add_str(&input, "surrogate\x1f");
    buf_add_str(&input, kind);
    buf_add_byte(&input, 0x1f);
    for (size_t i = 0; i < value.size; i++)
        buf_add_byte(&input, char_lower(value.data[i]));
    buf_add_u32(&input, attempt);
    TRY(buf_status(&input));
    make->make(make->state, buf_bytes(&input), digest, sizeof digest);
    memcpy(&seed, digest, sizeof seed);
    *out = random_seeded_start(state, seed);
    return OK;
}

static struct bytes made_of(const struct redact_session *session, const struct known *known)
{
    return bytes_part(buf_bytes(&session->values), known->made_at, known->made_size);
}

/* Remember what was made of a value, under its entry and as a surrogate. */
static enum status remember(struct redact_session *session, enum redact_type type, struct bytes value,
                            struct bytes made)
{
    struct known *known;
    size_t at = session->values.size;
    buf_add(&session->values, made);
    TRY(buf_status(&session->values));
    TRY(session_know(session, type, value, &known));
    if (!known)
        return ERR_NOT_FOUND;
    known->made_at = at;
    known->made_size = made.size;
    return session_made(session, made);
}

static bool is_real(const struct redact_session *session, struct bytes candidate)
{
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        if (session_knows(session, (enum redact_type)type, candidate))
            return true;
    return false;
}

static bool is_free(const struct redact_session *session, struct bytes candidate)
{
    return !is_real(session, candidate) && !session_knows(session, SESSION_MADE, candidate);
}

enum status surrogate_word(struct redact_session *session, const char *kind, struct bytes word,
                           void (*draw)(struct random random, struct buf *out), struct buf *out)
{
    SCOPED_BUF struct buf made = {.secret = true}, key = {.secret = true};
    struct known *known;
    buf_add_str(&key, kind);
    buf_add(&key, word);
    TRY(buf_status(&key));
    TRY(session_know(session, WORD, buf_bytes(&key), &known));
    if (!known)
        return ERR_NOT_FOUND;
    if (known->made_size) {
        buf_add(out, made_of(session, known));
        return OK;
    }
    for (uint32_t attempt = 0; attempt < TRIES; attempt++) {
        struct random_seeded state;
        struct random random;
        TRY(draw_start(session, kind, word, attempt, &state, &random));
        buf_clear(&made);
        draw(random, &made);
        TRY(buf_status(&made));
        if (is_free(session, buf_bytes(&made)))
            break;
    }
    TRY(remember(session, WORD, buf_bytes(&key), buf_bytes(&made)));
    buf_add(out, buf_bytes(&made));
    return OK;
}

/* --- proof --- */

/* Would the rule that found the value find this in its place? */
static enum status is_found(struct redact_session *session, const struct operand *operand, struct bytes candidate,
                            bool *found)
{
    const struct find *find = operand->find;
    const struct redactor *redactor = session->redactor;
    SCOPED_BUF struct buf text = {.secret = true};
    struct finds finds SCOPED_FINDS = {0};
    size_t before = find->start < BEFORE ? find->start : BEFORE;
    *found = false;
    session->proofs++;
    buf_add(&text, bytes_part(operand->text, find->start - before, before));
    buf_add(&text, candidate);
    buf_add(&text, bytes_part(operand->text, find->end, BEHIND));
    TRY(buf_status(&text));
    struct scan scan = {.text = buf_bytes(&text),
                        .types = 1ull << find->type,
                        .names = redactor->names,
                        .keys = redactor->keys,
                        .finds = &finds};
    TRY(detector_run(redactor->detector, &scan));
    for (size_t i = 0; i < finds.count; i++)
        *found |= finds.items[i].row == find->row && finds.items[i].start == before &&
                  finds.items[i].end == before + candidate.size;
    return OK;
}

/* Whether candidates must be proven: the value itself must pass, else its rule needs more than it is shown. */
static enum status wants_proof(struct redact_session *session, const struct operand *operand, bool *wanted)
{
    const struct recognizer *row = operand->find->row;
    *wanted = false;
    if (makers[operand->find->type].kind != PROVEN || !row->match || session->proofs > PROOFS_MOST)
        return OK;
    return is_found(session, operand, operand_value(operand), wanted);
}

/* --- one value --- */

static enum status make_one(struct redact_session *session, const struct operand *operand, struct buf *made)
{
    enum redact_type type = operand->find->type;
    struct bytes value = operand_value(operand);
    bool proof;
    TRY(wants_proof(session, operand, &proof));
    for (uint32_t attempt = 0; attempt < TRIES; attempt++) {
        struct random_seeded state;
        struct drawing drawing = {.session = session};
        bool good = true;
        TRY(draw_start(session, redact_type_name(type), value, attempt, &state, &drawing.random));
        buf_clear(made);
        TRY(makers[type].make(&drawing, value, made));
        TRY(buf_status(made));
        good = makers[type].kind == WORDS ? !is_real(session, buf_bytes(made)) : is_free(session, buf_bytes(made));
        if (good && proof)
            TRY(is_found(session, operand, buf_bytes(made), &good));
        if (good)
            return OK;
    }
    return is_real(session, buf_bytes(made)) ? ERR_NOT_FOUND : OK;
}

/* As the value was written: all in capitals, or in none. */
static void write_cased(struct bytes made, struct bytes value, struct buf *out)
{
    bool upper = false, lower = false;
    for (size_t i = 0; i < value.size; i++) {
        upper |= char_is(value.data[i], C_UPPER);
        lower |= char_is(value.data[i], C_LOWER);
    }
    for (size_t i = 0; i < made.size; i++) {
        uint8_t byte = made.data[i];
        buf_add_byte(out, upper == lower ? byte : upper ? char_upper(byte) : char_lower(byte));
    }
}

enum status surrogate_write(struct redact_session *session, const struct operand *operand, struct buf *out)
{
    enum redact_type type = operand->find->type;
    struct bytes value = operand_value(operand);
    SCOPED_BUF struct buf made = {.secret = true};
    struct known *known;
    if (!makers[type].make || value.size == 0)
        return ERR_NOT_FOUND;
    TRY(session_know(session, type, value, &known));
    if (!known)
        return ERR_NOT_FOUND; /* the session is full */
    if (known->made_size) {
        write_cased(made_of(session, known), value, out);
        return OK;
    }
    TRY(make_one(session, operand, &made));
    TRY(remember(session, type, value, buf_bytes(&made)));
    write_cased(buf_bytes(&made), value, out);
    return OK;
}

/* --- a text --- */

/* Whether nothing but punctuation of the find stands outside of the session's own surrogates (ascending, apart). */
static bool is_covered(struct bytes text, const struct find *find, const struct finds *made)
{
    size_t low = 0, high = made->count, at = find->start;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (made->items[middle].end <= find->start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; at < find->end; at++) {
        while (low < made->count && made->items[low].end <= at)
            low++;
        bool inside = low < made->count && made->items[low].start <= at;
        if (!inside && (char_is(text.data[at], C_ALNUM) || text.data[at] >= 0x80))
            return false;
    }
    return true;
}

enum status surrogates_pass(const struct redact_session *session, struct bytes text, struct finds *finds)
{
    struct finds made SCOPED_FINDS = {0};
    struct scan scan = {.text = text, .types = 1ull << SESSION_MADE, .finds = &made};
    size_t kept = 0;
    if (!session->redactor->surrogates || finds->count == 0)
        return OK;
    session_seek(session, &scan);
    TRY(scan.status);
    for (size_t i = 0; i < finds->count; i++)
        if (made.count == 0 || !is_covered(text, &finds->items[i], &made))
            finds->items[kept++] = finds->items[i];
    finds->count = kept;
    return OK;
}

enum status surrogates_reserve(struct redact_session *session, struct bytes text, const struct finds *finds)
{
    struct known *known;
    for (size_t i = 0; i < finds->count && session->redactor->surrogates; i++) {
        const struct find *find = &finds->items[i];
        if (find->end > find->start)
            TRY(session_know(session, find->type, bytes_part(text, find->start, find->end - find->start), &known));
    }
    return OK;
}
