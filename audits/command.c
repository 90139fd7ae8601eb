/* The commands of chatham-audit that make a file of files: report, verify, compare. */
#include "audits/command.h"

#include <stdio.h>

#include "audits/compare.h"
#include "audits/report/report.h"
#include "base/encode.h"
#include "base/file.h"

#define RUN_FILE_MAX (16u << 20)
#define EVIDENCE_FILE_MAX (128u << 20)

const struct audit_command audit_commands[] = {
    {"list", "", "The attacks by family, and what each claims",
     "What is attacked, by whom, how it is measured and what a pass is, before anything is run. With --attack all "
     "that\n"
     "its claims say.",
     OPTION_JSON | OPTION_ATTACK, command_list},
    {"run", "", "Attack what a federation of these tenants' traces lets out",
     "Each --traces DIR is one tenant; without any, tests/samples of the source tree. --manifest names values that "
     "were\n"
     "planted in the traces, or are known to be personal. --state adds the files of a server that is not running,\n"
     "--reference a folder of Federation over Text's own files, --llm an\n"
     "OpenAI-compatible endpoint that attacks may ask. Each --public DIR is a folder of traces of nobody here, for\n"
     "adversaries that know nothing of the federation's own; --adapters one of low-rank adapters, with adapters.json. "
     "--policy is the federation's policy (default: threshold, "
     "--k).\n"
     "--work keeps what is done, so that the same command goes on after a stop.\n"
     "Exit 3 with --fail-on leak when a leak was found, or when a control failed and the suite is void.",
     OPTION_SUITE | OPTION_TRACES | OPTION_MANIFEST | OPTION_STATE | OPTION_K | OPTION_SEED | OPTION_OUT | OPTION_JSON |
         OPTION_FAIL_ON | OPTION_ATTACK | OPTION_REFERENCE | OPTION_LLM | OPTION_MODEL | OPTION_POLICY | OPTION_WORK |
         OPTION_JOBS | OPTION_PUBLIC | OPTION_ADAPTERS,
     command_run},
    {"report", "", "One HTML page of signed evidence and a run",
     "With --shared also what the scrubber replaced on devices, type by type; with --json the same content as JSON.",
     OPTION_EVIDENCE | OPTION_RUN | OPTION_SHARED | OPTION_OUT | OPTION_JSON, command_report},
    {"verify", "EVIDENCE", "Check a bundle of evidence offline",
     "With --keys a bundle of any other federation is refused (exit 4); a member's chatham status prints the hash.",
     OPTION_KEYS, command_verify},
    {"compare", "BEFORE AFTER", "Two runs, or two policies, side by side",
     "Files that chatham-audit run --out wrote; or two policy files, of which it says whether the second is laxer.",
     OPTION_OUT | OPTION_JSON | OPTION_HTML, command_compare},
    {0},
};

static enum status write_out(const struct audit_arguments *arguments, struct buf *text, struct why *why)
{
    TRY(buf_status(text));
    if (!arguments->out)
        return fwrite(text->data, 1, text->size, stdout) == text->size ? OK : ERR_IO;
    enum status status = file_write(arguments->out, buf_bytes(text), 0644);
    return status == OK ? OK : why_set(why, status, "cannot be written", "--out", 0);
}

static enum status read_word(const char *path, size_t most, const char *where, struct buf *out, struct why *why)
{
    enum status status = file_read(path, most, out);
    return status == OK ? OK : why_set(why, status, "cannot be read", where, 0);
}

enum status command_report(const struct audit_arguments *arguments, struct why *why)
{
    SCOPED_BUF struct buf evidence = {0}, run = {0}, page = {0};
    struct scrubbed scrubbed = {0};
    if (!arguments->evidence)
        return why_hint(why, ERR_USAGE, "which evidence?", "--evidence", "chathamd report writes it");
    TRY(read_word(arguments->evidence, EVIDENCE_FILE_MAX, "--evidence", &evidence, why));
    if (arguments->run)
        TRY(read_word(arguments->run, RUN_FILE_MAX, "--run", &run, why));
    for (size_t i = 0; i < arguments->shared_count; i++) {
        SCOPED_BUF struct buf share = {0};
        TRY(read_word(arguments->shared[i], SCRUBBED_FILE_MAX, "--shared", &share, why));
        TRY(scrubbed_add(buf_bytes(&share), &scrubbed, why));
    }
    bool json = arguments->given & OPTION_JSON;
    TRY((json ? report_json : report_render)(buf_bytes(&evidence), buf_bytes(&run), &scrubbed, &page, why));
    return write_out(arguments, &page, why);
}

enum status command_verify(const struct audit_arguments *arguments, struct why *why)
{
    SCOPED_BUF struct buf evidence = {0}, summary = {0};
    if (arguments->count != 1)
        return why_set(why, ERR_USAGE, "wants one bundle", "EVIDENCE", 0);
    uint8_t keys[HASH_BYTES];
    if (arguments->keys && decode_hex_fixed(bytes_str(arguments->keys), keys, sizeof keys) != OK)
        return why_set(why, ERR_USAGE, "wants 64 hexadecimal digits", "--keys", 0);
    TRY(read_word(arguments->words[0], EVIDENCE_FILE_MAX, "EVIDENCE", &evidence, why));
    enum status status = arguments->keys ? report_verify_expected(buf_bytes(&evidence), keys, &summary, why)
                                         : report_verify(buf_bytes(&evidence), &summary, why);
    fputs(buf_text(&summary), stdout);
    return status;
}

enum status command_compare(const struct audit_arguments *arguments, struct why *why)
{
    SCOPED_BUF struct buf before = {0}, after = {0}, text = {0};
    if (arguments->count != 2)
        return why_set(why, ERR_USAGE, "wants two runs", "BEFORE AFTER", 0);
    TRY(read_word(arguments->words[0], RUN_FILE_MAX, "BEFORE", &before, why));
    TRY(read_word(arguments->words[1], RUN_FILE_MAX, "AFTER", &after, why));
    enum compare_form form = arguments->given & OPTION_HTML   ? COMPARE_HTML
                             : arguments->given & OPTION_JSON ? COMPARE_JSON
                                                              : COMPARE_TEXT;
    TRY(compare_files(buf_bytes(&before), buf_bytes(&after), form, &text, why));
    return write_out(arguments, &text, why);
}
