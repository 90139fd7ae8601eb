/* chatham-audit list: the claims, before anything is measured. Hides the order: by family, as the report has it. */
#include <stdio.h>

#include "audits/command.h"
#include "audits/run_words.h"

/* --- JSON --- */

static struct json *claims_json(const struct audit_claim *claim)
{
    struct json *array = json_array();
    for (; claim->name; claim++) {
        struct json *row = audit_claim_json(claim);
        json_set(row, "limit", run_number(claim->limit));
        json_set(row, "tolerated", run_number(claim->tolerated));
        json_push(array, row);
    }
    return array;
}

static struct json *attack_json(const struct attack *attack)
{
    struct json *row = json_object();
    json_set(row, "name", json_text(attack->name));
    json_set(row, "summary", json_text(attack->summary));
    json_set(row, "paper", json_text(attack->paper));
    json_set(row, "family", json_text(audit_family_name(attack->family)));
    json_set(row, "quick", json_bool(attack->quick));
    json_set(row, "claims", claims_json(attack->claims));
    return row;
}

/* --- text --- */

static void claim_line(const struct audit_claim *claim, struct buf *out)
{
    buf_addf(out, "    %-38s <= %-8.3g %-26s %s%s\n", claim->name, claim->limit, audit_threat_name(claim->threat),
             claim->target, claim->expected ? " (expected to leak, and stated)" : "");
}

/* All that a claim says, for who asks for one attack. */
static void claim_lines(const struct audit_claim *claim, struct buf *out)
{
    buf_addf(out, "  %s\n    target     %s (%s)\n    adversary  %s\n    knows      %s\n", claim->name, claim->target,
             audit_surface_name(claim->surface), audit_threat_name(claim->threat), claim->knows);
    buf_addf(out, "    metric     %s, per %s\n    baseline   %s\n    control    %s\n", claim->metric, claim->unit,
             *claim->baseline ? claim->baseline : "none", claim->control);
    buf_addf(out, "    a pass     is an interval that ends at or under %.6g", claim->limit);
    if (claim->needed)
        buf_addf(out, ", which takes %zu of them where nothing leaks", claim->needed);
    buf_addf(out, "\n    a leak     is an interval that begins above %.6g%s\n", claim->tolerated,
             claim->expected ? "; expected, and stated" : "");
}

static void attack_lines(const struct attack *attack, bool all, struct buf *out)
{
    buf_addf(out, "  %-20s %-6s %s\n", attack->name, attack->quick ? "quick" : "full", attack->summary);
    if (all && *attack->paper)
        buf_addf(out, "  after %s\n", attack->paper);
    for (const struct audit_claim *claim = attack->claims; claim->name; claim++)
        (all ? claim_lines : claim_line)(claim, out);
}

static bool is_asked(const struct audit_arguments *arguments, const struct attack *attack)
{
    return !arguments->attack || strcmp(arguments->attack, attack->name) == 0;
}

static size_t list_family(const struct audit_arguments *arguments, enum audit_family family, struct buf *out)
{
    size_t shown = 0;
    for (const struct attack *const *attack = attacks; *attack; attack++) {
        if ((*attack)->family != family || !is_asked(arguments, *attack))
            continue;
        if (shown++ == 0)
            buf_addf(out, "%s\n", audit_family_name(family));
        attack_lines(*attack, arguments->attack != NULL, out);
    }
    return shown;
}

enum status command_list(const struct audit_arguments *arguments, struct why *why)
{
    SCOPED_JSON struct json *list = json_array();
    SCOPED_BUF struct buf text = {0}, json = {0};
    size_t shown = 0;
    if (!arguments->attack)
        buf_addf(&text, "%-42s %-11s %-26s %s\n", "family, attack, claim", "a pass is", "adversary",
                 "what is attacked");
    for (unsigned family = 0; family < FAMILIES; family++)
        shown += list_family(arguments, (enum audit_family)family, &text);
    if (shown == 0)
        return why_hint(why, ERR_USAGE, "no such attack", "--attack", "chatham-audit list names them");
    for (const struct attack *const *attack = attacks; *attack; attack++)
        if (is_asked(arguments, *attack))
            json_push(list, attack_json(*attack));
    TRY(json_pretty(list, &json));
    buf_add_byte(&json, '\n');
    TRY(buf_status(&text));
    TRY(buf_status(&json));
    const struct buf *said = arguments->given & OPTION_JSON ? &json : &text;
    return fwrite(said->data, 1, said->size, stdout) == said->size ? OK : ERR_IO;
}
