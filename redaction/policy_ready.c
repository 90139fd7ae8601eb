/* The ready-made policies. Hides their texts.
 *
 * A policy is a name and what sets it apart; what it does not name is withheld under a placeholder. */
#include "redaction/redaction.h"

static const struct {
    const char *name, *text;
} ready_made[] = {
    {"default", "{\"version\":1,\"name\":\"default\",\"threshold\":0.6,\"default\":\"placeholder\","
                "\"types\":{\"MISC\":\"keep\",\"QUANTITY\":\"keep\"},\"rules\":{\"date.machine\":\"keep\"}}"},
    {"strict", "{\"version\":1,\"name\":\"strict\",\"threshold\":0.4,\"default\":\"placeholder\"}"},
    /* 45 CFR 164.514(b)(2)(i): A to R go; of dates the year stays, of ages ten years, of places the country, of ZIP
     * codes three digits. Health itself and amounts stay: they are what such texts are kept for. */
    {"hipaa-safe-harbor", "{\"version\":1,\"name\":\"hipaa-safe-harbor\",\"threshold\":0.4,\"default\":\"placeholder\","
                          "\"types\":{\"ADDRESS\":\"generalise\",\"AGE\":\"generalise\",\"DATE\":\"generalise\","
                          "\"DEMOGRAPHIC\":\"keep\",\"PLACE\":\"generalise\",\"QUANTITY\":\"keep\"}}"},
    /* Regulation (EU) 2016/679: whatever relates to a person who can be told (Art. 4(1)), special categories too (Art.
       9). */
    {"gdpr", "{\"version\":1,\"name\":\"gdpr\",\"threshold\":0.5,\"default\":\"placeholder\"}"},
    {"tab", "{\"version\":1,\"name\":\"tab\",\"threshold\":0.12,\"default\":\"placeholder\","
            "\"rules\":{\"demographic.nation\":\"keep\",\"name.unknown\":\"keep\",\"organisation\":\"keep\","
            "\"place.bare\":\"keep\",\"place.listed\":\"keep\",\"quantity.counted\":\"keep\",\"letter\":\"keep\"}}"},
    {"secrets-only", "{\"version\":1,\"name\":\"secrets-only\",\"threshold\":0.6,\"tagger\":false,\"default\":\"keep\","
                     "\"types\":{\"CONNECTION\":\"placeholder\",\"KEY\":\"placeholder\",\"PASSWORD\":\"placeholder\","
                     "\"SEED\":\"placeholder\",\"TOKEN\":\"placeholder\",\"URL_USER\":\"placeholder\"}}"},
    {"off", "{\"version\":1,\"name\":\"off\",\"threshold\":1,\"tagger\":false,\"default\":\"keep\"}"},
};
#define READY_MADE (sizeof ready_made / sizeof ready_made[0])

struct bytes redact_policy_text(const char *name)
{
    for (size_t i = 0; i < READY_MADE; i++)
        if (strcmp(ready_made[i].name, name) == 0)
            return bytes_str(ready_made[i].text);
    return BYTES_NONE;
}

const char *redact_policy_name(size_t index)
{
    return index < READY_MADE ? ready_made[index].name : NULL;
}
