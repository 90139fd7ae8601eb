/* init, enroll. */
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "client/command.h"
#include "client/print.h"
#include "client/remote.h"

enum status command_init(const struct arguments *arguments, struct why *why)
{
    char folder[HOME_PATH_MAX];
    SCOPED_BUF struct buf passphrase = {.secret = true};
    TRY(home_path(arguments->home, folder, why));
    TRY(arguments_passphrase(arguments, "Passphrase", false, &passphrase, why));
    TRY(home_create(folder, buf_bytes(&passphrase), why));
    if (arguments_have(arguments, OPTION_JSON))
        printf("{\"created\":true}\n");
    else
        printf("A home was made in %s. Next: chatham enroll --server URL --token-file FILE\n", folder);
    return OK;
}

/* The token's word alone: chathamd prints it among others, and whoever keeps the whole page has kept the token. */
static void token_cut_out(struct buf *token)
{
    static const char start[] = "chatham-token-";
    const uint8_t *found = token->size ? memmem(token->data, token->size, start, strlen(start)) : NULL;
    size_t at = found ? (size_t)(found - token->data) : 0, end = at;
    while (end < token->size && token->data[end] > ' ')
        end++;
    memmove(token->data, token->data + at, end - at);
    token->size = end - at;
}

static enum status token_read(const char *path, struct buf *token, struct why *why)
{
    if (!path)
        return why_hint(why, ERR_USAGE, "a token is needed", NULL, "give --token-file FILE (- for standard input)");
    enum status status = file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, 4096, token);
    if (status != OK)
        return why_set(why, status, "cannot be read", "--token-file", 0);
    token_cut_out(token);
    return OK;
}

enum status command_enroll(const struct arguments *arguments, struct why *why)
{
    struct home home;
    SCOPED_BUF struct buf token = {.secret = true};
    if (!arguments->server)
        return why_hint(why, ERR_USAGE, "an address is needed", NULL, "give --server https://host:port");
    TRY(token_read(arguments->token_file, &token, why));
    TRY(arguments_home(arguments, &home, why));
    enum status status =
        remote_enrol(&home, arguments->server, buf_bytes(&token), arguments_have(arguments, OPTION_ACCEPT_POLICY), why);
    if (status == OK && arguments_have(arguments, OPTION_JSON)) {
        char device[2 * ID_BYTES + 1];
        encode_hex_text(home.device, ID_BYTES, device);
        printf("{\"device\":\"%s\",\"enrolled\":true}\n", device);
    } else if (status == OK) {
        print_policy(&home.federation.policy, home.federation.name);
    }
    home_close(&home);
    return status;
}
