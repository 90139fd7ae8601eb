/* Hides how a command line is read: wrappers and assignments skipped, the last of a chain taken, values left out. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "insight/phrases.h"
#include "insight/read_json.h"

/* Programs whose first plain word is a subcommand that means something to everyone. */
static const char *const with_subcommand[] = {
    "apt",    "apt-get", "aws",       "az",        "brew", "cargo",   "conda",   "dbt",    "docker",
    "gcloud", "gh",      "git",       "go",        "helm", "kubectl", "npm",     "pip",    "pip3",
    "pnpm",   "poetry",  "systemctl", "terraform", "uv",   "yarn",    "airflow", "alembic"};
static const char *const wrappers[] = {"sudo", "time", "nohup", "env", "exec", "command"};

static bool is_one_of(const char *word, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, table[i]) == 0)
            return true;
    return false;
}
#define ONE_OF(word, table) is_one_of(word, table, sizeof(table) / sizeof *(table))

static bool is_shell_tool(const char *tool)
{
    static const char *const shells[] = {
        "Bash",     "bash",      "shell", "sh",           "run_command",      "execute_command",
        "terminal", "run_shell", "exec",  "execute_bash", "run_shell_command"};
    return ONE_OF(tool, shells);
}

/* The command line in a call's arguments: under "command" or "cmd", or the arguments themselves. */
static void command_text(const char *arguments, struct buf *out)
{
    struct view json = VIEW_NONE;
    if (view_of(bytes_str(arguments), &json, NULL) != OK || json.kind != JSON_OBJECT_START) {
        buf_add_str(out, arguments);
        return;
    }
    struct view command = view_get(json, "command");
    if (command.kind != JSON_STRING)
        command = view_get(json, "cmd");
    if (command.kind == JSON_STRING)
        view_text(command, out);
}

static bool ends_word(const char *start, const char *at)
{
    bool redirects = *at == '&' && at > start && at[-1] == '>'; /* 2>&1 */
    return strchr(";&|", *at) && !redirects;
}

/* Words of the last simple command of a chain; quotes keep words together. Returns the number of words. */
#define COMMAND_WORDS 32
static size_t cut_command(char *text, char *words[static COMMAND_WORDS])
{
    size_t count = 0;
    bool fresh = true, piped = false;
    for (char *at = text; *at;) {
        if (strchr(";&|\n", *at)) {
            piped = *at == '|' && at[1] != '|'; /* what is piped on is the dressing, not the dish */
            fresh = !piped;
            *at++ = 0;
            continue;
        }
        if (isspace((unsigned char)*at)) {
            *at++ = 0;
            continue;
        }
        char *start = at, quote = 0;
        for (; *at && (quote || (!isspace((unsigned char)*at) && !ends_word(start, at))); at++) {
            if (quote && *at == quote)
                quote = 0;
            else if (!quote && (*at == '"' || *at == '\''))
                quote = *at;
        }
        if (piped)
            continue;
        if (fresh)
            count = 0;
        fresh = false;
        if (count < COMMAND_WORDS)
            words[count++] = start;
        if (*at && isspace((unsigned char)*at))
            *at++ = 0;
    }
    return count;
}

static size_t skip_wrappers(char *words[static COMMAND_WORDS], size_t count)
{
    size_t at = 0;
    while (at < count && (ONE_OF(words[at], wrappers) || (strchr(words[at], '=') && words[at][0] != '-')))
        at++;
    return at;
}

/* A program or subcommand by its look: short, lower case, no digits but in the middle ("pip3"). */
static bool is_plain_name(const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i < size; i++)
        if (!islower((unsigned char)word[i]) && word[i] != '-' && word[i] != '_' &&
            !(isdigit((unsigned char)word[i]) && i > 0))
            return false;
    return size > 0 && size <= 20 && word[0] != '-';
}

bool action_of_call(const char *tool, const char *arguments, char out[static TOOL_MAX])
{
    static const char *const silent[] = {"think", "TodoWrite", "ExitPlanMode", "scratchpad"};
    out[0] = 0;
    if (!tool || ONE_OF(tool, silent))
        return false;
    if (!is_shell_tool(tool)) {
        snprintf(out, TOOL_MAX, "%s", tool);
        return true;
    }
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    command_text(arguments ? arguments : "", &text);
    SCOPED_MEM char *line = buf_status(&text) == OK ? mem_copy(buf_bytes(&text)) : NULL;
    if (!line)
        return false;
    char *words[COMMAND_WORDS];
    size_t count = cut_command(line, words), at = skip_wrappers(words, count);
    if (at == count)
        return false;
    const char *slash = strrchr(words[at], '/');
    const char *program = slash ? slash + 1 : words[at];
    if (!is_plain_name(program) ||
        (slash && strncmp(words[at], "/usr/", 5) != 0 && strncmp(words[at], "/bin/", 5) != 0))
        return false;
    const char *sub = NULL; /* right behind the program: after an option it could as well be that option's value */
    if (at + 1 < count && ONE_OF(program, with_subcommand) && is_plain_name(words[at + 1]))
        sub = words[at + 1];
    snprintf(out, TOOL_MAX, "$ %s%s%s", program, sub ? " " : "", sub ? sub : "");
    return true;
}

static int compare_options(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t command_options(const char *arguments, char (*out)[OPTION_MAX], size_t room)
{
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    command_text(arguments, &text);
    SCOPED_MEM char *line = buf_status(&text) == OK ? mem_copy(buf_bytes(&text)) : NULL;
    if (!line)
        return 0;
    char *words[COMMAND_WORDS];
    size_t count = cut_command(line, words), kept = 0;
    for (size_t i = 0; i < count && kept < room; i++) {
        size_t size = strcspn(words[i], "=");
        bool option = words[i][0] == '-' && size > 1 && size < OPTION_MAX;
        for (size_t k = 0; option && k < size; k++)
            option = words[i][k] == '-' || islower((unsigned char)words[i][k]);
        if (!option)
            continue;
        snprintf(out[kept], OPTION_MAX, "%.*s", (int)size, words[i]);
        bool seen = false;
        for (size_t k = 0; k < kept; k++)
            seen = seen || strcmp(out[k], out[kept]) == 0;
        kept += !seen;
    }
    qsort(out, kept, OPTION_MAX, compare_options);
    return kept;
}
