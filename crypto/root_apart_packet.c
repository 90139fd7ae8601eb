/* Packets between a provider's process and its caller. Hides their layout. */
#include "crypto/root_apart_internal.h"

/* --- the caller's side --- */

enum status apart_question(enum apart_operation operation, const char *label, uint32_t version, struct bytes data,
                           struct buf *out)
{
    buf_add_byte(out, (uint8_t)operation);
    buf_add_lp(out, bytes_str(label));
    buf_add_u32(out, version);
    buf_add_lp(out, data);
    return buf_status(out);
}

enum status apart_hear_answer(struct bytes *answer)
{
    uint8_t status = 0;
    struct cursor from = {*answer};
    *answer = BYTES_NONE;
    if (cursor_u8(&from, &status) != OK || status > ERR_BUG || (status != OK && cursor_end(&from) != OK))
        return ERR_UNAVAILABLE;
    *answer = from.left;
    return (enum status)status;
}

/* It will be printed, and a module may have written it: nothing in it may steer a terminal. */
static const char *keep_text(struct bytes text, char *out, size_t size)
{
    size_t kept = text.size < size ? text.size : size - 1;
    for (size_t i = 0; i < kept; i++)
        out[i] = text.data[i] >= ' ' && text.data[i] < 0x7f ? (char)text.data[i] : '?';
    out[kept] = 0;
    return text.size ? out : NULL;
}

enum status apart_hear_opened(struct bytes packet, struct why *why)
{
    static char what[128], where[64], hint[128];
    struct cursor from = {packet};
    struct bytes texts[3];
    uint8_t status;
    TRY(cursor_u8(&from, &status));
    for (size_t i = 0; i < 3; i++)
        TRY(cursor_lp(&from, &texts[i]));
    TRY(cursor_end(&from));
    if (status == OK)
        return OK;
    const char *place = keep_text(texts[1], where, sizeof where);
    return why_hint(why, status > ERR_BUG ? ERR_BUG : (enum status)status, keep_text(texts[0], what, sizeof what),
                    place, keep_text(texts[2], hint, sizeof hint));
}

/* --- the process's --- */

enum status apart_say_opened(enum status status, const struct why *why, struct buf *out)
{
    buf_add_byte(out, (uint8_t)status);
    buf_add_lp(out, bytes_str(why->what));
    buf_add_lp(out, bytes_str(why->where));
    buf_add_lp(out, bytes_str(why->hint));
    return buf_status(out);
}

static enum status do_wrap(struct root_provider *provider, const char *label, uint32_t version, struct bytes key,
                           struct buf *out)
{
    SCOPED_SECRET struct secret secret = {0};
    TRY(secret_copy(&secret, key));
    return root_wrap(provider, label, version, &secret, out);
}

static enum status do_unwrap(struct root_provider *provider, const char *label, uint32_t version, struct bytes wrapped,
                             struct buf *out)
{
    SCOPED_SECRET struct secret secret = {0};
    TRY(root_unwrap(provider, label, version, wrapped, &secret));
    buf_add(out, secret_bytes(&secret));
    return buf_status(out);
}

static enum status do_one(struct root_provider *provider, struct bytes question, struct buf *out)
{
    struct cursor from = {question};
    struct bytes label, data;
    uint8_t operation;
    uint32_t version;
    TRY(cursor_u8(&from, &operation));
    TRY(cursor_lp(&from, &label));
    TRY(cursor_u32(&from, &version));
    TRY(cursor_lp(&from, &data));
    TRY(cursor_end(&from));
    if (bytes_find(label, bytes_of("", 1)) != SIZE_MAX)
        return ERR_INPUT;
    SCOPED_MEM char *text = mem_copy(label);
    if (!text)
        return ERR_MEMORY;
    if (operation == APART_WRAP)
        return do_wrap(provider, text, version, data, out);
    if (operation == APART_UNWRAP)
        return do_unwrap(provider, text, version, data, out);
    return ERR_INPUT;
}

enum status apart_answer(struct root_provider *provider, struct bytes question, struct buf *out)
{
    buf_clear(out);
    buf_add_byte(out, OK);
    enum status status = do_one(provider, question, out);
    if (status != OK) {
        buf_clear(out);
        buf_add_byte(out, (uint8_t)status);
    }
    return buf_status(out);
}
