/* Founding and serving: the two commands that make a server. */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/selftest.h"
#include "protocol/policy.h"
#include "server/command.h"
#include "server/process.h"
#include "server/process_root.h"
#include "server/supervisor.h"
#include "server/supervisor_activation.h"
#include "server/vault.h"

#define LOCKED_BYTES (256u * 1024)
#define POLICY_MAX (64u * 1024)

static enum status read_policy(const char *path, struct policy *policy, struct why *why)
{
    SCOPED_BUF struct buf text = {0}, canonical = {0}; /* a person may write it with white space and in any order */
    policy_default(policy);
    if (!path)
        return OK;
    enum status status = file_read(path, POLICY_MAX, &text);
    if (status != OK)
        return why_set(why, status, "cannot be read", "--policy file", 0);
    TRY(json_canonicalise(buf_bytes(&text), &canonical, why));
    return policy_decode(buf_bytes(&canonical), policy, why);
}

static enum status found(const struct daemon_arguments *arguments, const struct policy *policy,
                         struct root_provider *root, struct buf *result, struct why *why)
{
    static const char *const loopback[] = {"localhost", "127.0.0.1", "::1"};
    struct vault *vault = NULL;
    struct distiller distiller = distiller_embedded();
    const struct vault_options options = {
        .state = arguments->state, .root = root, .clock = clock_system(), .random = random_system()};
    const struct vault_founding founding = {.name = arguments->name,
                                            .policy = policy,
                                            .server_names = arguments->host_count ? arguments->hosts : loopback,
                                            .server_name_count = arguments->host_count ? arguments->host_count : 3};
    TRY(vault_found(&options, &founding, &vault, why));
    enum status status = house_admin(vault, &distiller, bytes_str("{\"command\":\"status\"}"), result, why);
    vault_close(vault);
    return status;
}

/* Sealing writes this file last: without it a founding was cut off, and what it left is under a key that is lost. */
static bool is_founded(const char *state)
{
    char path[4096];
    return path_join(path, sizeof path, state, "intermediate.key") == OK && file_exists(path);
}

/* The record goes before the sealing, which makes the founding real. */
static enum status found_under(const struct daemon_arguments *arguments, const struct policy *policy,
                               const struct root_place *place, struct root_provider *root, struct buf *result,
                               struct why *why)
{
    TRY(root_record_write(arguments->state, &(struct root_record){.now = *place}, why));
    return found(arguments, policy, root, result, why);
}

/* A new root key and a federation under it, or neither. */
static enum status found_locked(const struct daemon_arguments *arguments, const struct policy *policy,
                                const struct root_wish *wish, struct buf *result, struct why *why)
{
    SCOPED_ROOT struct root_provider *root = NULL;
    struct root_place place;
    if (is_founded(arguments->state))
        return why_set(why, ERR_EXISTS, "there is a federation in this state folder", NULL, 0);
    TRY(root_create(arguments->state, wish, &place, &root, why));
    enum status status = found_under(arguments, policy, &place, root, result, why);
    if (status != OK && !is_founded(arguments->state)) /* whatever failed after the sealing must not cost the key */
        root_discard(arguments->state, &place);
    return status;
}

enum status daemon_init(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct policy policy;
    struct root_wish wish;
    int lock = -1;
    if (!arguments->name)
        return why_set(why, ERR_USAGE, "--name NAME is missing", NULL, 0);
    TRY(daemon_root_wish(arguments, &wish, why));
    TRY(read_policy(arguments->policy, &policy, why));
    TRY(secret_start(LOCKED_BYTES, why));
    TRY(crypto_selftest(why));
    enum status status = folder_create(arguments->state, 0700);
    if (status != OK)
        return why_set(why, status, "cannot be made", "state folder", 0);
    TRY(process_user_enter(arguments->state, why));
    status = state_lock(arguments->state, &lock, why);
    if (status == OK)
        status = found_locked(arguments, &policy, &wish, result, why);
    if (lock >= 0)
        close(lock);
    process_user_leave();
    return status;
}

/* The first descriptor that neither the service manager nor --ready-fd accounts for. */
static int first_unused(const struct activation *activation, int ready_fd)
{
    int handed = PROCESS_FD + activation->count;
    return ready_fd >= handed ? ready_fd + 1 : handed;
}

static enum status check_handed(const struct daemon_arguments *arguments, const struct activation *activation,
                                struct why *why)
{
    if (activation->listener >= 0 && (arguments->given & DAEMON_LISTEN))
        return why_set(why, ERR_USAGE, "the service manager hands over this socket already", "--listen", 0);
    if (activation->metrics >= 0 && (arguments->given & DAEMON_METRICS))
        return why_set(why, ERR_USAGE, "the service manager hands over this socket already", "--metrics", 0);
    return OK;
}

/* A server works in "/", so a path must not hang on where it was started. One that leads nowhere stays as it is:
 * whoever opens it says so. */
struct serve_paths {
    char state[PATH_MAX], key_file[PATH_MAX], passphrase_file[PATH_MAX], pin_file[PATH_MAX];
};

static const char *resolve(const char *path, char out[static PATH_MAX])
{
    return path && realpath(path, out) ? out : path;
}

/* The user of a process: the one that is named, or else the first of ours that there is. */
static enum status choose_user(const char *named, const char *ours, const struct process_user *owner,
                               struct process_user *out, struct why *why)
{
    *out = (struct process_user){0};
    if (geteuid() != 0)
        return named ? why_set(why, ERR_USAGE, "only root can give processes users of their own", NULL, 0) : OK;
    if (named && process_user_find(named, out) != OK)
        return why_set(why, ERR_NOT_FOUND, "no such user", "--gate-user, --distil-user", 0);
    if (!named && process_user_find(ours, out) != OK && process_user_find("nobody", out) != OK)
        return why_hint(why, ERR_NOT_FOUND, "there is no user for the gate and distil", NULL,
                        "name them with --gate-user and --distil-user");
    if (out->user == 0 || (owner->is_set && out->user == owner->user))
        return why_set(why, ERR_USAGE, "must be neither root nor the state folder's owner",
                       "--gate-user, --distil-user", 0);
    return OK;
}

static enum status choose_users(const struct daemon_arguments *arguments, struct supervisor_options *options,
                                struct why *why)
{
    struct process_user owner;
    process_user_owning(options->state, &owner);
    TRY(choose_user(arguments->gate_user, "chatham-gate", &owner, &options->gate_user, why));
    TRY(choose_user(arguments->distil_user, "chatham-distil", &owner, &options->distil_user, why));
    return process_user_take(&owner, why);
}

enum status daemon_serve(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct activation activation;
    struct serve_paths paths;
    struct supervisor_options options = {.state = resolve(arguments->state, paths.state),
                                         .activation = &activation,
                                         .listen = arguments->listen,
                                         .metrics = arguments->metrics,
                                         .key_file = resolve(arguments->key_file, paths.key_file),
                                         .passphrase_file = resolve(arguments->passphrase_file, paths.passphrase_file),
                                         .pin_file = resolve(arguments->pin_file, paths.pin_file),
                                         .connections = arguments->connections,
                                         .ready_fd = arguments->ready_fd};
    int child_exit = 0;
    (void)result;
    TRY(activation_take(&activation, why));
    TRY(check_handed(arguments, &activation, why));
    if (arguments->sandbox && sandbox_parse(arguments->sandbox, &options.sandbox) != OK)
        return why_set(why, ERR_USAGE, "is kill or log", "--sandbox", 0);
    TRY(choose_users(arguments, &options, why));
    TRY(process_begin(ROLE_SUPERVISOR, first_unused(&activation, arguments->ready_fd), why));
    enum status status = supervisor_run(&options, &child_exit, why);
    if (child_exit >= 128)
        return why_set(why, status, "one of its processes was killed at the start", NULL, 0);
    if (child_exit != 0)
        exit(child_exit); /* the child has said why */
    return status;
}
