/* The table of commands, and what they share: opening the home, asking for a passphrase. */
#include "client/command.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"

const struct command commands[] = {
    {"init", "", "Make a home: keys and an empty store",
     "With --passphrase-file the keys are sealed under a passphrase instead of a key file.", OPTIONS_HOME,
     command_init},
    {"enroll", "", "Enrol this device into a federation",
     "The token comes from the federation's operator; it serves once, for 24 hours.",
     OPTIONS_HOME | OPTION_SERVER | OPTION_TOKEN_FILE | OPTION_ACCEPT_POLICY, command_enroll},
    {"scrub", "[PATH...]", "Scrub text, JSON or JSON lines",
     "Files or standard input to standard output; folders, all that is in them, with --out DIR or --in-place. --check "
     "and "
     "--explain\nonly tell what would go, and --check ends with 3 if there is anything. --batch reads "
     "{\"id\",\"text\"} a line and "
     "writes\n{\"id\",\"text\",\"findings\"}, with offsets in code points of the input.",
     OPTION_BATCH | OPTION_POLICY | OPTION_KEY_FILE | OPTION_CHECK | OPTION_EXPLAIN | OPTION_FORMAT |
         OPTION_SHOW_VALUES | OPTION_OUT | OPTION_IN_PLACE | OPTION_TWO_PASS | OPTION_STATS,
     command_scrub},
    {"unscrub", "[FILE...]", "Put back what a scrubbing policy encrypted",
     "Files or standard input to standard output, with the --key-file that scrub was given. Ends with 4 if a value "
     "does "
     "not open.",
     OPTION_KEY_FILE, command_unscrub},
    {"share", "[PATH...]", "Share what the traces in files or folders teach",
     "Reads, scrubs, extracts, shows what would leave, queues, seals and sends. Without PATH it sends what is queued.",
     OPTIONS_HOME | OPTION_DRY_RUN | OPTION_YES | OPTION_VERBOSE, command_share},
    {"noise-words", "", "Replace each word of a text by one drawn near it (standard input to standard output)",
     "A demonstration of word-level noise: nothing of it is sent. --epsilon is the loss of each word; the loss of the "
     "whole text is\nthe sum over its words, is always told beside it, and is refused over --cap.",
     OPTION_EPSILON | OPTION_CAP, command_noise},
    {"survey", "PATH...", "Answer the federation's survey, privately",
     "One answer a device and month: a vote for the topic of most lessons in these traces, and how many there are of "
     "each\n"
     "kind, both with noise that is drawn here. Shows what stays and what leaves. Asking again sends the same answer.",
     OPTIONS_HOME | OPTION_DRY_RUN | OPTION_YES | OPTION_EPSILON, command_survey},
    {"status", "", "What is queued, sent and covered by the log; alarms",
     "Ends with 1 while the server contradicts what this device has seen of its log.", OPTIONS_HOME, command_status},
    {"pull", "", "Pull the library, verify it, and follow the log",
     "Checks signature, log inclusion, consistency with what was seen before and cosigners; cosigns; also sends what "
     "is "
     "queued.",
     OPTIONS_HOME | OPTION_ACCEPT_POLICY | OPTION_ACCEPT_LOG, command_pull},
    {"log", "", "Write the log's tiles, for anyone's tools to check",
     "Up to the checkpoint that this device verified last, as static files in the layout of C2SP tlog-tiles. Every "
     "hash is\n"
     "computed again before the checkpoint is written.",
     OPTIONS_HOME | OPTION_OUT, command_log},
    {"search", "WORDS...", "Search the library at home, offline", "", OPTIONS_HOME | OPTION_LIMIT, command_search},
    {"show", "[ID]", "Show one insight, or the whole library", "", OPTIONS_HOME, command_show},
    {"export", "", "Write the library for agents: data, not instructions", "",
     OPTIONS_HOME | OPTION_FORMAT | OPTION_OUT, command_export},
    {"erasure", "FILE", "Verify an erasure receipt",
     "Checks the federation's signature and that its log holds the erasure, by the keys pinned at home; asks no "
     "server.",
     OPTIONS_HOME, command_erasure},
    {"withdraw", "[ID...]", "Withdraw contributions of this device",
     "The next round is made without them. IDs are those that chatham status --json lists.", OPTIONS_HOME | OPTION_ALL,
     command_withdraw},
    {"renew", "", "Renew this device's certificate",
     "pull and share do it by themselves when less than 30 days are left.", OPTIONS_HOME, command_renew},
    {"device", "list | revoke ID", "The tenant's devices (for administrators)",
     "A revoked device is locked out at once and for good.", OPTIONS_HOME, command_device},
    {"token", "[list | revoke ID]", "A token for one more device of the tenant (for administrators)",
     "Roles: device (the default), administrator, auditor, reader. list shows tokens that have not expired; revoke "
     "makes "
     "an\nunused one worthless.",
     OPTIONS_HOME | OPTION_ROLE, command_token},
    {"budget", "", "What this tenant has been charged of its privacy budget",
     "As the server tells it. Checked here: the last charge is in the signed log, and none that this device has seen "
     "was\ntaken back. The statement is kept in the home, as charge.json: after a loss of the server's state it proves "
     "what had\nbeen charged.",
     OPTIONS_HOME, command_budget},
    {"trail", "", "The server's audit trail of the tenant (for administrators and auditors)", "",
     OPTIONS_HOME | OPTION_FROM, command_trail},
    {0},
};

static enum status ask(const char *prompt, struct buf *out)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    struct termios before, quiet;
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            close(terminal);
        return ERR_NOT_FOUND;
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &quiet);
    dprintf(terminal, "%s: ", prompt);
    char c;
    while (read(terminal, &c, 1) == 1 && c != '\n' && out->size < 1024)
        buf_add_byte(out, (uint8_t)c);
    dprintf(terminal, "\n");
    tcsetattr(terminal, TCSAFLUSH, &before);
    close(terminal);
    return buf_status(out);
}

enum status arguments_passphrase(const struct arguments *arguments, const char *prompt, bool wanted,
                                 struct buf *passphrase, struct why *why)
{
    buf_init_secret(passphrase);
    if (!arguments->passphrase_file) {
        if (!wanted)
            return OK;
        if (ask(prompt, passphrase) != OK)
            return why_hint(why, ERR_USAGE, "a passphrase is needed and there is no terminal", NULL,
                            "give --passphrase-file FILE");
    } else {
        enum status status = file_read(arguments->passphrase_file, 4096, passphrase);
        if (status != OK)
            return why_set(why, status, "cannot be read", "--passphrase-file", 0);
        const uint8_t *end = passphrase->size ? memchr(passphrase->data, '\n', passphrase->size) : NULL;
        if (end)
            passphrase->size = (size_t)(end - passphrase->data);
    }
    if (passphrase->size == 0)
        return why_set(why, ERR_USAGE, "the passphrase is empty", NULL, 0);
    return OK;
}

enum status arguments_home(const struct arguments *arguments, struct home *home, struct why *why)
{
    char folder[HOME_PATH_MAX];
    SCOPED_BUF struct buf passphrase = {.secret = true};
    *home = (struct home){0};
    TRY(home_path(arguments->home, folder, why));
    TRY(arguments_passphrase(arguments, "Passphrase", home_needs_passphrase(folder), &passphrase, why));
    return home_open(folder, buf_bytes(&passphrase), home, why);
}
