/* The extractor that an audit's positive controls use: it copies. Every step's text leaves in pieces, each overlapping
 * the next by VERBATIM_SHARED bytes, so that a value of that length or less is whole in one of them. */
#pragma once

#include "insight/extract.h"

#define VERBATIM_SHARED 64

/* Steps and skills only: what was scrubbed. */
struct extractor extractor_verbatim(void);
/* Also the local fields, which are never scrubbed: task, prompt, system prompt. */
struct extractor extractor_verbatim_all(void);
