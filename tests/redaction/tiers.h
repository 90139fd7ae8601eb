/* A ready-made policy with the tagger on or off: to test or time the patterns alone, or all tiers. */
#pragma once

#include "base/json.h"
#include "redaction/redaction.h"

static inline enum status tiers_policy(const char *name, bool tagger, struct buf *out)
{
    struct json *ready SCOPED_JSON = NULL, *changed SCOPED_JSON = json_object();
    TRY(json_parse(redact_policy_text(name), 1 << 16, &ready, NULL));
    for (size_t i = 0; i < json_count(ready); i++) {
        const char *key;
        const struct json *value = json_member(ready, i, &key);
        if (strcmp(key, "tagger") != 0)
            json_set(changed, key, json_share(value));
    }
    json_set(changed, "tagger", json_bool(tagger));
    return json_canonical(changed, out);
}

static inline enum status tiers_redactor(const char *name, bool tagger, struct redactor **out)
{
    struct buf policy SCOPED_BUF = {0};
    *out = NULL;
    TRY(tiers_policy(name, tagger, &policy));
    return redactor_new(buf_bytes(&policy), NULL, out, NULL);
}
