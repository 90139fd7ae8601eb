/* The ways in which a value hides, each a walk over a text that puts what it makes plain into a view. A walk is linear,
 * whatever the text, and stops when the view is full. */
#pragma once

#include "redaction/view.h"

void escapes_collect(struct bytes text, struct view *view);
/* Runs of base64, base64url and hex that hold text, or text that is compressed. */
void blocks_collect(struct bytes text, struct view *view);
/* Values in parts: over line ends, over joined strings, letter by letter. */
void joints_collect(struct bytes text, struct view *view);
