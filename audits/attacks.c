/* The table of attacks. A new attack is a file and a row. */
#include "audits/audit.h"

const struct attack attacks[] = {
    {"probes", "Does any planted personal value or secret appear in any byte sent, stored, logged or published?", "", true,
     attack_probes},
    {"rescan", "Do the detectors find personal data or secrets in the published library?", "", true, attack_rescan},
    {"at-rest", "Can a thief read anything in the server's files?", "", true, attack_at_rest},
    {"isolation", "Can one organisation write or withdraw in another's name?", "", true, attack_isolation},
    {NULL, NULL, NULL, false, NULL},
};
