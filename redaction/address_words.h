/* Words of postal addresses, lower case, '|' between. Street words: USPS Publication 28, and their counterparts in
 * other languages. */
#pragma once

#define STATES                                                                                                         \
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|"  \
    "pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|pr"
/* Before the street's own name. */
#define STREET_FIRST                                                                                                   \
    STREET_CERTAIN                                                                                                     \
    "|avenue|boulevard|place|allee|impasse|quai|route|cours|largo|plaza|carrera|camino|ronda|alameda|aleja|strasse|"   \
    "str|"                                                                                                             \
    "rambla|bulevardul|prospekt|jalan|jl|jln|cesta|trg|ter|krt|av|avda|pza|blvd|plac|borgo"
/* Those that mean nothing else. */
#define STREET_CERTAIN                                                                                                 \
    "rue|via|viale|piazza|calle|avenida|rua|ulica|ul|chemin|corso|strada|avda|carrer|travessa|praca|estrada|vicolo|"   \
    "ulitsa|calea|paseo|chaussee|ruelle|sentier|lotissement|faubourg|contrada|localita|piazzale|lungomare|"            \
    "lungotevere|carretera|travesia|urbanizacion|glorieta|callejon|azinhaga|calcada|rodovia|aleje|osiedle|aleea|"      \
    "soseaua|piata|vulytsia|odos|leoforos"
/* Short for one, with its point: Spanish, Portuguese, Polish, Czech, French. */
#define STREET_POINTED "al|os|pl|tr|nabr|av|avda|ctra|crta|pza|bd|bvd|ul|str|urb|prof|trav|lgo"
/* Before it where it begins with a particle or behind the house's number. */
#define STREET_ROMANCE "avenue|boulevard|allee|impasse|quai|cours|place|square|passage|route"
/* Behind it. */
#define STREET_LAST                                                                                                    \
    "street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|circle|cir|parkway|pkwy|"  \
    "highway|hwy|square|sq|trail|trl|crescent|cres|way|plaza|close|grove|gardens|mews|row|walk|parade|esplanade|"      \
    "alley|rise|hill|broadway|streets|drives|roads|mission|loop|run|pike|turnpike|expressway|freeway|causeway|"        \
    "ring|gate|tie|pot|nam|alle|" STREET_NUMBERED
/* The same in lower case; "u" only with its point. */
#define STREET_LOWER                                                                                                   \
    "street|avenue|road|drive|lane|boulevard|utca|utja|u|ut|ter|tere|kapu|korut|krt|sor|fasor|sugarut|setany|koz|"     \
    "rakpart|ulica|straat|gade|gate|vei|veg|vag|vej|katu|gasse|weg|allee|terrasse|plass|plads|straede|str|namesti|"    \
    "nabrezi|trida|trg"
/* Behind it, where the house's number follows, and no English word. */
#define STREET_NUMBERED                                                                                                \
    "strasse|strase|str|gasse|weg|allee|platz|damm|ufer|chaussee|steig|vej|gade|vei|plads|plass|terrasse|straede|"     \
    "torv|"                                                                                                            \
    "gatan|gata|vagen|utca|utja|ut|u|ter|tere|korut|krt|koz|fasor|sugarut|setany|rakpart|dulo|cesta|straat|laan|"      \
    "plein|"                                                                                                           \
    "kade|gracht|singel|katu|kuja|polku|kaari|namesti|trida|nabrezi|ulica|ulice|sokak|sokagi|caddesi|bulvari|iela|"    \
    "gatve|tanav|puiestee|maantee|prospektas|prospekts|bulvaris|ulitsa|prospekt|pereulok|shosse|naberezhnaya|bulvar|"  \
    "provulok"
#define UNITS "suite|ste|apt|apartment|unit|room|floor|fl|building|bldg|flat|appt|appartement|wohnung|etage|piso|depto"
#define PARTICLES                                                                                                      \
    "de|la|le|les|du|des|del|della|delle|dei|di|da|do|dos|das|el|los|las|van|von|der|den|dem|am|an|im|in|auf|zum|zur|" \
    "et|y|e|und|of|the|and|aan|het|ten|ter|pod|na|nad|pri|pri"
/* What goes on to a word that belongs to the one before: "Rue de la Paix", "Frankfurt am Main". */
#define JOINTS                                                                                                         \
    "de|la|le|les|du|des|del|della|delle|dei|di|da|do|dos|das|el|los|las|van|von|der|den|dem|am|an|auf|zum|zur|aan|"   \
    "het|ten|ter|pod|na|nad|pri|sur|sous|en|upon"
/* What programs write where a record has nothing. */
#define MISSING "nan|none|null|n/a"
