/* Words of postal addresses, lower case, '|' between. Street words: USPS Publication 28, and their counterparts in
 * other languages. */
#pragma once

#define STATES                                                                                                         \
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|"  \
    "pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|pr"
/* Before the street's own name. */
#define STREET_FIRST                                                                                                   \
    "rue|avenue|boulevard|place|chemin|allee|impasse|quai|route|cours|via|viale|piazza|corso|largo|vicolo|strada|"     \
    "calle|avenida|paseo|plaza|carrera|camino|ronda|rua|travessa|praca|estrada|alameda|rodovia|ulica|aleja|ul|"        \
    "strasse|str|rambla|carrer|calea|bulevardul|ulitsa|prospekt|jalan|jl|jln|cesta|trg|ter|krt|av|avda|pza|blvd"
/* Those that mean nothing else. */
#define STREET_CERTAIN                                                                                                 \
    "rue|via|viale|piazza|calle|avenida|rua|ulica|ul|chemin|corso|strada|avda|carrer|travessa|praca|estrada|vicolo|"   \
    "ulitsa|calea|paseo"
/* Behind it. */
#define STREET_LAST                                                                                                    \
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|circle|cir|parkway|pkwy|"  \
    "highway|hwy|square|sq|trail|trl|crescent|cres|way|plaza|close|grove|gardens|mews|row|walk|parade|esplanade|"      \
    "alley|"                                                                                                           \
    "rise|hill|broadway|streets|drives|roads|mission|loop|run|pike|turnpike|expressway|freeway|causeway|utca|"         \
    "ut|"                                                                                                              \
    "utja|ter|tere|korut|ulica|cesta|pot|vej|gade|vei|gate|plads|alle|weg|gasse|allee|ring|platz|damm|ufer|straat|"    \
    "laan|"                                                                                                            \
    "plein|kade|gracht|dreef|tie|katu|kuja|polku|nam"
/* The same in lower case; "u" only with its point. */
#define STREET_LOWER                                                                                                   \
    "street|avenue|road|drive|lane|boulevard|utca|utja|u|ut|ter|tere|kapu|korut|krt|sor|fasor|sugarut|setany|koz|"     \
    "rakpart|ulica|straat|gade|gate|vei|veg|vag|vej|katu|gasse|weg|allee|terrasse|plass|plads|straede|str|namesti|"    \
    "nabrezi|trida"
/* Behind it, where the house's number follows, and no English word. */
#define STREET_NUMBERED                                                                                                \
    "strasse|strase|str|gasse|weg|allee|platz|damm|ufer|chaussee|vej|gade|vei|plads|plass|terrasse|straede|utca|utja|" \
    "ut|u|ter|tere|korut|krt|cesta|straat|laan|plein|kade|gracht|katu|kuja|polku|namesti|trida|ulica"
#define UNITS "suite|ste|apt|apartment|unit|room|floor|fl|building|bldg|flat|appt|appartement|wohnung|etage|piso|depto"
#define PARTICLES                                                                                                      \
    "de|la|le|les|du|des|del|della|delle|dei|di|da|do|dos|das|el|los|las|van|von|der|den|dem|am|an|im|in|auf|zum|zur|" \
    "et|y|e|und|of|the|and|aan|het|ten|ter|pod|na|nad|pri|pri"
/* What goes on to a word that belongs to the one before: "Rue de la Paix", "Frankfurt am Main". */
#define JOINTS                                                                                                         \
    "de|la|le|les|du|des|del|della|delle|dei|di|da|do|dos|das|el|los|las|van|von|der|den|dem|am|an|auf|zum|zur|of|"    \
    "the|"                                                                                                             \
    "aan|het|ten|ter|pod|na|nad|pri|sur|sous|en|upon"
/* What programs write where a record has nothing. */
#define MISSING "nan|none|null|n/a"
