/* json_parse: what is accepted is canonical after one writing, is accepted by the lexer, and reads back the same when
 * printed for people. */
#include "base/json.h"
#include "base/json_lex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lexer_accepts(struct bytes text)
{
    struct json_lex lex;
    enum json_token token = JSON_NULL;
    struct bytes raw;
    for (json_lex_start(&lex, text); token != JSON_END;)
        INVARIANT(json_lex_next(&lex, &token, &raw) == OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    SCOPED_JSON struct json *value = NULL, *again = NULL;
    SCOPED_BUF struct buf once = {0}, twice = {0}, pretty = {0}, from_pretty = {0};
    if (json_parse(text, size, &value, NULL) != OK) {
        INVARIANT(!value);
        return 0;
    }
    check_lexer_accepts(text);
    INVARIANT(json_canonical(value, &once) == OK);
    INVARIANT(json_parse(buf_bytes(&once), once.size, &again, NULL) == OK);
    INVARIANT(json_canonical(again, &twice) == OK);
    INVARIANT(bytes_equal(buf_bytes(&once), buf_bytes(&twice)));
    INVARIANT(json_pretty(value, &pretty) == OK);
    INVARIANT(json_canonicalise(buf_bytes(&pretty), &from_pretty, NULL) == OK);
    INVARIANT(bytes_equal(buf_bytes(&once), buf_bytes(&from_pretty)));
    return 0;
}
