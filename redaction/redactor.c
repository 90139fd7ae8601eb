/* The scrubber's face: a redactor is made of a policy, and text goes normalise, detect, learn, resolve, operate. Hides
 * the order of these and the windows of long texts. */
#include "redaction/redactor.h"

#include "base/hash.h"
#include "redaction/hidden.h"
#include "redaction/keys.h"
#include "redaction/letter.h"
#include "redaction/names.h"
#include "redaction/session.h"
#include "redaction/surrogate.h"
#include "redaction/tag.h"

#define WINDOW (4u << 20)
#define CERTAIN 0.8f /* from this score on a find is learned */

/* --- the redactor --- */

enum status redactor_new(struct bytes policy, const struct redact_pseudonyms *pseudonyms, struct redactor **out,
                         struct why *why)
{
    *out = NULL;
    struct redactor *redactor = mem_new(1, sizeof *redactor);
    if (!redactor)
        return ERR_MEMORY;
    if (pseudonyms)
        redactor->pseudonyms = *pseudonyms;
    enum status status =
        redact_policy_parse(policy.size ? policy : redact_policy_text("default"), &redactor->policy, why);
    if (status == OK)
        status = custom_new(&redactor->policy, &redactor->custom, why);
    if (status == OK)
        status = detector_new(&redactor->detector, why);
    if (status == OK)
        status = names_new(&redactor->names);
    if (status == OK)
        status = keys_new(&redactor->keys);
    if (status == OK && redactor->policy.tagger)
        status = tagger_new(BYTES_NONE, &redactor->tagger, why);
    for (unsigned type = 0; type < REDACT_TYPES; type++) {
        unsigned how = redactor->policy.operations[type].how;
        if (how != OPERATE_KEEP)
            redactor->types |= 1ull << type;
        redactor->surrogates |= how == OPERATE_SURROGATE;
        if (status == OK && operate_lacks(how, &redactor->pseudonyms))
            status = why_hint(why, ERR_USAGE, "an operator of the policy needs a key", "policy", "give --key-file");
    }
    if (status != OK) {
        redactor_free(redactor);
        return status;
    }
    *out = redactor;
    return OK;
}

void redactor_free(struct redactor *redactor)
{
    if (!redactor)
        return;
    custom_free(redactor->custom);
    redact_policy_free(&redactor->policy);
    detector_free(redactor->detector);
    names_free(redactor->names);
    keys_free(redactor->keys);
    tagger_free(redactor->tagger);
    mem_free(redactor);
}

void redactor_hash(const struct redactor *redactor, uint8_t out[static 32])
{
    uint8_t rules[32], model[32] = {0};
    detector_hash(rules);
    if (redactor->tagger)
        tagger_hash(redactor->tagger, model);
    const struct bytes parts[3] = {bytes_of(redactor->policy.hash, 32), bytes_of(rules, 32), bytes_of(model, 32)};
    hash_sha256_parts(parts, 3, out);
}

void redactor_thresholds(const struct redactor *redactor, double *withhold, double *flag)
{
    *withhold = redactor->policy.threshold;
    *flag = redactor->policy.flag;
}

void redact_findings_free(struct redact_findings *findings)
{
    mem_free(findings->items);
    *findings = (struct redact_findings){0};
}

enum status findings_add(struct redact_findings *findings, struct redact_finding finding)
{
    if (findings->count == findings->room) {
        size_t room = findings->room ? findings->room * 2 : 16;
        struct redact_finding *grown = mem_grow(findings->items, findings->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        findings->items = grown;
        findings->room = room;
    }
    findings->items[findings->count++] = finding;
    return OK;
}

/* --- finding --- */

static bool is_unwanted(const struct redact_policy *policy, const char *rule)
{
    struct cursor prefixes = {buf_bytes(&policy->unwanted)};
    struct bytes prefix;
    while (prefixes.left.size && cursor_lp(&prefixes, &prefix) == OK)
        if (strncmp(rule, (const char *)prefix.data, prefix.size) == 0)
            return true;
    return false;
}

static bool is_allowed(const struct redactor *redactor, struct bytes value)
{
    struct cursor words = {buf_bytes(&redactor->policy.allow)};
    struct bytes word;
    while (words.left.size && cursor_lp(&words, &word) == OK)
        if (bytes_equal(word, value))
            return true;
    return custom_allows(redactor->custom, value);
}

void redact_sift(const struct redactor *redactor, struct bytes text, struct finds *finds)
{
    const struct redact_policy *policy = &redactor->policy;
    struct placeholder_around around = {.text = text};
    size_t kept = 0;
    for (size_t i = 0; i < finds->count; i++) {
        struct find find = finds->items[i];
        if (find.type == REDACT_PLACE)
            find.start = places_start(redactor->names, text, find.start, find.end);
        find.flagged = find.score < (float)policy->threshold;
        if (find.score < (float)policy->flag || is_unwanted(policy, find.row->rule) ||
            placeholder_holds(&around, find.start, find.end) ||
            is_allowed(redactor, bytes_part(text, find.start, find.end - find.start)))
            continue;
        finds->items[kept++] = find;
    }
    finds->count = kept;
}

enum status redact_learn(struct redact_session *session, struct bytes text, const struct finds *finds)
{
    for (size_t i = 0; i < finds->count; i++) {
        const struct find *find = &finds->items[i];
        if (find->row->flags & ROW_LEARN && find->score >= CERTAIN && !find->flagged)
            TRY(session_learn(session, find->type, bytes_part(text, find->start, find->end - find->start)));
    }
    return OK;
}

enum status redact_look(const struct redactor *redactor, struct scan *scan)
{
    if (scan->want) /* only what holds without context */
        return detector_run(redactor->detector, scan);
    members_scan(scan);
    TRY(scan->status);
    TRY(detector_run(redactor->detector, scan));
    if (redactor->types & NAMES_TYPES)
        names_scan(scan);
    custom_scan(redactor->custom, scan);
    return scan->status;
}

enum status redact_find(struct redact_session *session, struct bytes text, struct finds *out)
{
    const struct redactor *redactor = session->redactor;
    struct scan scan = {
        .text = text, .types = redactor->types, .names = redactor->names, .keys = redactor->keys, .finds = out};
    struct hidden hidden SCOPED_HIDDEN = {0};
    if (redactor->types == 0)
        return OK;
    TRY(redact_look(redactor, &scan));
    TRY(hidden_scan(&hidden, redactor, &scan));
    if (redactor->tagger)
        tagger_scan(redactor->tagger, &scan, (float)redactor->policy.threshold, (float)redactor->policy.flag);
    TRY(scan.status);
    redact_sift(redactor, text, out);
    TRY(surrogates_pass(session, text, out));
    finds_resolve(out);
    TRY(redact_learn(session, text, out));
    TRY(hidden_learn(&hidden, session, text));
    size_t first = out->count;
    session_seek(session, &scan);
    letter_scan(&scan, first);
    TRY(scan.status);
    TRY(hidden_seek(&hidden, session, &scan));
    if (out->count > first) {
        redact_sift(redactor, text, out);
        TRY(surrogates_pass(session, text, out));
        finds_resolve(out);
    }
    return surrogates_reserve(session, text, out);
}

/* --- one text, in windows --- */

struct window window_at(struct bytes text, size_t at, size_t size)
{
    size_t base = at > WINDOW_CONTEXT ? at - WINDOW_CONTEXT : 0;
    size_t to = text.size - at > size + WINDOW_OVERLAP ? at + size : text.size;
    while (to < text.size && to > at && (text.data[to] & 0xc0) == 0x80)
        to--; /* never inside a character */
    size_t end = text.size - to > WINDOW_OVERLAP ? to + WINDOW_OVERLAP : text.size;
    return (struct window){bytes_part(text, base, end - base), base, at - base, to - base};
}

enum status window_run(struct redact_session *session, const struct window *window, struct buf *out,
                       struct redact_findings *found, size_t *next)
{
    struct normal normal SCOPED_NORMAL = {0};
    struct finds finds SCOPED_FINDS = {0};
    TRY(normalise(window->text, &normal));
    TRY(redact_find(session, normal.text, &finds));
    size_t done = window->from;
    for (size_t i = 0; i < finds.count; i++) {
        const struct find *find = &finds.items[i];
        size_t start = normal_origin(&normal, find->start), end = normal_origin(&normal, find->end);
        if (start >= window->to || end <= start || end <= done)
            continue;
        start = start < done ? done : start; /* what stands before has been written */
        if (found)
            TRY(findings_add(found, (struct redact_finding){window->base + start, window->base + end, find->row->rule,
                                                            find->type, !find->flagged, find->score,
                                                            find->inner ? find->inner->rule : NULL}));
        if (find->flagged)
            continue;
        if (out) {
            buf_add(out, bytes_part(window->text, done, start - done));
            const struct operand operand = {find, normal.text, bytes_part(window->text, start, end - start)};
            TRY(operate(session, &operand, out));
        }
        done = end;
    }
    size_t stop = done > window->to ? done : window->to;
    if (out)
        buf_add(out, bytes_part(window->text, done, stop - done));
    *next = window->base + stop;
    return OK;
}

static enum status do_text(struct redact_session *session, struct bytes text, struct buf *out,
                           struct redact_findings *found)
{
    for (size_t at = 0; at < text.size;) {
        struct window window = window_at(text, at, WINDOW);
        TRY(window_run(session, &window, out, found, &at));
    }
    return out ? buf_status(out) : OK;
}

/* On failure nothing stays appended. */
static enum status do_text_whole(struct redact_session *session, struct bytes text, struct buf *out,
                                 struct redact_findings *found)
{
    size_t out_before = out ? out->size : 0, found_before = found ? found->count : 0;
    enum status status = do_text(session, text, out, found);
    if (status != OK && out)
        out->size = out_before;
    if (status != OK && found)
        found->count = found_before;
    return status;
}

enum status redact_detect(struct redact_session *session, struct bytes text, struct redact_findings *out)
{
    return do_text_whole(session, text, NULL, out);
}

enum status redact_text(struct redact_session *session, struct bytes text, struct buf *out,
                        struct redact_findings *found)
{
    return do_text_whole(session, text, out, found);
}

enum status redact_scan(const struct redactor *redactor, struct bytes text, struct redact_finding *found)
{
    *found = (struct redact_finding){0};
    struct normal normal SCOPED_NORMAL = {0};
    struct finds finds SCOPED_FINDS = {0};
    TRY(normalise(text, &normal));
    struct scan scan = {
        .text = normal.text, .types = ~0ull, .want = ROW_STRICT, .names = redactor->names, .finds = &finds};
    struct hidden hidden SCOPED_HIDDEN = {0};
    TRY(redact_look(redactor, &scan));
    TRY(hidden_scan(&hidden, redactor, &scan));
    const struct find *best = NULL;
    for (size_t i = 0; i < finds.count; i++)
        if (!best || finds.items[i].score > best->score)
            best = &finds.items[i];
    if (!best)
        return ERR_NOT_FOUND;
    *found = (struct redact_finding){normal_origin(&normal, best->start),
                                     normal_origin(&normal, best->end),
                                     best->row->rule,
                                     best->type,
                                     true,
                                     best->score,
                                     NULL};
    return OK;
}
