/* chatham: the client's command line. Hides how options are parsed and errors are worded. */
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/secret.h"
#include "client/command.h"
#include "crypto/db.h"
#include "crypto/selftest.h"

/* getopt's own option struct needs an int code; the mask bit is it. */
static const struct option_row {
    const char *name;
    int argument;
    enum client_option bit;
    const char *value; /* NULL: takes none */
    const char *help;
} option_rows[] = {
    {"home", required_argument, OPTION_HOME, "DIR", "the client's folder"},
    {"json", no_argument, OPTION_JSON, NULL, "print JSON"},
    {"passphrase-file", required_argument, OPTION_PASSPHRASE_FILE, "FILE",
     "passphrase of the home's keys (first line)"},
    {"server", required_argument, OPTION_SERVER, "URL", "the federation, https://host:port"},
    {"token-file", required_argument, OPTION_TOKEN_FILE, "FILE", "enrolment token; - reads standard input"},
    {"accept-policy", no_argument, OPTION_ACCEPT_POLICY, NULL, "take a policy that is laxer than yours"},
    {"accept-log", no_argument, OPTION_ACCEPT_LOG, NULL, "take the server's log as it is, whatever was seen before"},
    {"dry-run", no_argument, OPTION_DRY_RUN, NULL, "show what would leave, send nothing"},
    {"yes", no_argument, OPTION_YES, NULL, "do not ask before sending"},
    {"batch", no_argument, OPTION_BATCH, NULL, "JSON lines {\"id\",\"text\"} from standard input, findings out"},
    {"policy", required_argument, OPTION_POLICY, "NAME|FILE",
     "scrubbing policy: default, strict, hipaa-safe-harbor, gdpr, tab, secrets-only or a file"},
    {"key-file", required_argument, OPTION_KEY_FILE, "FILE",
     "key of a policy's hash, shift, surrogate and encrypt; scrub makes it"},
    {"epsilon", required_argument, OPTION_EPSILON, "E",
     "privacy loss of an answer (default: the most that the policy allows), or of a word"},
    {"cap", required_argument, OPTION_CAP, "E", "the most that the whole may cost"},
    {"limit", required_argument, OPTION_LIMIT, "N", "at most so many"},
    {"format", required_argument, OPTION_FORMAT, "NAME",
     "fot-json, fot-md or insights-md; of scrub's report: text, json or sarif"},
    {"out", required_argument, OPTION_OUT, "PATH", "write there instead of standard output (scrub, log: a folder)"},
    {"all", no_argument, OPTION_ALL, NULL, "everything this device has sent"},
    {"role", required_argument, OPTION_ROLE, "ROLE", "of the device that the token is for"},
    {"from", required_argument, OPTION_FROM, "N", "begin with row N instead of the last page"},
    {"check", no_argument, OPTION_CHECK, NULL, "only tell where something is: file:line:column, type and rule"},
    {"explain", no_argument, OPTION_EXPLAIN, NULL, "only tell why: score and threshold, evidence, source of the rule"},
    {"show-values", no_argument, OPTION_SHOW_VALUES, NULL, "what was found, in the clear, in such a report"},
    {"in-place", no_argument, OPTION_IN_PLACE, NULL, "replace the files, each at once and whole"},
    {"two-pass", no_argument, OPTION_TWO_PASS, NULL,
     "read all before anything is written: what the end tells goes from the beginning too"},
    {"stats", no_argument, OPTION_STATS, NULL, "a table of what was found by type, on standard error"},
    {"verbose", no_argument, OPTION_VERBOSE, NULL, "more detail"},
};
#define OPTION_ROWS (sizeof option_rows / sizeof *option_rows)
enum { OPTION_HELP = 1 << 28 };

static void print_usage(FILE *to)
{
    fprintf(to, "usage: chatham COMMAND [options]\n\nShare what your agents learned, never what they saw.\n\n");
    for (const struct command *command = commands; command->name; command++)
        fprintf(to, "  %-9s %s\n", command->name, command->summary);
    fprintf(to, "\nchatham COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 usage, 3 refused by policy,\n"
                "4 not authorised, 5 unavailable.\n");
}

static void print_help(const struct command *command)
{
    printf("usage: chatham %s [options]%s%s\n\n%s.\n", command->name, *command->words ? " " : "", command->words,
           command->summary);
    if (*command->help)
        printf("%s\n", command->help);
    printf("\n");
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        char left[40];
        if (!(command->options & (unsigned)option_rows[i].bit))
            continue;
        snprintf(left, sizeof left, "--%s %s", option_rows[i].name, option_rows[i].value ? option_rows[i].value : "");
        printf("  %-24s %s\n", left, option_rows[i].help);
    }
}

static void set_value(struct arguments *arguments, unsigned bit, const char *value)
{
    arguments->given |= bit;
    const struct {
        unsigned bit;
        const char **place;
    } places[] = {
        {OPTION_HOME, &arguments->home},     {OPTION_PASSPHRASE_FILE, &arguments->passphrase_file},
        {OPTION_SERVER, &arguments->server}, {OPTION_TOKEN_FILE, &arguments->token_file},
        {OPTION_POLICY, &arguments->policy}, {OPTION_FORMAT, &arguments->format},
        {OPTION_OUT, &arguments->out},       {OPTION_KEY_FILE, &arguments->key_file},
        {OPTION_ROLE, &arguments->role},     {OPTION_EPSILON, &arguments->epsilon},
        {OPTION_CAP, &arguments->cap},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].bit == bit)
            *places[i].place = value;
}

static enum status parse(const struct command *command, int argc, char **argv, struct arguments *arguments,
                         struct why *why)
{
    struct option options[OPTION_ROWS + 2] = {0};
    size_t count = 0;
    for (size_t i = 0; i < OPTION_ROWS; i++)
        if (command->options & (unsigned)option_rows[i].bit)
            options[count++] =
                (struct option){option_rows[i].name, option_rows[i].argument, NULL, (int)option_rows[i].bit};
    options[count] = (struct option){"help", no_argument, NULL, OPTION_HELP};
    opterr = 0;
    *arguments = (struct arguments){.limit = 10};
    for (int found; (found = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (found == '?' || found == ':')
            return why_hint(why, ERR_USAGE, "unknown option, or one without its value", NULL, "see --help");
        set_value(arguments, (unsigned)found, optarg);
        if (found == OPTION_FROM) {
            char *end = NULL;
            arguments->from = strtoll(optarg, &end, 10);
            if (*end || arguments->from < 1 || arguments->from > 1LL << 52)
                return why_set(why, ERR_USAGE, "wants a row's number", "--from", 0);
        }
        if (found == OPTION_LIMIT) {
            char *end = NULL;
            arguments->limit = strtol(optarg, &end, 10);
            if (*end || arguments->limit < 1 || arguments->limit > 1000)
                return why_set(why, ERR_USAGE, "wants a number from 1 to 1000", "--limit", 0);
        }
    }
    arguments->count = argc - optind;
    arguments->words = argv + optind;
    return OK;
}

static const struct command *find_command(const char *name)
{
    for (const struct command *command = commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

static int fail(const char *doing, enum status status, const struct why *why)
{
    char line[512];
    why_print(why, status, doing, line, sizeof line);
    fprintf(stderr, "chatham %s\n", line);
    return status_exit(status);
}

int main(int argc, char **argv)
{
    struct why why = {0};
    struct arguments arguments;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    const struct command *command = find_command(argv[1]);
    if (!command) {
        fprintf(stderr, "chatham: unknown command; chatham --help lists them\n");
        return 2;
    }
    enum status status = parse(command, argc - 1, argv + 1, &arguments, &why);
    if (status == OK && (arguments.given & OPTION_HELP)) {
        print_help(command);
        return 0;
    }
    if (status == OK)
        status = secret_start(1u << 20, &why);
    if (status == OK)
        status = crypto_selftest(&why);
    if (status == OK)
        status = db_version_check(&why);
    if (status == OK)
        status = command->run(&arguments, &why);
    if ((fflush(stdout) != 0 || ferror(stdout)) && (status == OK || status == ERR_IO))
        status = why_set(&why, ERR_IO, "cannot write", "standard output", 0);
    return status == OK ? 0 : fail(command->name, status, &why);
}
