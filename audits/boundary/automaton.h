/* Many strings searched in one pass over a text: Aho & Corasick 1975. */
#pragma once

#include "base/bytes.h"

enum automaton_case { AUTOMATON_EXACT, AUTOMATON_FOLDED }; /* folded: ASCII letters of either case are alike */

struct automaton;
MUST_USE enum status automaton_new(enum automaton_case letters, struct automaton **out);
void automaton_free(struct automaton *automaton);
/* Not after automaton_ready. The pattern is not empty; several may have one value. */
MUST_USE enum status automaton_add(struct automaton *automaton, struct bytes pattern, uint32_t value);
MUST_USE enum status automaton_ready(struct automaton *automaton);
/* found[value] = true for every pattern that occurs. */
void automaton_find(const struct automaton *automaton, struct bytes text, bool *found);
