/* The command line: one row a command. A command gets its parsed arguments and prints; main.c turns its status into the
 * exit code and its why into one line on stderr. */
#pragma once

#include <stdio.h>

#include "client/home.h"
#include "client/prepare.h"

/* Options; each command names those it takes as a mask. */
enum client_option {
    OPTION_HOME = 1 << 0,
    OPTION_JSON = 1 << 1,
    OPTION_PASSPHRASE_FILE = 1 << 2,
    OPTION_SERVER = 1 << 3,
    OPTION_TOKEN_FILE = 1 << 4,
    OPTION_ACCEPT_POLICY = 1 << 5,
    OPTION_DRY_RUN = 1 << 6,
    OPTION_YES = 1 << 7,
    OPTION_BATCH = 1 << 8,
    OPTION_POLICY = 1 << 9,
    OPTION_LIMIT = 1 << 10,
    OPTION_FORMAT = 1 << 11,
    OPTION_OUT = 1 << 12,
    OPTION_ALL = 1 << 13,
    OPTION_VERBOSE = 1 << 14,
    OPTION_ACCEPT_LOG = 1 << 15,
    OPTION_ROLE = 1 << 16,
    OPTION_FROM = 1 << 17,
    OPTION_CHECK = 1 << 18,
    OPTION_EXPLAIN = 1 << 19,
    OPTION_SHOW_VALUES = 1 << 20,
    OPTION_IN_PLACE = 1 << 21,
    OPTION_TWO_PASS = 1 << 22,
    OPTION_STATS = 1 << 23,
    OPTION_KEY_FILE = 1 << 27,
    OPTION_EPSILON = 1 << 24,
    OPTION_CAP = 1 << 25,
};
#define OPTIONS_COMMON (OPTION_JSON)
#define OPTIONS_HOME (OPTION_HOME | OPTION_PASSPHRASE_FILE | OPTION_JSON)

struct arguments {
    unsigned given; /* options that were on the line */
    const char *home, *passphrase_file, *server, *token_file, *policy, *format, *out, *role, *key_file, *epsilon, *cap;
    long limit;
    long long from; /* 0: not given */
    int count;      /* of the words after the options */
    char **words;
};
struct command {
    const char *name;
    const char *words;   /* "PATH..." */
    const char *summary; /* one line */
    const char *help;    /* the rest of --help */
    unsigned options;
    enum status (*run)(const struct arguments *arguments, struct why *why);
};
extern const struct command commands[]; /* ends with a row whose name is NULL */

static inline bool arguments_have(const struct arguments *arguments, enum client_option option)
{
    return (arguments->given & (unsigned)option) != 0;
}
/* Open the home that the arguments name. */
MUST_USE enum status arguments_home(const struct arguments *arguments, struct home *home, struct why *why);
/* Its passphrase from --passphrase-file (first line), or asked for on a terminal when the home needs one. Secret buf.
 */
MUST_USE enum status arguments_passphrase(const struct arguments *arguments, const char *prompt, bool wanted,
                                          struct buf *passphrase, struct why *why);

/* client/command_share.c: what the traces in PATHs would contribute under a policy. */
MUST_USE enum status prepare_paths(const struct arguments *arguments, const struct home *home,
                                   const struct policy *policy, struct prepared *prepared, struct why *why);

/* Renew the certificate if it ends within 30 days; a failure is one line on stderr. */
void renew_if_due(struct home *home);

enum status command_init(const struct arguments *arguments, struct why *why);
enum status command_enroll(const struct arguments *arguments, struct why *why);
enum status command_status(const struct arguments *arguments, struct why *why);
enum status command_scrub(const struct arguments *arguments, struct why *why);
enum status command_unscrub(const struct arguments *arguments, struct why *why);
enum status command_share(const struct arguments *arguments, struct why *why);
enum status command_survey(const struct arguments *arguments, struct why *why);
enum status command_noise(const struct arguments *arguments, struct why *why);
enum status command_erasure(const struct arguments *arguments, struct why *why);
enum status command_withdraw(const struct arguments *arguments, struct why *why);
enum status command_pull(const struct arguments *arguments, struct why *why);
enum status command_log(const struct arguments *arguments, struct why *why);
enum status command_search(const struct arguments *arguments, struct why *why);
enum status command_show(const struct arguments *arguments, struct why *why);
enum status command_renew(const struct arguments *arguments, struct why *why);
enum status command_device(const struct arguments *arguments, struct why *why);
enum status command_token(const struct arguments *arguments, struct why *why);
enum status command_budget(const struct arguments *arguments, struct why *why);
enum status command_trail(const struct arguments *arguments, struct why *why);
enum status command_export(const struct arguments *arguments, struct why *why);
