/* Hides the English of tool names: verbs and their -ing forms, articles, the names that common agent tools have. */
#include <ctype.h>
#include <stdio.h>

#include "insight/phrases.h"

static const struct {
    const char *tool, *act, *doing;
    bool changes;
} known_tools[] = {
    {"Read", "read the file", "reading a file", false},
    {"Edit", "edit the file", "editing a file", true},
    {"MultiEdit", "edit the file", "editing a file", true},
    {"Write", "write the file", "writing a file", true},
    {"NotebookEdit", "edit the notebook", "editing a notebook", true},
    {"Grep", "search the files", "searching the files", false},
    {"Glob", "list matching files", "listing matching files", false},
    {"LS", "list the folder", "listing a folder", false},
    {"WebFetch", "fetch the page", "fetching a page", false},
    {"WebSearch", "search the web", "searching the web", false},
    {"Task", "start a helper agent", "starting a helper agent", false},
    {"calculate", "recompute the amounts", "calculating", false},
};

static const struct {
    const char *verb, *act, *doing; /* NULL: the verb itself; its regular form */
    bool changes;
} verbs[] = {
    {"add", NULL, NULL, true},
    {"apply", NULL, NULL, true},
    {"approve", NULL, NULL, true},
    {"assign", NULL, NULL, true},
    {"backfill", NULL, NULL, true},
    {"book", NULL, NULL, true},
    {"build", NULL, NULL, true},
    {"calculate", NULL, NULL, false},
    {"cancel", NULL, "cancelling", true},
    {"change", NULL, NULL, true},
    {"charge", NULL, NULL, true},
    {"check", NULL, NULL, false},
    {"close", NULL, NULL, true},
    {"compare", NULL, NULL, false},
    {"compute", NULL, NULL, false},
    {"count", NULL, NULL, false},
    {"create", NULL, NULL, true},
    {"delete", NULL, NULL, true},
    {"deploy", NULL, NULL, true},
    {"describe", NULL, NULL, false},
    {"drop", NULL, "dropping", true},
    {"edit", NULL, NULL, true},
    {"escalate", NULL, NULL, true},
    {"exchange", NULL, NULL, true},
    {"execute", NULL, NULL, true},
    {"export", NULL, NULL, true},
    {"fetch", NULL, NULL, false},
    {"find", NULL, NULL, false},
    {"get", NULL, "getting", false},
    {"import", NULL, NULL, true},
    {"insert", NULL, NULL, true},
    {"inspect", NULL, NULL, false},
    {"issue", NULL, NULL, true},
    {"list", NULL, NULL, false},
    {"load", NULL, NULL, true},
    {"lookup", "look up", "looking up", false},
    {"merge", NULL, NULL, true},
    {"modify", NULL, NULL, true},
    {"move", NULL, NULL, true},
    {"notify", NULL, NULL, true},
    {"open", NULL, NULL, true},
    {"pay", NULL, NULL, true},
    {"post", NULL, NULL, true},
    {"preview", NULL, NULL, false},
    {"publish", NULL, NULL, true},
    {"push", NULL, NULL, true},
    {"put", NULL, "putting", true},
    {"query", NULL, NULL, false},
    {"read", NULL, NULL, false},
    {"refund", NULL, NULL, true},
    {"remove", NULL, NULL, true},
    {"rename", NULL, NULL, true},
    {"reopen", NULL, NULL, true},
    {"replace", NULL, NULL, true},
    {"reset", NULL, "resetting", true},
    {"restart", NULL, NULL, true},
    {"restore", NULL, NULL, true},
    {"retrieve", NULL, NULL, false},
    {"return", NULL, NULL, true},
    {"revert", NULL, NULL, true},
    {"rollback", "roll back", "rolling back", true},
    {"run", NULL, "running", true},
    {"save", NULL, NULL, true},
    {"scale", NULL, NULL, true},
    {"schedule", NULL, NULL, true},
    {"search", "search for", "searching for", false},
    {"select", NULL, NULL, false},
    {"send", NULL, NULL, true},
    {"set", NULL, "setting", true},
    {"show", NULL, NULL, false},
    {"start", NULL, NULL, true},
    {"stop", NULL, "stopping", true},
    {"submit", NULL, "submitting", true},
    {"suspend", NULL, NULL, true},
    {"sync", NULL, NULL, true},
    {"test", NULL, NULL, false},
    {"transfer", NULL, "transferring", false},
    {"update", NULL, NULL, true},
    {"upgrade", NULL, NULL, true},
    {"upload", NULL, NULL, true},
    {"validate", NULL, NULL, false},
    {"verify", NULL, NULL, false},
    {"write", NULL, NULL, true},
    {"downgrade", NULL, NULL, true},
    {"ship", NULL, "shipping", true},
    {"profile", NULL, NULL, false},
    {"view", NULL, NULL, false},
};

bool action_is_shell(const char *action)
{
    return action[0] == '$';
}

/* Lower-case words of a name in snake, kebab or camel case; words with digits are left out. */
static void split_name(const char *name, char out[static TOOL_MAX])
{
    const char *tail = strrchr(name, '.');
    name = tail && tail[1] ? tail + 1 : name;
    while (strncmp(name, "mcp__", 5) == 0 && strstr(name + 5, "__")) /* mcp__SERVER__TOOL */
        name = strstr(name + 5, "__") + 2;
    size_t size = 0;
    bool lower = false;
    for (; *name && size + 2 < TOOL_MAX; name++) {
        if (isupper((unsigned char)*name) && lower)
            out[size++] = ' ';
        if (isalpha((unsigned char)*name))
            out[size++] = (char)tolower((unsigned char)*name);
        else if (size > 0 && out[size - 1] != ' ')
            out[size++] = ' ';
        lower = islower((unsigned char)*name) != 0;
    }
    while (size > 0 && out[size - 1] == ' ')
        size--;
    out[size] = 0;
}

static int find_verb(const char *word, size_t size)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strlen(verbs[i].verb) == size && memcmp(verbs[i].verb, word, size) == 0)
            return (int)i;
    return -1;
}

static int find_tool(const char *action)
{
    for (size_t i = 0; i < sizeof known_tools / sizeof *known_tools; i++)
        if (strcmp(known_tools[i].tool, action) == 0)
            return (int)i;
    return -1;
}

/* Plural, uncountable, or already led in by another word. */
static bool wants_article(const char *object)
{
    static const char *const led[] = {"all ", "to ", "by ", "for ", "my ", "up ", "from ", "out ", "with "};
    static const char *const mass[] = {"baggage", "insurance", "info",    "information", "inventory", "history",
                                       "data",    "access",    "weather", "metadata",    "memory",    "code",
                                       "usage",   "time",      "sql",     "feedback",    "stock"};
    size_t size = strlen(object);
    if (size == 0 || object[size - 1] == 's')
        return false;
    for (size_t i = 0; i < sizeof led / sizeof *led; i++)
        if (strncmp(object, led[i], strlen(led[i])) == 0)
            return false;
    for (size_t i = 0; i < sizeof mass / sizeof *mass; i++)
        if (size >= strlen(mass[i]) && strcmp(object + size - strlen(mass[i]), mass[i]) == 0)
            return false;
    return true;
}

/* What the verb brings about or looks for is new to the reader; all else was there before. */
static bool object_is_new(const char *verb)
{
    static const char *const making[] = {"add",  "book",   "create", "insert", "issue",  "open",
                                         "post", "search", "send",   "start",  "submit", "write"};
    for (size_t i = 0; i < sizeof making / sizeof *making; i++)
        if (strcmp(verb, making[i]) == 0)
            return true;
    return false;
}

static void add_object(char *out, size_t size, const char *object, bool known)
{
    if (*object == 0)
        return;
    const char *article = known ? "the " : strchr("aeio", *object) ? "an " : "a ";
    snprintf(out + size, PHRASE_MAX - size, " %s%s", wants_article(object) ? article : "", object);
}

/* "create" → "creating", "tie" and "see" don't occur. */
static void regular_doing(const char *verb, char out[static 24])
{
    size_t size = strlen(verb);
    bool drops = size > 2 && verb[size - 1] == 'e';
    snprintf(out, 24, "%.*sing", (int)(size - drops), verb);
}

enum form { FORM_DO, FORM_STEP, FORM_DOING };

static void render_action(const char *action, enum form form, char out[static PHRASE_MAX])
{
    bool doing = form == FORM_DOING;
    int known = find_tool(action);
    if (known >= 0) {
        snprintf(out, PHRASE_MAX, "%s", doing ? known_tools[known].doing : known_tools[known].act);
        return;
    }
    if (action_is_shell(action)) {
        snprintf(out, PHRASE_MAX, "%s%s", doing ? "running" : "run", action + 1);
        return;
    }
    char words[TOOL_MAX];
    split_name(action, words);
    size_t size = strcspn(words, " ");
    int verb = find_verb(words, size);
    if (verb < 0) {
        snprintf(out, PHRASE_MAX, "%s %s", doing ? "using" : "use", words);
        return;
    }
    char regular[24];
    regular_doing(verbs[verb].verb, regular);
    const char *act = verbs[verb].act ? verbs[verb].act : verbs[verb].verb;
    const char *active = verbs[verb].doing ? verbs[verb].doing : regular;
    int written = snprintf(out, PHRASE_MAX, "%s", doing ? active : act);
    bool before = form == FORM_STEP && !object_is_new(verbs[verb].verb);
    add_object(out, (size_t)written, words[size] ? words + size + 1 : "", before);
}

void action_doing(const char *action, char out[static PHRASE_MAX])
{
    render_action(action, FORM_DOING, out);
}
void action_do(const char *action, char out[static PHRASE_MAX])
{
    render_action(action, FORM_DO, out);
}
void action_step(const char *action, char out[static PHRASE_MAX])
{
    render_action(action, FORM_STEP, out);
}

bool action_changes(const char *action)
{
    static const char *const looking[] = {"status", "log",     "logs",     "diff", "show",  "list",
                                          "ls",     "get",     "describe", "top",  "ps",    "plan",
                                          "fetch",  "version", "inspect",  "test", "check", "info"};
    static const char *const programs[] = {"git", "kubectl", "docker", "terraform", "helm", "systemctl",
                                           "npm", "make",    "rm",     "mv",        "cp"};
    int known = find_tool(action);
    if (known >= 0)
        return known_tools[known].changes;
    if (!action_is_shell(action)) {
        char words[TOOL_MAX];
        split_name(action, words);
        int verb = find_verb(words, strcspn(words, " "));
        return verb >= 0 && verbs[verb].changes;
    }
    const char *program = action + 2, *sub = strchr(program, ' ');
    for (size_t i = 0; sub && i < sizeof looking / sizeof *looking; i++)
        if (strcmp(sub + 1, looking[i]) == 0)
            return false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (strncmp(program, programs[i], strlen(programs[i])) == 0)
            return true;
    return false;
}

void argument_words(const char *path, char out[static SLOT_MAX])
{
    char plain[SLOT_MAX] = "", leaf[TOOL_MAX] = "";
    size_t size = 0;
    for (; *path && size + 1 < sizeof plain; path++)
        if (*path != '[' && *path != ']')
            plain[size++] = *path;
    while (size > 0 && plain[size - 1] == '.')
        size--;
    plain[size] = 0;
    char *dot = strrchr(plain, '.');
    split_name(dot ? dot + 1 : plain, leaf);
    if (!dot || dot == plain) {
        snprintf(out, SLOT_MAX, "%s", leaf);
        return;
    }
    *dot = 0;
    char whole[TOOL_MAX];
    char *before = strrchr(plain, '.');
    split_name(before ? before + 1 : plain, whole);
    if (*whole)
        snprintf(out, SLOT_MAX, "%.50s in %.60s", leaf, whole);
    else
        snprintf(out, SLOT_MAX, "%s", leaf);
}
