/* scrub: the scrubber's face. Hides which options go together. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "client/scrub.h"
#include "client/scrub_key.h"

#define POLICY_MAX_BYTES (1u << 20)

static enum status policy_load(const char *name, struct scrub_key *key, struct redactor **redactor, struct why *why)
{
    SCOPED_BUF struct buf file = {0};
    struct bytes text = redact_policy_text(name ? name : "default");
    *redactor = NULL;
    if (text.size == 0) {
        enum status status = file_read(name, POLICY_MAX_BYTES, &file);
        if (status != OK)
            return why_hint(why, status, "no such policy", "--policy",
                            "default, strict, hipaa-safe-harbor, gdpr, tab, secrets-only, off, or a file");
        text = buf_bytes(&file);
    }
    const struct redact_pseudonyms pseudonyms = scrub_key_pseudonyms(key);
    return redactor_new(text, key->restore.size ? &pseudonyms : NULL, redactor, why);
}

/* --- options --- */

/* Options that make no sense together, or without one of `need`. */
static const struct rule {
    unsigned option, without, need;
    const char *name, *what;
} rules[] = {
    {OPTION_BATCH, OPTION_CHECK | OPTION_EXPLAIN | OPTION_OUT | OPTION_IN_PLACE | OPTION_TWO_PASS | OPTION_STATS, 0,
     "--batch", "goes with --policy and --key-file only"},
    {OPTION_OUT, OPTION_CHECK | OPTION_EXPLAIN | OPTION_IN_PLACE, 0, "--out",
     "does not go with --check, --explain or --in-place"},
    {OPTION_IN_PLACE, OPTION_CHECK | OPTION_EXPLAIN, 0, "--in-place", "does not go with --check or --explain"},
    {OPTION_FORMAT, 0, OPTION_CHECK | OPTION_EXPLAIN, "--format", "goes with --check or --explain"},
    {OPTION_SHOW_VALUES, 0, OPTION_CHECK | OPTION_EXPLAIN, "--show-values", "goes with --check or --explain"},
};

static enum status check_options(const struct arguments *arguments, struct why *why)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct rule *rule = &rules[i];
        if (arguments->given & rule->option &&
            (arguments->given & rule->without || (rule->need && !(arguments->given & rule->need))))
            return why_set(why, ERR_USAGE, rule->what, rule->name, 0);
    }
    if (arguments_have(arguments, OPTION_BATCH) && arguments->count)
        return why_set(why, ERR_USAGE, "reads standard input, no FILE", "--batch", 0);
    if (arguments->given & (OPTION_OUT | OPTION_IN_PLACE) && !arguments->count)
        return why_set(why, ERR_USAGE, "wants files or folders", "scrub", 0);
    return OK;
}

static enum status read_format(const char *name, enum scrub_format *out, struct why *why)
{
    static const char *const names[] = {"text", "json", "sarif"};
    *out = FORMAT_TEXT;
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) {
            *out = (enum scrub_format)i;
            return OK;
        }
    return name ? why_hint(why, ERR_USAGE, "no such format", "--format", "text, json or sarif") : OK;
}

/* --- running --- */

static void print_counts(const struct scrub *scrub)
{
    fprintf(stderr, "%-12s %10s %10s\n", "type", "withheld", "flagged");
    for (unsigned type = 0; type < REDACT_TYPES; type++)
        if (scrub->withheld[type] || scrub->flagged[type])
            fprintf(stderr, "%-12s %10zu %10zu\n", redact_type_name((enum redact_type)type), scrub->withheld[type],
                    scrub->flagged[type]);
}

static enum status do_standard_input(struct scrub *scrub, size_t *found, struct why *why)
{
    struct scrub_sink sink;
    scrub_sink_standard(&sink);
    if (scrub->session && scrub_learn(scrub, STDIN_FILENO) != OK)
        return why_hint(why, ERR_USAGE, "a pipe can be read only once", "--two-pass", "give a file");
    return scrub_stream(scrub, STDIN_FILENO, "-", scrub->report ? NULL : &sink, found);
}

/* A folder has no place on standard output. */
static bool any_folder(const struct arguments *arguments)
{
    struct stat facts;
    for (int i = 0; i < arguments->count; i++)
        if (stat(arguments->words[i], &facts) == 0 && S_ISDIR(facts.st_mode))
            return true;
    return false;
}

static enum status do_paths(struct scrub *scrub, const struct arguments *arguments, size_t *found, struct why *why)
{
    struct scrub_tree tree = {
        .scrub = scrub, .out = arguments->out, .in_place = arguments_have(arguments, OPTION_IN_PLACE)};
    if (!scrub->report && !tree.out && !tree.in_place && any_folder(arguments))
        return why_hint(why, ERR_USAGE, "is a folder", "FILE", "--out DIR mirrors it, --in-place replaces its files");
    tree.learning = scrub->session != NULL;
    for (int i = 0; i < arguments->count && tree.learning; i++)
        scrub_tree_walk(&tree, arguments->words[i]);
    tree.learning = false;
    for (int i = 0; i < arguments->count; i++)
        scrub_tree_walk(&tree, arguments->words[i]);
    *found = tree.found;
    return tree.status == OK ? OK : why_set(why, tree.status, "not everything was scrubbed", NULL, 0);
}

static enum status do_all(struct scrub *scrub, const struct arguments *arguments, struct why *why)
{
    size_t found = 0;
    if (scrub->report)
        TRY(scrub_report_begin(scrub->report, scrub->redactor));
    enum status status =
        arguments->count ? do_paths(scrub, arguments, &found, why) : do_standard_input(scrub, &found, why);
    if (scrub->report && status != ERR_MEMORY) {
        enum status ended = scrub_report_end(scrub->report);
        status = status == OK ? ended : status;
    }
    if (arguments_have(arguments, OPTION_STATS))
        print_counts(scrub);
    if (found && arguments_have(arguments, OPTION_CHECK)) {
        *why = (struct why){.what = "something was found that must not leave"};
        return ERR_POLICY;
    }
    return status;
}

static enum status run(const struct redactor *redactor, const struct arguments *arguments, struct why *why)
{
    struct scrub scrub = {.redactor = redactor};
    struct scrub_report report = {.explain = arguments_have(arguments, OPTION_EXPLAIN),
                                  .values = arguments_have(arguments, OPTION_SHOW_VALUES)};
    TRY(read_format(arguments->format, &report.format, why));
    if (arguments->given & (OPTION_CHECK | OPTION_EXPLAIN))
        scrub.report = &report;
    if (arguments_have(arguments, OPTION_TWO_PASS))
        TRY(redact_session_new(redactor, &scrub.session));
    enum status status = do_all(&scrub, arguments, why);
    redact_session_free(scrub.session);
    scrub_report_free(&report);
    return status;
}

enum status command_scrub(const struct arguments *arguments, struct why *why)
{
    SCOPED_SCRUB_KEY struct scrub_key key = {0};
    struct redactor *redactor = NULL;
    TRY(check_options(arguments, why));
    if (arguments->key_file)
        TRY(scrub_key_make(arguments->key_file, &key, why));
    TRY(policy_load(arguments->policy, &key, &redactor, why));
    enum status status = arguments_have(arguments, OPTION_BATCH) ? scrub_batch(redactor, STDIN_FILENO, why)
                                                                 : run(redactor, arguments, why);
    redactor_free(redactor);
    return status;
}
