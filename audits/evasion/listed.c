/* What the scrubber is said to see. Hides what counts as left, and how the worst is chosen. */
#include <stdio.h>

#include "audits/boundary/needles.h"
#include "audits/evasion/evasion.h"

#define LEFT_LEAST 0.5

/* --- one try --- */

static enum status scrub(const struct redactor *redactor, struct bytes text, struct buf *out)
{
    struct redact_session *session = NULL;
    TRY(redact_session_new(redactor, &session));
    enum status status = redact_text(session, text, out, NULL);
    redact_session_free(session);
    return status;
}

static size_t alike(struct bytes a, struct bytes b)
{
    size_t count = 0;
    while (count < a.size && count < b.size && a.data[count] == b.data[count])
        count++;
    return count;
}

double evasion_share_left(struct bytes value, struct bytes text)
{
    size_t longest = 0;
    for (size_t at = 0; at + longest < value.size; at++) {
        size_t found = 0;
        while (at + longest < value.size && (found = bytes_find(text, bytes_part(value, at, longest + 1))) != SIZE_MAX)
            longest = alike(bytes_part(value, at, value.size), bytes_part(text, found, text.size));
    }
    if (longest < NEEDLE_LEAST && longest < value.size)
        return 0;
    return value.size ? (double)longest / (double)value.size : 0;
}

enum status evasion_try(const struct redactor *redactor, const struct disguise *disguise, const struct kind *kind,
                        const char *value, double *left)
{
    SCOPED_BUF struct buf hidden = {0}, text = {0}, out = {0};
    *left = 0;
    TRY(disguise_write(disguise, kind, value, &hidden, &text));
    TRY(scrub(redactor, buf_bytes(&text), &out));
    double as_hidden = evasion_share_left(buf_bytes(&hidden), buf_bytes(&out));
    struct bytes plain = bytes_str(value);
    double as_read = plain.size < NEEDLE_LEAST ? 0 : evasion_share_left(plain, buf_bytes(&out));
    *left = as_hidden > as_read ? as_hidden : as_read;
    return OK;
}

/* --- many --- */

struct tally {
    size_t tries, left, left_plain, seen_off;
};

static enum status count_try(const struct evasion *run, const struct kind *kind, const struct disguise *disguise,
                             struct tally *tally)
{
    static const struct disguise none = {0};
    char value[KIND_VALUE_MAX] = "";
    double left = 0, plain = 0, off = 0;
    kind_draw(kind, run->random, value);
    TRY(evasion_try(run->redactor, disguise, kind, value, &left));
    TRY(evasion_try(run->redactor, &none, kind, value, &plain));
    TRY(evasion_try(run->off, disguise, kind, value, &off));
    tally->tries++;
    tally->left += left >= LEFT_LEAST;
    tally->left_plain += plain >= LEFT_LEAST;
    tally->seen_off += off >= 1;
    return OK;
}

/* A row of the list that suits the kind. */
static void draw_row(struct random random, const struct kind *kind, struct disguise *out)
{
    do
        disguise_of(form_rows[random_below(random, form_row_count)].steps, out);
    while (!disguise_is_promised(out, kind));
}

static void report(const struct tally *tally, struct audit_result *result)
{
    audit_result_count(result, tally->left, tally->tries);
    result->baseline = (double)tally->left_plain / (double)tally->tries;
    result->control_value = (double)tally->seen_off / (double)tally->tries;
    result->control = tally->seen_off == tally->tries ? CONTROL_PASSED : CONTROL_FAILED;
}

enum status evasion_listed(struct evasion *run, enum evasion_draw draw, size_t count, struct audit_result *result)
{
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        const struct kind *kind = &kinds[i % kind_count];
        struct disguise disguise;
        if (draw == EVASION_ROWS)
            draw_row(run->random, kind, &disguise);
        else
            disguise_draw(run->random, FORMS_PROMISED, kind, &disguise);
        TRY(count_try(run, kind, &disguise, &tally));
    }
    report(&tally, result);
    result->note = "values of all kinds of which the scrubber knows the shape; half of a value counts as the value";
    return OK;
}

/* --- the worst --- */

static enum status try_some(const struct evasion *run, enum evasion_worst which, size_t item, size_t count,
                            struct tally *tally)
{
    for (size_t i = 0; i < count; i++) {
        const struct kind *kind = &kinds[item];
        struct disguise disguise;
        if (which == EVASION_KIND) {
            draw_row(run->random, kind, &disguise);
        } else {
            disguise_of(form_rows[item].steps, &disguise);
            do
                kind = &kinds[random_below(run->random, kind_count)];
            while (!disguise_is_promised(&disguise, kind));
        }
        TRY(count_try(run, kind, &disguise, tally));
    }
    return OK;
}

enum status evasion_worst(struct evasion *run, enum evasion_worst which, size_t look, size_t count,
                          struct audit_results *texts, struct audit_result *result)
{
    size_t items = which == EVASION_KIND ? kind_count : form_row_count, worst = 0, most = 0;
    struct tally tally = {0};
    char note[160];
    for (size_t item = 0; item < items; item++) {
        struct tally first = {0};
        TRY(try_some(run, which, item, look, &first));
        if (first.left <= most)
            continue;
        most = first.left;
        worst = item;
    }
    TRY(try_some(run, which, worst, count, &tally));
    report(&tally, result);
    const char *what = which == EVASION_KIND ? "kind" : "form";
    const char *name = which == EVASION_KIND ? kinds[worst].name : form_rows[worst].name;
    if (most == 0)
        snprintf(note, sizeof note, "no %s of %zu left anything in a first look; %s: %s", what, items, what, name);
    else
        snprintf(note, sizeof note, "%s: %s; the worst of %zu, by %zu of %zu in a first look that does not count here",
                 what, name, items, most, look);
    result->note = audit_results_text(texts, note);
    return result->note ? OK : ERR_MEMORY;
}
