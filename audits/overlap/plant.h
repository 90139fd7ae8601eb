/* Plants probes into copies of a scope's own traces: sentences that nobody wrote, at places where prose stands, so that
 * whatever a client sends of a probe it has from the trace. Works on the raw files, whatever their format. */
#pragma once

#include "audits/audit.h"

#define PLANT_WORDS 8
#define PLANT_EVERY 1024 /* bytes of a file: at most one probe in each */

enum plant_words {
    PLANT_UNUSUAL, /* plain words that agents' traces seldom have */
    PLANT_COMMON,  /* words of the public vocabulary, which the rendering of errors knows (insight/words.h) */
    PLANT_TURN,    /* the same around a turn of errors, beside which errors' words are kept (error_cut) */
    PLANT_KINDS
};
struct plants {
    enum plant_words words;
    struct audit_scope scope; /* owned: the tenants' changed files; policy borrowed; no manifest of probes */
    size_t count, room;
    struct buf *probes; /* owned: PLANT_WORDS words each, drawn for itself */
};
/* One probe in every PLANT_EVERY bytes of a file, between two words of prose (lower-case words with a space between, so
 * that JSON stays JSON); every other one right behind an error's report where the part has one. Parts without prose get
 * none. */
MUST_USE enum status plants_make(const struct audit_scope *scope, enum plant_words words, struct random random,
                                 struct plants *out);
void plants_free(struct plants *plants);

struct plants_found {
    size_t there; /* probes that stand in what was shared before they were planted, by chance: not looked for */
    size_t searched, found;
};
/* How many of the probes stand in `text`: four words in a row, at most one exchanged. there: the same of the traces as
 * they were. Where `text` is empty nothing is searched. */
MUST_USE enum status plants_find(const struct plants *plants, struct bytes there, struct bytes text,
                                 struct plants_found *out);
