/* The library, the log and tokens as pages: what an operator reads most. */
#include "insight/survey.h"
#include "protocol/library.h"
#include "server/pages.h"

#define RATE_UNKNOWN 255

static void add_insight(const struct json *value, size_t number, enum release_mode mode, int64_t k, struct buf *out)
{
    char support[SUPPORT_TEXT];
    struct insight insight = {0};
    if (insight_decode(value, &insight, NULL) != OK) {
        buf_addf(out, "%4zu. (not readable)\n", number);
        return;
    }
    support_text(mode, (uint32_t)k, insight.support, support);
    buf_addf(out, "%4zu. [%s, %s members", number, candidate_kind_name(insight.text.kind), support);
    if (insight.rate != RATE_UNKNOWN)
        buf_addf(out, ", %u of 10 runs succeeded", insight.rate);
    buf_add_str(out, "] ");
    if (candidate_render(&insight.text, out) != OK)
        buf_add_str(out, "(out of memory)");
    buf_add_str(out, "\n");
    insight_free(&insight);
}

void pages_library(const struct json *answer, struct buf *out)
{
    const struct json *document = json_get(answer, "document"), *insights = json_get(document, "insights");
    const char *published = json_string_text(json_get(answer, "published")),
               *mode = json_string_text(json_get(document, "mode"));
    enum release_mode of = mode && strcmp(mode, "dp") == 0 ? RELEASE_DP : RELEASE_THRESHOLD;
    buf_addf(out, "library version %lld, published %s, %zu insights\n",
             (long long)json_integer_value(json_get(answer, "version")), published ? published : "-",
             json_count(insights));
    for (size_t i = 0; i < json_count(insights); i++)
        add_insight(json_at(insights, i), i + 1, of, json_integer_value(json_get(document, "k")), out);
}

static long long count_of(const struct json *object, const char *key)
{
    return (long long)json_integer_value(json_get(object, key));
}

static void add_withheld(const struct json *withheld, struct buf *out)
{
    const char *reason = NULL, *between = "";
    buf_add_str(out, "withheld     ");
    for (size_t i = 0; i < json_count(withheld); i++) {
        long long count = (long long)json_integer_value(json_member(withheld, i, &reason));
        if (count == 0)
            continue;
        buf_addf(out, "%s%lld %s", between, count, reason);
        between = ", ";
    }
    buf_add_str(out, *between ? "\n" : "nothing\n");
}

/* A private round's cost to each member. */
static void add_charge(const struct json *charge, struct buf *out)
{
    if (charge)
        buf_addf(out, "charged      every member epsilon %s at delta %.3g (charge %lld, unit tenant)\n",
                 json_string_text(json_get(charge, "epsilon")), (double)count_of(charge, "delta_pico") / 1e12,
                 count_of(charge, "number"));
}

static void add_outcome(const struct json *answer, struct buf *out)
{
    if (json_is_true(json_get(answer, "preview")))
        buf_add_str(out, "a preview: nothing was published\n");
    else if (json_is_true(json_get(answer, "published")))
        buf_addf(out, "library      version %lld is published; insights retracted: %lld\n", count_of(answer, "version"),
                 count_of(answer, "retracted"));
    else
        buf_addf(out, "library      nothing changed: version %lld stays\n", count_of(answer, "version"));
}

/* A round's report: what went in, what came out and why not more, then what was (or in a preview: would be) released.
 */
void pages_round(const struct json *answer, struct buf *out)
{
    const struct json *insights = json_get(answer, "insights");
    buf_addf(out, "round        %lld: %lld candidates of %lld members gave %lld proposals\n", count_of(answer, "round"),
             count_of(answer, "candidates"), count_of(answer, "tenants"), count_of(answer, "proposals"));
    if (count_of(answer, "left_out"))
        buf_addf(out, "left out     %lld candidates over what one round takes, the oldest\n",
                 count_of(answer, "left_out"));
    buf_addf(out, "released     %lld insights; phrases dropped from proposals: %lld\n", count_of(answer, "released"),
             count_of(answer, "phrases_dropped"));
    add_withheld(json_get(answer, "withheld"), out);
    add_charge(json_get(answer, "charge"), out);
    add_outcome(answer, out);
    for (size_t i = 0; i < json_count(insights); i++)
        add_insight(json_at(insights, i), i + 1, RELEASE_THRESHOLD, count_of(answer, "k"), out);
}

static const char *text_of(const struct json *object, const char *key)
{
    const char *text = json_string_text(json_get(object, key));
    return text ? text : "-";
}

void pages_log(const struct json *answer, struct buf *out)
{
    const struct json *entries = json_get(answer, "entries");
    long long leaf = json_integer_value(json_get(answer, "from"));
    buf_addf(out, "%8s  %-8s %-13s %s\n", "leaf", "epoch", "kind", "commitment");
    for (size_t i = 0; i < json_count(entries); i++, leaf++) {
        const struct json *entry = json_at(entries, i);
        buf_addf(out, "%8lld  %-8s %-13s %s\n", leaf, text_of(entry, "epoch"), text_of(entry, "kind"),
                 text_of(entry, "commitment"));
    }
    buf_addf(out, "\n%s\nverifier key: %s\n", text_of(answer, "checkpoint"), text_of(answer, "vkey"));
}

void pages_tenants(const struct json *answer, struct buf *out)
{
    static const char *const keys[] = {"name", "state", "devices", "contributions", "created", "tenant"};
    pages_table(json_get(answer, "tenants"), keys, sizeof keys / sizeof *keys, 0, out);
}

void pages_trail(const struct json *answer, struct buf *out)
{
    static const char *const keys[] = {"number", "at", "actor", "act", "outcome", "count", "tenant", "device"};
    const struct json *rows = json_get(answer, "rows");
    if (!rows) { /* an export: where it is */
        pages_any(answer, out);
        return;
    }
    pages_table(rows, keys, sizeof keys / sizeof *keys, 0, out);
}

void pages_devices(const struct json *answer, struct buf *out)
{
    static const char *const keys[] = {"device", "name", "role", "state", "created", "expires"};
    pages_table(json_get(answer, "devices"), keys, sizeof keys / sizeof *keys, 0, out);
    if (json_is_true(json_get(answer, "more")))
        buf_add_str(out, "There are more: name a tenant.\n");
}

void pages_tokens(const struct json *answer, struct buf *out)
{
    static const char *const keys[] = {"id", "name", "role", "state", "expires"};
    pages_table(json_get(answer, "tokens"), keys, sizeof keys / sizeof *keys, 0, out);
}

void pages_token(const struct json *answer, struct buf *out)
{
    buf_addf(out,
             "tenant  %s\nname    %s\nrole    %s\ntoken   %s\n\nThe token enrols one device, once, within 24 hours. "
             "Give it to "
             "nobody else.\n",
             text_of(answer, "tenant"), text_of(answer, "name"), text_of(answer, "role"), text_of(answer, "token"));
}

void pages_keys(const struct json *answer, struct buf *out)
{
    static const char *const keys[] = {"purpose", "version", "state", "created", "until"};
    pages_table(json_get(answer, "keys"), keys, sizeof keys / sizeof *keys, 0, out);
}

void pages_root(const struct json *answer, struct buf *out)
{
    buf_addf(
        out,
        "The root key was of kind %s and is now a new one of kind %s.\n\nThe old one is left where it was: it opens "
        "every copy of the state folder made until now.\nDestroy it when you need none of them. A server that is "
        "running goes on; start it again when it suits\nyou, with the options of the new root key if it had any of "
        "the old one's: until then it cannot erase a member.\n",
        text_of(answer, "from"), text_of(answer, "to"));
}

void pages_founded(const struct json *answer, struct buf *out)
{
    const char *name = text_of(answer, "name");
    buf_addf(out, "The federation \"%s\" is founded, with the id %s.\n", name, text_of(answer, "federation"));
    buf_add_str(
        out, "Its root key opens everything in the state folder and nothing opens it without: keep a copy of the key\n"
             "file, or the passphrase, in another place.\n"
             "Next: chathamd tenant add NAME prints a token for a member; chathamd serve lets it in.\n");
}

/* --- the survey --- */

static void add_range(const char *name, const struct json *estimate, struct buf *out)
{
    buf_addf(out, "  %-14s %6lld  [%lld, %lld]\n", name, count_of(estimate, "estimate"), count_of(estimate, "low"),
             count_of(estimate, "high"));
}

void pages_survey(const struct json *answer, struct buf *out)
{
    const struct json *topics = json_get(answer, "topics"), *lessons = json_get(answer, "lessons");
    const char *kind = NULL;
    buf_addf(out, "%s: %lld answers of devices, noised before they left; intervals hold for all at once with 95 %%\n",
             text_of(answer, "epoch"), count_of(answer, "answers"));
    if (count_of(answer, "left_out"))
        buf_addf(out, "left out: %lld of far more noise, or of another codebook\n", count_of(answer, "left_out"));
    buf_add_str(out, "topics of most lessons, in devices:\n");
    for (size_t i = 0; i < json_count(topics); i++)
        add_range(text_of(json_at(topics, i), "topic"), json_at(topics, i), out);
    if (json_count(topics) == 0)
        buf_add_str(out, "  none that any device surely has: more answers are needed\n");
    buf_addf(out, "lessons by kind, at most %d of a device:\n", SURVEY_LESSONS);
    for (size_t i = 0; i < json_count(lessons); i++) {
        const struct json *estimate = json_member(lessons, i, &kind);
        add_range(kind, estimate, out);
    }
}
