/* Hides where prose is in a file of unknown format, and the words of probes. */
#include "audits/overlap/plant.h"

#include "base/inflate.h"
#include "insight/overlap.h"
#include "insight/reader.h"

#define WORD_LEAST 3    /* letters of the words on both sides */
#define ERROR_REACH 160 /* bytes behind "rror" that are still its report */

#define WORDS 64
/* A run of either has no other source: of the one for its words, of the other for their order. */
static const char *const unusual[WORDS] = {
    "amber",    "anchor",    "orchard", "lantern", "velvet",  "walnut",  "harvest", "meadow",  "pebble", "copper",
    "saddle",   "thistle",   "barley",  "candle",  "ribbon",  "feather", "granite", "willow",  "kettle", "marble",
    "timber",   "violet",    "cinder",  "hollow",  "juniper", "linen",   "mosaic",  "nectar",  "oyster", "parsley",
    "quarry",   "raven",     "sapling", "tulip",   "umber",   "vinegar", "whistle", "yarrow",  "acorn",  "bramble",
    "clover",   "driftwood", "ember",   "falcon",  "gravel",  "heather", "ivory",   "jasmine", "kelp",   "lichen",
    "mulberry", "nutmeg",    "otter",   "pewter",  "quill",   "rustle",  "sorrel",  "tallow",  "urchin", "vellum",
    "wicker",   "zither",    "beacon",  "cobble"};
static const char *const common[WORDS] = {
    "account", "address",  "balance",  "batch",  "booking", "branch",   "budget",  "card",   "change",  "column",
    "commit",  "contract", "customer", "date",   "default", "delivery", "device",  "email",  "search",  "value",
    "field",   "file",     "filter",   "flight", "folder",  "format",   "group",   "index",  "invoice", "item",
    "user",    "limit",    "list",     "time",   "member",  "message",  "model",   "month",  "name",    "number",
    "order",   "page",     "payment",  "period", "phone",   "plan",     "point",   "policy", "price",   "product",
    "project", "query",    "range",    "record", "refund",  "report",   "request", "review", "role",    "schema",
    "seat",    "server",   "session",  "status"};
#define TURN_FROM 2 /* words of a sentence before its turn: so many, up to TURN_TO */
#define TURN_TO 5
static const char *const turns[] = {"denied",  "expired", "failed",   "invalid", "locked",
                                    "missing", "refused", "rejected", "unknown", "wrong"};
#define TURNS (sizeof turns / sizeof *turns)

/* --- places --- */

static bool is_letter(uint8_t byte)
{
    return byte >= 'a' && byte <= 'z';
}

/* A space between two lower-case words. */
static bool is_place(struct bytes text, size_t at)
{
    if (text.data[at] != ' ' || at < WORD_LEAST || at + WORD_LEAST >= text.size)
        return false;
    for (size_t i = 1; i <= WORD_LEAST; i++)
        if (!is_letter(text.data[at - i]) || !is_letter(text.data[at + i]))
            return false;
    return true;
}

struct draw { /* one of those seen so far, each as likely as the others */
    size_t seen, at;
};

static void draw_see(struct draw *draw, size_t at, struct random random)
{
    if (random_below(random, ++draw->seen) == 0)
        draw->at = at;
}

/* A place in [from, to); SIZE_MAX: there is none. */
static size_t choose_place(struct bytes text, size_t from, size_t to, struct random random)
{
    struct draw anywhere = {0}, report = {0};
    size_t reach = from;
    for (size_t at = from; at < to; at++) {
        if (at >= 4 && memcmp(text.data + at - 4, "rror", 4) == 0)
            reach = at + ERROR_REACH;
        if (!is_place(text, at))
            continue;
        draw_see(&anywhere, at, random);
        if (at < reach)
            draw_see(&report, at, random);
    }
    if (report.seen > 0 && random_below(random, 2))
        return report.at;
    return anywhere.seen > 0 ? anywhere.at : SIZE_MAX;
}

/* --- probes --- */

static enum status add_probe(struct plants *plants, struct random random, const struct buf **out)
{
    if (plants->count == plants->room) {
        size_t room = plants->room ? plants->room * 2 : 64;
        struct buf *grown = mem_grow(plants->probes, plants->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        plants->probes = grown;
        plants->room = room;
    }
    struct buf *probe = &plants->probes[plants->count++];
    const char *const *words = plants->words == PLANT_UNUSUAL ? unusual : common;
    size_t turn = plants->words == PLANT_TURN ? TURN_FROM + random_below(random, TURN_TO - TURN_FROM + 1) : PLANT_WORDS;
    for (size_t i = 0; i < PLANT_WORDS; i++) {
        buf_add_str(probe, i ? " " : "");
        buf_add_str(probe, i == turn ? turns[random_below(random, TURNS)] : words[random_below(random, WORDS)]);
    }
    *out = probe;
    return buf_status(probe);
}

static enum status plant_file(struct plants *plants, struct bytes text, struct random random, struct buf *out)
{
    const struct buf *probe = NULL;
    for (size_t from = 0; from < text.size; from += PLANT_EVERY) {
        size_t to = text.size - from > PLANT_EVERY ? from + PLANT_EVERY : text.size;
        size_t at = choose_place(text, from, to, random);
        if (at == SIZE_MAX) {
            buf_add(out, bytes_part(text, from, to - from));
            continue;
        }
        TRY(add_probe(plants, random, &probe));
        buf_add(out, bytes_part(text, from, at - from));
        buf_add_byte(out, ' ');
        buf_add(out, buf_bytes(probe));
        buf_add(out, bytes_part(text, at, to - at));
    }
    return buf_status(out);
}

/* A compressed file is planted uncompressed: readers take both. What cannot be inflated no reader takes either. */
static enum status open_file(const struct buf *file, struct buf *out)
{
    if (!inflate_is_gzip(buf_bytes(file))) {
        buf_add(out, buf_bytes(file));
        return buf_status(out);
    }
    enum status status = inflate_gzip(buf_bytes(file), TRACE_FILE_MAX, out);
    if (status != ERR_INPUT && status != ERR_TOO_LARGE)
        return status;
    buf_clear(out);
    return OK;
}

static enum status plant_tenant(struct plants *plants, const struct audit_tenant *from, struct random random)
{
    size_t number = plants->scope.tenant_count;
    TRY(audit_scope_tenant(&plants->scope, from->name));
    for (size_t i = 0; i < from->file_count; i++) {
        SCOPED_BUF struct buf text = {.secret = true};
        SCOPED_BUF struct buf changed = {.secret = true};
        TRY(open_file(&from->files[i], &text));
        TRY(plant_file(plants, buf_bytes(&text), random, &changed));
        TRY(audit_scope_file(&plants->scope, number, from->file_names[i], buf_bytes(&changed)));
    }
    return OK;
}

enum status plants_make(const struct audit_scope *scope, enum plant_words words_of, struct random random,
                        struct plants *out)
{
    enum status status = OK;
    *out = (struct plants){.words = words_of, .scope = {.policy = scope->policy, .seed = scope->seed, .k = scope->k}};
    for (size_t t = 0; t < scope->tenant_count && status == OK; t++)
        status = plant_tenant(out, &scope->tenants[t], random);
    if (status != OK)
        plants_free(out);
    return status;
}

void plants_free(struct plants *plants)
{
    for (size_t i = 0; i < plants->count; i++)
        buf_free(&plants->probes[i]);
    mem_free(plants->probes);
    audit_scope_free(&plants->scope);
    *plants = (struct plants){0};
}

/* --- searching --- */

static enum status stands_in(const struct buf *probe, const struct overlap_text *text, bool *out)
{
    struct overlap_text *searched = NULL;
    struct overlap overlap = {0};
    TRY(overlap_text_new(buf_bytes(probe), &searched));
    enum status status = overlap_measure(searched, text, &overlap);
    overlap_text_free(searched);
    *out = overlap.windows > 0;
    return status;
}

static enum status find_all(const struct plants *plants, const struct overlap_text *there,
                            const struct overlap_text *text, struct plants_found *out)
{
    for (size_t i = 0; i < plants->count; i++) {
        bool was_there = false, is_found = false;
        TRY(stands_in(&plants->probes[i], there, &was_there));
        TRY(stands_in(&plants->probes[i], text, &is_found));
        out->there += was_there;
        out->searched += !was_there;
        out->found += !was_there && is_found;
    }
    return OK;
}

enum status plants_find(const struct plants *plants, struct bytes there, struct bytes text, struct plants_found *out)
{
    struct overlap_text *before = NULL, *after = NULL;
    *out = (struct plants_found){0};
    if (text.size == 0)
        return OK;
    enum status status = overlap_text_new(there, &before);
    if (status == OK)
        status = overlap_text_new(text, &after);
    if (status == OK)
        status = find_all(plants, before, after, out);
    overlap_text_free(before);
    overlap_text_free(after);
    return status;
}
