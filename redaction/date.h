/* Dates, as several recognizers read them. */
#pragma once

#include "redaction/recognizer.h"

/* End of a date at `at`: 1990-04-05, 4/5/1990, 05.04.1990, April 5, 1990, April 1990, 5th of April 1990, 5 de abril de
 * 1990; 0 if none. */
size_t date_end(struct bytes text, size_t at);
