/* chatham-audit: the audits' command line. Hides how options are parsed and errors are worded. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "audits/command.h"
#include "base/secret.h"
#include "crypto/db.h"
#include "crypto/selftest.h"

/* getopt's own option struct needs an int code; the mask bit is it. */
static const struct option_row {
    const char *name;
    int argument;
    enum audit_option bit;
    const char *help;
} option_rows[] = {
    {"suite", required_argument, OPTION_SUITE, "quick|full  which attacks (quick)"},
    {"attack", required_argument, OPTION_ATTACK, "NAME  only this one"},
    {"traces", required_argument, OPTION_TRACES, "DIR  one tenant's traces; once a tenant"},
    {"manifest", required_argument, OPTION_MANIFEST, "FILE  values that were planted in the traces"},
    {"state", required_argument, OPTION_STATE, "DIR  also scan the files of this server"},
    {"k", required_argument, OPTION_K, "N  tenants that an insight needs (2)"},
    {"seed", required_argument, OPTION_SEED, "N  of everything random (1)"},
    {"policy", required_argument, OPTION_POLICY, "FILE  the federation's policy (threshold, with --k)"},
    {"public", required_argument, OPTION_PUBLIC, "DIR  public traces that adversaries may learn from"},
    {"adapters", required_argument, OPTION_ADAPTERS,
     "DIR  low-rank adapters, and adapters.json of how they were trained"},
    {"reference", required_argument, OPTION_REFERENCE, "DIR  Federation over Text's own files, audited beside"},
    {"llm", required_argument, OPTION_LLM, "URL  an OpenAI-compatible endpoint that attacks may ask"},
    {"model", required_argument, OPTION_MODEL, "NAME  of the model there"},
    {"work", required_argument, OPTION_WORK, "DIR  keep what is done, to go on after a stop"},
    {"jobs", required_argument, OPTION_JOBS, "N  processes (one a core)"},
    {"evidence", required_argument, OPTION_EVIDENCE, "FILE  the signed bundle"},
    {"run", required_argument, OPTION_RUN, "FILE  the run to report on"},
    {"shared", required_argument, OPTION_SHARED, "FILE  what chatham share --json said; once a device"},
    {"keys", required_argument, OPTION_KEYS, "HASH  of the federation's keys, as you know it from elsewhere"},
    {"out", required_argument, OPTION_OUT, "FILE  write there"},
    {"json", no_argument, OPTION_JSON, "  print JSON"},
    {"html", no_argument, OPTION_HTML, "  write a page"},
    {"fail-on", required_argument, OPTION_FAIL_ON, "leak  exit 3 when a leak was found"},
};
#define OPTION_ROWS (sizeof option_rows / sizeof *option_rows)

static void print_usage(FILE *to)
{
    fprintf(to,
            "usage: chatham-audit COMMAND [options]\n\nAttack what a federation lets out, and say what was found.\n\n");
    for (const struct audit_command *command = audit_commands; command->name; command++)
        fprintf(to, "  %-8s %s\n", command->name, command->summary);
    fprintf(to, "\nchatham-audit COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 usage, 3 leak found,\n"
                "4 not authorised, 5 unavailable.\n");
}

static void print_help(const struct audit_command *command)
{
    printf("usage: chatham-audit %s [options] %s\n\n%s.\n", command->name, command->words, command->summary);
    if (*command->help)
        printf("%s\n", command->help);
    printf("\n");
    for (size_t i = 0; i < OPTION_ROWS; i++)
        if (command->options & (unsigned)option_rows[i].bit)
            printf("  --%-9s %s\n", option_rows[i].name, option_rows[i].help);
}

static enum status set_number(const char *text, uint64_t least, uint64_t most, const char *name, uint64_t *out,
                              struct why *why)
{
    char *end = NULL;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || value < least || value > most)
        return why_set(why, ERR_USAGE, "a number out of its range", name, 0);
    *out = value;
    return OK;
}

static void set_text(struct audit_arguments *arguments, unsigned bit, const char *value)
{
    const struct {
        unsigned bit;
        const char **place;
    } places[] = {
        {OPTION_SUITE, &arguments->suite},       {OPTION_ATTACK, &arguments->attack},
        {OPTION_MANIFEST, &arguments->manifest}, {OPTION_STATE, &arguments->state},
        {OPTION_OUT, &arguments->out},           {OPTION_FAIL_ON, &arguments->fail_on},
        {OPTION_EVIDENCE, &arguments->evidence}, {OPTION_RUN, &arguments->run},
        {OPTION_KEYS, &arguments->keys},         {OPTION_REFERENCE, &arguments->reference},
        {OPTION_LLM, &arguments->llm},           {OPTION_MODEL, &arguments->model},
        {OPTION_POLICY, &arguments->policy},     {OPTION_WORK, &arguments->work},
        {OPTION_ADAPTERS, &arguments->adapters},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (places[i].bit == bit)
            *places[i].place = value;
}

static enum status add_word(const char *words[static AUDIT_TENANTS_MAX], size_t *count, const char *word,
                            const char *name, struct why *why)
{
    if (*count == AUDIT_TENANTS_MAX)
        return why_set(why, ERR_TOO_LARGE, "too many", name, 0);
    words[(*count)++] = word;
    return OK;
}

static enum status set_value(struct audit_arguments *arguments, unsigned bit, const char *value, struct why *why)
{
    uint64_t number = 0;
    arguments->given |= bit;
    if (bit == OPTION_SEED)
        return set_number(value, 0, UINT32_MAX, "--seed", &arguments->seed, why);
    if (bit == OPTION_K) {
        TRY(set_number(value, 2, 1000, "--k", &number, why));
        arguments->k = (uint32_t)number;
        return OK;
    }
    if (bit == OPTION_JOBS) {
        TRY(set_number(value, 1, 64, "--jobs", &number, why));
        arguments->jobs = (unsigned)number;
        return OK;
    }
    if (bit == OPTION_TRACES)
        return add_word(arguments->traces, &arguments->trace_count, value, "--traces", why);
    if (bit == OPTION_SHARED)
        return add_word(arguments->shared, &arguments->shared_count, value, "--shared", why);
    if (bit == OPTION_PUBLIC)
        return add_word(arguments->publics, &arguments->public_count, value, "--public", why);
    set_text(arguments, bit, value);
    return OK;
}

static enum status parse(const struct audit_command *command, int argc, char **argv, struct audit_arguments *arguments,
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
    *arguments = (struct audit_arguments){.suite = "quick", .k = 2, .seed = 1};
    for (int found; (found = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (found == '?' || found == ':')
            return why_hint(why, ERR_USAGE, "unknown option, or one without its value", NULL, "see --help");
        TRY(set_value(arguments, (unsigned)found, optarg, why));
    }
    arguments->count = argc - optind;
    arguments->words = argv + optind;
    if (arguments->count > 0 && !*command->words)
        return why_hint(why, ERR_USAGE, "a word that belongs to no option", NULL,
                        "options that take several are given once each");
    return OK;
}

static const struct audit_command *find_command(const char *name)
{
    for (const struct audit_command *command = audit_commands; command->name; command++)
        if (strcmp(command->name, name) == 0)
            return command;
    return NULL;
}

int main(int argc, char **argv)
{
    struct why why = {0};
    struct audit_arguments arguments;
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_usage(argc < 2 ? stderr : stdout);
        return argc < 2 ? 2 : 0;
    }
    const struct audit_command *command = find_command(argv[1]);
    if (!command) {
        fprintf(stderr, "chatham-audit: unknown command; chatham-audit --help lists them\n");
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
    if (fflush(stdout) != 0 && status == OK)
        status = why_set(&why, ERR_IO, "cannot write", "standard output", 0);
    if (status == OK)
        return 0;
    char line[512];
    why_print(&why, status, command->name, line, sizeof line);
    fprintf(stderr, "chatham-audit %s\n", line);
    return status_exit(status);
}
