/* JSON in is JSON out, with as many tokens; what is not JSON is refused and nothing is written. */
#include <stdlib.h>

#include "base/json_lex.h"
#include "redaction/redaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t tokens(struct bytes text)
{
    struct json_lex lex;
    enum json_token token;
    struct bytes raw;
    size_t count = 0;
    json_lex_start(&lex, text);
    do {
        if (json_lex_next(&lex, &token, &raw) != OK)
            return 0;
        count++;
    } while (token != JSON_END);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct redactor *redactor;
    struct redact_session *session = NULL;
    struct buf out SCOPED_BUF = {0};
    struct bytes input = bytes_of(data, size);
    if (!redactor && redactor_new(BYTES_NONE, NULL, &redactor, NULL) != OK)
        abort();
    INVARIANT(redact_session_new(redactor, &session) == OK);
    size_t count = tokens(input);
    enum status status = redact_json(session, input, &out, NULL);
    INVARIANT((status == OK) == (count > 0));
    INVARIANT(status != OK || tokens(buf_bytes(&out)) == count);
    INVARIANT(status == OK || out.size == 0);
    redact_session_free(session);
    return 0;
}
