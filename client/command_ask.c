/* renew, device, token, trail: what is asked of the vault in this device's own name. */
#include "base/encode.h"
#include "client/ask.h"
#include "client/command.h"
#include "client/print.h"

/* --- showing --- */

static struct bytes cell(const struct json *row, const char *key, char number[static 24])
{
    const struct json *value = json_get(row, key);
    if (!json_is_integer(value))
        return json_string_bytes(value);
    snprintf(number, 24, "%lld", (long long)json_integer_value(value));
    return bytes_str(number);
}

static void print_rows(const struct json *rows, const char *const *keys)
{
    char number[24];
    for (size_t i = 0; i <= json_count(rows); i++) {
        for (size_t c = 0; keys[c]; c++) {
            size_t width = strlen(keys[c]);
            for (size_t other = 0; other < json_count(rows); other++) {
                size_t size = cell(json_at(rows, other), keys[c], number).size;
                width = size > width ? size : width;
            }
            struct bytes text = i ? cell(json_at(rows, i - 1), keys[c], number) : bytes_str(keys[c]);
            printf("%s%-*.*s", c ? "  " : "", keys[c + 1] ? (int)width : 0, (int)text.size, (const char *)text.data);
        }
        printf("\n");
    }
}

static const char *const device_keys[] = {"device", "role", "state", "created", "expires", NULL};
static const char *const token_keys[] = {"id", "role", "state", "expires", NULL};
static const char *const trail_keys[] = {"number", "at", "actor", "act", "outcome", "count", "device", NULL};

/* --- asking --- */

static enum status ask(const struct arguments *arguments, struct request *request, struct json **answer,
                       struct why *why)
{
    struct home home;
    *answer = NULL;
    TRY(arguments_home(arguments, &home, why));
    enum status status = remote_ask(&home, request, answer, why);
    home_close(&home);
    return status;
}

static enum status ask_list(const struct arguments *arguments, struct request request, const char *list,
                            const char *const *keys, struct why *why)
{
    SCOPED_JSON struct json *answer = NULL;
    TRY(ask(arguments, &request, &answer, why));
    if (arguments_have(arguments, OPTION_JSON))
        return print_json(answer);
    print_rows(json_get(answer, list), keys);
    return OK;
}

static enum status ask_revoke(const struct arguments *arguments, enum request_command command, const char *done,
                              struct why *why)
{
    SCOPED_JSON struct json *answer = NULL;
    struct request request = {.command = command};
    if (decode_hex_fixed(bytes_str(arguments->words[1]), request.subject, ID_BYTES) != OK)
        return why_set(why, ERR_USAGE, "an id has 32 hexadecimal digits", NULL, 0);
    TRY(ask(arguments, &request, &answer, why));
    if (arguments_have(arguments, OPTION_JSON))
        return print_json(answer);
    printf("%s\n", done);
    return OK;
}

static bool words_are(const struct arguments *arguments, const char *first, int count)
{
    return arguments->count == count && strcmp(arguments->words[0], first) == 0;
}

enum status command_device(const struct arguments *arguments, struct why *why)
{
    if (words_are(arguments, "list", 1))
        return ask_list(arguments, (struct request){.command = REQUEST_DEVICE_LIST}, "devices", device_keys, why);
    if (words_are(arguments, "revoke", 2))
        return ask_revoke(arguments, REQUEST_DEVICE_REVOKE, "The device is revoked.", why);
    return why_hint(why, ERR_USAGE, "wants list, or revoke with a device's id", NULL, "see chatham device --help");
}

static enum status new_token(const struct arguments *arguments, struct why *why)
{
    SCOPED_JSON struct json *answer = NULL;
    struct request request = {.command = REQUEST_TOKEN_NEW};
    if (arguments->role && member_role_parse(bytes_str(arguments->role), &request.role) != OK)
        return why_set(why, ERR_USAGE, "a role is device, administrator, auditor or reader", "--role", 0);
    TRY(ask(arguments, &request, &answer, why));
    if (arguments_have(arguments, OPTION_JSON))
        return print_json(answer);
    printf("role   %s\ntoken  %s\n\nThe token enrols one device, once, within 24 hours. Give it to nobody else.\n",
           member_role_name(request.role), json_string_text(json_get(answer, "token")));
    return OK;
}

enum status command_token(const struct arguments *arguments, struct why *why)
{
    if (arguments->count == 0)
        return new_token(arguments, why);
    if (words_are(arguments, "list", 1))
        return ask_list(arguments, (struct request){.command = REQUEST_TOKEN_LIST}, "tokens", token_keys, why);
    if (words_are(arguments, "revoke", 2))
        return ask_revoke(arguments, REQUEST_TOKEN_REVOKE, "The token is revoked.", why);
    return why_hint(why, ERR_USAGE, "wants nothing, list, or revoke with a token's id", NULL,
                    "see chatham token --help");
}

enum status command_trail(const struct arguments *arguments, struct why *why)
{
    struct request request = {.command = REQUEST_TRAIL, .from = (uint64_t)arguments->from};
    return ask_list(arguments, request, "rows", trail_keys, why);
}

/* --- renewal --- */

static enum status print_renewed(const struct arguments *arguments, const struct home *home)
{
    struct cert_facts facts;
    char end[CLOCK_TEXT];
    TRY(remote_certificate(home, &facts));
    clock_text(facts.not_after, end);
    if (arguments_have(arguments, OPTION_JSON))
        printf("{\"renewed\":true,\"until\":\"%s\"}\n", end);
    else
        printf("The certificate was renewed and lasts until %s.\n", end);
    return OK;
}

enum status command_renew(const struct arguments *arguments, struct why *why)
{
    struct home home;
    TRY(arguments_home(arguments, &home, why));
    enum status status = remote_renew(&home, why);
    if (status == OK)
        status = print_renewed(arguments, &home);
    home_close(&home);
    return status;
}

/* What was asked for goes on: with a certificate that still holds it works, and with none it says so itself. */
void renew_if_due(struct home *home)
{
    struct why why = {0};
    char line[256];
    if (!remote_renewal_is_due(home))
        return;
    enum status status = remote_renew(home, &why);
    if (status == OK)
        return;
    why_print(&why, status, "renew", line, sizeof line);
    fprintf(stderr, "chatham: the certificate ends within 30 days and was not renewed: %s\n", line);
}
