/* Hides whether a server is running: the lock tells. With nobody holding it, the vault runs here, once; with somebody,
 * the command goes to its control socket. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/selftest.h"
#include "protocol/policy.h"
#include "server/command.h"
#include "server/control.h"
#include "server/process_root.h"
#include "server/process_user.h"
#include "server/supervisor.h"
#include "server/vault.h"

#define LOCKED_BYTES (256u * 1024)
#define AUDIT_MAX (24u * 1024 * 1024)

static enum status run_vault_under(const struct daemon_arguments *arguments, struct root_provider *root,
                                   struct bytes command, struct buf *result, struct why *why)
{
    struct vault *vault = NULL;
    struct distiller distiller = distiller_embedded();
    TRY(root_settle(arguments->state, why));
    const struct vault_options options = {
        .state = arguments->state, .root = root, .clock = clock_system(), .random = random_system()};
    TRY(vault_open(&options, &vault, why));
    enum status status = house_admin(vault, &distiller, command, result, why);
    vault_close(vault);
    return status;
}

static enum status run_vault_once(const struct daemon_arguments *arguments, struct bytes command, struct buf *result,
                                  struct why *why)
{
    SCOPED_ROOT struct root_provider *root = NULL;
    const struct root_source source = {.state = arguments->state,
                                       .key_file = arguments->key_file,
                                       .passphrase_file = arguments->passphrase_file,
                                       .pin_file = arguments->pin_file};
    TRY(secret_start(LOCKED_BYTES, why));
    TRY(crypto_selftest(why));
    TRY(root_open(&source, &root, why));
    return run_vault_under(arguments, root, command, result, why);
}

static enum status ask_server(const struct daemon_arguments *arguments, struct bytes command, struct buf *result,
                              struct why *why)
{
    static struct reply reply; /* its detail is what `why` points at until the program ends */
    SCOPED_BUF struct buf payload;
    buf_init_secret(&payload);
    TRY(control_ask(arguments->state, command, &payload, why));
    enum status status = reply_read(buf_bytes(&payload), &reply);
    if (status != OK)
        return why_set(why, status, "the server's answer cannot be read", NULL, 0);
    if (reply.status != OK)
        return why_set(why, reply.status, reply.detail[0] ? reply.detail : status_text(reply.status), NULL, 0);
    buf_add(result, reply.body);
    return buf_status(result);
}

static enum status ask_as_owner(const struct daemon_arguments *arguments, struct root_provider *root,
                                struct bytes command, struct buf *result, struct why *why)
{
    int lock = -1;
    enum status status = state_lock(arguments->state, &lock, NULL);
    if (status == ERR_UNAVAILABLE)
        return ask_server(arguments, command, result, why);
    if (status != OK)
        return state_lock(arguments->state, &lock, why);
    status =
        root ? run_vault_under(arguments, root, command, result, why) : run_vault_once(arguments, command, result, why);
    close(lock);
    return status;
}

enum status daemon_ask_under(const struct daemon_arguments *arguments, struct root_provider *root, struct bytes command,
                             struct buf *result, struct why *why)
{
    TRY(process_user_enter(arguments->state, why));
    enum status status = ask_as_owner(arguments, root, command, result, why);
    process_user_leave();
    return status;
}

enum status daemon_ask(const struct daemon_arguments *arguments, struct bytes command, struct buf *result,
                       struct why *why)
{
    return daemon_ask_under(arguments, NULL, command, result, why);
}

enum status daemon_ask_simple(const struct daemon_arguments *arguments, const char *name, const char *field,
                              const char *word, struct buf *result, struct why *why)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_BUF struct buf text = {0};
    json_set(command, "command", json_text(name));
    if (word)
        json_set(command, field, json_text(word));
    if (arguments->role)
        json_set(command, "role", json_text(arguments->role));
    if (!bytes_is_utf8(bytes_str(word)) || !bytes_is_utf8(bytes_str(arguments->role)))
        return why_set(why, ERR_USAGE, "not UTF-8", "argument", 0);
    TRY(json_canonical(command, &text));
    return daemon_ask(arguments, buf_bytes(&text), result, why);
}

static enum status round_with_erasures(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    static const char command[] = "{\"command\":\"round\",\"with_erasures\":true}";
    return daemon_ask(arguments, bytes_str(command), result, why);
}

enum status daemon_round(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    if (arguments->given & DAEMON_PREVIEW)
        return daemon_ask_simple(arguments, "round.preview", NULL, NULL, result, why);
    if (arguments->given & DAEMON_WITH_ERASURES)
        return round_with_erasures(arguments, result, why);
    return daemon_ask_simple(arguments, "round", NULL, NULL, result, why);
}

enum status daemon_policy(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct policy policy;
    if (!(arguments->given & DAEMON_DEFAULT))
        return daemon_ask_simple(arguments, "policy", NULL, NULL, result, why);
    policy_default(&policy);
    return policy_encode(&policy, result);
}

/* --- report --- */

static enum status report_command(const struct daemon_arguments *arguments, struct buf *out, struct why *why)
{
    SCOPED_JSON struct json *command = json_object();
    SCOPED_BUF struct buf text = {0};
    struct json *audit = NULL;
    json_set(command, "command", json_text("evidence"));
    if (arguments->audit) {
        enum status status = file_read(arguments->audit, AUDIT_MAX, &text);
        if (status != OK)
            return why_set(why, status, "cannot be read", "--audit file", 0);
        status = json_parse(buf_bytes(&text), AUDIT_MAX, &audit, NULL);
        if (status != OK)
            return why_set(why, status, "not JSON", "--audit file", 0);
        json_set(command, "audit", audit);
    }
    return json_canonical(command, out);
}

enum status daemon_report(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_BUF struct buf command = {0}, bundle = {0};
    const char *path = arguments->out ? arguments->out : "evidence.json";
    SCOPED_JSON struct json *answer = json_object();
    TRY(report_command(arguments, &command, why));
    TRY(daemon_ask(arguments, buf_bytes(&command), &bundle, why));
    enum status status = file_write(path, buf_bytes(&bundle), 0600);
    if (status != OK)
        return why_set(why, status, "cannot be written", "--out file", 0);
    json_set(answer, "written", json_text(path));
    json_set(answer, "bytes", json_integer((int64_t)bundle.size));
    return json_canonical(answer, result);
}
