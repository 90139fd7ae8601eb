/* Countries of well-known places. Written for this project from general knowledge. */
#pragma once

#include "base/bytes.h"

/* The country (up to its '|', ':' or line's end) that a country's, region's or city's name or a list of them ("Lyon,
 * France") ends in; NULL if it is not known. */
const char *place_country(struct bytes place);
