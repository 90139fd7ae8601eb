/* The words for what went wrong. Hides the wording, so that it is the same everywhere. */
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *text;
    int exit;
} statuses[] = {
    [OK] = {"done", 0},
    [ERR_USAGE] = {"wrong use", 2},
    [ERR_INPUT] = {"malformed input", 1},
    [ERR_VERSION] = {"unsupported version", 1},
    [ERR_TOO_LARGE] = {"too large", 1},
    [ERR_NOT_FOUND] = {"not found", 1},
    [ERR_EXISTS] = {"exists already", 1},
    [ERR_DENIED] = {"not authorised", 4},
    [ERR_POLICY] = {"refused by policy", 3},
    [ERR_LIMIT] = {"too much for now", 5},
    [ERR_UNAVAILABLE] = {"unavailable", 5},
    [ERR_IO] = {"input or output failed", 1},
    [ERR_CORRUPT] = {"stored data is damaged", 1},
    [ERR_MEMORY] = {"out of memory", 1},
    [ERR_BUG] = {"internal error", 1},
};

enum status why_set(struct why *why, enum status code, const char *what, const char *where, size_t at)
{
    if (why && !why->what)
        *why = (struct why){.what = what, .where = where, .at = at};
    return code;
}

enum status why_hint(struct why *why, enum status code, const char *what, const char *where, const char *hint)
{
    if (why && !why->what)
        *why = (struct why){.what = what, .where = where, .hint = hint};
    return code;
}

const char *status_text(enum status code)
{
    if ((size_t)code >= sizeof statuses / sizeof *statuses)
        return "internal error";
    return statuses[code].text;
}

int status_exit(enum status code)
{
    if ((size_t)code >= sizeof statuses / sizeof *statuses)
        return 1;
    return statuses[code].exit;
}

void why_print(const struct why *why, enum status code, const char *doing, char *out, size_t size)
{
    const char *what = why && why->what ? why->what : status_text(code);
    const char *where = why ? why->where : NULL;
    const char *hint = why ? why->hint : NULL;
    char at[32] = "";
    if (why && why->at)
        snprintf(at, sizeof at, " at %zu", why->at);
    snprintf(out, size, "%s%s%s%s%s%s%s%s", doing ? doing : "", doing ? ": " : "", what, where ? " in " : "",
             where ? where : "", at, hint ? ": " : "", hint ? hint : "");
}

_Noreturn void invariant_failed(const char *claim, const char *file, int line)
{
    fprintf(stderr, "chatham: broken invariant: %s (%s:%d)\n", claim, file, line);
    abort();
}
