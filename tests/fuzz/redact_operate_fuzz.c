/* Every operator over any text: what was sealed comes back, what was kept stays, nothing crashes, and a second pass of
 * the same session ends as well. The first byte says which operator. */
#include "redaction/redactor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make(void *state, struct bytes value, uint8_t *out, size_t size)
{
    (void)state;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(i * 37 + value.size + (value.size ? value.data[i % value.size] : 0));
}

static enum status seal(void *state, struct bytes type, struct bytes value, struct buf *out)
{
    (void)state, (void)type;
    buf_add(out, value);
    return buf_status(out);
}

static enum status open_sealed(void *state, struct bytes type, struct bytes sealed, struct buf *out)
{
    return seal(state, type, sealed, out);
}

static const char *const policies[] = {
    "\"mask\"",       "{\"operator\":\"mask\",\"last\":4}",
    "\"hash\"",       "\"drop\"",
    "\"generalise\"", "\"surrogate\"",
    "\"encrypt\"",    "\"placeholder\",\"types\":{\"DATE\":\"shift\",\"BIRTH_DATE\":\"shift\"}",
};
#define POLICIES (sizeof policies / sizeof policies[0])
#define ENCRYPT 6

static const struct redactor *redactor_for(size_t which)
{
    static struct redactor *redactors[POLICIES];
    const struct redact_pseudonyms pseudonyms = {.make = make, .seal = seal};
    struct buf policy SCOPED_BUF = {0};
    if (redactors[which])
        return redactors[which];
    buf_addf(&policy, "{\"version\":1,\"name\":\"x\",\"threshold\":0.3,\"tagger\":false,\"default\":%s}",
             policies[which]);
    INVARIANT(redactor_new(buf_bytes(&policy), &pseudonyms, &redactors[which], NULL) == OK);
    return redactors[which];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct redact_session *session = NULL;
    struct buf once SCOPED_BUF = {0}, twice SCOPED_BUF = {0}, back SCOPED_BUF = {0};
    struct redact_restored before = {0}, after = {0};
    const struct redact_opener opener = {.open = open_sealed};
    if (size == 0)
        return 0;
    size_t which = data[0] % POLICIES;
    struct bytes text = bytes_of(data + 1, size - 1);
    INVARIANT(redact_session_new(redactor_for(which), &session) == OK);
    INVARIANT(redact_text(session, text, &once, NULL) == OK);
    INVARIANT(redact_text(session, buf_bytes(&once), &twice, NULL) == OK);
    INVARIANT(redact_restore(text, &opener, &back, &before) == OK);
    if (which == ENCRYPT && before.opened + before.closed == 0) {
        buf_clear(&back);
        INVARIANT(redact_restore(buf_bytes(&once), &opener, &back, &after) == OK && after.closed == 0);
        INVARIANT(bytes_equal(buf_bytes(&back), text));
    }
    redact_session_free(session);
    return 0;
}
