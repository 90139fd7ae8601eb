/* Hides how a command line is read: the command is its longest matching name, options may stand anywhere, everything
 * unknown is an error. The children's internal arguments are read apart, before. */
#include "server/command.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/pages.h"
#include "server/process.h"

static const struct option_row {
    const char *name;
    enum daemon_option bit;
    const char *value; /* NULL: takes none */
    const char *help;
} option_rows[] = {
    {"state", DAEMON_STATE, "DIR", "the server's state folder"},
    {"json", DAEMON_JSON, NULL, "print JSON"},
    {"key-file", DAEMON_KEY_FILE, "PATH", "root key file (default: root.key in the state folder)"},
    {"passphrase-file", DAEMON_PASSPHRASE_FILE, "PATH",
     "the root key comes from the passphrase in this file (first line)"},
    {"passphrase", DAEMON_PASSPHRASE, NULL, "the root key comes from a passphrase, asked for on the terminal"},
    {"credential", DAEMON_CREDENTIAL, "NAME",
     "the root key is this credential of systemd's, in the form of a key file"},
    {"pkcs11-module", DAEMON_MODULE, "PATH", "the root key is in a token that this PKCS#11 module reaches"},
    {"pkcs11-token", DAEMON_TOKEN, "LABEL", "the token's label"},
    {"pkcs11-key", DAEMON_TOKEN_KEY, "LABEL", "the key's label, made if it is not there (default: a new one)"},
    {"pin-file", DAEMON_PIN_FILE, "PATH", "the token's PIN is in this file (first line)"},
    {"pin-credential", DAEMON_PIN_CREDENTIAL, "NAME", "the token's PIN is this credential of systemd's"},
    {"old", DAEMON_OLD, "FILE", "the present key file, or a file with the present passphrase or PIN"},
    {"name", DAEMON_NAME, "NAME", "the federation's name"},
    {"policy", DAEMON_POLICY, "FILE", "the federation's policy (see chathamd policy --default)"},
    {"host", DAEMON_HOST, "NAME",
     "DNS name or address of this server; may be repeated (default: localhost, 127.0.0.1, ::1)"},
    {"listen", DAEMON_LISTEN, "ADDR:PORT", "where to serve (default: 127.0.0.1:8443); port 0 takes a free one"},
    {"metrics", DAEMON_METRICS, "ADDR:PORT", "serve /metrics without TLS on this loopback address"},
    {"connections", DAEMON_CONNECTIONS, "N", "most connections at one time (default: 4096)"},
    {"ready-fd", DAEMON_READY_FD, "N", "write ADDR:PORT to this descriptor when ready"},
    {"gate-user", DAEMON_GATE_USER, "USER", "started as root: who the gate is (default: chatham-gate, or else nobody)"},
    {"distil-user", DAEMON_DISTIL_USER, "USER",
     "started as root: who distil is (default: chatham-distil, or else nobody)"},
    {"sandbox", DAEMON_SANDBOX, "kill|log",
     "what a system call outside its process's list does: end the process, or only be logged, to debug"},
    {"preview", DAEMON_PREVIEW, NULL, "show what would be released; publish nothing"},
    {"out", DAEMON_OUT, "FILE", "write there"},
    {"audit", DAEMON_AUDIT, "FILE", "embed these audit results (JSON of chatham-audit)"},
    {"from", DAEMON_FROM, "N", "begin with row N (default: the last page; with --out the first row)"},
    {"role", DAEMON_ROLE, "ROLE", "of the device: device (default), administrator, auditor or reader"},
    {"key-dir", DAEMON_KEY_DIR, "DIR", "the folder with the backups' key files, apart from them"},
    {"tail", DAEMON_TAIL, "DIR", "a tail of after the backup (see chathamd backup tail)"},
    {"checkpoint", DAEMON_CHECKPOINT, "FILE", "a signed checkpoint that the restored log must contain"},
    {"confirm", DAEMON_CONFIRM, "NAME", "the name of the tenant to erase"},
    {"with-erasures", DAEMON_WITH_ERASURES, NULL,
     "take withdrawals and erasures now, although what disappears may then name who left"},
    {"rounds", DAEMON_ROUNDS, "N", "so many rounds (default: 12)"},
    {"epsilon", DAEMON_EPSILON, "E", "the budget for all of them: what may one cost?"},
    {"delta", DAEMON_DELTA, "D", "the delta of all of them together (default: 1e-6)"},
    {"round-epsilon", DAEMON_ROUND_EPSILON, "E", "what one round costs: what do all of them cost?"},
    {"round-delta", DAEMON_ROUND_DELTA, "D", "its delta (default: a quarter of the whole's, shared by the rounds)"},
    {"sigma", DAEMON_SIGMA, "S", "one round adds Gaussian noise of this deviation to what a tenant changes by 1"},
    {"keys", DAEMON_KEYS, "N", "statements that each tenant says in a round (default: 1)"},
    {"default", DAEMON_DEFAULT, NULL, "the built-in policy, to start one's own from"},
};
#define OPTION_ROWS (sizeof option_rows / sizeof *option_rows)
enum { OPTION_HELP = 1000, OPTION_FIRST = 2000 }; /* getopt's codes: a row's is OPTION_FIRST + its index */

/* --- help --- */

static void print_usage(FILE *to)
{
    fprintf(
        to,
        "usage: chathamd COMMAND --state DIR [options]\n\nThe server of a federation that shares what agents learned, "
        "never what they saw.\n\n");
    for (const struct daemon_command *row = daemon_commands; row->name; row++)
        fprintf(to, "  %-15s %-9s %s\n", row->name, row->word ? row->word : "", row->summary);
    fprintf(to, "\nchathamd COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 usage, 3 refused by policy,\n"
                "4 not authorised, 5 unavailable.\n");
}

static void print_help(const struct daemon_command *command)
{
    printf("usage: chathamd %s%s%s [options]\n\n%s.\n\n", command->name, command->word ? " " : "",
           command->word ? command->word : "", command->summary);
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        char left[40];
        if (!(command->options & (uint64_t)option_rows[i].bit))
            continue;
        snprintf(left, sizeof left, "--%s %s", option_rows[i].name, option_rows[i].value ? option_rows[i].value : "");
        printf("  %-24s %s\n", left, option_rows[i].help);
    }
}

/* --- reading --- */

static enum status read_number(const char *text, unsigned long most, unsigned long *out)
{
    char *end = NULL;
    *out = strtoul(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == 0 && *out <= most ? OK : ERR_USAGE;
}

static enum status take_option(struct daemon_arguments *arguments, const struct option_row *row, const char *value)
{
    const struct {
        enum daemon_option bit;
        const char **place;
    } texts[] = {
        {DAEMON_STATE, &arguments->state},
        {DAEMON_KEY_FILE, &arguments->key_file},
        {DAEMON_NAME, &arguments->name},
        {DAEMON_PASSPHRASE_FILE, &arguments->passphrase_file},
        {DAEMON_POLICY, &arguments->policy},
        {DAEMON_LISTEN, &arguments->listen},
        {DAEMON_OUT, &arguments->out},
        {DAEMON_METRICS, &arguments->metrics},
        {DAEMON_AUDIT, &arguments->audit},
        {DAEMON_CREDENTIAL, &arguments->credential},
        {DAEMON_MODULE, &arguments->module},
        {DAEMON_TOKEN, &arguments->token},
        {DAEMON_TOKEN_KEY, &arguments->token_key},
        {DAEMON_PIN_FILE, &arguments->pin_file},
        {DAEMON_PIN_CREDENTIAL, &arguments->pin_credential},
        {DAEMON_OLD, &arguments->old},
        {DAEMON_ROLE, &arguments->role},
        {DAEMON_SANDBOX, &arguments->sandbox},
        {DAEMON_GATE_USER, &arguments->gate_user},
        {DAEMON_DISTIL_USER, &arguments->distil_user},
        {DAEMON_CONFIRM, &arguments->confirm},
        {DAEMON_KEY_DIR, &arguments->key_dir},
        {DAEMON_TAIL, &arguments->tail},
        {DAEMON_CHECKPOINT, &arguments->checkpoint},
        {DAEMON_EPSILON, &arguments->epsilon},
        {DAEMON_DELTA, &arguments->delta},
        {DAEMON_SIGMA, &arguments->sigma},
        {DAEMON_ROUND_EPSILON, &arguments->round_epsilon},
        {DAEMON_ROUND_DELTA, &arguments->round_delta},
    };
    unsigned long number = 0;
    arguments->given |= (uint64_t)row->bit;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].bit == row->bit)
            *texts[i].place = value;
    }
    if (row->bit == DAEMON_HOST) {
        if (arguments->host_count == DAEMON_HOSTS_MAX)
            return ERR_USAGE;
        arguments->hosts[arguments->host_count++] = value;
    }
    if (row->bit == DAEMON_CONNECTIONS) {
        TRY(read_number(value, 100000, &number));
        arguments->connections = (unsigned)number;
        return number > 0 ? OK : ERR_USAGE;
    }
    const struct {
        enum daemon_option bit;
        unsigned long most, *place;
    } counts[] = {
        {DAEMON_FROM, 1UL << 53, &arguments->from},
        {DAEMON_ROUNDS, 1000000, &arguments->rounds},
        {DAEMON_KEYS, 1000000, &arguments->keys},
    };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i].bit != row->bit)
            continue;
        TRY(read_number(value, counts[i].most, counts[i].place));
        return *counts[i].place > 0 ? OK : ERR_USAGE;
    }
    if (row->bit == DAEMON_READY_FD) {
        TRY(read_number(value, 1023, &number));
        arguments->ready_fd = (int)number;
        return number > 2 ? OK : ERR_USAGE;
    }
    return OK;
}

/* Is it the first word of commands of two? */
static bool is_family(const char *word)
{
    size_t length = strlen(word);
    for (const struct daemon_command *row = daemon_commands; row->name; row++) {
        if (strncmp(row->name, word, length) == 0 && row->name[length] == ' ')
            return true;
    }
    return false;
}

/* The row whose name is the first words, and how many these are. "tenant" alone names none. */
static const struct daemon_command *find_command(int count, char **words, int *used)
{
    char two[64] = "";
    if (count > 1)
        snprintf(two, sizeof two, "%s %s", words[0], words[1]);
    for (*used = 2; *used > 0; (*used)--) {
        const char *name = *used == 2 ? two : count > 0 ? words[0] : "";
        for (const struct daemon_command *row = daemon_commands; row->name; row++) {
            if (strcmp(row->name, name) == 0)
                return row;
        }
    }
    return NULL;
}

static int usage_error(const char *what)
{
    fprintf(stderr, "chathamd: %s; see chathamd --help\n", what);
    return status_exit(ERR_USAGE);
}

/* -1: go on; else the exit code. Options that the command doesn't take are errors. */
static int read_line(int argc, char **argv, struct daemon_arguments *arguments, const struct daemon_command **command)
{
    struct option options[OPTION_ROWS + 2] = {{0}};
    bool wants_help = false;
    uint64_t bits = 0;
    int code, used = 0;
    for (size_t i = 0; i < OPTION_ROWS; i++) {
        INVARIANT((bits & (uint64_t)option_rows[i].bit) == 0); /* each has its own */
        bits |= (uint64_t)option_rows[i].bit;
        options[i] = (struct option){option_rows[i].name, option_rows[i].value ? required_argument : no_argument, NULL,
                                     OPTION_FIRST + (int)i};
    }
    options[OPTION_ROWS] = (struct option){"help", no_argument, NULL, OPTION_HELP};
    opterr = 0;
    while ((code = getopt_long(argc, argv, "", options, NULL)) != -1) {
        wants_help |= code == OPTION_HELP;
        if (code != OPTION_HELP && code < OPTION_FIRST)
            return usage_error("unknown option, or one without its value");
        if (code >= OPTION_FIRST && take_option(arguments, &option_rows[code - OPTION_FIRST], optarg) != OK)
            return usage_error("an option's value makes no sense");
    }
    *command = find_command(argc - optind, argv + optind, &used);
    if (wants_help && (*command || optind == argc || is_family(argv[optind]))) {
        if (*command)
            print_help(*command);
        else
            print_usage(stdout);
        return 0;
    }
    if (!*command)
        return usage_error(optind == argc ? "a command is missing" : "no such command");
    if (arguments->given & ~(*command)->options)
        return usage_error("the command does not take one of these options");
    int words = argc - optind - used;
    if (words > ((*command)->word ? 1 : 0) || (words == 0 && (*command)->word && (*command)->word[0] != '['))
        return usage_error((*command)->word ? "the command takes one argument" : "the command takes no argument");
    arguments->word = words ? argv[optind + used] : NULL;
    if (((*command)->options & DAEMON_STATE) && !arguments->state && !(arguments->given & DAEMON_DEFAULT))
        return usage_error("--state DIR is missing");
    return -1;
}

/* --- running --- */

static void print_result(const struct daemon_command *command, const struct daemon_arguments *arguments,
                         struct buf *result)
{
    SCOPED_JSON struct json *answer = NULL;
    SCOPED_BUF struct buf page = {0};
    if (result->size == 0)
        return;
    if (arguments->given & DAEMON_JSON) {
        fwrite(result->data, 1, result->size, stdout);
        putchar('\n');
        return;
    }
    if (json_parse(buf_bytes(result), SIZE_MAX, &answer, NULL) != OK)
        return;
    if (command->show)
        command->show(answer, &page);
    else
        pages_any(answer, &page);
    fwrite(page.data, 1, page.size, stdout);
}

int daemon_main(int argc, char **argv)
{
    struct daemon_arguments arguments = {.listen = "127.0.0.1:8443", .ready_fd = -1};
    const struct daemon_command *command = NULL;
    struct why why = {0};
    SCOPED_BUF struct buf result;
    buf_init_secret(&result); /* a token may be in it */
    int code = read_line(argc, argv, &arguments, &command);
    if (code >= 0)
        return code;
    enum status status =
        command->run ? command->run(&arguments, &result, &why)
                     : daemon_ask_simple(&arguments, command->admin, command->field, arguments.word, &result, &why);
    print_result(command, &arguments, &result);
    if ((fflush(stdout) != 0 || ferror(stdout)) && status == OK)
        status = why_set(&why, ERR_IO, "standard output cannot be written", NULL, 0);
    return status == OK ? 0 : process_fail(command->name, status, &why);
}
