/* Patterns of a policy: a part of PCRE's syntax that is linear by construction, read here so that a bad one is refused
 * at its byte, and run backwards from a match's end to find its start (Vectorscan finds ends fast, but its search for
 * starts is slow and, in the version of Debian 12, aborts on some patterns).
 *
 *     a . [a-z] [^a-z] \d \w \s \D \W \S \b \B ^ $ \t \n \r \f \x41 \. ( ) (?: ) | * + ? {2} {2,} {2,5}, (?i) in front
 *
 * A quantifier's lazy form is taken for the quantifier: a match is the longest. Bytes, not characters. */
#pragma once

#include "base/bytes.h"

#define PATTERN_STATES_MAX 512
#define PATTERN_REPEAT_MAX 255
#define PATTERN_DEPTH_MAX 16

struct pattern;
/* ERR_INPUT with what is wrong and the byte (where is the caller's name for it), ERR_MEMORY. */
MUST_USE enum status pattern_new(struct bytes text, const char *where, struct pattern **out, struct why *why);
void pattern_free(struct pattern *pattern);
/* Bytes of the shortest match. */
size_t pattern_least(const struct pattern *pattern);
/* Start of the longest match in [from, end) of text that ends at `end`; SIZE_MAX if there is none. *alive: a longer one
 * might begin before `from`. */
size_t pattern_start(const struct pattern *pattern, struct bytes text, size_t from, size_t end, bool *alive);
