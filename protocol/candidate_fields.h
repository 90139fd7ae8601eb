/* Room-internal: the fields that a candidate and a published insight share (kind, outcome, phrases, slots). */
#pragma once

#include "protocol/candidate.h"

void candidate_fields_set(struct json *object, const struct candidate *candidate);
/* Fills out; on failure (fields->status) what was filled is the caller's to free. */
void candidate_fields_take(struct json_fields *fields, struct candidate *out);
