/* The table of attacks. A new attack is a file and a row. */
#include "audits/audit.h"

const struct attack attacks[] = {
    {"probes", "Does any planted personal value or secret appear in any byte sent, stored, logged or published?", "",
     true, attack_probes},
    {"rescan", "Do the detectors find personal data or secrets in the published library?", "", true, attack_rescan},
    {"at-rest", "Can a thief read anything in the server's files?", "", true, attack_at_rest},
    {"isolation", "Can one organisation write or withdraw in another's name?", "", true, attack_isolation},
    {"overlap", "Do contributions or insights repeat the words of the tasks that they come from?",
     "Federation over Text (arXiv 2604.16778), its privacy checker", true, attack_overlap},
    {"membership", "Does the library tell whether an organisation's task took part?", "", true, attack_membership},
    {NULL, NULL, NULL, false, NULL},
};
