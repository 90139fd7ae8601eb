/* The log's commands that are more than one question to the vault. */
#include "server/command.h"

/* The answer is shown in any case; a freeze makes it a failure, so that whoever runs this by the clock hears of it. */
enum status daemon_log_verify(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_JSON struct json *answer = NULL;
    TRY(daemon_ask_simple(arguments, "log.verify", NULL, NULL, result, why));
    TRY(json_parse(buf_bytes(result), SIZE_MAX, &answer, why));
    if (!json_is_true(json_get(answer, "frozen")))
        return OK;
    return why_hint(why, ERR_POLICY, "releases are frozen", NULL, "find out why, then chathamd log thaw REASON");
}
