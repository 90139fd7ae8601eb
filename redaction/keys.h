/* Telling keys: members of JSON objects whose value goes whatever it looks like. */
#pragma once

#include "redaction/detect.h"

struct keys; /* the index of all telling keys; immutable, shared by threads */
MUST_USE enum status keys_new(struct keys **out);
void keys_free(struct keys *keys);

/* The row under which a value under `key` goes, or NULL when the key does not tell, or this value is no value
 * ("string", "null", a bare type word of a schema), or it must look like one and does not. */
const struct recognizer *key_row(const struct keys *keys, const struct names *names, struct bytes key,
                                 struct bytes value);
/* Cheaper: whether the key tells at all. */
bool key_tells(const struct keys *keys, struct bytes key);
/* JSON inside text: report the values of telling members in the whole text. */
void members_scan(struct scan *scan);
