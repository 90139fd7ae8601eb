/* chathamd tenant erase: nobody is erased by a slip of the hand, and the receipt ends up in a file. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "server/command.h"

/* The tenant's name, from --confirm or typed on a terminal. */
static enum status read_confirmation(const struct daemon_arguments *arguments, char out[static 128], struct why *why)
{
    if (arguments->confirm) {
        int size = snprintf(out, 128, "%s", arguments->confirm);
        return size >= 0 && size < 128 ? OK : why_set(why, ERR_USAGE, "too long", "--confirm", 0);
    }
    if (!isatty(STDIN_FILENO))
        return why_hint(why, ERR_USAGE, "an erasure cannot be undone", NULL, "confirm it with --confirm NAME");
    fprintf(stderr, "This erases the member's data for good. Its name, to confirm: ");
    if (!fgets(out, 128, stdin))
        return why_set(why, ERR_USAGE, "not confirmed", NULL, 0);
    out[strcspn(out, "\n")] = 0;
    return OK;
}

static enum status erase_command(const struct daemon_arguments *arguments, struct buf *out, struct why *why)
{
    char confirmed[128] = "";
    SCOPED_JSON struct json *command = json_object();
    TRY(read_confirmation(arguments, confirmed, why));
    if (!bytes_is_utf8(bytes_str(arguments->word)) || !bytes_is_utf8(bytes_str(confirmed)))
        return why_set(why, ERR_USAGE, "not UTF-8", "argument", 0);
    json_set(command, "command", json_text("tenant.erase"));
    json_set(command, "confirm", json_text(confirmed));
    json_set(command, "tenant", json_text(arguments->word));
    return json_canonical(command, out);
}

static enum status write_receipt(const struct daemon_arguments *arguments, const struct json *answer,
                                 struct buf *result, struct why *why)
{
    const char *path = arguments->out ? arguments->out : "erasure.json";
    SCOPED_JSON struct json *shown = json_object();
    enum status status = file_write(path, json_string_bytes(json_get(answer, "receipt")), 0600);
    if (status != OK)
        return why_hint(why, status, "the tenant is erased, but its receipt cannot be written", "--out file",
                        "give the command again, with the tenant's id");
    json_set(shown, "tenant", json_share(json_get(answer, "tenant")));
    json_set(shown, "leaf", json_share(json_get(answer, "leaf")));
    json_set(shown, "written", json_text(path));
    return json_canonical(shown, result);
}

enum status daemon_erase(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_BUF struct buf command = {0}, reply = {0};
    SCOPED_JSON struct json *answer = NULL;
    TRY(erase_command(arguments, &command, why));
    TRY(daemon_ask(arguments, buf_bytes(&command), &reply, why));
    TRY(json_parse(buf_bytes(&reply), SIZE_MAX, &answer, why));
    return write_receipt(arguments, answer, result, why);
}
