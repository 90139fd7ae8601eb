/* The gate's text checks: personal data and secrets, canaries, injected instructions. Hides that canaries are compared
 * without case and punctuation, so that "A-B c" is found as "abc". */
#include "insight/gate_internal.h"
#include "insight/release.h"

static enum status check_personal(struct bytes text, const struct redactor *redactor)
{
    struct redact_finding finding;
    enum status status = redact_scan(redactor, text, &finding);
    if (status == OK)
        return ERR_POLICY;
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status check_canaries(struct bytes text, const char *const *canaries)
{
    if (!canaries)
        return OK;
    SCOPED_BUF struct buf squeezed = {0};
    SCOPED_BUF struct buf canary = {0};
    gate_squeeze(text, &squeezed);
    for (; *canaries; canaries++) {
        buf_clear(&canary);
        gate_squeeze(bytes_str(*canaries), &canary);
        TRY(buf_status(&canary));
        TRY(buf_status(&squeezed));
        if (canary.size && bytes_find(buf_bytes(&squeezed), buf_bytes(&canary)) != SIZE_MAX)
            return ERR_POLICY;
    }
    return OK;
}

enum status gate_check_text(const char *text, const struct redactor *redactor, const char *const *canaries,
                            enum withheld_reason *reason)
{
    struct bytes bytes = bytes_str(text);
    *reason = WITHHELD_MALFORMED;
    if (!bytes_is_utf8(bytes))
        return ERR_POLICY;
    *reason = WITHHELD_PERSONAL;
    TRY(check_personal(bytes, redactor));
    *reason = WITHHELD_CANARY;
    TRY(check_canaries(bytes, canaries));
    *reason = WITHHELD_INSTRUCTION;
    return gate_check_instructions(bytes);
}
