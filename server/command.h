/* chathamd's command line: one row a command, one row an option. */
#pragma once

#include "base/bytes.h"
#include "base/json.h"

enum daemon_option {
    DAEMON_STATE = 1 << 0,
    DAEMON_JSON = 1 << 1,
    DAEMON_KEY_FILE = 1 << 2,
    DAEMON_PASSPHRASE_FILE = 1 << 3,
    DAEMON_PASSPHRASE = 1 << 4,
    DAEMON_NAME = 1 << 5,
    DAEMON_POLICY = 1 << 6,
    DAEMON_HOST = 1 << 7,
    DAEMON_LISTEN = 1 << 8,
    DAEMON_METRICS = 1 << 9,
    DAEMON_CONNECTIONS = 1 << 10,
    DAEMON_READY_FD = 1 << 11,
    DAEMON_PREVIEW = 1 << 12,
    DAEMON_OUT = 1 << 13,
    DAEMON_AUDIT = 1 << 14,
    DAEMON_DEFAULT = 1 << 15,
    DAEMON_CREDENTIAL = 1 << 16,
    DAEMON_MODULE = 1 << 17,
    DAEMON_TOKEN = 1 << 18,
    DAEMON_TOKEN_KEY = 1 << 19,
    DAEMON_PIN_FILE = 1 << 20,
    DAEMON_PIN_CREDENTIAL = 1 << 21,
    DAEMON_OLD = 1 << 22,
    DAEMON_FROM = 1 << 23,
    DAEMON_ROLE = 1 << 24,
    DAEMON_SANDBOX = 1 << 25,
    DAEMON_GATE_USER = 1 << 26,
    DAEMON_DISTIL_USER = 1 << 27,
    DAEMON_CONFIRM = 1 << 28,
    DAEMON_WITH_ERASURES = 1 << 29,
    DAEMON_KEY_DIR = 1 << 30,
    DAEMON_TAIL = INT64_C(1) << 31,
    DAEMON_CHECKPOINT = INT64_C(1) << 32,
    DAEMON_ROUNDS = INT64_C(1) << 33,
    DAEMON_EPSILON = INT64_C(1) << 34,
    DAEMON_DELTA = INT64_C(1) << 35,
    DAEMON_SIGMA = INT64_C(1) << 36,
    DAEMON_ROUND_EPSILON = INT64_C(1) << 37,
    DAEMON_ROUND_DELTA = INT64_C(1) << 38,
    DAEMON_KEYS = INT64_C(1) << 39,
};
/* To open what is there, and to make a new root key. */
#define DAEMON_OPTIONS_KEY (DAEMON_STATE | DAEMON_JSON | DAEMON_KEY_FILE | DAEMON_PASSPHRASE_FILE | DAEMON_PIN_FILE)
#define DAEMON_OPTIONS_NEW_KEY                                                                                         \
    (DAEMON_OPTIONS_KEY | DAEMON_PASSPHRASE | DAEMON_CREDENTIAL | DAEMON_MODULE | DAEMON_TOKEN | DAEMON_TOKEN_KEY |    \
     DAEMON_PIN_CREDENTIAL)

/* What a plan is made of. */
#define DAEMON_OPTIONS_PLAN                                                                                            \
    (DAEMON_JSON | DAEMON_ROUNDS | DAEMON_EPSILON | DAEMON_DELTA | DAEMON_SIGMA | DAEMON_ROUND_EPSILON |               \
     DAEMON_ROUND_DELTA | DAEMON_KEYS)

#define DAEMON_HOSTS_MAX 16
struct daemon_arguments {
    uint64_t given; /* options that were on the line */
    const char *state, *key_file, *passphrase_file, *name, *policy, *listen, *metrics, *out, *audit, *role, *confirm,
        *key_dir, *tail, *checkpoint;
    const char *credential, *module, *token, *token_key, *pin_file, *pin_credential, *old;
    const char *sandbox, *gate_user, *distil_user;
    const char *hosts[DAEMON_HOSTS_MAX];
    size_t host_count;
    unsigned connections;
    int ready_fd;
    unsigned long from; /* 0: not given */
    const char *epsilon, *delta, *sigma, *round_epsilon, *round_delta;
    unsigned long rounds, keys; /* 0: not given */
    const char *word;           /* the command's own argument, or NULL */
};

struct daemon_command {
    const char *name; /* "tenant add" */
    const char *word; /* "NAME", "[NAME]": may be left out; NULL: takes none */
    const char *summary;
    uint64_t options;
    const char *admin; /* the vault's command behind it, or NULL */
    const char *field; /* in which the word goes along */
    /* Does it, with its answer as JSON text in *result. NULL: asks the vault. */
    enum status (*run)(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
    /* The answer for people. NULL: names and values. */
    void (*show)(const struct json *answer, struct buf *out);
};
extern const struct daemon_command daemon_commands[]; /* ends with a row without name */

/* The whole program; returns the exit code. */
int daemon_main(int argc, char **argv);

/* command_admin.c: a command to the vault: over S/control to a running server, else by running the vault once under
 * S/lock. */
MUST_USE enum status daemon_ask(const struct daemon_arguments *arguments, struct bytes command, struct buf *result,
                                struct why *why);
/* The same under a root key that is open already; NULL: it is opened if it is needed. */
struct root_provider;
MUST_USE enum status daemon_ask_under(const struct daemon_arguments *arguments, struct root_provider *root,
                                      struct bytes command, struct buf *result, struct why *why);
/* {"command":name} with, if word is not NULL, "field":word, and the role if one was given. */
MUST_USE enum status daemon_ask_simple(const struct daemon_arguments *arguments, const char *name, const char *field,
                                       const char *word, struct buf *result, struct why *why);

/* command_root.c: the root key that the options ask for. ERR_USAGE unless they ask for one. */
struct root_wish;
MUST_USE enum status daemon_root_wish(const struct daemon_arguments *arguments, struct root_wish *out, struct why *why);

/* The commands that are more than a question to the vault. */
enum status daemon_init(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_serve(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_round(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_policy(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_report(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_trail(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
/* command_budget.c */
enum status daemon_budget_replay(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_budget_plan(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
/* command_backup.c */
enum status daemon_backup(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_backup_tail(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_backup_verify(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_restore(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
/* command_erase.c */
enum status daemon_erase(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
/* command_log.c */
enum status daemon_log_export(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_log_verify(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_root_change(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
enum status daemon_root_rotate(const struct daemon_arguments *arguments, struct buf *result, struct why *why);
