/* Hides which words of an error say what went wrong, and where the words around them are cut. */
#include "insight/common.h"
#include "insight/phrases.h"

#define WORDS_MAX ((size_t)SLOT_MAX / 2)

/* What goes wrong, in errors of all kinds. */
static const char *const turns[] = {
    "aborted",      "allowed",     "authorized", "available",  "blocked",   "broken",       "closed",    "conflict",
    "conflicts",    "corrupt",     "deadlock",   "denied",     "disabled",  "duplicate",    "enough",    "exceed",
    "exceeded",     "exceeds",     "exhausted",  "exist",      "exists",    "expired",      "fail",      "failed",
    "fails",        "failure",     "forbidden",  "found",      "illegal",   "insufficient", "invalid",   "locked",
    "malformed",    "match",       "matches",    "mismatch",   "missing",   "overlaps",     "permitted", "refused",
    "rejected",     "required",    "requires",   "stale",      "supported", "timed",        "timeout",   "unable",
    "unauthorized", "unavailable", "undefined",  "unexpected", "unknown",   "unsupported",  "wrong",
};
/* Of the words behind these the first that carries content says what is not, must be, or is too much. */
static const char *const hinges[] = {
    "already", "can't", "cannot", "couldn't", "didn't", "doesn't", "don't",  "isn't",   "must",
    "never",   "no",    "not",    "only",     "should", "too",     "wasn't", "without", "won't",
};
static const char *const particles[] = {"down", "off", "out", "up"}; /* a part of the verb before them */
#define ONE_OF(word, table) is_one_of(word, table, sizeof(table) / sizeof *(table))

struct turn_word {
    size_t start, end; /* in the text */
    enum { WORD_STOP, WORD_TURN, WORD_HINGED, WORD_ASIDE } role;
};

static bool is_one_of(struct bytes word, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_is(word, table[i]))
            return true;
    return false;
}

static struct bytes word_at(const char *text, const struct turn_word *word)
{
    return bytes_of(text + word->start, word->end - word->start);
}

static size_t list_words(const char *text, struct turn_word words[static WORDS_MAX])
{
    size_t count = 0;
    bool hinged = false;
    for (size_t at = 0; text[at] && count < WORDS_MAX; at += text[at] == ' ') {
        struct turn_word *word = &words[count++];
        size_t size = strcspn(text + at, " ");
        struct bytes bytes = bytes_of(text + at, size);
        bool hinge = ONE_OF(bytes, hinges), stop = hinge || common_stop_word(bytes);
        *word = (struct turn_word){at, at + size, stop ? WORD_STOP : WORD_ASIDE};
        if (!stop && (hinged || ONE_OF(bytes, turns)))
            word->role = ONE_OF(bytes, turns) ? WORD_TURN : WORD_HINGED;
        hinged = hinge || (hinged && stop);
        at += size;
    }
    return count;
}

/* Back from the first turn, over whole groups of words that stand side by side; of one that is too long its end. */
static size_t begin_of(const struct turn_word *words, size_t turn)
{
    size_t begin = turn, aside = 0, group;
    for (size_t at = turn; at > 0; at -= group) {
        group = 1;
        if (words[at - 1].role == WORD_STOP)
            continue;
        while (group < at && words[at - group - 1].role == WORD_ASIDE)
            group++;
        aside += group;
        if (aside > ERROR_ASIDE_MAX)
            return aside == group ? at - ERROR_ASIDE_MAX : begin;
        begin = at - group;
    }
    return 0;
}

/* And on from it, from turn to turn. A turn that is one by its place alone may be any word, and counts as others do. */
static size_t end_of(const struct turn_word *words, size_t count, size_t turn)
{
    size_t end = turn, aside = 0, group;
    for (size_t at = turn; at < count; at += group) {
        group = 1;
        if (words[at].role == WORD_STOP)
            continue;
        while (words[at].role == WORD_ASIDE && at + group < count && words[at + group].role == WORD_ASIDE)
            group++;
        aside = words[at].role == WORD_TURN ? 0 : words[at].role == WORD_HINGED ? 1 : aside + group;
        if (aside > ERROR_ASIDE_MAX)
            return aside == group ? at + ERROR_ASIDE_MAX : end;
        end = at + group;
    }
    return count;
}

void error_cut(char text[static SLOT_MAX])
{
    struct turn_word words[WORDS_MAX];
    size_t count = list_words(text, words), turn = 0;
    while (turn < count && words[turn].role != WORD_TURN && words[turn].role != WORD_HINGED)
        turn++;
    turn = turn < count ? turn : 0;
    size_t begin = begin_of(words, turn), end = end_of(words, count, turn);
    if (end < count && ONE_OF(word_at(text, &words[end]), particles))
        end++;
    size_t start = begin < count ? words[begin].start : 0, stop = end > begin ? words[end - 1].end : start;
    memmove(text, text + start, stop - start);
    text[stop - start] = 0;
}
