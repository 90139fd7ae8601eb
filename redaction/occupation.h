/* Job titles: up to eight words of which the last is what somebody does for a living. */
#pragma once

#include "redaction/recognizer.h"

/* End of the job title that begins at `at`, on one line; 0 if none does. */
size_t occupation_end(struct bytes text, size_t at);
