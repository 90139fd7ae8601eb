/* JSON in is JSON out, token by token: what changes is a string, or a number that became one; what is not JSON is
 * refused and nothing is written. */
#include <stdlib.h>

#include "base/json_lex.h"
#include "redaction/redaction.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_json(struct bytes text)
{
    struct json_lex lex;
    enum json_token token;
    struct bytes raw;
    json_lex_start(&lex, text);
    do
        if (json_lex_next(&lex, &token, &raw) != OK)
            return false;
    while (token != JSON_END);
    return true;
}

static void check_tokens(struct bytes before, struct bytes after)
{
    struct json_lex in, out;
    enum json_token was, is;
    struct bytes raw_in, raw_out;
    json_lex_start(&in, before);
    json_lex_start(&out, after);
    do {
        INVARIANT(json_lex_next(&in, &was, &raw_in) == OK);
        INVARIANT(json_lex_next(&out, &is, &raw_out) == OK);
        bool same = was == is && bytes_equal(raw_in, raw_out);
        INVARIANT(same || is == JSON_KEY || is == JSON_STRING);
        INVARIANT((was == JSON_KEY) == (is == JSON_KEY));
        INVARIANT(was == is || was == JSON_NUMBER);
    } while (was != JSON_END);
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
    enum status status = redact_json(session, input, &out, NULL);
    INVARIANT((status == OK) == is_json(input));
    INVARIANT(status == OK || out.size == 0);
    if (status == OK)
        check_tokens(input, buf_bytes(&out));
    redact_session_free(session);
    return 0;
}
